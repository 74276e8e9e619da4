//! Operators and their sessions: the cookie, and the token that every form of the console carries (S14, S15).
//!
//! Over https the cookie is `__Host-`: no other host, no other path and no plain connection can set it.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::{IntoResponse, Redirect, Response};

use crate::base::ids::{OperatorId, RoundId};
use crate::base::problem::Problem;
use crate::base::seal::same;
use crate::rules::journal::Actor;
use crate::steps::installation::operators;
use crate::store::alarm::{self, Alarm};
use crate::store::installation::operators::Session;
use crate::store::last_change;
use crate::store::replies::{self, WaitingReply};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::urls;
use crate::web::kit::views::frame::Count;

/// The cookie of a session, and the one that remembers who asked for a link in this browser.
pub const SESSION: &str = "soundings";
pub const ASKED: &str = "soundings-asked";

fn full_name(web: &Web, name: &str) -> String {
    if web.origin.https { format!("__Host-{name}") } else { name.to_string() }
}

/// The value of one of our cookies.
pub fn cookie<'h>(web: &Web, headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let name = full_name(web, name);
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    all.filter_map(|pair| pair.trim().split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// `seconds`: how long the browser keeps it; 0 removes it.
pub fn set_cookie(web: &Web, response: &mut Response, name: &str, value: &str, seconds: i64) {
    let secure = if web.origin.https { "; Secure" } else { "" };
    let text = format!("{}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", full_name(web, name));
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Somebody who is logged in.
pub struct Operator {
    /// Empty where everybody is the operator.
    pub id: OperatorId,
    /// As the database knows it.
    pub session: String,
    pub email: String,
    pub csrf: String,
    /// The replies that nobody has seen to, by round.
    pub waiting: Vec<WaitingReply>,
    /// The number of the last commit before anything of the page was read.
    pub last_change: i64,
    /// What is wrong for too long, said on every page.
    pub alarms: Vec<Alarm>,
}

impl Operator {
    pub fn actor(&self) -> Actor {
        Actor::operator(&self.email)
    }

    /// How many of them are on the page of this round: its own, and those that belong to none.
    pub fn waiting_in(&self, round: &RoundId) -> Count {
        let here = self.waiting.iter().filter(|w| w.round_id.as_ref().is_none_or(|id| id == round));
        Count(here.map(|w| w.n.max(0) as u64).sum())
    }
}

pub enum NoOperator {
    /// On the way to a page: log in first.
    LogIn,
    Failure(Failure),
}

impl IntoResponse for NoOperator {
    fn into_response(self) -> Response {
        match self {
            NoOperator::LogIn => Redirect::to(urls::LOG_IN).into_response(),
            NoOperator::Failure(failure) => failure.into_response(),
        }
    }
}

async fn session(web: &Web, cookie: Option<&str>, opened: bool) -> Result<Option<Session>, Problem> {
    match cookie {
        Some(value) if value.len() <= 100 => operators::session(&web.ctx, value, opened).await,
        _ => Ok(None),
    }
}

/// Whether a person opened this page or sent its form. What a page of ours asks for by itself says so, and so do browsers of everything
/// that is no page.
fn opened(headers: &HeaderMap) -> bool {
    let mode = headers.get("sec-fetch-mode").and_then(|v| v.to_str().ok());
    !headers.contains_key("x-refresh") && mode.is_none_or(|mode| mode == "navigate")
}

/// What every page of the console says beside its own: the last change, the replies that wait, and alarms.
async fn around(web: &Web) -> Result<(i64, Vec<WaitingReply>, Vec<Alarm>), NoOperator> {
    read_around(web).await.map_err(|problem| NoOperator::Failure(problem.into()))
}

async fn read_around(web: &Web) -> Result<(i64, Vec<WaitingReply>, Vec<Alarm>), Problem> {
    let mut tx = web.ctx.db.read().await?;
    Ok((
        last_change(&mut tx).await?,
        replies::waiting(&mut tx, web.ctx.clock.now()).await?,
        alarm::raised(&mut tx).await?,
    ))
}

impl FromRequestParts<Web> for Operator {
    type Rejection = NoOperator;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Operator, NoOperator> {
        if let Some(everyone) = &web.everyone {
            let (last_change, waiting, alarms) = around(web).await?;
            let (email, csrf) = (everyone.0.clone(), everyone.1.clone());
            let (id, session) = (OperatorId::default(), String::new());
            return Ok(Operator { id, session, email, csrf, waiting, last_change, alarms });
        }
        let headers = &parts.headers;
        match session(web, cookie(web, headers, SESSION), opened(headers)).await {
            Ok(Some(s)) => {
                let (last_change, waiting, alarms) = around(web).await?;
                let email = s.email.as_str().into();
                Ok(Operator { id: s.operator_id, session: s.hash, email, csrf: s.csrf, waiting, last_change, alarms })
            }
            Ok(None) if parts.method == Method::GET || parts.method == Method::HEAD => Err(NoOperator::LogIn),
            Ok(None) => Err(NoOperator::Failure(Failure::forbidden(
                "You are not logged in any more, so nothing was done.",
                "Log in again, then repeat it.",
            ))),
            Err(problem) => Err(NoOperator::Failure(problem.into())),
        }
    }
}

/// A page of somebody who is logged in, which looks on while it stays open. What it asks for lets no session last longer.
pub struct Onlooker {
    cookie: Option<String>,
}

impl Onlooker {
    /// Whether its session lasts still.
    pub async fn is_inside(&self, web: &Web) -> Result<bool, Problem> {
        Ok(web.everyone.is_some() || session(web, self.cookie.as_deref(), false).await?.is_some())
    }
}

impl FromRequestParts<Web> for Onlooker {
    type Rejection = NoOperator;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Onlooker, NoOperator> {
        let by = Onlooker { cookie: cookie(web, &parts.headers, SESSION).map(Into::into) };
        match by.is_inside(web).await {
            Ok(true) => Ok(by),
            Ok(false) => Err(NoOperator::LogIn),
            Err(problem) => Err(NoOperator::Failure(problem.into())),
        }
    }
}

/// A form of the console: sent by somebody who is logged in, from a page of this very session.
pub struct Posted {
    pub by: Operator,
    pub fields: Fields,
}

impl FromRequest<Web> for Posted {
    type Rejection = NoOperator;

    async fn from_request(request: Request, web: &Web) -> Result<Posted, NoOperator> {
        let (mut parts, body) = request.into_parts();
        let by = Operator::from_request_parts(&mut parts, web).await?;
        let request = Request::from_parts(parts, body);
        let fields = Fields::from_request(request, web).await.map_err(NoOperator::Failure)?;
        if !same(fields.get("csrf"), &by.csrf) {
            return Err(NoOperator::Failure(Failure::forbidden(
                "This form was sent from another page than ours, or was open for too long.",
                "Go back, reload the page and try again. Nothing was changed.",
            )));
        }
        Ok(Posted { by, fields })
    }
}
