//! What the pages about messages show: the outbox, what holds sending, gateways and refusals that many share, alarms.

pub mod outbox;
pub mod incident;
pub mod alarms;
pub mod page;
pub mod gateways;
