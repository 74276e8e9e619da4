//! The page of an account director, and of the sales director: look, put right, add, ask, sign.
//!
//! Signing needs the number of names that wait or a mailed code, typed; nothing else on the page signs anything (S21). Whatever is refused is shown beside its
//! form, with what was typed, in the language of the round.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId};
use crate::rules::contacts::last_time::spoken;
use crate::rules::message::MessageKind;
use crate::rules::plan::Deadline;
use crate::rules::round::{HumanStep, RoundState};
use crate::rules::signoff::SignLevel;
use crate::steps::signoff::{SignOffSheet, sheet};
use crate::web::kit::door::damaged_links;
use crate::web::kit::door::visitor::CameFrom;
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::letter;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::page::respond;
use crate::web::kit::views::phrases::fill;

use super::delegating;
use super::here::Here;
use super::signoff_acts::Posted;
use super::signoff_cards::{after, cards};
use super::signoff_refusals::Reader;
use super::signoff_together::{self, taken_off, together};
use super::views::signoff::{AccountCard, Done, NameRow, SignoffPage, Typed};
use super::views::together::PLACE;

pub async fn page(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words) -> Answer {
    let wanted = [words.get("open"), words.get("account")].into_iter().find(|id| !id.is_empty()).unwrap_or_default();
    let out: Option<Vec<&str>> = (words.get("at") == PLACE).then(|| words.get("out").split(',').collect());
    let sheet = opened(&web, &secret).await?;
    let mut page = whole(&sheet, web.ctx.clock.now(), &secret, (wanted, out.as_deref()));
    delegating::done(&mut page, &words);
    page.done = page.done.take().or_else(|| done(&page, &words));
    Ok(respond(StatusCode::OK, &page))
}

async fn opened(web: &Web, secret: &str) -> Result<SignOffSheet, Failure> {
    let sheet = sheet(&web.ctx, secret).await?.ok_or_else(damaged_links::unknown)?;
    if sheet.live.state != RoundState::Closed {
        return Ok(sheet);
    }
    let words = DirectorPhrases::of(&sheet.live.spec.language);
    Err(Reader { words, letter: &letter(&sheet.live.spec, words.code) }.closed())
}

/// `wanted`: the id of the account or of the name that is to be shown open; `out`: the accounts that are not to be signed together.
pub(crate) fn whole(
    sheet: &SignOffSheet,
    now: Ts,
    secret: &str,
    (wanted, out): (&str, Option<&[&str]>),
) -> SignoffPage {
    let spec = &sheet.live.spec;
    let here = Here::new(sheet, now);
    let accounts = cards(sheet, &here, wanted);
    SignoffPage {
        letter: letter(spec, here.words.code),
        words: here.words,
        action: urls::sign_off(secret),
        title: spec.title.clone(),
        director: sheet.request.name.split(' ').next().unwrap_or("").into(),
        email: sheet.request.email.as_str().into(),
        counter: sheet.request.level == SignLevel::SalesDirector,
        language: spoken(&spec.language),
        by_when: by_when(sheet, &here),
        letters: letters(sheet, &here),
        together: together(sheet, &here, &accounts, out),
        accounts,
        handed_over: handed_over(sheet),
        colleagues: delegating::colleagues(sheet, &here),
        left_out: sheet.left_out.clone(),
        record: sheet.record.as_ref().map(|head| head.sentence(&spec.language)).unwrap_or_default(),
        done: None,
        typed: None,
    }
}

/// What hangs on the signature, and until when.
fn by_when(sheet: &SignOffSheet, here: &Here) -> String {
    let w = here.words;
    let name = |letter: MessageKind| match letter {
        MessageKind::WarmUp => w.letter_warm_up,
        MessageKind::Invitation => w.letter_invitation,
        _ => w.letter_other,
    };
    match sheet.deadline {
        Some(Deadline::Before { letter, at }) => {
            let when = here.day(here.zone.local(at).date());
            fill(w.by_when, &[("letter", name(letter)), ("when", &when)])
        }
        Some(Deadline::Passed { letter, .. }) => fill(w.by_when_passed, &[("letter", name(letter))]),
        None => w.only_signed.into(),
    }
}

