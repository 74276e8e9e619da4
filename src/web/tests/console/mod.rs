//! The pages of operators.

mod forms;
mod rights;
mod large;
mod lists;
mod lists_shown;
mod making;
mod asked;
mod start;
mod reasons;
mod plan;
mod approval;
mod replies;
mod access;
mod gateways;
mod incidents;
