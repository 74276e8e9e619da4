//! The key of a ledger row and the decision at the moment of claiming: one row per round, recipient, kind and number.
//!
//! Promises 2 and 3: a message exists once, under a key; whether it goes is decided when it is claimed and asked again
//! when the last dot is about to be written, not when it was planned.

use crate::base::clock::{DAY, HOUR, Ts};
use crate::rules::calendar::Calendar;
use crate::rules::plan::allowed;
use crate::rules::plan::facts::{Facts, Reason};
use crate::rules::plan::sequence::Sequence;

use crate::rules::message::{Lane, MessageKind};

/// The unique key of a ledger row. `recipient` is a contact's id, a request's id, an address or a login's id.
pub fn key(lane: &Lane, recipient: &(impl AsRef<str> + ?Sized), kind: MessageKind, number: u32) -> String {
    format!("{lane}/{}/{kind}/{number}", recipient.as_ref())
}

/// What happens to a message at its claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    Go,
    /// Put it back, due at `at`.
    Later {
        at: Ts,
        why: Reason,
    },
    Withdraw {
        why: Reason,
    },
}

/// Asks everything again that was asked when the message was planned (promise 2), from facts read in the claiming transaction.
///
/// `facts.last_sent_at` and `facts.sent_count` leave out the message itself. Messages that do not go to contacts always
/// go. Says nothing about a paused or closed round: that is the state of the round, not of the contact.
pub fn decide(sequence: &Sequence, kind: MessageKind, number: u32, facts: &Facts, now: Ts) -> Claim {
    if !kind.to_contact() {
        return Claim::Go;
    }
    if let Some(why) = facts.forbids_kind(kind) {
        return Claim::Withdraw { why };
    }
    match allowed::is_meant(sequence, facts, kind, number) {
        None => return Claim::Withdraw { why: Reason::NotInSequence },
        Some(false) => return Claim::Withdraw { why: Reason::NotInAudience },
        Some(true) => {}
    }
    if facts.sent_count >= sequence.maximum() {
        return Claim::Withdraw { why: Reason::MaximumReached };
    }
    let calendar = sequence.calendar(facts.locality());
    // Thanks answer an answer; the gap is for what asks.
    let last = facts.last_sent_at.filter(|_| kind.keeps_the_gap());
    let (earliest, mut why) = allowed::earliest(sequence, facts, kind, (last, facts.sent_count), now);
    let may_go = |from: Ts| allowed::first_allowed(sequence, &calendar, facts, (kind, number), from);
    let Some(mut at) = may_go(earliest) else { return Claim::Withdraw { why: Reason::Paused } };
    if at > calendar.next_sending_time(earliest) {
        why = Reason::Paused;
    }
    if at == now && sequence.maximum_per_account().is_some_and(|most| facts.account_today >= most) {
        // Today no pause holds it, also when one without end does from tomorrow on.
        let Some(tomorrow) = may_go(calendar.end_of_day(now)) else {
            return Claim::Withdraw { why: Reason::AccountLimit };
        };
        (at, why) = (tomorrow, Reason::AccountLimit);
    }
    if at >= calendar.closes_at() {
        let why = if matches!(why, Reason::Absent | Reason::Called | Reason::Paused | Reason::AccountLimit) {
            why
        } else {
            Reason::AfterClose
        };
        return Claim::Withdraw { why };
    }
    if at == now { Claim::Go } else { Claim::Later { at, why } }
}

/// When the plan looks again at a contact whose message was withdrawn at its claim: at once, so that what is still right is planned. The
/// account's day has to end first: the plan does not count it, and would plan what is withdrawn again and again until then.
pub fn look_again_at(sequence: &Sequence, facts: &Facts, why: Reason, now: Ts) -> Ts {
    match why {
        Reason::AccountLimit => sequence.calendar(facts.locality()).end_of_day(now),
        _ => now,
    }
}

/// Whether the plan looks at a contact whose message was put off at its claim: after an absence or a call, a reminder by a weekday goes on
/// its next one, which only the plan knows.
pub fn plans_anew(why: Reason) -> bool {
    matches!(why, Reason::Absent | Reason::Called)
}

/// Whether the clock still says what [`decide`] rested on when the final dot is about to be written: a batch may reach the end of
/// the sending hours, a pause may begin, and a clock may be set back below the gap that was kept.
pub fn still_in_time(
    sequence: &Sequence,
    kind: MessageKind,
    number: u32,
    facts: &Facts,
    decided_at: Ts,
    now: Ts,
) -> bool {
    let calendar = sequence.calendar(facts.locality());
    let allowed = allowed::first_allowed(sequence, &calendar, facts, (kind, number), now) == Some(now);
    now >= decided_at && allowed && now < calendar.closes_at()
}

/// What leaves so much after the first sending time that its touch allows is late.
const LATE_AFTER: i64 = HOUR;

/// Whether a message that goes or went at `at` is late (F17): the machine was down, the sign-off or the contact's return came late, a
/// pause or a limit held it. The time over which a touch is spread is no lateness.
pub fn is_late(calendar: &Calendar, planned_for: Ts, at: Ts) -> bool {
    at.since(calendar.next_sending_time(planned_for)) > LATE_AFTER + calendar.spread()
}

/// An invitation in doubt is given so long to show a sign of arrival.
pub const DOUBT_LASTS: i64 = DAY;

/// What becomes of a message in doubt without a person's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// There was a sign of it.
    Arrived,
    /// It goes once more, under the same Message-ID.
    Repeat,
    /// It stays in doubt.
    Stays,
}

/// The policy for messages in doubt (promise 3): only an invitation is ever settled by itself, after [`DOUBT_LASTS`]. A warm-up
/// waits for a person; everything else is never repeated.
pub fn settle_doubt(kind: MessageKind, since: Ts, sign_of_arrival: bool, now: Ts) -> Doubt {
    match kind {
        MessageKind::Invitation if now.since(since) < DOUBT_LASTS => Doubt::Stays,
        MessageKind::Invitation if sign_of_arrival => Doubt::Arrived,
        MessageKind::Invitation => Doubt::Repeat,
        _ => Doubt::Stays,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_invitation_is_repeated_by_itself_and_only_after_a_day_without_a_sign() {
        for kind in MessageKind::ALL {
            let day_after = settle_doubt(kind, Ts(0), false, Ts(DOUBT_LASTS));
            let invitation = kind == MessageKind::Invitation;
            assert_eq!(day_after == Doubt::Repeat, invitation, "{kind}");
            assert_eq!(settle_doubt(kind, Ts(0), false, Ts(DOUBT_LASTS - 1)), Doubt::Stays, "{kind}");
        }
        assert_eq!(settle_doubt(MessageKind::Invitation, Ts(0), true, Ts(DOUBT_LASTS)), Doubt::Arrived);
    }
}
