//! The client's word on the plan: the page behind the link, and the operator's page that asks, records, and shows what changed since.
//!
//! Approving needs the number of messages, typed; a GET and a button pressed by a scanner approve nothing (S21).

use axum::extract::{Path, State};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::Response;

use crate::base::counted::counted;
use crate::base::problem::{Kind, Problem};
use crate::rules::round::RoundState;
use crate::rules::sending::outbox::MessageKind;
use crate::rules::text::typed::LONGEST_LINE;
use crate::steps::Live;
use crate::steps::plan::approval::{self, Approver, PlanSheet, sheet};
use crate::store::plan::approvals;
use crate::web::console::completion::at;
use crate::web::console::views::approval::{ApprovalPage, ApprovePage, TouchRow};
use crate::web::kit::fields::{Fields, Words};
use crate::web::kit::frames::{back, console, home, letter, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::session::{Operator, Posted};
use crate::web::kit::state::Web;
use crate::web::kit::times::{day, exact};
use crate::web::kit::views::form::{ActionForm, Field};
use crate::web::kit::views::frame::{Count, Status};
use crate::web::kit::views::respond;
use crate::web::kit::{damaged_links, visitor};

/// GET `/plan/{token}`.
pub async fn page(State(web): State<Web>, Path(secret): Path<String>) -> Answer {
    Ok(match sheet(&web.ctx, &secret).await? {
        Some(sheet) => respond(StatusCode::OK, &whole(&sheet, &secret, "", None)),
        None => damaged_links::unknown(),
    })
}

fn whole(sheet: &PlanSheet, secret: &str, typed: &str, error: Option<String>) -> ApprovePage {
    let zone = home(&sheet.live);
    ApprovePage {
        letter: letter(&sheet.live.spec, "en"),
        action: format!("/plan/{secret}"),
        title: sheet.live.spec.title.clone(),
        name: sheet.approval.name.split(' ').next().unwrap_or("").into(),
        made: exact(sheet.approval.asked_at, &zone),
        messages: Count(sheet.approval.messages.max(0) as u64),
        contacts: Count(sheet.contacts),
        touches: sheet.touches.iter().map(row).collect(),
        approved: sheet.approval.approved_at.map(|at| exact(at, &zone)),
        closed: sheet.live.state == RoundState::Closed,
        typed: typed.into(),
        error,
    }
}

fn row(t: &approval::TouchDays) -> TouchRow {
    let number = if t.kind == MessageKind::Reminder { format!(" {}", t.number) } else { String::new() };
    TouchRow {
        name: format!("{}{number}", t.kind.label()),
        messages: Count(t.messages),
        days: if t.first == t.last { day(t.first) } else { format!("{} to {}", day(t.first), day(t.last)) },
    }
}

/// POST `/plan/{token}`.
pub async fn act(
    State(web): State<Web>,
    Path(secret): Path<String>,
    extensions: Extensions,
    headers: HeaderMap,
    fields: Fields,
) -> Answer {
    let typed = fields.get("count");
    let came_from = visitor::came_from(&web, &headers, &extensions);
    let done = approval::approve(&web.ctx, &secret, typed, &came_from).await;
    let Some(sheet) = sheet(&web.ctx, &secret).await? else {
        return Ok(damaged_links::unknown());
    };
    Ok(match done {
        Ok(()) => respond(StatusCode::OK, &whole(&sheet, &secret, "", None)),
        Err(problem) if matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
            let typed: String = typed.chars().take(LONGEST_LINE).collect();
            respond(
                crate::web::kit::problem::status(problem.kind),
                &whole(&sheet, &secret, &typed, Some(problem.to_string())),
            )
        }
        Err(problem) => return Err(problem.into()),
    })
}

