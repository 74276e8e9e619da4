//! The page of an account director, and of the sales director: look, correct, sign.
//!
//! Signing needs the number of names or a mailed code, typed; nothing else on the page signs anything (S21). Whatever is refused is shown beside its form,
//! with what was typed.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::{Kind, Problem};
use crate::rules::contacts::last_time::spoken;
use crate::rules::journal::Actor;
use crate::rules::message::MessageKind;
use crate::rules::plan::Deadline;
use crate::rules::signoff::SignLevel;
use crate::rules::text::typed::LONGEST_LINE;
use crate::steps::signoff::editing::{self, Edit};
use crate::steps::signoff::signing::SignList;
use crate::steps::signoff::{SignOffSheet, sheet};
use crate::web::kit::door::visitor::CameFrom;
use crate::web::kit::forms::corrections::{corrected, correction, wrong_address};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::query;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{home, letter};
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::times::day;
use crate::web::kit::urls;
use crate::web::kit::views::page::respond;

use super::signoff_cards::{cards, removal_reason};
use super::views::human_step::TakingBack;
use super::views::signoff::{AccountCard, Done, Draft, NameRow, SignoffPage};
use super::{human_step, open_round};

pub async fn page(State(web): State<Web>, Path(secret): Path<String>, Words(words): Words) -> Answer {
    let mut page = whole(&opened(&web, &secret).await?, web.ctx.clock.now(), &secret);
    page.done = done(&page, &words);
    Ok(respond(StatusCode::OK, &page))
}

async fn opened(web: &Web, secret: &str) -> Result<SignOffSheet, Failure> {
    open_round::opened(sheet(&web.ctx, secret).await?, |sheet| &sheet.live, "Nothing needs to be signed any more.")
}

fn whole(sheet: &SignOffSheet, now: Ts, secret: &str) -> SignoffPage {
    let spec = &sheet.live.spec;
    SignoffPage {
        letter: letter(spec, "en"),
        action: urls::sign_off(secret),
        title: spec.title.clone(),
        director: sheet.request.name.split(' ').next().unwrap_or("").into(),
        counter: sheet.request.level == SignLevel::SalesDirector,
        language: spoken(&spec.language),
        by_when: by_when(sheet),
        letters: letters(sheet),
        accounts: cards(sheet, now),
        handed_over: handed_over(sheet),
        left_out: sheet.left_out.clone(),
        record: sheet.record.as_ref().map(|head| head.sentence(&spec.language)).unwrap_or_default(),
        done: None,
    }
}

/// What hangs on the signature, and until when.
fn by_when(sheet: &SignOffSheet) -> String {
    match sheet.deadline {
        Some(Deadline::Before { letter, at }) => {
            let when = day(home(&sheet.live).local(at).date());
            format!(
                "Only the names that you sign are written to; the {} goes to the first of them on {when}.",
                name(letter)
            )
        }
        Some(Deadline::Passed { letter, .. }) => {
            format!(
                "Only the names that you sign are written to; their {} goes as soon as you have signed.",
                name(letter)
            )
        }
        None => "Only the names that you sign are written to.".into(),
    }
}

/// What the people get whose names are signed.
fn letters(sheet: &SignOffSheet) -> String {
    let title = &sheet.live.spec.title;
    match sheet.first_letter {
        Some(Deadline::Before { letter: MessageKind::WarmUp, at }) => {
            let from = day(home(&sheet.live).local(at).date());
            format!("From {from} these people get a letter announcing the {title}, and some days later the invitation.")
        }
        Some(Deadline::Before { at, .. }) => {
            format!("From {} these people are invited to the {title}.", day(home(&sheet.live).local(at).date()))
        }
        _ => format!("These people get the letters about the {title} when their time has come."),
    }
}

fn name(letter: MessageKind) -> &'static str {
    if letter == MessageKind::WarmUp { "letter announcing it" } else { letter.label() }
}

