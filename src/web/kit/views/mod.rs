//! What a page shows, as plain values, with the template that shows it.
//!
//! The structs here hold text, numbers and states that are ready to be read: nothing from the database, no decisions, no clock.
//! So a page can be filled from anywhere.
//!
//! askama escapes everything that is put into a template; the few types that render themselves say so with `HtmlSafe`.

pub mod frame;
pub mod form;
pub mod astray;
pub mod accent;
pub mod assets;
pub mod phrases;
pub(crate) mod phrase_set;
pub mod director_phrases;
pub mod team_phrases;
pub mod repair_phrases;
pub mod languages;
pub mod address_link;
pub mod notice;
pub mod letters;
pub mod problem;
pub mod page;
pub mod paging;
pub mod evidence;
pub mod chart;
