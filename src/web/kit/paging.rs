//! Lists in pages of fifty, with the filters kept from page to page.

use super::figures::count;
use super::forms::fields::Fields;
use super::forms::query::query;
use super::views::paging::Paging;

pub const ROWS: i64 = 50;
/// Counting stops behind this one; whoever looks through more than this should filter.
pub const COUNTED: i64 = 10_000;

/// The page that is asked for, from 1.
pub fn number(words: &Fields) -> i64 {
    words.get("page").parse().unwrap_or(1).clamp(1, COUNTED)
}

pub fn offset(page: i64) -> i64 {
    (page - 1) * ROWS
}

/// Where a list stands. `shown` rows of `total`, at `path` with `filters`.
pub fn of(page: i64, shown: usize, total: i64, path: &str, filters: &[(&str, &str)]) -> Paging {
    by(ROWS, page, shown, total, path, filters)
}

/// The same in pages of `rows`.
pub fn by(rows: i64, page: i64, shown: usize, total: i64, path: &str, filters: &[(&str, &str)]) -> Paging {
    let to = |page: i64| {
        let page = page.to_string();
        let all: Vec<(&str, &str)> = filters.iter().copied().chain([("page", page.as_str())]).collect();
        format!("{path}{}", query(&all))
    };
    let before = (page - 1) * rows;
    let first = before + i64::from(shown > 0);
    let last = before + shown as i64;
    Paging {
        first: count(first),
        last: count(last),
        total: count(total.max(last)),
        is_cut: false,
        previous: (page > 1).then(|| to(page - 1)),
        next: (shown as i64 == rows && total > last).then(|| to(page + 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_that_was_cut_is_no_count() {
        let at = |total: i64| of(1, 50, total, "/x", &[]).cut_at(COUNTED);
        assert_eq!(at(300).in_all(), "300");
        assert_eq!((at(COUNTED).in_all(), at(COUNTED + 1).in_all()), ("10,000".into(), "more than 10,000".into()));
        // There is a page behind the last that was counted.
        assert!(of(COUNTED / ROWS, 50, COUNTED + 1, "/x", &[]).cut_at(COUNTED).next.is_some());
    }
}
