//! The pages behind a link in a mail.

mod director;
pub(super) mod repair;
mod assessment;
mod damaged_links;
