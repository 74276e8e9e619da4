//! Operators, their log-in links and sessions, and the keys of other programs. Secrets are kept as hashes only.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::Result;

use super::Tx;

row! {
    pub struct Operator {
        pub id: String,
        pub email: EmailAddress,
        pub created_at: Ts,
    }
}

row! {
    pub struct Login {
        pub id: String,
        pub operator_id: String,
        pub expires_at: Ts,
        pub used_at: Option<Ts>,
    }
}

row! {
    pub struct Session {
        pub operator_id: String,
        pub email: EmailAddress,
        pub csrf: String,
        pub seen_at: Ts,
        pub expires_at: Ts,
    }
}

/// False when the address is an operator already.
pub async fn add(tx: &mut Tx, operator: &Operator) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO operator (id, email, created_at) VALUES ($1, $2, $3) ON CONFLICT (email) DO NOTHING",
        &operator.id,
        operator.email.key(),
        operator.created_at
    )?;
    Ok(changed == 1)
}

pub async fn by_email(tx: &mut Tx, email: &EmailAddress) -> Result<Option<Operator>> {
    maybe!(tx, "SELECT id, email, created_at FROM operator WHERE email = $1", email.key())
}

pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Operator>> {
    maybe!(tx, "SELECT id, email, created_at FROM operator WHERE id = $1", id)
}

pub async fn add_login(tx: &mut Tx, id: &str, operator: &str, link_hash: &str, now: Ts, expires_at: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO login (id, operator_id, link_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        id,
        operator,
        link_hash,
        now,
        expires_at
    )?;
    Ok(())
}

row! {
    pub struct Recent {
        pub n: i64,
    }
}

/// How many log-in links an operator asked for since `since`.
pub async fn logins_since(tx: &mut Tx, operator: &str, since: Ts) -> Result<i64> {
    let recent: Recent =
        one!(tx, "SELECT count(*) AS n FROM login WHERE operator_id = $1 AND created_at > $2", operator, since)?;
    Ok(recent.n)
}

pub async fn login_by_link(tx: &mut Tx, hash: &str) -> Result<Option<Login>> {
    maybe!(tx, "SELECT id, operator_id, expires_at, used_at FROM login WHERE link_hash = $1", hash)
}

/// Uses a log-in link up; false when it was used or has expired by then.
pub async fn use_login(tx: &mut Tx, id: &str, now: Ts) -> Result<bool> {
    let changed =
        run!(tx, "UPDATE login SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2", id, now)?;
    Ok(changed == 1)
}

pub async fn add_session(tx: &mut Tx, hash: &str, operator: &str, csrf: &str, now: Ts, expires_at: Ts) -> Result<()> {
    run!(tx, "DELETE FROM session WHERE expires_at <= $1", now)?;
    run!(
        tx,
        "INSERT INTO session (hash, operator_id, csrf, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $4, $4, $5)",
        hash,
        operator,
        csrf,
        now,
        expires_at
    )?;
    Ok(())
}

pub async fn session(tx: &mut Tx, hash: &str) -> Result<Option<Session>> {
    maybe!(
        tx,
        "SELECT s.operator_id, o.email, s.csrf, s.seen_at, s.expires_at FROM session s JOIN operator o ON o.id = s.operator_id WHERE s.hash = $1",
        hash
    )
}

pub async fn touch_session(tx: &mut Tx, hash: &str, now: Ts) -> Result<()> {
    run!(tx, "UPDATE session SET seen_at = $2 WHERE hash = $1", hash, now)?;
    Ok(())
}

pub async fn end_session(tx: &mut Tx, hash: &str) -> Result<()> {
    run!(tx, "DELETE FROM session WHERE hash = $1", hash)?;
    Ok(())
}

/// False when a key of this name is there already.
pub async fn add_key(tx: &mut Tx, id: &str, name: &str, hash: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO api_key (id, name, hash, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
        id,
        name,
        hash,
        now
    )?;
    Ok(changed == 1)
}

row! {
    pub struct Key {
        pub name: String,
    }
}

pub async fn key_by_hash(tx: &mut Tx, hash: &str) -> Result<Option<String>> {
    let key: Option<Key> = maybe!(tx, "SELECT name FROM api_key WHERE hash = $1", hash)?;
    Ok(key.map(|k| k.name))
}
