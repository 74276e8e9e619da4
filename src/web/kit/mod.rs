//! What all pages share, whoever reads them: what a request says and who sends it, the guard before every page, addresses, forms, times,
//! and what is told when something goes wrong. Knows no page of its own; `views` holds the parts that pages are made of.

pub mod forms;
pub(super) mod door;
pub(super) mod plan_figures;
pub(super) mod open_pages;
pub(super) mod state;
pub(super) mod in_turn;
pub mod urls;
pub(super) mod anchors;
pub(super) mod problem;
pub(super) mod problem_document;
pub mod times;
pub(super) mod names;
pub(super) mod listed;
pub(super) mod figures;
pub(super) mod paging;
pub(super) mod frames;
pub(super) mod assets;
pub(super) mod framed;
pub mod views;
