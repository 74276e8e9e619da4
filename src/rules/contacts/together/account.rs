//! What only the rows of one account together can tell: whose domain is foreign, who directs it, whether it is strategic.
//!
//! A round asks one director per account for one signature, so that the rows of an account are made to agree here and
//! every row that did not is named.

use std::collections::HashMap;
use std::hash::Hash;

use crate::base::spelling::compared;

use crate::rules::contacts::row::cells::folded;
use crate::rules::contacts::row::mailbox::{is_private, organisation};

/// Legal forms in letters; whoever writes them with full stops means the same.
const LEGAL_FORMS: &str = " ab ag as asa aps bv bvba co corp cv doo dd eg eingen ev gbr gmbh inc kft kg kgaa kk limited llc llp lp ltd ltda mbh nv oo oy oyj plc pt pte pty sa sab sarl sas \
    sca scs se sl slu snc sp spa spol srl sro ug zoo zrt ";

/// Name of an account as rows are grouped by it: whatever differs in spelling only is one account.
pub fn key(account: &str) -> String {
    let mut key = String::with_capacity(account.len());
    for (at, word) in compared(account).split(' ').enumerate() {
        let bare = word.replace('.', "");
        let form = at > 0 && bare.len() < word.len() && LEGAL_FORMS.contains(&format!(" {bare} "));
        key.extend((at > 0).then_some(' '));
        key.push_str(if form { &bare } else { word });
    }
    key
}

/// Words of an account's name that say what it is in law, beside [`LEGAL_FORMS`].
const LEGAL_WORDS: &str = " & + and und et y i z o oo company compagnie cie corporation incorporated limited aktiengesellschaft gesellschaft holding group gruppe groupe sons ";

/// Legal forms that are written without a space.
const JOINED: [&str; 6] = ["株式会社", "有限会社", "股份有限公司", "有限责任公司", "有限公司", "주식회사"];

/// The name without what it is in law: accounts of one stem may be the same, and may be two companies. Whoever has the list is asked.
pub fn stem(account: &str) -> String {
    let mut name = compared(account);
    for form in JOINED {
        name = name.replace(form, " ");
    }
    let words: Vec<String> = name
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '/'))
        .map(|word| folded(&word.replace('.', "")))
        .filter(|word| !word.is_empty())
        .collect();
    let in_law = |word: &String| {
        let word = format!(" {word} ");
        LEGAL_FORMS.contains(&word) || LEGAL_WORDS.contains(&word)
    };
    // "The" and a legal form may stand before the name, too.
    let mut words = words.as_slice();
    while let Some((_, rest)) = words.split_last().filter(|(last, rest)| !rest.is_empty() && in_law(last)) {
        words = rest;
    }
    if let Some((first, rest)) = words.split_first()
        && !rest.is_empty()
        && (first == "the" || matches!(first.as_str(), "pt" | "ooo" | "oao" | "zao" | "as" | "cv" | "ud"))
    {
        words = rest;
    }
    words.join(" ")
}

/// The domains seen at each account, from every row whose address can be read.
#[derive(Debug, Default)]
pub struct Domains {
    /// By account: organisation, with how many rows.
    by_account: Vec<HashMap<String, usize>>,
    /// At which accounts an organisation is found.
    accounts_of: HashMap<String, Vec<usize>>,
    /// At which accounts an organisation stands beside the one that is at home there.
    outsider_at: HashMap<String, Vec<usize>>,
    /// By account, once settled.
    homes: Vec<Option<String>>,
}

impl Domains {
    pub fn add(&mut self, account: usize, domain: &str) {
        if is_private(domain) {
            return;
        }
        if self.by_account.len() <= account {
            self.by_account.resize_with(account + 1, HashMap::new);
        }
        let organisation = organisation(domain);
        if let Some(count) = self.by_account[account].get_mut(organisation) {
            *count += 1;
        } else {
            self.by_account[account].insert(organisation.to_owned(), 1);
            self.accounts_of.entry(organisation.to_owned()).or_default().push(account);
        }
    }

