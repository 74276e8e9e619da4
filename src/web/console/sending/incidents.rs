//! Incidents as pages show them: what is held for the refusals that many share, and the orders that answer whose trouble it was.

use crate::base::ids::is_id;
use crate::base::problem::Result;
use crate::rules::alarm::told_at;
use crate::steps::sending::trouble::{self, IncidentAlarm, alarms};
use crate::store::Tx;
use crate::web::console::views::sending::incident::{IncidentCard, RefusedRow};
use crate::web::kit::door::session::Posted;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::views::form::{ActionForm, in_rows};

pub const RETRY: &str = "retry_incident";
pub const CONFIRM: &str = "confirm_incident";

/// `here`: the page on which they stand.
pub async fn cards(tx: &mut Tx, csrf: &str, here: &str) -> Result<Vec<IncidentCard>> {
    let mut all: Vec<IncidentCard> = alarms(tx).await?.into_iter().map(|alarm| card(&alarm, csrf, here)).collect();
    tell_apart(&mut all);
    in_rows("main", all.iter_mut().map(|card| (card.place.clone(), card.actions.iter_mut())));
    Ok(all)
}

/// Regions and buttons of two incidents are never called the same: where titles are equal, the time since when stands behind, and where that
/// is equal too, which of them it is.
fn tell_apart(all: &mut [IncidentCard]) {
    let behind: [fn(&IncidentCard, usize) -> String; 2] = [
        |card, _| format!("{}, since {}", card.title, card.since),
        |card, number| format!("{}, number {number}", card.name),
    ];
    for longer in behind {
        let names: Vec<String> = all.iter().map(|card| card.name.clone()).collect();
        for (at, card) in all.iter_mut().enumerate() {
            let of_this_name = |names: &[String]| names.iter().filter(|name| **name == card.name).count();
            if of_this_name(&names) > 1 {
                let number = of_this_name(names.get(..=at).unwrap_or_default());
                card.name = longer(card, number);
            }
        }
    }
    for card in all {
        card.actions.iter_mut().for_each(|action| action.about.clone_from(&card.name));
    }
}

fn card(alarm: &IncidentAlarm, csrf: &str, here: &str) -> IncidentCard {
    let people = alarm.people.iter().map(|p| RefusedRow {
        name: p.name.clone(),
        email: p.email.clone(),
        kind: p.what().into(),
        became: if p.dead { "taken for dead".into() } else { "refused".into() },
    });
    let people: Vec<RefusedRow> = people.collect();
    let more = alarm.figures.messages - people.len() as i64;
    IncidentCard {
        place: format!("incident-{}", alarm.id()),
        title: alarm.title(),
        name: alarm.title(),
        since: told_at(alarm.since()),
        what: alarm.summary(),
        said: alarm.incident.said.clone(),
        advice: alarm.advice().into(),
        try_at: if alarm.holds() { told_at(alarm.incident.try_at) } else { String::new() },
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_incidents_are_called_the_same() {
        let card = |title: &str, since: &str| IncidentCard {
            place: String::new(),
            title: title.into(),
            name: title.into(),
            since: since.into(),
            what: String::new(),
            said: String::new(),
            advice: String::new(),
            try_at: String::new(),
            people: Vec::new(),
            more: String::new(),
            actions: vec![ActionForm { about: title.into(), ..ActionForm::default() }],
        };
        let mut all = [card("A", "1"), card("B", "1"), card("A", "2"), card("A", "2"), card("C", "1")];
        tell_apart(&mut all);
        let names = all.each_ref().map(|card| card.name.as_str());
        assert_eq!(names, ["A, since 1", "B", "A, since 2, number 1", "A, since 2, number 2", "C"]);
        assert!(all.iter().all(|card| card.actions[0].about == card.name));
    }
}
