//! The hand-over log: every completed response on its way to the scoring module, and whether both sides count the same.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::ids::HandoffId;
use crate::base::problem::Result;
use crate::rules::export::Table;
use crate::rules::handover::HandoffState;
use crate::steps::{Live, completion, handover as handing};
use crate::store::handover::{self, Handoff};
use crate::store::{Tx, contacts, response};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::paging::{self, ROWS};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, in_rows};
use crate::web::kit::views::frame::{Status, Tab, Tone, plural};
use crate::web::kit::views::page::respond;

use super::export;
use super::views::handover::{HandoffPage, HandoffRow};

/// Stopped is failed for whoever looks: somebody has to act.
const STATES: [&str; 5] = ["", "confirmed", "pending", "failed", "stopped"];

pub async fn log(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let shown = STATES.iter().find(|s| **s == words.get("state")).copied().unwrap_or("");
    let number = paging::number(&words);
    let path = urls::hand_over(&live.slug);
    let mut tx = web.ctx.db.read().await?;
    let f = completion::status_of(&web.ctx, &mut tx, &live).await?.handoff;
    let stopped = crate::store::completion::handoffs(&mut tx, &live.id).await?;
    let stopped = stopped.iter().find(|t| t.state == "stopped").map_or(0, |t| t.rows);
    let at_page = if number > 1 { number.to_string() } else { String::new() };
    let here = format!("{path}{}", query(&[("state", shown), ("page", &at_page)]));
    let mut rows: Vec<HandoffRow> = Vec::new();
    for h in &handover::latest(&mut tx, &live.id, shown, ROWS, paging::offset(number)).await? {
        rows.push(row(&web, &mut tx, &live, (&here, &by.csrf), h).await?);
    }
    drop(tx);
    in_rows("responses", rows.iter_mut().map(|row| (row.place(), row.actions.iter_mut())));
    let counts = [f.completed, f.confirmed, f.pending, f.failed - stopped, stopped];
    let tab = |(state, n): (&&str, i64)| Tab {
        label: if state.is_empty() { "all".into() } else { (*state).into() },
        href: format!("{path}{}", query(&[("state", state)])),
        count: count(n),
        current: *state == shown,
    };
    let total = STATES.iter().zip(counts).find(|(s, _)| **s == shown).map_or(0, |(_, n)| n);
    let left = f.completed - f.confirmed;
    let (agreement, agrees) = match (f.completed, left) {
        (0, _) => ("Nothing has been completed yet.".into(), Tone::Waiting),
        (n, 0) => (format!("{} completed here, as many confirmed there.", count(n)), Tone::Good),
        (n, left) => (
            format!("{} completed here, {} confirmed there: {} to go", count(n), count(f.confirmed), count(left)),
            if f.failed > 0 { Tone::Wrong } else { Tone::Attention },
        ),
    };
    let retry = ActionForm {
        id: "retry-all".into(),
        places: vec!["retry-all".into(), "responses".into()],
        action: here.clone(),
        act: "retry_failed",
        csrf: by.csrf.clone(),
        label: "Try all failed again".into(),
        explain: format!(
            "{} handed over again under the old keys; the scoring module keeps one of each.",
            plural(f.failed.max(0) as usize, "response is", "responses are")
        ),
        button: "Try them all again".into(),
        ..ActionForm::default()
    };
    let actions = match HandoffState::parse(shown) {
        Some(state @ (HandoffState::Pending | HandoffState::Failed | HandoffState::Stopped)) if total > 0 => {
            vec![all_of(state, total, &here, &by.csrf)]
        }
        None if f.failed > 0 => vec![retry],
        _ => Vec::new(),
    };
    let page = HandoffPage {
        console: console(&web, &by, Some(&live), "hand-over", &words),
        tabs: STATES.iter().zip(counts).map(tab).collect(),
        agreement,
        agrees,
        files: export::files(&live, Table::Responses, &[]),
        whereto: "Handed over at least once, each under a key of its own.".into(),
        paging: paging::of(number, rows.len(), total, &path, &[("state", shown)]),
        rows,
        actions,
    };
    Ok(respond(StatusCode::OK, &page))
}

