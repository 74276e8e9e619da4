//! Who may come in, and whose key it is.

pub mod key;
pub mod operators;
pub mod refused_forms;
pub mod requests;
pub mod saved_views;
