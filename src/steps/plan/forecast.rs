//! The whole round ahead: what has gone, what is planned, and what is still to come if nothing changes.

pub(crate) mod model;
mod collect;
mod reading;
pub(crate) mod ahead;
mod lines;
mod summary;
pub(crate) mod figures;

pub use self::ahead::{ahead, ahead_at, plan_of};
pub use self::figures::{DayAhead, Figures, MessageAhead, figures};
pub use self::lines::{Line, sentence};
pub use self::model::{Account, Contact, Forecast, Message, Place};
pub use self::summary::{Day, Domain, Hour, LeftOver, Moved, Summary};
