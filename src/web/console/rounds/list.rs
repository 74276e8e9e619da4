//! The console's first page: all rounds, those that need something first.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::NaiveDate;

use crate::base::problem::Kind;
use crate::steps::completion;
use crate::steps::sending::held::{self, Why};
use crate::steps::sending::trouble;
use crate::store::round::rounds;
use crate::web::console::views::rounds::{RoundRow, RoundsPage};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{console, state};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::times::days_of;
use crate::web::kit::views::page::respond;

use super::to_do::{open, to_do};

pub async fn list(State(web): State<Web>, by: Operator, Words(words): Words) -> Answer {
    let mut rows = Vec::new();
    // When each is open; none of one that cannot be read.
    let mut spans: Vec<Option<(NaiveDate, NaiveDate)>> = Vec::new();
    let (held, damage, trouble): (bool, Vec<String>, Vec<String>);
    {
        let mut tx = web.ctx.db.read().await?;
        let stops = held::all(&web.ctx, &mut tx).await?;
        held = stops.iter().any(|stop| stop.why == Why::Unconfirmed);
        let broken = stops.iter().filter(|stop| matches!(stop.why, Why::Damage | Why::Unread));
        damage = broken.map(held::Stop::sentence).collect();
        trouble = trouble::alarms(&mut tx).await?.iter().map(trouble::IncidentAlarm::title).collect();
        for brief in rounds::list(&mut tx).await? {
            let live = match web.ctx.live(&mut tx, &brief).await {
                Ok(live) => live,
                Err(problem) if problem.kind == Kind::Unavailable => return Err(problem.into()),
                // The other rounds are shown all the same.
                Err(problem) => {
                    rows.push(RoundRow::unreadable(&brief.slug, state(brief.state), problem.to_string()));
                    spans.push(None);
                    continue;
                }
            };
            let status = completion::status_of(&web.ctx, &mut tx, &live).await?;
            let open = open(&mut tx, &live, web.ctx.clock.now()).await?;
            spans.push(Some((live.spec.schedule.opens, live.closed_on())));
            rows.push(RoundRow {
                id: live.slug.clone(),
                client: live.spec.client.clone(),
                title: live.spec.title.clone(),
                state: state(live.state),
                open: String::new(),
                signed: rate(status.accounts.signed, status.accounts.listed),
                individual: rate(status.individual.completed, status.individual.reachable),
                to_do: count(to_do(&live, &status, &open, &[]).len() as i64),
            });
        }
    }
    // Rounds of several years stand one below the other: each day says its own then.
    let today = web.ctx.clock.now().utc().date_naive();
    let said = days_of(today, spans.iter().flatten().flat_map(|(opens, closed)| [*opens, *closed]));
    for (row, span) in rows.iter_mut().zip(&spans) {
        row.open = span.map(|(opens, closed)| format!("{} to {}", said(opens), said(closed))).unwrap_or_default();
    }
    // Stable: among equals the newest stays first.
    rows.sort_by_key(|r| r.to_do.0 == 0);
    let page = RoundsPage { console: console(&web, &by, None, "", &words), held, damage, trouble, rounds: rows };
    Ok(respond(StatusCode::OK, &page))
}
