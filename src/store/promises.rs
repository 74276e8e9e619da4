//! What the promises are checked on: facts that contradict one of them, and how many facts were looked at.
//!
//! Each query goes through a whole round; they are for `doctor`, rehearsals and tests, never for a page.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, MessageId, ResponseId, RoundId};
use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::MessageKind;
use crate::store::database::tx::Tx;

use super::completion::Count;

row! {
    /// A message that has, or may have, reached a contact.
    pub struct Gone {
        pub id: MessageId,
        pub contact_id: ContactId,
        pub email: String,
        pub time_zone: String,
        pub region: String,
        pub country: String,
        pub language: String,
        pub account_id: AccountId,
        pub director_email: String,
        pub kind: MessageKind,
        pub number: i64,
        pub marked_at: Option<Ts>,
        /// The fingerprint of the account director's list that covered the name; empty where none did.
        pub signed_as: String,
        /// Whether the account was strategic by then.
        pub strategic: i64,
        pub completed_at: Option<Ts>,
        pub opted_out_at: Option<Ts>,
        /// Since when no reminder goes any more.
        pub not_chased_at: Option<Ts>,
    }
}

/// Every message that has, or may have, reached a contact. The account is that of the list that covered it when it left: somebody may have
/// moved since.
pub async fn gone(tx: &mut Tx, round: &RoundId) -> Result<Vec<Gone>> {
    all!(
        tx,
        "SELECT m.id, c.id AS contact_id, m.to_email AS email, c.time_zone, c.region, c.country, c.language, a.id AS account_id,
                a.director_email, m.kind, m.number, m.marked_at,
            CAST(CASE WHEN m.marked_at > a.strategic_since THEN 1 ELSE 0 END AS BIGINT) AS strategic,
            COALESCE(m.signed_as, '') AS signed_as,
            c.completed_at, c.opted_out_at, c.not_chased_at
         FROM message m JOIN contact c ON c.id = m.contact_id
         JOIN account a ON a.id = COALESCE((SELECT max(s.account_id) FROM signature s WHERE s.round_id = m.lane
            AND s.fingerprint = m.signed_as AND s.level = 'director'), c.account_id)
         WHERE m.lane = $1 AND m.state IN ('sending', 'sent', 'in_doubt') ORDER BY c.id, m.marked_at, m.id",
        round
    )
}

row! {
    pub struct Named {
        pub id: String,
        pub email: String,
    }
}

/// People on the list whom nothing is planned for, who wait for nothing, and whom nobody will look at again.
pub async fn forgotten(tx: &mut Tx, round: &RoundId) -> Result<Vec<Named>> {
    all!(
        tx,
        "SELECT c.id, c.email FROM contact c
         WHERE c.round_id = $1 AND c.removed_at IS NULL AND c.opted_out_at IS NULL AND c.undeliverable_at IS NULL
            AND c.look_at IS NULL AND c.waiting_for IS NULL
            AND NOT EXISTS (SELECT 1 FROM message m WHERE m.contact_id = c.id AND m.state IN ('planned', 'claimed', 'sending', 'held'))
         ORDER BY c.id",
        round
    )
}

/// People on the list whose mailbox is somebody else's: what is said under its address finds them no more.
pub async fn without_address(tx: &mut Tx, round: &RoundId) -> Result<Vec<Named>> {
    all!(
        tx,
        "SELECT c.id, c.email FROM contact c WHERE c.round_id = $1 AND c.removed_at IS NULL AND c.email_key = c.id ORDER BY c.id",
        round
    )
}

/// Completed people without a completed response or without a hand-over.
pub async fn answers_without_handoff(tx: &mut Tx, round: &RoundId) -> Result<Vec<Named>> {
    all!(
        tx,
        "SELECT c.id, c.email FROM contact c WHERE c.round_id = $1 AND c.completed_at IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM response r JOIN handoff h ON h.response_id = r.id
                WHERE r.contact_id = c.id AND r.completed_at IS NOT NULL)
         ORDER BY c.id",
        round
    )
}

row! {
    pub struct Handed {
        pub sequence: i64,
        pub body: String,
        pub response_id: ResponseId,
        pub answers: i64,
    }
}

/// Every hand-over of a round with the number of answers that are stored for it.
pub async fn handed(tx: &mut Tx, round: &RoundId) -> Result<Vec<Handed>> {
    all!(
        tx,
        "SELECT h.sequence, h.body, h.response_id, (SELECT count(*) FROM answer a WHERE a.response_id = h.response_id) AS answers
         FROM handoff h WHERE h.round_id = $1 ORDER BY h.sequence",
        round
    )
}

