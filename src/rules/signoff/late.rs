//! Who is late with a signature, and by how much: the one answer for the board, for asking again and for the summary (decision 0055).
//!
//! Days are working days of the round's own place. An answer is expected before the first reminder would leave, and before the first letter
//! of the round would go to somebody, whichever comes first; what began to wait after that letter has the days of the reminder.

use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;
use crate::rules::plan::Deadline;
use crate::rules::round::SignoffSpec;

/// Nobody is later than this, so that a wrong clock costs little.
const MOST_DAYS: i64 = 1_000;

/// What is expected of whoever is asked to sign in a round.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub calendar: &'a Calendar,
    /// An answer within so many working days.
    pub within: u32,
    /// When the first letter goes, or would have gone, to somebody who is not signed.
    pub letter: Option<Ts>,
}

/// By which of the two somebody is late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missed {
    /// He has not answered within the days that he had.
    Answer,
    /// The first letter could have gone.
    Letter,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    pub since: Ts,
    /// Working days; 0 on the day on which it begins.
    pub days: u32,
    pub missed: Missed,
}

/// How long something has waited for a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waits {
    pub since: Ts,
    /// Working days.
    pub days: u32,
    pub late: Option<Late>,
}

impl<'a> Expected<'a> {
    /// `calendar`: of the round's own place. `letter`: the deadline of the round.
    pub fn new(calendar: &'a Calendar, spec: &SignoffSpec, letter: Option<Deadline>) -> Expected<'a> {
        let letter = letter.map(|deadline| match deadline {
            Deadline::Before { at, .. } => at,
            Deadline::Passed { since, .. } => since,
        });
        Expected { calendar, within: spec.chase_every_working_days.max(1), letter }
    }

    /// From when on whatever waits since `since` is late, and by what.
    pub fn due(&self, since: Ts) -> (Ts, Missed) {
        let answer = self.answer_due(self.day(since));
        match self.letter.filter(|letter| *letter > since && *letter < answer) {
            Some(letter) => (letter, Missed::Letter),
            None => (answer, Missed::Answer),
        }
    }

    pub fn waits(&self, since: Ts, now: Ts) -> Waits {
        let (due, missed) = self.due(since);
        let late = (due <= now).then(|| Late { since: due, days: self.working_days(due, now), missed });
        Waits { since, days: self.working_days(since, now), late }
    }

    /// Whatever waits since before this instant is late at `now`, and nothing else is.
    pub fn late_before(&self, now: Ts) -> Ts {
        let mut day = self.day(now);
        for _ in 0..MOST_DAYS {
            if self.answer_due(day) <= now {
                break;
            }
            day = day.pred_opt().unwrap_or(day);
        }
        let answer = if self.answer_due(day) <= now { self.calendar.end_of(day) } else { Ts(i64::MIN) };
        self.letter.filter(|letter| *letter <= now).map_or(answer, |letter| answer.max(letter))
    }

    fn day(&self, at: Ts) -> NaiveDate {
        self.calendar.local(at).date()
    }

    /// When the first reminder of what began to wait on this day would leave.
    fn answer_due(&self, day: NaiveDate) -> Ts {
        self.calendar.on_day(self.calendar.working_days_from(day, self.within as i32), None)
    }

    /// From one instant to another; what begins on a day off begins on the working day after it.
    fn working_days(&self, from: Ts, until: Ts) -> u32 {
        let mut day = self.calendar.working_days_from(self.day(from), 0);
        let (last, mut days) = (self.day(until), 0);
        for _ in 0..MOST_DAYS {
            let Some(next) = day.succ_opt().filter(|next| *next <= last) else { break };
            days += u32::from(self.calendar.is_working_day(next));
            day = next;
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDateTime;
    use proptest::prelude::*;

    use super::*;
    use crate::base::clock::{DAY, HOUR};
    use crate::rules::calendar::almanac::Almanac;
    use crate::rules::calendar::zone::Zone;

    /// London, 09:00 to 17:00; 25 and 26 December 2026 and 1 January 2027 are holidays, and 28 December, for the 26th is a Saturday.
    fn london() -> Calendar {
        let schedule = serde_json::from_value(serde_json::json!({
            "opens": "2027-02-08", "closes": "2027-03-05", "time_zone": "Europe/London", "send_from": "09:00", "send_until": "17:00"
        }))
        .unwrap();
        let zone = Zone::find("Europe/London").unwrap();
        Calendar::prepare(&schedule, zone, Almanac::built_in().days(Almanac::built_in().key("GB", "")))
    }

    fn at(text: &str) -> Ts {
        let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        Zone::find("Europe/London").unwrap().resolve(local)
    }

    #[test]
    fn an_answer_is_late_when_the_first_reminder_would_leave_and_days_off_count_not() {
        let calendar = london();
        let expected = Expected { calendar: &calendar, within: 3, letter: None };
        for (since, now, days, late) in [
            // Asked on a Monday, reminded on Thursday at nine.
            ("2027-01-18 10:00", "2027-01-18 23:00", 0, None),
            ("2027-01-18 10:00", "2027-01-21 08:59", 3, None),
            ("2027-01-18 10:00", "2027-01-21 09:00", 3, Some(0)),
            ("2027-01-18 10:00", "2027-01-22 09:00", 4, Some(1)),
            ("2027-01-18 10:00", "2027-01-25 07:00", 5, Some(2)),
            // A Saturday counts as the Monday after it.
            ("2027-01-16 10:00", "2027-01-21 08:59", 3, None),
            ("2027-01-16 10:00", "2027-01-21 09:00", 3, Some(0)),
            // Over Christmas: Thursday, then Tuesday, Wednesday, Thursday.
            ("2026-12-24 10:00", "2026-12-30 12:00", 2, None),
            ("2026-12-24 10:00", "2026-12-31 12:00", 3, Some(0)),
            ("2026-12-24 10:00", "2027-01-01 12:00", 3, Some(0)),
        ] {
            let found = expected.waits(at(since), at(now));
            assert_eq!((found.days, found.late.map(|l| l.days)), (days, late), "{since} to {now}");
            assert!(found.late.is_none_or(|l| l.missed == Missed::Answer));
        }
    }

    #[test]
    fn the_first_letter_may_come_before_that_and_holds_for_what_waited_then() {
        let calendar = london();
        let letter = at("2027-01-19 09:30");
        let expected = Expected { calendar: &calendar, within: 3, letter: Some(letter) };
        let late = |since: &str, now: &str| expected.waits(at(since), at(now)).late;
        assert_eq!(late("2027-01-18 10:00", "2027-01-19 09:29"), None);
        let missed = Late { since: letter, days: 2, missed: Missed::Letter };
        assert_eq!(late("2027-01-18 10:00", "2027-01-21 09:00"), Some(missed));
        // What has changed since then has its days.
        assert_eq!(late("2027-01-19 10:00", "2027-01-21 12:00"), None);
        let since = at("2027-01-22 09:00");
        assert_eq!(late("2027-01-19 10:00", "2027-01-22 12:00"), Some(Late { since, days: 0, missed: Missed::Answer }));
        // Somebody who was late before the letter stays late since then.
        assert_eq!(late("2027-01-11 10:00", "2027-01-19 12:00").map(|l| (l.days, l.missed)), Some((3, Missed::Answer)));
    }

    proptest! {
        #[test]
        fn what_waits_since_before_the_limit_is_late_and_nothing_else(
            within in 1u32..8, since in 0i64..2_000, now in 0i64..2_000, letter in proptest::option::of(0i64..2_000),
        ) {
            let calendar = london();
            let begin = at("2026-12-07 00:30");
            let letter = letter.map(|hours| begin.plus(hours * HOUR));
            let expected = Expected { calendar: &calendar, within, letter };
            let (since, now) = (begin.plus(since * HOUR), begin.plus(now * HOUR));
            prop_assume!(since <= now);
            let is_late = expected.waits(since, now).late.is_some();
            prop_assert_eq!(is_late, since < expected.late_before(now));
            // Nobody becomes less late.
            let tomorrow = expected.waits(since, now.plus(DAY));
            prop_assert!(!is_late || tomorrow.late.is_some());
            prop_assert!(tomorrow.days >= expected.waits(since, now).days);
        }
    }
}
