//! Weekdays and a time of day to pick, in the place of a cron expression, where the two can say the same.

use chrono::NaiveTime;

use crate::web::kit::views::form::Choice;

/// The day as cron has it, and for people.
pub const DAYS: [(&str, &str); 7] = [
    ("MON", "Monday"),
    ("TUE", "Tuesday"),
    ("WED", "Wednesday"),
    ("THU", "Thursday"),
    ("FRI", "Friday"),
    ("SAT", "Saturday"),
    ("SUN", "Sunday"),
];
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// "On Tuesdays and Thursdays at 09:30", as it is picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picked {
    pub days: Vec<&'static str>,
    pub at: NaiveTime,
    /// 1 to 12; none: in every month.
    pub month: Option<usize>,
}

impl Picked {
    /// None where the expression says more than can be picked.
    pub fn of(cron: &str) -> Option<Picked> {
        let parts: Vec<&str> = cron.split(' ').collect();
        let [minute, hour, "*", month, days] = parts[..] else { return None };
        let at = NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)?;
        let month = match month {
            "*" => None,
            month => Some(month.parse().ok().filter(|month| (1..=12).contains(month))?),
        };
        let day = |day: &str| DAYS.iter().map(|(short, _)| *short).find(|short| *short == day);
        let picked = Picked { days: days.split(',').map(day).collect::<Option<_>>()?, at, month };
        // Only what comes back as it was.
        (picked.cron() == cron).then_some(picked)
    }

    pub fn cron(&self) -> String {
        let days: Vec<&str> = DAYS.iter().map(|(day, _)| *day).filter(|day| self.days.contains(day)).collect();
        let month = self.month.map_or("*".to_string(), |month| month.to_string());
        format!("{} {} * {month} {}", self.at.format("%-M"), self.at.format("%-H"), days.join(","))
    }

    /// "on Tuesdays and Thursdays in March, at 09:30".
    pub fn sentence(&self) -> String {
        let days: Vec<String> =
            DAYS.iter().filter(|(day, _)| self.days.contains(day)).map(|(_, name)| format!("{name}s")).collect();
        let month = self.month.and_then(|month| MONTHS.get(month - 1)).map_or(String::new(), |m| format!(" in {m}"));
        format!("on {}{month}, at {}", joined(&days), self.at.format("%H:%M"))
    }
}

fn joined(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// For a select; the first is every month.
pub fn months() -> Vec<Choice> {
    let months = MONTHS.iter().enumerate().map(|(at, month)| Choice::new((at + 1).to_string(), *month));
    [Choice::new("", "in every month")].into_iter().chain(months).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_picked_comes_back_as_it_was_and_the_rest_stays_an_expression() {
        for (cron, said) in [
            ("30 9 * * THU", "on Thursdays, at 09:30"),
            ("0 14 * 3 TUE", "on Tuesdays in March, at 14:00"),
            ("5 8 * * MON,TUE,FRI", "on Mondays, Tuesdays and Fridays, at 08:05"),
        ] {
            let picked = Picked::of(cron).unwrap();
            assert_eq!((picked.cron().as_str(), picked.sentence().as_str()), (cron, said));
        }
        for more in [
            "*/5 9 * * THU",
            "30 9 1 * THU",
            "30 9 * * 4",
            "30 9 * * TUE-THU",
            "30 9 * * FRI,MON",
            "30 25 * * MON",
            "30 9 * 13 MON",
            "09 9 * * MON",
            "",
        ] {
            assert_eq!(Picked::of(more), None, "{more}");
        }
    }
}
