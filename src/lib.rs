//! soundings runs annual business-to-business relationship assessments, from a contact list to the scoring module.
//!
//! The folders are rooms, most of them a crate, in strict import order. `docs/ARCHITECTURE.md` says which there are, what each is for and
//! what it may import; `tests/architecture` holds the walls.

pub use soundings_base as base;
pub use soundings_config as config;
pub use soundings_handover as handover;
pub use soundings_intake as intake;
pub use soundings_mail as mail;
pub use soundings_rules as rules;
pub use soundings_steps as steps;
pub use soundings_store as store;
pub use soundings_web as web;
pub mod rehearsal;
pub mod app;
