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
use crate::rules::text::typed::LONGEST_LINE;
use crate::steps::Live;
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
use crate::web::kit::views::phrases::fill;
use crate::web::kit::views::team_phrases::TeamPhrases;

use super::open_round::{self, Over};
use super::team_page::{Asked, Refused, form_of};

pub async fn page(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words) -> Answer {
    let sheet = opened(&web, &secret).await?;
    let page = Asked::new(&web, &sheet, &secret, &words).page().await?;
    Ok(respond(StatusCode::OK, &page))
}

async fn opened(web: &Web, secret: &str) -> Result<TeamSheet, Failure> {
    let over = |live: &Live| {
        let w = words_of(live);
        Over { language: w.code, title: w.closed_title, lines: [w.closed_lead, w.closed_thanks] }
    };
    let sheet = open_round::opened(sheet(&web.ctx, secret).await?, |sheet| &sheet.live, over)?;
    if sheet.has_part {
        return Ok(sheet);
    }
    let (w, spec) = (words_of(&sheet.live), &sheet.live.spec);
    let line = fill(w.no_part, &[("title", &spec.title)]);
    let notice = Notice::director_link(letter(spec, w.code), w.no_part_title, &[line.as_str()]);
    Err(respond(StatusCode::GONE, &notice).into())
}

fn words_of(live: &Live) -> &'static TeamPhrases {
    TeamPhrases::of(&live.spec.language)
}

/// Why nothing was done: beside which field that stands, and in which words. None: nothing that was typed is wrong, but it is too late.
type Wrong = (Option<&'static str>, String);

pub async fn act(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words, fields: Fields) -> Answer {
    let sheet = opened(&web, &secret).await?;
    let w = words_of(&sheet.live);
    let (form, contact, read) = match fields.get("act") {
        "note" => {
            let contact = id_of(fields.get("contact")).map(ContactId::from)?;
            (form_of(&contact), Some(contact.clone()), noted(w, &fields, contact)?)
        }
        "take_back_call" => {
            let call = id_of(fields.get("call"))?;
            (format!("back-{call}"), None, taken_back(w, &fields, call))
        }
        _ => return Err(Failure::unknown()),
    };
    let (field, why) = match read {
        Err(wrong) => wrong,
        Ok((press, word)) => {
            let order = PressByLink { secret: secret.clone(), press };
            match web.ctx.order(&Actor::Visitor, order).await {
                Ok(()) => return Ok(back(&urls::team(&secret), word)),
                Err(problem) if problem.kind == Kind::NotFound => return Err(Failure::unknown()),
                Err(problem) if problem.kind == Kind::Unusable => (Some("day"), said(w, &problem, w.refused_day)),
                Err(problem) if problem.kind == Kind::Refused => (None, said(w, &problem, w.meanwhile)),
                Err(problem) => return Err(problem.into()),
            }
        }
    };
    let status = if field.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    let refused = Some(Refused { form: form.clone(), contact, typed: &fields, field, why });
    let page = Asked { refused, ..Asked::new(&web, &sheet, &secret, &words) }.page().await?;
    Ok(refused_forms::at(form, respond(status, &page)))
}

/// An order says in English why it is refused, and who was faster; in other languages the page says so less closely.
fn said(w: &TeamPhrases, problem: &Problem, otherwise: &str) -> String {
    if w.code == "en" { problem.for_page() } else { otherwise.to_string() }
}

fn id_of(text: &str) -> Result<&str, Failure> {
    Some(text).filter(|id| is_id(id)).ok_or_else(Failure::unknown)
}

/// What was chosen, with the word for what was done.
fn noted(
    w: &TeamPhrases,
    fields: &Fields,
    contact: ContactId,
) -> Result<Result<(Press, &'static str), Wrong>, Failure> {
    if let Some((field, _)) = fields.too_long().next() {
        return Ok(Err((Some(field), fill(w.too_long, &[("most", &LONGEST_LINE.to_string())]))));
    }
    let known = fields.get("calls").parse().unwrap_or_default();
    Ok(Ok(match fields.get("outcome") {
        "" => return Ok(Err((Some("outcome"), w.no_outcome.into()))),
        "reserve" => (Press::Reserve(ReserveCall { contact, known }), "reserve"),
        "release_call" => (Press::Release(contact), "release_call"),
        word => {
            let outcome = Outcome::parse(word).ok_or_else(Failure::unknown)?;
            let day: Option<NaiveDate> = match fields.get("day") {
                "" => None,
                typed => match typed.parse() {
                    Ok(day) => Some(day),
                    Err(_) => return Ok(Err((Some("day"), w.wrong_day.into()))),
                },
            };
            let note = fields.get("note").to_string();
            (Press::Record(RecordCall { contact, outcome, day, note, known }), outcome.as_str())
        }
    }))
}

fn taken_back(w: &TeamPhrases, fields: &Fields, call: &str) -> Result<(Press, &'static str), Wrong> {
    if fields.get("confirm") != "yes" {
        return Err((Some("confirm"), w.no_tick.into()));
    }
    Ok((Press::TakeBack(CallId::from(call)), "take_back_call"))
}
