//! Names of accounts that may be one account, or two. A question belongs to the round that asks it, the answer to the client.

use std::collections::HashSet;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, AccountQuestionId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::store::database::columns::Flag;
use crate::store::database::tx::{Tx, json};

/// What is to be asked.
#[derive(Clone, Debug)]
pub struct NewAccountQuestion {
    pub id: AccountQuestionId,
    pub client: String,
    pub round_id: RoundId,
    /// The account that the list has brought.
    pub account_id: AccountId,
    pub known_id: AccountId,
    pub listed_key: String,
    pub known_key: String,
    pub asked_at: Ts,
}

/// One pair of names has one question in its round, however often its list comes.
pub async fn ask(tx: &mut Tx, q: &NewAccountQuestion) -> Result<()> {
    insert(tx, q, None).await
}

/// An account that a list calls otherwise from now on (`known_key`: before). It stands among the answers, so that what is known under the
/// old name is found under the new one; nobody has said it, so that nobody is asked to take it back. What somebody has said about the two
/// stays.
pub async fn is_renamed(tx: &mut Tx, q: &NewAccountQuestion) -> Result<()> {
    insert(tx, q, Some("same")).await
}

/// `known`: the answer, where the list has given it. Only an open question about the pair is put anew.
async fn insert(tx: &mut Tx, q: &NewAccountQuestion, known: Option<&str>) -> Result<()> {
    run!(
        tx,
        "INSERT INTO account_question (id, client, round_id, account_id, known_id, listed_key, known_key, asked_at, answer, answered_at,
            answered_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (round_id, listed_key, known_key) DO UPDATE SET account_id = excluded.account_id, known_id = excluded.known_id
            WHERE account_question.answer IS NULL AND excluded.answer IS NULL",
        &q.id,
        &q.client,
        &q.round_id,
        &q.account_id,
        &q.known_id,
        &q.listed_key,
        &q.known_key,
        q.asked_at,
        known,
        known.map(|_| q.asked_at),
        known.map(|_| "list")
    )?;
    Ok(())
}

row! {
    /// A question with both names as they are now.
    pub struct AccountQuestion {
        pub id: AccountQuestionId,
        pub round_id: RoundId,
        pub account_id: AccountId,
        pub known_id: AccountId,
        pub listed_key: String,
        pub known_key: String,
        pub account: String,
        pub known: String,
        /// How many names the account has that the list has brought.
        pub names: i64,
        pub answer: Option<String>,
        pub answered_at: Option<Ts>,
        pub answered_by: Option<String>,
        /// Where the answer has moved people, and whom: JSON of their ids.
        pub moved_to: Option<AccountId>,
        pub moved: String,
    }
}

/// The columns of [`AccountQuestion`], then what narrows them down.
macro_rules! questions {
    ($rest:literal) => {
        concat!(
            "SELECT q.id, q.round_id, q.account_id, q.known_id, q.listed_key, q.known_key, a.name AS account, k.name AS known,
             a.listed AS names, q.answer, q.answered_at, q.answered_by, q.moved_to, q.moved
             FROM account_question q JOIN account a ON a.id = q.account_id JOIN account k ON k.id = q.known_id ",
            $rest
        )
    };
}

/// The open questions of a round about accounts that have people.
pub async fn open(tx: &mut Tx, round: &RoundId) -> Result<Vec<AccountQuestion>> {
    all!(tx, questions!("WHERE q.round_id = $1 AND q.answer IS NULL AND a.listed > 0 ORDER BY q.asked_at, q.id"), round)
}

/// The accounts of a round about which something is asked, also those that have nobody yet.
pub async fn asked(tx: &mut Tx, round: &RoundId) -> Result<HashSet<AccountId>> {
    let asked: Vec<(AccountId,)> = all!(
        tx,
        "SELECT account_id FROM account_question WHERE round_id = $1 AND answer IS NULL ORDER BY asked_at, id",
        round
    )?;
    Ok(asked.into_iter().map(|(id,)| id).collect())
}

/// Those of a client about these two names, whichever of them the list has brought.
pub async fn of_pair(tx: &mut Tx, client: &str, (a, b): (&str, &str)) -> Result<Vec<AccountQuestion>> {
    all!(
        tx,
        questions!(
            "WHERE q.client = $1 AND (q.listed_key = $2 AND q.known_key = $3 OR q.listed_key = $3 AND q.known_key = $2)
                AND COALESCE(q.answered_by, '') <> 'list' ORDER BY q.asked_at, q.id"
        ),
        client,
        a,
        b
    )
}

/// What the client's people have answered, the latest first.
pub async fn answered(tx: &mut Tx, client: &str, limit: i64) -> Result<Vec<AccountQuestion>> {
    all!(
        tx,
        questions!(
            "WHERE q.client = $1 AND q.answer IS NOT NULL AND q.answered_by <> 'list' ORDER BY q.answered_at DESC, q.id LIMIT $2"
        ),
        client,
        limit
    )
}

/// False when somebody else was quicker.
pub async fn answer(tx: &mut Tx, id: &AccountQuestionId, answer: &str, by: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE account_question SET answer = $2, answered_by = $3, answered_at = $4 WHERE id = $1 AND answer IS NULL",
        id,
        answer,
        by,
        now
    )?;
    Ok(changed == 1)
}

/// Whom an answer has moved, so that it can be taken back.
pub async fn has_moved(tx: &mut Tx, id: &AccountQuestionId, to: &AccountId, people: &[ContactId]) -> Result<()> {
    run!(tx, "UPDATE account_question SET moved_to = $2, moved = $3 WHERE id = $1", id, to, json(people)?)?;
    Ok(())
}

/// The question is open again. False when somebody else was quicker.
pub async fn take_back(tx: &mut Tx, id: &AccountQuestionId) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE account_question SET answer = NULL, answered_by = NULL, answered_at = NULL, moved_to = NULL, moved = '[]'
         WHERE id = $1 AND answer IS NOT NULL",
        id
    )?;
    Ok(changed == 1)
}

row! {
    /// What is known about two names of a client's accounts.
    pub struct Said {
        pub listed_key: String,
        pub known_key: String,
        pub answer: String,
        /// Nobody has said so: a list has renamed the account.
        pub renamed: Flag,
    }
}

/// All answers of a client, and the new names of its accounts, the latest first.
pub async fn said(tx: &mut Tx, client: &str) -> Result<Vec<Said>> {
    all!(
        tx,
        "SELECT listed_key, known_key, answer, CAST(CASE WHEN answered_by = 'list' THEN 1 ELSE 0 END AS BIGINT) AS renamed
         FROM account_question WHERE client = $1 AND answer IS NOT NULL ORDER BY answered_at DESC, id",
        client
    )
}

row! {
    /// A list has given an account another name.
    pub struct Renamed {
        pub account_id: AccountId,
        pub at: Ts,
    }
}

/// The accounts of a round that lists have renamed, and when.
pub async fn renamed(tx: &mut Tx, round: &RoundId) -> Result<Vec<Renamed>> {
    all!(
        tx,
        "SELECT account_id, answered_at AS at FROM account_question
         WHERE round_id = $1 AND answered_by = 'list' AND answered_at IS NOT NULL ORDER BY answered_at, id",
        round
    )
}
