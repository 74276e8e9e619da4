//! Which accounts that have nobody before a list may be others that are known: under another legal form, or since most of the people of one
//! stand under their name. They are never made one silently.
//!
//! Asked about is every account that gets its first people and is in no open question, also where an earlier load has put it down and did not
//! end.

use std::collections::{HashMap, HashSet};

use crate::base::ids::{AccountId, RoundId};
use crate::rules::contacts::difference::SameAccount;
use crate::rules::contacts::together::account::{key, stem};
use crate::steps::context::Ctx;
use crate::store::contacts::account_questions::NewAccountQuestion;
use crate::store::contacts::accounts::Account;

use super::aliases::Aliases;
use super::owners::Owners;

/// The same by their names.
pub(in crate::contacts) fn named(questions: &[NewAccountQuestion], owners: &Owners) -> Vec<SameAccount> {
    let name = |id| owners.name(id).to_owned();
    questions.iter().map(|q| SameAccount { account: name(&q.account_id), known: name(&q.known_id) }).collect()
}

/// One question for each such account, about the first that it may be: of the round, else of the list, else the one its people come from.
/// `open`: what is asked in the round already, by account.
pub(in crate::contacts) fn pairs(
    ctx: &Ctx,
    (round, client): (&RoundId, &str),
    (there, open): (&[Account], &HashSet<AccountId>),
    owners: &Owners,
    aliases: &Aliases,
) -> Vec<NewAccountQuestion> {
    let has_people: HashSet<&AccountId> = there.iter().filter(|a| a.listed > 0).map(|a| &a.id).collect();
    let mut seen: HashSet<&AccountId> = HashSet::new();
    let new: Vec<&Account> = owners
        .of_row
        .iter()
        .filter(|id| !has_people.contains(id) && seen.insert(id))
        .filter_map(|id| owners.get(id))
        .collect();
    if new.is_empty() {
        return Vec::new();
    }
    let mut of_stem: HashMap<String, Vec<&Account>> = HashMap::new();
    for account in there.iter().filter(|a| a.listed > 0) {
        // Under the name that it has after this list.
        let account = owners.get(&account.id).unwrap_or(account);
        of_stem.entry(stem(&account.name)).or_default().push(account);
    }
    let mut questions = Vec::new();
    for account in new {
        if open.contains(&account.id) {
            of_stem.entry(stem(&account.name)).or_default().push(account);
            continue;
        }
        let listed_key = key(&account.name);
        let alike = of_stem.entry(stem(&account.name)).or_default();
        let come_from = owners.come_from.get(&account.id).into_iter().flatten().filter_map(|id| owners.get(id));
        let mut possible = alike.iter().copied().chain(come_from);
        if let Some(known) = possible.find(|known| !aliases.are_two(&listed_key, &key(&known.name))) {
            let now = ctx.clock.now();
            questions.push(NewAccountQuestion {
                id: ctx.ids.id(now),
                client: client.to_owned(),
                round_id: round.clone(),
                account_id: account.id.clone(),
                known_id: known.id.clone(),
                listed_key,
                known_key: key(&known.name),
                asked_at: now,
            });
        }
        alike.push(account);
    }
    questions
}
