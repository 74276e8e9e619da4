//! By when names must be signed off, and for which letter: the one answer for pages, mails and the board.
//!
//! It is what the plan would do if the names were signed now, so holidays, hours, gaps and absences count. No sentence names the opening of
//! the round in its place: the first letter goes before it, and somewhere earlier than elsewhere.

use crate::base::clock::Ts;
use crate::rules::message::{MessageKind, MessageState};

use super::facts::Facts;
use super::forecast::Case;
use super::next::{Next, next_message};
use super::sequence::Sequence;
use super::touched::Touched;

/// By when names must be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// Before this instant, at which `letter` goes to the first of them.
    Before { letter: MessageKind, at: Ts },
    /// The time of `letter` has passed for some of them, for the first at `since`: their letters go as soon as the names are signed.
    Passed { letter: MessageKind, since: Ts },
}

impl Deadline {
    /// Which letter it is about.
    pub fn letter(self) -> MessageKind {
        match self {
            Deadline::Before { letter, .. } | Deadline::Passed { letter, .. } => letter,
        }
    }

    /// The instant before which to sign; none once it has passed.
    pub fn before(self) -> Option<Ts> {
        match self {
            Deadline::Before { at, .. } => Some(at),
            Deadline::Passed { .. } => None,
        }
    }
}

/// `people`: those whose names are not signed; also of several accounts. None: no letter would go to any of them.
pub fn signing_deadline<'c>(
    sequence: &Sequence,
    people: impl IntoIterator<Item = Case<'c>>,
    now: Ts,
) -> Option<Deadline> {
    let mut ahead: Option<(Ts, MessageKind)> = None;
    let mut passed: Option<(Ts, MessageKind)> = None;
    for person in people {
        let Some((kind, planned_for, due_at)) = if_signed(sequence, &person, now) else { continue };
        let calendar = sequence.calendar(person.facts.locality());
        let soon = calendar.end_of_day(calendar.next_sending_time(now));
        if planned_for <= now && due_at < soon {
            passed = passed.min(Some((planned_for, kind))).or(Some((planned_for, kind)));
        } else {
            // An absence or a gap holds it longer than the signature does.
            ahead = ahead.min(Some((due_at, kind))).or(Some((due_at, kind)));
        }
    }
    let passed = passed.map(|(since, letter)| Deadline::Passed { letter, since });
    passed.or(ahead.map(|(at, letter)| Deadline::Before { letter, at }))
}

