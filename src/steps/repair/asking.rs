//! Asking for repairs: one mail to whoever looks after the account, naming all that is open there.
//!
//! It goes when something comes up, when more comes up, and every five working days until it is done. What it says is looked up when it
//! leaves.

use crate::base::clock::Ts;
use crate::base::ids::{RequestId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::MessageKind;
use crate::rules::repair as rule;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::duties::asking::{AskedByMail, ask_all};
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::repair::RepairRequest;
use crate::store::sending::outbox;
use crate::store::{Readable, Tx, repair as requests};

use super::contact_tasks::open_of;

/// Asks everybody whose time has come about all that is open. Returns how many mails were planned.
pub async fn ask(ctx: &Ctx) -> Result<u64> {
    ask_all::<RepairRequest>(ctx).await
}

impl AskedByMail for RepairRequest {
    const WORK: &'static str = "asking for repairs";
    const NAME: &'static str = "request for repairs";

    fn id(&self) -> &RequestId {
        &self.id
    }

    async fn rounds_due(tx: &mut Tx, now: Ts) -> Result<Vec<RoundId>> {
        requests::rounds_due(tx, now).await
    }

    async fn due(tx: &mut Tx, round: &RoundId, now: Ts, limit: i64) -> Result<Readable<RepairRequest>> {
        requests::due(tx, round, now, limit).await
    }

    async fn put_off(tx: &mut Tx, id: &RequestId, until: Ts) -> Result<()> {
        requests::set_next_ask(tx, id, Some(until)).await
    }

    async fn ask(&self, ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<u64> {
        let (now, office) = (ctx.clock.now(), live.sequence.home());
        if open_of(tx, self).await?.is_empty() {
            requests::set_next_ask(tx, &self.id, None).await?;
            return Ok(0);
        }
        // The machine may have been off when the time came.
        let due_at = office.next_sending_time(now);
        let to = Addressee { subject: self.id.as_str(), name: &self.name, email: &self.email };
        let message = message_to(ctx, &live.lane(), to, MessageKind::Repair, self.asked + 1, due_at);
        let planned = u64::from(outbox::enqueue(tx, &message, now).await?);
        requests::asked(tx, &self.id, due_at, rule::chase_at(&office, due_at)).await?;
        Ok(planned)
    }
}

/// Has somebody asked again at once.
pub struct AskAgainToRepair {
    pub request: RequestId,
}

impl Order for AskAgainToRepair {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let unknown = || Problem::not_found("There is no such request.", "Go back to the list of repairs.");
        let r = requests::by_id(tx, &self.request).await?.ok_or_else(unknown)?;
        tx.in_round(&r.round_id);
        if open_of(tx, &r).await?.is_empty() {
            let what = format!("{} has nothing left to repair.", r.name);
            return Err(Problem::refused(what, "Look at the list of repairs again."));
        }
        requests::set_next_ask(tx, &r.id, Some(ctx.clock.now())).await?;
        ctx.journal(tx, by, Action::AskedAgainToRepair, Some(&r.round_id), &r.id, r.email.as_str()).await
    }
}
