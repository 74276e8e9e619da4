//! The pages behind a link in a mail.

pub(super) mod director;
mod directors_page;
mod delegation;
mod signing;
mod together;
mod reviewing;
mod races;
pub(super) mod repair;
mod team;
mod assessment;
mod damaged_links;
