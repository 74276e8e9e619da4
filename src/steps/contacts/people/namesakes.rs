//! Which rows of a list are about people whom we know under another address, in this round or from an earlier one: they are held and asked
//! about.

use std::collections::{HashMap, HashSet};

use crate::base::address::{EmailAddress, key_of};
use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, QuestionId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::identity::{Namesake, is_same_name, meant, name_key};
use crate::rules::contacts::together::meant::Conflict;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::contacts::identity::{self, Answered, Lasting, NewQuestion, Question};
use crate::store::contacts::listing::{Known, Listed};

use super::told::Told;
use crate::steps::contacts::accounts::aliases::Aliases;
use crate::steps::contacts::accounts::owners::Owners;
use crate::steps::contacts::load::changes::{Changes, HeldRow};
use crate::steps::contacts::load::rows::Fate;
use crate::steps::contacts::objections;

/// Somebody of the round, or of the list.
struct Name {
    id: ContactId,
    account_id: AccountId,
    email: EmailAddress,
    job_title: String,
    country: String,
    removed_at: Option<Ts>,
}

/// A name at an account, as both are compared.
type Whom = (String, String);

struct KnownNames<'r> {
    names: Vec<Name>,
    by_id: HashMap<ContactId, usize>,
    at: HashMap<Whom, Vec<usize>>,
    /// Of accounts that the list does not name any more, by name alone: an account may have been renamed together with its domain.
    gone: HashMap<String, Vec<usize>>,
    /// Accounts that had people before this list.
    peopled: HashSet<AccountId>,
    /// What an earlier load has asked and nobody has answered, by the new address: the name that the row had then, and the question.
    open: HashMap<String, (String, Question)>,
    listed: HashSet<ContactId>,
    /// By the new address: whom somebody has called somebody else.
    others: HashMap<String, Vec<Answered>>,
    /// The same pairs, to be looked up.
    two_people: HashSet<(ContactId, String)>,
    lasting: HashMap<Whom, Vec<Lasting>>,
    /// The same by the client's key of the person.
    lasting_by_key: HashMap<String, Vec<Lasting>>,
    /// Rows of whose own address something lasts.
    objected: HashSet<String>,
    owners: &'r Owners,
    aliases: &'r Aliases,
}

/// Whom rows mean, by the keys of their addresses.
#[derive(Clone, Copy)]
pub(in crate::contacts) struct Who<'a> {
    pub known: &'a HashMap<String, Known>,
    pub former: &'a HashMap<String, ContactId>,
    pub conflicts: &'a HashMap<String, Conflict>,
    /// Which names of accounts are one.
    pub aliases: &'a Aliases,
}

/// What was decided about the rows.
#[derive(Default)]
pub(in crate::contacts) struct Sorted {
    pub fates: Vec<Fate>,
    pub questions: Vec<NewQuestion>,
    pub carried: Vec<(ContactId, EmailAddress, Lasting)>,
}

/// Decides about every row in the order of the list, and writes down what is asked.
pub(in crate::contacts) async fn sort(
    ctx: &Ctx,
    tx: &mut Tx,
    (round, left): (&RoundId, &HashMap<String, ContactId>),
    rows: &[ListedContact],
    Who { known, former, conflicts, aliases }: Who<'_>,
    (owners, names): (&Owners, &[Listed]),
    changes: &mut Changes,
) -> Result<Sorted> {
    let now = ctx.clock.now();
    let (mut fates, mut questions, mut carried) = (Vec::with_capacity(rows.len()), Vec::new(), Vec::new());
    let mut index: Option<KnownNames<'_>> = None;
    let mut told: Option<Told<'_>> = None;
    for (row, account) in rows.iter().zip(&owners.of_row) {
        let new_key = row.email.key();
        if let Some(known) = known.get(&new_key) {
            fates.push(Fate::Known(known.clone()));
            continue;
        }
        if let Some(contact) = former.get(&new_key).filter(|_| !conflicts.contains_key(&new_key)) {
            fates.push(Fate::Former(contact.clone()));
            continue;
        }
        // Most lists that come again have nobody new.
        if index.is_none() {
            index = Some(open(tx, round, rows, known, (owners, aliases), names).await?);
        }
        let Some(index) = index.as_mut() else { continue };
        let told = told.get_or_insert_with(|| Told::of(names, rows, known));
        let conflict = conflicts.get(&new_key);
        let whom = (owners.key(account).to_string(), name_key(&row.first_name, &row.last_name));
        let (named, others) = index.by_key(row, &new_key);
        let asks = match (conflict, others.first()) {
            (Some(conflict), _) => index.asks_by_key(row, &conflict.ask, told),
            // The client's key says who it is.
            (None, _) if !named.is_empty() => None,
            (None, Some(fact)) => Some(KnownNames::asks_about(row, fact)),
            (None, None) => index.asks(row, account, &whom, &new_key),
        };
        let Some((contact, why, asked)) = asks else {
            // Whom a load that did not end has put down keeps the id, and with it the links.
            let id = left.get(&new_key).cloned().unwrap_or_else(|| ctx.ids.id(now));
            index.add(&id, account, row, whom);
            carried.extend(named.into_iter().map(|fact| (id.clone(), row.email.clone(), fact)));
            fates.push(Fate::New(id));
            continue;
        };
        let listed = serde_json::to_string(row)
            .map_err(|e| Problem::internal("A row of the list could not be written down.").because(e))?;
        let id = ctx.ids.id(now);
        let old_key = key_of(&asked.known_as);
        let not_he = |holder: &ContactId| index.two_people.contains(&(holder.clone(), new_key.clone()));
        let earlier = !index.by_id.contains_key(&contact);
        let [same, other] = told.does(row, &contact, conflict, not_he, earlier);
        changes.asked.push(HeldRow { account: owners.name(account).into(), same, other, ..asked });
        questions.push(NewQuestion {
            id,
            round_id: round.clone(),
            account_id: account.clone(),
            contact_id: contact,
            why,
            old_key,
            new_key,
            listed,
            asked_at: now,
            keyed: conflict.is_some(),
        });
        fates.push(Fate::Held);
    }
    Ok(Sorted { fates, questions, carried })
}

