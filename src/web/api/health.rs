//! Whether we are alive, whether we can work, and figures for whoever watches.

use std::fmt::Write;

use axum::extract::State;
use axum::http::{Extensions, HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::base::problem::{Kind, Problem, Result};
use crate::base::sentence::capitalised;
use crate::rules::alarm::AlarmKind;
use crate::rules::message::Lane;
use crate::rules::round::RoundState;
use crate::steps::completion::told;
use crate::steps::duties::failures::Failing;
use crate::steps::sending::{held, standstill, trouble};
use crate::store::handover::events;
use crate::store::round::rounds;
use crate::store::sending::{due, gateways as gateway};
use crate::store::{alarm, completion};
use crate::web::kit::door::visitor;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;

use super::keys;

pub async fn alive() -> &'static str {
    "alive\n"
}

/// Ready when the database answers, is sound and takes what is written, mail leaves, and no duty has failed for long. For programs: plain text, and the log hears of it
/// once, not at each question.
pub async fn ready(State(web): State<Web>) -> Response {
    match standing(&web).await {
        Ok(said) => {
            web.heard_not_ready(None);
            said.into_response()
        }
        Err(problem) => {
            let said = format!("not ready: {problem}\n");
            web.heard_not_ready(Some(&problem));
            (StatusCode::SERVICE_UNAVAILABLE, said).into_response()
        }
    }
}

async fn standing(web: &Web) -> Result<String> {
    if let Some(trouble) = web.ctx.db.trouble() {
        return Err(Problem::new(Kind::Unavailable, trouble, ""));
    }
    let mut tx = web.ctx.db.read().await?;
    rounds::in_state(&mut tx, RoundState::Running).await?;
    let waiting = trouble::titles(&mut tx).await?;
    if let Some(stop) = held::all(&web.ctx, &mut tx).await?.into_iter().next() {
        let next = format!("{} Pages and answers are not concerned.", stop.next);
        return Err(Problem::new(Kind::Unavailable, stop.what, next));
    }
    if let Some(still) = standstill::now(&web.ctx, &mut tx).await? {
        let next = format!("{} Pages and answers are not concerned. Since {}.", still.next, still.since);
        return Err(Problem::new(Kind::Unavailable, still.what, next));
    }
    let now = web.ctx.clock.now();
    // By the names of the duties, which say nothing about anybody.
    let failing: Vec<Failing> = web.ctx.failures.now(now).into_iter().filter(Failing::is_duty).collect();
    if let Some(lasting) = failing.iter().find(|f| f.lasts()) {
        let what = format!("{} has failed since {}.", capitalised(&lasting.name), lasting.since);
        let next = "The log names the cause; it is tried again.";
        return Err(Problem::new(Kind::Unavailable, what, next));
    }
    let mut said = String::from("ready");
    if !waiting.is_empty() {
        said.push_str("; refusals wait for a decision, see `sending show`");
    }
    said.push('\n');
    // It works, but not all of it.
    for f in failing {
        let _ = writeln!(said, "failing: {}, since {}", f.name, f.since);
    }
    Ok(said)
}

/// In the text format of Prometheus; for keys by any host's name, and for this machine itself.
pub async fn metrics(State(web): State<Web>, uri: Uri, extensions: Extensions, headers: HeaderMap) -> Answer {
    if !visitor::is_local(&web, &uri, &headers, &extensions) && !keys::reads_everything(&web, &headers).await? {
        return Err(Failure::new(
            StatusCode::UNAUTHORIZED,
            Kind::Forbidden,
            "Figures are for programs with a key that reads all rounds.",
            "Send `Authorization: Bearer KEY`; `soundings key add NAME` makes one.",
        ));
    }
    let text = figures(&web).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}

