//! The fence of a claim: who has claimed a message, and for which attempt. What does not bring it changes nothing.

use crate::steps::context::Ctx;
use crate::store::sending::claim::Fence;

/// Of a message that this run of the program has claimed.
pub(super) fn fence(ctx: &Ctx, id: &str, attempt: i64) -> Fence {
    Fence { id: id.into(), owner: ctx.owner.to_string(), attempt }
}
