//! soundings runs annual business-to-business relationship assessments, from a contact list to the scoring module.
//!
//! The folders are rooms in strict import order: a room imports only rooms above it in this list.
//! `docs/ARCHITECTURE.md` says what each is for and `tests/architecture` holds the walls.

pub mod base;
pub mod rules;
pub mod config;
pub mod store;
pub mod intake;
pub mod mail;
pub mod handover;
pub mod steps;
pub mod web;
pub mod rehearsal;
pub mod app;
