//! What all pages share, whoever reads them: what a request says and who sends it, the guard before every page, addresses, forms, times,
//! and what is told when something goes wrong. Knows no page of its own; `views` holds the parts that pages are made of.

pub(super) mod origin;
pub(super) mod rate_limit;
pub(super) mod plan_figures;
pub(super) mod state;
pub mod urls;
pub mod query;
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
pub(super) mod listed;
pub(super) mod corrections;
pub(super) mod repair_forms;
pub(super) mod figures;
pub(super) mod paging;
pub(super) mod frames;
pub(super) mod assets;
pub mod views;
