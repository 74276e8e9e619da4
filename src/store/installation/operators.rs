//! Operators, their log-in links and sessions. Secrets are kept as hashes only.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{LoginId, LoginRequestId, OperatorId};
use crate::base::problem::Result;
use crate::store::database::columns::Flag;
use crate::store::database::tx::{Readable, Tx};

row! {
    pub struct Operator {
        pub id: OperatorId,
        pub email: EmailAddress,
        pub created_at: Ts,
    }
}

row! {
    pub struct Login {
        pub id: LoginId,
        pub operator_id: OperatorId,
        pub expires_at: Ts,
        pub used_at: Option<Ts>,
    }
}

row! {
    pub struct Session {
        pub hash: String,
        pub operator_id: OperatorId,
        pub email: EmailAddress,
        pub csrf: String,
        pub created_at: Ts,
        pub seen_at: Ts,
        pub expires_at: Ts,
        /// Network address and browser at the log-in.
        pub came_from: String,
    }
}

/// False when the address is an operator already. Who was removed comes back under the same id.
pub async fn add(tx: &mut Tx, operator: &Operator) -> Result<bool> {
    let changed = run!(
        tx,
        "INSERT INTO operator (id, email, created_at) VALUES ($1, $2, $3)
         ON CONFLICT (email) DO UPDATE SET removed_at = NULL, created_at = excluded.created_at WHERE operator.removed_at IS NOT NULL",
        &operator.id,
        operator.email.key(),
        operator.created_at
    )?;
    Ok(changed == 1)
}

pub async fn by_email(tx: &mut Tx, email: &EmailAddress) -> Result<Option<Operator>> {
    maybe!(tx, "SELECT id, email, created_at FROM operator WHERE email = $1 AND removed_at IS NULL", email.key())
}

pub async fn by_id(tx: &mut Tx, id: &OperatorId) -> Result<Option<Operator>> {
    maybe!(tx, "SELECT id, email, created_at FROM operator WHERE id = $1 AND removed_at IS NULL", id)
}

row! {
    /// An operator as a list shows him.
    pub struct Listed {
        pub id: OperatorId,
        pub email: EmailAddress,
        pub created_at: Ts,
        pub logged_in_at: Option<Ts>,
        /// Those that last.
        pub sessions: i64,
    }
}

/// `idle_since`: a session that was not used since is over.
pub async fn all(tx: &mut Tx, idle_since: Ts, now: Ts) -> Result<Vec<Listed>> {
    all!(
        tx,
        "SELECT o.id, o.email, o.created_at, (SELECT max(l.used_at) FROM login l WHERE l.operator_id = o.id) AS logged_in_at,
            (SELECT count(*) FROM session s WHERE s.operator_id = o.id AND s.expires_at > $2 AND s.seen_at > $1) AS sessions
         FROM operator o WHERE o.removed_at IS NULL ORDER BY o.email, o.id",
        idle_since,
        now
    )
}

row! {
    pub struct OperatorCount {
        pub n: i64,
    }
}

/// How many operators there are beside this one.
pub async fn others(tx: &mut Tx, id: &OperatorId) -> Result<i64> {
    let others: OperatorCount =
        one!(tx, "SELECT count(*) AS n FROM operator WHERE removed_at IS NULL AND id <> $1", id)?;
    Ok(others.n)
}

/// The row stays for what the journal says of its id; sessions and links go.
pub async fn remove(tx: &mut Tx, id: &OperatorId, now: Ts) -> Result<()> {
    run!(tx, "UPDATE operator SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL", id, now)?;
    Ok(())
}

/// The links of an operator that would still log in.
pub async fn open_logins(tx: &mut Tx, operator: &OperatorId, now: Ts) -> Result<Vec<String>> {
    let found: Vec<(String,)> = all!(
        tx,
        "SELECT id FROM login WHERE operator_id = $1 AND used_at IS NULL AND expires_at > $2 ORDER BY id",
        operator,
        now
    )?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Ends them, whether anybody has used them or not.
pub async fn end_logins(tx: &mut Tx, operator: &OperatorId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE login SET expires_at = $2 WHERE operator_id = $1 AND used_at IS NULL AND expires_at > $2",
        operator,
        now
    )?;
    Ok(())
}

