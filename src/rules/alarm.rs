//! What is wrong for longer than the round can afford: when somebody must hear of it wherever he is, and when it is over.
//!
//! Of one thing somebody hears once that it has begun and once that it is over; of what he has never heard he does not hear that it is over.
//! That something is over is told where something shows that it works, never because nothing is to be seen.
//! What comes and goes is one thing: between two words about it lies [`QUIET`] at least, but for what somebody has lifted himself
//! (docs/decisions/0063).

mod kind;
mod call;
mod payload;
pub mod room;
#[cfg(test)]
#[path = "alarm_tests.rs"]
mod tests;

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};
use crate::base::ids::{AlarmId, OperatorId};

use self::kind::Need;

pub use self::call::{CallOutcome, CallState, after_call, oldest_call};
pub use self::kind::{AlarmEvent, AlarmKind, QUIET};
pub use self::payload::{AlarmData, body};

/// A trouble may last for one part in so many of the working time that is left until the round needs what is broken.
const SHARE: i64 = 10;

/// It is looked every minute. What was not seen to be wrong for so long, nor to be right, is not judged now.
const OUT_OF_SIGHT: i64 = 10 * MINUTE;

/// Of what nobody was told and nothing is to be seen for so long, nobody is told any more: when it is seen again it begins anew.
const FORGOTTEN: i64 = DAY;

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
    /// When it was last seen to be wrong.
    pub seen_at: Ts,
    /// When somebody was told; none: nobody was.
    pub raised_at: Option<Ts>,
    /// Since when it is right again, as far as can be seen.
    pub gone_at: Option<Ts>,
}

impl Noticed {
    /// Nothing shows any more whether it is wrong: nothing is to be sent, or the program that saw it is away. A person may know more.
    pub fn is_out_of_sight(&self, now: Ts) -> bool {
        self.gone_at.is_none() && now.since(self.seen_at) >= OUT_OF_SIGHT
    }
}

/// What is to be seen of a trouble now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// It is wrong, since then.
    Wrong(Ts),
    /// Something shows that it works.
    Right,
    /// Nothing shows either, so it stays as it was.
    Unknown,
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

/// `ended_at`: when somebody was last told that the same thing is over.
pub fn judge(
    kind: AlarmKind,
    known: Option<&Noticed>,
    sight: Sight,
    may_last: i64,
    ended_at: Option<Ts>,
    now: Ts,
) -> AlarmStep {
    let too_long = |since: Ts| {
        let rested = ended_at.is_none_or(|ended| now.since(ended) >= kind.quiet());
        now.since(since) >= may_last && rested
    };
    match (known, sight) {
        (None, Sight::Right | Sight::Unknown) => AlarmStep::Nothing,
        (None, Sight::Wrong(since)) if too_long(since) => AlarmStep::Raise,
        (None, Sight::Wrong(_)) => AlarmStep::Notice,
        (Some(known), Sight::Wrong(since)) if known.raised_at.is_none() && too_long(known.since.min(since)) => {
            AlarmStep::Raise
        }
        (Some(known), Sight::Wrong(_)) if known.gone_at.is_some() => AlarmStep::Back,
        (Some(_), Sight::Wrong(_)) => AlarmStep::Nothing,
        (Some(known), Sight::Unknown) if known.gone_at.is_none() => {
            let forgotten = known.raised_at.is_none() && now.since(known.seen_at) >= FORGOTTEN;
            if forgotten { AlarmStep::Forget } else { AlarmStep::Nothing }
        }
        // What has worked once and was not seen to be wrong since is right.
        (Some(known), Sight::Right | Sight::Unknown) => {
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
