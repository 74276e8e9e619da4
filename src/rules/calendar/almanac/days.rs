//! The working week and the public holidays of one place.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};

/// The working days of a week; never none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Week(u8);

impl Default for Week {
    fn default() -> Week {
        Week(0b001_1111)
    }
}

impl Week {
    /// From the days that are off: `fri sat`. `None` when a word is no day, or no working day is left.
    pub fn without(weekend: &str) -> Option<Week> {
        let mut week = Week(0b111_1111);
        for word in weekend.split_whitespace() {
            week.0 &= !(1 << word.parse::<Weekday>().ok()?.num_days_from_monday());
        }
        (week.0 != 0).then_some(week)
    }

    pub fn works_on(self, day: Weekday) -> bool {
        self.0 & (1 << day.num_days_from_monday()) != 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub date: NaiveDate,
    pub name: Arc<str>,
}

/// Working week and public holidays of a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days {
    pub(super) week: Week,
    /// In order, one a day.
    pub(super) holidays: Vec<Holiday>,
}

impl Days {
    /// Of two holidays on one day the first in `holidays` stays.
    pub(super) fn new(week: Week, mut holidays: Vec<Holiday>) -> Days {
        holidays.sort_by_key(|h| h.date);
        holidays.dedup_by_key(|h| h.date);
        Days { week, holidays }
    }

    pub fn is_working_day(&self, date: NaiveDate) -> bool {
        self.week.works_on(date.weekday()) && self.holiday(date).is_none()
    }

    pub fn holiday(&self, date: NaiveDate) -> Option<&str> {
        let at = self.holidays.binary_search_by_key(&date, |h| h.date).ok()?;
        self.holidays.get(at).map(|h| &*h.name)
    }

    pub fn holidays(&self) -> &[Holiday] {
        &self.holidays
    }
}
