//! Which names the mail texts of a folder may have: they are names of files, and of what a touch asks for.

use crate::rules::message::MessageKind;
use crate::rules::round::{OCCASIONS, RoundSpec};

/// What the round's own language must have; other languages fall back to it.
pub const REQUIRED: [MessageKind; 7] = [
    MessageKind::SignOff,
    MessageKind::CounterSign,
    MessageKind::WarmUp,
    MessageKind::Invitation,
    MessageKind::Reminder,
    MessageKind::ThankYou,
    MessageKind::Digest,
];

/// What is wrong with a name by which a touch asks for its texts: it becomes the name of a file.
pub fn name(text: &str) -> Result<(), String> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    if !text.starts_with(|c: char| c.is_ascii_lowercase()) || text.len() > 40 || !text.chars().all(good) {
        return Err(format!(
            "is “{text}”; it begins with a letter and has lower-case letters, digits, _ and - only, up to 40"
        ));
    }
    Ok(())
}

/// Whether a text may have this name: that of a message, of a later reminder, or one that a touch of the round asks for.
pub fn is_name(name: &str, spec: &RoundSpec) -> bool {
    is_usual(name) || (self::name(name).is_ok() && spec.touches.iter().any(|t| t.words.as_deref() == Some(name)))
}

pub(crate) fn is_usual(name: &str) -> bool {
    match name.strip_prefix("reminder-") {
        Some(number) => number.len() <= 2 && !number.starts_with('0') && number.parse::<u32>().is_ok_and(|n| n >= 2),
        None => REQUIRED.iter().any(|k| k.as_str() == name) || OCCASIONS.iter().any(|(n, _)| *n == name),
    }
}
