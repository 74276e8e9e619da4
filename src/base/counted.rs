//! How many of what, in words: one of a thing is not "1 things".

/// "1 contact", "12 contacts".
pub fn counted(n: impl Into<i128>, one: &str, many: &str) -> String {
    let n = n.into();
    format!("{n} {}", form(n, one, many))
}

/// The same for what is counted by a length.
pub fn number_of(n: usize, one: &str, many: &str) -> String {
    counted(n as u64, one, many)
}

/// The word alone, where the number stands elsewhere.
pub fn form<'w>(n: impl Into<i128>, one: &'w str, many: &'w str) -> &'w str {
    if n.into() == 1 { one } else { many }
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
        assert_eq!((number_of(1, "row is", "rows are"), form(1u64, "is", "are")), ("1 row is".to_string(), "is"));
    }
}
