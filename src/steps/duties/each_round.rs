//! What everything that asks people round by round has in common: each round in a transaction of its own, and one that fails stops only itself.

use std::pin::Pin;

use crate::base::problem::Result;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;

pub(in crate::steps) type Asked<'t> = Pin<Box<dyn Future<Output = Result<u64>> + Send + 't>>;

/// Asks in each of these rounds. `what` names the work where it fails. Returns how many mails were planned.
pub(in crate::steps) async fn in_each(
    ctx: &Ctx,
    rounds: Vec<String>,
    what: &str,
    ask: for<'t> fn(&'t Ctx, &'t mut Tx, &'t Live) -> Asked<'t>,
) -> Result<u64> {
    let mut planned = 0;
    for round in rounds {
        let (c, id) = (ctx.clone(), round.clone());
        let asked = ctx.db.write(move |tx| {
            Box::pin(async move {
                let live = c.live_by_id(tx, &id).await?;
                ask(&c, tx, &live).await
            })
        });
        planned += ctx.alone(&format!("round {round}: {what}"), asked.await)?.unwrap_or(0);
    }
    if planned > 0 {
        ctx.wake();
    }
    Ok(planned)
}
