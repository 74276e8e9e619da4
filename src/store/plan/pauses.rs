//! What is stopped in a round, by scope, and the messages and people that a scope covers.

use crate::base::clock::Ts;
use crate::base::ids::{PauseId, RoundId};
use crate::base::problem::Result;
use crate::rules::sending::reason::MessageReason;
use crate::store::database::tx::Tx;

row! {
    pub struct Pause {
        pub id: PauseId,
        pub round_id: RoundId,
        /// As in `rules::plan::Scope::parts`.
        pub scope: String,
        pub value: String,
        pub why: String,
        pub from_at: Ts,
        pub until_at: Option<Ts>,
        pub made_at: Ts,
        pub made_by: String,
        pub lifted_at: Option<Ts>,
        pub lifted_by: Option<String>,
    }
}

/// The columns of [`Pause`], then what narrows them down.
macro_rules! pauses {
    ($rest:literal) => {
        concat!(
            "SELECT id, round_id, scope, value, why, from_at, until_at, made_at, made_by, lifted_at, lifted_by FROM pause ",
            $rest
        )
    };
}

pub async fn insert(tx: &mut Tx, p: &Pause) -> Result<()> {
    run!(
        tx,
        "INSERT INTO pause (id, round_id, scope, value, why, from_at, until_at, made_at, made_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        &p.id,
        &p.round_id,
        &p.scope,
        &p.value,
        &p.why,
        p.from_at,
        p.until_at,
        p.made_at,
        &p.made_by
    )?;
    Ok(())
}

/// False when it was lifted before.
pub async fn lift(tx: &mut Tx, id: &PauseId, by: &str, now: Ts) -> Result<bool> {
    let changed =
        run!(tx, "UPDATE pause SET lifted_at = $3, lifted_by = $2 WHERE id = $1 AND lifted_at IS NULL", id, by, now)?;
    Ok(changed == 1)
}

pub async fn by_id(tx: &mut Tx, id: &PauseId) -> Result<Option<Pause>> {
    maybe!(tx, pauses!("WHERE id = $1"), id)
}

/// Every pause there was.
pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<Pause>> {
    all!(tx, pauses!("WHERE round_id = $1 ORDER BY from_at, id"), round)
}

/// Those that hold something now or will.
pub async fn not_lifted(tx: &mut Tx, round: &RoundId) -> Result<Vec<Pause>> {
    all!(tx, pauses!("WHERE round_id = $1 AND lifted_at IS NULL ORDER BY from_at, id"), round)
}

/// Which contacts of a round a scope covers, as `covered`; `$1` to `$3` are round, scope and value. A touch covers everybody.
macro_rules! covered {
    ($rest:literal) => {
        concat!(
            "WITH covered AS (SELECT c.id FROM contact c JOIN account a ON a.id = c.account_id
                WHERE c.round_id = $1 AND c.removed_at IS NULL AND CASE $2
                    WHEN 'account' THEN c.account_id = $3
                    WHEN 'director' THEN lower(a.director_email) = $3
                    WHEN 'country' THEN c.country = $3
                    WHEN 'language' THEN c.language = $3
                    ELSE 1 = 1 END) ",
            $rest
        )
    };
}

row! {
    pub struct Covered {
        pub contacts: i64,
        /// Messages to them that are planned or claimed.
        pub messages: i64,
        pub next_due_at: Option<Ts>,
    }
}

/// What a pause of this scope would hold now.
pub async fn covered(tx: &mut Tx, round: &RoundId, scope: &str, value: &str) -> Result<Covered> {
    one!(
        tx,
        covered!(
            "SELECT (SELECT count(*) FROM covered) AS contacts, count(*) AS messages, min(m.due_at) AS next_due_at FROM message m
             WHERE m.lane = $1 AND m.state IN ('planned', 'claimed') AND m.contact_id IN (SELECT id FROM covered)
                AND ($2 <> 'touch' OR m.kind = $3 OR m.kind || '-' || m.number = $3)"
        ),
        round,
        scope,
        value
    )
}

/// Withdraws what is planned or claimed within a scope; what has begun to leave is not touched.
pub async fn withdraw(
    tx: &mut Tx,
    round: &RoundId,
    scope: &str,
    value: &str,
    reason: &MessageReason,
    now: Ts,
) -> Result<u64> {
    run!(
        tx,
        covered!(
            "UPDATE message SET state = 'withdrawn', reason = $4, settled_at = $5, owner = NULL, lease_until = NULL
             WHERE lane = $1 AND state IN ('planned', 'claimed') AND contact_id IN (SELECT id FROM covered)
                AND ($2 <> 'touch' OR kind = $3 OR kind || '-' || number = $3)"
        ),
        round,
        scope,
        value,
        reason.to_string(),
        now
    )
}

/// The plan looks again at everybody whom a scope covers, and whatever was claimed in the round is decided again.
pub async fn look_again(tx: &mut Tx, round: &RoundId, scope: &str, value: &str, now: Ts) -> Result<()> {
    run!(
        tx,
        covered!("UPDATE contact SET look_at = $4 WHERE id IN (SELECT id FROM covered) AND opted_out_at IS NULL"),
        round,
        scope,
        value,
        now
    )?;
    run!(tx, "UPDATE round SET version = version + 1 WHERE id = $1", round)?;
    Ok(())
}
