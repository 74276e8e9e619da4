//! The assessment as a contact answers it: one group a page, saved page by page, checked, sent once.
//!
//! What a page says it saved is committed (promise 6). Opening changes nothing; sending twice completes once (F19).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::problem::{Kind, Problem};
use crate::rules::journal::Actor;
use crate::rules::response::{is_draft, unfinished};
use crate::steps::context::Purpose;
use crate::steps::response::{self, Opened, Sent, Standing};
use crate::web::kit::door::damaged_links;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::{escape, query};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::letter;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::notice::Notice;
use crate::web::kit::views::page::respond;
use crate::web::kit::views::phrases::wording::Phrases;

use super::questions::Sheet;

const CHECK: &str = "check";

pub async fn page(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words) -> Answer {
    let opened = response::open(&web.ctx, &secret).await?.ok_or_else(damaged_links::unknown)?;
    if let Some(notice) = notice(&opened, &words) {
        return Ok(notice);
    }
    let sheet = sheet(&web, &opened, &secret, &words);
    let number = match words.get("page") {
        CHECK => return Ok(respond(StatusCode::OK, &sheet.check(false))),
        "" => first_open(&opened),
        typed => typed.parse().ok(),
    };
    // A page that does not exist is the first one: the link was cut or typed.
    let number = match number {
        None if words.get("page").is_empty() => return Ok(respond(StatusCode::OK, &sheet.check(false))),
        Some(n) if n >= 1 && n <= sheet.pages() => n,
        _ => 1,
    };
    let from = Some(words.get("item")).filter(|_| words.get("from") == CHECK);
    // What was kept although it is too long says so again.
    let group = opened.questionnaire.groups.get(number - 1);
    let drafts = group.iter().flat_map(|g| &g.items).filter(|item| is_draft(item, &opened.answers));
    let errors = drafts.map(|item| (item.id.clone(), sheet.mistake(item, &sheet.given(item)))).collect();
    let page = sheet.page(number, from, &BTreeMap::new(), &errors);
    Ok(respond(StatusCode::OK, &page.ok_or_else(damaged_links::unknown)?))
}

fn sheet<'o>(web: &Web, opened: &'o Opened, secret: &str, words: &Fields) -> Sheet<'o> {
    Sheet {
        language: opened.language(words.get("language")),
        action: urls::assessment(secret),
        opt_out: urls::opt_out(&web.ctx.secret(Purpose::OptOut, &opened.person.link_id())),
        opened,
    }
}

/// What there is to say where nothing can be answered.
fn notice(opened: &Opened, words: &Fields) -> Option<Response> {
    let p =
        Phrases::asked(words.get("language")).unwrap_or_else(|| Phrases::of(&opened.language(words.get("language"))));
    let letter = letter(&opened.live.spec, p.code);
    Some(match opened.standing {
        Standing::Open => return None,
        Standing::Answered if words.get("done") == "send" => respond(
            StatusCode::OK,
            &Notice::thanks(letter, p, &opened.person.first_name).in_every_language("done=send&"),
        ),
        Standing::Answered => {
            let zone = opened.live.sequence.calendar(opened.person.locality());
            let day = opened.person.completed_at.map(|at| p.date(zone.local(at).date())).unwrap_or_default();
            respond(StatusCode::OK, &Notice::already_answered(letter, p, &day).in_every_language(""))
        }
        Standing::OptedOut => respond(StatusCode::GONE, &Notice::opted_out(letter, p).in_every_language("")),
        Standing::ForAnotherAddress => {
            respond(StatusCode::GONE, &Notice::for_another_address(letter, p).in_every_language(""))
        }
        Standing::RoundClosed => {
            let day = p.date(opened.live.closed_on());
            respond(StatusCode::GONE, &Notice::closed(letter, p, &day).in_every_language(""))
        }
        Standing::Removed => respond(StatusCode::GONE, &Notice::withdrawn(letter, p).in_every_language("")),
    })
}

/// Where somebody who comes back goes on: the first page with a question that must be answered or a text to be shortened.
fn first_open(opened: &Opened) -> Option<usize> {
    if opened.response.is_none() {
        return Some(1);
    }
    let missing = unfinished(&opened.questionnaire, &opened.answers);
    let first = missing.first()?;
    let groups = &opened.questionnaire.groups;
    groups.iter().position(|g| g.items.iter().any(|i| i.id == first.id)).map(|at| at + 1)
}

