//! Incidents as pages show them: what is held for the refusals that many share, and the orders that answer whose trouble it was.

use crate::base::clock::Ts;
use crate::base::ids::is_id;
use crate::base::problem::Result;
use crate::steps::sending::trouble::{self, IncidentAlarm, alarms};
use crate::store::Tx;
use crate::web::console::views::incident::{IncidentCard, RefusedRow};
use crate::web::kit::door::session::Posted;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::views::form::{ActionForm, in_rows};

pub const RETRY: &str = "retry_incident";
pub const CONFIRM: &str = "confirm_incident";

/// `here`: the page on which they stand.
pub async fn cards(tx: &mut Tx, csrf: &str, here: &str) -> Result<Vec<IncidentCard>> {
    let mut all: Vec<IncidentCard> = alarms(tx).await?.into_iter().map(|alarm| card(&alarm, csrf, here)).collect();
    in_rows("main", all.iter_mut().map(|card| (card.place.clone(), card.actions.iter_mut())));
    Ok(all)
}

/// No round and so no place of its own: the time of everywhere.
pub fn said(at: Ts) -> String {
    at.utc().format("%a %-d %b %Y, %H:%M UTC").to_string()
}

fn card(alarm: &IncidentAlarm, csrf: &str, here: &str) -> IncidentCard {
    let people = alarm.people.iter().map(|p| RefusedRow {
        name: p.name.clone(),
        email: p.email.clone(),
        kind: p.kind.label().into(),
        became: if p.dead { "taken for dead".into() } else { "refused".into() },
    });
    let people: Vec<RefusedRow> = people.collect();
    let more = alarm.figures.messages - people.len() as i64;
    IncidentCard {
        place: format!("incident-{}", alarm.id()),
        title: alarm.title(),
        since: said(alarm.since()),
        what: alarm.summary(),
        said: alarm.incident.said.clone(),
        advice: alarm.advice().into(),
        try_at: if alarm.holds() { said(alarm.incident.try_at) } else { String::new() },
        people,
        more: if more > 0 { format!("and {more} more") } else { String::new() },
        actions: actions(alarm, csrf, here),
    }
}

fn actions(alarm: &IncidentAlarm, csrf: &str, here: &str) -> Vec<ActionForm> {
    let form = |act: &'static str, label: &str, explain: &str, button: &str| ActionForm {
        id: format!("{act}-{}", alarm.id()),
        action: here.into(),
        act,
        csrf: csrf.into(),
        hidden: vec![("incident", alarm.id().to_string())],
        label: label.into(),
        about: alarm.title(),
        explain: explain.into(),
        button: button.into(),
        ..ActionForm::default()
    };
    vec![
        form(
            RETRY,
            "It was not the addresses",
            "The addresses live again, and what was refused, at once or by a report, is planned again as the same \
                messages. Nobody gets a second \
             copy: what may have arrived stays as it is. Mail there goes on.",
            "Undo it and try again",
        ),
        ActionForm {
            danger: true,
            ..form(
                CONFIRM,
                "The refusals are right",
                "The addresses are dead for good, whoever looks after the accounts is asked to correct them, and mail there goes on.",
                "Confirm it",
            )
        },
    ]
}

/// Takes an order that a card has given.
pub async fn act(web: &Web, posted: &Posted, word: &str) -> std::result::Result<(), Failure> {
    let incident = posted.fields.get("incident");
    if !is_id(incident) {
        return Err(Failure::unknown());
    }
    match word {
        RETRY => web.ctx.order(&posted.by.actor(), trouble::RetryRefused { incident: incident.to_string() }).await?,
        _ => web.ctx.order(&posted.by.actor(), trouble::ConfirmRefusals { incident: incident.to_string() }).await?,
    };
    Ok(())
}
