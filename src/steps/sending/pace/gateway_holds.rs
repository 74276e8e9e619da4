//! Holding the mail to one gateway and letting it go again, by an operator or when the trouble turns out to have been our own.

use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::rules::sending::pace::NEVER_HELD;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::sending::trouble::holds::lift_at;
use crate::store::Tx;
use crate::store::sending::gateways as ledger;

use super::standings::{row, standing_of};

/// Holds all mail to a gateway until it is released. What waits there is told why at its next turn.
pub struct HoldGateway {
    pub gateway: String,
}

impl Order for HoldGateway {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let gateway = &self.gateway;
        let held = standing_of(tx, gateway).await?.held_by(by.as_str(), ctx.clock.now());
        ledger::keep(tx, &row(gateway, held)).await?;
        ctx.journal(tx, by, Action::HeldGateway, None, gateway, "until it is released").await
    }
}

/// Lets mail to a gateway go again at once, at its usual pace, somebody first.
pub struct ReleaseGateway {
    pub gateway: String,
}

impl Order for ReleaseGateway {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let gateway = &self.gateway;
        let waiting = let_go(ctx, tx, gateway).await?;
        lift_at(ctx, tx, gateway, by).await?;
        let detail = counted(waiting, "message was waiting", "messages were waiting");
        ctx.journal(tx, by, Action::ReleasedGateway, None, gateway, &detail).await
    }
}

async fn let_go(ctx: &Ctx, tx: &mut Tx, gateway: &str) -> Result<u64> {
    let now = ctx.clock.now();
    let released = standing_of(tx, gateway).await?.released(now);
    ledger::keep(tx, &row(gateway, released)).await?;
    ledger::forget_first(tx, gateway).await?;
    ledger::ask_all_now(tx, gateway, now).await
}

/// What the program has held by itself since then was for trouble that is over.
pub(crate) async fn release_if_held_since(ctx: &Ctx, tx: &mut Tx, gateway: &str, since: Ts) -> Result<()> {
    let standing = standing_of(tx, gateway).await?;
    let by_itself = standing.held_by == NEVER_HELD && standing.held_until.is_some_and(|until| until > ctx.clock.now());
    if by_itself && standing.held_at.is_some_and(|at| at >= since) {
        let_go(ctx, tx, gateway).await?;
        ctx.journal(tx, &Actor::Program, Action::ReleasedGateway, None, gateway, "it was our trouble").await?;
    }
    Ok(())
}
