//! The keys of other programs, and what was asked for with them under a key of the request. Of a key its hash alone is kept.

use crate::base::clock::Ts;
use crate::base::ids::KeyId;
use crate::base::problem::Result;
use crate::rules::access::Rights;
use crate::store::completion::Count;
use crate::store::database::tx::Tx;

/// False when a key of this name is there already.
pub async fn add_key(tx: &mut Tx, id: &KeyId, name: &str, hash: &str, rights: &Rights, now: Ts) -> Result<bool> {
    let (scopes, rounds, client) = rights.written();
    let changed = run!(
        tx,
        "INSERT INTO api_key (id, name, hash, created_at, scopes, rounds, client) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (name) DO NOTHING",
        id,
        name,
        hash,
        now,
        scopes,
        rounds,
        client
    )?;
    Ok(changed == 1)
}

row! {
    pub struct Key {
        pub name: String,
        pub created_at: Ts,
        pub used_at: Option<Ts>,
        pub scopes: String,
        /// Names, with spaces between.
        pub rounds: String,
        pub client: String,
    }
}

impl Key {
    pub fn rights(&self) -> Rights {
        Rights::read(&self.scopes, &self.rounds, &self.client)
    }
}

pub async fn key_by_hash(tx: &mut Tx, hash: &str) -> Result<Option<Key>> {
    maybe!(tx, "SELECT name, created_at, used_at, scopes, rounds, client FROM api_key WHERE hash = $1", hash)
}

pub async fn keys(tx: &mut Tx) -> Result<Vec<Key>> {
    all!(tx, "SELECT name, created_at, used_at, scopes, rounds, client FROM api_key ORDER BY name")
}

pub async fn touch_key(tx: &mut Tx, name: &str, now: Ts) -> Result<()> {
    run!(quiet tx, "UPDATE api_key SET used_at = $2 WHERE name = $1", name, now)?;
    Ok(())
}

/// False when there is none of this name.
pub async fn remove_key(tx: &mut Tx, name: &str) -> Result<bool> {
    Ok(run!(tx, "DELETE FROM api_key WHERE name = $1", name)? == 1)
}

row! {
    /// A request that was begun under a key of its own.
    pub struct Begun {
        pub fingerprint: String,
        /// None: not answered yet.
        pub status: Option<i64>,
        pub content_type: String,
        pub answer: String,
    }
}

pub async fn begun(tx: &mut Tx, key: &str, request: &str) -> Result<Option<Begun>> {
    maybe!(
        tx,
        "SELECT fingerprint, status, content_type, answer FROM api_request WHERE key_name = $1 AND request_key = $2",
        key,
        request
    )
}

/// False when it was begun already.
pub async fn begin(tx: &mut Tx, key: &str, request: &str, fingerprint: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        quiet tx,
        "INSERT INTO api_request (key_name, request_key, fingerprint, begun_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key_name, request_key) DO NOTHING",
        key,
        request,
        fingerprint,
        now
    )?;
    Ok(changed == 1)
}

/// `answer`: status, kind of content and body.
pub async fn answered(tx: &mut Tx, key: &str, request: &str, answer: (i64, &str, &str)) -> Result<()> {
    run!(
        quiet tx,
        "UPDATE api_request SET status = $3, content_type = $4, answer = $5 WHERE key_name = $1 AND request_key = $2",
        key,
        request,
        answer.0,
        answer.1,
        answer.2
    )?;
    Ok(())
}

pub async fn forget(tx: &mut Tx, key: &str, request: &str) -> Result<()> {
    run!(quiet tx, "DELETE FROM api_request WHERE key_name = $1 AND request_key = $2", key, request)?;
    Ok(())
}

/// Those of a key that is taken back: another key of its name is another program's.
pub async fn forget_all(tx: &mut Tx, key: &str) -> Result<()> {
    run!(quiet tx, "DELETE FROM api_request WHERE key_name = $1", key)?;
    Ok(())
}

/// How many were begun before.
pub async fn old(tx: &mut Tx, before: Ts) -> Result<i64> {
    let old: Count = one!(tx, "SELECT count(*) AS n FROM api_request WHERE begun_at <= $1", before)?;
    Ok(old.n)
}

/// Those that were begun before.
pub async fn forget_old(tx: &mut Tx, before: Ts) -> Result<()> {
    run!(quiet tx, "DELETE FROM api_request WHERE begun_at <= $1", before)?;
    Ok(())
}
