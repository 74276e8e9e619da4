//! What waits to be repaired in a round: who cannot be reached, since when, and who is asked about it.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::ids::RequestId;
use crate::rules::repair::TaskKind;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::repair::{AskAgainToRepair, Repairing, open_tasks};
use crate::store::repair::{self, tasks};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::Words;
use crate::web::kit::forms::query::query;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::paging::{self, ROWS};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::when;
use crate::web::kit::urls;
use crate::web::kit::views::form::in_rows;
use crate::web::kit::views::page::respond;

use super::ask_again;
use super::views::repairs::{RepairRow, RepairsPage};

pub async fn list(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let number = paging::number(&words);
    let found = open_tasks(&web.ctx, &live.id, ROWS, paging::offset(number)).await?;
    let total = {
        let mut tx = web.ctx.db.read().await?;
        tasks::waiting(&mut tx, &live.id).await?.tasks
    };
    let at_page = if number > 1 { number.to_string() } else { String::new() };
    let here = format!("{}{}", urls::repairs(&live.slug), query(&[("page", &at_page)]));
    let mut rows: Vec<RepairRow> = found.iter().map(|r| row(&web, &live, &here, &by.csrf, r)).collect();
    in_rows("main", rows.iter_mut().map(|row| (row.place.clone(), &mut row.ask_again)));
    let page = RepairsPage {
        console: console(&web, &by, Some(&live), "contacts", &words),
        paging: paging::of(number, rows.len(), total, &urls::repairs(&live.slug), &[]),
        rows,
    };
    Ok(respond(StatusCode::OK, &page))
}

fn row(web: &Web, live: &Live, here: &str, csrf: &str, r: &Repairing) -> RepairRow {
    let (now, zone) = (web.ctx.clock.now(), home(live));
    let (task, p, request) = (&r.broken.task, &r.broken.person, r.request.as_ref());
    let running = live.state == RoundState::Running;
    let ask = request
        .filter(|q| running && q.asked > 0)
        .map(|q| ask_again::form(task.id.as_str(), (here, csrf), &q.id, &q.name));
    RepairRow {
        place: format!("repair-{}", task.id),
        href: urls::contact(&live.slug, &p.id),
        name: p.full_name(),
        account: p.account.clone(),
        what: match (task.kind, p.left_at) {
            (TaskKind::Correct, _) => "The address takes no mail.",
            (TaskKind::Replace, Some(_)) => "Has left.",
            (TaskKind::Replace, None) => "Is not whom to ask.",
        },
        said: task.why.clone(),
        since: when(task.opened_at, now, &zone),
        repairer: r.repairer.clone(),
        asked: request.and_then(|q| q.asked_at).map(|at| when(at, now, &zone)),
        times: request.map_or(0, |q| q.asked),
        next: request.and_then(|q| q.next_ask_at).filter(|_| running).map(|at| when(at, now, &zone)),
        ask_again: ask,
    }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    if fields.get("act") != "ask_again" {
        return Err(Failure::unknown());
    }
    let request = {
        let mut tx = web.ctx.db.read().await?;
        repair::by_id(&mut tx, &RequestId::from(fields.get("request"))).await?
    };
    let request = request.filter(|r| r.round_id == live.id).ok_or_else(Failure::unknown)?;
    web.ctx.order(&by.actor(), AskAgainToRepair { request: request.id.clone() }).await?;
    Ok(back(&urls::repairs(&live.slug), "ask_again"))
}
