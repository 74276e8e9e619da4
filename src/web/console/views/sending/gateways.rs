//! Receiving gateways in the outbox: what is held and what to do about it, then all of them.

use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Count, Status, When};

use super::incident::IncidentCard;

#[derive(Default)]
pub struct Gateways {
    /// Above everything while there is one.
    pub alarms: Vec<AlarmCard>,
    /// Refusals that many share, which wait for somebody.
    pub incidents: Vec<IncidentCard>,
    pub rows: Vec<GatewayRow>,
}

pub struct AlarmCard {
    /// The gateway, by which its place on the page is known.
    pub name: String,
    pub title: String,
    /// Who refuses or holds, and in which words.
    pub what: String,
    /// What its words mean; empty where a person holds it.
    pub means: &'static str,
    /// What somebody has to do.
    pub next: &'static str,
    /// "43 messages wait"
    pub waiting: String,
    /// When it is tried again by itself; none: not before it is released.
    pub until: Option<When>,
    pub release: ActionForm,
}

pub struct GatewayRow {
    pub name: String,
    /// Some domains behind it; empty when it is one by itself.
    pub domains: String,
    pub waiting: Count,
    /// Tries that were let go today, whatever became of them: a message that is refused and tried again counts each time.
    pub today: Count,
    pub state: Status,
    pub why: String,
    pub action: ActionForm,
}
