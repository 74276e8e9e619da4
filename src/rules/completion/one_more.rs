//! What one more reminder would add: on which day it could still go, and how much further the forecast then reaches.

use super::forecast::{Course, Forecast};

/// Working days in which nobody hears from us before and after it, at least.
const APART: usize = 2;
/// Working days that are left to answer it, its own among them.
const TO_ANSWER: usize = 2;

/// The first working day, counted from the first invitation, on which one more reminder could go: not today, neither close to another
/// letter nor so late that hardly anybody could answer. None where there is no such day, or where nobody may get another. `gap`: the days
/// that the round leaves between two messages; `most`: the reminders that it allows.
pub fn day(course: &Course, gap: usize, most: usize) -> Option<usize> {
    if course.next_reminder() > most {
        return None;
    }
    let apart = APART.max(gap);
    let is_free = |day: &usize| course.letters.iter().all(|letter| letter.day.abs_diff(*day) >= apart);
    let tomorrow = course.answers.len() + 1;
    (tomorrow..(course.days + 1).saturating_sub(TO_ANSWER)).find(is_free)
}

/// By how much the middle of the forecast is higher with it: a share, never below nothing.
pub fn adds(without: &Forecast, with: &Forecast) -> f64 {
    (with.last.middle - without.last.middle).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::completion::forecast::{Letter, Sent, forecast};

    fn course(letters: &[usize], over: usize, days: usize) -> Course {
        let letter = |(number, day): (usize, &usize)| Letter {
            day: *day,
            number,
            to: if *day < over { Sent::To(100 - 10 * number as u32) } else { Sent::Planned(1.0) },
        };
        Course {
            reachable: 100,
            letters: letters.iter().enumerate().map(letter).collect(),
            answers: (0..over).map(|day| if letters.contains(&day) { 8 } else { 2 }).collect(),
            since: 0,
            days,
        }
    }

    #[test]
    fn it_goes_neither_close_to_another_letter_nor_too_late() {
        assert_eq!(day(&course(&[0, 3], 5, 20), 2, 9), Some(6), "not today, which is day 5");
        assert_eq!(day(&course(&[0, 3, 7, 9], 5, 20), 2, 9), Some(11));
        assert_eq!(day(&course(&[0, 3], 5, 20), 6, 9), Some(9), "the gap of the round");
        assert_eq!(day(&course(&[0, 3], 5, 8), 2, 9), Some(6));
        assert_eq!(day(&course(&[0, 3], 5, 7), 2, 9), None, "the last day leaves nobody time");
        assert_eq!(day(&course(&[0, 2, 4, 6, 8], 3, 10), 2, 9), None);
        assert_eq!(day(&course(&[0], 5, 0), 2, 9), None);
        assert_eq!(day(&course(&[0, 3], 5, 20), 2, 2), Some(6), "the second");
        assert_eq!(day(&course(&[0, 3], 5, 20), 2, 1), None, "nobody may get a second");
    }

    #[test]
    fn one_more_letter_adds_and_never_takes() {
        let now = course(&[0, 3, 6], 8, 20);
        let at = day(&now, 2, 9).unwrap();
        let to = |share: f64| forecast(&now.with_reminder(at, share), 1).unwrap();
        let (without, with) = (forecast(&now, 1).unwrap(), to(1.0));
        let more = adds(&without, &with);
        assert!((0.005..0.3).contains(&more), "{more}");
        assert!(adds(&without, &to(0.2)) < more, "it goes to fewer");
        assert!(adds(&with, &without).abs() < 1e-12);
    }
}
