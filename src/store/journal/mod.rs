//! Everything that was done: by whom, when, to what, why. Rows are only ever added, each chained to the one before (`chain.rs`).

pub mod chain;

use crate::base::chain::ChainKey;
use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, ids};

use self::chain::{Chain, Record, of_entry};
use super::completion::Count;

row! {
    pub struct Entry {
        pub id: String,
        pub at: Ts,
        /// An operator's or director's address, or `soundings` for what the program did by itself.
        pub actor: String,
        /// A verb: "signed", "removed", "opted out", ...
        pub action: String,
        pub round_id: Option<String>,
        /// The contact, account or message it was done to.
        pub subject: String,
        pub detail: String,
    }
}

row! {
    /// An entry with its place in the chain.
    pub struct Chained {
        pub n: Option<i64>,
        pub mac: Option<String>,
        pub id: String,
        pub at: Ts,
        pub actor: String,
        pub action: String,
        pub round_id: Option<String>,
        pub subject: String,
        pub detail: String,
    }
}

impl From<Chained> for Record {
    fn from(c: Chained) -> Record {
        let Chained { n, mac, id, at, actor, action, round_id, subject, detail } = c;
        let entry = Entry { id, at, actor, action, round_id, subject, detail };
        Record { fields: of_entry(&entry), id: entry.id, n, mac }
    }
}

pub async fn add(tx: &mut Tx, key: &ChainKey, e: &Entry) -> Result<()> {
    let (n, mac) = chain::next(tx, key, Chain::Journal, &of_entry(e)).await?;
    run!(
        tx,
        "INSERT INTO journal (id, at, actor, action, round_id, subject, detail, n, mac) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &e.id,
        e.at,
        &e.actor,
        &e.action,
        e.round_id.as_deref(),
        &e.subject,
        &e.detail,
        n,
        &mac
    )?;
    Ok(())
}

pub(super) async fn after(tx: &mut Tx, n: i64) -> Result<Vec<Chained>> {
    all!(
        tx,
        "SELECT n, mac, id, at, actor, action, round_id, subject, detail FROM journal WHERE n > $1 ORDER BY n LIMIT 1000",
        n
    )
}

pub(super) async fn unchained(tx: &mut Tx, id: &str) -> Result<Vec<Chained>> {
    all!(
        tx,
        "SELECT n, mac, id, at, actor, action, round_id, subject, detail FROM journal WHERE n IS NULL AND id > $1 ORDER BY id LIMIT 1000",
        id
    )
}

pub(super) async fn set_chain(tx: &mut Tx, linked: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE journal SET n = c.n, mac = c.mac
         FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'n' AS BIGINT) AS n, value ->> 'mac' AS mac FROM json_each($1)) AS c
         WHERE journal.id = c.id",
        linked
    )?;
    Ok(())
}

pub async fn of_subject(tx: &mut Tx, subject: &str) -> Result<Vec<Entry>> {
    all!(
        tx,
        "SELECT id, at, actor, action, round_id, subject, detail FROM journal WHERE subject = $1 ORDER BY at, id",
        subject
    )
}

/// The latest entries of a round, the newest first.
pub async fn of_round(tx: &mut Tx, round: &str, limit: i64) -> Result<Vec<Entry>> {
    all!(
        tx,
        "SELECT id, at, actor, action, round_id, subject, detail FROM journal WHERE round_id = $1 ORDER BY at DESC, id DESC LIMIT $2",
        round,
        limit
    )
}

/// The last time that this was done to a round.
pub async fn latest(tx: &mut Tx, round: &str, action: &str) -> Result<Option<Entry>> {
    maybe!(
        tx,
        "SELECT id, at, actor, action, round_id, subject, detail FROM journal WHERE round_id = $1 AND action = $2
         ORDER BY at DESC, id DESC LIMIT 1",
        round,
        action
    )
}

/// How often any of these things was done to a round since then.
pub async fn count_since(tx: &mut Tx, round: &str, actions: &[&str], since: Ts) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM journal WHERE round_id = $1 AND at >= $2 AND action IN (SELECT value ->> 'id' FROM json_each($3))",
        round,
        since,
        ids(actions)?
    )?;
    Ok(count.n)
}
