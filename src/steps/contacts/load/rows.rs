//! The rows of a list, one person each: corrected where the list says something new, added where nobody is known.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::out::Removal;
use crate::rules::contacts::{ListedContact, objection};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::contacts::listing::{self, Known, Listed, NewContact};
use crate::store::contacts::{self, Person, loading, objections as known_objections};

use super::changes::{Changes, Moved};
use crate::steps::contacts::accounts::owners::Owners;
use crate::steps::contacts::addresses;
use crate::steps::contacts::objections;
use crate::steps::contacts::people::new_address::{self, Answers, By};
use crate::steps::contacts::people::particulars::{Before, as_listed, only_address, particulars, same};
use crate::steps::contacts::quality::earlier;

/// As many rows are looked up, and new ones put down, in one statement.
pub(in crate::contacts) const AT_ONCE: usize = 1_000;

/// What becomes of a row.
#[derive(Clone, Debug)]
pub(in crate::contacts) enum Fate {
    /// About somebody who is in the round.
    Known(Known),
    /// The address that somebody had before.
    Former(ContactId),
    /// Somebody new, with the id that he gets.
    New(ContactId),
    /// It waits for a word.
    Held,
}

/// A row about somebody who is in the round, to be written.
#[derive(Clone, Debug)]
pub(in crate::contacts) struct Again {
    pub row: ListedContact,
    pub known: Known,
    /// Where the row stands.
    pub account: AccountId,
    /// Something lasts of its address.
    pub objected: bool,
}

/// What is to be written of a list.
#[derive(Debug, Default)]
pub(in crate::contacts) struct Rows {
    /// Shared with what writes them down beside the writer.
    pub new: Arc<Vec<NewContact>>,
    pub again: Vec<Again>,
    /// Whose row counts for less than what people have done here, with its number; nothing is written.
    pub kept: Vec<(ContactId, u64)>,
    /// Of whom nothing changes but the account; nothing is written of them.
    pub by_account: Vec<(ContactId, u64)>,
    /// Rows that were compared and say what is known.
    pub same: u64,
}

/// What the comparison of a row with its contact has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Found {
    /// Something is to be written of the contact.
    Differs,
    Kept,
    ByAccount,
    Same,
}

/// Compares every row with what the round has, many with one look. What is the same is counted, and not written.
pub(in crate::contacts) async fn compare(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
    (rows, fates): (&[ListedContact], &[Fate]),
    there: &HashMap<&ContactId, &Listed>,
    owners: &mut Owners,
    changes: &mut Changes,
) -> Result<Rows> {
    let mut to_write = Rows::default();
    let accounts = owners.of_row.clone();
    let all: Vec<_> = rows.iter().zip(fates).zip(&accounts).collect();
    let mut back = Back::new(fates, there);
    for batch in all.chunks(AT_ONCE) {
        let (mut listed, mut fates) = (Vec::with_capacity(batch.len()), Vec::with_capacity(batch.len()));
        for ((row, fate), _) in batch {
            let (row, fate) = back.of(row, fate);
            listed.push(row);
            fates.push(fate);
        }
        let objected = add_what_is_known(tx, round, &mut listed, ctx.clock.now()).await?;
        let each = || listed.iter().zip(&fates);
        let reached: Vec<String> = each().filter_map(|(row, fate)| reached_as(row, fate, there)).collect();
        let kept_out = objections::known_of_keys(tx, round, &reached).await?;
        changes.kept_out += reached.iter().filter(|key| kept_out.contains_key(*key)).count() as u64;
        for ((row, fate), (_, account)) in listed.into_iter().zip(fates).zip(batch) {
            match fate {
                Fate::Known(known) => {
                    let Some(old) = there.get(&known.id) else { continue };
                    let objected = objected.contains(&row.email.key());
                    match differs(account, &row, (&known, old), owners, changes)? {
                        Found::Kept if !objected => to_write.kept.push((known.id, row.line)),
                        Found::ByAccount if !objected => to_write.by_account.push((known.id, row.line)),
                        Found::Same if !objected => to_write.same += 1,
                        _ => to_write.again.push(Again { row, known, account: (*account).clone(), objected }),
                    }
                }
                Fate::Former(id) => {
                    changes.kept_as_edited += 1;
                    to_write.kept.push((id, row.line));
                }
                Fate::New(id) => {
                    Arc::make_mut(&mut to_write.new).push(particulars(ctx, &id, round, account, &row, None)?);
                    owners.touched.insert((*account).clone());
                    changes.added += 1;
                }
                Fate::Held => {}
            }
        }
    }
    Ok(to_write)
}