    /// To be called when all rows are in: learns who is an outsider where. `names` are those of the accounts.
    pub fn settle(&mut self, names: &[String]) {
        for (account, name) in names.iter().enumerate() {
            let Some(home) = self.home(account, name).cloned() else { continue };
            let Some(seen) = self.by_account.get(account) else { continue };
            for other in seen.keys().filter(|o| **o != home && !resembles(o, name)) {
                self.outsider_at.entry(other.clone()).or_default().push(account);
            }
        }
        self.homes = names.iter().enumerate().map(|(account, name)| self.home(account, name).cloned()).collect();
    }

    /// The organisation of most rows, unless it is an outsider at other accounts; else the only one that the name suggests.
    fn home(&self, account: usize, name: &str) -> Option<&String> {
        let seen = self.by_account.get(account)?;
        let total: usize = seen.values().sum();
        let majority = seen.iter().find(|(_, n)| **n >= 2 && **n * 2 > total).map(|(o, _)| o);
        if let Some(home) = majority.filter(|o| !self.outsider_elsewhere(o, account) || resembles(o, name)) {
            return Some(home);
        }
        let mut alike = seen.keys().filter(|o| resembles(o, name));
        alike.next().filter(|_| alike.next().is_none())
    }

    fn outsider_elsewhere(&self, organisation: &str, account: usize) -> bool {
        self.outsider_at.get(organisation).is_some_and(|at| at.iter().any(|a| *a != account))
    }

    /// Why an address of this domain looks foreign at the account: `Some(home)` names the account's own organisation, empty
    /// when only the other accounts tell.
    pub fn foreign(&self, account: usize, name: &str, domain: &str) -> Option<String> {
        let own = organisation(domain);
        if is_private(domain) {
            return None;
        }
        match self.homes.get(account)?.as_deref() {
            Some(home) if home == own => None,
            Some(home) => Some(home.to_owned()),
            None if resembles(own, name) => None,
            None => {
                let shared = self.accounts_of.get(own).is_some_and(|at| at.len() >= 2);
                (shared || self.outsider_elsewhere(own, account)).then(String::new)
            }
        }
    }
}

/// Whether a domain could have been made from the name of the account.
fn resembles(organisation: &str, account: &str) -> bool {
    let own = folded(organisation);
    let own = own.trim_end_matches(|c: char| c.is_ascii_digit());
    if own.is_empty() {
        return false;
    }
    let words: Vec<String> =
        account.split(|c: char| !c.is_alphanumeric()).map(folded).filter(|w| !w.is_empty()).collect();
    let whole = words.concat();
    let initials: String = words.iter().filter_map(|w| w.chars().next()).collect();
    whole.starts_with(own)
        || own.starts_with(&whole) && !whole.is_empty()
        || words.iter().any(|w| w.chars().count() >= 4 && own.contains(w.as_str()))
        || own.len() >= 2 && initials.starts_with(own)
}

