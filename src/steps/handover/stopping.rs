//! What becomes of something that is on its way to a receiver when the program is told to stop.

use std::time::Duration;

use crate::steps::context::Ctx;
use soundings_handover::Delivered;

/// After a stop, for an answer that is on its way.
const GRACE: Duration = Duration::from_secs(2);

/// What has been sent is waited for a little when the program is told to stop: most receivers answer within a second.
pub(super) async fn unless_stopped(ctx: &Ctx, delivering: impl Future<Output = Delivered>) -> Option<Delivered> {
    let mut delivering = std::pin::pin!(delivering);
    tokio::select! {
        () = ctx.told_to_stop() => {}
        said = &mut delivering => return Some(said),
    }
    tokio::time::timeout(GRACE, delivering).await.ok()
}
