//! Days as letters name them, in the language of the letter.
//!
//! Languages whose months are not known here get the day in figures, year first, which no language reads as another day.

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

const SPANISH: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];
const ITALIAN: [&str; 12] = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
];
const DUTCH: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
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
        "es" => {
            let days = ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"];
            format!("{} {number} de {}", days[weekday], SPANISH[month])
        }
        "it" => {
            let days = ["lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"];
            format!("{} {number} {}", days[weekday], ITALIAN[month])
        }
        "nl" => {
            let days = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
            format!("{} {number} {}", days[weekday], DUTCH[month])
        }
        "en" => format!("{} {number} {}", english(date.weekday()), ENGLISH[month]),
        _ => date.to_string(),
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
        assert_eq!(day(date, "es"), "viernes 5 de marzo");
        assert_eq!(day(date, "it"), "venerdì 5 marzo");
        assert_eq!(day(date, "nl"), "vrijdag 5 maart");
        assert_eq!(day(date, "pl"), "2027-03-05", "no English in a Polish letter");
    }
}