/// GET `/rounds/{round}/plan/approval`.
pub async fn desk(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
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
    let status = refused.as_ref().map_or(StatusCode::OK, |(_, problem)| crate::web::kit::problem::status(problem.kind));
    let mut tx = web.ctx.db.read().await?;
    let latest = approvals::latest(&mut tx, &live.id).await?;
    let since = approval::standing(&web.ctx, &mut tx, live).await?;
    drop(tx);
    let zone = home(live);
    let standing = match (&latest, &since) {
        (_, Some(since)) => {
            let a = &since.approval;
            let how = if a.how.as_deref() == Some("recorded") { ", as recorded" } else { "" };
            let when = a.approved_at.map(|at| exact(at, &zone)).unwrap_or_default();
            (
                Status::good("approved"),
                format!("{} approved {} on {when}{how}.", a.name, counted(a.messages, "message", "messages")),
            )
        }
        (Some(a), None) => {
            let when = exact(a.asked_at, &zone);
            (
                Status::waiting("asked"),
                format!("{} <{}> was asked on {when} and has not answered yet.", a.name, a.email),
            )
        }
        (None, None) => {
            (Status::waiting("not asked"), "Nobody at the client has been asked to approve the plan.".into())
        }
    };
    let asked_again = match (&latest, &since) {
        (Some(latest), Some(since)) if latest.id != since.approval.id => {
            format!("{} was asked to approve the plan as it was on {}.", latest.name, exact(latest.asked_at, &zone))
        }
        _ => String::new(),
    };
    let page = ApprovalPage {
        console: console(web, by, Some(live), "plan", words),
        status: standing.0,
        standing: standing.1,
        asked_again,
        evidence: since.as_ref().and_then(|s| s.approval.evidence.clone()).unwrap_or_default(),
        changes: since.as_ref().map(|s| (Count(s.moved), Count(s.added), Count(s.gone))),
        plan: at(live, "/plan"),
        actions: if live.state == RoundState::Closed { Vec::new() } else { actions(live, &by.csrf, refused) },
    };
    Ok(respond(status, &page))
}

fn actions(live: &Live, csrf: &str, refused: Option<(&Fields, Problem)>) -> Vec<ActionForm> {
    let form = |act: &'static str, label: &str, explain: &str, evidence: bool, button: &str| {
        let of_this = refused.as_ref().filter(|(fields, _)| fields.get("act") == act);
        let typed = |name: &str| of_this.map(|(fields, _)| fields.get(name).to_string()).unwrap_or_default();
        let mut fields = vec![
            Field::text("name", "Name", typed("name")).error(of_this.map(|(_, problem)| problem.to_string())),
            Field::email("email", "E-mail", typed("email")),
        ];
        if evidence {
            fields.push(
                Field::text("evidence", "Where it can be seen", typed("evidence")).hint("The mail or the minutes."),
            );
        }
        ActionForm {
            id: act.into(),
            action: at(live, "/plan/approval"),
            act,
            csrf: csrf.into(),
            label: label.into(),
            explain: explain.into(),
            fields,
            button: button.into(),
            ..ActionForm::default()
        }
    };
    vec![
        form(
            "ask",
            "Ask the client",
            "A mail with a link to the plan as it is now.",
            false,
            "Send the plan for approval",
        ),
        form(
            "record",
            "Record an approval",
            "For an approval that was given elsewhere. It covers the plan as it is now.",
            true,
            "Record the approval",
        ),
    ]
}

/// POST `/rounds/{round}/plan/approval`.
pub async fn decide(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let approver = Approver { name: fields.get("name").into(), email: fields.get("email").into() };
    let (done, word) = match fields.get("act") {
        "ask" => (approval::ask(&web.ctx, &live.slug, approver, &by.email).await, "plan_asked"),
        "record" => {
            let evidence = fields.get("evidence");
            (approval::record(&web.ctx, &live.slug, approver, evidence, &by.email).await, "record")
        }
        _ => return Err(Failure::unknown()),
    };
    match done {
        Ok(()) => Ok(back(&at(&live, "/plan/approval"), word)),
        Err(problem) if matches!(problem.kind, Kind::Unusable | Kind::Refused) => {
            show(&web, &live, &by, &Fields::default(), Some((&fields, problem))).await
        }
        Err(problem) => Err(problem.into()),
    }
}
