//! The ledger of messages and what is known of the way they go: claims, settlements, pace, gateways, refusals.

pub mod suspects;
pub mod outbox;
pub mod due;
pub mod outbox_search;
pub mod silence;
pub mod claim;
pub mod settle_and_mark;
pub mod senders;
pub mod pace;
pub mod gateways;
pub(super) mod refused;
pub mod trouble;
