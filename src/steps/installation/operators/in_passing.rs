//! Notes that nobody waits for, such as the last use of a session or key.

use std::time::Duration;

use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Order};

/// What is noted in passing keeps nobody waiting for longer.
const LONGEST_WAIT: Duration = Duration::from_millis(300);

/// Writes what nobody waits for: a full disk or a writer that is busy keeps no page from opening. It is written later, or at the next use.
pub(super) async fn in_passing<O: Order<Done = ()>>(ctx: &Ctx, what: &str, order: O) {
    if let Ok(done) = tokio::time::timeout(LONGEST_WAIT, ctx.order(&Actor::Program, order)).await {
        ctx.unhurried(what, done);
    }
}
