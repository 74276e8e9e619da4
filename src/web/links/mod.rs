//! The pages behind a link in a mail: for account directors, sales directors, account managers, contacts and the client.

pub mod views;
pub(super) mod signoff;
pub(super) mod cards;
pub(super) mod repair_cards;
pub(super) mod repair;
pub(super) mod approval;
pub(super) mod opt_out;
pub(super) mod questions;
pub(super) mod response;