/// `by_mail`: counts against the limit of mails.
pub async fn add_login(tx: &mut Tx, login: &Login, link_hash: &str, by_mail: bool, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO login (id, operator_id, link_hash, created_at, expires_at, by_mail) VALUES ($1, $2, $3, $4, $5, $6)",
        &login.id,
        &login.operator_id,
        link_hash,
        now,
        login.expires_at,
        Flag(by_mail)
    )?;
    Ok(())
}

/// How many links to log in an operator was mailed since `since`.
pub async fn mailed_since(tx: &mut Tx, operator: &OperatorId, since: Ts) -> Result<i64> {
    let recent: OperatorCount = one!(
        tx,
        "SELECT count(*) AS n FROM login WHERE operator_id = $1 AND created_at > $2 AND by_mail = 1",
        operator,
        since
    )?;
    Ok(recent.n)
}

row! {
    /// Somebody, known or not, asked for a link.
    pub struct Request {
        pub id: LoginRequestId,
        pub email: String,
        pub asked_at: Ts,
    }
}

pub async fn add_request(tx: &mut Tx, request: &Request) -> Result<()> {
    run!(
        quiet tx,
        "INSERT INTO login_request (id, email, asked_at) VALUES ($1, $2, $3)",
        &request.id,
        &request.email,
        request.asked_at
    )?;
    Ok(())
}

/// The oldest first.
pub async fn requests(tx: &mut Tx, limit: i64) -> Result<Readable<Request>> {
    readable!(tx, "SELECT id, email, asked_at FROM login_request ORDER BY asked_at, id LIMIT $1", limit)
}

/// False when another daemon has taken it.
pub async fn take_request(tx: &mut Tx, id: &LoginRequestId) -> Result<bool> {
    Ok(run!(quiet tx, "DELETE FROM login_request WHERE id = $1", id)? == 1)
}

pub async fn login_by_link(tx: &mut Tx, hash: &str) -> Result<Option<Login>> {
    maybe!(tx, "SELECT id, operator_id, expires_at, used_at FROM login WHERE link_hash = $1", hash)
}

/// Uses a log-in link up; false when it was used or has expired by then.
pub async fn use_login(tx: &mut Tx, id: &LoginId, now: Ts) -> Result<bool> {
    let changed =
        run!(tx, "UPDATE login SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2", id, now)?;
    Ok(changed == 1)
}

pub async fn add_session(tx: &mut Tx, session: &Session) -> Result<()> {
    run!(tx, "DELETE FROM session WHERE expires_at <= $1", session.created_at)?;
    run!(
        tx,
        "INSERT INTO session (hash, operator_id, csrf, created_at, seen_at, expires_at, came_from) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &session.hash,
        &session.operator_id,
        &session.csrf,
        session.created_at,
        session.seen_at,
        session.expires_at,
        &session.came_from
    )?;
    Ok(())
}

/// The columns of [`Session`], then what narrows them down.
macro_rules! sessions {
    ($rest:literal) => {
        concat!(
            "SELECT s.hash, s.operator_id, o.email, s.csrf, s.created_at, s.seen_at, s.expires_at, s.came_from
             FROM session s JOIN operator o ON o.id = s.operator_id AND o.removed_at IS NULL ",
            $rest
        )
    };
}

pub async fn session(tx: &mut Tx, hash: &str) -> Result<Option<Session>> {
    maybe!(tx, sessions!("WHERE s.hash = $1"), hash)
}

pub async fn sessions_of(tx: &mut Tx, operator: &OperatorId) -> Result<Vec<Session>> {
    all!(tx, sessions!("WHERE s.operator_id = $1 ORDER BY s.created_at DESC, s.hash"), operator)
}

/// All but this one; how many there were.
pub async fn end_sessions(tx: &mut Tx, operator: &OperatorId, but: &str) -> Result<u64> {
    run!(tx, "DELETE FROM session WHERE operator_id = $1 AND hash <> $2", operator, but)
}

pub async fn touch_session(tx: &mut Tx, hash: &str, now: Ts) -> Result<()> {
    run!(quiet tx, "UPDATE session SET seen_at = $2 WHERE hash = $1", hash, now)?;
    Ok(())
}

pub async fn end_session(tx: &mut Tx, hash: &str) -> Result<()> {
    run!(tx, "DELETE FROM session WHERE hash = $1", hash)?;
    Ok(())
}
