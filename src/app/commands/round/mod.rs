//! `round ...`, `export`, `report` and `aapor`.

mod content;
pub(in crate::app::commands) mod export;
pub(in crate::app::commands) mod next;
pub(in crate::app::commands) mod plan;
pub(in crate::app::commands) mod report;
pub(in crate::app::commands) mod rounds;