/// What the people get whose names are signed.
fn letters(sheet: &SignOffSheet, here: &Here) -> String {
    let (w, title) = (here.words, ("title", sheet.live.spec.title.as_str()));
    match sheet.first_letter {
        Some(Deadline::Before { letter, at }) => {
            let from = here.day(here.zone.local(at).date());
            let phrase = if letter == MessageKind::WarmUp { w.letters_warm_up } else { w.letters_invited };
            fill(phrase, &[("from", &from), title])
        }
        _ => fill(w.letters_later, &[title]),
    }
}

/// "Globex, Umbra" by who has them now, one line for each.
fn handed_over(sheet: &SignOffSheet) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for a in &sheet.handed_over {
        match all.iter_mut().find(|(who, _)| *who == a.director_name) {
            Some((_, names)) => names.push_str(&format!(", {}", a.name)),
            None => all.push((a.director_name.clone(), a.name.clone())),
        }
    }
    all
}

/// What was done and where, from one word and the ids of things that are on this very page.
fn done(page: &SignoffPage, words: &Fields) -> Option<Done> {
    if words.get("done") == "sign_together" {
        return Some(Done { text: page.words.done_together.into(), place: PLACE.into() });
    }
    let (w, account) = (page.words, page.accounts.iter().find(|a| a.id == words.get("account"))?);
    let listed = account.names().map(|n| (&n.id, n.full_name()));
    let gone = account.removed.iter().map(|n| (&n.id, n.full_name.clone()));
    let name = listed.chain(gone).find(|(id, _)| *id == words.get("contact")).map(|(_, name)| name);
    let count = w.names(account.names().count());
    let of_account = [("names", count.as_str()), ("account", account.name.as_str())];
    let of_name = |phrase: &str, name: &str| fill(phrase, &[("name", name), ("account", &account.name)]);
    let text = match (words.get("done"), name) {
        ("sign", _) => fill(w.done_sign, &of_account),
        ("counter_sign", _) => fill(w.done_counter, &of_account),
        ("ask", _) => fill(w.done_ask, &of_account),
        ("send_code", _) => fill(w.done_code, &[("email", account.step.email.as_str())]),
        ("take_back", _) => fill(w.done_take_back, &of_account),
        ("undo", _) => fill(w.done_undo, &of_account),
        ("keep", _) => w.done_keep.into(),
        ("remove", Some(name)) => of_name(w.done_remove, &name),
        ("restore", Some(name)) => of_name(w.done_restore, &name),
        ("correct", Some(name)) => of_name(w.done_correct, &name),
        ("replace", Some(name)) => of_name(w.done_replace, &name),
        ("add", Some(name)) => of_name(w.done_add, &name),
        _ => return None,
    };
    let there = words.get("at");
    if there == PLACE {
        return Some(Done { text, place: PLACE.into() });
    }
    let row = account.names().map(NameRow::place).find(|place| place == there);
    Some(Done { text, place: row.unwrap_or_else(|| account.place_of(there)) })
}

