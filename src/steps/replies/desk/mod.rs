//! What operators do with a mail on the reply desk until it is done: take it or give it to somebody, note, put off until a day, answer in the
//! name of the round's sender, forward to a colleague who looks after the account, decide what it says of the contact, see to it.
//!
//! Each says on which state of the mail it was decided. Pressed twice it is done once; where somebody has done something meanwhile it is
//! refused, with who and what. Nothing is ever answered by itself (M06).

mod about;
pub(crate) mod amiss;
mod begin;
mod beside;
mod doubt;
mod heard;
mod mails;
mod passing;

pub(crate) use about::account_of;
pub use beside::{Beside, Colleague, LookedAfterBy, Unarrived};
pub use doubt::SettleDeskMail;
pub use heard::{CallAboutReply, DecideReply, Decision};
pub use mails::{AnswerReply, ForwardReply};
pub use passing::{GiveReply, NoteOnReply, PutReplyOff};
