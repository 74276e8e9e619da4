//! What was heard of a contact: that he wants no mail, that he has left, what became of a call. The same orders as on his page.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::base::ids::{ContactId, is_id};
use crate::base::problem::Problem;
use crate::rules::calling::Outcome;
use crate::steps::Live;
use crate::steps::calling::RecordCall;
use crate::steps::replies::absence::{HearNews, News};
use crate::steps::response::{Length, OptOutAsTold};
use crate::store::{calling, contacts};
use crate::web::api::door::InRound;
use crate::web::api::keys::Program;
use crate::web::api::schemas::object;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::problem_document::LOOK_IT_UP;
use crate::web::kit::state::Web;

use super::body::{self, Sent};

pub fn schema() -> Value {
    object(&[("contact_id", json!({ "type": "string" }))])
}

/// The contact of an address; one of another round is as unknown as one that never was (S11).
async fn contact(web: &Web, live: &Live, id: &str) -> Result<ContactId, Failure> {
    let unknown = || Problem::not_found("There is no such contact in this round.", "Lists name contacts by their ids.");
    let id = Some(id).filter(|id| is_id(id)).map(ContactId::from).ok_or_else(unknown)?;
    let person = contacts::person(&mut web.ctx.db.read().await?, &id).await?;
    Ok(person.filter(|person| person.round_id == live.id).map(|person| person.id).ok_or_else(unknown)?)
}

fn noted(id: &ContactId) -> Response {
    Json(json!({ "contact_id": id })).into_response()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OptOutSaid {
    how: String,
    #[serde(default)]
    length: LengthSaid,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LengthSaid {
    ThisRound,
    #[default]
    NeverAgain,
}

type Named = Path<(String, String)>;

pub async fn opt_out(
    State(web): State<Web>,
    InRound(live): InRound,
    program: Program,
    Path((_, id)): Named,
    sent: Sent,
) -> Answer {
    let OptOutSaid { how, length } = body::json(sent)?;
    let (contact, how) = (contact(&web, &live, &id).await?, body::said("how", &how, false)?);
    let length = match length {
        LengthSaid::ThisRound => Length::ThisRound,
        LengthSaid::NeverAgain => Length::NeverAgain,
    };
    web.ctx.order(&program.actor(), OptOutAsTold { contact: contact.clone(), length, how }).await?;
    Ok(noted(&contact))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LeftSaid {
    how: String,
}

pub async fn left(
    State(web): State<Web>,
    InRound(live): InRound,
    program: Program,
    Path((_, id)): Named,
    sent: Sent,
) -> Answer {
    let LeftSaid { how } = body::json(sent)?;
    let (contact, why) = (contact(&web, &live, &id).await?, body::said("how", &how, false)?);
    let news = News::Left { write_to: Vec::new() };
    web.ctx.order(&program.actor(), HearNews { contact: contact.clone(), news, why }).await?;
    Ok(noted(&contact))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CallSaid {
    outcome: String,
    day: Option<NaiveDate>,
    #[serde(default)]
    note: String,
    calls_before: Option<u32>,
}

pub async fn call(
    State(web): State<Web>,
    InRound(live): InRound,
    program: Program,
    Path((_, id)): Named,
    sent: Sent,
) -> Answer {
    let CallSaid { outcome, day, note, calls_before } = body::json(sent)?;
    let unknown = || Problem::unusable(format!("{outcome} is no outcome of a call."), LOOK_IT_UP);
    let outcome = Outcome::parse(&outcome).ok_or_else(unknown)?;
    let (contact, note) = (contact(&web, &live, &id).await?, body::said("note", &note, true)?);
    let known = match calls_before {
        Some(known) => i64::from(known),
        None => calling::of_contacts(&mut web.ctx.db.read().await?, &[&contact]).await?.len() as i64,
    };
    web.ctx.order(&program.actor(), RecordCall { contact: contact.clone(), outcome, day, note, known }).await?;
    Ok(noted(&contact))
}
