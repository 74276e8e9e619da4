//! The plan of a round: how it looks now, as a page and as files; pauses, changes of schedule and texts, each shown before it is made, the texts as letters; and
//! what the client approved.

pub mod overview;
mod days;
mod figures;
pub mod files;
pub mod scopes;
pub mod pause;
mod settings;
pub(super) mod on_the_form;
pub(super) mod effects;
pub mod change;
pub(super) mod text_names;
pub mod texts;
mod text_readers;
pub mod text_letters;
pub mod text_versions;
pub mod approval;