/// Writes the rows about people who are in the round.
pub(in crate::contacts) async fn write(ctx: &Ctx, tx: &mut Tx, again: &[Again], owners: &Owners) -> Result<()> {
    for batch in again.chunks(AT_ONCE) {
        let ids: Vec<&ContactId> = batch.iter().map(|again| &again.known.id).collect();
        let people = contacts::persons(tx, &ids).await?;
        let people: HashMap<&ContactId, &Person> = people.iter().map(|p| (&p.id, p)).collect();
        for again in batch {
            let Some(old) = people.get(&again.known.id) else { continue };
            take_again(ctx, tx, again, old, owners).await?;
            if again.objected {
                objections::given(ctx, tx, &again.known.id).await?;
            }
        }
    }
    Ok(())
}

/// The key of the address that the contact behind a row has after this list; none for whoever is not on the round's list.
fn reached_as(row: &ListedContact, fate: &Fate, there: &HashMap<&ContactId, &Listed>) -> Option<String> {
    let on_the_list = |person: &&&Listed| person.removed_at.is_none() || fell_off(person.removed_reason.as_deref());
    match fate {
        Fate::New(_) => Some(row.email.key()),
        Fate::Known(known) => {
            let person = there.get(&known.id).filter(on_the_list)?;
            Some(if stays_as_edited(known) { person.email_key.clone() } else { row.email.key() })
        }
        Fate::Former(id) => there.get(id).filter(|p| p.removed_at.is_none()).map(|p| p.email_key.clone()),
        Fate::Held => None,
    }
}

/// Adds to rows, as findings, what is known of their addresses: dead, opted out, complained, left, silent for years, asked a short
/// while ago. The addresses with an objection.
pub(in crate::contacts) async fn add_what_is_known(
    tx: &mut Tx,
    round: &RoundId,
    rows: &mut [ListedContact],
    now: Ts,
) -> Result<HashSet<String>> {
    let dead = addresses::dead_in(tx, rows).await?;
    let objected = objections::known_of(tx, round, rows).await?;
    for row in rows.iter_mut() {
        let key = row.email.key();
        let dead = dead.get(&key).map(|dead| addresses::finding(row, dead));
        let said = objected.get(&key).into_iter().flatten().map(|o| objection::finding(row, o.kind, o.since));
        let known: Vec<_> = dead.into_iter().chain(said).collect();
        row.findings.extend(known);
    }
    earlier::add(tx, round, rows, now).await?;
    Ok(objected.into_keys().collect())
}

/// Puts people on the list; an address that is known to be dead stops them at once.
pub(crate) async fn add(ctx: &Ctx, tx: &mut Tx, new: &[NewContact], now: Ts) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    listing::insert(tx, new, now).await?;
    let keys: Vec<String> = new.iter().map(|c| c.email.key()).collect();
    let dead = crate::store::contacts::addresses::dead(tx, &keys).await?;
    for contact in new.iter().filter(|contact| dead.contains_key(&contact.email.key())) {
        addresses::given(ctx, tx, &contact.id, &contact.email).await?;
    }
    let Some(round) = new.first().map(|contact| &contact.round_id) else { return Ok(()) };
    let client = known_objections::client_of(tx, round).await?;
    let objected = known_objections::of_keys(tx, &client, &keys).await?;
    for contact in new.iter().filter(|contact| objected.contains_key(&contact.email.key())) {
        objections::given(ctx, tx, &contact.id).await?;
    }
    Ok(())
}

/// Whether a list took a person off.
pub(in crate::contacts) fn fell_off(reason: Option<&str>) -> bool {
    reason.map(Removal::read).is_some_and(|reason| reason.ends_with_a_list())
}

fn is_back(known: &Known) -> bool {
    known.removed_at.is_some() && fell_off(known.removed_reason.as_deref())
}

/// A person's word on the row counts for more than the list's. What he said of an address that is somebody else's by now holds no more.
pub(in crate::contacts) fn stays_as_edited(known: &Known) -> bool {
    if is_back(known) {
        known.edited_at.is_some() && !known.gave_address_up
    } else {
        known.edited_at.is_some() || known.removed_at.is_some()
    }
}

/// What counts of a row: of somebody whom people have edited here the address alone, and nothing of it where he has his own
/// ([`stays_as_edited`]).
fn counts<'r>(row: &'r ListedContact, known: &Known, name: (&str, &str)) -> Cow<'r, ListedContact> {
    if known.edited_at.is_none() { Cow::Borrowed(row) } else { Cow::Owned(only_address(row, name)) }
}

/// People whom a list has taken off and the next one has under an address that they had before: they come back under their own, or under
/// this one where theirs is somebody else's by now.
struct Back<'a> {
    there: &'a HashMap<&'a ContactId, &'a Listed>,
    /// Who comes back by another row.
    seen: HashSet<ContactId>,
}

