//! What the pages of the console show, as plain values, with the template that shows it.

pub mod rounds;
pub mod table;
pub mod contacts;
pub mod bulk;
pub mod accounts;
pub mod lists;
pub mod difference;
pub mod repairs;
pub mod calls;
pub mod signoff;
pub mod plan;
pub mod text_versions;
pub mod approval;
pub mod sending;
pub mod replies;
pub mod handover;
pub mod journal;
pub mod saved;
pub mod login;
pub mod operators;
