//! How touches, days and times are named in sentences about a schedule.

use chrono::{NaiveDate, Timelike};

use crate::rules::round::RoundSpec;

/// "touch 3, reminder".
pub(in crate::plan) fn touch_name(spec: &RoundSpec, index: usize) -> String {
    let kind = spec.touches.get(index).map_or("", |t| t.kind.label());
    format!("touch {}, {kind}", index + 1)
}

/// "Tue 9 Feb 2027".
pub(in crate::plan) fn day(date: NaiveDate) -> String {
    date.format("%a %-d %b %Y").to_string()
}

/// Minute and hour as cron writes them.
pub(in crate::plan) fn clock(at: impl Timelike) -> String {
    format!("{} {}", at.minute(), at.hour())
}
