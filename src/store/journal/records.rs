//! What is chained, as the chain sees it: entries of the journal and signatures, with their places, read and given their places.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, EntryId, RoundId, SignatureId};
use crate::base::problem::Result;
use crate::rules::evidence::EntryRecord;
use crate::rules::signoff::SignLevel;
use crate::store::completion::Count;
use crate::store::database::tx::Tx;
use crate::store::signoff::signature::{Signature, of_signature, signature_columns};

use super::entry::{Entry, of_entry, of_round};

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
        concat!("SELECT n, mac, id, at, actor, action, round_id, subject, detail FROM journal ", $rest)
    };
}

row! {
    /// An entry with its place in the chain.
    pub struct ChainedEntry {
        pub n: Option<i64>,
        pub mac: Option<String>,
        pub id: EntryId,
        pub at: Ts,
        pub actor: String,
        pub action: String,
        pub round_id: Option<RoundId>,
        pub subject: String,
        pub detail: String,
    }
}

impl From<ChainedEntry> for Record {
    fn from(c: ChainedEntry) -> Record {
        let ChainedEntry { n, mac, id, at, actor, action, round_id, subject, detail } = c;
        let entry = Entry { id, at, actor, action, round_id, subject, detail };
        Record { fields: of_entry(&entry), id: entry.id.into(), n, mac }
    }
}

impl From<ChainedEntry> for EntryRecord {
    fn from(c: ChainedEntry) -> EntryRecord {
        let ChainedEntry { id, at, actor, action, round_id, subject, detail, .. } = c;
        of_round(&Entry { id, at, actor, action, round_id, subject, detail })
    }
}

async fn entries_after(tx: &mut Tx, n: i64) -> Result<Vec<ChainedEntry>> {
    all!(tx, entries!("WHERE n > $1 ORDER BY n LIMIT 1000"), n)
}

/// Some of the entries of a round that follow number `n` of the whole journal, in order.
pub async fn of_round_after(tx: &mut Tx, round: &RoundId, n: i64) -> Result<Vec<ChainedEntry>> {
    all!(tx, entries!("WHERE round_id = $1 AND n > $2 ORDER BY n LIMIT 1000"), round, n)
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

row! {
    /// A signature with its place in the chain.
    pub struct ChainedSignature {
        pub n: Option<i64>,
        pub mac: Option<String>,
        pub round_id: RoundId,
        pub id: SignatureId,
        pub account_id: AccountId,
        pub level: SignLevel,
        pub fingerprint: String,
        pub names: i64,
        pub signed_by: String,
        pub how: String,
        pub came_from: String,
        pub evidence: String,
        pub recorded_by: String,
        pub at: Ts,
    }
}

impl From<ChainedSignature> for Record {
    fn from(c: ChainedSignature) -> Record {
        let ChainedSignature { n, mac, round_id, id, account_id, level, fingerprint, names, .. } = c;
        let ChainedSignature { signed_by, how, came_from, evidence, recorded_by, at, .. } = c;
        let s = Signature {
            id,
            account_id,
            level,
            fingerprint,
            names,
            signed_by,
            how,
            came_from,
            evidence,
            recorded_by,
            at,
        };
        Record { fields: of_signature(&round_id, &s), id: s.id.into(), n, mac }
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
