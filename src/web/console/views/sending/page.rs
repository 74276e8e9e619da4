//! What keeps this installation from sending until a person has looked at it.

use askama::Template;

use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Console, Count};

use super::alarms::AlarmRow;
use super::events::EventsCard;
use super::gateways::AlarmCard;
use super::incident::IncidentCard;

/// GET `/sending`; the confirmation is a POST to the same address.
#[derive(Template)]
#[template(path = "pages/outbox/sending.html")]
pub struct SendingPage {
    pub console: Console,
    pub holds: Vec<HoldCard>,
    /// Refusals that many share, whether they hold anything still or wait for a decision only.
    pub incidents: Vec<IncidentCard>,
    /// Something holds mail now, and whether it holds all.
    pub held: bool,
    pub all: bool,
    pub resume: ActionForm,
    /// Nothing leaves although nothing holds it: why, and what to do; empty otherwise.
    pub still: String,
    /// What other programs are told, where an installation has set that.
    pub events: Option<EventsCard>,
    /// What the mail server answers to what it puts off.
    pub answers: Vec<AnswerRow>,
    /// Gateways to which nothing goes.
    pub gateways: Vec<AlarmCard>,
    /// What of the program's own work fails.
    pub failing: Vec<FailingRow>,
    /// What is wrong for too long, and what was over last.
    pub alarms: Vec<AlarmRow>,
}

/// Messages that were answered alike.
pub struct AnswerRow {
    /// In the server's words.
    pub said: String,
    pub means: &'static str,
    /// None where it would say how many have answered.
    pub messages: Option<Count>,
    pub since: String,
    pub again: String,
}

/// Work that fails, again and again or once.
pub struct FailingRow {
    /// "Round “Assessment 2027”: planning".
    pub name: String,
    pub what: String,
    pub since: String,
    pub last: String,
}

pub struct HoldCard {
    pub since: String,
    pub why: String,
    pub messages: Vec<LostRow>,
}

/// A message that the database did not know of.
pub struct LostRow {
    pub to: String,
    pub kind: String,
    pub at: String,
    /// "sent", "in doubt", "refused", "not in this database".
    pub became: String,
}

impl SendingPage {
    /// Whether a webhook was told of any.
    fn calls(&self) -> bool {
        self.alarms.iter().any(|alarm| !alarm.calls.is_empty())
    }

    fn headline(&self) -> &'static str {
        match (self.held || !self.gateways.is_empty(), self.incidents.is_empty()) {
            (true, _) if self.all => "Sending is held",
            (true, _) => "Some mail is held",
            (false, false) => "Refusals wait for your decision",
            (false, true) if !self.still.is_empty() => "No mail leaves",
            (false, true) => "Nothing holds sending",
        }
    }
}
