//! The questionnaire of a round, and what may change in it once somebody has answered.

mod items;
mod languages;
pub mod revision;
pub mod changes;
pub mod editing;

pub use items::{Choice, Group, Item, ItemKind, Questionnaire, in_language};
pub use languages::{all_languages, chosen_language, offered_languages};
