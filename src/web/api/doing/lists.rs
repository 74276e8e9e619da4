//! Loading a contact list, as `list load` does it: read as what is remembered of the client's columns says, checked, compared and loaded.

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde_json::{Value, json};

use crate::base::problem::{Problem, Result};
use crate::intake::list::{self, CheckedList, Choice};
use crate::rules::contacts::left_out;
use crate::steps::contacts::upload::column_choices;
use crate::steps::contacts::{self, Allowed};
use crate::web::api::door::InRound;
use crate::web::api::keys::Program;
use crate::web::api::schemas::named;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::in_turn::in_turn;
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;

use super::body::{self, Sent};

/// What findings call a file that has no name.
const NAME: &str = "list.csv";

pub fn schema() -> Value {
    named("Loaded")
}

pub async fn load(
    State(web): State<Web>,
    InRound(live): InRound,
    program: Program,
    Words(words): Words,
    sent: Sent,
) -> Answer {
    let bytes = body::bytes(sent)?;
    if bytes.is_empty() {
        return Err(Problem::unusable("The list is empty.", "Send the file as the body of the request.").into());
    }
    let yes = |name: &str| words.get(name) == "true";
    let allowed = Allowed {
        taking_off: yes("whole"),
        keeping_others: yes("keep_others"),
        losing_owners: yes("confirm"),
        removing_everybody: yes("remove_everybody"),
    };
    if allowed.taking_off && allowed.keeping_others {
        let what = "A list cannot be the whole of its round and one of several.";
        return Err(Problem::unusable(what, "Send `whole` or `keep_others`.").into());
    }
    let (preview, slug, actor) = (yes("preview"), live.slug.clone(), program.actor());
    let done = in_turn(&web, move |web| async move {
        let list = read(&web, &slug, &bytes).await?;
        let changes = match preview {
            true => contacts::preview(&web.ctx, &slug, list.accepted.clone(), allowed).await?,
            false => contacts::load_checked(&web.ctx, &slug, &list, allowed, &actor).await?,
        };
        Ok(left_out::added(json!(changes), &list))
    });
    Ok(Json(done.await?).into_response())
}

async fn read(web: &Web, slug: &str, bytes: &[u8]) -> Result<CheckedList> {
    let look = list::look(bytes, NAME, &Choice::default())?;
    let choice = column_choices::completed(&web.ctx, slug, Choice::default(), &look).await?;
    list::read_with(bytes, NAME, &choice)
}
