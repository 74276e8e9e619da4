//! Until when those who sign are away. Of one person the last that was noted counts.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{AbsenceId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, ids};

/// The columns of [`Absence`], then what narrows them down.
macro_rules! absences {
    ($rest:literal) => {
        concat!("SELECT id, round_id, email, back_at, why, by_whom, at FROM signer_absence ", $rest)
    };
}

row! {
    pub struct Absence {
        pub id: AbsenceId,
        pub round_id: RoundId,
        pub email: EmailAddress,
        /// The first instant at which he is there again.
        pub back_at: Ts,
        pub why: String,
        pub by_whom: String,
        pub at: Ts,
    }
}

/// In the place of what was noted of this person before.
pub async fn note(tx: &mut Tx, a: &Absence) -> Result<()> {
    end(tx, &a.round_id, &a.email, &a.by_whom, a.at).await?;
    run!(
        tx,
        "INSERT INTO signer_absence (id, round_id, email, back_at, why, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &a.id,
        &a.round_id,
        &a.email,
        a.back_at,
        &a.why,
        &a.by_whom,
        a.at
    )?;
    Ok(())
}

/// False where none was in force.
pub async fn end(tx: &mut Tx, round: &RoundId, email: &EmailAddress, by: &str, now: Ts) -> Result<bool> {
    let ended = run!(
        tx,
        "UPDATE signer_absence SET ended_at = $3, ended_by = $4 WHERE round_id = $1 AND email = $2 AND ended_at IS NULL",
        round,
        email,
        now,
        by
    )?;
    Ok(ended > 0)
}

/// Of these people, those that were not ended and are not over.
pub async fn in_force(tx: &mut Tx, round: &RoundId, emails: &[&str], now: Ts) -> Result<Vec<Absence>> {
    all!(
        tx,
        absences!(
            "WHERE round_id = $1 AND email IN (SELECT value ->> 'id' FROM json_each($2)) AND ended_at IS NULL AND back_at > $3
             ORDER BY email, at, id"
        ),
        round,
        ids(emails)?,
        now
    )
}