async fn open<'r>(
    tx: &mut Tx,
    round: &RoundId,
    rows: &[ListedContact],
    known: &HashMap<String, Known>,
    (owners, aliases): (&'r Owners, &'r Aliases),
    names: &[Listed],
) -> Result<KnownNames<'r>> {
    let mut others: HashMap<String, Vec<Answered>> = HashMap::new();
    let mut two_people = HashSet::new();
    for other in identity::others(tx, round).await? {
        two_people.insert((other.contact_id.clone(), other.new_key.clone()));
        others.entry(other.new_key.clone()).or_default().push(other);
    }
    let mut lasting: HashMap<Whom, Vec<Lasting>> = HashMap::new();
    let mut lasting_by_key: HashMap<String, Vec<Lasting>> = HashMap::new();
    for fact in identity::lasting(tx, round).await? {
        if !fact.client_key.is_empty() {
            lasting_by_key.entry(fact.client_key.clone()).or_default().push(fact.clone());
        }
        let (account, name) = (key(&fact.account), name_key(&fact.first_name, &fact.last_name));
        for account in aliases.names(&account) {
            lasting.entry((account.to_owned(), name.clone())).or_default().push(fact.clone());
        }
    }
    // On the list by whatever address the list knows them.
    let listed = rows.iter().filter_map(|row| known.get(&row.email.key())).map(|known| known.id.clone()).collect();
    let open = identity::open(tx, round).await?.into_iter().filter(|q| !q.keyed.0);
    let open = open.filter_map(|q| Some((q.new_key.clone(), (name_then(&q)?, q)))).collect();
    let peopled = names.iter().filter(|n| n.removed_at.is_none()).map(|name| name.account_id.clone()).collect();
    let mut index = KnownNames {
        names: Vec::with_capacity(names.len()),
        by_id: HashMap::with_capacity(names.len()),
        at: HashMap::new(),
        gone: HashMap::new(),
        peopled,
        open,
        listed,
        others,
        two_people,
        lasting,
        lasting_by_key,
        objected: objections::known_of(tx, round, rows).await?.into_keys().collect(),
        owners,
        aliases,
    };
    for name in names {
        let whom = (owners.key(&name.account_id).to_string(), name_key(&name.first_name, &name.last_name));
        let known = Name {
            id: name.id.clone(),
            account_id: name.account_id.clone(),
            email: name.email.clone(),
            job_title: name.job_title.clone(),
            country: name.country.clone(),
            removed_at: name.removed_at,
        };
        index.push(known, whom);
    }
    Ok(index)
}

