//! What waits to be repaired in a round, as the console's page has it.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::rules::repair::TaskKind;
use crate::steps::export::Position;
use crate::steps::repair::{Repairing, open_tasks_behind};
use crate::web::api::door::InRound;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

use super::cursor;

pub async fn list(State(web): State<Web>, InRound(live): InRound, Words(words): Words) -> Answer {
    let (after, most) = cursor::asked(&words);
    let after = match after {
        Some(at) => Some((at.instant()?, at.id.as_str().into())),
        None => None,
    };
    let found = open_tasks_behind(&web.ctx, &live.id, most, after).await?;
    let next = found.last().filter(|_| found.len() as i64 == most).map(|last| {
        let task = &last.broken.task;
        Position::new(task.opened_at.0, &task.id)
    });
    Ok(Json(cursor::page(found.iter().map(told).collect(), next.as_ref())).into_response())
}

fn told(r: &Repairing) -> Value {
    let (task, p, request) = (&r.broken.task, &r.broken.person, r.request.as_ref());
    json!({
        "id": task.id,
        "contact_id": p.id,
        "contact": p.full_name(),
        "email": p.email,
        "account": p.account,
        "what": match (task.kind, p.left_at) {
            (TaskKind::Correct, _) => "takes_no_mail",
            (TaskKind::Replace, Some(_)) => "has_left",
            (TaskKind::Replace, None) => "wrong_person",
        },
        "why": task.why,
        "since": task.opened_at,
        "asks": r.repairer,
        "asked": request.map_or(0, |q| q.asked),
        "asked_at": request.and_then(|q| q.asked_at),
    })
}
