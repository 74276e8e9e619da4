//! What a round can be told: to start, to pause, to resume, to close. The same orders as on its page.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::base::problem::Kind;
use crate::rules::round::RoundState;
use crate::steps::round::{RoundOrder, TellRound};
use crate::steps::sending::alignment;
use crate::web::api::door::InRound;
use crate::web::api::keys::Program;
use crate::web::api::schemas::{named, object};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

use super::body::{self, Sent};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    order: Word,
    #[serde(default)]
    anyway: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    Start,
    Pause,
    Resume,
    Close,
}

impl Word {
    fn order(self) -> RoundOrder {
        match self {
            Word::Start => RoundOrder::Start,
            Word::Pause => RoundOrder::Pause,
            Word::Resume => RoundOrder::Resume,
            Word::Close => RoundOrder::Close,
        }
    }

    /// Where it brings a round.
    fn state(self) -> RoundState {
        match self {
            Word::Start | Word::Resume => RoundState::Running,
            Word::Pause => RoundState::Paused,
            Word::Close => RoundState::Closed,
        }
    }
}

pub fn schema() -> Value {
    object(&[("round", json!({ "type": "string" })), ("state", named("RoundState"))])
}

pub async fn give(State(web): State<Web>, InRound(live): InRound, program: Program, sent: Sent) -> Answer {
    let Said { order, anyway } = body::json(sent)?;
    let anyway = body::said("anyway", &anyway, true)?;
    let (ctx, actor, slug) = (&web.ctx, program.actor(), live.slug.clone());
    let given = match order {
        Word::Start => alignment::start(ctx, &slug, &actor, Some(anyway.as_str())).await,
        _ => ctx.order(&actor, TellRound { slug: slug.clone(), order: order.order() }).await,
    };
    let state = ctx.live_by_slug(&mut ctx.db.read().await?, &slug).await?.state;
    match given {
        // Told twice: the round is where the first order has brought it.
        Err(problem) if problem.kind == Kind::Refused && state == order.state() => {}
        given => given?,
    }
    Ok(Json(json!({ "round": slug, "state": state })).into_response())
}
