//! What programs read: the figures and lists of the console, told as far as those are.

mod cursor;
pub(super) mod rounds;
pub(super) mod tables;
pub(super) mod repairs;
pub(super) mod journal;
pub(super) mod alarms;
