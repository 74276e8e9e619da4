//! What the texts of a round are called on pages.

use crate::rules::message::MessageKind;
use crate::web::kit::names;

/// "reminder 2" for `reminder-2`; a name of the round's own as it is.
pub fn label(name: &str) -> String {
    match name {
        "introduction" => return "introduction of a successor".into(),
        "sign_off_changed" => return "sign-off of a changed list".into(),
        "sign_off_again" => return "sign-off request, again".into(),
        "sign_off_as_well" => return "sign-off request, to a deputy".into(),
        "counter_sign_again" => return "counter-sign request, again".into(),
        "sign_off_for" => return "sign-off request to a colleague".into(),
        "digest_counts" => return "weekly list in numbers".into(),
        "delegated" => return "notice of who may sign".into(),
        "digest_director" => return "weekly mail to directors".into(),
        "digest_sponsor" => return "weekly mail to the sponsor".into(),
        "ready_text" => return "words that account managers send themselves".into(),
        _ => {}
    }
    let (kind, number) = name.split_once('-').unwrap_or((name, ""));
    MessageKind::parse(kind).map_or(name.into(), |kind| format!("{} {number}", kind.label()).trim().into())
}

/// "reminder 2 in English" for `en/reminder-2`.
pub fn in_language(text: &str) -> String {
    text.split_once('/').map_or(text.into(), |(code, name)| format!("{} in {}", label(name), names::language(code)))
}
