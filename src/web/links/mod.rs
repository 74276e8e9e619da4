//! The pages behind a link in a mail: for account directors, sales directors, account managers, sponsors, contacts and the client. Whoever holds the
//! link may open it; nothing of the console is known here.

pub mod views;
mod open_round;
pub(super) mod signoff;
mod delegating;
mod here;
mod signoff_cards;
mod human_step;
mod signoff_acts;
mod signoff_refusals;
mod signoff_together;
mod repair_cards;
pub(super) mod repair;
mod team_page;
mod team_rows;
pub(super) mod team;
pub(super) mod approval;
pub(super) mod opt_out;
mod questions;
pub(super) mod response;
