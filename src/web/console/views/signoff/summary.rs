//! The mail that tells a sponsor where the signatures stand, as it would leave now, and the form that sends it.

use askama::Template;

use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Mistake};
use crate::web::kit::views::frame::Console;

/// GET `/rounds/{id}/sign-off/summary`; sending is a POST to the same address.
#[derive(Template)]
#[template(path = "pages/signoff/summary.html")]
pub struct SummaryPage {
    pub console: Console,
    pub subject: String,
    pub text: String,
    /// ISO 639: what the mail is written in.
    pub lang: String,
    /// "Last sent on Tue 26 Jan, 09:00 in London to Sam Hill <sam@client.example>."; may be empty.
    pub last: String,
    /// None where it cannot be sent, and then why.
    pub send: Option<ActionForm>,
    pub why_not: String,
}

impl SummaryPage {
    fn board(&self) -> String {
        self.console.round.as_ref().map_or_else(String::new, |r| urls::board(&r.id))
    }

    fn mistakes(&self) -> Vec<Mistake> {
        self.send.iter().flat_map(ActionForm::mistakes).collect()
    }
}
