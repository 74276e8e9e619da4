//! The client's word on a plan: what was shown, to whom, and when it was approved.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ApprovalId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct Approval {
        pub id: ApprovalId,
        pub round_id: RoundId,
        pub name: String,
        pub email: EmailAddress,
        pub asked_at: Ts,
        pub asked_by: String,
        /// JSON: the plan as it was shown.
        pub plan: String,
        pub messages: i64,
        pub approved_at: Option<Ts>,
        /// 'link': on the page; 'recorded': given elsewhere.
        pub how: Option<String>,
        pub evidence: Option<String>,
        /// The version of the round whose letters were shown, and their fingerprints as JSON; none of an approval from before.
        pub round_version: Option<i64>,
        pub letters: Option<String>,
    }
}

/// The columns of [`Approval`], then what narrows them down.
macro_rules! approvals {
    ($rest:literal) => {
        concat!(
            "SELECT id, round_id, name, email, asked_at, asked_by, plan, messages, approved_at, how, evidence, round_version, letters
             FROM approval ",
            $rest
        )
    };
}

pub async fn insert(tx: &mut Tx, a: &Approval, link_hash: &str) -> Result<()> {
    run!(
        tx,
        "INSERT INTO approval (id, round_id, name, email, link_hash, asked_at, asked_by, plan, messages, approved_at, how, evidence, round_version,
            letters)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        &a.id,
        &a.round_id,
        &a.name,
        &a.email,
        link_hash,
        a.asked_at,
        &a.asked_by,
        &a.plan,
        a.messages,
        a.approved_at,
        a.how.as_deref(),
        a.evidence.as_deref(),
        a.round_version,
        a.letters.as_deref()
    )?;
    Ok(())
}

pub async fn by_link(tx: &mut Tx, hash: &str) -> Result<Option<Approval>> {
    maybe!(tx, approvals!("WHERE link_hash = $1"), hash)
}

pub async fn by_id(tx: &mut Tx, id: &ApprovalId) -> Result<Option<Approval>> {
    maybe!(tx, approvals!("WHERE id = $1"), id)
}

/// Approved on the page; false when it was before.
pub async fn approve(tx: &mut Tx, id: &ApprovalId, evidence: &str, now: Ts) -> Result<bool> {
    let changed = run!(
        tx,
        "UPDATE approval SET approved_at = $3, how = 'link', evidence = $2 WHERE id = $1 AND approved_at IS NULL",
        id,
        evidence,
        now
    )?;
    Ok(changed == 1)
}

/// The last one that somebody was asked for or gave, approved or not.
pub async fn latest(tx: &mut Tx, round: &RoundId) -> Result<Option<Approval>> {
    maybe!(tx, approvals!("WHERE round_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 1"), round)
}

/// The last plan that was approved.
pub async fn latest_approved(tx: &mut Tx, round: &RoundId) -> Result<Option<Approval>> {
    maybe!(
        tx,
        approvals!("WHERE round_id = $1 AND approved_at IS NOT NULL ORDER BY approved_at DESC, id DESC LIMIT 1"),
        round
    )
}
