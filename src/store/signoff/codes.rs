//! Codes that were mailed to whoever signs: to whom, when, for which accounts, and how many wrong ones were typed. Never their digits.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, CodeId, RequestId};
use crate::base::problem::{Problem, Result};
use crate::store::database::tx::{Tx, json};

/// The columns of [`Code`], then what narrows them down.
macro_rules! codes {
    ($rest:literal) => {
        concat!("SELECT id, request_id, sent_at, wrong, accounts FROM sign_code ", $rest)
    };
}

row! {
    pub struct Code {
        pub id: CodeId,
        pub request_id: RequestId,
        pub sent_at: Ts,
        pub wrong: i64,
        /// Ids, as JSON.
        pub accounts: String,
    }
}

impl Code {
    /// Those that waited for a code when it was sent.
    pub fn accounts(&self) -> Result<Vec<AccountId>> {
        serde_json::from_str(&self.accounts)
            .map_err(|e| Problem::internal("The accounts of a code cannot be read.").because(e))
    }
}

pub async fn add(tx: &mut Tx, id: &CodeId, request: &RequestId, at: Ts, accounts: &[AccountId]) -> Result<()> {
    run!(
        tx,
        "INSERT INTO sign_code (id, request_id, sent_at, accounts) VALUES ($1, $2, $3, $4)",
        id,
        request,
        at,
        json(accounts)?
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &CodeId) -> Result<Option<Code>> {
    maybe!(tx, codes!("WHERE id = $1"), id)
}

/// The one that was sent last; no other is good.
pub async fn latest(tx: &mut Tx, request: &RequestId) -> Result<Option<Code>> {
    maybe!(tx, codes!("WHERE request_id = $1 ORDER BY sent_at DESC, id DESC LIMIT 1"), request)
}

/// When codes were sent to this request after `since`.
pub async fn sent_after(tx: &mut Tx, request: &RequestId, since: Ts) -> Result<Vec<Ts>> {
    let sent: Vec<(Ts,)> =
        all!(tx, "SELECT sent_at AS id FROM sign_code WHERE request_id = $1 AND sent_at > $2", request, since)?;
    Ok(sent.into_iter().map(|(at,)| at).collect())
}

/// A wrong one was typed.
pub async fn count_wrong(tx: &mut Tx, id: &CodeId) -> Result<()> {
    run!(tx, "UPDATE sign_code SET wrong = wrong + 1 WHERE id = $1", id)?;
    Ok(())
}
