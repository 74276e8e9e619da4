//! Summaries of where the signatures of a round stand: who was sent one, by whom and when.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{RoundId, SummaryId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct Summary {
        pub id: SummaryId,
        pub round_id: RoundId,
        pub name: String,
        pub email: EmailAddress,
        pub sent_by: String,
        pub at: Ts,
    }
}

/// The columns of [`Summary`], then what narrows them down.
macro_rules! summaries {
    ($rest:literal) => {
        concat!("SELECT id, round_id, name, email, sent_by, at FROM signing_summary ", $rest)
    };
}

pub async fn add(tx: &mut Tx, s: &Summary) -> Result<()> {
    run!(
        tx,
        "INSERT INTO signing_summary (id, round_id, name, email, sent_by, at) VALUES ($1, $2, $3, $4, $5, $6)",
        &s.id,
        &s.round_id,
        &s.name,
        &s.email,
        &s.sent_by,
        s.at
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &SummaryId) -> Result<Option<Summary>> {
    maybe!(tx, summaries!("WHERE id = $1"), id)
}

/// The last one of a round.
pub async fn latest(tx: &mut Tx, round: &RoundId) -> Result<Option<Summary>> {
    maybe!(tx, summaries!("WHERE round_id = $1 ORDER BY at DESC, id DESC LIMIT 1"), round)
}
