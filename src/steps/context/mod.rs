//! What every step is given, and the rounds, links and journal entries that it makes of it.

mod ctx;
mod journal;
mod forecasts;
mod live;
mod live_rounds;
mod orders;
mod pauses;
mod purpose;

pub use ctx::Ctx;
pub use forecasts::{Ahead, OneMore};
pub(crate) use forecasts::{Asked, Going};
pub use live::Live;
pub use live_rounds::unknown;
pub use orders::{Giver, Order};
pub use pauses::Pauses;
pub use purpose::Purpose;
