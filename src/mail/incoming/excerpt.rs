//! How much of a text is looked at or kept.

/// The beginning of a text, cut where a character ends.
pub fn beginning(text: &str, most: usize) -> &str {
    &text[..text.floor_char_boundary(most)]
}
