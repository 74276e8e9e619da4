//! The pages of operators, behind the log-in: who may come in (`access`), the rounds and the overview of each (`rounds`), then the stages of a
//! round, with the lists that come in (`lists`) and the accounts beside the contacts. Knows nothing of the pages behind mailed links.

pub mod views;
mod ask_again;
mod next_mail;
pub(super) mod access;
pub(super) mod rounds;
pub(super) mod contacts;
pub(super) mod accounts;
pub(super) mod lists;
pub(super) mod signoff;
pub(super) mod plan;
pub(super) mod sending;
pub(super) mod replies;
pub(super) mod repairs;
pub(super) mod calls;
pub(super) mod handover;
pub(super) mod export;
pub(super) mod journal;
pub(super) mod saved_views;
