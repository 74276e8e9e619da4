//! Letting a colleague sign, on a director's page: what stands there of it, and what its forms do.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};

use crate::base::ids::{AccountId, DelegationId};
use crate::rules::journal::Actor;
use crate::rules::signoff::delegation::Why;
use crate::rules::signoff::human_step::NotTyped;
use crate::rules::text::typed::LONGEST_LINE;
use crate::steps::signoff::delegating::{Delegate, EndDelegation, NotDelegated};
use crate::steps::signoff::signing::human_step::SendCode;
use crate::steps::signoff::{SheetAccount, SignOffSheet};
use crate::store::signoff::delegations::Delegation;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::forms::query::query;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::page::respond;
use crate::web::kit::views::phrases::fill;

use super::here::Here;
use super::human_step::{not_sent, not_signed};
use super::signoff_refusals::Wrong;
use super::views::delegation::{ALL, Asking, CardColleagues, Colleagues, Given, PAGE, PLACE};
use super::views::human_step::SigningStep;
use super::views::signoff::{Done, SignoffPage, Typed};

pub fn colleagues(sheet: &SignOffSheet, here: &Here) -> Colleagues {
    let of = &sheet.colleagues;
    let name = |id: &AccountId| sheet.accounts.iter().find(|a| a.account.id == *id).map(|a| a.account.name.clone());
    let given = of.given.iter().filter_map(|d| {
        // Of an account that is his no more there is nothing to take back.
        let account = d.account_id.as_ref().map(name);
        let phrase = if account.is_some() { here.words.given_account } else { here.words.given_all };
        let account = account.map_or(Some(String::new()), |account| account)?;
        let values = [("who", &d.to_name), ("email", &d.to_email.to_string()), ("account", &account)];
        let values = values.map(|(name, value)| (name, value.as_str()));
        let line = fill(phrase, &[&values[..], &[("when", &here.moment(d.at))]].concat());
        Some(Given { id: d.id.clone(), who: d.to_name.clone(), line, is_his: d.why == Why::Colleague })
    });
    let accounts = of.own_waiting.iter().filter_map(|id| Some((id.clone(), name(id)?)));
    let accounts: Vec<(AccountId, String)> = accounts.collect();
    let code = sheet.code.as_ref().filter(|code| of.own_waiting.iter().any(|id| code.accounts.contains(id)));
    let step = SigningStep {
        step: of.step,
        email: sheet.request.email.as_str().into(),
        until: code.map_or_else(String::new, |code| here.moment(code.until)),
    };
    let ask = (!accounts.is_empty()).then_some(Asking { accounts, step, opened: false });
    Colleagues { given: given.collect(), ask }
}

pub fn of_card(sheet: &SignOffSheet, a: &SheetAccount, here: &Here) -> CardColleagues {
    let behalf = sheet.colleagues.behalf.get(&a.account.id);
    let for_whom = behalf.map(|of| of.name.clone()).unwrap_or_default();
    let covers = |d: &&Delegation| behalf.is_none() && d.stand_in().covers(&a.account.id);
    let line = |d: &Delegation| {
        let phrase = if d.why == Why::Colleague { here.words.signs_too } else { here.words.may_sign_too };
        fill(phrase, &[("who", &d.to_name), ("when", &here.moment(d.at))])
    };
    CardColleagues { for_whom, others: sheet.colleagues.given.iter().filter(covers).map(line).collect() }
}

/// What was done, from one word and the id of a delegation that stands on this very page.
pub fn done(page: &mut SignoffPage, words: &Fields) {
    let w = page.words;
    let text = match words.get("done") {
        "delegate" => {
            let given = page.colleagues.given.iter().find(|given| given.id.as_str() == words.get("delegation"));
            given.map(|given| fill(w.done_delegate, &[("who", &given.who)]))
        }
        "delegate_code" => page.colleagues.ask.as_mut().filter(|ask| ask.step.is_code_sent()).map(|ask| {
            ask.opened = true;
            fill(w.done_delegate_code, &[("email", &ask.step.email)])
        }),
        "end_delegation" => Some(w.done_end.into()),
        _ => None,
    };
    page.done = text.map(|text| Done { text, place: PLACE.into() });
}

/// Whether a form is one of these.
pub fn is_about_colleagues(act: &str) -> bool {
    matches!(act, "delegate" | "delegate_code" | "end_delegation")
}

