//! Events: written down in the transaction in which something happens, told by a duty (docs/decisions/0073). What the journal says whole is
//! an event by its entry alone; of the rest whoever does it says more.

use crate::base::ids::{AccountId, EventId, RoundId};
use crate::base::problem::Result;
use crate::rules::handover::events::{self, AccountSigned, EventData, EventKind, SignedAccount};
use crate::rules::journal::Action;
use crate::store::Tx;
use crate::store::contacts::accounts;
use crate::store::handover::events::{NewEvent, add};
use crate::store::journal::Entry;
use crate::store::round::rounds;

use super::ctx::Ctx;

impl Ctx {
    /// Whether anybody is told of this, so that nothing is looked up for nobody.
    pub(crate) fn tells(&self, kind: EventKind) -> bool {
        self.events.kinds.contains(&kind)
    }

    /// Writes down that something has happened, where somebody is told of it.
    pub(crate) async fn event(
        &self,
        tx: &mut Tx,
        kind: EventKind,
        round: Option<&RoundId>,
        data: &EventData<'_>,
    ) -> Result<()> {
        if !self.tells(kind) {
            return Ok(());
        }
        let now = self.clock.now();
        let id: EventId = self.ids.id(now);
        let body = events::body(kind, now, data)?;
        add(tx, &NewEvent { id, round: round.cloned(), kind, body }, now).await
    }

    /// The name by which a round is told; none where there is no such round.
    pub(crate) async fn told_round(&self, tx: &mut Tx, round: Option<&RoundId>) -> Result<Option<String>> {
        let Some(round) = round else { return Ok(None) };
        Ok(rounds::brief_by_id(tx, round).await?.map(|brief| brief.slug))
    }

    /// The event that an entry of the journal is, if it is one.
    pub(super) async fn event_of(&self, tx: &mut Tx, action: Action, entry: &Entry) -> Result<()> {
        let Some(kind) = EventKind::of(action).filter(|kind| self.tells(*kind)) else { return Ok(()) };
        let (about, subject) = (entry.round_id.as_ref(), entry.subject.as_str());
        if let EventKind::GatewayHeld | EventKind::GatewayReleased = kind {
            return self.event(tx, kind, about, &EventData::Gateway { gateway: subject }).await;
        }
        let Some(slug) = self.told_round(tx, about).await? else { return Ok(()) };
        let round = slug.as_str();
        match kind {
            EventKind::AccountSigned => {
                let id = AccountId::from(subject);
                let Some(account) = accounts::by_id(tx, &id).await? else { return Ok(()) };
                let level = if action == Action::SignedOff { "director" } else { "sales_director" };
                let account = SignedAccount { id: &id, name: &account.name };
                self.event(tx, kind, about, &EventData::Account(AccountSigned { round, account, level })).await
            }
            EventKind::ContactOptedOut | EventKind::ContactBounced => {
                self.event(tx, kind, about, &EventData::Contact { round, contact: subject }).await
            }
            _ => self.event(tx, kind, about, &EventData::Round { round }).await,
        }
    }
}
