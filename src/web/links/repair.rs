//! The page of an account manager: who cannot be reached, why, and what to do about it.
//!
//! Every form asks for something to be written, and an address that looks wrong is asked back before it is taken. Whatever is refused is
//! shown beside its form, with what was typed; what was settled elsewhere is said, and done once.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::base::ids::ContactId;
use crate::base::problem::Kind;
use crate::rules::journal::Actor;
use crate::steps::Live;
use crate::steps::repair::resolution::{Resolved, SettleTask};
use crate::steps::repair::{RepairSheet, sheet};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::forms::repair_forms::{self, Typed, in_words};
use crate::web::kit::frames::letter;
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::page::respond;
use crate::web::kit::views::phrases::fill;
use crate::web::kit::views::repair_phrases::RepairPhrases;

use super::here::Here;
use super::open_round::{self, Over};
use super::repair_cards::{became, card, next, question};
use super::views::repair::{RepairCard, RepairPage, Settled};

pub async fn page(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words) -> Answer {
    let sheet = opened(&web, &secret).await?;
    let here = Here::of_repair(&sheet.live, web.ctx.clock.now());
    let mut page = whole(&sheet, &here, &secret, None);
    // From one word and the id of somebody on this very page.
    let of = sheet.done.iter().find(|(b, _)| b.person.id == words.get("contact") && words.get("done") == "yes");
    page.flash = of.map(|done| settled(&sheet, here.words, done));
    // Said where the reader stands: above the next card, or on top where none is left.
    page.flash_at = page.cards.iter().map(RepairCard::place).find(|place| place == words.get("at")).unwrap_or_default();
    Ok(respond(StatusCode::OK, &page))
}

async fn opened(web: &Web, secret: &str) -> Result<RepairSheet, Failure> {
    let over = |live: &Live| {
        let w = RepairPhrases::of(&live.spec.language);
        Over { language: w.code, title: w.closed_title, lines: [w.closed_lead, w.closed_thanks] }
    };
    open_round::opened(sheet(&web.ctx, secret).await?, |sheet| &sheet.live, over)
}

fn whole(sheet: &RepairSheet, here: &Here<RepairPhrases>, secret: &str, typed: Option<&Typed<'_>>) -> RepairPage {
    let action = urls::repair(secret);
    RepairPage {
        w: here.words,
        letter: letter(&sheet.live.spec, here.words.code),
        title: sheet.live.spec.title.clone(),
        name: sheet.request.name.split(' ').next().unwrap_or("").into(),
        cards: sheet.open.iter().map(|b| card(here, b, &action, typed)).collect(),
        done: sheet.done.iter().map(|done| settled(sheet, here.words, done)).collect(),
        flash: None,
        flash_at: String::new(),
        late: None,
    }
}

fn settled(
    sheet: &RepairSheet,
    w: &RepairPhrases,
    (broken, successor): &(crate::steps::repair::ContactTask, Option<crate::store::contacts::Person>),
) -> Settled {
    let outcome = broken.task.outcome.as_deref().unwrap_or_default();
    let of_account = sheet.directors.iter().find(|(account, _)| *account == broken.person.account_id);
    let director = of_account.map(|(_, name)| name.as_str());
    Settled {
        whom: fill(w.whom, &[("name", &broken.person.full_name()), ("account", &broken.person.account)]),
        what: became(w, outcome),
        next: next(&sheet.live, w, &broken.person, successor.as_ref(), director),
    }
}

pub async fn act(State(web): State<Web>, Path(secret): Path<String>, fields: Fields) -> Answer {
    let sheet = opened(&web, &secret).await?;
    let (act, contact) = (fields.get("act"), &ContactId::from(fields.get("contact")));
    let known = |id: &ContactId| sheet.open.iter().chain(sheet.done.iter().map(|(b, _)| b)).any(|b| b.person.id == *id);
    // Another manager's contact is as unknown as one that never was (S11).
    if !known(contact) {
        return Err(Failure::unknown());
    }
    let here = Here::of_repair(&sheet.live, web.ctx.clock.now());
    let w = here.words;
    let (what, errors) = repair_forms::read(act, &fields, w)?;
    let refused = |errors, questions, code| {
        let typed = Typed { contact, act, fields: &fields, errors, questions };
        Ok(refused_forms::at(format!("contact-{contact}"), respond(code, &whole(&sheet, &here, &secret, Some(&typed)))))
    };
    if !errors.is_empty() {
        return refused(errors, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    match web
        .ctx
        .order(
            &Actor::Visitor,
            SettleTask {
                secret: secret.clone(),
                contact: contact.clone(),
                resolution: what,
                sure: fields.get("sure") == "yes",
            },
        )
        .await
    {
        Ok(Resolved::Done) => {
            let at = sheet.open.iter().position(|b| b.person.id == *contact);
            let next = at.and_then(|at| sheet.open.get(at + 1).or(sheet.open.get(at.checked_sub(1)?)));
            let place = next.map_or_else(String::new, |b| format!("contact-{}", b.person.id));
            let there = query(&[("done", "yes"), ("contact", contact.as_str()), ("at", &place)]);
            let fragment = if place.is_empty() { String::new() } else { format!("#{place}") };
            Ok(Redirect::to(&format!("{}{there}{fragment}", urls::repair(&secret))).into_response())
        }
        Ok(Resolved::Unsure(questions)) => {
            let asked = questions.iter().map(|asked| question(w, asked)).collect();
            refused(Vec::new(), asked, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(problem) if matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
            // Read again: somebody else may have settled it since the page was opened.
            let now = opened(&web, &secret).await?;
            if now.open.iter().any(|b| b.person.id == *contact) {
                let errors = vec![(repair_forms::field_of(act), in_words(w, problem.for_page(), w.refused.into()))];
                return refused(errors, Vec::new(), status(problem.kind));
            }
            let page = RepairPage {
                late: Some(in_words(w, problem.for_page(), w.meanwhile.into())),
                ..whole(&now, &here, &secret, None)
            };
            Ok(respond(StatusCode::CONFLICT, &page))
        }
        Err(problem) => Err(problem.into()),
    }
}
