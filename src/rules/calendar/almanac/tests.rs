//! The almanac against days that are known by heart, and against the holidays of the corpora.

use chrono::{Datelike, Weekday};

use super::super::tests::corpus;
use super::edition::countries;
use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn row(country: &str, region: &str, says: OwnStatement) -> OwnRow {
    OwnRow { country: country.into(), region: region.into(), says }
}

fn off(date: &str) -> OwnStatement {
    OwnStatement::Holiday(day(date), "The founder's birthday".into())
}

fn week(weekend: &str) -> OwnStatement {
    OwnStatement::Week(Week::without(weekend).unwrap())
}

#[test]
fn every_holiday_of_the_corpus_is_known() {
    let Some(corpus) = corpus("public-holidays.jsonl") else { return };
    let almanac = Almanac::built_in();
    let mut known = 0;
    for line in corpus.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let (country, date) = (row["country"].as_str().unwrap(), day(row["date"].as_str().unwrap()));
        assert!(almanac.holiday(country, "", date).is_some(), "{line}");
        assert!(!almanac.days(almanac.key(country, "")).is_working_day(date), "{line}");
        known += 1;
    }
    assert!(known > 11_000, "{known}");
}

#[test]
fn days_known_by_heart() {
    let almanac = Almanac::built_in();
    let on = |country: &str, region: &str, date: &str| almanac.holiday(country, region, day(date));
    assert_eq!(on("US", "", "2027-11-25").as_deref(), Some("Thanksgiving Day"));
    assert_eq!(on("DE", "", "2027-01-06"), None);
    assert_eq!(on("DE", "BY", "2027-01-06").as_deref(), Some("Epiphany"));
    assert_eq!(on("DE", "BY", "2027-10-03").as_deref(), Some("German Unity Day"));
    assert_eq!(on("GB", "SCT", "2027-11-30").as_deref(), Some("Saint Andrew's Day"));
    assert_eq!(on("GB", "SCT", "2027-03-29"), None, "Easter Monday is a working day in Scotland");
    assert_eq!(on("GB", "ENG", "2027-03-29").as_deref(), Some("Easter Monday"));
    assert_eq!(on("JP", "", "2028-02-29"), None);
    assert_eq!(on("MY", "", "2032-01-14").as_deref(), Some("Eid al-Fitr (estimated)"));
    for (country, region, weekend) in [
        ("AE", "", "sat sun"),
        ("SA", "", "fri sat"),
        ("IL", "", "fri sat"),
        ("EG", "", "fri sat"),
        ("BD", "", "fri sat"),
        ("IR", "", "fri"),
        ("NP", "", "sat"),
        ("HK", "", "sat sun"),
        ("BN", "", "fri sun"),
        ("MY", "", "sat sun"),
        ("MY", "03", "fri sat"),
        ("MY", "10", "sat sun"),
    ] {
        assert_eq!(Some(almanac.days(almanac.key(country, region)).week), Week::without(weekend), "{country} {region}");
    }
}

#[test]
fn the_data_has_the_form_that_its_head_promises() {
    let edition = Edition::built_in();
    assert_eq!(edition.source, "PyPI holidays");
    assert!(!edition.version.is_empty() && !edition.made.is_empty());
    let years = edition.first_year..=edition.last_year;
    let (mut all, mut dates) = (0, 0);
    for (code, text) in countries() {
        assert!(crate::rules::contacts::row::whereabouts::places::is_country_code(code), "{code}");
        let weekends = text.lines().take(1).chain(text.lines().filter_map(|line| line.strip_prefix('!')));
        assert!(weekends.into_iter().all(|weekend| Week::without(weekend).is_some()), "{code}");
        let country = edition::country(text);
        for number in 0.. {
            let days = country.days(number);
            assert!(days.holidays.iter().all(|h| !h.name.is_empty() && years.contains(&h.date.year())), "{code}");
            assert!(days.holidays.windows(2).all(|pair| pair[0].date < pair[1].date), "{code}");
            dates += days.holidays.len();
            if number > 0 && Arc::ptr_eq(&days, &country.days(0)) {
                break;
            }
        }
        all += 1;
    }
    assert!(all == 250 && dates > 60_000, "{all} countries, {dates} dates");
}

