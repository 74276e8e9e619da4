//! The one judge of what a server's words prove about an address, in the SMTP conversation as in a report that comes days later.
//!
//! Promise 7: the burden is on whoever says that an address is dead. Proof takes words or a code that say so and nothing that speaks
//! against it: not our relay or sender, a policy, a rate, the size, the time, a fault, a full or a switched-off mailbox, nor that the
//! address had already been taken when the refusal came. A bare 550, 551, 553 or 554, 5.0.0, 5.1.0 and 5.2.1 prove nothing. What is not
//! proven, the next message will show.

pub mod addresses;
pub mod codes;
pub(crate) mod phrases;
pub(crate) mod proof;

pub use self::codes::{RefusedAt, Status};
pub use self::phrases::says;
pub use self::proof::{Evidence, judge, plain, proves_dead, speaks_against, told};

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
