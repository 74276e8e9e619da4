//! Who gets which message when: planned one by one, stopped, changed, looked at ahead of time, and approved by the client.

pub(super) mod facts;
mod tick;
pub mod pauses;
pub mod change;
pub mod approval;
pub mod since_approval;
pub mod forecast;

pub use tick::tick;