/// The next letter to somebody whose name were signed now: kind, its own time, and when it would go.
fn if_signed(sequence: &Sequence, person: &Case<'_>, now: Ts) -> Option<(MessageKind, Ts, Ts)> {
    let facts = Facts { signed: true, signed_at: None, ..person.facts.clone() };
    // What is planned for somebody who is not signed is refused when its time comes, and planned again.
    let settled = |t: &&Touched| t.tried || t.state != MessageState::Planned;
    let touched: Vec<Touched> = person.touched.iter().filter(settled).copied().collect();
    match next_message(sequence, &facts, &touched, now) {
        Next::Send { kind, planned_for, due_at, .. } => Some((kind, planned_for, due_at)),
        Next::LookAgain { .. } | Next::Nothing { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;
    use serde_json::json;

    use super::super::tests::spec_of;
    use super::*;
    use crate::base::clock::DAY;
    use crate::rules::calendar::almanac::Almanac;
    use crate::rules::calendar::zone::Zone;

    /// Warm-up five working days before Monday 8 February, as in the demo.
    fn sequence(touches: serde_json::Value) -> Sequence {
        Sequence::prepare(&spec_of(touches), &Almanac::built_in()).unwrap()
    }

    fn demo() -> Sequence {
        sequence(json!([
            {"kind": "warm_up", "working_days": -5, "at": "09:30"}, {"kind": "invitation", "working_days": 0, "at": "10:00"},
            {"kind": "reminder", "cron": "30 9 * * THU", "times": 3}, {"kind": "thank_you"},
        ]))
    }

    fn unsigned(country: &str, time_zone: &str) -> Facts {
        Facts { country: country.into(), time_zone: time_zone.into(), ..Facts::default() }
    }

    fn at(zone: &str, text: &str) -> Ts {
        let local = NaiveDateTime::parse_from_str(&format!("2027-{text}"), "%Y-%m-%d %H:%M").unwrap();
        Zone::find(zone).unwrap().resolve(local)
    }

    fn ask(sequence: &Sequence, people: &[(Facts, Vec<Touched>)], now: &str) -> Option<Deadline> {
        let cases = people.iter().map(|(facts, touched)| Case { facts, touched });
        signing_deadline(sequence, cases, at("Europe/Dublin", now))
    }

    fn sent(kind: MessageKind, when: &str) -> Touched {
        let at = at("Europe/Dublin", when);
        Touched { kind, number: 1, state: MessageState::Sent, at, tried: true, planned_for: at }
    }

    #[test]
    fn the_first_letter_to_anybody_decides_and_holidays_make_it_earlier() {
        let (ireland, mexico) = (unsigned("IE", "Europe/Dublin"), unsigned("MX", "America/Mexico_City"));
        let warm_up = |zone: &str, when| Some(Deadline::Before { letter: MessageKind::WarmUp, at: at(zone, when) });
        let here = [(ireland.clone(), vec![])];
        // 1 February is a holiday in Ireland and in Mexico, none in Britain.
        assert_eq!(ask(&demo(), &here, "01-15 12:00"), warm_up("Europe/Dublin", "01-29 09:30"));
        let britain = (unsigned("GB", "Europe/London"), vec![]);
        assert_eq!(
            ask(&demo(), std::slice::from_ref(&britain), "01-15 12:00"),
            warm_up("Europe/London", "02-01 09:30")
        );
        let all = [britain, (mexico, vec![]), (ireland, vec![])];
        assert_eq!(ask(&demo(), &all, "01-15 12:00"), warm_up("Europe/Dublin", "01-29 09:30"));
    }

    #[test]
    fn once_its_time_has_passed_a_letter_goes_on_signing_and_no_day_is_named() {
        let late = ask(&demo(), &[(unsigned("GB", "Europe/London"), vec![])], "02-03 12:00").unwrap();
        assert_eq!(late, Deadline::Passed { letter: MessageKind::WarmUp, since: at("Europe/London", "02-01 09:30") });
        assert_eq!(late.before(), None);
        // The demo's round is over by then.
        assert_eq!(ask(&demo(), &[(unsigned("GB", "Europe/London"), vec![])], "03-15 12:00"), None);
    }

    #[test]
    fn who_has_had_the_first_letter_is_signed_again_for_the_next() {
        let after_warm_up = (unsigned("GB", "Europe/London"), vec![sent(MessageKind::WarmUp, "02-01 09:30")]);
        let found = ask(&demo(), std::slice::from_ref(&after_warm_up), "02-03 12:00").unwrap();
        assert_eq!(found, Deadline::Before { letter: MessageKind::Invitation, at: at("Europe/London", "02-08 10:00") });
        let mut invited = after_warm_up;
        invited.1.push(sent(MessageKind::Invitation, "02-08 10:00"));
        let found = ask(&demo(), &[invited], "02-09 12:00").unwrap();
        assert_eq!(found, Deadline::Before { letter: MessageKind::Reminder, at: at("Europe/London", "02-11 09:30") });
    }

    #[test]
    fn without_a_warm_up_it_is_the_invitation_and_who_gets_nothing_counts_not() {
        let plain = sequence(json!([{"kind": "invitation", "working_days": 0, "at": "10:00"}]));
        let gone = Facts { removed: true, ..unsigned("JP", "Asia/Tokyo") };
        let away = Facts { absent_until: Some(at("Europe/London", "02-10 00:00")), ..unsigned("GB", "Europe/London") };
        let wanted = Deadline::Before { letter: MessageKind::Invitation, at: at("Europe/London", "02-10 09:00") };
        assert_eq!(ask(&plain, &[(gone.clone(), vec![]), (away, vec![])], "01-15 12:00"), Some(wanted));
        assert_eq!(ask(&plain, &[(gone, vec![])], "01-15 12:00"), None);
        assert_eq!(ask(&plain, &[], "01-15 12:00"), None);
    }

    #[test]
    fn what_is_planned_for_unsigned_names_hides_nothing() {
        let planned =
            Touched { state: MessageState::Planned, tried: false, ..sent(MessageKind::WarmUp, "02-01 09:30") };
        let person = (unsigned("GB", "Europe/London"), vec![planned]);
        let found = ask(&demo(), &[person], "01-15 12:00").unwrap();
        assert_eq!(found.before(), Some(at("Europe/London", "02-01 09:30")));
        assert!(found.before().unwrap().since(at("Europe/Dublin", "01-15 12:00")) > 16 * DAY);
    }
}
