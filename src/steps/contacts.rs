//! Contact lists into a round: new rows are added, changed rows corrected, rows that people have edited here left alone.
//!
//! All of a list is taken in one transaction: nothing of it is visible half loaded. Every account whose names changed
//! gets a new fingerprint, and with it needs a new signature. What a list does not say stays as it is; a known name under a new address is
//! held and asked about (decision 0020).

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::base::address::key_of;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::ListedContact;
use crate::rules::round::RoundState;
use crate::store::identity::{self, Question};
use crate::store::listing::{self, Known, Name};
use crate::store::{Tx, accounts, contacts, rounds};

use super::context::unknown;
use super::emptying::somebody_stays;
use super::{Ctx, repair, signoff};

pub mod changes;
mod namesakes;
pub(super) mod once_more;
mod owners;
pub(super) mod rows;

pub use changes::Changes;
use changes::Named;
use owners::Owners;
use rows::Fate;

/// Why a list took a person off a draft; a list that has the person again puts him back.
pub(super) const OFF_THE_LIST: &str = "no longer on the list";

/// What somebody who loads a list has said that it may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// A draft may lose everybody who is in it.
    pub removing_everybody: bool,
    /// Accounts of a started round may lose their director, manager or strategic mark.
    pub losing_owners: bool,
}

/// As many rows are looked up, and new ones added, in one statement.
const AT_ONCE: usize = 1_000;

/// Loads a list into a round that is there already.
pub async fn load_list(
    ctx: &Ctx,
    slug: &str,
    rows: Vec<ListedContact>,
    allowed: Allowed,
    actor: &str,
) -> Result<Changes> {
    let (c, slug, actor) = (ctx.clone(), slug.to_string(), actor.to_string());
    let changes = ctx
        .db
        .write(move |tx| {
            Box::pin(async move {
                let round = rounds::by_slug(tx, &slug).await?.ok_or_else(|| unknown(&slug))?;
                if round.state == RoundState::Closed {
                    return Err(Problem::refused(
                        format!("Round {slug} is closed."),
                        "Lists can be loaded into open rounds only.",
                    ));
                }
                let changes = load(&c, tx, &round.id, round.state, &rows, allowed).await?;
                if round.state != RoundState::Draft {
                    signoff::ensure_requests(&c, tx, &round.id).await?;
                    repair::ensure_requests(&c, tx, &round.id).await?;
                }
                let detail = format!("{} new, {} changed, {} removed", changes.added, changes.changed, changes.removed);
                c.journal(tx, &actor, "loaded a contact list", Some(&round.id), &round.id, &detail).await?;
                Ok(changes)
            })
        })
        .await?;
    ctx.wake();
    Ok(changes)
}

pub(super) async fn load(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &str,
    state: RoundState,
    rows: &[ListedContact],
    allowed: Allowed,
) -> Result<Changes> {
    let mut changes = Changes::default();
    identity::forget_settled(tx, round).await?;
    let rows = first_of_each(rows);
    let keys: Vec<String> = rows.iter().map(|row| row.email.key()).collect();
    let (known, former) = known(tx, round, &keys).await?;
    let names = listing::names(tx, round).await?;
    let mut owners = owners::take(ctx, tx, (round, state, allowed.losing_owners), &rows, &known, &mut changes).await?;
    let (fates, questions) =
        namesakes::sort(ctx, tx, round, &rows, (&known, &former), (&owners, &names), &mut changes).await?;
    rows::take(ctx, tx, round, &rows, &fates, &mut owners, &mut changes).await?;
    for question in &questions {
        identity::ask(tx, question).await?;
    }
    // A question that was asked before has the id of then.
    let open = identity::open(tx, round).await?;
    for asked in &mut changes.asked {
        let key = key_of(&asked.email);
        let question = open.iter().find(|q| q.new_key == key);
        asked.id = question.map(|q| q.id.clone()).unwrap_or_default();
    }
    absent(ctx, tx, (state, allowed), (&keys, &fates, &names, open), &mut owners, &mut changes).await?;
    for account in &owners.touched {
        signoff::restand(ctx, tx, account).await?;
    }
    count_handed_over(tx, round, &mut changes).await?;
    Ok(changes)
}

/// The first row of each address; the check of a list names the others.
fn first_of_each(rows: &[ListedContact]) -> Cow<'_, [ListedContact]> {
    let mut keys = HashSet::with_capacity(rows.len());
    let first: Vec<bool> = rows.iter().map(|row| keys.insert(row.email.key())).collect();
    if first.iter().all(|first| *first) {
        return Cow::Borrowed(rows);
    }
    rows.iter().zip(first).filter(|(_, first)| *first).map(|(row, _)| row.clone()).collect()
}

/// Who of the round is meant by these addresses; and whose former addresses they are, of whom somebody has said so.
async fn known(tx: &mut Tx, round: &str, keys: &[String]) -> Result<(HashMap<String, Known>, HashMap<String, String>)> {
    let (mut known, mut former) = (HashMap::new(), HashMap::new());
    for keys in keys.chunks(AT_ONCE) {
        known.extend(listing::known(tx, round, keys).await?);
        former.extend(identity::former(tx, round, keys).await?);
    }
    Ok((known, former))
}

/// Who is not on the list: off a draft, named in a round that was started. Whoever is asked about is neither.
async fn absent(
    ctx: &Ctx,
    tx: &mut Tx,
    (state, allowed): (RoundState, Allowed),
    (keys, fates, names, open): (&[String], &[Fate], &[Name], Vec<Question>),
    owners: &mut Owners,
    changes: &mut Changes,
) -> Result<()> {
    let (now, draft) = (ctx.clock.now(), state == RoundState::Draft);
    let listed: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let mut seen = HashSet::new();
    for question in open {
        if draft && !listed.contains(question.new_key.as_str()) {
            identity::forget(tx, &question.id).await?;
        } else {
            seen.insert(question.contact_id);
        }
    }
    seen.extend(fates.iter().filter_map(|fate| match fate {
        Fate::Known(known) => Some(known.id.clone()),
        Fate::Former(id) => Some(id.clone()),
        Fate::New(_) | Fate::Held => None,
    }));
    let missing: Vec<&Name> =
        names.iter().filter(|name| name.removed_at.is_none() && !seen.contains(&name.id)).collect();
    if draft && !allowed.removing_everybody {
        let there = names.iter().filter(|name| name.removed_at.is_none()).count();
        somebody_stays(keys.len(), there, missing.len())?;
    }
    for name in missing {
        if draft {
            contacts::remove(tx, &name.id, OFF_THE_LIST, now).await?;
            owners.touched.insert(name.account_id.clone());
            changes.removed += 1;
        } else {
            changes.not_on_the_list += 1;
        }
        changes.missing.push(Named {
            name: format!("{} {}", name.first_name, name.last_name).trim().into(),
            account: owners.name(&name.account_id).into(),
            email: name.email.to_string(),
        });
    }
    Ok(())
}

/// How many people the accounts have that were given to somebody else.
async fn count_handed_over(tx: &mut Tx, round: &str, changes: &mut Changes) -> Result<()> {
    if changes.directors.is_empty() {
        return Ok(());
    }
    let listed: HashMap<String, i64> =
        accounts::of_round(tx, round).await?.into_iter().map(|a| (a.name, a.listed)).collect();
    for director in &mut changes.directors {
        let people = director.accounts.iter().filter_map(|name| listed.get(name));
        director.contacts = people.sum::<i64>().max(0) as u64;
    }
    Ok(())
}
