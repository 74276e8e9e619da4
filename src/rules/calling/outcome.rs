//! What becomes of a telephone call, and what follows from it for the plan.

use std::fmt;

use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;

/// What became of a call. Contract: the words stand in databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Spoken to, or a message was left.
    Called,
    /// Has said that the answers come, perhaps by which day.
    WillAnswer,
    /// Is away up to and including a day.
    OnLeave,
    /// Somebody else is to be asked.
    WrongPerson,
    HasLeft,
    /// Wants no more reminders.
    NotChased,
}

impl Outcome {
    pub const ALL: [Outcome; 6] = [
        Outcome::Called,
        Outcome::WillAnswer,
        Outcome::OnLeave,
        Outcome::WrongPerson,
        Outcome::HasLeft,
        Outcome::NotChased,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Called => "called",
            Outcome::WillAnswer => "will_answer",
            Outcome::OnLeave => "on_leave",
            Outcome::WrongPerson => "wrong_person",
            Outcome::HasLeft => "has_left",
            Outcome::NotChased => "do_not_chase",
        }
    }

    pub fn parse(text: &str) -> Option<Outcome> {
        Outcome::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }

    /// Whether a day belongs to it.
    pub fn takes_day(self) -> bool {
        matches!(self, Outcome::WillAnswer | Outcome::OnLeave)
    }

    /// What was said, for the journal and for whoever means to call next.
    pub fn said(self, day: Option<NaiveDate>) -> String {
        let day = day.map(|day| day.format("%a %-d %b").to_string());
        match (self, day) {
            (Outcome::Called, _) => "spoken to, or a message was left".into(),
            (Outcome::WillAnswer, Some(day)) => format!("will answer by {day}"),
            (Outcome::WillAnswer, None) => "will answer".into(),
            (Outcome::OnLeave, Some(day)) => format!("on leave until {day}"),
            (Outcome::OnLeave, None) => "on leave".into(),
            (Outcome::WrongPerson, _) => "is not whom to ask".into(),
            (Outcome::HasLeft, _) => "has left the company".into(),
            (Outcome::NotChased, _) => "wants no more reminders".into(),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a call changes about the contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// No reminder before this instant; none where nothing is held up.
    LeftAlone(Option<Ts>),
    /// Away up to and including this day.
    Away(NaiveDate),
    NotChased,
    /// No reminder any more, and somebody else is to be found.
    WrongPerson,
    Left,
}

/// Why a day that was said cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayFault {
    Missing,
    Over,
    AfterClose,
    /// What was pressed takes no day, so the day that was chosen would be lost.
    NotAsked,
}

/// What follows from a call at `at`. `pause_days`: so many working days of the contact's pass before the next reminder. `closes`: the last
/// day on which answers are taken.
pub fn change(
    outcome: Outcome,
    day: Option<NaiveDate>,
    calendar: &Calendar,
    at: Ts,
    pause_days: u32,
    closes: NaiveDate,
) -> Result<Change, DayFault> {
    let quiet = (pause_days > 0).then(|| rests_until(calendar, at, pause_days));
    Ok(match (outcome, day) {
        (_, Some(_)) if !outcome.takes_day() => return Err(DayFault::NotAsked),
        (Outcome::Called, _) | (Outcome::WillAnswer, None) => Change::LeftAlone(quiet),
        (Outcome::WillAnswer, Some(day)) if day < calendar.local(at).date() => return Err(DayFault::Over),
        (Outcome::WillAnswer, Some(day)) if day > closes => return Err(DayFault::AfterClose),
        (Outcome::WillAnswer, Some(day)) => Change::LeftAlone(quiet.max(Some(calendar.end_of(day)))),
        (Outcome::OnLeave, Some(day)) => Change::Away(day),
        (Outcome::OnLeave, None) => return Err(DayFault::Missing),
        (Outcome::WrongPerson, _) => Change::WrongPerson,
        (Outcome::HasLeft, _) => Change::Left,
        (Outcome::NotChased, _) => Change::NotChased,
    })
}

