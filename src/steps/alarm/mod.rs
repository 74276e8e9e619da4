//! Alarms: what is wrong for longer than the rounds can afford is mailed to operators, shown on every page of the console and told to a
//! webhook, once, and once more when it is over (docs/decisions/0063).

pub mod setup;
pub(super) mod facts;
mod evidence;
mod telling;
mod calls;
mod look;
mod leaving;

pub use self::leaving::EndAlarm;
pub use self::look::look;
