//! The operator's own rows over the built-in data.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::days::{Days, Holiday, Week};
use super::edition::Country;

/// A row of the operator's own file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnRow {
    /// ISO 3166 code.
    pub country: String,
    /// Empty: the whole country.
    pub region: String,
    pub says: OwnStatement,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnStatement {
    Holiday(NaiveDate, String),
    Week(Week),
}

/// Holidays of the whole country take the place of all that were known for it and its regions. Holidays of a region stand
/// beside those of the country and take the place of what else was known for the region. A week replaces only a week.
pub(super) fn applied(mut country: Country, rows: &[OwnRow]) -> Country {
    let mut by_region: BTreeMap<&str, (Option<Week>, Vec<Holiday>)> = BTreeMap::new();
    for row in rows {
        let (week, holidays) = by_region.entry(&row.region).or_default();
        match &row.says {
            OwnStatement::Week(said) => *week = Some(*said),
            OwnStatement::Holiday(date, name) => holidays.push(Holiday { date: *date, name: Arc::from(name.as_str()) }),
        }
    }
    if let Some((week, holidays)) = by_region.remove("") {
        let before = country.days(0);
        let week = week.unwrap_or(before.week);
        if holidays.is_empty() {
            country.set_week(before.week, week);
        } else {
            country.replace(Days::new(week, holidays));
        }
    }
    let whole = country.days(0);
    for (region, (week, holidays)) in by_region {
        let before = country.days(country.number_of(region));
        let week = week.unwrap_or(before.week);
        let all = match holidays.is_empty() {
            true => before.holidays.clone(),
            false => whole.holidays.iter().cloned().chain(holidays).collect(),
        };
        country.replace_region(region, Days::new(week, all));
    }
    country
}
