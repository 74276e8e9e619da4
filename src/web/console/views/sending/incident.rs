//! An incident: the same refusal for many addresses, and the question whose trouble it was. On the page of what holds
//! sending and in the outbox.

use askama::Template;
use askama::filters::HtmlSafe;

use crate::web::kit::views::form::ActionForm;

#[derive(Template)]
#[template(path = "pages/outbox/incident.html")]
pub struct IncidentCard {
    pub place: String,
    /// "Mail to globex.example is held"
    pub title: String,
    /// What it is called aloud: the title, with more where another incident has the same.
    pub name: String,
    pub since: String,
    /// How many.
    pub what: String,
    /// One of the refusals.
    pub said: String,
    /// What somebody has to find out.
    pub advice: String,
    /// When one message is tried by itself; empty where mail goes again.
    pub try_at: String,
    pub people: Vec<RefusedRow>,
    /// "and 71 more"; empty when all are named.
    pub more: String,
    /// It was our trouble; they are right; let mail go and decide later.
    pub actions: Vec<ActionForm>,
}

impl HtmlSafe for IncidentCard {}

pub struct RefusedRow {
    pub name: String,
    pub email: String,
    pub kind: String,
    /// "taken for dead"; may be empty.
    pub became: String,
}