pub async fn act(
    State(web): State<Web>,
    Path(secret): Path<String>,
    CameFrom(came_from): CameFrom,
    fields: Fields,
) -> Answer {
    let sheet = opened(&web, &secret).await?;
    if fields.get("act") == "sign_together" {
        return sign_together(&web, &sheet, &secret, came_from, fields).await;
    }
    let (act, account) = (fields.get("act"), AccountId::from(fields.get("account")));
    let contact = ContactId::from(fields.get("contact"));
    let wanted = if contact.as_str().is_empty() { account.as_str() } else { contact.as_str() };
    let is_together = act == "send_code" && fields.get("at") == PLACE;
    let mut page = whole(&sheet, web.ctx.clock.now(), &secret, (wanted, None));
    if delegating::is_about_colleagues(act) {
        return delegating::act(&web, &secret, page, fields, came_from).await;
    }
    let out = if is_together { taken_off(&fields, &page.accounts).join(",") } else { String::new() };
    // Another director's account is as unknown as one that never was (S11).
    let Some(card) = page.accounts.iter().find(|a| a.id == account) else { return Err(page.reader().unknown()) };
    let named = about(card, act, &contact).ok_or_else(|| page.reader().unknown())?;
    let place = match act {
        "correct" | "replace" | "remove" if card.names().any(|n| n.id == contact) => format!("name-{contact}"),
        "correct" | "replace" | "remove" | "restore" => format!("gone-{contact}"),
        "add" | "ask" | "keep" | "undo" => format!("{act}-{account}"),
        "take_back" => card.place(),
        _ if is_together => PLACE.into(),
        _ => card.sign_place(),
    };
    let next = after(&sheet, account.as_str(), &contact)
        .unwrap_or_else(|| if card.names().any(|n| n.id != contact) { card.sign_place() } else { card.place() });
    let (words, letter) = (page.words, &page.letter);
    let posted = Posted { secret: &secret, fields: &fields, card, words, letter, came_from };
    let outcome = posted.act(&web).await?;
    match outcome {
        Err(errors) => {
            if is_together {
                let out: Vec<&str> = out.split(',').collect();
                page = whole(&sheet, web.ctx.clock.now(), &secret, (wanted, Some(&out)));
            }
            let id = if is_together {
                PLACE.to_string()
            } else if contact.as_str().is_empty() {
                account.to_string()
            } else {
                contact.to_string()
            };
            let form = if act == "counter_sign" { "sign" } else { act };
            page.typed = Some(Typed { act: form.into(), id, who: named, fields, errors });
            let refused = respond(StatusCode::UNPROCESSABLE_ENTITY, &page);
            Ok(refused_forms::at(place, refused))
        }
        Ok(shown) => {
            let shown = shown.unwrap_or(contact);
            // One stands where one was; where a name has gone, the next one stands.
            let place = match act {
                "remove" => next,
                "correct" | "replace" | "restore" | "add" | "keep" | "undo" => format!("name-{shown}"),
                "ask" => format!("ask-{account}"),
                "send_code" if is_together => PLACE.into(),
                "send_code" => format!("sign-{account}"),
                _ => format!("account-{account}"),
            };
            let there = [
                ("done", act),
                ("account", account.as_str()),
                ("contact", shown.as_str()),
                ("at", place.as_str()),
                ("out", out.as_str()),
            ];
            Ok(Redirect::to(&format!("{}{}#{place}", urls::sign_off(&secret), query(&there))).into_response())
        }
    }
}

async fn sign_together(web: &Web, sheet: &SignOffSheet, secret: &str, came_from: String, fields: Fields) -> Answer {
    let page = whole(sheet, web.ctx.clock.now(), secret, ("", None));
    let step = page.together.as_ref().map_or(HumanStep::Count, |all| all.step.step);
    let signed =
        signoff_together::sign(web, (secret, came_from), (page.reader(), &page.accounts), step, &fields).await?;
    let Err(errors) = signed else {
        let there = [("done", "sign_together")];
        return Ok(Redirect::to(&format!("{}{}#{PLACE}", urls::sign_off(secret), query(&there))).into_response());
    };
    let out = taken_off(&fields, &page.accounts);
    let mut page = whole(sheet, web.ctx.clock.now(), secret, ("", Some(&out)));
    page.typed = Some(Typed { act: "sign_together".into(), id: PLACE.into(), who: String::new(), fields, errors });
    Ok(refused_forms::at(PLACE, respond(StatusCode::UNPROCESSABLE_ENTITY, &page)))
}

/// Whose name a form is about, by what the page knows; empty where it is about an account. Another account's name is unknown (S11).
fn about(card: &AccountCard, act: &str, contact: &ContactId) -> Option<String> {
    if !matches!(act, "correct" | "replace" | "remove" | "restore") {
        return Some(String::new());
    }
    let listed = card.names().find(|n| n.id == *contact).map(NameRow::full_name);
    listed.or_else(|| card.removed.iter().find(|n| n.id == *contact).map(|n| n.full_name.clone()))
}

impl SignoffPage {
    pub fn reader(&self) -> Reader<'_> {
        Reader { words: self.words, letter: &self.letter }
    }
}
