//! Counts of the database as figures of a page: never below nothing.

use super::views::frame::{Count, Rate};

pub fn count(n: i64) -> Count {
    Count(n.max(0) as u64)
}

pub fn rate(part: i64, base: i64) -> Rate {
    Rate::new(part.max(0) as u64, base.max(0) as u64)
}
