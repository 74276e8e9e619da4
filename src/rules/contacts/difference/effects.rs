//! What follows from a list as a whole: who signs again, whose mail waits, who goes, what accounts are called and whose they are.

use std::collections::BTreeMap;

use crate::base::counted::{counted, form};
use crate::base::ids::ContactId;
use crate::rules::signoff::Standing;

use super::value::{Difference, Kept};

/// As many are named in a sentence.
const NAMED: usize = 10;

/// Where an account stands before and after the list.
#[derive(Clone, Debug)]
pub struct AccountAfter {
    pub name: String,
    pub director: String,
    /// The sales director signs too.
    pub second: bool,
    pub before: Standing,
    pub after: Standing,
    /// New with this list.
    pub is_new: bool,
    /// Names that wait for a signature because of the list; of an account that is new with it, all that it has.
    pub people: u64,
    /// Letters to these people that are planned and have not begun to leave.
    pub letters: u64,
}

/// Accounts that somebody else directs.
#[derive(Clone, Debug)]
pub struct DirectorChange {
    pub from: String,
    pub to: String,
    pub accounts: Vec<String>,
    pub contacts: u64,
}

/// What the sentences are made of, beside the difference itself.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub started: bool,
    pub sales_director: String,
    pub accounts: Vec<AccountAfter>,
    /// From, to.
    pub renamed: Vec<(String, String)>,
    pub directors: Vec<DirectorChange>,
    /// What else becomes of accounts: name, and "is strategic now" or the like.
    pub other: Vec<(String, String)>,
    /// Name and account of those whose letters the list has lost.
    pub letters_lost: Vec<String>,
    /// How many people of the list are not written to, for what was said or heard in other rounds.
    pub kept_out: u64,
}

/// The accounts at which names have to be signed because of the list.
pub fn signs_again(accounts: &[AccountAfter]) -> Vec<String> {
    accounts.iter().filter(|a| falls(a)).map(|a| a.name.clone()).collect()
}

impl Facts {
    /// Without the number of letters that are planned: it changes by the hour while a round runs, and nobody decides by it.
    #[must_use]
    pub fn without_letters(&self) -> Facts {
        let mut facts = self.clone();
        facts.accounts.iter_mut().for_each(|account| account.letters = 0);
        facts
    }
}

fn falls(account: &AccountAfter) -> bool {
    !account.is_new && account.people > 0
}

/// In sentences, what has to be done first.
pub fn effects(difference: &Difference, facts: &Facts) -> Vec<String> {
    let mut all = Vec::new();
    signing(&mut all, facts);
    for (from, to) in &facts.renamed {
        all.push(format!("{from} is called {to} from then on."));
    }
    for d in &facts.directors {
        let people = counted(d.contacts, "contact goes", "contacts go");
        all.push(format!("{people} from {} to {}: {}.", d.from, d.to, named(&d.accounts)));
    }
    all.extend(facts.other.iter().map(|(account, what)| format!("{account} {what}.")));
    all.extend(about_rows(difference));
    if !facts.letters_lost.is_empty() {
        let names = counted(facts.letters_lost.len(), "name has", "names have");
        all.push(format!(
            "{names} lost letters on this list, and what was known stays: {}.",
            named(&facts.letters_lost)
        ));
    }
    if facts.kept_out > 0 {
        let people = counted(facts.kept_out, "person on the list gets", "people on the list get");
        all.push(format!("{people} no mail, for what was said or heard in another round."));
    }
    all
}

/// Those of them that say of rows what stands beside each row anyway.
pub fn about_rows(difference: &Difference) -> Vec<String> {
    let mut all = Vec::new();
    let gone: Vec<String> = difference.gone.iter().map(|g| format!("{} at {}", g.name, g.account)).collect();
    if difference.gone.iter().any(|gone| !gone.removed) {
        let people = counted(gone.len(), "person is", "people are");
        let stay = form(gone.len(), "stays as it is", "stay as they are");
        all.push(format!("{people} not on this list and {stay} until somebody takes the name off: {}.", named(&gone)));
    } else if !gone.is_empty() {
        let people = counted(gone.len(), "person is", "people are");
        all.push(format!("{people} taken off, for the list does not have them: {}.", named(&gone)));
    }
    let asked: Vec<String> = difference.asked.iter().map(|a| format!("{} at {}", a.name, a.account)).collect();
    if !asked.is_empty() {
        let rows = counted(asked.len(), "row is", "rows are");
        all.push(format!("{rows} held until somebody has said who it is: {}.", named(&asked)));
    }
    for same in &difference.same_account {
        all.push(format!("It is asked whether {} is the same account as {}.", same.account, same.known));
    }
    let people: BTreeMap<&ContactId, &Kept> = difference.kept.iter().map(|kept| (&kept.contact, kept)).collect();
    let kept: Vec<String> = people.values().map(|k| format!("{} at {}", k.name, k.account)).collect();
    if !kept.is_empty() {
        let people = counted(kept.len(), "person stays", "people stay");
        all.push(format!("{people} as edited here, whatever the list says: {}.", named(&kept)));
    }
    all
}

