//! What one more reminder would add to where a round goes: when it could go. What it adds is worked out with the forecast.

use crate::base::clock::DAY;
use crate::rules::completion::forecast::Course;
use crate::rules::completion::one_more;
use crate::rules::round::RoundState;
use crate::steps::context::Live;

pub use crate::steps::context::OneMore;

/// A day of the course. None where there is no day left for it, where nobody may get another message, and while nothing is sent.
pub(super) fn day(live: &Live, course: &Course) -> Option<usize> {
    let gap = usize::try_from(live.sequence.gap() / DAY).unwrap_or(0);
    let most = usize::try_from(live.sequence.most_reminders()).unwrap_or(usize::MAX);
    one_more::day(course, gap, most).filter(|_| live.state == RoundState::Running)
}
