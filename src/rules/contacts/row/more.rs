//! Columns of a list that are none of ours, as placeholders in letters: `{{ more.segment }}` for a column "Segment".

use std::collections::BTreeMap;

use crate::base::folding::folded;

/// The name of a column in a letter: its letters and digits in lower case and without accents, everything else as underscores.
pub fn placeholder(header: &str) -> String {
    let mut name = String::with_capacity(header.len());
    for c in folded(header).chars() {
        if c.is_alphanumeric() {
            name.push(c);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    name.truncate(name.trim_end_matches('_').len());
    name
}

/// Values by the names that letters use. Of two columns with one name the first counts that has something in it.
pub fn by_placeholder(more: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    for (header, text) in more {
        let value = all.entry(placeholder(header)).or_default();
        if value.is_empty() {
            value.clone_from(text);
        }
    }
    all.remove("");
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_become_names_that_a_letter_can_write() {
        for (header, name) in [
            ("Segment", "segment"),
            ("Account Segment (2027)", "account_segment_2027"),
            ("  Größe / Umsatz ", "grosse_umsatz"),
            ("已签约", "已签约"),
            ("***", ""),
        ] {
            assert_eq!(placeholder(header), name, "{header}");
        }
        let more = [("Segment", ""), ("segment", "B"), ("-", "x")].map(|(h, t)| (h.to_owned(), t.to_owned())).into();
        assert_eq!(by_placeholder(&more), BTreeMap::from([("segment".to_owned(), "B".to_owned())]));
    }
}
