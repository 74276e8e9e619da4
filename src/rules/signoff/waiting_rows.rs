//! How many rows of a list wait for a signature: the number that is typed to sign.

use super::{SignLevel, Standing, may_sign};

/// Of the rows on the list, those that wait for somebody of this level.
pub fn to_count(rows: impl IntoIterator<Item = Standing>, level: SignLevel) -> usize {
    rows.into_iter().filter(|standing| may_sign(level, *standing)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_counts_the_rows_that_wait_for_it() {
        let rows = [Standing::Unsigned, Standing::CounterSign, Standing::Signed, Standing::Unsigned];
        assert_eq!(to_count(rows, SignLevel::Director), 2);
        assert_eq!(to_count(rows, SignLevel::SalesDirector), 1);
        assert_eq!(to_count([], SignLevel::Director), 0);
    }
}
