//! What is pressed on the call list.

use axum::extract::{Path, State};
use chrono::NaiveDate;

use crate::base::ids::{CallId, ContactId, is_id};
use crate::base::problem::{Kind, Problem};
use crate::rules::calling::Outcome;
use crate::steps::Live;
use crate::steps::calling::{RecordCall, ReleaseCall, ReserveCall, TakeBackCall};
use crate::store::{calling, contacts};
use crate::web::kit::door::session::Posted;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;

use super::list::{Refused, show};

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, Words(words): Words, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let (ctx, who, act) = (&web.ctx, &by.actor(), fields.get("act"));
    let done = || Ok(back(&urls::calls(&live.slug), act));
    if act == "take_back_call" {
        let call = call_of(&web, &live, fields.get("call")).await?;
        ctx.order(who, TakeBackCall { call }).await?;
        return done();
    }
    let contact = contact_of(&web, &live, fields.get("contact")).await?;
    let known = fields.get("calls").parse().unwrap_or_default();
    match act {
        "reserve" => ctx.order(who, ReserveCall { contact, known }).await?,
        "release_call" => ctx.order(who, ReleaseCall { contact }).await?,
        word => {
            let outcome = Outcome::parse(word).ok_or_else(Failure::unknown)?;
            let refused = match said(&fields) {
                Err(refused) => refused,
                Ok(day) => {
                    let note = fields.get("note").to_string();
                    let call = RecordCall { contact: contact.clone(), outcome, day, note, known };
                    match ctx.order(who, call).await {
                        Err(problem) if problem.kind == Kind::Unusable || keeps(&problem, &fields) => {
                            ("day", problem.for_page())
                        }
                        recorded => {
                            recorded?;
                            return done();
                        }
                    }
                }
            };
            let (field, why) = refused;
            let refused = Refused { contact: &contact, typed: &fields, field, why };
            let shown = show(&web, &live, &by, &words, Some(refused)).await?;
            return Ok(refused_forms::at(format!("call-{contact}"), shown));
        }
    }
    done()
}

/// What was typed is not lost where somebody else was faster, or the state of things has changed.
fn keeps(problem: &Problem, fields: &Fields) -> bool {
    problem.kind == Kind::Refused && ["day", "note"].iter().any(|name| !fields.get(name).is_empty())
}

/// The day that was typed; else the field that cannot be taken, and why.
fn said(fields: &Fields) -> Result<Option<NaiveDate>, (&'static str, String)> {
    if let Some((field, why)) = fields.too_long().next() {
        return Err((field, why));
    }
    match fields.get("day") {
        "" => Ok(None),
        typed => typed.parse().map(Some).map_err(|_| ("day", "Write the day such as 2027-02-15.".to_string())),
    }
}

/// S11: a contact of another round is as unknown as one that never was.
async fn contact_of(web: &Web, live: &Live, id: &str) -> Result<ContactId, Failure> {
    let id = Some(id).filter(|id| is_id(id)).map(ContactId::from).ok_or_else(Failure::unknown)?;
    let mut tx = web.ctx.db.read().await?;
    let person = contacts::person(&mut tx, &id).await?.filter(|person| person.round_id == live.id);
    person.map(|person| person.id).ok_or_else(Failure::unknown)
}

/// The same of a call.
async fn call_of(web: &Web, live: &Live, id: &str) -> Result<CallId, Failure> {
    let id = Some(id).filter(|id| is_id(id)).map(CallId::from).ok_or_else(Failure::unknown)?;
    let known = {
        let mut tx = web.ctx.db.read().await?;
        calling::by_id(&mut tx, &id).await?.ok_or_else(Failure::unknown)?
    };
    contact_of(web, live, known.contact_id.as_str()).await.map(|_| id)
}
