//! Reads `config/calendar/holidays.txt`, which `config/calendar/make.py` writes; its head says how it is to be read.
//!
//! The file is part of the program and its tests hold it to its form: what cannot be read here is passed over.

use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use serde::Serialize;

use crate::rules::contacts::row::cells::folded;

use super::days::{Days, Holiday, Week};

static TEXT: &str = include_str!("../../../../config/calendar/holidays.txt");

/// Where the built-in data comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Edition {
    pub source: &'static str,
    pub version: &'static str,
    pub made: &'static str,
    pub first_year: i32,
    pub last_year: i32,
}

static EDITION: LazyLock<Edition> = LazyLock::new(|| {
    let said = |key: &str| {
        let lines = TEXT.lines().map_while(|line| line.strip_prefix('#'));
        lines.filter_map(|line| line.trim().split_once(": ")).find_map(|(k, v)| (k == key).then_some(v)).unwrap_or("")
    };
    let (first, last) = said("years").split_once('-').unwrap_or_default();
    Edition {
        source: said("source"),
        version: said("version"),
        made: said("made"),
        first_year: first.parse().unwrap_or_default(),
        last_year: last.parse().unwrap_or_default(),
    }
});

impl Edition {
    pub fn built_in() -> Edition {
        *EDITION
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Edition { source, version, made, first_year, last_year } = self;
        write!(f, "{source} {version}, made {made}, {first_year} to {last_year}")
    }
}

/// Every country's code and its part of the text, from its weekend on.
pub fn countries() -> impl Iterator<Item = (&'static str, &'static str)> {
    TEXT.split("\n= ").skip(1).filter_map(|section| section.split_once(' '))
}

/// A country's days and those of its regions.
#[derive(Debug, Default)]
pub struct Country {
    /// The whole country's first, then one for each group of regions with the same days.
    days: Vec<Arc<Days>>,
    /// In order of code.
    regions: Vec<Region>,
}

#[derive(Debug)]
struct Region {
    code: String,
    /// Folded.
    names: Vec<String>,
    number: u16,
}

impl Country {
    /// Of the whole country when there is none of this number.
    pub fn days(&self, number: u16) -> Arc<Days> {
        self.days.get(usize::from(number)).or(self.days.first()).cloned().unwrap_or_default()
    }

    /// Of the days of this region.
    pub fn number_of(&self, code: &str) -> u16 {
        self.regions.binary_search_by(|r| r.code.as_str().cmp(code)).map_or(0, |at| self.regions[at].number)
    }

    pub fn code_of(&self, text: &str) -> Option<&str> {
        self.regions.iter().map(|r| r.code.as_str()).find(|code| code.eq_ignore_ascii_case(text))
    }

    pub fn code_named(&self, folded: &str) -> Option<&str> {
        let named = |r: &&Region| !folded.is_empty() && r.names.iter().any(|n| n == folded);
        self.regions.iter().find(named).map(|r| r.code.as_str())
    }

    /// Other days for the whole country; its regions, which keep their names, have no others.
    pub fn replace(&mut self, days: Days) {
        self.days = vec![Arc::new(days)];
        self.regions.iter_mut().for_each(|r| r.number = 0);
    }

    /// Another week for the whole country and for those of its regions that had the country's.
    pub fn set_week(&mut self, before: Week, week: Week) {
        for days in self.days.iter_mut().filter(|days| days.week == before) {
            Arc::make_mut(days).week = week;
        }
    }

    /// Other days for one region.
    pub fn replace_region(&mut self, code: &str, days: Days) {
        let number = self.days.len() as u16;
        self.days.push(Arc::new(days));
        self.regions.iter_mut().filter(|r| r.code == code).for_each(|r| r.number = number);
    }
}

/// `text`: as [`countries`] gives it.
pub fn country(text: &str) -> Country {
    let mut blocks = text.split("\n> ");
    let first = blocks.next().unwrap_or("");
    let (weekend, national) = first.split_once('\n').unwrap_or((first, ""));
    let week = Week::without(weekend).filter(|_| !weekend.is_empty()).unwrap_or_default();
    let whole = Days::new(week, national.lines().flat_map(holidays).collect());
    let mut country = Country { days: vec![Arc::new(whole.clone())], regions: Vec::new() };
    // Regions that share what differs stand in a row before it.
    let mut row = Vec::new();
    for block in blocks {
        let (head, differs) = block.split_once('\n').unwrap_or((block, ""));
        let mut words = head.split('|');
        row.push((words.next().unwrap_or(""), words.map(folded).collect()));
        if !differs.is_empty() {
            let number = country.days.len() as u16;
            country.days.push(Arc::new(regional(&whole, differs)));
            country.regions.extend(row.drain(..).map(|(code, names)| Region { code: code.to_owned(), names, number }));
        }
    }
    country.regions.extend(row.into_iter().map(|(code, names)| Region { code: code.to_owned(), names, number: 0 }));
    country.regions.sort_by(|a, b| a.code.cmp(&b.code));
    country
}

fn regional(whole: &Days, differs: &str) -> Days {
    let (mut week, mut gone, mut more) = (whole.week, Vec::new(), Vec::new());
    for line in differs.lines() {
        match line.split_at_checked(1) {
            Some(("!", weekend)) => week = Week::without(weekend).unwrap_or(week),
            Some(("-", days)) => gone.extend(dates(days)),
            Some(("+", line)) => more.extend(holidays(line)),
            _ => {}
        }
    }
    let mut kept: Vec<Holiday> = whole.holidays.iter().filter(|h| !gone.contains(&h.date)).cloned().collect();
    kept.append(&mut more);
    Days::new(week, kept)
}

fn holidays(line: &str) -> Vec<Holiday> {
    let (days, name) = line.split_once('|').unwrap_or_default();
    let name: Arc<str> = name.into();
    dates(days).into_iter().map(|date| Holiday { date, name: name.clone() }).collect()
}

/// `0101` is that day of every year, `270328` one day.
fn dates(text: &str) -> Vec<NaiveDate> {
    let mut found = Vec::new();
    for word in text.split(' ') {
        let number = |part: std::ops::Range<usize>| word.get(part).and_then(|digits| digits.parse::<u32>().ok());
        let day = |year: i32, at: usize| NaiveDate::from_ymd_opt(year, number(at..at + 2)?, number(at + 2..at + 4)?);
        match word.len() {
            4 => found.extend((EDITION.first_year..=EDITION.last_year).filter_map(|year| day(year, 0))),
            _ => found.extend(number(0..2).and_then(|year| day(2000 + year as i32, 2))),
        }
    }
    found
}
