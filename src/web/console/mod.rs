//! The pages of operators.

pub mod views;
pub(super) mod login;
pub(super) mod operators;
pub(super) mod rounds;
pub(super) mod contacts;
pub(super) mod contact;
pub(super) mod letters;
pub(super) mod repairs;
pub(super) mod identity_questions;
pub(super) mod board;
pub(super) mod plan;
pub(super) mod outbox;
pub(super) mod incidents;
pub(super) mod sending;
pub(super) mod gateways;
pub(super) mod replies;
pub(super) mod completion;
pub(super) mod handover;
