//! Names of accounts that differ in their legal form: one account, or two? Answered once for a client.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, AccountQuestionId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

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

/// One pair of names has one question, however often its list comes.
pub async fn ask(tx: &mut Tx, q: &NewAccountQuestion) -> Result<()> {
    run!(
        tx,
        "INSERT INTO account_question (id, client, round_id, account_id, known_id, listed_key, known_key, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (client, listed_key, known_key) DO UPDATE SET round_id = excluded.round_id, account_id = excluded.account_id,
            known_id = excluded.known_id WHERE account_question.answer IS NULL",
        &q.id,
        &q.client,
        &q.round_id,
        &q.account_id,
        &q.known_id,
        &q.listed_key,
        &q.known_key,
        q.asked_at
    )?;
    Ok(())
}

row! {
    /// A question with both names as they are now.
    pub struct AccountQuestion {
        pub id: AccountQuestionId,
        pub account_id: AccountId,
        pub known_id: AccountId,
        pub account: String,
        pub known: String,
        /// How many names the account has that the list has brought.
        pub names: i64,
    }
}

/// The open questions of a round about accounts that have people.
pub async fn open(tx: &mut Tx, round: &RoundId) -> Result<Vec<AccountQuestion>> {
    all!(
        tx,
        "SELECT q.id, q.account_id, q.known_id, a.name AS account, k.name AS known, a.listed AS names
         FROM account_question q JOIN account a ON a.id = q.account_id JOIN account k ON k.id = q.known_id
         WHERE q.round_id = $1 AND q.answer IS NULL AND a.listed > 0 ORDER BY q.asked_at, q.id",
        round
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

row! {
    /// What somebody has said about two names.
    pub struct Said {
        pub listed_key: String,
        pub known_key: String,
        pub answer: String,
    }
}

/// All answers of a client, the latest first.
pub async fn said(tx: &mut Tx, client: &str) -> Result<Vec<Said>> {
    all!(
        tx,
        "SELECT listed_key, known_key, answer FROM account_question WHERE client = $1 AND answer IS NOT NULL
         ORDER BY answered_at DESC, id",
        client
    )
}
