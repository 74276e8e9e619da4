//! What the pages about messages show: the outbox, what holds sending, gateways and refusals that many share, alarms, events.

pub mod outbox;
pub mod incident;
pub mod alarms;
pub mod events;
pub mod page;
pub mod gateways;