/// "Globex, Umbra: now with Rachel Osei", one line for each who has them now.
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
    let account = page.accounts.iter().find(|a| a.id == words.get("account"))?;
    let listed = account.names.iter().map(|n| (&n.id, n.full_name()));
    let gone = account.removed.iter().map(|n| (&n.id, n.full_name.clone()));
    let name = listed.chain(gone).find(|(id, _)| *id == words.get("contact")).map(|(_, name)| name);
    let text = match (words.get("done"), name) {
        ("sign", _) => format!("Signed: {} at {}.", account.count(), account.name),
        ("counter_sign", _) => format!("Counter-signed: {} at {}.", account.count(), account.name),
        ("send_code", _) => {
            format!("A code was mailed to {}. Type its six digits here.", account.step.email)
        }
        ("take_back", _) => format!("Your signature at {} was taken back.", account.name),
        ("remove", Some(name)) => format!("{name} was removed from {}.", account.name),
        ("restore", Some(name)) => format!("{name} is back on the list of {}.", account.name),
        ("correct", Some(name)) => format!("The correction of {name} is saved."),
        _ => return None,
    };
    let there = words.get("at");
    let row = account.names.iter().map(NameRow::place).find(|place| place == there);
    Some(Done { text, place: row.unwrap_or_else(|| account.place_of(there)) })
}

pub async fn act(
    State(web): State<Web>,
    Path(secret): Path<String>,
    CameFrom(came_from): CameFrom,
    fields: Fields,
) -> Answer {
    let sheet = opened(&web, &secret).await?;
    let (act, account) = (fields.get("act"), AccountId::from(fields.get("account")));
    let contact = &ContactId::from(fields.get("contact"));
    let mut page = whole(&sheet, web.ctx.clock.now(), &secret);
    // Another director's account is as unknown as one that never was (S11).
    let Some(card) = page.accounts.iter_mut().find(|a| a.id == account) else { return Err(Failure::unknown()) };
    let mut place = card.sign_place();
    let next = after(&sheet, &account, contact).unwrap_or_else(|| match card.names.iter().any(|n| n.id != *contact) {
        true => card.sign_place(),
        false => card.place(),
    });
    let refused = match act {
        "sign" | "counter_sign" => {
            let signing = SignList {
                secret: secret.clone(),
                account: account.clone(),
                fingerprint: fields.get("fingerprint").into(),
                typed: fields.get(card.step.field()).into(),
                came_from,
            };
            let result = web.ctx.order(&Actor::Visitor, signing).await.and_then(|signed| signed.map(drop));
            told(result, |sentence| refuse_step(card, &fields, sentence))?
        }
        "send_code" => {
            told(human_step::send_code(&web, &secret).await, |sentence| card.step.send_error = Some(sentence))?
        }
        "take_back" => {
            place = card.place();
            let result = human_step::take_back(&web, &secret, &account, &fields).await;
            told(result, |sentence| card.taking_back = TakingBack::Possible { error: Some(sentence) })?
        }
        "correct" | "remove" | "restore" => {
            let listed = card.names.iter().any(|n| n.id == *contact);
            if !listed && !card.removed.iter().any(|n| n.id == *contact) {
                return Err(Failure::unknown());
            }
            place = if listed { format!("name-{contact}") } else { format!("gone-{contact}") };
            // The second tap of two: what the first one asked for is done.
            let followed = sheet.accounts.iter().flat_map(|a| &a.names).find(|p| p.replaces.as_ref() == Some(contact));
            match (act, listed, followed) {
                ("remove", false, _) | ("restore", true, _) => None,
                ("correct", false, Some(_)) => None,
                _ => edit(&web, &secret, &fields, card).await?,
            }
        }
        _ => return Err(Failure::unknown()),
    };
    if let Some(status) = refused {
        return Ok(refused_forms::at(place, respond(status, &page)));
    }
    // One stands where one was; where a name has gone, the next one stands.
    let place = match act {
        "remove" => next,
        "restore" => format!("name-{contact}"),
        "correct" => place,
        "send_code" => format!("sign-{account}"),
        _ => format!("account-{account}"),
    };
    let words = query(&[("done", act), ("account", account.as_str()), ("contact", contact.as_str()), ("at", &place)]);
    Ok(Redirect::to(&format!("{}{words}#{place}", urls::sign_off(&secret))).into_response())
}

