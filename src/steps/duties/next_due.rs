//! What is due next, so that whoever drives the steps runs those that have something to do and sleeps until then.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::sending::outbox::DOUBT_LASTS;
use crate::steps::context::Ctx;
use crate::steps::handover::telling;
use crate::steps::sending::trouble::holds::earliest_under_holds;
use crate::store::installation::next_due::{Earliest, earliest};

/// When each step has something to do; none: not before something changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NextDue {
    /// `signoff::ask`
    pub ask: Option<Ts>,
    /// `repair::ask`
    pub repair: Option<Ts>,
    /// `plan::tick`
    pub plan: Option<Ts>,
    /// `digest::tick`
    pub digest: Option<Ts>,
    /// `outbox::ResolveDoubts`
    pub doubts: Option<Ts>,
    /// `delivery::recover`
    pub leases: Option<Ts>,
    /// `delivery::drain`
    pub messages: Option<Ts>,
    /// `handover::deliver`
    pub handoffs: Option<Ts>,
    /// `steps::handover::telling::tell`
    pub events: Option<Ts>,
    /// `round::close_due`
    pub close: Option<Ts>,
}

pub async fn read(ctx: &Ctx) -> Result<NextDue> {
    let mut tx = ctx.db.read().await?;
    let Earliest { message, look_at, request, repair, digest, doubted, lease, handoff, close } =
        earliest(&mut tx).await?;
    let message = earliest_under_holds(&mut tx, message).await?;
    Ok(NextDue {
        ask: request,
        repair,
        plan: look_at,
        digest,
        doubts: doubted.map(|at| at.plus(DOUBT_LASTS)),
        leases: lease,
        messages: message,
        handoffs: handoff,
        events: telling::next_due(ctx, &mut tx).await?,
        close,
    })
}

impl NextDue {
    /// The earliest of all, past or to come.
    pub fn next(&self) -> Option<Ts> {
        let all = [
            self.ask,
            self.repair,
            self.plan,
            self.digest,
            self.doubts,
            self.leases,
            self.messages,
            self.handoffs,
            self.events,
            self.close,
        ];
        all.into_iter().flatten().min()
    }
}
