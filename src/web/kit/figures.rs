//! Counts of the database as figures of a page: never below nothing.

use super::views::frame::{Count, Rate};

pub fn count(n: i64) -> Count {
    Count(n.max(0) as u64)
}

/// `part`: none where it is not told.
pub fn as_told(part: Option<i64>, base: i64) -> Rate {
    part.map_or_else(|| Rate::not_told(base.max(0) as u64), |part| rate(part, base))
}

pub fn rate(part: i64, base: i64) -> Rate {
    Rate::new(part.max(0) as u64, base.max(0) as u64)
}
