//! The pages as browsers, scanners and other programs meet them: requests into the router, answers out of it.

mod api;
mod links;
mod console;
mod every_page;
pub(crate) mod fixture;
mod whole;
