//! What the pages behind a link show, as plain values, with the template that shows it.

pub mod signoff;
pub mod card_state;
pub mod delegation;
mod delegation_forms;
pub mod human_step;
pub mod signoff_forms;
pub mod together;
pub mod repair;
pub mod team;
pub mod approval;
pub mod response;