impl<'a> Back<'a> {
    fn new(fates: &[Fate], there: &'a HashMap<&'a ContactId, &'a Listed>) -> Self {
        let known = |fate: &Fate| if let Fate::Known(known) = fate { Some(known.id.clone()) } else { None };
        Back { there, seen: fates.iter().filter_map(known).collect() }
    }

    fn of(&mut self, row: &ListedContact, fate: &Fate) -> (ListedContact, Fate) {
        let mut row = row.clone();
        let Fate::Former(id) = fate else { return (row, fate.clone()) };
        let known = self.there.get(id).map(|person| (person, Known::from(*person)));
        let Some((person, known)) = known.filter(|(_, known)| is_back(known)) else { return (row, fate.clone()) };
        if !self.seen.insert(id.clone()) {
            return (row, fate.clone());
        }
        if !known.gave_address_up {
            row.email = person.email.clone();
        }
        (row, Fate::Known(known))
    }
}

/// What a contact is after a row; none where a person's word counts for more than the list's.
pub(in crate::contacts) fn becomes(
    account: &AccountId,
    row: &ListedContact,
    (known, old): (&Known, &Listed),
    owners: &Owners,
) -> Result<Option<NewContact>> {
    if stays_as_edited(known) {
        return Ok(None);
    }
    let stays = known.edited_at.is_some() || owners.same(&old.account_id, account);
    let place = if stays { &old.account_id } else { account };
    let row = counts(row, known, (&old.first_name, &old.last_name));
    as_listed(&RoundId::from(""), place, &row, Some(Before::from(old))).map(Some)
}

/// Beside the contact that a row is about. Counts it either way.
fn differs(
    account: &AccountId,
    row: &ListedContact,
    (known, old): (&Known, &Listed),
    owners: &mut Owners,
    changes: &mut Changes,
) -> Result<Found> {
    let back = is_back(known);
    if back {
        owners.touched.insert(old.account_id.clone());
    }
    let Some(new) = becomes(account, row, (known, old), owners)? else {
        changes.kept_as_edited += 1;
        return Ok(if back { Found::Differs } else { Found::Kept });
    };
    let moves = old.account_id != new.account_id;
    let before = Before::from(old);
    let is_same = same(&before, (&old.account_id, &old.email, &old.first_name, &old.last_name), &new);
    if is_same && !known.gave_address_up {
        let by_account = owners.changed.contains(&old.account_id);
        let handed_over = owners.handed_over.contains(&old.account_id);
        let counter = if back || handed_over { &mut changes.changed } else { &mut changes.unchanged };
        *counter += 1;
        // A row that stands elsewhere on the list has its findings under another number.
        let renumbered = before.findings() != new.findings;
        return Ok(match by_account {
            _ if back || renumbered => Found::Differs,
            true => Found::ByAccount,
            false => Found::Same,
        });
    }
    if moves {
        changes.moved.push(Moved {
            name: format!("{} {}", old.first_name, old.last_name).trim().into(),
            email: new.email.to_string(),
            from: owners.name(&old.account_id).into(),
            to: owners.name(account).into(),
        });
    }
    changes.changed += 1;
    owners.touched.extend([old.account_id.clone(), new.account_id]);
    Ok(Found::Differs)
}

/// Writes such a row.
async fn take_again(ctx: &Ctx, tx: &mut Tx, again: &Again, old: &Person, owners: &Owners) -> Result<()> {
    let now = ctx.clock.now();
    let Again { row, known, account, .. } = again;
    if is_back(known) {
        contacts::restore(tx, &known.id, now).await?;
    }
    if stays_as_edited(known) {
        return Ok(());
    }
    let moves = known.edited_at.is_none() && !owners.same(&old.account_id, account);
    let place = if moves { account } else { &old.account_id };
    let row = counts(row, known, (&old.first_name, &old.last_name));
    let new = particulars(ctx, &known.id, &old.round_id, place, &row, Some(Before::from(old)))?;
    let before = Before::from(old);
    let is_same = same(&before, (&old.account_id, &old.email, &old.first_name, &old.last_name), &new);
    if is_same && !old.gave_address_up() {
        return listing::renumber(tx, &known.id, new.line, &new.findings).await;
    }
    if moves {
        listing::move_to(tx, &known.id, account, now).await?;
        let detail = format!("from {} to {}", old.account, owners.name(account));
        ctx.journal(tx, &Actor::List, Action::MovedToAnotherAccount, Some(&old.round_id), &old.id, &detail).await?;
    }
    if !old.has_address(&new.email) {
        loading::give_way(tx, &old.round_id, &new.email.key()).await?;
        listing::known_as(tx, &old.id, &new.email.key(), old.edited_at).await?;
    }
    new_address::write(ctx, tx, old, &new, &By { actor: &Actor::List, edited: false, answers: Answers::SetAside })
        .await?;
    Ok(())
}
