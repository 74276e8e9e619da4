//! Who was asked to sign which names, and every signature that was ever made, each chained to the one before (`chain.rs`).

pub mod absences;
pub mod board;
pub mod codes;
pub mod covering;
pub mod decisions;
pub mod delegations;
pub mod looks;
pub mod director_tally;
pub mod name_changes;
pub mod receipts;
pub mod signature;
pub mod signers;
pub mod summaries;
pub mod withdrawals;

pub use signature::Signature;

use crate::base::address::EmailAddress;
use crate::base::chain::ChainKey;
use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ReceiptId, RequestId, RoundId, SignatureId};
use crate::base::problem::Result;
use crate::rules::signoff::SignLevel;
use crate::store::database::columns::Flag;
use crate::store::database::rows::{AnyRow, FromRow};
use crate::store::database::tx::{Readable, Tx, ids};
use crate::store::journal::chain;
use crate::store::journal::records::Chain;

use self::signature::{kept_as, of_signature, signature_columns};

/// The columns of [`Request`], then what narrows them down.
macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "SELECT id, round_id, level, name, email, created_at, asked, asked_at, next_ask_at, opened_at, stands_in FROM request ",
            $rest
        )
    };
}

macro_rules! signatures {
    ($rest:literal) => {
        concat!("SELECT ", signature_columns!(), " FROM signature ", $rest)
    };
}

row! {
    pub struct Request {
        pub id: RequestId,
        pub round_id: RoundId,
        pub level: SignLevel,
        pub name: String,
        pub email: EmailAddress,
        pub created_at: Ts,
        pub asked: i64,
        pub asked_at: Option<Ts>,
        pub next_ask_at: Option<Ts>,
        pub opened_at: Option<Ts>,
        /// Was asked only for others: sees their accounts, and not all of his level.
        pub stands_in: Flag,
    }
}

