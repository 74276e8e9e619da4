//! Hand-over of completed responses to the scoring module: a webhook, or a file that it reads.
//!
//! One attempt each; when to try again is decided in `rules::handover`. Whatever goes wrong comes back as a value with a sentence, never with a
//! secret or the query of a URL in it, and never twice as long as someone would read.

pub mod signature;
pub mod addresses;
pub mod webhook;
pub mod file;
#[cfg(test)]
mod tests;

use crate::base::clock::Ts;
use crate::base::problem::Problem;
use crate::config;

/// What became of an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub confirmed: bool,
    /// `None`: no answer came, or there is nobody to answer.
    pub status: Option<u16>,
    /// Milliseconds that the receiver asked us to wait.
    pub retry_after: Option<i64>,
    /// It answered with a page of HTML.
    pub is_page: bool,
    /// What the receiver said (its first 500 characters), or why there was no answer.
    pub text: String,
}

/// Where responses go. Cheap to clone; clones share connections and the lock on the file.
#[derive(Clone, Debug)]
pub enum Scoring {
    Webhook(webhook::Webhook),
    File(file::File),
}

impl Scoring {
    /// A webhook where a `url` is set, else the file.
    pub fn new(settings: &config::Scoring) -> Result<Scoring, Problem> {
        match &settings.url {
            Some(url) => Ok(Scoring::Webhook(webhook::Webhook::new(url, settings)?)),
            None => Ok(Scoring::File(file::File::new(&settings.file))),
        }
    }

    /// Hands `body` over once under the key `id`; `at` is the time of this attempt.
    pub async fn deliver(&self, id: &str, at: Ts, body: &str) -> Delivered {
        match self {
            Scoring::Webhook(webhook) => webhook.deliver(id, at, body).await,
            Scoring::File(file) => file.deliver(body).await,
        }
    }
}
