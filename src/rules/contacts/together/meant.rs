//! Which contacts the rows of a list mean, by the client's own key and by their addresses.

use std::collections::{HashMap, HashSet};

use crate::base::ids::ContactId;
use crate::rules::contacts::ListedContact;

use super::identity::{Holder, Whose, is_called, whose};

/// Somebody who is or was on the list of the round.
#[derive(Clone, Copy, Debug)]
pub struct Somebody<'a> {
    pub holder: Holder<'a>,
    /// Address as it is compared, now and as lists know it.
    pub email_key: &'a str,
    pub list_key: &'a str,
    pub removed: bool,
}

/// By the keys of the rows' addresses, of which each row has its own.
#[derive(Debug)]
pub struct Meant<'a> {
    pub known: HashMap<String, &'a ContactId>,
    pub conflicts: HashMap<String, Conflict>,
    /// Rows under an address that somebody has had, and has no more.
    pub former: HashMap<String, ContactId>,
}

/// A row whose key, address and name do not agree on one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub ask: ContactId,
    /// Whom the key means, where that is somebody else.
    pub holder: Option<ContactId>,
}

/// What somebody has said about addresses.
#[derive(Debug, Default)]
pub struct SaidOfAddresses {
    /// By address, whose it was.
    pub former: HashMap<String, Vec<ContactId>>,
    /// Who is not meant by the row of which address.
    pub not_he: HashSet<(ContactId, String)>,
}

/// Whom each row means: who has its key; else who has its address now; else the one that was loaded under it, or is said to have had it,
/// where the row agrees that it is he.
pub fn meant<'a>(
    everybody: &[Somebody<'a>],
    rows: &[ListedContact],
    keys: &[String],
    said: &SaidOfAddresses,
) -> Meant<'a> {
    let SaidOfAddresses { former, not_he } = said;
    let (by_address, loaded_as) = by_address(everybody, keys);
    let mut by_key: HashMap<&str, &Somebody<'a>> = HashMap::new();
    for person in everybody.iter().filter(|p| !p.holder.key.is_empty()) {
        let first = by_key.entry(person.holder.key).or_insert(person);
        if (person.removed, person.holder.id) < (first.removed, first.holder.id) {
            *first = person;
        }
    }
    let ids: HashSet<&ContactId> = former.values().flatten().collect();
    let had_it: HashMap<&ContactId, &Somebody<'a>> =
        everybody.iter().filter(|p| ids.contains(p.holder.id)).map(|p| (p.holder.id, p)).collect();
    let holder_of = |row: &ListedContact| by_key.get(row.key.as_str()).copied();
    let has_had = |key: &String, id: &ContactId| former.get(key).is_some_and(|who| who.contains(id));
    // An address that the person is known to have had before changes nothing.
    let is_former = |key: &String, holder: Option<&Somebody<'_>>| {
        let free = !by_address.contains_key(key.as_str());
        free && holder.is_some_and(|holder| has_had(key, holder.holder.id))
    };
    // Whom a row means by its key, no other row means by an address that he has left.
    let keyed: HashSet<&ContactId> = rows
        .iter()
        .zip(keys)
        .filter(|(row, key)| !is_former(key, holder_of(row)))
        .filter_map(|(row, _)| holder_of(row).filter(|h| whose(row, Some(h.holder), None) == Whose::Is(h.holder.id)))
        .map(|holder| holder.holder.id)
        .collect();
    let mut meant =
        Meant { known: HashMap::with_capacity(rows.len()), conflicts: HashMap::new(), former: HashMap::new() };
    for (row, key) in rows.iter().zip(keys) {
        let mut holder = holder_of(row);
        if let Some(person) = holder.filter(|_| is_former(key, holder)) {
            meant.former.insert(key.clone(), person.holder.id.clone());
            continue;
        }
        let has_it = by_address.get(key.as_str()).copied();
        let had_it = former.get(key).into_iter().flatten().filter_map(|id| had_it.get(id).copied());
        let (had_it, others): (Vec<&Somebody<'a>>, Vec<&Somebody<'a>>) = had_it.partition(|person| agrees(row, person));
        let same = had_it.iter().find(|p| holder.is_none_or(|holder| holder.holder.id == p.holder.id));
        let listed = loaded_as.get(key.as_str()).copied().filter(|_| has_it.is_none());
        let (listed, gone) =
            listed.map_or((None, None), |p| if agrees(row, p) { (Some(p), None) } else { (None, Some(p)) });
        let is_not_he = |person: &Somebody<'_>| not_he.contains(&(person.holder.id.clone(), key.clone()));
        let mut at = has_it.or(listed);
        let mut says = whose(row, holder.map(|p| p.holder), at.map(|p| p.holder));
        // What was asked and answered is not asked again: then the row means the other one, or nobody.
        while let Whose::Ask(id) = says
            && not_he.contains(&(id.clone(), key.clone()))
        {
            holder = holder.filter(|holder| holder.holder.id != id);
            at = at.filter(|at| at.holder.id != id);
            says = whose(row, holder.map(|p| p.holder), at.map(|p| p.holder));
        }
        match says {
            Whose::Nobody if same.is_some() => {
                meant.former.extend(same.map(|person| (key.clone(), person.holder.id.clone())));
            }
            // Who has an address that somebody had before may be somebody else by now.
            Whose::Nobody => {
                let unsaid = gone.into_iter().chain(others).filter(|person| !is_not_he(person));
                let ask = unsaid.map(|person| Conflict { ask: person.holder.id.clone(), holder: None });
                meant.conflicts.extend(ask.take(1).map(|conflict| (key.clone(), conflict)));
            }
            // That both addresses are his was asked, and answered.
            Whose::Is(id) if holder.is_none() && keyed.contains(id) && has_had(key, id) => {
                meant.former.insert(key.clone(), id.clone());
            }
            Whose::Is(id) if holder.is_none() && keyed.contains(id) => {
                meant.conflicts.insert(key.clone(), Conflict { ask: id.clone(), holder: None });
            }
            Whose::Is(id) => {
                meant.known.insert(key.clone(), id);
            }
            Whose::Ask(id) => {
                let holder = holder.map(|holder| holder.holder.id.clone()).filter(|holder| holder != id);
                meant.conflicts.insert(key.clone(), Conflict { ask: id.clone(), holder });
            }
        }
    }
    meant
}

fn agrees(row: &ListedContact, person: &Somebody<'_>) -> bool {
    !row.key.is_empty() && row.key == person.holder.key || is_called(row, person.holder)
}

type ByAddress<'p, 'a> = HashMap<&'a str, &'p Somebody<'a>>;

/// Who has these addresses now, and whom lists know under them.
fn by_address<'p, 'a>(everybody: &'p [Somebody<'a>], keys: &[String]) -> (ByAddress<'p, 'a>, ByAddress<'p, 'a>) {
    let asked: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let mut has_it: ByAddress<'_, '_> = HashMap::with_capacity(keys.len());
    has_it.extend(everybody.iter().filter(|p| asked.contains(p.email_key)).map(|p| (p.email_key, p)));
    let mut loaded_as: ByAddress<'_, '_> = HashMap::new();
    let elsewhere = |p: &&Somebody<'_>| p.list_key != p.email_key && asked.contains(p.list_key);
    for person in everybody.iter().filter(elsewhere) {
        let first = loaded_as.entry(person.list_key).or_insert(person);
        if person.holder.id < first.holder.id {
            *first = person;
        }
    }
    (has_it, loaded_as)
}

#[cfg(test)]
#[path = "meant_tests.rs"]
mod tests;
