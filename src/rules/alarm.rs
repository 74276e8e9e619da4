//! What is wrong for longer than the round can afford: when somebody must hear of it wherever he is, and when it is over.
//!
//! Of one thing somebody hears once that it has begun and once that it is over; of what he has never heard he does not hear that it is over.
//! What comes and goes is one thing: between two words about it lies [`QUIET`] at least, but for what somebody has lifted himself
//! (docs/decisions/0063).

mod kind;
mod call;
mod payload;
#[cfg(test)]
#[path = "alarm_tests.rs"]
mod tests;

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::base::ids::{AlarmId, OperatorId};

use self::kind::Need;

pub use self::call::{CallOutcome, CallState, after_call};
pub use self::kind::{AlarmEvent, AlarmKind, QUIET};
pub use self::payload::{AlarmData, body};

/// A trouble may last for one part in so many of the working time that is left until the round needs what is broken.
const SHARE: i64 = 10;

/// A program that has not said anything for so long does not see its troubles any more.
pub const ABANDONED: i64 = HOUR;

/// Working time that is left, in milliseconds; none: nothing is ahead.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ahead {
    /// Until the next message of any running round.
    pub next_message: Option<i64>,
    /// Until the first of them closes.
    pub close: Option<i64>,
}

/// Between these two lies how long a trouble may last before somebody hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AlarmLimits {
    /// Servers are restarted and networks stumble.
    pub at_least: i64,
    /// Half a working day: whoever hears of it later has seen it on the overview.
    pub at_most: i64,
}

impl Default for AlarmLimits {
    fn default() -> AlarmLimits {
        AlarmLimits { at_least: 10 * MINUTE, at_most: 4 * HOUR }
    }
}

/// How long a trouble of this kind may last: a tenth of the working time until the round needs what is broken, so that nine tenths are left
/// to mend it; never less than a restart takes, never more than half a day.
pub fn may_last(kind: AlarmKind, ahead: &Ahead, limits: &AlarmLimits) -> i64 {
    let left = match kind.needed() {
        Need::Now => return 0,
        Need::NextMessage => ahead.next_message,
        Need::Close => ahead.close,
    };
    let share = left.map_or(limits.at_most, |left| left.max(0) / SHARE);
    share.min(limits.at_most).max(limits.at_least)
}

/// What is remembered of a trouble that is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noticed {
    pub since: Ts,
    /// When somebody was told; none: nobody was.
    pub raised_at: Option<Ts>,
    /// Since when it is right again, as far as can be seen.
    pub gone_at: Option<Ts>,
}

/// What is to be done about a trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmStep {
    Nothing,
    /// Remember that it is there.
    Notice,
    /// Tell that it has begun.
    Raise,
    /// It is right, as far as can be seen.
    Gone,
    /// It was right for a short time only.
    Back,
    /// Tell that it is over.
    End,
    /// It is over, and nobody was told that it had begun.
    Forget,
}

/// `seen`: since when it is wrong, if it is. `ended_at`: when somebody was last told that the same thing is over.
pub fn judge(
    kind: AlarmKind,
    known: Option<&Noticed>,
    seen: Option<Ts>,
    may_last: i64,
    ended_at: Option<Ts>,
    now: Ts,
) -> AlarmStep {
    let too_long = |since: Ts| {
        let rested = ended_at.is_none_or(|ended| now.since(ended) >= kind.quiet());
        now.since(since) >= may_last && rested
    };
    match (known, seen) {
        (None, None) => AlarmStep::Nothing,
        (None, Some(since)) if too_long(since) => AlarmStep::Raise,
        (None, Some(_)) => AlarmStep::Notice,
        (Some(known), Some(since)) if known.raised_at.is_none() && too_long(known.since.min(since)) => AlarmStep::Raise,
        (Some(known), Some(_)) if known.gone_at.is_some() => AlarmStep::Back,
        (Some(_), Some(_)) => AlarmStep::Nothing,
        (Some(known), None) => {
            let is_over = match known.gone_at {
                Some(gone) => now.since(gone) >= kind.quiet(),
                None => kind.quiet() == 0,
            };
            match (is_over, known.raised_at.is_some()) {
                (true, true) => AlarmStep::End,
                (true, false) => AlarmStep::Forget,
                (false, _) if known.gone_at.is_none() => AlarmStep::Gone,
                (false, _) => AlarmStep::Nothing,
            }
        }
    }
}

/// What a mail about an alarm is about: the alarm, and to whom.
pub fn subject(alarm: &AlarmId, operator: &OperatorId) -> String {
    format!("{alarm}:{operator}")
}

/// The alarm of such a mail.
pub fn alarm_of(subject: &str) -> AlarmId {
    AlarmId::from(subject.split(':').next().unwrap_or_default())
}

/// The time of everywhere, for what belongs to no round and so to no place.
pub fn told_at(at: Ts) -> String {
    at.utc().format("%a %-d %b %Y, %H:%M UTC").to_string()
}
