//! What operators do with a mail on the reply desk until it is done: take it or give it to somebody, note, put off until a day, answer in the
//! name of the round's sender, forward to a colleague who looks after the account.
//!
//! Each says on which state of the mail it was decided. Pressed twice it is done once; where somebody has done something meanwhile it is
//! refused, with who and what. Nothing is ever answered by itself (M06).

mod about;
mod begin;
mod mails;
mod passing;

pub(crate) use about::account_of;
pub use mails::{AnswerReply, Colleague, ForwardReply, LookedAfterBy, colleagues, sender, why_not_answered};
pub use passing::{GiveReply, NoteOnReply, PutReplyOff};
