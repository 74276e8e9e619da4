//! A cron expression as days of the week and a time of day, which is what people pick; and back.
//!
//! An expression that says anything else (a month, a day of the month, several times a day) is none of these and stays as it is.

use chrono::{NaiveTime, Timelike};

use super::crontab::Cron;

/// In the order in which they are shown.
pub const WEEKDAYS: [(&str, &str); 7] = [
    ("MON", "Monday"),
    ("TUE", "Tuesday"),
    ("WED", "Wednesday"),
    ("THU", "Thursday"),
    ("FRI", "Friday"),
    ("SAT", "Saturday"),
    ("SUN", "Sunday"),
];

/// Days of the week, Monday first, and a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekly {
    pub days: [bool; 7],
    pub at: NaiveTime,
}

impl Weekly {
    pub fn parse(cron: &str) -> Option<Weekly> {
        let fields: Vec<&str> = cron.split_whitespace().collect();
        let [minute, hour, "*" | "?", "*" | "?", weekdays] = fields[..] else { return None };
        Cron::parse(cron).ok()?;
        let mut days = [matches!(weekdays, "*" | "?"); 7];
        if !days[0] {
            for part in weekdays.split(',') {
                let (first, last) = part.split_once('-').unwrap_or((part, part));
                let (first, last) = (place(first)?, place(last)?);
                if first > last {
                    return None;
                }
                days.iter_mut().take(last + 1).skip(first).for_each(|day| *day = true);
            }
        }
        Some(Weekly { days, at: NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)? })
    }

    /// Empty where no day is picked.
    pub fn cron(self) -> String {
        let picked: Vec<&str> =
            WEEKDAYS.iter().zip(self.days).filter(|(_, picked)| *picked).map(|((code, _), _)| *code).collect();
        if picked.is_empty() {
            return String::new();
        }
        let days = if picked.len() == WEEKDAYS.len() { "*".to_string() } else { picked.join(",") };
        format!("{} {} * * {days}", self.at.minute(), self.at.hour())
    }

    /// "Tuesday and Thursday", "every day".
    pub fn days(self) -> String {
        let all: Vec<&str> =
            WEEKDAYS.iter().zip(self.days).filter(|(_, picked)| *picked).map(|((_, name), _)| *name).collect();
        match all.split_last() {
            Some(_) if all.len() == WEEKDAYS.len() => "every day".into(),
            Some((last, [])) => (*last).into(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
            None => "no day".into(),
        }
    }
}

/// Of a weekday by name or number, 0 and 7 being Sunday; counted from Monday.
fn place(name: &str) -> Option<usize> {
    match name.parse::<usize>() {
        Ok(number @ 0..=7) => Some((number + 6) % 7),
        Ok(_) => None,
        Err(_) => {
            WEEKDAYS.iter().position(|(code, long)| name.eq_ignore_ascii_case(code) || name.eq_ignore_ascii_case(long))
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(cron: &str) -> Option<(String, String)> {
        Weekly::parse(cron).map(|weekly| (weekly.days(), weekly.at.format("%H:%M").to_string()))
    }

    #[test]
    fn what_people_can_pick_is_shown_so() {
        for (cron, days, at) in [
            ("30 9 * * THU", "Thursday", "09:30"),
            ("0 10 * * tue,Thursday", "Tuesday and Thursday", "10:00"),
            ("5 14 * * MON-FRI", "Monday, Tuesday, Wednesday, Thursday and Friday", "14:05"),
            ("0 8 ? * 1", "Monday", "08:00"),
            ("0 8 * * 0", "Sunday", "08:00"),
            ("0 8 * * 7", "Sunday", "08:00"),
            (" 0  8 * * * ", "every day", "08:00"),
        ] {
            assert_eq!(told(cron), Some((days.into(), at.into())), "{cron}");
        }
    }

    #[test]
    fn what_they_cannot_pick_is_not() {
        for cron in [
            "0 14 * 3 TUE",
            "0 14 1 * *",
            "0 14 1 * MON",
            "*/15 9 * * MON",
            "0 9,15 * * MON",
            "0 9-11 * * MON",
            "0 9 * * MON#1",
            "0 9 * * FRI-MON",
            "0 9 * *",
            "soon",
            "",
        ] {
            assert_eq!(told(cron), None, "{cron}");
        }
    }

    proptest! {
        #[test]
        fn what_was_picked_comes_back(days in any::<[bool; 7]>(), hour in 0u32..24, minute in 0u32..60) {
            let picked = Weekly { days, at: NaiveTime::from_hms_opt(hour, minute, 0).unwrap() };
            let cron = picked.cron();
            prop_assert_eq!(Weekly::parse(&cron), days.contains(&true).then_some(picked), "{}", cron);
        }
    }
}
