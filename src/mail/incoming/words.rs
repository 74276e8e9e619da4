//! The tables of words: what reports, autoresponders and calendars say in many languages, kept as text beside the code. What refusals say
//! stands with their judge, in `rules::sending::refusal`.

use std::ops::Range;
use std::sync::LazyLock;

use crate::rules::text::word_tables::{List, Table};

pub use crate::rules::text::word_tables::says;

static TABLES: LazyLock<Table> = LazyLock::new(|| {
    Table::read(&[
        include_str!("words/reports.txt"),
        include_str!("words/absences.txt"),
        include_str!("words/challenges.txt"),
        include_str!("words/history.txt"),
        include_str!("words/calendar.txt"),
    ])
});

/// A section by its name; the names are in the code, so one that is missing is seen by the tests.
pub fn list(section: &str) -> List {
    TABLES.list(section)
}

/// Whether a text in lower case says any phrase of a section.
pub fn any(section: &str, text: &str) -> bool {
    TABLES.any(section, text)
}

/// Where a text in lower case says the phrases of a section.
pub fn places(section: &str, text: &str) -> Vec<Range<usize>> {
    TABLES.places(section, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_that_the_code_names_is_there_and_in_lower_case() {
        for (name, list) in TABLES.sections() {
            assert!(!list.is_empty(), "{name}");
            for phrase in list {
                assert_eq!(&phrase.to_lowercase(), phrase, "{name}");
            }
        }
        let code: String = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/incoming"))
            .unwrap()
            .filter_map(|e| std::fs::read_to_string(e.unwrap().path()).ok())
            .collect();
        for call in ["words::list(\"", "words::any(\"", "words::places(\""] {
            for rest in code.split(call).skip(1) {
                let name = rest.split('"').next().unwrap();
                assert!(!list(name).is_empty(), "{name}");
            }
        }
    }
}
