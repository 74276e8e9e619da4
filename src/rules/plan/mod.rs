//! Who gets which message when: the next one for one contact, and the rest of a round if nothing changes.
//!
//! Only one message to a contact is planned at a time. What comes after depends on when it really went and on what the
//! contact did; reminders go on after completion in programs that schedule the whole chain up front. Promises: nothing
//! without a signature that holds, nothing but thanks after completion, nothing after an opt-out; never more than the
//! maximum, never closer than the gap but for thanks, only in the sending hours of the contact's working days, never after the close;
//! never the same kind and number again, never back in the sequence. A planned row is revised as long as its time has not come
//! and nobody has tried it: a changed plan, a pause or a touch that is for others moves or withdraws it.
//! [`outbox::decide`](crate::rules::sending::outbox::decide) asks again at the claim.

mod timing;
mod check;
pub(crate) mod facts;
mod touched;
mod pause;
pub(crate) mod sequence;
pub(crate) mod allowed;
mod progress;
mod spread;
mod next;
mod forecast;
mod deadline;
mod effect;
mod moved;
mod opening;
mod touching;
#[cfg(test)]
mod check_tests;
#[cfg(test)]
mod forecast_tests;
#[cfg(test)]
mod tests;

pub use self::check::daily_capacity::check_daily_capacity;
pub use allowed::was_paused;
pub use check::check;
pub use deadline::{Deadline, signing_deadline};
pub use effect::{Slot, Turn, effect};
pub use facts::{Facts, Reason};
pub use forecast::{Ahead, Case, Left, Outlook, forecast};
pub use moved::{moved, next_name, next_round_name, years_later};
pub use next::{Next, next_message, superseded};
pub use opening::{OpeningDoubt, opening_doubt};
pub use pause::{Pause, Scope};
pub use sequence::Sequence;
pub use spread::phase;
pub use touched::Touched;
pub use touching::Touching;
