//! What every step is given, and the rounds, links and journal entries that it makes of it.

mod ctx;
mod curves;
pub mod event_setup;
mod events;
mod journal;
mod forecasts;
mod live;
mod live_rounds;
mod orders;
mod pauses;
mod purpose;

pub use ctx::Ctx;
pub(crate) use curves::Curve;
pub use forecasts::{Ahead, OneMore};
pub(crate) use forecasts::{Asked, Found, Going};
pub use live::Live;
pub use live_rounds::unknown;
pub use orders::{Giver, Order};
pub use pauses::Pauses;
pub use purpose::Purpose;
