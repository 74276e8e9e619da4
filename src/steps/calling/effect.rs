//! What calls were made lately, and what calls have been worth so far.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::calling::{Effect, Seen, effect};
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::calling::{self, Lately, team};

/// As many calls are named.
const NAMED: i64 = 50;
/// Beside those who rest since their call, calls of so many working days.
const LATELY: i32 = 1;

/// Who was called within the days in which he is on nobody's list, and a little longer: by whom, and what became of it; the latest of them.
pub async fn lately(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Vec<Lately>> {
    calling::lately(tx, &live.id, since(ctx, live), NAMED).await
}

/// How many calls that are in all.
pub async fn lately_in_all(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<i64> {
    calling::lately_in_all(tx, &live.id, since(ctx, live)).await
}

/// The same of people of one account manager's accounts.
pub async fn lately_of(ctx: &Ctx, tx: &mut Tx, live: &Live, manager: &str) -> Result<Vec<Lately>> {
    team::lately_of_manager(tx, &live.id, manager, since(ctx, live), NAMED).await
}

fn since(ctx: &Ctx, live: &Live) -> Ts {
    let home = live.sequence.home();
    let days = i32::try_from(ctx.call_pause_days.max(1)).unwrap_or(i32::MAX).saturating_add(LATELY);
    home.start_of(home.working_days_from(home.local(ctx.clock.now()).date(), days.saturating_neg()))
}

/// Answers within three days of a call, against people of the same list who were not called; none while too few can be compared.
pub async fn measured(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Option<Effect>> {
    let seen: Vec<Seen> = calling::seen(tx, &live.id)
        .await?
        .into_iter()
        .map(|row| Seen {
            day: row.day,
            place: row.place,
            listed_at: row.listed_at,
            called_at: row.called_at,
            completed_at: row.completed_at,
        })
        .collect();
    Ok(effect(&seen, ctx.clock.now()))
}
