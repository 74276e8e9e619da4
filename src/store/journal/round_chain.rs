//! The chain of each round's journal and its end, under no key: what a page prints today is found again in the evidence file of next year.
//!
//! Each entry of a round has its place in it, behind those that had one before. What no version of ours has given a place yet stays without
//! one until [`settle`]: an end that somebody has kept is an end for good.
//! Writers take turns, so the end that is read here is the end until the commit. It costs two small statements for an entry of a round.

use serde::Serialize;

use crate::base::ids::{EntryId, Ids, RoundId};
use crate::base::problem::Result;
use crate::rules::evidence::{EntryLine, Head, Unplaced, follow as linked, is_private};
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, json};

use super::entry::{Entry, of_round};
use super::records::{ChainedEntry, of_round_after, place_in_round, without_place};

/// The place of an entry in the chain of its round, as its row keeps it.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    id: EntryId,
    pub place: i64,
    pub salt: String,
    /// 1 or 0.
    pub private: i64,
}

/// The end of a round's journal, as pages show it; none where it has no entry.
pub async fn head(tx: &mut Tx, round: &RoundId) -> Result<Option<Head>> {
    Ok(kept(tx, round).await?.filter(|head| head.entries > 0))
}

async fn kept(tx: &mut Tx, round: &RoundId) -> Result<Option<Head>> {
    let found: Option<(i64, String)> = maybe!(tx, "SELECT entries, head FROM round_chain WHERE round_id = $1", round)?;
    Ok(found.map(|(entries, hash)| Head { entries, hash }))
}

/// Moves the end on by an entry that is about to be written; its place. None where it is of no round.
pub(super) async fn follow(tx: &mut Tx, ids: &Ids, entry: &Entry) -> Result<Option<Place>> {
    let Some(round) = &entry.round_id else { return Ok(None) };
    let end = match kept(tx, round).await? {
        Some(end) => end,
        None => settle(tx, ids, round).await?,
    };
    let (place, end) = place(ids, &end, entry);
    run!(
        quiet tx,
        "UPDATE round_chain SET entries = $2, head = $3 WHERE round_id = $1",
        round,
        end.entries,
        &end.hash
    )?;
    Ok(Some(place))
}

fn place(ids: &Ids, end: &Head, entry: &Entry) -> (Place, Head) {
    let salt: String = ids.bytes::<16>().iter().map(|byte| format!("{byte:02x}")).collect();
    let private = is_private(&entry.action);
    let (_, end) = linked(end, Unplaced { at: entry.at, private, told: of_round(entry, salt.clone()) });
    (Place { id: entry.id.clone(), place: end.entries, salt, private: i64::from(private) }, end)
}

/// Gives a place to the entries of a round that have none, behind all others: those of earlier versions, and what one that ran beside this
/// one has written. Begins the chain where there is none.
pub async fn settle(tx: &mut Tx, ids: &Ids, round: &RoundId) -> Result<Head> {
    let mut end = match kept(tx, round).await? {
        Some(end) => end,
        None => walk(tx, round, |_| ()).await?,
    };
    let mut last = 0;
    loop {
        let entries = without_place(tx, round, last).await?;
        let Some(reached) = entries.last().and_then(|entry| entry.n) else { break };
        last = reached;
        let mut places = Vec::with_capacity(entries.len());
        for of in &entries {
            let (given, next) = place(ids, &end, &of.entry);
            places.push(given);
            end = next;
        }
        place_in_round(tx, &json(&places)?).await?;
    }
    run!(
        quiet tx,
        "INSERT INTO round_chain (round_id, entries, head) VALUES ($1, $2, $3)
         ON CONFLICT (round_id) DO UPDATE SET entries = excluded.entries, head = excluded.head",
        round,
        end.entries,
        &end.hash
    )?;
    Ok(end)
}

/// Goes through all entries that have a place, in order, and makes every hash anew; where they end.
pub async fn walk(tx: &mut Tx, round: &RoundId, mut each: impl FnMut(EntryLine)) -> Result<Head> {
    let (mut end, mut last) = (Head::before_all(round), 0);
    loop {
        let entries = of_round_after(tx, round, last).await?;
        let Some(reached) = entries.last().and_then(|entry| entry.place) else { return Ok(end) };
        last = reached;
        for of in entries {
            let (line, next) = linked(&end, unplaced(of));
            end = next;
            each(line);
        }
    }
}

fn unplaced(of: ChainedEntry) -> Unplaced {
    let ChainedEntry { entry, salt, private, .. } = of;
    let private = private.is_some_and(|private| private.0);
    Unplaced { at: entry.at, private, told: of_round(&entry, salt.unwrap_or_default()) }
}

/// How many entries of a round have no place.
pub async fn waiting(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let waiting: Count =
        one!(tx, "SELECT count(*) AS n FROM journal WHERE round_id = $1 AND place IS NULL AND n IS NOT NULL", round)?;
    Ok(waiting.n)
}

/// The rounds whose chain nobody has begun, or that have entries without a place.
pub async fn not_settled(tx: &mut Tx) -> Result<Vec<RoundId>> {
    let rounds: Vec<(RoundId,)> = all!(
        tx,
        "SELECT r.id FROM round r WHERE NOT EXISTS (SELECT 1 FROM round_chain c WHERE c.round_id = r.id)
            OR EXISTS (SELECT 1 FROM journal j WHERE j.round_id = r.id AND j.place IS NULL AND j.n IS NOT NULL) ORDER BY r.id"
    )?;
    Ok(rounds.into_iter().map(|(id,)| id).collect())
}
