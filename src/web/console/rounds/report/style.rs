//! The style sheet of a report, with the head that runs over every page of paper: client, round and the words of nobody else.

use crate::steps::Live;
use crate::web::kit::views::assets::REPORT_STYLE;

pub(super) fn of(live: &Live) -> String {
    let head = css_string(&format!("{} \u{2013} {}", live.spec.client, live.spec.title));
    format!(
        "{REPORT_STYLE}@page {{ @top-left {{ content: {head}; font: 9pt system-ui, sans-serif; color: #505964; }} }}\n"
    )
}

/// As a string of a style sheet. Every letter but the plainest is written as its number, so that none ends the string or the sheet.
fn css_string(text: &str) -> String {
    let one = |c: char| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("\\{:x} ", u32::from(c)) };
    format!("\"{}\"", text.chars().map(one).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s01_no_title_leaves_its_string() {
        assert_eq!(css_string("A 1"), "\"A\\20 1\"");
        let hostile = css_string("\"; } body { display: none } </style><script>\\\n\u{202e}é");
        let inside = hostile.trim_matches('"');
        assert!(inside.chars().all(|c| c.is_ascii_alphanumeric() || c == '\\' || c == ' '), "{hostile}");
        assert!(inside.contains("\\22 ") && inside.contains("\\3c ") && inside.contains("\\e9 "), "{hostile}");
    }
}
