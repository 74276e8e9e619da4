//! What one more reminder would add to where a round goes.

use chrono::NaiveDate;

use crate::base::clock::DAY;
use crate::rules::completion::one_more::{adds, day};
use crate::rules::round::RoundState;
use crate::steps::completion::outlook::Ahead;
use crate::steps::context::{Ctx, Live};

/// One reminder more to everybody who has not answered and may be written to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneMore {
    pub on: NaiveDate,
    /// A share between 0 and 1.
    pub adds: f64,
}

/// None where there is no day left for it, where nobody may get another message, and while nothing is sent. Worked out once for each
/// course, as the forecast is.
pub fn one_more(ctx: &Ctx, live: &Live, ahead: &Ahead) -> Option<OneMore> {
    let gap = usize::try_from(live.sequence.gap() / DAY).unwrap_or(0);
    let most = usize::try_from(live.sequence.most_reminders()).unwrap_or(usize::MAX);
    let at = day(&ahead.course, gap, most).filter(|_| live.state == RoundState::Running)?;
    let with = ctx.forecasts.with_one_more(&live.id, &ahead.course.with_reminder(at, ahead.open))?;
    Some(OneMore { on: *ahead.working.get(at)?, adds: adds(&ahead.forecast, &with) })
}
