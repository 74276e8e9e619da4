//! The journal: who did what to whom, written in the transaction that does it.

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::Tx;
use crate::store::journal::{self, Entry};

use super::ctx::Ctx;

/// The actor of what the program does by itself.
pub const SOUNDINGS: &str = "soundings";

impl Ctx {
    /// Writes into the journal what was done.
    pub async fn journal(
        &self,
        tx: &mut Tx,
        actor: &str,
        action: &str,
        round: Option<&RoundId>,
        subject: &str,
        detail: &str,
    ) -> Result<()> {
        let now = self.clock.now();
        let entry = Entry {
            id: self.ids.new_id(now),
            at: now,
            actor: actor.into(),
            action: action.into(),
            round_id: round.cloned(),
            subject: subject.into(),
            detail: detail.into(),
        };
        journal::add(tx, &self.chain, &entry).await
    }
}
