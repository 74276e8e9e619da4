//! The page behind the weekly mail: an account manager calls and writes from it, a director and a sponsor look.
//!
//! Opening it changes nothing. A call is noted by the same orders as in the console, in the name of whoever the link was for; a contact of
//! somebody else's accounts is as unknown as one that never was (S11).

use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::NaiveDate;

use crate::base::ids::{CallId, ContactId, is_id};
use crate::base::problem::{Kind, Problem};
use crate::rules::calling::Outcome;
use crate::rules::journal::Actor;
use crate::steps::calling::{Press, PressByLink, RecordCall, ReserveCall};
use crate::steps::completion::team::{TeamSheet, sheet};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, letter};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::notice::Notice;
use crate::web::kit::views::page::respond;

use super::open_round;
use super::team_page::{Asked, Refused, form_of};

pub async fn page(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words) -> Answer {
    let sheet = opened(&web, &secret).await?;
    let asked = Asked { web: &web, sheet: &sheet, secret: &secret, words: &words, refused: None, late: None };
    Ok(respond(StatusCode::OK, &asked.page().await?))
}

async fn opened(web: &Web, secret: &str) -> Result<TeamSheet, Failure> {
    let over = "Nobody needs to be called any more.";
    let sheet = open_round::opened(sheet(&web.ctx, secret).await?, |sheet| &sheet.live, over)?;
    if sheet.has_part {
        return Ok(sheet);
    }
    let line = format!("You have no part in {} any more, so there is nothing to do here.", sheet.live.spec.title);
    let notice = Notice::director_link(letter(&sheet.live.spec, "en"), "Nothing waits for you here", &[line.as_str()]);
    Err(respond(StatusCode::GONE, &notice).into())
}

/// What is wrong with what was typed: beside which field, and why.
type Wrong = (&'static str, String);

pub async fn act(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words, fields: Fields) -> Answer {
    let sheet = opened(&web, &secret).await?;
    let (form, read) = match fields.get("act") {
        "note" => {
            let contact = id_of(fields.get("contact")).map(ContactId::from)?;
            (form_of(&contact), noted(&fields, contact)?)
        }
        "take_back_call" => {
            let call = id_of(fields.get("call"))?;
            (format!("back-{call}"), taken_back(&fields, call))
        }
        _ => return Err(Failure::unknown()),
    };
    let pressed = match read {
        Err(wrong) => Err(wrong),
        Ok((press, word)) => {
            let order = PressByLink { secret: secret.clone(), press };
            match web.ctx.order(&Actor::Visitor, order).await {
                Ok(()) => return Ok(back(&urls::team(&secret), word)),
                Err(problem) if problem.kind == Kind::NotFound => return Err(Failure::unknown()),
                Err(problem) if problem.kind == Kind::Unusable => Err(("day", problem.for_page())),
                Err(problem) if problem.kind == Kind::Refused => Ok(problem),
                Err(problem) => return Err(problem.into()),
            }
        }
    };
    refused(&web, &sheet, (secret.as_str(), &words), &fields, form, pressed).await
}

/// Shown again: beside the field where that is wrong, on top where it is too late.
async fn refused(
    web: &Web,
    sheet: &TeamSheet,
    (secret, words): (&str, &Fields),
    typed: &Fields,
    form: String,
    why: Result<Problem, Wrong>,
) -> Answer {
    let asked = Asked { web, sheet, secret, words, refused: None, late: None };
    match why {
        Ok(late) => {
            let page = Asked { late: Some(late.for_page()), ..asked }.page().await?;
            Ok(respond(StatusCode::CONFLICT, &page))
        }
        Err((field, why)) => {
            let refused = Refused { form: form.clone(), typed, field, why };
            let page = Asked { refused: Some(refused), ..asked }.page().await?;
            Ok(refused_forms::at(form, respond(StatusCode::UNPROCESSABLE_ENTITY, &page)))
        }
    }
}

fn id_of(text: &str) -> Result<&str, Failure> {
    Some(text).filter(|id| is_id(id)).ok_or_else(Failure::unknown)
}

/// What was chosen, with the word for what was done.
fn noted(fields: &Fields, contact: ContactId) -> Result<Result<(Press, &'static str), Wrong>, Failure> {
    if let Some((field, why)) = fields.too_long().next() {
        return Ok(Err((field, why)));
    }
    let known = fields.get("calls").parse().unwrap_or_default();
    Ok(Ok(match fields.get("outcome") {
        "" => return Ok(Err(("outcome", "Choose what became of the call.".into()))),
        "reserve" => (Press::Reserve(ReserveCall { contact, known }), "reserve"),
        "release_call" => (Press::Release(contact), "release_call"),
        word => {
            let outcome = Outcome::parse(word).ok_or_else(Failure::unknown)?;
            let day: Option<NaiveDate> = match fields.get("day") {
                "" => None,
                typed => match typed.parse() {
                    Ok(day) => Some(day),
                    Err(_) => return Ok(Err(("day", "Write the day such as 2027-02-15.".into()))),
                },
            };
            let note = fields.get("note").to_string();
            (Press::Record(RecordCall { contact, outcome, day, note, known }), outcome.as_str())
        }
    }))
}

fn taken_back(fields: &Fields, call: &str) -> Result<(Press, &'static str), Wrong> {
    if fields.get("confirm") != "yes" {
        return Err(("confirm", "Tick the box first.".into()));
    }
    Ok((Press::TakeBack(CallId::from(call)), "take_back_call"))
}
