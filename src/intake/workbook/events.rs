//! Small helpers of the readers of XML.

use std::borrow::Cow;

use quick_xml::events::{BytesRef, BytesStart};

/// An attribute by its name without a prefix.
pub fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let found = all.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(unescaped(&found.value).into_owned())
}

fn unescaped(text: &str) -> Cow<'_, str> {
    quick_xml::escape::unescape(text).unwrap_or(Cow::Borrowed(text))
}

/// What `&amp;` and `&#228;` stand for. There are no others, because nobody may define one.
pub fn entity(reference: &BytesRef<'_>, into: &mut String) {
    match reference.resolve_char_ref() {
        Ok(Some(c)) => into.push(c),
        _ => into
            .push_str(quick_xml::escape::resolve_predefined_entity(&reference.xml10_content()).unwrap_or("\u{fffd}")),
    }
}

/// The place of "AB12", from 0.
pub fn column(reference: &str) -> Option<usize> {
    let letters = reference.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters
        .fold(0_usize, |n, b| n.saturating_mul(26).saturating_add(usize::from(b.to_ascii_uppercase() - b'A') + 1));
    number.checked_sub(1)
}
