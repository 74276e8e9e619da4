//! The questionnaire of a round, and what may change in it once somebody has answered.

mod items;
pub mod revision;

pub use items::{Choice, Group, Item, ItemKind, Questionnaire, in_language};
