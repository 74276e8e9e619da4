//! How many of what, in words: one of a thing is not "1 things".

/// "1 contact", "12 contacts"; of any whole number.
pub fn counted(n: impl TryInto<i128>, one: &str, many: &str) -> String {
    let n = whole(n);
    format!("{n} {}", form(n, one, many))
}

/// The word alone, where the number stands elsewhere.
pub fn form<'w>(n: impl TryInto<i128>, one: &'w str, many: &'w str) -> &'w str {
    if whole(n) == 1 { one } else { many }
}

/// No number of the program is larger.
fn whole(n: impl TryInto<i128>) -> i128 {
    n.try_into().unwrap_or(i128::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_one_is_one() {
        for (n, said) in
            [(0, "0 rows"), (1, "1 row"), (2, "2 rows"), (21, "21 rows"), (-1, "-1 rows"), (101, "101 rows")]
        {
            assert_eq!(counted(n, "row", "rows"), said);
        }
        assert_eq!((counted(1usize, "row is", "rows are"), form(1u64, "is", "are")), ("1 row is".to_string(), "is"));
    }
}