fn signing(all: &mut Vec<String>, facts: &Facts) {
    let mut directors: BTreeMap<&str, (Vec<String>, u64)> = BTreeMap::new();
    for account in facts.accounts.iter().filter(|a| falls(a) && a.after == Standing::Unsigned) {
        let (accounts, people) = directors.entry(&account.director).or_default();
        accounts.push(account.name.clone());
        *people += account.people;
    }
    for (director, (accounts, people)) in directors {
        all.push(format!("{director} must sign {}: {}.", counted(people, "name", "names"), named(&accounts)));
    }
    let second: Vec<String> = facts.accounts.iter().filter(|a| falls(a) && a.second).map(|a| a.name.clone()).collect();
    if !second.is_empty() {
        all.push(format!("{} must sign as sales director: {}.", facts.sales_director, named(&second)));
    }
    let waiting = || facts.accounts.iter().filter(|a| falls(a));
    let people: u64 = waiting().map(|a| a.people).sum();
    let letters: u64 = waiting().map(|a| a.letters).sum();
    if people > 0 {
        let who = counted(people, "person waits", "people wait");
        let planned = match letters {
            0 => "no letter to them is planned yet".to_owned(),
            n => format!(
                "{} to them {} back",
                counted(n, "planned letter", "planned letters"),
                form(n, "is held", "are held")
            ),
        };
        all.push(format!("Until that is signed, {who}; {planned}."));
    }
    let mut new: BTreeMap<&str, (Vec<String>, u64)> = BTreeMap::new();
    for account in facts.accounts.iter().filter(|a| facts.started && a.is_new && a.people > 0) {
        let (names, people) = new.entry(&account.director).or_default();
        names.push(account.name.clone());
        *people += account.people;
    }
    for (director, (accounts, people)) in new {
        let names = counted(people, "name", "names");
        all.push(format!("{director} is asked to sign {names} of new accounts: {}.", named(&accounts)));
    }
}

/// The first names, and how many more there are.
pub fn named(all: &[String]) -> String {
    let first = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if all.len() > NAMED { format!("{first} and {} more", all.len() - NAMED) } else { first }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::difference::value::Gone;

    fn account(name: &str, before: Standing, after: Standing) -> AccountAfter {
        AccountAfter {
            name: name.into(),
            director: "Dora Fields".into(),
            second: false,
            before,
            after,
            is_new: false,
            people: 2,
            letters: 1,
        }
    }

    #[test]
    fn who_signs_again_is_told_by_where_accounts_stand() {
        let fallen = account("Globex", Standing::Signed, Standing::Unsigned);
        let second = AccountAfter { second: true, ..account("Initech", Standing::Signed, Standing::CounterSign) };
        let facts = Facts {
            started: true,
            sales_director: "Sam Roe".into(),
            accounts: vec![
                fallen,
                second,
                AccountAfter { people: 0, ..account("Umbra", Standing::Unsigned, Standing::Unsigned) },
                AccountAfter { people: 0, ..account("Hooli", Standing::Signed, Standing::Signed) },
            ],
            ..Facts::default()
        };
        assert_eq!(signs_again(&facts.accounts), ["Globex", "Initech"]);
        assert_eq!(
            effects(&Difference::default(), &facts),
            [
                "Dora Fields must sign 2 names: Globex.",
                "Sam Roe must sign as sales director: Initech.",
                "Until that is signed, 4 people wait; 2 planned letters to them are held back.",
            ]
        );
        assert_eq!(effects(&Difference::default(), &Facts::default()), Vec::<String>::new());
    }

    #[test]
    fn who_is_missing_is_taken_off_a_draft_only() {
        let gone = Gone {
            contact: "a".into(),
            name: "Ann Lee".into(),
            account: "Globex".into(),
            email: String::new(),
            removed: true,
        };
        let difference = Difference { gone: vec![gone], ..Difference::default() };
        let draft = effects(&difference, &Facts::default());
        assert_eq!(draft, ["1 person is taken off, for the list does not have them: Ann Lee at Globex."]);
        let gone = difference.gone.into_iter().map(|gone| Gone { removed: false, ..gone }).collect();
        let difference = Difference { gone, ..Difference::default() };
        let started = effects(&difference, &Facts { started: true, ..Facts::default() });
        assert_eq!(
            started,
            ["1 person is not on this list and stays as it is until somebody takes the name off: Ann Lee at Globex."]
        );
        assert_eq!(about_rows(&difference), started, "a page that names each row says it once");
        let facts = Facts { kept_out: 2, ..Facts::default() };
        assert_eq!(effects(&difference, &facts).len(), about_rows(&difference).len() + 1);
    }
}
