//! Rows of lists that wait for a word: is this the person whom we know under another address?

use std::collections::HashMap;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, QuestionId, RoundId};
use crate::base::problem::Result;
use crate::store::database::columns::Flag;
use crate::store::database::tx::{Tx, json};

row! {
    /// A question with both sides by name.
    pub struct Question {
        pub id: QuestionId,
        pub round_id: RoundId,
        pub account_id: AccountId,
        pub contact_id: ContactId,
        /// `known`, `twice`, `opted_out`, `complained`, `left`.
        pub why: String,
        pub old_key: String,
        pub new_key: String,
        /// JSON of the row.
        pub listed: String,
        pub asked_at: Ts,
        pub answer: Option<String>,
        /// The client's key of the row says something else about it than the address, or the name.
        pub keyed: Flag,
        /// Where the row stands now.
        pub account: String,
        pub known_first: String,
        pub known_last: String,
        pub known_email: EmailAddress,
        pub known_account: String,
        /// What the client's system calls the person.
        pub known_client_key: String,
        /// Of the round in which the person is known; another one where the fact is from an earlier round.
        pub known_round: RoundId,
        pub known_removed_at: Option<Ts>,
        pub known_removed_reason: Option<String>,
        pub known_edited_at: Option<Ts>,
    }
}

/// The columns of [`Question`], then what narrows them down.
macro_rules! questions {
    ($rest:literal) => {
        concat!(
            "SELECT q.id, q.round_id, q.account_id, q.contact_id, q.why, q.old_key, q.new_key, q.listed, q.asked_at, q.answer, q.keyed,
             a.name AS account,
             c.first_name AS known_first, c.last_name AS known_last, c.email AS known_email, ca.name AS known_account,
             c.client_key AS known_client_key, c.round_id AS known_round, c.removed_at AS known_removed_at,
             c.removed_reason AS known_removed_reason, c.edited_at AS known_edited_at
             FROM list_question q JOIN account a ON a.id = q.account_id JOIN contact c ON c.id = q.contact_id
             JOIN account ca ON ca.id = c.account_id ",
            $rest
        )
    };
}

/// What is to be asked, or asked again about a row that reads differently now.
#[derive(Clone, Debug)]
pub struct NewQuestion {
    pub id: QuestionId,
    pub round_id: RoundId,
    pub account_id: AccountId,
    pub contact_id: ContactId,
    pub why: &'static str,
    pub old_key: String,
    pub new_key: String,
    pub listed: String,
    pub asked_at: Ts,
    pub keyed: bool,
}

/// One row has one question: it stays the same when its list comes again, in the words of the latest.
pub async fn ask(tx: &mut Tx, q: &NewQuestion) -> Result<()> {
    run!(
        tx,
        "INSERT INTO list_question (id, round_id, account_id, contact_id, why, old_key, new_key, listed, asked_at, keyed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (round_id, new_key, contact_id) DO UPDATE SET account_id = excluded.account_id, listed = excluded.listed,
            why = CASE WHEN list_question.answer IS NULL THEN list_question.why ELSE excluded.why END,
            old_key = excluded.old_key, answer = NULL, keyed = excluded.keyed",
        &q.id,
        &q.round_id,
        &q.account_id,
        &q.contact_id,
        q.why,
        &q.old_key,
        &q.new_key,
        &q.listed,
        q.asked_at,
        Flag(q.keyed)
    )?;
    Ok(())
}

pub async fn open(tx: &mut Tx, round: &RoundId) -> Result<Vec<Question>> {
    all!(
        tx,
        questions!("WHERE q.round_id = $1 AND q.answer IS NULL ORDER BY a.name, c.last_name, c.first_name, q.id"),
        round
    )
}

