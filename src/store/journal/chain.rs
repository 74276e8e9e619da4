//! The chains over the journal and the signatures: their ends, what is added behind them, and the records of versions that had no chain.
//!
//! Writers take turns, on both databases, so the end that is read here is the end until the commit. What a chain costs is two small
//! statements for each record, none for a message that is sent.

use serde::Serialize;

use crate::base::chain::ChainKey;
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, json};

use super::records::{Chain, last, place, unchained};

row! {
    pub struct End {
        pub n: i64,
        pub mac: String,
        pub seal: String,
    }
}

/// Written where the end is gone, in place of the code before: the break stays to be seen.
const LOST: &str = "the end of the chain was lost";

/// The end of a chain; nothing where nobody has begun it.
pub async fn end(tx: &mut Tx, chain: Chain) -> Result<Option<End>> {
    maybe!(tx, "SELECT n, mac, seal FROM chain WHERE name = $1", chain.name())
}

/// The number and code of a record that is about to be written; its chain ends with it from now on.
pub async fn next(tx: &mut Tx, key: &ChainKey, chain: Chain, fields: &[String]) -> Result<(i64, String)> {
    let end = match end(tx, chain).await? {
        Some(end) => end,
        None => begin(tx, key, chain).await?,
    };
    let (n, mac) = follow(key, chain, end.n, &end.mac, fields);
    run!(
        quiet tx,
        "UPDATE chain SET n = $2, mac = $3, seal = $4 WHERE name = $1",
        chain.name(),
        n,
        &mac,
        key.seal(chain.name(), n, &mac)
    )?;
    Ok((n, mac))
}

fn follow(key: &ChainKey, chain: Chain, n: i64, mac: &str, fields: &[String]) -> (i64, String) {
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    (n + 1, key.link(chain.name(), n + 1, mac, &fields))
}

/// Chains what earlier versions wrote, in the order of the ids, and begins the chain behind it.
pub async fn begin(tx: &mut Tx, key: &ChainKey, chain: Chain) -> Result<End> {
    #[derive(Serialize)]
    struct Linked {
        id: String,
        n: i64,
        mac: String,
    }
    let last = last(tx, chain).await?;
    // Where there was a chain, whatever stands beside it was not written by us.
    let is_first = last == 0;
    let (mut n, mut mac) = if is_first { (0, String::new()) } else { (last, LOST.to_string()) };
    let mut after = String::new();
    loop {
        let records = unchained(tx, chain, &after).await?;
        let Some(end) = records.last().filter(|_| is_first) else { break };
        after.clone_from(&end.id);
        let mut linked = Vec::with_capacity(records.len());
        for record in &records {
            (n, mac) = follow(key, chain, n, &mac, &record.fields);
            linked.push(Linked { id: record.id.clone(), n, mac: mac.clone() });
        }
        let linked = json(&linked)?;
        place(tx, chain, &linked).await?;
    }
    let seal = key.seal(chain.name(), n, &mac);
    run!(quiet tx, "INSERT INTO chain (name, n, mac, seal) VALUES ($1, $2, $3, $4)", chain.name(), n, &mac, &seal)?;
    Ok(End { n, mac, seal })
}
