//! The page of an account manager: who cannot be reached, why, and what to do about it.
//!
//! Every form asks for something to be written, and an address that looks wrong is asked back before it is taken. Whatever is refused is
//! shown beside its form, with what was typed; what was settled elsewhere is said, and done once.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::problem::Kind;
use crate::rules::contacts::name;
use crate::rules::round::RoundState;
use crate::steps::repair::resolution::{Resolution, Resolved, resolve};
use crate::steps::repair::successors::Successor;
use crate::steps::repair::{RepairSheet, sheet};
use crate::web::console::contact::wrong_address;
use crate::web::kit::fields::{Fields, Words, query};
use crate::web::kit::frames::letter;
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::views::notice::Notice;
use crate::web::kit::views::respond;
use crate::web::kit::{damaged_links, refused_forms};

use super::repair_cards::{self, Typed, next};
use super::views::repair::{RepairCard, RepairPage, Settled};

pub async fn page(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words) -> Answer {
    match opened(&web, &secret).await? {
        Ok(sheet) => {
            let mut page = whole(&sheet, &secret, None);
            // From one word and the id of somebody on this very page.
            let of = sheet.done.iter().find(|(b, _)| b.person.id == words.get("contact") && words.get("done") == "yes");
            page.flash = of.map(|done| settled(&sheet, done));
            // Said where the reader stands: above the next card, or on top where none is left.
            page.flash_at =
                page.cards.iter().map(RepairCard::place).find(|place| place == words.get("at")).unwrap_or_default();
            Ok(respond(StatusCode::OK, &page))
        }
        Err(notice) => Ok(notice),
    }
}

/// The sheet behind a link, or the page that says why there is none.
async fn opened(web: &Web, secret: &str) -> Result<Result<RepairSheet, Response>, Failure> {
    let Some(sheet) = sheet(&web.ctx, secret).await? else {
        return Ok(Err(damaged_links::unknown()));
    };
    if sheet.live.state == RoundState::Closed {
        let lines = ["Nothing needs to be repaired any more.", "Thank you for your help."];
        let notice = Notice::director_link(letter(&sheet.live.spec, "en"), "This round is closed", &lines);
        return Ok(Err(respond(StatusCode::GONE, &notice)));
    }
    Ok(Ok(sheet))
}

fn whole(sheet: &RepairSheet, secret: &str, typed: Option<&Typed<'_>>) -> RepairPage {
    let action = format!("/repair/{secret}");
    RepairPage {
        letter: letter(&sheet.live.spec, "en"),
        title: sheet.live.spec.title.clone(),
        name: sheet.request.name.split(' ').next().unwrap_or("").into(),
        cards: sheet.open.iter().map(|b| repair_cards::card(&sheet.live, b, &action, typed)).collect(),
        done: sheet.done.iter().map(|done| settled(sheet, done)).collect(),
        flash: None,
        flash_at: String::new(),
        late: None,
    }
}

fn settled(
    sheet: &RepairSheet,
    (broken, successor): &(crate::steps::repair::ContactTask, Option<crate::store::contacts::Person>),
) -> Settled {
    let outcome = broken.task.outcome.as_deref().unwrap_or_default();
    let mut letters = outcome.chars();
    let what: String = letters.next().map_or(String::new(), |c| c.to_uppercase().chain(letters).collect());
    let of_account = sheet.directors.iter().find(|(account, _)| *account == broken.person.account_id);
    let director = of_account.map_or("The account director", |(_, name)| name.as_str());
    Settled {
        whom: format!("{} at {}", broken.person.full_name(), broken.person.account),
        what: format!("{}.", what.trim_end_matches('.')),
        next: next(&sheet.live, &broken.person, successor.as_ref(), director),
    }
}

