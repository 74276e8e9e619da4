//! The summary for a sponsor: shown as it would leave now, then sent to whoever is named.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::problem::Kind;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::signoff::summary::{self, SendSummary};
use crate::web::console::views::signoff::summary::SummaryPage;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::refused::Refused;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure, status as status_of};
use crate::web::kit::state::Web;
use crate::web::kit::times::exact;
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Control, Field};
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
    refused: Option<(Refused<'_>, StatusCode)>,
) -> Result<Response, Failure> {
    let last = summary::latest(&web.ctx, live).await?;
    let (status, fields) = if let Some((refused, status)) = &refused {
        (*status, [refused.shown("name", "Name"), refused.shown("email", "E-mail")])
    } else {
        let (name, email) = last.as_ref().map_or_else(Default::default, |s| (s.name.clone(), s.email.to_string()));
        (StatusCode::OK, [Field::text("name", "Name", name), Field::text("email", "E-mail", email)])
    };
    let [name, email] = fields;
    let reader = if name.value.is_empty() { "…" } else { name.value.as_str() };
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
            .map(|s| format!("Last sent on {} to {} <{}>, by {}.", exact(s.at, now, &zone), s.name, s.email, s.sent_by))
            .unwrap_or_default(),
        send: why_not.is_empty().then(|| ActionForm {
            id: "send".into(),
            action: urls::signing_summary(&live.slug),
            act: "send",
            csrf: by.csrf.clone(),
            label: "Send this summary".into(),
            explain: "It leaves at once, in the name of the round’s team, with the figures of that moment.".into(),
            fields: vec![name, email.control(Control::Email)],
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
    let mut refused = Refused::of(&fields);
    refused.needs("name", "Write the name of whoever is to read it.");
    refused.needs_address("email");
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if !refused.is_refused() {
        let (name, email) = (fields.get("name").into(), fields.get("email").into());
        match web.ctx.order(&by.actor(), SendSummary { slug: live.slug.clone(), name, email }).await {
            Ok(()) => return Ok(back(&urls::signing_summary(&live.slug), "signing_summary")),
            // Whatever else is wrong is about whom it would go to.
            Err(problem)
                if matches!(problem.kind, Kind::Unusable | Kind::Refused) && live.state != RoundState::Closed =>
            {
                status = status_of(problem.kind);
                refused.wrong("email", problem.for_page());
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    show(&web, &live, &by, &Fields::default(), Some((refused, status))).await
}