/// The first of them, account by account.
pub async fn open_first(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<Question>> {
    all!(tx, questions!("WHERE q.round_id = $1 AND q.answer IS NULL ORDER BY q.asked_at, q.id LIMIT $2"), round, limit)
}

pub async fn open_count(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: crate::store::completion::Count =
        one!(tx, "SELECT count(*) AS n FROM list_question WHERE round_id = $1 AND answer IS NULL", round)?;
    Ok(count.n)
}

/// Open questions about whom this contact may be.
pub async fn about(tx: &mut Tx, contact: &ContactId) -> Result<Vec<Question>> {
    all!(tx, questions!("WHERE q.contact_id = $1 AND q.answer IS NULL ORDER BY q.asked_at, q.id"), contact)
}

row! {
    pub struct Answered {
        pub contact_id: ContactId,
        pub old_key: String,
        pub new_key: String,
    }
}

/// The pairs that are known to be two people.
pub async fn others(tx: &mut Tx, round: &RoundId) -> Result<Vec<Answered>> {
    all!(
        tx,
        "SELECT contact_id, old_key, new_key FROM list_question WHERE round_id = $1 AND answer = 'other'
            AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.id = list_question.contact_id
                AND contact.round_id = list_question.round_id AND contact.email_key = list_question.new_key)
            ORDER BY contact_id, new_key",
        round
    )
}

/// The same of these addresses only.
pub async fn others_at(tx: &mut Tx, round: &RoundId, new_keys: &[&str]) -> Result<Vec<Answered>> {
    all!(
        tx,
        "SELECT contact_id, old_key, new_key FROM list_question WHERE round_id = $1 AND answer = 'other'
            AND new_key IN (SELECT value ->> 'key' FROM json_each($2))
            AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.id = list_question.contact_id
                AND contact.round_id = list_question.round_id AND contact.email_key = list_question.new_key)
            ORDER BY contact_id, new_key",
        round,
        keys(new_keys)?
    )
}

fn keys(all: &[&str]) -> Result<String> {
    let all: Vec<_> = all.iter().map(|key| serde_json::json!({ "key": key })).collect();
    json(&all)
}

row! {
    /// Somebody of a round who has the address or the client's key of a row that is asked about.
    pub struct Near {
        pub id: ContactId,
        pub first_name: String,
        pub last_name: String,
        pub email_key: String,
        pub client_key: String,
        pub removed_at: Option<Ts>,
        pub removed_reason: Option<String>,
        pub edited_at: Option<Ts>,
    }
}

/// Who of a round has one of these addresses, or one of these keys.
pub async fn near(tx: &mut Tx, round: &RoundId, addresses: &[&str], client_keys: &[&str]) -> Result<Vec<Near>> {
    all!(
        tx,
        "SELECT id, first_name, last_name, email_key, client_key, removed_at, removed_reason, edited_at FROM contact
            WHERE round_id = $1 AND loading IS NULL AND email_key IN (SELECT value ->> 'key' FROM json_each($2))
         UNION SELECT id, first_name, last_name, email_key, client_key, removed_at, removed_reason, edited_at FROM contact
            WHERE round_id = $1 AND loading IS NULL AND client_key <> '' AND client_key IN (SELECT value ->> 'key' FROM json_each($3))
         ORDER BY 1",
        round,
        keys(addresses)?,
        keys(client_keys)?
    )
}

row! {
    pub struct FormerAccount {
        pub key: String,
        pub contact_id: ContactId,
    }
}

