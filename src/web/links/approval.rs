//! The page on which the client approves the plan: how many messages go when, and every letter as its readers will have it.
//!
//! Approving needs the number of messages, typed; a GET and a button pressed by a scanner approve nothing (S21).

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::clock::Ts;
use crate::base::problem::Kind;
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::rules::text::typed::LONGEST_LINE;
use crate::steps::plan::approval::{self, PlanSheet, sheet};
use crate::web::kit::door::damaged_links;
use crate::web::kit::door::visitor::CameFrom;
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::frames::{home, letter};
use crate::web::kit::problem::{Answer, status};
use crate::web::kit::state::Web;
use crate::web::kit::times::{day, exact};
use crate::web::kit::views::frame::Count;
use crate::web::kit::{framed, urls};

use super::views::approval::{ApprovePage, TouchRow};

/// GET `/plan/{token}`.
pub async fn page(State(web): State<Web>, Path(secret): Path<String>) -> Answer {
    let sheet = sheet(&web.ctx, &secret).await?.ok_or_else(damaged_links::unknown)?;
    Ok(framed::with_frame(StatusCode::OK, &whole(&sheet, web.ctx.clock.now(), &secret, "", None)))
}

/// GET `/plan/{token}/letters`, for the frame on the page.
pub async fn letters(State(web): State<Web>, Path(secret): Path<String>) -> Answer {
    let all = approval::letters(&web.ctx, &secret).await?.ok_or_else(damaged_links::unknown)?;
    Ok(framed::all_letters(all))
}

fn whole(sheet: &PlanSheet, now: Ts, secret: &str, typed: &str, error: Option<String>) -> ApprovePage {
    let zone = home(&sheet.live);
    ApprovePage {
        letter: letter(&sheet.live.spec, "en"),
        action: urls::client_plan(secret),
        title: sheet.live.spec.title.clone(),
        name: sheet.approval.name.split(' ').next().unwrap_or("").into(),
        made: exact(sheet.approval.asked_at, now, &zone),
        messages: count(sheet.approval.messages),
        contacts: Count(sheet.contacts),
        letters: sheet.approval.letters.is_some().then(|| urls::client_letters(secret)),
        touches: sheet.touches.iter().map(row).collect(),
        approved: sheet.approval.approved_at.map(|at| exact(at, now, &zone)),
        closed: sheet.live.state == RoundState::Closed,
        typed: typed.into(),
        error,
    }
}

fn row(t: &approval::TouchDays) -> TouchRow {
    TouchRow {
        name: t.kind.numbered(t.number),
        messages: Count(t.messages),
        days: if t.first == t.last { day(t.first) } else { format!("{} to {}", day(t.first), day(t.last)) },
    }
}

/// POST `/plan/{token}`.
pub async fn act(
    State(web): State<Web>,
    Path(secret): Path<String>,
    CameFrom(came_from): CameFrom,
    fields: Fields,
) -> Answer {
    let typed = fields.get("count");
    let done = web
        .ctx
        .order(&Actor::Visitor, approval::ApprovePlan { secret: secret.clone(), typed: typed.to_string(), came_from })
        .await;
    let sheet = sheet(&web.ctx, &secret).await?.ok_or_else(damaged_links::unknown)?;
    Ok(match done {
        Ok(()) => framed::with_frame(StatusCode::OK, &whole(&sheet, web.ctx.clock.now(), &secret, "", None)),
        Err(problem) if matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
            let typed: String = typed.chars().take(LONGEST_LINE).collect();
            framed::with_frame(
                status(problem.kind),
                &whole(&sheet, web.ctx.clock.now(), &secret, &typed, Some(problem.for_page())),
            )
        }
        Err(problem) => return Err(problem.into()),
    })
}
