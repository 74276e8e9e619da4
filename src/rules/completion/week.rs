//! Where the answers of a round stood a week ago, so that one figure has a direction.

use chrono::{Days, NaiveDate};

use super::course::{Day, since_the_invitation};
use super::whole_percent;

/// How many had answered by the end of the day a week before this one; none where the first invitation had not left by then.
pub fn a_week_ago(days: &[Day], today: NaiveDate) -> Option<i64> {
    let then = today.checked_sub_days(Days::new(7))?;
    since_the_invitation(days).find(|(_, day)| day.date == then).map(|(_, day)| day.answers)
}

/// By how many points the rate has risen since: the difference of two whole percents, both of those who are reachable now.
pub fn points(completed: i64, before: i64, reachable: i64) -> i64 {
    let percent = |part: i64| whole_percent(part.max(0) as u64, reachable.max(0) as u64) as i64;
    percent(completed) - percent(before)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::rules::message::MessageKind;

    use super::*;

    fn day(date: &str, answers: i64, invites: bool) -> Day {
        let letters = if invites { vec![(MessageKind::Invitation, 1, 10)] } else { Vec::new() };
        Day { date: date.parse().unwrap(), answers, accounts: 0, revenue: 0, letters }
    }

    #[test]
    fn a_week_ago_is_the_end_of_that_day_and_nothing_before_the_invitation() {
        let days = [day("2027-02-07", 0, false), day("2027-02-08", 2, true), day("2027-02-09", 5, false)];
        let on = |today: &str| a_week_ago(&days, today.parse().unwrap());
        assert_eq!(on("2027-02-14"), None, "a week ago nobody was invited");
        assert_eq!(on("2027-02-15"), Some(2));
        assert_eq!(on("2027-02-16"), Some(5));
        assert_eq!(on("2027-02-17"), None, "a day of which nothing is known");
        assert_eq!(a_week_ago(&[], "2027-02-15".parse().unwrap()), None);
    }

    proptest! {
        #[test]
        fn points_are_the_difference_of_what_was_told(reachable in 0i64..2_000, part in 0i64..2_000, before in 0i64..2_000) {
            let (part, before) = (part.min(reachable), before.min(reachable));
            let risen = points(part, before, reachable);
            prop_assert!((-100..=100).contains(&risen));
            prop_assert_eq!(risen, -points(before, part, reachable));
            prop_assert!(part < before || risen >= 0);
            prop_assert_eq!(points(part, part, reachable), 0);
        }
    }
}