/// One order for all that are in this state.
fn all_of(state: HandoffState, n: i64, path: &str, csrf: &str) -> ActionForm {
    let (label, button) = match state {
        HandoffState::Pending => ("Try all pending now", "Try them all now"),
        HandoffState::Stopped => ("Try all stopped again", "Try them all again"),
        _ => ("Try all failed again", "Try them all again"),
    };
    ActionForm {
        id: "retry-state".into(),
        places: vec!["retry-state".into(), "responses".into()],
        action: path.into(),
        act: "retry_state",
        csrf: csrf.into(),
        hidden: vec![("state", state.as_str().into())],
        label: label.into(),
        explain: format!(
            "{} handed over under the old keys, with a full series of tries; the scoring module keeps one of each.",
            plural(n.max(0) as usize, "response is", "responses are")
        ),
        button: button.into(),
        ..ActionForm::default()
    }
}

async fn row(web: &Web, tx: &mut Tx, live: &Live, (here, csrf): (&str, &str), h: &Handoff) -> Result<HandoffRow> {
    let person = match response::by_id(tx, &h.response_id).await? {
        Some(r) => contacts::person(tx, &r.contact_id).await?,
        None => None,
    };
    // Whose answers these are is who has answered.
    let person = person.filter(|_| live.spec.participation.names());
    let (now, zone) = (web.ctx.clock.now(), home(live));
    let state = match h.state {
        HandoffState::Pending => Status::waiting("pending"),
        HandoffState::Confirmed => Status::good("confirmed"),
        HandoffState::Failed => Status::wrong("failed"),
        HandoffState::Stopped => Status::wrong("stopped"),
    };
    let replay = ActionForm {
        id: format!("replay-{}", h.sequence),
        action: here.into(),
        act: "replay",
        csrf: csrf.into(),
        hidden: vec![("response", h.id.to_string())],
        label: if h.state == HandoffState::Confirmed { "Hand over again" } else { "Try again" }.into(),
        about: format!("response {}", h.sequence),
        ..ActionForm::default()
    };
    let person = person.as_ref();
    let unnamed = || if live.spec.participation.names() { String::new() } else { "not told".into() };
    Ok(HandoffRow {
        sequence: h.sequence.max(0) as u64,
        name: person.map_or_else(unnamed, |p| p.full_name()),
        href: person.map_or_else(|| urls::contacts(&live.slug), |p| urls::contact(&live.slug, &p.id)),
        account: person.map_or_else(String::new, |p| p.account.clone()),
        completed: when(h.created_at, now, &zone),
        state,
        attempts: h.attempt.max(0) as u32,
        answer: h.answer.clone().unwrap_or_default(),
        next_try: (h.state == HandoffState::Pending).then(|| when(h.next_at, now, &zone)),
        actions: vec![replay],
    })
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let path = urls::hand_over(&live.slug);
    match fields.get("act") {
        "replay" => {
            let known = {
                let mut tx = web.ctx.db.read().await?;
                handover::by_id(&mut tx, &HandoffId::from(fields.get("response"))).await?
            };
            let h = known.filter(|h| h.round_id == live.id).ok_or_else(Failure::unknown)?;
            web.ctx.order(&by.actor(), handing::ReplaySubmission { id: h.id.clone() }).await?;
            Ok(back(&path, "replay"))
        }
        "retry_failed" => {
            for state in [HandoffState::Failed, HandoffState::Stopped] {
                handing::replay_all(&web.ctx, &by.actor(), &live.id, state).await?;
            }
            Ok(back(&path, "retry_failed"))
        }
        "retry_state" => {
            let state = HandoffState::parse(fields.get("state")).filter(|s| *s != HandoffState::Confirmed);
            let state = state.ok_or_else(Failure::unknown)?;
            handing::replay_all(&web.ctx, &by.actor(), &live.id, state).await?;
            Ok(back(&path, "retry_state"))
        }
        _ => Err(Failure::unknown()),
    }
}
