//! Which days people work in which country and region: public holidays and working weeks, as data.
//!
//! What is compiled in is `config/calendar/holidays.txt`; an operator's own file may replace any country. Promises: nothing is
//! read before its country is asked for; a place that is not known has Monday to Friday and no holidays, a region that is not
//! known has the days of its country; places with equal days have one key, so lists cannot make more places than there are.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, OnceLock};

use chrono::NaiveDate;

use crate::rules::contacts::row::cells::folded;

pub(crate) mod days;
pub(crate) mod edition;
pub(crate) mod own;

pub use days::{Days, Holiday, Week};
pub use edition::Edition;
pub use own::{OwnRow, OwnStatement};

use edition::Country;

/// Where a contact is, as the list says it. Any part may be empty or unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Locality<'a> {
    /// IANA name.
    pub time_zone: &'a str,
    /// ISO 3166 code.
    pub country: &'a str,
    /// As ISO 3166-2 has it after the hyphen.
    pub region: &'a str,
}

/// The key of days that are equal; that of nowhere is the default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct DaysKey {
    country: u16,
    /// 0: as in the whole country.
    region: u16,
}

#[derive(Debug)]
struct Entry {
    /// The country's part of the built-in data.
    text: &'static str,
    own: Vec<OwnRow>,
    country: OnceLock<Country>,
}

impl Entry {
    fn new(text: &'static str) -> Entry {
        Entry { text, own: Vec::new(), country: OnceLock::new() }
    }

    fn country(&self) -> &Country {
        self.country.get_or_init(|| own::applied(edition::country(self.text), &self.own))
    }
}

#[derive(Debug)]
pub struct Almanac {
    numbers: HashMap<String, u16>,
    /// The first is nowhere.
    entries: Vec<Entry>,
    own_file: Option<String>,
}

static BUILT_IN: LazyLock<Arc<Almanac>> = LazyLock::new(|| Arc::new(Almanac::of(edition::countries())));

impl Almanac {
    /// The data that is compiled in.
    pub fn built_in() -> Arc<Almanac> {
        BUILT_IN.clone()
    }

    /// Monday to Friday everywhere, and no holidays.
    pub fn plain() -> Arc<Almanac> {
        Arc::new(Almanac::of(std::iter::empty()))
    }

    /// The built-in data with the operator's own rows over it; `file` is named to people.
    pub fn with_own(file: &str, rows: Vec<OwnRow>) -> Arc<Almanac> {
        let mut almanac = Almanac::of(edition::countries());
        for row in rows {
            let next = almanac.entries.len() as u16;
            let number = *almanac.numbers.entry(row.country.clone()).or_insert(next);
            if number == next {
                almanac.entries.push(Entry::new(""));
            }
            if let Some(entry) = almanac.entries.get_mut(usize::from(number)) {
                entry.own.push(row);
            }
        }
        almanac.own_file = Some(file.to_owned());
        Arc::new(almanac)
    }

    fn of(countries: impl Iterator<Item = (&'static str, &'static str)>) -> Almanac {
        let mut almanac = Almanac { numbers: HashMap::new(), entries: vec![Entry::new("")], own_file: None };
        for (code, text) in countries {
            almanac.numbers.insert(code.to_owned(), almanac.entries.len() as u16);
            almanac.entries.push(Entry::new(text));
        }
        almanac
    }

    /// The key of the days that hold there.
    pub fn key(&self, country: &str, region: &str) -> DaysKey {
        let Some(number) = self.numbers.get(country) else { return DaysKey::default() };
        let region = match self.entries.get(usize::from(*number)) {
            Some(entry) if !region.is_empty() => entry.country().number_of(region),
            _ => 0,
        };
        DaysKey { country: *number, region }
    }

    pub fn days(&self, key: DaysKey) -> Arc<Days> {
        let country = self.entries.get(usize::from(key.country)).map(Entry::country);
        country.map(|country| country.days(key.region)).unwrap_or_default()
    }

    /// The public holiday of this day there: "St. Patrick's Day".
    pub fn holiday(&self, country: &str, region: &str, date: NaiveDate) -> Option<String> {
        self.days(self.key(country, region)).holiday(date).map(Into::into)
    }

    /// The operator's own file, where there is one.
    pub fn own_file(&self) -> Option<&str> {
        self.own_file.as_deref()
    }
}

/// The region of this country that a list calls "DE-BY", "BY" or "Bavaria", as ISO 3166-2 has it after the hyphen.
pub fn region(country: &str, text: &str) -> Option<String> {
    let number = BUILT_IN.numbers.get(country)?;
    let known = BUILT_IN.entries.get(usize::from(*number))?.country();
    let text = text.trim();
    let bare = match text.split_once('-') {
        Some((before, code)) if before.eq_ignore_ascii_case(country) => code.trim(),
        _ => text,
    };
    known.code_of(bare).or_else(|| known.code_named(&folded(text))).map(Into::into)
}

#[cfg(test)]
mod tests;
