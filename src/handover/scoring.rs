//! The scoring module as the settings name it: one way of handing over, chosen once.

use crate::base::clock::Ts;
use crate::base::ids::HandoffId;
use crate::base::problem::Problem;
use crate::config;

use super::delivered::Delivered;
use super::{file, webhook};

/// Where responses go. Cheap to clone; clones share connections and the lock on the file.
#[derive(Clone, Debug)]
pub enum Scoring {
    Webhook(webhook::Webhook),
    File(file::File),
}

impl Scoring {
    /// A webhook where a `url` is set, else the file.
    pub fn new(settings: &config::ScoringSettings) -> Result<Scoring, Problem> {
        match &settings.url {
            Some(url) => Ok(Scoring::Webhook(webhook::Webhook::new(url, settings)?)),
            None => Ok(Scoring::File(file::File::new(&settings.file))),
        }
    }

    /// Hands `body` over once under the key `id`; `at` is the time of this attempt.
    pub async fn deliver(&self, id: &HandoffId, at: Ts, body: &str) -> Delivered {
        match self {
            Scoring::Webhook(webhook) => webhook.deliver(id, at, body).await,
            Scoring::File(file) => file.deliver(body).await,
        }
    }
}