impl KnownNames<'_> {
    fn push(&mut self, name: Name, whom: Whom) {
        let at = self.names.len();
        if !self.owners.is_listed(&name.account_id) {
            self.gone.entry(whom.1.clone()).or_default().push(at);
        }
        let (account, person) = whom;
        for account in self.aliases.names(&account) {
            self.at.entry((account.to_owned(), person.clone())).or_default().push(at);
        }
        self.by_id.insert(name.id.clone(), at);
        self.names.push(name);
    }

    /// Somebody whom this list adds.
    fn add(&mut self, id: &ContactId, account: &AccountId, row: &ListedContact, whom: Whom) {
        self.listed.insert(id.clone());
        let name = Name {
            id: id.clone(),
            account_id: account.clone(),
            email: row.email.clone(),
            job_title: row.job_title.clone(),
            country: row.country.clone(),
            removed_at: None,
        };
        self.push(name, whom);
    }

    /// People of earlier rounds with the key of the row, about whom something lasts that its address does not tell: those of its name, each
    /// address once, and others.
    fn by_key(&self, row: &ListedContact, new_key: &str) -> (Vec<Lasting>, Vec<&Lasting>) {
        let facts = self.lasting_by_key.get(&row.key).filter(|_| !self.objected.contains(new_key));
        let said = self.said_of(new_key);
        let facts = facts.into_iter().flatten().filter(|fact| !is_somebody_else(fact, said));
        let (mut named, others): (Vec<&Lasting>, Vec<&Lasting>) =
            facts.partition(|fact| KnownNames::is_named(fact, row));
        let mut people = HashSet::new();
        named.retain(|fact| people.insert(fact.contact_id.clone()));
        (named.into_iter().cloned().collect(), others)
    }

    fn said_of(&self, new_key: &str) -> &[Answered] {
        self.others.get(new_key).map(Vec::as_slice).unwrap_or_default()
    }

    fn is_named(fact: &Lasting, row: &ListedContact) -> bool {
        is_same_name((&fact.first_name, &fact.last_name), (&row.first_name, &row.last_name))
    }

    fn asks_about(row: &ListedContact, fact: &Lasting) -> (ContactId, &'static str, HeldRow) {
        let why = reason(&fact.what);
        (fact.contact_id.clone(), why, held(row, fact.email.to_string(), &fact.account, why))
    }

    /// About a row whose key, address and name do not agree.
    fn asks_by_key(
        &self,
        row: &ListedContact,
        whom: &ContactId,
        told: &Told<'_>,
    ) -> Option<(ContactId, &'static str, HeldRow)> {
        let name = self.by_id.get(whom).and_then(|at| self.names.get(*at))?;
        let known_at = self.owners.name(&name.account_id);
        // Where another row gives him another address, he is known under that one when it is asked.
        let known_as = told.address(whom).unwrap_or(&name.email).to_string();
        Some((whom.clone(), "known", held(row, known_as, known_at, "key")))
    }

    /// Whom the row may be, why that is asked, and what the result of the load says about it.
    fn asks(
        &self,
        row: &ListedContact,
        account: &AccountId,
        whom: &Whom,
        new_key: &str,
    ) -> Option<(ContactId, &'static str, HeldRow)> {
        let asked = |known_as: String, known_at: &str, why: &str| held(row, known_as, known_at, why);
        // Another name under the same address may be another person: that is asked anew.
        if let Some((_, q)) = self.open.get(new_key).filter(|(named, _)| *named == whom.1) {
            let why = reason(&q.why);
            return Some((q.contact_id.clone(), why, asked(q.known_email.to_string(), &q.known_account, why)));
        }
        let mut places: Vec<usize> = self.at.get(whom).cloned().unwrap_or_default();
        // An account that is new with this list may be an old one under a new name.
        if !self.peopled.contains(account) {
            places.extend(self.gone.get(&whom.1).into_iter().flatten());
        }
        let namesakes: Vec<Namesake<'_>> = places
            .iter()
            .filter_map(|at| self.names.get(*at))
            .map(|n| Namesake {
                id: &n.id,
                on_the_list: self.listed.contains(&n.id),
                removed: n.removed_at.is_some(),
                job_title: &n.job_title,
                country: &n.country,
                somebody_else: self.two_people.contains(&(n.id.clone(), new_key.to_string())),
            })
            .collect();
        if let Some(found) = meant(row, &namesakes) {
            let name = self.by_id.get(found.id).and_then(|at| self.names.get(*at))?;
            let why = if found.on_the_list { "twice" } else { "known" };
            let known_at = self.owners.name(&name.account_id);
            return Some((name.id.clone(), why, asked(name.email.to_string(), known_at, why)));
        }
        let facts = self.lasting.get(whom)?;
        // What is known of the address itself needs no question.
        if self.objected.contains(new_key) {
            return None;
        }
        let fact = lasting_fact(facts, self.said_of(new_key))?;
        Some(KnownNames::asks_about(row, fact))
    }
}

/// The name that the row of a question had, as names are compared.
fn name_then(question: &Question) -> Option<String> {
    let row: ListedContact = serde_json::from_str(&question.listed).ok()?;
    Some(name_key(&row.first_name, &row.last_name))
}

fn held(row: &ListedContact, known_as: String, known_at: &str, why: &str) -> HeldRow {
    HeldRow {
        id: QuestionId::from(""),
        row: row.line,
        name: format!("{} {}", row.first_name, row.last_name).trim().into(),
        account: String::new(),
        email: row.email.to_string(),
        known_as,
        known_at: known_at.into(),
        why: why.into(),
        same: String::new(),
        other: String::new(),
    }
}

/// Why something is asked, as it is stored.
pub(in crate::contacts) fn reason(why: &str) -> &'static str {
    ["known", "twice", "complained", "left"].into_iter().find(|known| *known == why).unwrap_or("opted_out")
}

/// Somebody of an earlier round whom the row may be. Who is known to be somebody else is so in every round, under the same address.
/// `said`: of this address.
pub(in crate::contacts) fn lasting_fact<'f>(facts: &'f [Lasting], said: &[Answered]) -> Option<&'f Lasting> {
    facts.iter().find(|fact| !is_somebody_else(fact, said))
}

fn is_somebody_else(fact: &Lasting, said: &[Answered]) -> bool {
    let fact_key = fact.email.key();
    said.iter().any(|other| other.contact_id == fact.contact_id || other.old_key == fact_key)
}