pub async fn act(State(web): State<Web>, Path(secret): Path<String>, fields: Fields) -> Answer {
    let sheet = match opened(&web, &secret).await? {
        Ok(sheet) => sheet,
        Err(notice) => return Ok(notice),
    };
    let (act, contact) = (fields.get("act"), fields.get("contact"));
    let known = |id: &str| sheet.open.iter().chain(sheet.done.iter().map(|(b, _)| b)).any(|b| b.person.id == id);
    // Another manager's contact is as unknown as one that never was (S11).
    if !known(contact) {
        return Err(Failure::unknown());
    }
    let (what, errors) = read(act, &fields)?;
    let refused = |errors, questions, code| {
        let typed = Typed { contact, act, fields: &fields, errors, questions };
        Ok(refused_forms::at(format!("contact-{contact}"), respond(code, &whole(&sheet, &secret, Some(&typed)))))
    };
    if !errors.is_empty() {
        return refused(errors, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    match resolve(&web.ctx, &secret, contact, what, fields.get("sure") == "yes").await {
        Ok(Resolved::Done) => {
            let at = sheet.open.iter().position(|b| b.person.id == contact);
            let next = at.and_then(|at| sheet.open.get(at + 1).or(sheet.open.get(at.checked_sub(1)?)));
            let place = next.map_or_else(String::new, |b| format!("contact-{}", b.person.id));
            let there = query(&[("done", "yes"), ("contact", contact), ("at", &place)]);
            let fragment = if place.is_empty() { String::new() } else { format!("#{place}") };
            Ok(Redirect::to(&format!("/repair/{secret}{there}{fragment}")).into_response())
        }
        Ok(Resolved::Unsure(questions)) => {
            let asked = questions.into_iter().map(|q| q.message).collect();
            refused(Vec::new(), asked, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(problem) if matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
            // Read again: somebody else may have settled it since the page was opened.
            match opened(&web, &secret).await? {
                Ok(now) if !now.open.iter().any(|b| b.person.id == contact) => {
                    let page = RepairPage { late: Some(problem.to_string()), ..whole(&now, &secret, None) };
                    Ok(respond(StatusCode::CONFLICT, &page))
                }
                Ok(_) => {
                    refused(vec![(repair_cards::field_of(act), problem.to_string())], Vec::new(), status(problem.kind))
                }
                Err(notice) => Ok(notice),
            }
        }
        Err(problem) => Err(problem.into()),
    }
}

/// By field: what is wrong with it, in a sentence.
type Errors = Vec<(&'static str, String)>;

/// What a form says to do, and what is wrong with it already.
pub fn read(act: &str, fields: &Fields) -> Result<(Resolution, Errors), Failure> {
    let get = |name: &str| fields.get(name).to_string();
    let mut errors: Errors = fields.too_long().collect();
    let mend = match act {
        "correct_address" => {
            errors.extend(wrong_address(fields));
            Resolution::Correct { email: get("email") }
        }
        "replace" => {
            let verdict = name::verdict(fields.get("first_name"), fields.get("last_name"));
            if !matches!(verdict, name::NameKind::Name | name::NameKind::Half) {
                errors.push(("last_name", "Write the name of the person who follows.".into()));
            }
            errors.extend(wrong_address(fields));
            Resolution::Replace(Successor {
                first_name: get("first_name"),
                last_name: get("last_name"),
                email: get("email"),
                job_title: get("job_title"),
                role: get("role"),
            })
        }
        "drop" => {
            let reason = repair_cards::DROP_REASONS.iter().find(|(value, _)| *value == fields.get("why"));
            if reason.is_none() {
                errors.push(("why", "Choose a reason.".into()));
            }
            if fields.get("reason").is_empty() {
                errors.push(("reason", "Say it in a few words.".into()));
            }
            let label = reason.map_or("", |(_, label)| label);
            Resolution::Drop { reason: format!("{label}: {}", get("reason")) }
        }
        "fine" => {
            if fields.get("reason").is_empty() {
                errors.push(("reason", "Say how you know.".into()));
            }
            Resolution::Fine { why: get("reason") }
        }
        _ => return Err(Failure::unknown()),
    };
    Ok((mend, errors))
}
