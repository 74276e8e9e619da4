//! The day on which a round opens, looked at before it is taken: one that is over is none, and one on which nobody works is a mistake
//! unless somebody says that it is meant.

use chrono::{Datelike, NaiveDate, Weekday};

use crate::rules::calendar::countries::country_of;
use crate::rules::calendar::{Almanac, Days};
use crate::rules::round::Schedule;

/// Why a round would not open on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpeningDoubt {
    Over,
    /// Nobody works: "a Saturday", "Saint Brigid's Day". `next` is a working day.
    Off {
        why: String,
        next: NaiveDate,
    },
}

/// The working week and the holidays of the country in which the zone of the round lies; where it is of none, or of several, those of none.
fn days(schedule: &Schedule, almanac: &Almanac) -> std::sync::Arc<Days> {
    almanac.days(almanac.key(country_of(&schedule.time_zone).unwrap_or_default(), ""))
}

/// None for a working day that is still to come, or is today.
pub fn opening_doubt(schedule: &Schedule, almanac: &Almanac, today: NaiveDate) -> Option<OpeningDoubt> {
    let opens = schedule.opens;
    if opens < today {
        return Some(OpeningDoubt::Over);
    }
    let days = days(schedule, almanac);
    let works = |day: NaiveDate| days.is_working_day(day) && !schedule.days_off.contains(&day);
    if works(opens) {
        return None;
    }
    let why = match (days.holiday(opens), opens.weekday()) {
        (Some(holiday), _) => holiday.to_string(),
        (None, Weekday::Sat) => "a Saturday".into(),
        (None, Weekday::Sun) => "a Sunday".into(),
        (None, _) => "a day off".into(),
    };
    // A year without a working day is none that somebody would plan.
    let next = opens.iter_days().skip(1).take(366).find(|day| works(*day)).unwrap_or(opens);
    Some(OpeningDoubt::Off { why, next })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::tests::spec_of;
    use super::*;

    #[test]
    fn a_day_that_is_over_or_on_which_nobody_works_is_doubted() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let mut schedule = spec_of(json!([])).schedule;
        schedule.days_off = vec![day("2028-03-20")];
        let almanac = Almanac::built_in();
        let mut said = |zone: &str, opens: &str| {
            (schedule.time_zone, schedule.opens) = (zone.into(), day(opens));
            match opening_doubt(&schedule, &almanac, day("2028-01-10")) {
                None => String::new(),
                Some(OpeningDoubt::Over) => "over".into(),
                Some(OpeningDoubt::Off { why, next }) => format!("{why}, then {next}"),
            }
        };
        assert_eq!(said("Europe/Dublin", "2028-01-09"), "over");
        assert_eq!(said("Europe/Dublin", "2028-01-10"), "");
        assert_eq!(said("Europe/Dublin", "2028-02-05"), "a Saturday, then 2028-02-08", "a holiday after a weekend");
        assert_eq!(said("Europe/Dublin", "2028-02-07"), "Saint Brigid's Day, then 2028-02-08");
        assert_eq!(said("Europe/Dublin", "2028-03-20"), "a day off, then 2028-03-21");
        // A zone of no country knows weekends only; there are places that rest on other days.
        assert_eq!(
            (said("UTC", "2028-02-07").as_str(), said("UTC", "2028-02-06").as_str()),
            ("", "a Sunday, then 2028-02-07")
        );
        assert_eq!(said("Asia/Riyadh", "2028-02-06"), "");
        assert_eq!(said("Asia/Riyadh", "2028-02-04"), "a day off, then 2028-02-06");
    }
}
