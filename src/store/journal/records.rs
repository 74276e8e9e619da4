//! What is chained, as the chain sees it: entries of the journal and signatures, with their places, read and given their places.

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::completion::Count;
use crate::store::database::columns::Flag;
use crate::store::database::rows::{AnyRow, FromRow};
use crate::store::database::tx::Tx;
use crate::store::signoff::signature::{Signature, of_signature, signature_columns};

use super::entry::{Entry, of_entry};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chain {
    Journal,
    Signatures,
}

pub const ALL: [Chain; 2] = [Chain::Journal, Chain::Signatures];

impl Chain {
    pub fn name(self) -> &'static str {
        match self {
            Chain::Journal => "journal",
            Chain::Signatures => "signature",
        }
    }
}

/// A record as the chain sees it.
#[derive(Clone, Debug)]
pub struct Record {
    pub id: String,
    pub n: Option<i64>,
    pub mac: Option<String>,
    pub fields: Vec<String>,
}

pub(crate) async fn last(tx: &mut Tx, chain: Chain) -> Result<i64> {
    let last: Count = match chain {
        Chain::Journal => one!(tx, "SELECT COALESCE(max(n), 0) AS n FROM journal")?,
        Chain::Signatures => one!(tx, "SELECT COALESCE(max(n), 0) AS n FROM signature")?,
    };
    Ok(last.n)
}

/// Some of the records that follow number `n`, in order.
pub async fn after(tx: &mut Tx, chain: Chain, n: i64) -> Result<Vec<Record>> {
    Ok(match chain {
        Chain::Journal => entries_after(tx, n).await?.into_iter().map(Into::into).collect(),
        Chain::Signatures => signatures_after(tx, n).await?.into_iter().map(Into::into).collect(),
    })
}

/// Some of the records without a place in the chain, by id.
pub async fn unchained(tx: &mut Tx, chain: Chain, id: &str) -> Result<Vec<Record>> {
    Ok(match chain {
        Chain::Journal => unchained_entries(tx, id).await?.into_iter().map(Into::into).collect(),
        Chain::Signatures => unchained_signatures(tx, id).await?.into_iter().map(Into::into).collect(),
    })
}

/// Gives records of versions without a chain their places: `linked` has the id, number and code of each.
pub(crate) async fn place(tx: &mut Tx, chain: Chain, linked: &str) -> Result<()> {
    match chain {
        Chain::Journal => place_entries(tx, linked).await,
        Chain::Signatures => place_signatures(tx, linked).await,
    }
}

/// The columns of [`ChainedEntry`].
macro_rules! entries {
    ($rest:literal) => {
        concat!(
            "SELECT n, mac, place, salt, private, id, at, actor, action, round_id, subject, detail FROM journal ",
            $rest
        )
    };
}

/// An entry with its place in the chain, and in that of its round.
#[derive(Clone, Debug)]
pub struct ChainedEntry {
    pub n: Option<i64>,
    pub mac: Option<String>,
    pub place: Option<i64>,
    pub salt: Option<String>,
    pub private: Option<Flag>,
    pub entry: Entry,
}

impl FromRow for ChainedEntry {
    fn from_row(row: &impl AnyRow) -> sqlx::Result<Self> {
        let entry = Entry::from_row(row)?;
        let (n, mac, place) = (row.named("n")?, row.named("mac")?, row.named("place")?);
        Ok(ChainedEntry { n, mac, place, salt: row.named("salt")?, private: row.named("private")?, entry })
    }
}

impl From<ChainedEntry> for Record {
    fn from(ChainedEntry { n, mac, entry, .. }: ChainedEntry) -> Record {
        Record { fields: of_entry(&entry), id: entry.id.into(), n, mac }
    }
}

async fn entries_after(tx: &mut Tx, n: i64) -> Result<Vec<ChainedEntry>> {
    all!(tx, entries!("WHERE n > $1 ORDER BY n LIMIT 1000"), n)
}

/// Some of the entries that follow this place in the chain of their round, in order.
pub(super) async fn of_round_after(tx: &mut Tx, round: &RoundId, place: i64) -> Result<Vec<ChainedEntry>> {
    all!(tx, entries!("WHERE round_id = $1 AND place > $2 ORDER BY place, n LIMIT 1000"), round, place)
}

/// Some of those that have no place in it and follow number `n` of the whole journal, in order.
pub(super) async fn without_place(tx: &mut Tx, round: &RoundId, n: i64) -> Result<Vec<ChainedEntry>> {
    all!(tx, entries!("WHERE round_id = $1 AND place IS NULL AND n > $2 ORDER BY n LIMIT 1000"), round, n)
}

/// Gives entries their places in the chain of their round: `placed` has the id, place, salt of each and whether it is private.
pub(super) async fn place_in_round(tx: &mut Tx, placed: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE journal SET place = c.place, salt = c.salt, private = c.private
         FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'place' AS BIGINT) AS place, value ->> 'salt' AS salt,
                CAST(value ->> 'private' AS BIGINT) AS private FROM json_each($1)) AS c
         WHERE journal.id = c.id",
        placed
    )?;
    Ok(())
}

async fn unchained_entries(tx: &mut Tx, id: &str) -> Result<Vec<ChainedEntry>> {
    all!(tx, entries!("WHERE n IS NULL AND id > $1 ORDER BY id LIMIT 1000"), id)
}

async fn place_entries(tx: &mut Tx, linked: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE journal SET n = c.n, mac = c.mac
         FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'n' AS BIGINT) AS n, value ->> 'mac' AS mac FROM json_each($1)) AS c
         WHERE journal.id = c.id",
        linked
    )?;
    Ok(())
}

/// The columns of [`ChainedSignature`].
macro_rules! signatures {
    ($rest:literal) => {
        concat!("SELECT n, mac, round_id, ", signature_columns!(), " FROM signature ", $rest)
    };
}

/// A signature with its place in the chain.
#[derive(Clone, Debug)]
pub struct ChainedSignature {
    pub n: Option<i64>,
    pub mac: Option<String>,
    pub round_id: RoundId,
    pub signature: Signature,
}

impl FromRow for ChainedSignature {
    fn from_row(row: &impl AnyRow) -> sqlx::Result<Self> {
        let signature = Signature::from_row(row)?;
        Ok(ChainedSignature { n: row.named("n")?, mac: row.named("mac")?, round_id: row.named("round_id")?, signature })
    }
}

impl From<ChainedSignature> for Record {
    fn from(ChainedSignature { n, mac, round_id, signature }: ChainedSignature) -> Record {
        Record { fields: of_signature(&round_id, &signature), id: signature.id.into(), n, mac }
    }
}

async fn signatures_after(tx: &mut Tx, n: i64) -> Result<Vec<ChainedSignature>> {
    all!(tx, signatures!("WHERE n > $1 ORDER BY n LIMIT 1000"), n)
}

async fn unchained_signatures(tx: &mut Tx, id: &str) -> Result<Vec<ChainedSignature>> {
    all!(tx, signatures!("WHERE n IS NULL AND id > $1 ORDER BY id LIMIT 1000"), id)
}

async fn place_signatures(tx: &mut Tx, linked: &str) -> Result<()> {
    run!(
        tx,
        "UPDATE signature SET n = c.n, mac = c.mac
         FROM (SELECT value ->> 'id' AS id, CAST(value ->> 'n' AS BIGINT) AS n, value ->> 'mac' AS mac FROM json_each($1)) AS c
         WHERE signature.id = c.id",
        linked
    )?;
    Ok(())
}
