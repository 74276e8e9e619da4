//! The pages behind a link in a mail.

mod director;
mod signing;
pub(super) mod repair;
mod assessment;
mod damaged_links;
