//! From when on a message may go: what the signature, the gap, an absence, another round, the sending hours and pauses say together.

use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;
use crate::rules::message::MessageKind;

use super::facts::{Facts, Reason};
use super::pause::{Pause, free_from};
use super::sequence::Sequence;

/// Whether one of these pauses held a message at `at`; for whoever checks afterwards.
pub fn was_paused(pauses: &[Pause], facts: &Facts, kind: MessageKind, number: u32, at: Ts) -> bool {
    free_from(pauses, facts, kind, number, at) != Some(at)
}

/// Whether the touch of this message is for this contact; `None` when the round has no such message.
pub(crate) fn is_meant(sequence: &Sequence, facts: &Facts, kind: MessageKind, number: u32) -> Option<bool> {
    match kind {
        MessageKind::ThankYou => sequence.touch(kind, number).map(|_| true),
        _ => sequence.step(kind, number).map(|step| step.fits(facts)),
    }
}

/// The first instant at `from` or later in sending hours at which no pause holds the message; `None` when a pause has no end.
pub(crate) fn first_allowed(
    sequence: &Sequence,
    calendar: &Calendar,
    facts: &Facts,
    (kind, number): (MessageKind, u32),
    from: Ts,
) -> Option<Ts> {
    let mut at = calendar.next_sending_time(from);
    // Every turn passes the end of a pause.
    while let Some(free) = Some(free_from(&sequence.pauses, facts, kind, number, at)?).filter(|free| *free > at) {
        at = calendar.next_sending_time(free);
    }
    Some(at)
}

/// The first instant that neither `now`, the signature, the gap after `last`, an absence, a telephone call nor a message of another round
/// forbids, and which of them it is ([`Reason::OutsideHours`] for `now`). A signature is in the future only by a clock that was set back
/// since. Another round can hold up only the first message of this one, so that two rounds never wait for each other.
pub(crate) fn earliest(
    sequence: &Sequence,
    facts: &Facts,
    kind: MessageKind,
    (last, sent): (Option<Ts>, u32),
    now: Ts,
) -> (Ts, Reason) {
    let elsewhere = facts.elsewhere_at.filter(|_| sent == 0 && sequence.between_rounds > 0);
    let bounds = [
        (facts.signed_at, Reason::NotSignedOff),
        (last.map(|at| at.plus(sequence.gap())), Reason::MinimumGap),
        (elsewhere.map(|at| at.plus(sequence.between_rounds)), Reason::AskedElsewhere),
        (facts.quiet_until(kind), Reason::Called),
        (facts.absent_until, Reason::Absent),
    ];
    let mut earliest = (now, Reason::OutsideHours);
    for (at, why) in bounds {
        if let Some(at) = at.filter(|at| *at > earliest.0) {
            earliest = (at, why);
        }
    }
    earliest
}
