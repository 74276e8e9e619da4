//! How the client's round before this one went, day by day since its first invitation.

use chrono::{Datelike, NaiveDate};

use crate::base::problem::{Kind, Result};
use crate::rules::completion::course::{Day, since_the_invitation};
use crate::rules::completion::rate;
use crate::steps::completion::outlook;
use crate::steps::context::{Ctx, Curve, Live};
use crate::store::contacts::earlier;
use crate::store::{Tx, completion as tallies};

/// The curve of the round before.
#[derive(Clone, Debug, PartialEq)]
pub struct LastYear {
    pub slug: String,
    /// In which it opened, where this one opens in another year; else its title.
    pub called: String,
    /// Days since its first invitation, and the share of those who could be reached at its close that had answered by the end of each.
    /// Where it told numbers only: of those who were invited, and the days of which that may be told.
    pub days: Vec<(i64, f64)>,
}

/// The last round of the client that is closed and was started before this one. Nothing where there is none, where it cannot be read, where
/// it has invited nobody, or where it may not be told how it ended: what it promised holds on. Costs the quarters of an hour in which
/// anything happened in it, once a minute.
pub async fn of_round(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Option<LastYear>> {
    let Some(id) = earlier::last_closed(tx, &live.id).await? else { return Ok(None) };
    let before = match ctx.live_by_id(tx, &id).await {
        Ok(before) => before,
        Err(problem) if problem.kind == Kind::Unavailable => return Err(problem),
        // This round is shown all the same.
        Err(_) => return Ok(None),
    };
    let curve = curve(ctx, tx, &before).await?;
    let year = |date: NaiveDate| date.year();
    let (then, now) = (year(before.spec.schedule.opens), year(live.spec.schedule.opens));
    let called = if then == now { before.spec.title.clone() } else { then.to_string() };
    Ok((!curve.is_empty()).then(|| LastYear { slug: before.slug.clone(), called, days: curve.to_vec() }))
}

async fn curve(ctx: &Ctx, tx: &mut Tx, before: &Live) -> Result<Curve> {
    let now = ctx.clock.now();
    if let Some(known) = ctx.curves.known(&before.id, before.version, now) {
        return Ok(known);
    }
    let days = outlook::read(ctx, tx, before).await?.days;
    let rule = before.spec.participation;
    let base = tallies::by_role(tx, &before.id).await?.iter().map(|t| rule.base(t.invited, t.reachable)).sum();
    let ended = days.last().is_none_or(|day| rule.count(day.answers, base).is_some());
    let share = |(n, day): (i64, &Day)| rule.count(day.answers, base).map(|answers| (n, rate(answers, base)));
    let curve: Curve = since_the_invitation(&days).filter_map(share).filter(|_| ended).collect();
    ctx.curves.keep(&before.id, before.version, now, curve.clone());
    Ok(curve)
}
