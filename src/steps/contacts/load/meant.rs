//! Which contacts the rows of a list mean, by the client's own key and by their addresses.

use std::collections::{HashMap, HashSet};

use crate::base::ids::ContactId;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::identity::{Holder, Whose, is_same_name, whose};
use crate::store::contacts::listing::{Known, Listed};

/// By the keys of the rows' addresses, of which each row has its own.
pub(in crate::contacts) struct Meant {
    pub known: HashMap<String, Known>,
    pub conflicts: HashMap<String, Conflict>,
    /// Rows under an address that somebody has had, and has no more.
    pub former: HashMap<String, ContactId>,
}

/// A row whose key, address and name do not agree on one person.
#[derive(Clone, Debug)]
pub(in crate::contacts) struct Conflict {
    pub ask: ContactId,
    /// Whom the key means, where that is somebody else.
    pub holder: Option<ContactId>,
}

/// Whom each row means: who has its key; else who has its address now; else the one that was loaded under it, or is said to have had it,
/// where the row agrees that it is he. `former`: by address, whose it was; `not_he`: who is not meant by the row of which address, as somebody
/// has said.
pub(in crate::contacts) fn meant(
    everybody: &[Listed],
    rows: &[ListedContact],
    keys: &[String],
    former: &HashMap<String, Vec<ContactId>>,
    not_he: &HashSet<(ContactId, String)>,
) -> Meant {
    let (by_address, loaded_as) = by_address(everybody, keys);
    let mut by_key: HashMap<&str, &Listed> = HashMap::new();
    for person in everybody.iter().filter(|p| !p.client_key.is_empty()) {
        let first = by_key.entry(&person.client_key).or_insert(person);
        if (person.removed_at.is_some(), &person.id) < (first.removed_at.is_some(), &first.id) {
            *first = person;
        }
    }
    let ids: HashSet<&ContactId> = former.values().flatten().collect();
    let had_it: HashMap<&ContactId, &Listed> =
        everybody.iter().filter(|p| ids.contains(&p.id)).map(|p| (&p.id, p)).collect();
    let holder_of = |row: &ListedContact| by_key.get(row.key.as_str()).copied();
    let has_had = |key: &String, id: &ContactId| former.get(key).is_some_and(|who| who.contains(id));
    // An address that the person is known to have had before changes nothing.
    let is_former = |key: &String, holder: Option<&Listed>| {
        let free = !by_address.contains_key(key.as_str());
        free && holder.is_some_and(|holder| has_had(key, &holder.id))
    };
    // Whom a row means by its key, no other row means by an address that he has left.
    let keyed: HashSet<&ContactId> = rows
        .iter()
        .zip(keys)
        .filter(|(row, key)| !is_former(key, holder_of(row)))
        .filter_map(|(row, _)| holder_of(row).filter(|h| whose(row, Some(as_holder(h)), None) == Whose::Is(&h.id)))
        .map(|holder| &holder.id)
        .collect();
    let mut meant =
        Meant { known: HashMap::with_capacity(rows.len()), conflicts: HashMap::new(), former: HashMap::new() };
    for (row, key) in rows.iter().zip(keys) {
        let mut holder = holder_of(row);
        if let Some(person) = holder.filter(|_| is_former(key, holder)) {
            meant.former.insert(key.clone(), person.id.clone());
            continue;
        }
        let has_it = by_address.get(key.as_str()).copied();
        let had_it = former.get(key).into_iter().flatten().filter_map(|id| had_it.get(id).copied());
        let (had_it, others): (Vec<&Listed>, Vec<&Listed>) = had_it.partition(|person| agrees(row, person));
        let same = had_it.iter().find(|p| holder.is_none_or(|holder| holder.id == p.id));
        let listed = loaded_as.get(key.as_str()).copied().filter(|_| has_it.is_none());
        let (listed, gone) =
            listed.map_or((None, None), |p| if agrees(row, p) { (Some(p), None) } else { (None, Some(p)) });
        let is_not_he = |person: &Listed| not_he.contains(&(person.id.clone(), key.clone()));
        let mut at = has_it.or(listed);
        let mut says = whose(row, holder.map(as_holder), at.map(as_holder));
        // What was asked and answered is not asked again: then the row means the other one, or nobody.
        while let Whose::Ask(id) = says
            && not_he.contains(&(id.clone(), key.clone()))
        {
            holder = holder.filter(|holder| holder.id != *id);
            at = at.filter(|at| at.id != *id);
            says = whose(row, holder.map(as_holder), at.map(as_holder));
        }
        match says {
            Whose::Nobody if same.is_some() => {
                meant.former.extend(same.map(|person| (key.clone(), person.id.clone())));
            }
            // Who has an address that somebody had before may be somebody else by now.
            Whose::Nobody => {
                let unsaid = gone.into_iter().chain(others).filter(|person| !is_not_he(person));
                let ask = unsaid.map(|person| Conflict { ask: person.id.clone(), holder: None });
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
                if let Some(person) = [at, holder].into_iter().flatten().find(|p| p.id == *id) {
                    meant.known.insert(key.clone(), Known::from(person));
                }
            }
            Whose::Ask(id) => {
                let holder = holder.map(|holder| holder.id.clone()).filter(|holder| holder != id);
                meant.conflicts.insert(key.clone(), Conflict { ask: id.clone(), holder });
            }
        }
    }
    meant
}

fn agrees(row: &ListedContact, person: &Listed) -> bool {
    !row.key.is_empty() && row.key == person.client_key
        || is_same_name((&row.first_name, &row.last_name), (&person.first_name, &person.last_name))
}

fn as_holder(p: &Listed) -> Holder<'_> {
    Holder { id: &p.id, first_name: &p.first_name, last_name: &p.last_name, key: &p.client_key }
}

type ByAddress<'p> = HashMap<&'p str, &'p Listed>;

/// Who has these addresses now, and whom lists know under them.
fn by_address<'p>(everybody: &'p [Listed], keys: &[String]) -> (ByAddress<'p>, ByAddress<'p>) {
    let asked: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let mut has_it: ByAddress<'_> = HashMap::with_capacity(keys.len());
    has_it.extend(everybody.iter().filter(|p| asked.contains(p.email_key.as_str())).map(|p| (p.email_key.as_str(), p)));
    let mut loaded_as: ByAddress<'_> = HashMap::new();
    let elsewhere = |p: &&Listed| p.list_key != p.email_key && asked.contains(p.list_key.as_str());
    for person in everybody.iter().filter(elsewhere) {
        let first = loaded_as.entry(&person.list_key).or_insert(person);
        if person.id < first.id {
            *first = person;
        }
    }
    (has_it, loaded_as)
}
