//! The fence of a claim: who has claimed a message, and for which attempt. What does not bring it changes nothing.

use crate::base::ids::MessageId;
use crate::steps::context::Ctx;
use crate::store::sending::claim::Fence;

/// Of a message that this run of the program has claimed.
pub(super) fn fence(ctx: &Ctx, id: &MessageId, attempt: i64) -> Fence {
    Fence { id: id.clone(), owner: ctx.owner.to_string(), attempt }
}
