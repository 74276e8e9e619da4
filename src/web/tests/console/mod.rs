//! The pages of operators.

mod forms;
mod rights;
mod large;
mod list_repairs;
mod lists;
mod lists_shown;
mod uploads;
mod read_otherwise;
mod remembered;
mod making;
mod questions;
mod from_folder;
mod asked;
mod start;
mod reasons;
mod plan;
mod approval;
mod replies;
mod access;
mod gateways;
mod incidents;