/// Signatures that do not say who made them, or how.
pub async fn signatures_without_origin(tx: &mut Tx, round: &RoundId) -> Result<Vec<Named>> {
    all!(
        tx,
        "SELECT id, signed_by AS email FROM signature WHERE round_id = $1
            AND (signed_by = '' OR (how = 'link' AND came_from = '') OR (how = 'recorded' AND (evidence = '' OR recorded_by = '')))
         ORDER BY id",
        round
    )
}

pub async fn signatures(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(tx, "SELECT count(*) AS n FROM signature WHERE round_id = $1", round)?;
    Ok(count.n)
}

row! {
    pub struct SentToDead {
        pub id: String,
        pub email: String,
        pub reason: String,
    }
}

/// Addresses that were given up, with the server's words, as the person has them and as the address has them. Without those that a person
/// recorded, and without people who are gone.
pub async fn dead_addresses(tx: &mut Tx, round: &RoundId) -> Result<Vec<SentToDead>> {
    all!(
        tx,
        "SELECT c.id, c.email, COALESCE(c.undeliverable_reason, '') AS reason FROM contact c
         WHERE c.round_id = $1 AND c.undeliverable_at IS NOT NULL AND c.left_at IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM journal j
                WHERE j.subject = c.id AND j.action = $2 AND j.actor <> $3)
         UNION
         SELECT c.id, c.email, COALESCE(a.dead_because, '') AS reason FROM contact c JOIN address a ON a.email_key = c.email_key
         WHERE c.round_id = $1 AND a.dead_at IS NOT NULL AND c.left_at IS NULL
            AND NOT EXISTS (
                SELECT 1 FROM journal j
                WHERE j.subject = c.id AND j.action = $2 AND j.actor <> $3)
         ORDER BY 1, 3",
        round,
        Action::FoundUndeliverable.as_str(),
        Actor::Program.as_str()
    )
}

/// Things done to people or accounts that the journal does not tell of.
pub async fn untold(tx: &mut Tx, round: &RoundId) -> Result<Vec<Named>> {
    all!(
        tx,
        "SELECT c.id, c.email FROM contact c WHERE c.round_id = $1
            AND (c.opted_out_at IS NOT NULL OR c.completed_at IS NOT NULL OR c.undeliverable_at IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.subject = c.id)
         UNION ALL
         SELECT s.id, s.signed_by AS email FROM signature s WHERE s.round_id = $1
            AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.subject = s.account_id)
         ORDER BY 1",
        round
    )
}

pub async fn journal_entries(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(tx, "SELECT count(*) AS n FROM journal WHERE round_id = $1", round)?;
    Ok(count.n)
}

row! {
    pub struct Digest {
        pub versions: i64,
        pub journal: i64,
        pub signatures: i64,
        pub answers: i64,
        pub responses: i64,
        pub requests: i64,
        pub repairs: i64,
        pub logins: i64,
        pub sessions: i64,
        pub messages: i64,
    }
}

/// Sums that move with everything that opening a link could change.
pub async fn digest(tx: &mut Tx) -> Result<Digest> {
    one!(
        tx,
        "SELECT
            (SELECT CAST(COALESCE(sum(version + COALESCE(look_at, 0) % 1000003), 0) AS BIGINT) FROM contact) AS versions,
            (SELECT count(*) FROM journal) AS journal,
            (SELECT count(*) FROM signature) + (SELECT count(*) FROM signature_withdrawal)
                + (SELECT count(*) + count(ended_at) FROM delegation) AS signatures,
            (SELECT CAST(count(*) + COALESCE(sum(saved_at % 1000003), 0) AS BIGINT) FROM answer) AS answers,
            (SELECT count(*) + count(completed_at) FROM response) AS responses,
            (SELECT CAST(COALESCE(sum(1 + asked + COALESCE(opened_at, 0) % 1000003), 0) AS BIGINT) FROM request) AS requests,
            (SELECT CAST(count(*) + COALESCE(sum(asked), 0) AS BIGINT) FROM repair_request)
                + (SELECT count(*) + count(closed_at) FROM task) + (SELECT count(*) + count(taken_back_at) FROM telephone_call)
                + (SELECT count(*) FROM call_reserved) + (SELECT count(*) FROM team_link) AS repairs,
            (SELECT count(*) + count(used_at) FROM login) AS logins,
            (SELECT count(*) FROM session) AS sessions,
            (SELECT CAST(COALESCE(sum(messages), 0) AS BIGINT) FROM message_tally
                WHERE state IN ('planned', 'withdrawn', 'held')) AS messages"
    )
}
