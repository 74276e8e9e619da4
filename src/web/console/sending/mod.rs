//! Messages of a round in the outbox, the letter that one of them was, the gateways that take them, and what holds sending.

pub mod message;
pub mod letter;
pub mod incidents;
pub mod gateways;
pub(super) mod part;
pub mod outbox;
pub mod alarms;
pub mod events;
pub mod holds;
