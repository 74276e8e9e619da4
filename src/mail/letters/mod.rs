//! From the words of a round and the values of one message to a subject, a text and a page.

mod rendered;
pub mod rendering;
pub mod usual;
pub mod invented;
pub mod frame;
pub mod alarm;
pub mod desk;
pub(super) mod placeholders;
pub(super) mod tags;
pub(super) mod grammar;
pub mod more;
pub(super) mod colour;
pub(super) mod label;
pub mod told;
pub mod why_asked;
pub mod markdown;
pub(super) mod plain;
