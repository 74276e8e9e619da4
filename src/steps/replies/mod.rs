//! What comes back: fetched from a mailbox or handed in by a mail server, read, acted upon, and seen to by operators.

pub mod absence;
mod text;
pub(crate) mod kept;
mod effects;
mod processing;
mod mailbox;
mod handed_in;
pub mod desk;
mod check;

pub use check::check;
pub use handed_in::{keep, open_door};
pub use mailbox::{read_on, read_once};
pub use processing::{Mail, MailboxPlace, take};
