//! Text from mails of others, as it may be kept and shown: without control characters, and not longer than there is room.

/// What another machine has written, as one line without characters that no text has.
pub(super) fn line(text: &str, longest: usize) -> String {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    words.chars().filter(|c| printable(*c)).take(longest).collect()
}

/// The same with its lines.
pub(super) fn lines(text: &str) -> String {
    text.chars().filter(|c| *c == '\n' || *c == '\t' || printable(*c)).collect()
}

/// Neither control characters nor those that turn the order of letters around: what is shown reads as it was written.
fn printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
