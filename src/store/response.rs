//! Answers, as they come in, and the one response of each contact.

use crate::base::clock::Ts;
use crate::base::problem::Result;

use super::Tx;

row! {
    pub struct Response {
        pub id: String,
        pub contact_id: String,
        pub language: String,
        pub started_at: Ts,
        pub completed_at: Option<Ts>,
    }
}

row! {
    pub struct Answer {
        pub item: String,
        /// JSON
        pub value: String,
    }
}

pub async fn of_contact(tx: &mut Tx, contact: &str) -> Result<Option<Response>> {
    maybe!(tx, "SELECT id, contact_id, language, started_at, completed_at FROM response WHERE contact_id = $1", contact)
}

pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Response>> {
    maybe!(tx, "SELECT id, contact_id, language, started_at, completed_at FROM response WHERE id = $1", id)
}

/// Begins a response; nothing happens when there is one.
pub async fn begin(tx: &mut Tx, id: &str, round: &str, contact: &str, language: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO response (id, round_id, contact_id, language, started_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (contact_id) DO NOTHING",
        id,
        round,
        contact,
        language,
        now
    )?;
    Ok(())
}

pub async fn save(tx: &mut Tx, response: &str, item: &str, value: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO answer (response_id, item, value, saved_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (response_id, item) DO UPDATE SET value = excluded.value, saved_at = excluded.saved_at",
        response,
        item,
        value,
        now
    )?;
    Ok(())
}

/// Takes an answer back: a text that was emptied again.
pub async fn erase(tx: &mut Tx, response: &str, item: &str) -> Result<()> {
    run!(tx, "DELETE FROM answer WHERE response_id = $1 AND item = $2", response, item)?;
    Ok(())
}

pub async fn answers(tx: &mut Tx, response: &str) -> Result<Vec<Answer>> {
    all!(tx, "SELECT item, value FROM answer WHERE response_id = $1 ORDER BY item", response)
}

/// Completes a response once; false when it was complete before.
pub async fn complete(tx: &mut Tx, id: &str, language: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE response SET completed_at = $2, language = $3 WHERE id = $1 AND completed_at IS NULL",
        id,
        now,
        language
    )?;
    Ok(changed == 1)
}
