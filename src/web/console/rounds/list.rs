//! The console's first page: all rounds with their stage, their year and what they need; those that need something first.

use axum::extract::State;
use axum::http::StatusCode;
use chrono::{Datelike, NaiveDate};

use crate::base::problem::Kind;
use crate::base::sentence::capitalised;
use crate::rules::completion::told::Whole;
use crate::rules::round::RoundState;
use crate::steps::duties::round_names::titled;
use crate::steps::sending::held::{self, Why};
use crate::steps::sending::{standstill, trouble};
use crate::steps::{Live, completion};
use crate::store::round::rounds;
use crate::web::console::views::rounds::list::{RoundRow, RoundsPage};
use crate::web::kit::door::session::Operator;
use crate::web::kit::figures::{as_told, count, rate};
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{console, home, state};
use crate::web::kit::problem::Answer;
use crate::web::kit::state::Web;
use crate::web::kit::times::{days_from, days_of};
use crate::web::kit::views::page::respond;

use super::to_do::{ordered, to_do};
use super::waits::open;

pub async fn list(State(web): State<Web>, by: Operator, Words(words): Words) -> Answer {
    let mut rows = Vec::new();
    // When each is open; none of one that cannot be read.
    let mut spans: Vec<Option<(NaiveDate, NaiveDate)>> = Vec::new();
    let mut states: Vec<RoundState> = Vec::new();
    let (held, all_is_well, damage, trouble, failing): (bool, bool, Vec<String>, Vec<String>, Vec<String>);
    let now = web.ctx.clock.now();
    {
        let mut tx = web.ctx.db.read().await?;
        let stops = held::all(&web.ctx, &mut tx).await?;
        held = stops.iter().any(|stop| stop.why == Why::Unconfirmed);
        let broken = stops.iter().filter(|stop| matches!(stop.why, Why::Damage | Why::Unread));
        damage = broken.map(held::Stop::sentence).collect();
        trouble = trouble::titles(&mut tx).await?;
        let still = standstill::now(&web.ctx, &mut tx).await?.map(|still| format!("{} {}", still.what, still.next));
        let mut failures: Vec<String> = still.into_iter().collect();
        for f in web.ctx.failures.now(now) {
            failures.push(format!("{}: {}", capitalised(&titled(&mut tx, &f.name).await?), f.what));
        }
        failing = failures;
        all_is_well = stops.is_empty() && trouble.is_empty() && failing.is_empty() && by.alarms.is_empty();
        for brief in rounds::list(&mut tx).await? {
            states.push(brief.state);
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
            let whole = Whole::of(&status, live.spec.participation);
            let open = open(&web.ctx, &mut tx, &live, now).await?;
            let mut needs = ordered(&live, to_do(&live, &status, &open, &[]), now).into_iter().map(|what| what.text);
            let (first, more) = (needs.next().unwrap_or_default(), needs.count());
            spans.push(Some((live.spec.schedule.opens, live.closed_on())));
            rows.push(RoundRow {
                id: live.slug.clone(),
                client: live.spec.client.clone(),
                title: live.spec.title.clone(),
                state: state(live.state),
                stage: stage(&live, home(&live).local(now).date()),
                year: live.spec.schedule.opens.year().to_string(),
                open: String::new(),
                signed: rate(status.accounts.signed, status.accounts.listed),
                individual: as_told(
                    Some(status.individual.completed).filter(|_| whole.answers),
                    status.individual.reachable,
                ),
                to_do: count(more as i64 + i64::from(!first.is_empty())),
                needs: first,
                idle: idle(live.state, status.individual.listed, all_is_well),
            });
        }
    }
    // Rounds of several years stand one below the other: each day says its own then.
    let today = now.utc().date_naive();
    let said = days_of(today, spans.iter().flatten().flat_map(|(opens, closed)| [*opens, *closed]));
    for (row, span) in rows.iter_mut().zip(&spans) {
        row.open = span.map(|(opens, closed)| format!("{} to {}", said(opens), said(closed))).unwrap_or_default();
    }
    // Stable: among equals the newest stays first. Whatever goes on stands before what is to come and what is over.
    let mut rows: Vec<(RoundRow, RoundState)> = rows.into_iter().zip(states).collect();
    rows.sort_by_key(|(row, state)| (row.to_do.0 == 0, *state == RoundState::Closed, *state == RoundState::Draft));
    let rows = rows.into_iter().map(|(row, _)| row).collect();
    let console = console(&web, &by, None, "", &words);
    let page = RoundsPage { console, held, damage, trouble, failing, rounds: rows };
    Ok(respond(StatusCode::OK, &page))
}

/// What a round is in, beside its state: "account directors sign, opens in 12 days", "closes in 3 days".
fn stage(live: &Live, today: NaiveDate) -> String {
    let (opens, closes) = (live.spec.schedule.opens, live.spec.schedule.closes);
    match live.state {
        RoundState::Closed => String::new(),
        RoundState::Draft => format!("opens {}", days_from(today, opens)),
        _ if today < opens => format!("account directors sign, opens {}", days_from(today, opens)),
        _ => format!("open, closes {}", days_from(today, closes)),
    }
}

/// What a round wants of which nothing else is to be done.
fn idle(state: RoundState, listed: i64, all_is_well: bool) -> &'static str {
    match state {
        RoundState::Draft if listed == 0 => "a list of contacts",
        RoundState::Draft => "to be started when it is ready",
        RoundState::Paused => "to be resumed",
        RoundState::Running if !all_is_well => "nothing of its own",
        RoundState::Running => "nothing today",
        RoundState::Closed => "nothing",
    }
}