/// Until when whoever was called at `at` is on nobody's list: the beginning of the working day after so many others; at least until the
/// next working day.
pub fn rests_until(calendar: &Calendar, at: Ts, pause_days: u32) -> Ts {
    let days = i32::try_from(pause_days.max(1)).unwrap_or(i32::MAX);
    calendar.start_of(calendar.working_days_from(calendar.local(at).date(), days))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use crate::base::clock::{DAY, MINUTE};
    use crate::rules::calendar::Almanac;
    use crate::rules::message::{MessageKind, MessageState};
    use crate::rules::plan::{Facts, Next, Reason, Sequence, Touched, next_message};
    use crate::rules::sending::outbox::{Claim, decide};

    use super::*;

    /// Invitation on Mon 8 Feb 2027, reminders each Thursday and one on Wed 17, close on Fri 26.
    fn sequence() -> Sequence {
        let person = json!({"name": "A. Person", "email": "a.person@client.example"});
        let spec = serde_json::from_value(json!({
            "round": "feb", "client": "Client", "title": "Assessment", "language": "en",
            "schedule": {"opens": "2027-02-08", "closes": "2027-02-26", "time_zone": "Europe/Dublin"},
            "signoff": {"sales_director": "S", "sales_director_email": "s@client.example"},
            "senders": {"team": person.clone(), "warm_up": person},
            "touch": [{"kind": "warm_up", "working_days": -5}, {"kind": "invitation", "working_days": 0},
                {"kind": "reminder", "working_days": 3, "at": "10:00"}, {"kind": "reminder", "cron": "0 10 * * WED", "times": 2},
                {"kind": "thank_you", "working_days": 0}],
        }))
        .unwrap();
        Sequence::prepare(&spec, &Almanac::plain()).unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> Ts {
        let local = chrono::NaiveDateTime::parse_from_str(&format!("2027-{text}"), "%Y-%m-%d %H:%M").unwrap();
        sequence().home().resolve(local)
    }

    fn invited() -> [Touched; 2] {
        let sent = |kind, when: &str| Touched {
            kind,
            number: 1,
            state: MessageState::Sent,
            at: at(when),
            tried: true,
            planned_for: at(when),
        };
        [sent(MessageKind::WarmUp, "02-01 09:00"), sent(MessageKind::Invitation, "02-08 09:00")]
    }

    fn called(outcome: Outcome, promised: Option<&str>, when: &str, pause_days: u32) -> Result<Facts, DayFault> {
        let (sequence, signed) = (sequence(), Facts { signed: true, ..Facts::default() });
        let change = change(outcome, promised.map(day), &sequence.home(), at(when), pause_days, day("2027-02-26"))?;
        Ok(match change {
            Change::LeftAlone(until) => Facts { left_alone_until: until, ..signed },
            Change::Away(last) => Facts { absent_until: Some(sequence.home().end_of(last)), ..signed },
            Change::NotChased | Change::WrongPerson => Facts { not_chased: true, ..signed },
            Change::Left => Facts { left: true, ..signed },
        })
    }

    fn next(facts: &Facts, now: &str) -> String {
        match next_message(&sequence(), facts, &invited(), at(now)) {
            Next::Send { kind, number, due_at, .. } => {
                format!("{kind} {number} {}", sequence().home().local(due_at).format("%m-%d %H:%M"))
            }
            Next::LookAgain { why, .. } | Next::Nothing { why } => why.to_string(),
        }
    }

    #[test]
    fn words_of_outcomes_are_their_own_and_read_back() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(outcome.as_str()), Some(outcome));
        }
        assert_eq!(Outcome::parse("Called"), None);
        assert_eq!(Outcome::WillAnswer.said(Some(day("2027-02-09"))), "will answer by Tue 9 Feb");
    }

    #[test]
    fn a_call_moves_tomorrows_reminder_and_brings_none_forward() {
        let untouched = Facts { signed: true, ..Facts::default() };
        assert_eq!(next(&untouched, "02-10 15:00"), "reminder 1 02-11 10:00");
        let after =
            |outcome, promised, pause| next(&called(outcome, promised, "02-10 15:00", pause).unwrap(), "02-10 15:01");
        // Wednesday afternoon: two working days later is Friday.
        assert_eq!(after(Outcome::Called, None, 2), "reminder 1 02-12 09:00");
        assert_eq!(after(Outcome::Called, None, 3), "reminder 1 02-15 09:00");
        assert_eq!(after(Outcome::Called, None, 1), "reminder 1 02-11 10:00");
        assert_eq!(after(Outcome::Called, None, 0), "reminder 1 02-11 10:00");
        assert_eq!(after(Outcome::WillAnswer, None, 2), "reminder 1 02-12 09:00");
        // Not before the day after the promise, and never earlier than after any call.
        assert_eq!(after(Outcome::WillAnswer, Some("2027-02-15"), 2), "reminder 1 02-16 09:00");
        assert_eq!(after(Outcome::WillAnswer, Some("2027-02-10"), 2), "reminder 1 02-12 09:00");
        assert_eq!(after(Outcome::WillAnswer, Some("2027-02-12"), 0), "reminder 1 02-15 09:00");
        assert_eq!(after(Outcome::WillAnswer, Some("2027-02-26"), 2), "called");
        assert_eq!(after(Outcome::OnLeave, Some("2027-02-16"), 2), "reminder 1 02-17 09:00");
        assert_eq!(after(Outcome::NotChased, None, 2), "not_chased");
        assert_eq!(after(Outcome::WrongPerson, None, 2), "not_chased");
        assert_eq!(after(Outcome::HasLeft, None, 2), "has_left");
    }

    #[test]
    fn a_reminder_by_a_weekday_waits_for_its_next_one() {
        let first = Touched { kind: MessageKind::Reminder, ..invited()[1] };
        let rows =
            [invited()[0], invited()[1], Touched { at: at("02-11 10:00"), planned_for: at("02-11 10:00"), ..first }];
        let next = |facts: &Facts| match next_message(&sequence(), facts, &rows, at("02-16 15:01")) {
            Next::Send { number, due_at, .. } => (number, due_at),
            other => (0, Ts(format!("{other:?}").len() as i64)),
        };
        let untouched = Facts { signed: true, ..Facts::default() };
        assert_eq!(next(&untouched), (2, at("02-17 10:00")));
        assert_eq!(next(&called(Outcome::Called, None, "02-16 15:00", 2).unwrap()), (2, at("02-24 10:00")));
    }

    #[test]
    fn a_day_that_was_said_can_be_wrong() {
        let fault = |outcome, promised| called(outcome, promised, "02-10 15:00", 2).unwrap_err();
        assert_eq!(fault(Outcome::OnLeave, None), DayFault::Missing);
        assert_eq!(fault(Outcome::WillAnswer, Some("2027-02-09")), DayFault::Over);
        assert_eq!(fault(Outcome::WillAnswer, Some("2027-02-27")), DayFault::AfterClose);
        for outcome in Outcome::ALL.into_iter().filter(|outcome| !outcome.takes_day()) {
            assert_eq!(fault(outcome, Some("2027-02-16")), DayFault::NotAsked, "{outcome}");
            assert!(called(outcome, None, "02-10 15:00", 2).is_ok(), "{outcome}");
        }
    }

    #[test]
    fn what_was_planned_already_is_held_up_at_its_claim_and_thanks_are_not() {
        let sequence = sequence();
        let claim = |kind, facts: &Facts, now: &str| decide(&sequence, kind, 1, facts, at(now));
        let quiet = called(Outcome::Called, None, "02-11 09:30", 2).unwrap();
        assert_eq!(
            claim(MessageKind::Reminder, &quiet, "02-11 10:00"),
            Claim::Later { at: at("02-15 09:00"), why: Reason::Called }
        );
        assert_eq!(claim(MessageKind::Invitation, &quiet, "02-11 10:00"), Claim::Go, "a call holds up reminders only");
        let silent = called(Outcome::NotChased, None, "02-11 09:30", 2).unwrap();
        assert_eq!(claim(MessageKind::Reminder, &silent, "02-11 10:00"), Claim::Withdraw { why: Reason::NotChased });
        for facts in [quiet, silent] {
            let answered = Facts { completed_at: Some(at("02-11 09:40")), ..facts };
            assert_eq!(claim(MessageKind::ThankYou, &answered, "02-11 10:00"), Claim::Go);
            assert_eq!(next(&answered, "02-11 10:00"), "thank_you 1 02-11 10:00");
        }
    }

    proptest! {
        #[test]
        fn no_reminder_goes_within_the_pause_nor_earlier_than_without_a_call(
            minutes in 0i64..14 * 24 * 60, pause in 0u32..6, promised in prop::option::of(0i64..10),
        ) {
            let (sequence, now) = (sequence(), at("02-08 12:00").plus(minutes * MINUTE));
            let home = sequence.home();
            let promised = promised.map(|days| home.local(now.plus(days * DAY)).date()).filter(|day| *day <= self::day("2027-02-26"));
            let found = change(Outcome::WillAnswer, promised, &home, now, pause, day("2027-02-26")).unwrap();
            let Change::LeftAlone(until) = found else { return Err(TestCaseError::fail("a promise leaves alone")) };
            let untouched = Facts { signed: true, ..Facts::default() };
            let quiet = Facts { left_alone_until: until, ..untouched.clone() };
            let due = |facts: &Facts| match next_message(&sequence, facts, &invited(), now) {
                Next::Send { due_at, .. } => Some(due_at),
                _ => None,
            };
            let (before, after) = (due(&untouched), due(&quiet));
            prop_assert!(after.is_none_or(|after| until.is_none_or(|until| after >= until)));
            prop_assert!(after.is_none_or(|after| before.is_some_and(|before| after >= before)));
            prop_assert!(rests_until(&home, now, pause) > now);
        }
    }
}
