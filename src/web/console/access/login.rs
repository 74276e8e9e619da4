//! Logging in by a link in a mail, and out again.
//!
//! Asking says the same for every address (S20). Opening the link does nothing; the button on its page logs in, once (S21). In a browser
//! that did not ask for the link the address has to be typed as well: scanners press buttons, but they do not know whose link it is.

use axum::extract::{Path, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::address::{EmailAddress, key_of};
use crate::base::clock::{DAY, MINUTE, SECOND};
use crate::base::problem::{Kind, Problem};
use crate::base::seal::same;
use crate::base::tokens;
use crate::rules::journal::Actor;
use crate::steps::installation::operators;
use crate::web::console::views::login::{LoginConfirmPage, LoginPage, LoginSentPage};
use crate::web::kit::door::session::{ASKED, Posted, SESSION, cookie, set_cookie};
use crate::web::kit::door::visitor::{self, CameFrom};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::frames::nobody;
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::page::respond;

/// As long as a session lasts at the most.
const KEPT: i64 = 7 * DAY / SECOND;

pub async fn page(State(web): State<Web>) -> Response {
    respond(StatusCode::OK, &LoginPage { console: nobody(&web), email: String::new(), error: None })
}

pub async fn ask(State(web): State<Web>, extensions: Extensions, headers: HeaderMap, fields: Fields) -> Answer {
    if !web.log_ins.allows(visitor::address(&web, &headers, &extensions), web.ctx.clock.now()) {
        return Err(Failure::new(
            StatusCode::TOO_MANY_REQUESTS,
            Kind::Refused,
            "So many links were asked for from here that no more are sent just now.",
            "Try again in a quarter of an hour.",
        ));
    }
    let typed: String = fields.get("email").chars().take(254).collect();
    let email = match EmailAddress::parse(&typed) {
        Ok(email) => email,
        Err(why) => {
            let error = Some(format!("The address {why}. Type all of it."));
            let page = LoginPage { console: nobody(&web), email: typed, error };
            return Ok(respond(StatusCode::UNPROCESSABLE_ENTITY, &page));
        }
    };
    // Whether it is an operator's is looked at later: nothing from here on depends on it.
    web.ctx.order(&Actor::Visitor, operators::AskForLink { email: email.clone() }).await?;
    let minutes = (operators::LINK_LASTS / MINUTE) as u32;
    let page = LoginSentPage { console: nobody(&web), email: email.as_str().into(), minutes };
    let mut response = respond(StatusCode::OK, &page);
    set_cookie(&web, &mut response, ASKED, &mark(&web, &email), operators::LINK_LASTS / SECOND);
    Ok(response)
}

/// What the browser keeps that asked for a link for this address.
fn mark(web: &Web, email: &EmailAddress) -> String {
    web.ctx.key.link("asked-for-a-link", &email.key())
}

fn asked_here(web: &Web, headers: &HeaderMap, email: &EmailAddress) -> bool {
    cookie(web, headers, ASKED).is_some_and(|value| same(value, &mark(web, email)))
}

pub async fn confirm_page(State(web): State<Web>, Path(secret): Path<String>, headers: HeaderMap) -> Answer {
    let owner = owner(&web, &secret).await?;
    Ok(confirm(&web, &secret, !asked_here(&web, &headers, &owner), "", None))
}

fn confirm(web: &Web, secret: &str, ask_address: bool, email: &str, error: Option<String>) -> Response {
    let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let action = urls::login(secret);
    respond(status, &LoginConfirmPage { console: nobody(web), action, ask_address, email: email.into(), error })
}

/// Used, expired and never given out are the same.
async fn owner(web: &Web, secret: &str) -> Result<EmailAddress, Failure> {
    if tokens::read(secret).is_none() {
        return Err(Problem::new(
            Kind::Gone,
            "Part of this link is missing or was changed: your mail program may have cut it.",
            "Copy the whole line of the mail into the address bar, or ask for a new link.",
        )
        .into());
    }
    let spent = || {
        Problem::new(
            Kind::Gone,
            "This link has been used or has expired.",
            "Ask for a new one; it comes by mail within a minute.",
        )
    };
    Ok(operators::link_is_for(&web.ctx, secret).await?.ok_or_else(spent)?)
}

pub async fn log_in(
    State(web): State<Web>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    CameFrom(came_from): CameFrom,
    fields: Fields,
) -> Answer {
    let owner = owner(&web, &secret).await?;
    if !asked_here(&web, &headers, &owner) {
        let typed: String = fields.get("email").chars().take(254).collect();
        let error = match typed.as_str() {
            "" => Some("Type the address that the link was sent to."),
            _ if same(&key_of(&typed), &owner.key()) => None,
            _ => Some("This link was sent to another address."),
        };
        if let Some(error) = error {
            return Ok(confirm(&web, &secret, true, &typed, Some(error.into())));
        }
    }
    // S15: whatever session this browser brought along ends here.
    if let Some(old) = cookie(&web, &headers, SESSION) {
        web.ctx.order(&Actor::Visitor, operators::LogOut { cookie: old.into() }).await?;
    }
    let session = web.ctx.order(&Actor::Visitor, operators::LogIn { secret, came_from }).await?;
    let mut response = Redirect::to(urls::ROUNDS).into_response();
    set_cookie(&web, &mut response, SESSION, &session, KEPT);
    set_cookie(&web, &mut response, ASKED, "", 0);
    Ok(response)
}

pub async fn log_out(State(web): State<Web>, headers: HeaderMap, _posted: Posted) -> Answer {
    if let Some(session) = cookie(&web, &headers, SESSION) {
        web.ctx.order(&Actor::Visitor, operators::LogOut { cookie: session.into() }).await?;
    }
    let mut response = Redirect::to(urls::LOG_IN).into_response();
    set_cookie(&web, &mut response, SESSION, "", 0);
    Ok(response)
}
