//! The operator's page about the client's approval of the plan: asks for it, records one that was given elsewhere, and
//! shows what changed since, in the plan and in the letters.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use crate::base::counted::counted;
use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::rules::message::MessageKind;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::plan::approval::{self, Approver};
use crate::steps::plan::since_approval;
use crate::store::plan::approvals;
use crate::web::console::views::approval::ApprovalPage;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::refused::Refused;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure, status as status_of};
use crate::web::kit::state::Web;
use crate::web::kit::times::exact;
use crate::web::kit::views::form::{ActionForm, Control, Field};
use crate::web::kit::views::frame::{Count, Status};
use crate::web::kit::views::page::respond;
use crate::web::kit::{names, urls};

use super::text_names::label;

/// GET `/rounds/{round}/plan/approval`.
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
    let status = refused.as_ref().map_or(StatusCode::OK, |(_, status)| *status);
    let mut tx = web.ctx.db.read().await?;
    let latest = approvals::latest(&mut tx, &live.id).await?;
    let since = since_approval::standing(&web.ctx, &mut tx, live).await?;
    drop(tx);
    let (zone, now) = (home(live), web.ctx.clock.now());
    let standing = match (&latest, &since) {
        (_, Some(since)) => {
            let a = &since.approval;
            let how = if a.how.as_deref() == Some("recorded") { ", as recorded" } else { "" };
            let when = a.approved_at.map(|at| exact(at, now, &zone)).unwrap_or_default();
            (
                Status::good("approved"),
                format!("{} approved {} on {when}{how}.", a.name, counted(a.messages, "message", "messages")),
            )
        }
        (Some(a), None) => {
            let when = exact(a.asked_at, now, &zone);
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
            format!(
                "{} was asked to approve the plan as it was on {}.",
                latest.name,
                exact(latest.asked_at, now, &zone)
            )
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
        letters: since.as_ref().and_then(|s| s.letters.as_ref()).map(|all| all.iter().map(|key| called(key)).collect()),
        uncovered: match &since {
            Some(since) if since.letters.is_none() => {
                "It was asked for before letters were shown, so it covers none of them.".into()
            }
            _ => String::new(),
        },
        plan: urls::plan(&live.slug),
        actions: if live.state == RoundState::Closed {
            Vec::new()
        } else {
            actions(live, &by.csrf, refused.as_ref().map(|(refused, _)| refused))
        },
    };
    Ok(respond(status, &page))
}

/// "Reminder 2 in German" for `de/reminder/2`.
fn called(key: &str) -> String {
    let mut parts = key.split('/');
    let (language, kind, number) =
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let kind = MessageKind::parse(kind).map_or_else(|| label(kind), |kind| kind.numbered(number));
    format!("{} in {}", capitalised(&kind), names::language(language))
}

fn actions(live: &Live, csrf: &str, refused: Option<&Refused<'_>>) -> Vec<ActionForm> {
    let form = |act: &'static str, label: &str, explain: &str, evidence: bool, button: &str| {
        let of_this = refused.filter(|refused| refused.get("act") == act);
        let field = |name, label| of_this.map_or_else(|| Field::text(name, label, ""), |r| r.shown(name, label));
        let mut fields = vec![field("name", "Name"), field("email", "E-mail").control(Control::Email)];
        if evidence {
            fields.push(field("evidence", "Where it can be seen").hint("The mail or the minutes."));
        }
        ActionForm {
            id: act.into(),
            action: urls::approval(&live.slug),
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
            "A mail with a link to the plan and the letters as they are now.",
            false,
            "Send the plan for approval",
        ),
        form(
            "record",
            "Record an approval",
            "For an approval that was given elsewhere. It covers the plan and the letters as they are now.",
            true,
            "Record the approval",
        ),
    ]
}

/// POST `/rounds/{round}/plan/approval`.
pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let approver = Approver { name: fields.get("name").into(), email: fields.get("email").into() };
    let (act, evidence) = (fields.get("act"), fields.get("evidence"));
    if !matches!(act, "ask" | "record") {
        return Err(Failure::unknown());
    }
    let mut refused = Refused::of(&fields);
    refused.needs("name", "Write who at the client approves the plan.");
    refused.needs_address("email");
    if act == "record" {
        refused.needs("evidence", "Write where it can be seen: the mail or the minutes.");
    }
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if !refused.is_refused() {
        let (done, word) = match act {
            "ask" => (approval::ask(&web.ctx, &live.slug, approver, &by.actor()).await, "plan_asked"),
            _ => (approval::record(&web.ctx, &live.slug, approver, evidence, &by.actor()).await, "record"),
        };
        match done {
            Ok(()) => return Ok(back(&urls::approval(&live.slug), word)),
            Err(problem)
                if matches!(problem.kind, Kind::Unusable | Kind::Refused) && live.state != RoundState::Closed =>
            {
                status = status_of(problem.kind);
                refused.wrong("name", problem.for_page());
            }
            Err(problem) => return Err(problem.into()),
        }
    }
    show(&web, &live, &by, &Fields::default(), Some((refused, status))).await
}