pub async fn act(web: &Web, secret: &str, mut page: SignoffPage, fields: Fields, came_from: String) -> Answer {
    let act = fields.get("act").to_string();
    let (done, id): (Result<DelegationId, Wrong>, String) = match act.as_str() {
        "end_delegation" => {
            let id = DelegationId::from(fields.get("delegation"));
            (end(web, secret, &page, &fields, id.clone()).await?, id.to_string())
        }
        "delegate_code" => {
            let sent = web.ctx.order(&Actor::Visitor, SendCode { secret: secret.into() }).await;
            let sent = page
                .reader()
                .told(sent, ("code", page.words.code_none_waits))?
                .and_then(|sent| sent.map_err(|why| vec![("code", not_sent(page.words, &page.email, why))]));
            (sent.map(|()| DelegationId::default()), PAGE.into())
        }
        _ => (delegate(web, secret, &page, &fields, came_from).await?, PAGE.into()),
    };
    match done {
        Ok(delegation) => {
            let there = [("done", act.as_str()), ("delegation", delegation.as_str())];
            Ok(Redirect::to(&format!("{}{}#{PLACE}", urls::sign_off(secret), query(&there))).into_response())
        }
        Err(errors) => {
            let place = format!("{act}-{id}");
            page.typed = Some(Typed { act, id, who: String::new(), fields, errors });
            Ok(refused_forms::at(place, respond(StatusCode::UNPROCESSABLE_ENTITY, &page)))
        }
    }
}

async fn end(
    web: &Web,
    secret: &str,
    page: &SignoffPage,
    fields: &Fields,
    delegation: DelegationId,
) -> Result<Result<DelegationId, Wrong>, Failure> {
    let given = page.colleagues.given.iter().find(|given| given.id == delegation);
    if let (Some(given), true) = (given, fields.get("confirm") != "yes") {
        return Ok(Err(vec![("confirm", fill(page.words.tick_end, &[("who", &given.who)]))]));
    }
    let order = EndDelegation { secret: secret.into(), delegation: delegation.clone() };
    let done = web.ctx.order(&Actor::Visitor, order).await.map(|()| delegation);
    page.reader().told(done, ("confirm", page.words.meanwhile))
}

async fn delegate(
    web: &Web,
    secret: &str,
    page: &SignoffPage,
    fields: &Fields,
    came_from: String,
) -> Result<Result<DelegationId, Wrong>, Failure> {
    let scope = fields.get("scope");
    if scope.is_empty() {
        return Ok(Err(vec![("scope", page.words.choose_scope.into())]));
    }
    let field = page.colleagues.ask.as_ref().map_or("count", |ask| ask.step.field());
    let order = Delegate {
        secret: secret.into(),
        account: (scope != ALL).then(|| AccountId::from(scope)),
        name: fields.get("name").into(),
        email: fields.get("email").into(),
        typed: fields.get(field).into(),
        came_from,
    };
    let done = page.reader().told(web.ctx.order(&Actor::Visitor, order).await, ("scope", page.words.meanwhile))?;
    Ok(done.and_then(|done| done.map_err(|why| vec![sentence(page.words, &page.email, &why)])))
}

/// Why nobody was asked, and the field that it is about.
fn sentence(w: &DirectorPhrases, email: &str, why: &NotDelegated) -> (&'static str, String) {
    match why {
        NotDelegated::NoName => ("name", w.no_colleague.into()),
        NotDelegated::NobodysName(typed) => ("name", fill(w.nobodys_name, &[("typed", typed)])),
        NotDelegated::TooLong(n) => {
            ("name", fill(w.too_long, &[("n", &n.to_string()), ("most", &LONGEST_LINE.to_string())]))
        }
        NotDelegated::NoAddress(typed) => ("email", fill(w.no_address, &[("typed", typed)])),
        NotDelegated::OtherDomain(email) => ("email", fill(w.other_domain, &[("email", email)])),
        NotDelegated::Himself(email) => ("email", fill(w.himself, &[("email", email)])),
        NotDelegated::Dead(email) => ("email", fill(w.dead, &[("email", email)])),
        NotDelegated::Already(who) => ("email", fill(w.signs_already, &[("who", who)])),
        NotDelegated::NotHis => ("scope", w.not_his.into()),
        NotDelegated::NothingWaits => ("scope", w.nothing_waits.into()),
        NotDelegated::OneByOne => ("scope", w.one_by_one.into()),
        NotDelegated::Typed(NotTyped::NoNumber) => ("count", w.names_missing.into()),
        NotDelegated::Typed(NotTyped::OtherNumber(typed)) => {
            let typed: String = typed.chars().take(80).collect();
            ("count", fill(w.names_wrong, &[("typed", &typed)]))
        }
        NotDelegated::Typed(why) => ("code", not_signed(w, None, email, why)),
    }
}