/// The value that most rows of an account have; the earliest of equals.
pub fn prevailing<T: Eq + Hash>(values: &[T]) -> Option<&T> {
    let mut counts: HashMap<&T, usize> = HashMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    values.iter().find(|v| counts.get(v) == Some(&most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_are_no_part_of_the_stem() {
        for (a, b) in [
            ("Acme Ltd", "Acme Limited"),
            ("ACME LTD.", "Acme"),
            ("Acme GmbH & Co. KG", "Acme GmbH"),
            ("Acme, Inc.", "ACME Incorporated"),
            ("Müller AG", "Mu\u{308}ller Aktiengesellschaft"),
            ("Sodexo S.A.", "Sodexo SAS"),
            ("Orlen Sp. z o.o.", "Orlen SA"),
            ("PT Astra International", "Astra International"),
            ("The Boots Company plc", "Boots Limited"),
            ("株式会社山田", "山田"),
            ("Banco Azul, S.A.B. de C.V.", "Banco Azul SAB de CV"),
        ] {
            assert_eq!(stem(a), stem(b), "{a} {b}");
        }
        for (a, b) in [
            ("Acme Ltd", "Acme Services Ltd"),
            ("Acme North GmbH", "Acme South GmbH"),
            ("AG", "SE"),
            ("Limited Brands", "Brands"),
            ("小明有限公司", "小红有限公司"),
        ] {
            assert_ne!(stem(a), stem(b), "{a} {b}");
        }
    }

    #[test]
    fn the_majority_names_the_home() {
        let mut domains = Domains::default();
        for domain in ["acme.com", "acme.com", "eu.acme.co.uk", "other.example", "gmail.com"] {
            domains.add(0, domain);
        }
        domains.settle(&["Anything".into()]);
        assert_eq!(domains.foreign(0, "Anything", "other.example"), Some("acme".into()));
        assert_eq!(domains.foreign(0, "Anything", "acme.de"), None);
        assert_eq!(domains.foreign(0, "Anything", "gmail.com"), None);
    }

    #[test]
    fn without_majority_the_name_and_the_neighbours_tell() {
        let mut domains = Domains::default();
        for (account, domain) in
            [(0, "moorepowell.example"), (0, "other.example"), (1, "other.example"), (2, "ibm.com")]
        {
            domains.add(account, domain);
        }
        domains.settle(&["Moore-Powell".into(), "東京電機".into(), "Big Blue".into()]);
        assert_eq!(domains.foreign(0, "Moore-Powell", "other.example"), Some("moorepowell".into()));
        assert_eq!(domains.foreign(0, "Moore-Powell", "moorepowell.example"), None);
        assert_eq!(domains.foreign(1, "東京電機", "other.example"), Some(String::new()));
        assert_eq!(domains.foreign(2, "Big Blue", "ibm.com"), None);
    }

    #[test]
    fn an_outsider_elsewhere_is_not_at_home_by_numbers_alone() {
        let mut domains = Domains::default();
        for (account, domain) in [
            (0, "acme.com"),
            (0, "acme.com"),
            (0, "other.example"),
            (1, "other.example"),
            (1, "other.example"),
            (1, "kaisha.example"),
            (2, "fb.com"),
            (2, "fb.com"),
            (3, "fb.com"),
            (3, "fb.com"),
        ] {
            domains.add(account, domain);
        }
        let names = ["Acme", "東京電機", "Gram", "Chat"].map(String::from);
        domains.settle(&names);
        assert_eq!(domains.foreign(1, &names[1], "other.example"), Some(String::new()));
        assert_eq!(domains.foreign(1, &names[1], "kaisha.example"), None);
        assert_eq!(domains.foreign(2, &names[2], "fb.com"), None);
    }

    #[test]
    fn one_value_for_an_account() {
        assert_eq!(prevailing(&["b", "a", "a"]), Some(&"a"));
        assert_eq!(prevailing(&["b", "a"]), Some(&"b"));
        assert_eq!(key(" ACME  Ltd"), key("Acme Ltd "));
    }

    #[test]
    fn one_account_in_many_spellings() {
        for (a, b) in [
            ("Müller AG", "Mu\u{308}ller AG"),
            ("Müller AG", "Müller\u{a0}AG"),
            ("Müller AG", "Müller\u{200b} AG"),
            ("Müller AG", "MÜLLER AG."),
            ("Acme Co. Ltd.", "Acme Co Ltd"),
            ("Żywiec Łódź S.A.", "Żywiec Łódź SA"),
            ("Novák s.r.o.", "Novák sro"),
            ("Ｔｏｙｏ\u{3000}ＫＫ", "Toyo K.K."),
            ("Société Générale", "Socie\u{301}te\u{301} Ge\u{301}ne\u{301}rale"),
        ] {
            assert_eq!(key(a), key(b), "{a} {b}");
        }
        for (a, b) in [
            ("Müller AG", "Muller AG"),
            ("Müller AG", "Müller GmbH"),
            ("Bol.com", "Bolcom"),
            ("A.B. Foods", "AB Foods"),
        ] {
            assert_ne!(key(a), key(b), "{a} {b}");
        }
    }
}
