//! The journal as it is looked through: by who did it, by round and by day, the newest first. A part costs what it shows.

use crate::base::clock::Ts;
use crate::base::ids::{EntryId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

use super::Entry;

/// As many entries of one person are looked through for those of one round at a time; the next part goes on behind them.
pub const LOOKED_THROUGH: i64 = 2_000;

/// The columns of [`Entry`], then what narrows them down.
macro_rules! entries {
    ($rest:literal) => {
        concat!("SELECT id, at, actor, action, round_id, subject, detail FROM journal ", $rest)
    };
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// As the journal has it; none: anybody.
    pub actor: Option<String>,
    pub round: Option<RoundId>,
    /// Not before.
    pub from: Ts,
    /// Only what stands before this entry; with no id before this instant.
    pub before: (Ts, EntryId),
}

/// A part of the journal.
pub struct LogPart {
    pub entries: Vec<Entry>,
    /// Behind which entry the next part begins, where there may be one.
    pub next: Option<(Ts, EntryId)>,
}

pub async fn part(tx: &mut Tx, asked: &Asked, limit: i64) -> Result<LogPart> {
    let mut entries = read(tx, asked, limit + 1).await?;
    if entries.len() as i64 > limit {
        entries.truncate(limit.max(0) as usize);
        let next = entries.last().map(|last| (last.at, last.id.clone()));
        return Ok(LogPart { entries, next });
    }
    let next = match (&asked.actor, &asked.round) {
        (Some(actor), Some(_)) => last_looked_at(tx, actor, asked).await?,
        _ => None,
    };
    Ok(LogPart { entries, next })
}

async fn read(tx: &mut Tx, asked: &Asked, limit: i64) -> Result<Vec<Entry>> {
    let (from, (until, id)) = (asked.from, &asked.before);
    match (&asked.actor, &asked.round) {
        (None, None) => {
            all!(
                tx,
                entries!("WHERE at >= $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"),
                from,
                *until,
                id,
                limit
            )
        }
        (Some(actor), None) => {
            all!(
                tx,
                entries!("WHERE actor = $5 AND at >= $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"),
                from,
                *until,
                id,
                limit,
                actor.as_str()
            )
        }
        (None, Some(round)) => {
            all!(
                tx,
                entries!("WHERE round_id = $5 AND at >= $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4"),
                from,
                *until,
                id,
                limit,
                round
            )
        }
        (Some(actor), Some(round)) => {
            all!(
                tx,
                "SELECT id, at, actor, action, round_id, subject, detail FROM (
                    SELECT id, at, actor, action, round_id, subject, detail FROM journal
                    WHERE actor = $5 AND at >= $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $7) AS looked
                 WHERE round_id = $6 ORDER BY at DESC, id DESC LIMIT $4",
                from,
                *until,
                id,
                limit,
                actor.as_str(),
                round,
                LOOKED_THROUGH
            )
        }
    }
}

/// The last of somebody's entries that were looked through, where there were so many.
async fn last_looked_at(tx: &mut Tx, actor: &str, asked: &Asked) -> Result<Option<(Ts, EntryId)>> {
    maybe!(
        tx,
        "SELECT at, id FROM journal WHERE actor = $4 AND at >= $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT 1 OFFSET $5",
        asked.from,
        asked.before.0,
        &asked.before.1,
        actor,
        LOOKED_THROUGH - 1
    )
}
