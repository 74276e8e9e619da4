//! Logging in by a link in a mail. What is said after asking for a link is the same for known and unknown addresses (S20), and
//! opening the link logs nobody in (S21): a button does, and in a browser that did not ask for the link the address has to be typed.

use askama::Template;

use crate::web::kit::views::form::Mistake;
use crate::web::kit::views::frame::Console;

/// GET and POST `/log-in`, field `email`.
#[derive(Template)]
#[template(path = "pages/login/ask.html")]
pub struct LoginPage {
    pub console: Console,
    pub email: String,
    pub error: Option<String>,
}

/// After POST `/log-in`.
#[derive(Template)]
#[template(path = "pages/login/sent.html")]
pub struct LoginSentPage {
    pub console: Console,
    pub email: String,
    pub minutes: u32,
}

/// GET and POST `/log-in/{token}`, field `email` when asked for.
#[derive(Template)]
#[template(path = "pages/login/confirm.html")]
pub struct LoginConfirmPage {
    pub console: Console,
    pub action: String,
    /// This browser did not ask for the link.
    pub ask_address: bool,
    pub email: String,
    pub error: Option<String>,
}

fn mistakes(error: &Option<String>) -> Vec<Mistake> {
    error.iter().map(|message| Mistake { field: "email".into(), message: message.clone() }).collect()
}

impl LoginPage {
    fn mistakes(&self) -> Vec<Mistake> {
        mistakes(&self.error)
    }
}

impl LoginConfirmPage {
    fn mistakes(&self) -> Vec<Mistake> {
        mistakes(&self.error)
    }
}