/// Whose other addresses these are: somebody has said that the person has another one now, and nobody that it is somebody else's. Several
/// may have had one after another.
pub async fn former(tx: &mut Tx, round: &RoundId, keys: &[String]) -> Result<HashMap<String, Vec<ContactId>>> {
    let asked: Vec<_> = keys.iter().map(|key| serde_json::json!({ "key": key })).collect();
    let found: Vec<FormerAccount> = all!(
        tx,
        "SELECT q.old_key AS key, q.contact_id AS contact_id FROM list_question q JOIN contact c ON c.id = q.contact_id
         WHERE q.round_id = $1 AND c.round_id = $1 AND q.answer = 'same' AND q.old_key IN (SELECT value ->> 'key' FROM json_each($2))
            AND NOT EXISTS (SELECT 1 FROM list_question o WHERE o.round_id = $1 AND o.new_key = q.old_key AND o.contact_id = q.contact_id
                AND o.answer = 'other')
         UNION SELECT q.new_key AS key, q.contact_id AS contact_id FROM list_question q JOIN contact c ON c.id = q.contact_id
         WHERE q.round_id = $1 AND c.round_id = $1 AND q.answer = 'same' AND q.new_key IN (SELECT value ->> 'key' FROM json_each($2))
            AND NOT EXISTS (SELECT 1 FROM list_question o WHERE o.round_id = $1 AND o.new_key = q.new_key AND o.contact_id = q.contact_id
                AND o.answer = 'other')
         ORDER BY 1, 2",
        round,
        json(&asked)?
    )?;
    let mut former: HashMap<String, Vec<ContactId>> = HashMap::new();
    for found in found {
        former.entry(found.key).or_default().push(found.contact_id);
    }
    Ok(former)
}

/// False when somebody else was quicker. Whom lists know under an address that is somebody else's, as is answered, they know so no more.
pub async fn answer(tx: &mut Tx, id: &QuestionId, answer: &str, by: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE list_question SET answer = $2, answered_by = $3, answered_at = $4 WHERE id = $1 AND answer IS NULL",
        id,
        answer,
        by,
        now
    )?;
    if changed == 1 && answer == "other" {
        run!(
            tx,
            "UPDATE contact SET list_key = email_key WHERE list_key <> email_key AND (id, list_key) IN
                (SELECT q.contact_id, q.new_key FROM list_question q WHERE q.id = $1)",
            id
        )?;
    }
    Ok(changed == 1)
}

/// The row is no longer on the list of a draft: there is nothing to be asked.
pub async fn forget(tx: &mut Tx, id: &QuestionId) -> Result<()> {
    run!(tx, "DELETE FROM list_question WHERE id = $1 AND answer IS NULL", id)?;
    Ok(())
}

/// The new address has come to a contact of the round in another way, by a correction or as a successor's: nothing is left to be asked.
pub async fn forget_settled(tx: &mut Tx, round: &RoundId) -> Result<()> {
    run!(
        tx,
        "DELETE FROM list_question WHERE round_id = $1 AND answer IS NULL AND keyed = 0
            AND EXISTS (SELECT 1 FROM contact c WHERE c.round_id = list_question.round_id
                AND c.email_key = list_question.new_key AND c.loading IS NULL)",
        round
    )?;
    Ok(())
}

row! {
    /// Somebody of an earlier round of the same client about whom something lasts.
    pub struct Lasting {
        pub contact_id: ContactId,
        pub first_name: String,
        pub last_name: String,
        pub account: String,
        pub email: EmailAddress,
        /// `opted_out`, `complained`, `left`.
        pub what: String,
        pub client_key: String,
        pub round_id: RoundId,
    }
}

/// What lasts beyond a round, by person: told by every other round of the client. What somebody has said who has given his address up since
/// is kept under his id, and found by it.
pub async fn lasting(tx: &mut Tx, round: &RoundId) -> Result<Vec<Lasting>> {
    all!(
        tx,
        "SELECT c.id AS contact_id, c.first_name AS first_name, c.last_name AS last_name, a.name AS account, c.email AS email,
            CASE o.kind WHEN 'complaint' THEN 'complained' WHEN 'left' THEN 'left' ELSE 'opted_out' END AS what,
            c.client_key AS client_key, c.round_id AS round_id
         FROM objection o JOIN contact c ON c.email_key = o.email_key AND c.loading IS NULL JOIN account a ON a.id = c.account_id
            JOIN round r ON r.id = c.round_id AND r.client_key = o.client
         WHERE r.id <> $1 AND o.client = (SELECT t.client_key FROM round t WHERE t.id = $1) AND o.ended_at IS NULL
         ORDER BY r.created_at DESC, c.id, CASE o.kind WHEN 'complaint' THEN 1 WHEN 'never_again' THEN 2 ELSE 3 END",
        round
    )
}