pub async fn act(State(web): State<Web>, Path(secret): Path<String>, headers: HeaderMap, fields: Fields) -> Answer {
    let autosave = headers.contains_key("x-autosave");
    if fields.get("page") == CHECK {
        return check(&web, &secret, &fields).await;
    }
    let typed = fields.under("answer");
    let saved = match web
        .ctx
        .order(
            &Actor::Visitor,
            response::SaveAnswers {
                secret: secret.clone(),
                fields: typed.clone(),
                language: fields.get("language").to_string(),
            },
        )
        .await
    {
        Ok(saved) => saved,
        Err(problem) if autosave && problem.kind == Kind::Refused => return Ok(StatusCode::CONFLICT.into_response()),
        Err(problem) => return refused(&web, &secret, &fields, problem).await,
    };
    let sheet = sheet(&web, &saved.opened, &secret, &fields);
    let number: usize = fields.get("page").parse().ok().filter(|n| (1..=sheet.pages()).contains(n)).unwrap_or(1);
    if autosave {
        return Ok(if saved.errors.is_empty() {
            StatusCode::NO_CONTENT.into_response()
        } else {
            let errors = mistakes(&sheet, saved.errors.keys(), &typed);
            (StatusCode::UNPROCESSABLE_ENTITY, Json(serde_json::json!({ "errors": errors }))).into_response()
        });
    }
    if fields.get("go") == "back" {
        return Ok(to(sheet.opened, &secret, &fields, &number.saturating_sub(1).max(1).to_string(), ""));
    }
    let group = sheet.opened.questionnaire.groups.get(number - 1);
    let stored = &sheet.opened.answers;
    let missing = group.iter().flat_map(|g| &g.items).filter(|i| i.required && !stored.contains_key(&i.id));
    let wrong: Vec<&String> = saved.errors.keys().chain(missing.map(|i| &i.id)).collect();
    if !wrong.is_empty() {
        let errors = mistakes(&sheet, wrong.into_iter(), &typed);
        let from = Some(fields.get("item")).filter(|_| fields.get("from") == CHECK);
        let page = sheet.page(number, from, &typed, &errors);
        let refused = respond(StatusCode::UNPROCESSABLE_ENTITY, &page.ok_or_else(Failure::unknown)?);
        return Ok(refused_forms::at("mistakes", refused));
    }
    let last = number == sheet.pages() || fields.get("from") == CHECK;
    let next = if last { CHECK.to_string() } else { (number + 1).to_string() };
    Ok(to(sheet.opened, &secret, &fields, &next, ""))
}

/// To another page of the same assessment, in the language that was chosen.
fn to(opened: &Opened, secret: &str, fields: &Fields, page: &str, done: &str) -> Response {
    let item = opened.questionnaire.items().find(|i| page == CHECK && i.id == fields.get("item"));
    let place = item.map_or_else(String::new, |i| format!("#change.{}", escape(&i.id)));
    let usual = opened.language("");
    let chosen = opened.language(fields.get("language"));
    let chosen = if chosen == usual { "" } else { &chosen };
    let words = query(&[("page", page), ("done", done), ("language", chosen)]);
    Redirect::to(&format!("{}{words}{place}", urls::assessment(secret))).into_response()
}

fn mistakes<'i>(
    sheet: &Sheet<'_>,
    items: impl Iterator<Item = &'i String>,
    typed: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let all: Vec<_> = sheet.opened.questionnaire.items().collect();
    items
        .filter_map(|id| {
            let item = all.iter().find(|i| i.id == *id)?;
            Some((id.clone(), sheet.mistake(item, typed.get(id).map_or("", String::as_str))))
        })
        .collect()
}

/// The page on which all answers are looked at once more: back into it, or sent.
async fn check(web: &Web, secret: &str, fields: &Fields) -> Answer {
    if fields.get("go") != "send" {
        let opened = response::open(&web.ctx, secret).await?.ok_or_else(damaged_links::unknown)?;
        let page = if opened.standing == Standing::Open { CHECK } else { "" };
        return Ok(to(&opened, secret, fields, page, ""));
    }
    Ok(
        match web
            .ctx
            .order(
                &Actor::Visitor,
                response::SendAnswers { secret: secret.to_string(), language: fields.get("language").to_string() },
            )
            .await
        {
            Ok((opened, Sent::Complete | Sent::Already)) => to(&opened, secret, fields, "", "send"),
            Ok((opened, Sent::Missing(_))) => {
                let page = sheet(web, &opened, secret, fields).check(true);
                refused_forms::at("mistakes", respond(StatusCode::UNPROCESSABLE_ENTITY, &page))
            }
            Err(problem) => return refused(web, secret, fields, problem).await,
        },
    )
}

/// Closed, completed, opted out, or no such link. A second tap, a second tab that sends again is told what the first one was told.
async fn refused(web: &Web, secret: &str, fields: &Fields, problem: Problem) -> Answer {
    match problem.kind {
        Kind::NotFound => Err(damaged_links::unknown()),
        Kind::Refused => {
            let opened = response::open(&web.ctx, secret).await?.ok_or_else(damaged_links::unknown)?;
            let sent_before = opened.standing == Standing::Answered && fields.get("go") == "send";
            Ok(to(&opened, secret, fields, "", if sent_before { "send" } else { "" }))
        }
        _ => Err(problem.into()),
    }
}
