//! The summary for a sponsor: shown as it would leave now, then sent to whoever is named.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::problem::{Kind, Problem};
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::signoff::summary::{self, SendSummary};
use crate::web::console::views::signoff::summary::SummaryPage;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure, status};
use crate::web::kit::state::Web;
use crate::web::kit::times::exact;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Field};
use crate::web::kit::views::page::respond;

/// GET `/rounds/{round}/sign-off/summary`.
pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    show(&web, &live, &by, &words, None).await
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    refused: Option<(&Fields, Problem)>,
) -> Result<Response, Failure> {
    let status = refused.as_ref().map_or(StatusCode::OK, |(_, problem)| status(problem.kind));
    let last = summary::latest(&web.ctx, live).await?;
    let typed = |name: &str, otherwise: Option<&str>| match &refused {
        Some((fields, _)) => fields.get(name).to_string(),
        None => otherwise.unwrap_or_default().to_string(),
    };
    let name = typed("name", last.as_ref().map(|s| s.name.as_str()));
    let email = typed("email", last.as_ref().map(|s| s.email.as_str()));
    let reader = if name.trim().is_empty() { "…" } else { name.trim() };
    let mail = summary::shown(&web.ctx, live, reader).await?;
    let (now, zone) = (web.ctx.clock.now(), home(live));
    let why_not = match live.state {
        RoundState::Draft => "Nobody has been asked to sign yet. Start the round first.",
        RoundState::Closed => "The round is closed, and nobody is asked to sign any more.",
        RoundState::Running | RoundState::Paused => "",
    };
    let page = SummaryPage {
        console: console(web, by, Some(live), "sign-off", words),
        subject: mail.subject,
        text: mail.text,
        lang: live.spec.language.clone(),
        last: last
            .map(|s| format!("Sent last on {} to {} <{}>, by {}.", exact(s.at, now, &zone), s.name, s.email, s.sent_by))
            .unwrap_or_default(),
        send: why_not.is_empty().then(|| ActionForm {
            id: "send".into(),
            action: urls::signing_summary(&live.slug),
            act: "send",
            csrf: by.csrf.clone(),
            label: "Send this summary".into(),
            explain: "It leaves at once, in the name of the round’s team, with the figures of that moment.".into(),
            fields: vec![
                Field::text("name", "Name", name.clone()),
                Field::email("email", "E-mail", email).error(refused.as_ref().map(|(_, problem)| problem.for_page())),
            ],
            button: "Send it".into(),
            opened: true,
            ..ActionForm::default()
        }),
        why_not: why_not.into(),
    };
    Ok(respond(status, &page))
}

/// POST `/rounds/{round}/sign-off/summary`.
pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    if fields.get("act") != "send" {
        return Err(Failure::unknown());
    }
    let order =
        SendSummary { slug: live.slug.clone(), name: fields.get("name").into(), email: fields.get("email").into() };
    match web.ctx.order(&by.actor(), order).await {
        Ok(()) => Ok(back(&urls::signing_summary(&live.slug), "signing_summary")),
        Err(problem) if matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
            show(&web, &live, &by, &Fields::default(), Some((&fields, problem))).await
        }
        Err(problem) => Err(problem.into()),
    }
}
