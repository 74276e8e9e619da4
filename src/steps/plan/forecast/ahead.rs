//! Making a forecast, account by account: of the plan that runs, or of one that is only thought of, beside it.
//!
//! Lists that are not signed yet are treated as signed now, and the contacts concerned are named. Costs the whole round.

use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::plan::Sequence;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;

use super::model::Forecast;
use super::reading::Reading;

/// The forecast of a round as it is now.
pub async fn plan_of(ctx: &Ctx, slug: &str) -> Result<Arc<Forecast>> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    Ok(Arc::new(ahead(ctx, &mut tx, &live, &live.sequence).await?))
}

/// The forecast of a round by this sequence, whether it is the round's own or one that is thought of.
pub async fn ahead(ctx: &Ctx, tx: &mut Tx, live: &Live, sequence: &Sequence) -> Result<Forecast> {
    ahead_at(tx, live, sequence, ctx.clock.now()).await
}

/// The same as seen at `now`: two forecasts that are compared are seen at one time, or what is due would have moved between them.
pub async fn ahead_at(tx: &mut Tx, live: &Live, sequence: &Sequence, now: Ts) -> Result<Forecast> {
    let mut forecast = in_pieces(tx, live, sequence, now, |_| {}).await?;
    forecast.in_order();
    Ok(forecast)
}

/// The forecast account by account. After each thousand contacts `look` sees what there is so far, and may take it away: what it has
/// counted need not be remembered.
pub(crate) async fn in_pieces(
    tx: &mut Tx,
    live: &Live,
    sequence: &Sequence,
    now: Ts,
    mut look: impl FnMut(&mut Forecast) + Send,
) -> Result<Forecast> {
    let mut reading = Reading::new(tx, live).await?;
    let mut collector = reading.collector(sequence, now);
    while let Some(people) = reading.next(tx).await? {
        people.add_to(tx, &mut collector).await?;
        look(&mut collector.so_far);
    }
    Ok(collector.so_far)
}

/// The round by its own sequence and by one that is thought of: after each thousand contacts `look` sees both, with the same people in the
/// same places, and then they are forgotten.
pub(crate) async fn side_by_side(
    tx: &mut Tx,
    live: &Live,
    other: &Sequence,
    now: Ts,
    mut look: impl FnMut(&Forecast, &Forecast) + Send,
) -> Result<()> {
    let mut reading = Reading::new(tx, live).await?;
    let (mut own, mut others) = (reading.collector(&live.sequence, now), reading.collector(other, now));
    while let Some(people) = reading.next(tx).await? {
        people.add_to(tx, &mut own).await?;
        people.add_to(tx, &mut others).await?;
        look(&own.so_far, &others.so_far);
        own.so_far.forget();
        others.so_far.forget();
    }
    Ok(())
}
