//! What mails say: texts and values put together when a mail leaves, shown before, and found again afterwards.

pub(super) mod wording;
pub(super) mod rewording;
pub(super) mod compose;
pub(super) mod client_people;
mod why_asked;
pub(super) mod signing_mails;
pub(super) mod signing_summary;
mod alarm_mails;
mod desk_mails;
pub mod ready;
mod team_mail;
pub mod as_sent;
pub mod preview;
pub mod approved;
pub mod test_letter;
pub mod versions;