/// The row that follows on the list, whether the name is still on it or not.
fn after(sheet: &SignOffSheet, account: &AccountId, contact: &ContactId) -> Option<String> {
    let account = sheet.accounts.iter().find(|a| a.account.id == *account)?;
    let person = account.names.iter().chain(&account.removed).find(|p| p.id == *contact)?;
    let next = account.names.iter().find(|p| (p.line, &p.id) > (person.line, &person.id))?;
    Some(format!("name-{}", next.id))
}

/// A refusal that the director can mend goes beside its form; anything else is a page of its own.
fn told(result: Result<(), Problem>, show: impl FnOnce(String)) -> Result<Option<StatusCode>, Failure> {
    match result {
        Ok(()) => Ok(None),
        Err(problem) if matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
            show(problem.for_page());
            Ok(Some(status(problem.kind)))
        }
        Err(problem) => Err(problem.into()),
    }
}

/// A number is shown again as it was typed; a code is not.
fn refuse_step(card: &mut AccountCard, fields: &Fields, sentence: String) {
    card.step.typed = fields.get("count").chars().take(LONGEST_LINE).collect();
    card.step.error = Some(sentence);
}

/// Changes one name; says with which status the page is shown again when it did not.
async fn edit(web: &Web, secret: &str, fields: &Fields, card: &mut AccountCard) -> Result<Option<StatusCode>, Failure> {
    let (act, contact) = (fields.get("act"), &ContactId::from(fields.get("contact")));
    let wrong = Ok(Some(StatusCode::UNPROCESSABLE_ENTITY));
    let row = card.names.iter_mut().find(|n| n.id == *contact);
    let gone = card.removed.iter_mut().find(|n| n.id == *contact);
    let edit = match (act, row) {
        ("restore", _) if fields.get("confirm") != "yes" => {
            if let Some(gone) = gone {
                gone.restore_error = Some(format!("Tick the box, then {} is put back.", gone.full_name));
            }
            return wrong;
        }
        ("restore", _) => Edit::PutBack,
        (_, None) => {
            if let Some(gone) = gone {
                gone.restore_error =
                    Some(format!("{} is not on the list any more. Put the name back first.", gone.full_name));
            }
            return wrong;
        }
        ("remove", Some(row)) => {
            if let Some(reason) = removal_reason(fields.get("reason")) {
                Edit::Remove { reason: reason.into() }
            } else {
                row.remove_error = Some("Choose a reason.".into());
                return wrong;
            }
        }
        ("correct", Some(row)) => {
            let mut errors: Vec<(&'static str, String)> =
                wrong_address(fields).into_iter().chain(fields.too_long()).collect();
            if fields.get("reason").is_empty() {
                errors.push(("reason", "Say in a few words what is corrected.".into()));
            }
            if !errors.is_empty() {
                refuse_correction(row, fields, errors);
                return wrong;
            }
            corrected(fields)
        }
        _ => return Err(Failure::unknown()),
    };
    let result = web
        .ctx
        .order(&Actor::Visitor, editing::EditName { secret: secret.to_string(), contact: contact.clone(), edit })
        .await;
    match card.names.iter_mut().find(|n| n.id == *contact) {
        Some(row) if act == "correct" => {
            told(result, |sentence| refuse_correction(row, fields, vec![("email", sentence)]))
        }
        Some(row) => told(result, |sentence| row.remove_error = Some(sentence)),
        None => match card.removed.iter_mut().find(|n| n.id == *contact) {
            Some(gone) => told(result, |sentence| gone.restore_error = Some(sentence)),
            None => Ok(result.map(|()| None)?),
        },
    }
}

fn refuse_correction(row: &mut NameRow, fields: &Fields, errors: Vec<(&'static str, String)>) {
    let typed = correction(fields);
    row.draft = Some(Draft {
        first_name: typed.first_name,
        last_name: typed.last_name,
        email: typed.email,
        job_title: typed.job_title,
        role: typed.role,
        reason: typed.reason,
        errors,
    });
}
