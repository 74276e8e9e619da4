//! The pages of a round: how it is made, its settings, its questions, its plan, its start.

pub(in crate::tests::console) mod making;
mod first_page;
mod questions;
mod from_folder;
mod start;
mod reasons;
mod plan;
mod settings;
mod approval;
mod opening;
mod next;
