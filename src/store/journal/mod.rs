//! Everything that was done: by whom, when, to what, why. Rows are only ever added, each chained to the one before (`chain.rs`),
//! and within its round (`round_chain.rs`).

pub mod chain;
mod entry;
pub mod log;
pub mod records;
pub mod round_chain;

pub use entry::Entry;

use crate::base::chain::ChainKey;
use crate::base::clock::Ts;
use crate::base::ids::{Ids, RoundId};
use crate::base::problem::Result;
use crate::rules::journal::Action;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, ids};

use self::entry::of_entry;
use self::records::Chain;

/// `ids`: what is said of contacts is hidden by what nobody can guess.
pub async fn add(tx: &mut Tx, key: &ChainKey, ids: &Ids, e: &Entry) -> Result<()> {
    let (n, mac) = chain::next(tx, key, Chain::Journal, &of_entry(e)).await?;
    let place = round_chain::follow(tx, ids, e).await?;
    run!(
        tx,
        "INSERT INTO journal (id, at, actor, action, round_id, subject, detail, n, mac, place, salt, private)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        &e.id,
        e.at,
        &e.actor,
        &e.action,
        e.round_id.as_ref(),
        &e.subject,
        &e.detail,
        n,
        &mac,
        place.as_ref().map(|place| place.place),
        place.as_ref().map(|place| place.salt.as_str()),
        place.as_ref().map(|place| place.private)
    )?;
    Ok(())
}

pub async fn of_subject(tx: &mut Tx, subject: &(impl AsRef<str> + Sync + ?Sized)) -> Result<Vec<Entry>> {
    all!(
        tx,
        "SELECT id, at, actor, action, round_id, subject, detail FROM journal WHERE subject = $1 ORDER BY at, id",
        subject.as_ref()
    )
}

/// The latest entries about any of these, the newest first. Costs what there is about them.
pub async fn of_subjects(tx: &mut Tx, subjects: &[&str], limit: i64) -> Result<Vec<Entry>> {
    all!(
        tx,
        "SELECT id, at, actor, action, round_id, subject, detail FROM journal
         WHERE subject IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY at DESC, id DESC LIMIT $2",
        ids(subjects)?,
        limit
    )
}

/// The latest entries of a round, the newest first.
pub async fn of_round(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<Entry>> {
    all!(
        tx,
        "SELECT id, at, actor, action, round_id, subject, detail FROM journal WHERE round_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        round,
        limit
    )
}

/// The last time that this was done to a round.
pub async fn latest(tx: &mut Tx, round: &RoundId, action: Action) -> Result<Option<Entry>> {
    maybe!(
        tx,
        "SELECT id, at, actor, action, round_id, subject, detail FROM journal WHERE round_id = $1 AND action = $2
         ORDER BY at DESC, id DESC LIMIT 1",
        round,
        action.as_str()
    )
}

/// How often any of these things was done to a round since then.
pub async fn count_since(tx: &mut Tx, round: &RoundId, actions: &[Action], since: Ts) -> Result<i64> {
    let words: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM journal WHERE round_id = $1 AND at >= $2 AND action IN (SELECT value ->> 'id' FROM json_each($3))",
        round,
        since,
        ids(&words)?
    )?;
    Ok(count.n)
}

/// The number of the latest of these things that was done to a round; 0 where none was.
pub async fn last_of(tx: &mut Tx, round: &RoundId, actions: &[Action]) -> Result<i64> {
    let words: Vec<&str> = actions.iter().map(|action| action.as_str()).collect();
    // By its number: two entries of one moment have no order by time, and clocks are set back.
    let last: Count = one!(
        tx,
        "SELECT COALESCE(max(n), 0) AS n FROM journal WHERE round_id = $1 AND action IN (SELECT value ->> 'id' FROM json_each($2))",
        round,
        ids(&words)?
    )?;
    Ok(last.n)
}