/// Adds a request unless this person has one at this level; says the id and link hash only for a new one.
pub async fn add_request(tx: &mut Tx, request: &Request, link_hash: &str) -> Result<()> {
    run!(
        tx,
        "INSERT INTO request (id, round_id, level, name, email, link_hash, created_at, next_ask_at, stands_in)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (round_id, level, email) DO NOTHING",
        &request.id,
        &request.round_id,
        request.level,
        &request.name,
        &request.email,
        link_hash,
        request.created_at,
        request.next_ask_at,
        request.stands_in
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &RequestId) -> Result<Option<Request>> {
    maybe!(tx, requests!("WHERE id = $1"), id)
}

pub async fn by_link(tx: &mut Tx, hash: &str) -> Result<Option<Request>> {
    maybe!(tx, requests!("WHERE link_hash = $1"), hash)
}

pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<Request>> {
    all!(tx, requests!("WHERE round_id = $1 ORDER BY level, name, id"), round)
}

/// Of these people at a level, by their addresses.
pub async fn of_people(tx: &mut Tx, round: &RoundId, level: SignLevel, emails: &[&str]) -> Result<Vec<Request>> {
    all!(
        tx,
        requests!(
            "WHERE round_id = $1 AND level = $2 AND email IN (SELECT value ->> 'id' FROM json_each($3)) ORDER BY email, id"
        ),
        round,
        level,
        ids(emails)?
    )
}

/// Whoever was the sales director and is it no more sees only what is signed for others.
pub async fn signs_for_others_only(
    tx: &mut Tx,
    round: &RoundId,
    level: SignLevel,
    but_for: &EmailAddress,
) -> Result<()> {
    run!(
        tx,
        "UPDATE request SET stands_in = 1 WHERE round_id = $1 AND level = $2 AND email <> $3 AND stands_in = 0",
        round,
        level,
        but_for
    )?;
    Ok(())
}

/// Who was asked only for others signs his own now.
pub async fn stands_for_himself(tx: &mut Tx, round: &RoundId, level: SignLevel, email: &EmailAddress) -> Result<()> {
    run!(
        tx,
        "UPDATE request SET stands_in = 0 WHERE round_id = $1 AND level = $2 AND email = $3 AND stands_in = 1",
        round,
        level,
        email
    )?;
    Ok(())
}

/// The running rounds in which somebody is to be asked by now.
pub async fn rounds_due(tx: &mut Tx, now: Ts) -> Result<Vec<RoundId>> {
    let rounds: Vec<(RoundId,)> = all!(
        tx,
        "SELECT r.id AS id FROM round r WHERE r.state = 'running'
            AND EXISTS (SELECT 1 FROM request q WHERE q.round_id = r.id AND q.next_ask_at <= $1) ORDER BY r.id",
        now
    )?;
    Ok(rounds.into_iter().map(|(id,)| id).collect())
}

pub async fn due(tx: &mut Tx, round: &RoundId, now: Ts, limit: i64) -> Result<Readable<Request>> {
    readable!(
        tx,
        requests!("WHERE round_id = $1 AND next_ask_at <= $2 ORDER BY next_ask_at, id LIMIT $3"),
        round,
        now,
        limit
    )
}

/// When the next of a round is asked.
pub async fn next_ask(tx: &mut Tx, round: &RoundId) -> Result<Option<Ts>> {
    let found: (Option<Ts>,) =
        one!(tx, "SELECT min(next_ask_at) AS next_ask_at FROM request WHERE round_id = $1", round)?;
    Ok(found.0)
}

pub async fn asked(tx: &mut Tx, id: &RequestId, now: Ts, next: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE request SET asked = asked + 1, asked_at = $2, next_ask_at = $3 WHERE id = $1", id, now, next)?;
    Ok(())
}

pub async fn set_next_ask(tx: &mut Tx, id: &RequestId, next: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE request SET next_ask_at = $2 WHERE id = $1", id, next)?;
    Ok(())
}

/// Something is to be signed again: ask this person at `at`, if he has a request.
pub async fn ask_again(tx: &mut Tx, round: &RoundId, level: SignLevel, email: &EmailAddress, at: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE request SET next_ask_at = $4 WHERE round_id = $1 AND level = $2 AND email = $3 AND next_ask_at IS NULL",
        round,
        level,
        email,
        at
    )?;
    Ok(())
}

/// A signed list is unsigned again: ask this person at `at`, also where a later chase is planned.
pub async fn ask_sooner(tx: &mut Tx, round: &RoundId, level: SignLevel, email: &EmailAddress, at: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE request SET next_ask_at = $4 WHERE round_id = $1 AND level = $2 AND email = $3 AND next_ask_at > $4",
        round,
        level,
        email,
        at
    )?;
    Ok(())
}

pub async fn add_signature(tx: &mut Tx, key: &ChainKey, round: &RoundId, s: &Signature) -> Result<()> {
    let (n, mac) = chain::next(tx, key, Chain::Signatures, &of_signature(round, s)).await?;
    let (how, human_step, carried) = kept_as(&s.how);
    run!(
        tx,
        "INSERT INTO signature (id, round_id, account_id, level, fingerprint, names, signed_by, how, came_from, evidence, recorded_by, at, n, mac,
            human_step, carried)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        &s.id,
        round,
        &s.account_id,
        s.level,
        &s.fingerprint,
        s.names,
        &s.signed_by,
        how,
        &s.came_from,
        &s.evidence,
        &s.recorded_by,
        s.at,
        n,
        &mac,
        human_step,
        carried
    )?;
    Ok(())
}

/// The signatures on an account that were not taken back, the oldest first.
pub async fn of_account(tx: &mut Tx, account: &AccountId) -> Result<Vec<Signature>> {
    all!(
        tx,
        signatures!(
            "WHERE account_id = $1 AND NOT EXISTS (SELECT 1 FROM signature_withdrawal w
                WHERE w.account_id = signature.account_id AND w.level = signature.level AND w.after_n >= signature.n) ORDER BY at, id"
        ),
        account
    )
}

