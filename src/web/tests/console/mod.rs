//! The pages of operators.

mod forms;
mod rights;
mod large;
mod list_repairs;
mod lists;
mod making;
mod asked;
mod start;
mod plan;
mod approval;
mod replies;
mod access;
mod gateways;
mod incidents;
