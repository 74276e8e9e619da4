//! Who was asked to repair the contacts of his accounts, and how often.

pub mod tasks;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, RequestId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::{Readable, Tx};

/// The columns of [`RepairRequest`], then what narrows them down.
macro_rules! requests {
    ($rest:literal) => {
        concat!(
            "SELECT id, round_id, name, email, created_at, asked, asked_at, next_ask_at FROM repair_request ",
            $rest
        )
    };
}

row! {
    pub struct RepairRequest {
        pub id: RequestId,
        pub round_id: RoundId,
        pub name: String,
        pub email: EmailAddress,
        pub created_at: Ts,
        pub asked: i64,
        pub asked_at: Option<Ts>,
        pub next_ask_at: Option<Ts>,
    }
}

/// Adds a request unless this person has one.
pub async fn add(tx: &mut Tx, r: &RepairRequest, link_hash: &str) -> Result<()> {
    run!(
        tx,
        "INSERT INTO repair_request (id, round_id, name, email, link_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (round_id, email) DO NOTHING",
        &r.id,
        &r.round_id,
        &r.name,
        &r.email,
        link_hash,
        r.created_at
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &RequestId) -> Result<Option<RepairRequest>> {
    maybe!(tx, requests!("WHERE id = $1"), id)
}

pub async fn by_link(tx: &mut Tx, hash: &str) -> Result<Option<RepairRequest>> {
    maybe!(tx, requests!("WHERE link_hash = $1"), hash)
}

pub async fn of_person(tx: &mut Tx, round: &RoundId, email: &EmailAddress) -> Result<Option<RepairRequest>> {
    maybe!(tx, requests!("WHERE round_id = $1 AND email = $2"), round, email)
}

pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<RepairRequest>> {
    all!(tx, requests!("WHERE round_id = $1 ORDER BY name, id"), round)
}

/// The running rounds in which somebody is to be asked by now.
pub async fn rounds_due(tx: &mut Tx, now: Ts) -> Result<Vec<RoundId>> {
    let rounds: Vec<(RoundId,)> = all!(
        tx,
        "SELECT r.id AS id FROM round r WHERE r.state = 'running'
            AND EXISTS (SELECT 1 FROM repair_request q WHERE q.round_id = r.id AND q.next_ask_at <= $1) ORDER BY r.id",
        now
    )?;
    Ok(rounds.into_iter().map(|(id,)| id).collect())
}

pub async fn due(tx: &mut Tx, round: &RoundId, now: Ts, limit: i64) -> Result<Readable<RepairRequest>> {
    readable!(
        tx,
        requests!("WHERE round_id = $1 AND next_ask_at <= $2 ORDER BY next_ask_at, id LIMIT $3"),
        round,
        now,
        limit
    )
}

/// The mail is planned for `at`, the one after it for `next`.
pub async fn asked(tx: &mut Tx, id: &RequestId, at: Ts, next: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE repair_request SET asked = asked + 1, asked_at = $2, next_ask_at = $3 WHERE id = $1",
        id,
        at,
        next
    )?;
    Ok(())
}

pub async fn set_next_ask(tx: &mut Tx, id: &RequestId, next: Option<Ts>) -> Result<()> {
    run!(tx, "UPDATE repair_request SET next_ask_at = $2 WHERE id = $1", id, next)?;
    Ok(())
}

/// Puts a contact of the list into the place of another, who is no longer on it.
pub async fn succeed(tx: &mut Tx, successor: &ContactId, predecessor: &ContactId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET replaces = $2, joined_at = $3, edited_at = $3 WHERE id = $1",
        successor,
        predecessor,
        now
    )?;
    Ok(())
}

/// Who stands in the place of this contact, the latest first.
pub async fn successors(tx: &mut Tx, contact: &ContactId) -> Result<Vec<ContactId>> {
    let ids: Vec<(ContactId,)> = all!(tx, "SELECT id FROM contact WHERE replaces = $1 ORDER BY id DESC", contact)?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}
