//! The page shown when something cannot be done: what, with what, and what to do next. Never a cause from a library.

use askama::Template;

use super::address_link::AddressLink;
use super::frame::{Letter, Link};

/// Any request that ends with 400 to 503.
#[derive(Template)]
#[template(path = "pages/problem/problem.html")]
pub struct ProblemPage {
    pub letter: Letter,
    pub status: u16,
    /// One sentence that names the thing.
    pub what: String,
    /// What the reader can do about it; may be empty.
    pub next: String,
    pub links: Vec<Link>,
    /// Names the request in the log; empty when there is nothing to look up.
    pub reference: String,
}

impl ProblemPage {
    fn title(&self) -> &'static str {
        match (self.letter.lang.as_str(), self.status) {
            ("de", 500..) => return "Gerade nicht erreichbar",
            ("fr", 500..) => return "Indisponible pour le moment",
            ("de", _) => return "Das hat nicht funktioniert",
            ("fr", _) => return "Cela n’a pas fonctionné",
            _ => {}
        }
        match self.status {
            400 | 422 => "This cannot be used as it is",
            401 | 403 => "You may not do this",
            404 => "This page does not exist",
            405 => "This page cannot be used in that way",
            409 => "This cannot be done now",
            410 => "This is over",
            413 => "This is too large",
            429 => "Too many tries",
            503 => "Not available just now",
            400..=499 => "This did not work",
            _ => "Something went wrong on our side",
        }
    }
}