/// Keeps the names that a signature covers, as JSON, with what the account is called, so that what changes later can be told and proved.
pub async fn keep_list(tx: &mut Tx, signature: &SignatureId, called: &str, names: &str) -> Result<()> {
    run!(tx, "INSERT INTO signed_list (signature_id, account, names) VALUES ($1, $2, $3)", signature, called, names)?;
    Ok(())
}

/// The names that a signature covers; none where they were not kept.
pub async fn signed_list(tx: &mut Tx, signature: &SignatureId) -> Result<Option<String>> {
    let found: Option<(String,)> = maybe!(tx, "SELECT names FROM signed_list WHERE signature_id = $1", signature)?;
    Ok(found.map(|(names,)| names))
}

/// The columns of [`WithList`], then what narrows them down.
macro_rules! signatures_with_lists {
    ($rest:literal) => {
        concat!(
            "SELECT n, called, list, ",
            signature_columns!(),
            " FROM signature
              LEFT JOIN (SELECT signature_id, account AS called, names AS list FROM signed_list) AS kept ON kept.signature_id = signature.id ",
            $rest
        )
    };
}

/// A signature with the list that it covers.
#[derive(Clone, Debug)]
pub struct WithList {
    /// Its number among all.
    pub n: i64,
    pub signature: Signature,
    /// What the account was called then; earlier versions did not keep it.
    pub called: Option<String>,
    /// As JSON; none where they were not kept.
    pub list: Option<String>,
}

impl FromRow for WithList {
    fn from_row(row: &impl AnyRow) -> sqlx::Result<Self> {
        Ok(WithList {
            n: row.named("n")?,
            signature: Signature::from_row(row)?,
            called: row.named("called")?,
            list: row.named("list")?,
        })
    }
}

/// Some of the signatures of a round that follow number `n` of all, in the order in which they were made, each with its list.
pub async fn with_lists(tx: &mut Tx, round: &RoundId, n: i64) -> Result<Vec<WithList>> {
    all!(tx, signatures_with_lists!("WHERE round_id = $1 AND n > $2 ORDER BY n LIMIT 200"), round, n)
}

/// The signatures that a receipt tells of, in the order in which they were made.
pub async fn on_receipt(tx: &mut Tx, receipt: &ReceiptId) -> Result<Vec<WithList>> {
    all!(
        tx,
        signatures_with_lists!(
            "WHERE id IN (SELECT l.signature_id FROM receipt_line l WHERE l.receipt_id = $1) ORDER BY n"
        ),
        receipt
    )
}

/// The same of these accounts, each account's together and the oldest first.
pub async fn of_accounts(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<Signature>> {
    all!(
        tx,
        signatures!(
            "WHERE account_id IN (SELECT value ->> 'id' FROM json_each($1)) AND NOT EXISTS (SELECT 1 FROM signature_withdrawal w
                WHERE w.account_id = signature.account_id AND w.level = signature.level AND w.after_n >= signature.n)
             ORDER BY account_id, at, id"
        ),
        ids(accounts)?
    )
}

row! {
    /// The names that the account director signed last, of one account.
    pub struct LastList {
        pub account_id: AccountId,
        /// As JSON.
        pub names: String,
    }
}

/// What account directors signed last of these accounts; nothing of those that none has signed, or whose names were not kept.
pub async fn last_lists(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<LastList>> {
    all!(
        tx,
        "SELECT s.account_id AS account_id, l.names AS names FROM signature s JOIN signed_list l ON l.signature_id = s.id
         WHERE s.level = 'director' AND s.account_id IN (SELECT value ->> 'id' FROM json_each($1))
            AND NOT EXISTS (SELECT 1 FROM signature o WHERE o.account_id = s.account_id AND o.level = 'director' AND o.n > s.n)
         ORDER BY s.account_id",
        ids(accounts)?
    )
}
