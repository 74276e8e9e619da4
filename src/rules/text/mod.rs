//! Text that people type and text that is compared: what is kept of a line, and tables of words in many languages.

pub mod word_tables;
pub mod typed;
