//! The chain of each round's journal and its end, under no key: what a page prints today is found again in the evidence file of next year.
//!
//! Writers take turns, so the end that is read here is the end until the commit. It costs two small statements for an entry of a round.

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::evidence::{EntryRecord, Head, follow as linked};
use crate::store::database::tx::Tx;

use super::entry::{Entry, of_round};
use super::records::of_round_after;

/// The end of a round's chain; nothing where nobody has begun it.
pub async fn head(tx: &mut Tx, round: &RoundId) -> Result<Option<Head>> {
    let found: Option<(i64, String)> = maybe!(tx, "SELECT entries, head FROM round_chain WHERE round_id = $1", round)?;
    Ok(found.map(|(entries, hash)| Head { entries, hash }))
}

/// Moves the end of the chain on by an entry that is about to be written.
pub(super) async fn follow(tx: &mut Tx, entry: &Entry) -> Result<()> {
    let Some(round) = &entry.round_id else { return Ok(()) };
    let end = match head(tx, round).await? {
        Some(end) => end,
        None => begin(tx, round).await?,
    };
    let (_, end) = linked(&end, of_round(entry));
    run!(
        quiet tx,
        "UPDATE round_chain SET entries = $2, head = $3 WHERE round_id = $1",
        round,
        end.entries,
        &end.hash
    )?;
    Ok(())
}

/// Begins the chain of a round with the entries that it has.
pub async fn begin(tx: &mut Tx, round: &RoundId) -> Result<Head> {
    let mut end = Head::before_all(round);
    let mut last = 0;
    loop {
        let (entries, reached) = page(tx, round, last).await?;
        for entry in entries {
            (_, end) = linked(&end, entry);
        }
        match reached {
            Some(n) => last = n,
            None => break,
        }
    }
    run!(
        quiet tx,
        "INSERT INTO round_chain (round_id, entries, head) VALUES ($1, $2, $3)",
        round,
        end.entries,
        &end.hash
    )?;
    Ok(end)
}

/// Some entries of a round without their places, and the number of the last of them in the whole journal; none where there are no more.
pub async fn page(tx: &mut Tx, round: &RoundId, after: i64) -> Result<(Vec<EntryRecord>, Option<i64>)> {
    let entries = of_round_after(tx, round, after).await?;
    let reached = entries.last().and_then(|entry| entry.n);
    Ok((entries.into_iter().map(EntryRecord::from).collect(), reached))
}

/// The rounds whose chain nobody has begun.
pub async fn not_begun(tx: &mut Tx) -> Result<Vec<RoundId>> {
    let rounds: Vec<(RoundId,)> = all!(
        tx,
        "SELECT r.id FROM round r WHERE NOT EXISTS (SELECT 1 FROM round_chain c WHERE c.round_id = r.id) ORDER BY r.id"
    )?;
    Ok(rounds.into_iter().map(|(id,)| id).collect())
}