#[test]
fn places_that_are_not_known_have_plain_weeks_and_no_keys_of_their_own() {
    let almanac = Almanac::built_in();
    let nowhere = almanac.key("", "");
    assert_eq!(almanac.days(nowhere), Arc::new(Days::default()));
    for (country, region) in [("XX", ""), ("de", "BY"), ("Germany", ""), ("XX", "BY")] {
        assert_eq!(almanac.key(country, region), nowhere, "{country} {region}");
    }
    assert_eq!(almanac.key("DE", "XX"), almanac.key("DE", ""));
    assert_eq!(almanac.key("DE", "BW"), almanac.key("DE", "BY"));
    assert_ne!(almanac.key("DE", "BE"), almanac.key("DE", "BY"));
    let plain = Almanac::plain();
    assert_eq!(plain.key("DE", "BY"), DaysKey::default());
    assert_eq!(plain.holiday("DE", "", day("2027-01-01")), None);
}

#[test]
fn the_operators_rows_replace_what_is_built_in() {
    let almanac = Almanac::with_own(
        "own.csv",
        vec![
            row("IE", "", off("2027-02-10")),
            row("DE", "BY", off("2027-02-11")),
            row("GB", "", week("fri")),
            row("XX", "", off("2027-02-12")),
            row("US", "CA", week("mon")),
        ],
    );
    let on = |country: &str, region: &str, date: &str| almanac.holiday(country, region, day(date)).is_some();
    assert!(on("IE", "", "2027-02-10") && !on("IE", "", "2027-03-17"));
    assert!(on("DE", "BY", "2027-02-11") && on("DE", "BY", "2027-10-03") && !on("DE", "BY", "2027-01-06"));
    assert!(on("DE", "BW", "2027-01-06") && !on("DE", "", "2027-02-11"));
    assert!(on("XX", "", "2027-02-12"));
    let works =
        |country: &str, region: &str, date: &str| almanac.days(almanac.key(country, region)).is_working_day(day(date));
    assert!(on("GB", "SCT", "2027-11-30") && works("GB", "SCT", "2027-02-06") && !works("GB", "", "2027-02-05"));
    assert!(!works("US", "CA", "2027-02-08") && works("US", "", "2027-02-08") && !works("US", "CA", "2027-12-24"));
    assert_eq!(almanac.own_file(), Some("own.csv"));
    assert_eq!(Almanac::built_in().holiday("IE", "", day("2027-02-10")), None);
}

#[test]
fn regions_in_the_spellings_of_lists() {
    for text in ["DE-BY", "de-by", "BY", "Bayern", "bavaria", " Bavaria "] {
        assert_eq!(region("DE", text).as_deref(), Some("BY"), "{text}");
    }
    assert_eq!(region("DE", "Baden-Württemberg").as_deref(), Some("BW"));
    assert_eq!(region("US", "California").as_deref(), Some("CA"));
    assert_eq!(region("CH", "Zürich").as_deref(), Some("ZH"));
    for (country, text) in
        [("DE", "EMEA"), ("DE", "FR-BY"), ("DE", ""), ("DE", "DE-"), ("", "BY"), ("XX", "BY"), ("IE", "DE-BY")]
    {
        assert_eq!(region(country, text), None, "{country} {text}");
    }
}

#[test]
fn weeks_without_a_working_day_or_with_a_wrong_word_are_none() {
    assert_eq!(Week::without("sat sun"), Some(Week::default()));
    assert_eq!(Week::without("Friday SAT").map(|w| w.works_on(Weekday::Fri)), Some(false));
    assert_eq!(Week::without("mon tue wed thu fri sat sun"), None);
    assert_eq!(Week::without("sat funday"), None);
}
