//! Answers, as they come in, and the one response of each contact that counts. What was answered under an address that was corrected since
//! is set aside: kept, and neither shown nor counted.

use crate::base::clock::Ts;
use crate::base::ids::{ContactId, QuestionnaireId, ResponseId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct Response {
        pub id: ResponseId,
        pub contact_id: ContactId,
        pub language: String,
        pub started_at: Ts,
        pub completed_at: Option<Ts>,
        /// Under which it was begun: `Questionnaire` kept under this id.
        pub questionnaire: QuestionnaireId,
        pub set_aside_at: Option<Ts>,
    }
}

/// The columns of [`Response`], then what narrows them down.
macro_rules! responses {
    ($rest:literal) => {
        concat!(
            "SELECT id, contact_id, language, started_at, completed_at, questionnaire, set_aside_at FROM response ",
            $rest
        )
    };
}

row! {
    pub struct AnswerRow {
        pub item: String,
        /// JSON
        pub value: String,
    }
}

pub async fn of_contact(tx: &mut Tx, contact: &ContactId) -> Result<Option<Response>> {
    maybe!(tx, responses!("WHERE contact_id = $1 AND set_aside_at IS NULL"), contact)
}

pub async fn by_id(tx: &mut Tx, id: &ResponseId) -> Result<Option<Response>> {
    maybe!(tx, responses!("WHERE id = $1"), id)
}

/// A response that is begun.
pub struct Begun<'a> {
    pub id: &'a ResponseId,
    pub round: &'a RoundId,
    pub contact: &'a ContactId,
    pub language: &'a str,
    /// The id of a questionnaire that is kept.
    pub questionnaire: &'a QuestionnaireId,
}

/// Begins a response; nothing happens when there is one.
pub async fn begin(tx: &mut Tx, b: &Begun<'_>, now: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO response (id, round_id, contact_id, language, started_at, questionnaire) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (contact_id) WHERE set_aside_at IS NULL DO NOTHING",
        b.id,
        b.round,
        b.contact,
        b.language,
        now,
        b.questionnaire
    )?;
    Ok(())
}

row! {
    pub struct KeptQuestionnaire {
        /// `Questionnaire` as JSON.
        pub content: String,
    }
}

/// Keeps a questionnaire under its id, once.
pub async fn keep_questionnaire(tx: &mut Tx, id: &QuestionnaireId, content: &str) -> Result<()> {
    run!(tx, "INSERT INTO questionnaire (id, content) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING", id, content)?;
    Ok(())
}

pub async fn questionnaire(tx: &mut Tx, id: &QuestionnaireId) -> Result<Option<KeptQuestionnaire>> {
    maybe!(tx, "SELECT content FROM questionnaire WHERE id = $1", id)
}

row! {
    pub struct AnsweredCount {
        pub item: String,
        pub people: i64,
    }
}

/// How many people of a round have answered each item.
pub async fn answered(tx: &mut Tx, round: &RoundId) -> Result<Vec<AnsweredCount>> {
    all!(
        tx,
        "SELECT a.item, count(*) AS people FROM response r JOIN answer a ON a.response_id = r.id
         WHERE r.round_id = $1 AND r.set_aside_at IS NULL GROUP BY a.item ORDER BY a.item",
        round
    )
}

row! {
    pub struct ResponseCount {
        pub begun: i64,
        pub completed: i64,
    }
}

/// How many of a round's responses are begun and not sent yet, and how many are sent.
pub async fn counts(tx: &mut Tx, round: &RoundId) -> Result<Option<ResponseCount>> {
    maybe!(
        tx,
        "SELECT CAST(count(*) - count(completed_at) AS BIGINT) AS begun, CAST(count(completed_at) AS BIGINT) AS completed
         FROM response WHERE round_id = $1 AND set_aside_at IS NULL",
        round
    )
}

/// Sets a response aside; false when it was before.
pub async fn set_aside(tx: &mut Tx, id: &ResponseId, email: &str, by: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE response SET set_aside_at = $2, set_aside_by = $3, set_aside_email = $4 WHERE id = $1 AND set_aside_at IS NULL",
        id,
        now,
        by,
        email
    )?;
    Ok(changed == 1)
}

pub async fn save(tx: &mut Tx, response: &ResponseId, item: &str, value: &str, now: Ts) -> Result<()> {
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
pub async fn erase(tx: &mut Tx, response: &ResponseId, item: &str) -> Result<()> {
    run!(tx, "DELETE FROM answer WHERE response_id = $1 AND item = $2", response, item)?;
    Ok(())
}

pub async fn answers(tx: &mut Tx, response: &ResponseId) -> Result<Vec<AnswerRow>> {
    all!(tx, "SELECT item, value FROM answer WHERE response_id = $1 ORDER BY item", response)
}

row! {
    /// How far somebody has come, without a word of what he says.
    pub struct Progress {
        pub answers: i64,
        pub last_saved_at: Option<Ts>,
    }
}

pub async fn progress(tx: &mut Tx, response: &ResponseId) -> Result<Progress> {
    one!(tx, "SELECT count(*) AS answers, max(saved_at) AS last_saved_at FROM answer WHERE response_id = $1", response)
}

/// Completes a response once; false when it was complete before.
pub async fn complete(tx: &mut Tx, id: &ResponseId, language: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE response SET completed_at = $2, language = $3 WHERE id = $1 AND completed_at IS NULL AND set_aside_at IS NULL",
        id,
        now,
        language
    )?;
    Ok(changed == 1)
}
