//! Who did what in a round, told as the console's journal tells it: what an entry says of a contact stands with the contact and not here.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::base::clock::Ts;
use crate::base::ids::EntryId;
use crate::rules::evidence::is_private;
use crate::steps::completion::entries;
use crate::steps::export::Position;
use crate::store::journal::Entry;
use crate::store::journal::log::Asked;
use crate::store::round::rounds;
use crate::web::api::door::InRound;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

use super::cursor;

pub async fn list(State(web): State<Web>, InRound(live): InRound, Words(words): Words) -> Answer {
    let (after, most) = cursor::asked(&words);
    let before = match after {
        Some(at) => (at.instant()?, EntryId::from(at.id)),
        None => (Ts(i64::MAX), EntryId::default()),
    };
    let mut tx = web.ctx.db.read().await?;
    let all = rounds::list(&mut tx).await?;
    let asked = Asked { actor: None, round: Some(live.id.clone()), from: Ts(i64::MIN), before };
    let found = entries::told(&web.ctx, &mut tx, asked, &all, most).await?;
    let next = found.next.map(|(at, id)| Position::new(at.0, id));
    Ok(Json(cursor::page(found.entries.iter().map(told).collect(), next.as_ref())).into_response())
}

fn told(entry: &Entry) -> Value {
    let detail = if is_private(&entry.action) { None } else { Some(entry.detail.as_str()) };
    json!({
        "id": entry.id,
        "at": entry.at,
        "by": entry.actor,
        "did": entry.action,
        "about": entry.subject,
        "detail": detail.filter(|detail| !detail.is_empty()),
    })
}
