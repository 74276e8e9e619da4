//! A list into a round: what it would do is worked out by reading alone, told, and done as it was told.

pub mod changes;
pub(in crate::contacts) mod difference;
mod standings;
pub(in crate::contacts) mod as_shown;
pub(crate) mod list_load;
pub(crate) mod prepare;
mod apply;
mod pieces;
mod lost_letters;
pub(in crate::contacts) mod said;
pub(in crate::contacts) mod confirming;
pub(crate) mod rows;

use crate::rules::contacts::wanted;
