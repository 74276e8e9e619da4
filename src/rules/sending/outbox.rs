//! The ledger's words and the decision at the moment of claiming: one row per round, recipient, kind and number.
//!
//! Promises 2 and 3: a message exists once, under a key; whether it goes is decided when it is claimed and asked again
//! when the last dot is about to be written, not when it was planned.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::clock::{DAY, HOUR, Ts};
use crate::rules::calendar::Calendar;
use crate::rules::plan;
use crate::rules::plan::facts::{Facts, Reason};
use crate::rules::plan::sequence::Sequence;

/// What a message is for. Contract: the value of `X-Soundings-Kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// To an account director: please sign off these names. Chases are the same kind with higher numbers.
    SignOff,
    /// To the sales director: please counter-sign strategic accounts.
    CounterSign,
    /// The CEO's letter to a contact.
    WarmUp,
    Invitation,
    Reminder,
    ThankYou,
    /// To an account manager, weekly: who has not answered.
    Digest,
    /// To an account manager: these contacts cannot be reached, please correct or replace them.
    Repair,
    /// To an operator: a link to log in.
    Login,
    /// To somebody at the client: please approve the plan.
    PlanApproval,
}

impl MessageKind {
    pub const ALL: [MessageKind; 10] = [
        MessageKind::SignOff,
        MessageKind::CounterSign,
        MessageKind::WarmUp,
        MessageKind::Invitation,
        MessageKind::Reminder,
        MessageKind::ThankYou,
        MessageKind::Digest,
        MessageKind::Repair,
        MessageKind::Login,
        MessageKind::PlanApproval,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            MessageKind::SignOff => "sign_off",
            MessageKind::CounterSign => "counter_sign",
            MessageKind::WarmUp => "warm_up",
            MessageKind::Invitation => "invitation",
            MessageKind::Reminder => "reminder",
            MessageKind::ThankYou => "thank_you",
            MessageKind::Digest => "digest",
            MessageKind::Repair => "repair",
            MessageKind::Login => "login",
            MessageKind::PlanApproval => "plan_approval",
        }
    }

    pub fn parse(text: &str) -> Option<MessageKind> {
        MessageKind::ALL.into_iter().find(|k| k.as_str() == text)
    }

    /// Whether it goes to a contact at an account, so that sign-off, hours, gap, maximum and opt-out apply.
    pub fn to_contact(self) -> bool {
        matches!(self, MessageKind::WarmUp | MessageKind::Invitation | MessageKind::Reminder | MessageKind::ThankYou)
    }

    /// Whether the least time to the message before holds for it: for all that asks, not for thanks.
    pub fn keeps_the_gap(self) -> bool {
        self != MessageKind::ThankYou
    }

    /// Whether somebody has written it, released it to this very reader and waits for what he does: a letter, which a person answers and of
    /// which an absent one's program shall say so. What a timetable or a form sends by itself is none (docs/decisions/0031).
    pub fn is_from_a_person(self) -> bool {
        !matches!(self, MessageKind::Digest | MessageKind::Login)
    }

    /// For people: "warm-up", "invitation", ...
    pub fn label(self) -> &'static str {
        match self {
            MessageKind::SignOff => "sign-off request",
            MessageKind::CounterSign => "counter-sign request",
            MessageKind::WarmUp => "warm-up",
            MessageKind::Invitation => "invitation",
            MessageKind::Reminder => "reminder",
            MessageKind::ThankYou => "thank-you",
            MessageKind::Digest => "weekly list",
            MessageKind::Repair => "repair request",
            MessageKind::Login => "log-in link",
            MessageKind::PlanApproval => "plan to approve",
        }
    }
}

impl fmt::Display for MessageKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a ledger row stands.
///
/// ```text
/// planned -> claimed -> sending -> sent
///    ^  \       |          |  \--> failed
///    |   \      v          \-----> in_doubt -> sent | planned (same Message-ID) | failed
///    |    +-> withdrawn (may be planned again)
///    +------- held (by an operator)
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    Planned,
    /// A sender holds it by lease; nothing that could deliver it has been written yet.
    Claimed,
    /// Committed just before the final dot: from here to the server's answer nobody can know who owns it (RFC 1047).
    Sending,
    Sent,
    InDoubt,
    Held,
    Failed,
    Withdrawn,
}

impl MessageState {
    pub const ALL: [MessageState; 8] = [
        MessageState::Planned,
        MessageState::Claimed,
        MessageState::Sending,
        MessageState::Sent,
        MessageState::InDoubt,
        MessageState::Held,
        MessageState::Failed,
        MessageState::Withdrawn,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            MessageState::Planned => "planned",
            MessageState::Claimed => "claimed",
            MessageState::Sending => "sending",
            MessageState::Sent => "sent",
            MessageState::InDoubt => "in_doubt",
            MessageState::Held => "held",
            MessageState::Failed => "failed",
            MessageState::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<MessageState> {
        MessageState::ALL.into_iter().find(|s| s.as_str() == text)
    }

    /// Whether the recipient has, or may have, this message.
    pub fn may_have_arrived(self) -> bool {
        matches!(self, MessageState::Sending | MessageState::Sent | MessageState::InDoubt)
    }
}

/// The unique key of a ledger row. `recipient` is a contact's id, a request's id, an address or a login's id.
pub fn key(round: &str, recipient: &str, kind: MessageKind, number: u32) -> String {
    format!("{round}/{recipient}/{kind}/{number}")
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
    match plan::is_meant(sequence, facts, kind, number) {
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
    let (earliest, mut why) = plan::earliest(sequence, facts, last, facts.sent_count, now);
    let allowed = |from: Ts| plan::first_allowed(sequence, &calendar, facts, (kind, number), from);
    let Some(mut at) = allowed(earliest) else { return Claim::Withdraw { why: Reason::Paused } };
    if at > calendar.next_sending_time(earliest) {
        why = Reason::Paused;
    }
    if at == now && sequence.maximum_per_account().is_some_and(|most| facts.account_today >= most) {
        // Today no pause holds it, also when one without end does from tomorrow on.
        let Some(tomorrow) = allowed(calendar.end_of_day(now)) else {
            return Claim::Withdraw { why: Reason::AccountLimit };
        };
        (at, why) = (tomorrow, Reason::AccountLimit);
    }
    if at >= calendar.closes_at() {
        let why = if matches!(why, Reason::Absent | Reason::Paused | Reason::AccountLimit) {
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
    let allowed = plan::first_allowed(sequence, &calendar, facts, (kind, number), now) == Some(now);
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
