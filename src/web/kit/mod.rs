//! What all pages share: the session, the guard before them, forms, times, frames.

pub(super) mod state;
pub(super) mod problem;
pub(super) mod damaged_links;
pub(super) mod forwarded;
pub(super) mod visitor;
pub mod fields;
pub(super) mod session;
pub(super) mod guard;
pub(super) mod refused_forms;
pub(super) mod return_place;
pub mod times;
pub(super) mod names;
pub(super) mod paging;
pub(super) mod frames;
pub(super) mod assets;
pub mod views;
