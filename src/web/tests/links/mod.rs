//! The pages behind a link in a mail.

pub(super) mod director;
mod directors_page;
mod signing;
mod together;
pub(super) mod repair;
mod assessment;
mod damaged_links;
