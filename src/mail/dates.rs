//! Days as letters name them, in the language of the letter.
//!
//! Languages whose months are not known here get the English form; a round can avoid the placeholder.

use chrono::{Datelike, NaiveDate, Weekday};

const ENGLISH: [&str; 12] = [
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
const GERMAN: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const FRENCH: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// "Friday 5 March", "Freitag, 5. März", "vendredi 5 mars".
pub fn day(date: NaiveDate, language: &str) -> String {
    let (number, month) = (date.day(), date.month0() as usize);
    let weekday = date.weekday().num_days_from_monday() as usize;
    match language {
        "de" => {
            let days = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
            format!("{}, {number}. {}", days[weekday], GERMAN[month])
        }
        "fr" => {
            let days = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
            let number = if number == 1 { "1er".to_string() } else { number.to_string() };
            format!("{} {number} {}", days[weekday], FRENCH[month])
        }
        _ => format!("{} {number} {}", english(date.weekday()), ENGLISH[month]),
    }
}

fn english(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_day_in_the_language_of_the_letter() {
        let date = NaiveDate::from_ymd_opt(2027, 3, 5).unwrap();
        assert_eq!(day(date, "en"), "Friday 5 March");
        assert_eq!(day(date, "de"), "Freitag, 5. März");
        assert_eq!(day(date, "fr"), "vendredi 5 mars");
        assert_eq!(day(date, "pl"), "Friday 5 March");
    }
}
