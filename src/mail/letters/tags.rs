//! Where the tags of a text begin and end: `{{ ... }}`, `{% ... %}` and `{# ... #}`.

/// What closes the tag that begins here.
pub(super) fn closed_by(tag: &str) -> &'static str {
    match tag.get(..2) {
        Some("{{") => "}}",
        Some("{%") => "%}",
        _ => "#}",
    }
}

pub(super) fn next_tag(source: &str) -> Option<usize> {
    source.as_bytes().windows(2).position(|pair| matches!(pair, b"{{" | b"{%" | b"{#"))
}