async fn figures(web: &Web) -> Result<String> {
    let mut messages = String::new();
    let mut due = String::new();
    let mut handed = String::new();
    let now = web.ctx.clock.now();
    let mut tx = web.ctx.db.read().await?;
    let named = rounds::list(&mut tx).await?.into_iter().map(|r| (Lane::Round(r.id), r.slug));
    let lanes: Vec<(Lane, String)> = named.chain([(Lane::System, String::new())]).collect();
    for (lane, round) in &lanes {
        for t in completion::messages(&mut tx, lane).await? {
            let _ = writeln!(messages, "soundings_messages{{round=\"{round}\",state=\"{}\"}} {}", t.state, t.rows);
        }
        let n = due::count(&mut tx, lane, now).await?;
        let _ = writeln!(due, "soundings_messages_due{{round=\"{round}\"}} {n}");
        let handoffs = match lane.round() {
            Some(round) if told::of_answers(&mut tx, round).await? => completion::handoffs(&mut tx, round).await?,
            _ => Vec::new(),
        };
        for t in handoffs {
            let _ = writeln!(handed, "soundings_handoffs{{round=\"{round}\",state=\"{}\"}} {}", t.state, t.rows);
        }
    }
    let raised = alarm::raised(&mut tx).await?;
    let mut gateways = String::new();
    for w in gateway::waiting(&mut tx).await? {
        let _ = writeln!(gateways, "soundings_messages_waiting{{queue=\"{}\"}} {}", w.name, w.messages);
    }
    let mut held = String::new();
    for g in gateway::held(&mut tx, now).await? {
        let _ = writeln!(held, "soundings_gateway_held{{gateway=\"{}\"}} 1", g.name);
    }
    let (mut held_by_incidents, mut in_incidents) = (String::new(), String::new());
    for alarm in trouble::alarms(&mut tx).await? {
        let (scope, id) = (&alarm.incident.scope, alarm.id());
        let held = i64::from(alarm.holds());
        let _ = writeln!(held_by_incidents, "soundings_incident_held{{incident=\"{id}\",scope=\"{scope}\"}} {held}");
        let messages = alarm.figures.messages;
        let _ = writeln!(in_incidents, "soundings_incident_messages{{incident=\"{id}\",scope=\"{scope}\"}} {messages}");
    }
    let mut alarms = String::new();
    for kind in AlarmKind::ALL {
        let n = raised.iter().filter(|alarm| alarm.kind == kind).count();
        let _ = writeln!(alarms, "soundings_alarms{{kind=\"{}\"}} {n}", kind.as_str());
    }
    let events_waiting = events::waiting(&mut tx).await?;
    let events_given_up = events::given_up(&mut tx).await?;
    let stopped = i64::from(held::all(&web.ctx, &mut tx).await?.iter().any(|stop| stop.is_about_all));
    let still = i64::from(standstill::now(&web.ctx, &mut tx).await?.is_some());
    let failures = web.ctx.failures.count();
    let failing = web.ctx.failures.now(now).len();
    let open = web.open_pages.count();
    let version = env!("CARGO_PKG_VERSION");
    Ok(format!(
        "# HELP soundings_build_info The program that answers.\n\
         # TYPE soundings_build_info gauge\n\
         soundings_build_info{{version=\"{version}\"}} 1\n\
         # HELP soundings_messages Messages by state.\n# TYPE soundings_messages gauge\n{messages}\
         # HELP soundings_messages_due Planned messages whose time has come, counted to 100,001.\n# TYPE soundings_messages_due gauge\n{due}\
         # HELP soundings_messages_waiting Messages that wait for their turn in the queue of a receiving \
         gateway, of a round (its id) or of all.\n\
         # TYPE soundings_messages_waiting gauge\n{gateways}\
         # HELP soundings_gateway_held Receiving gateways to which nothing goes: they refuse our mail, or an operator holds it.\n\
         # TYPE soundings_gateway_held gauge\n{held}\
         # HELP soundings_sending_held 1 while nothing leaves until a person has acted: a restored or damaged \
         database, a missing outbound journal, a refusal of all mail.\n\
         # TYPE soundings_sending_held gauge\nsoundings_sending_held {stopped}\n\
         # HELP soundings_incident_held Incidents (the same refusal for many addresses; no scope: all sending) \
         that wait for a person: 1 while mail is held.\n\
         # TYPE soundings_incident_held gauge\n{held_by_incidents}\
         # HELP soundings_incident_messages Messages that were refused in an incident that waits for a person.\n\
         # TYPE soundings_incident_messages gauge\n{in_incidents}\
         # HELP soundings_alarms Alarms that are raised, by what is wrong.\n# TYPE soundings_alarms gauge\n{alarms}\
         # HELP soundings_handoffs Completed responses by the state of their hand-over.\n# TYPE soundings_handoffs gauge\n{handed}\
         # HELP soundings_events_waiting Events that the webhook has not taken yet.\n# TYPE soundings_events_waiting gauge\n\
         soundings_events_waiting {events_waiting}\n\
         # HELP soundings_events_given_up Events of the last thirty days that were given up or left out.\n\
         # TYPE soundings_events_given_up gauge\nsoundings_events_given_up {events_given_up}\n\
         # HELP soundings_sending_stands_still 1 while no mail leaves: the mail server refuses us or is away, or \
         nothing left for half an hour though some is due.\n\
         # TYPE soundings_sending_stands_still gauge\nsoundings_sending_stands_still {still}\n\
         # HELP soundings_failures_total Duties, rounds and rows that failed or could not be read, since the start.\n\
         # TYPE soundings_failures_total counter\n\
         soundings_failures_total {failures}\n\
         # HELP soundings_failing Of these, what is still so.\n# TYPE soundings_failing gauge\nsoundings_failing {failing}\n\
         # HELP soundings_open_pages Pages that are open and told of changes.\n\
         # TYPE soundings_open_pages gauge\nsoundings_open_pages {open}\n"
    ))
}
