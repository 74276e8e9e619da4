//! The journal: who did what to whom, written in the transaction that does it.

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::store::Tx;
use crate::store::journal::{self, Entry};

use super::ctx::Ctx;

impl Ctx {
    /// Writes into the journal what was done.
    pub async fn journal(
        &self,
        tx: &mut Tx,
        actor: &Actor,
        action: Action,
        round: Option<&RoundId>,
        subject: &(impl AsRef<str> + Sync + ?Sized),
        detail: &str,
    ) -> Result<()> {
        let now = self.clock.now();
        let entry = Entry {
            id: self.ids.id(now),
            at: now,
            actor: actor.into(),
            action: action.as_str().into(),
            round_id: round.cloned(),
            subject: subject.as_ref().into(),
            detail: detail.into(),
        };
        journal::add(tx, &self.chain, &self.ids, &entry).await?;
        self.event_of(tx, action, &entry).await
    }
}
