//! The plan of a round as it looks now: what is stopped, what goes on which day, and what is worth knowing before it does. The page costs
//! what it shows: its figures are those of `kit::plan_figures`.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::ids::PauseId;
use crate::base::problem::Problem;
use crate::base::sentence::capitalised;
use crate::rules::completion::Status;
use crate::rules::completion::told::Whole;
use crate::rules::round::RoundState;
use crate::steps::plan::forecast::Figures;
use crate::steps::plan::{pauses, since_approval};
use crate::steps::{Live, completion};
use crate::store::plan::pauses as stopped;
use crate::store::plan::pauses::Pause;
use crate::web::console::contacts::part::at_stage;
use crate::web::console::views::plan::{PauseRow, PlanPage, Withheld};
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::count;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::plan_figures::{Counted, SMALL};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::{day, exact, when};
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, in_rows};
use crate::web::kit::views::frame::plural;
use crate::web::kit::views::page::respond;

use super::{days, figures, scopes};

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let status = completion::status(&web.ctx, &live.slug).await?;
    let mut paused: Vec<PauseRow> = Vec::new();
    for pause in pauses::in_force(&web.ctx, &live.id).await? {
        paused.push(pause_row(&web, &live, &by.csrf, &pause).await?);
    }
    in_rows("main", paused.iter_mut().map(|row| (row.place.clone(), [&mut row.lift])));
    let known = counted(&web, &live, &status).await?;
    let counted = known.is_some();
    let (figures, since) = &*known.unwrap_or_default();
    let mut notes = figures::notes(&live, figures);
    notes.extend(since.as_ref().map(|since| figures::approved(&live, since)));
    let is_large = status.individual.listed > SMALL;
    let page = PlanPage {
        console: console(&web, &by, Some(&live), "plan", &words),
        headline: if counted { headline(figures) } else { String::new() },
        counting: !counted,
        as_of: if is_large && counted {
            exact(figures.as_of, web.ctx.clock.now(), &home(&live))
        } else {
            String::new()
        },
        notes,
        pauses: paused,
        days: days::of(&live, figures, words.get("day")),
        hours: figures::hours(&live, figures),
        zone: format!("in {}", home(&live).city()),
        domains: figures::domains(&live, figures),
        left: figures::left(&live, figures),
        withheld: withheld(&live, &status),
        open: live.state != RoundState::Closed,
    };
    Ok(respond(StatusCode::OK, &page))
}

/// What is ahead, and how it stands against what the client has approved. None while a large round is counted for the first time.
async fn counted(web: &Web, live: &Arc<Live>, status: &Status) -> Result<Option<Arc<Counted>>, Problem> {
    if status.individual.listed <= SMALL {
        return since_approval::figures_since(&web.ctx, live).await.map(|counted| Some(Arc::new(counted)));
    }
    let (approved, pauses) = {
        let mut tx = web.ctx.db.read().await?;
        (since_approval::approved(&mut tx, live).await?, stopped::of_round(&mut tx, &live.id).await?)
    };
    let approved = approved.map(|approval| approval.id);
    let counters = (live.version, live.state, &status.individual, &status.accounts, &status.outbox);
    let stamp = format!("{counters:?} {} {approved:?}", pauses.len());
    Ok(web.plans.large(&web.ctx, live, stamp).await)
}

/// "1,204 messages to 306 people are planned, Mon 1 Feb to Thu 25 Feb"; empty when nothing is.
fn headline(figures: &Figures) -> String {
    let Some((first, last)) = figures.days.keys().next().zip(figures.days.keys().next_back()) else {
        return String::new();
    };
    let (first, last) = (day(*first), day(*last));
    let span = if first == last { first } else { format!("{first} to {last}") };
    let are = if figures.messages == 1 { "is" } else { "are" };
    let (messages, people) =
        (plural(figures.messages as usize, "message", "messages"), plural(figures.people as usize, "person", "people"));
    format!("{messages} to {people} {are} planned, {span}")
}

async fn pause_row(web: &Web, live: &Live, csrf: &str, p: &Pause) -> Result<PauseRow, Failure> {
    let (now, zone) = (web.ctx.clock.now(), home(live));
    let mut tx = web.ctx.db.read().await?;
    let what = scopes::spoken(&mut tx, live, &p.scope, &p.value).await?;
    let covered = stopped::covered(&mut tx, &live.id, &p.scope, &p.value).await?;
    let people = plural(covered.contacts.max(0) as usize, "contact", "contacts");
    Ok(PauseRow {
        place: format!("pause-{}", p.id),
        why: p.why.clone(),
        by: p.made_by.clone(),
        since: when(p.from_at, now, &zone),
        // What ends with a day is told by that day.
        until: p.until_at.map_or("until it is lifted".into(), |at| format!("until the end of {}", last_day(live, at))),
        lift: ActionForm {
            id: format!("lift-{}", p.id),
            action: urls::plan(&live.slug),
            act: "lift",
            csrf: csrf.into(),
            hidden: vec![("pause", p.id.to_string())],
            label: "Lift".into(),
            about: format!("the pause of {what}"),
            explain: format!(
                "Messages to {people} are planned anew as far as they are still right; nothing goes twice."
            ),
            button: format!("Lift the pause of {what}"),
            ..ActionForm::default()
        },
        what: capitalised(&what),
    })
}

fn last_day(live: &Live, end: crate::base::clock::Ts) -> String {
    day(live.sequence.home().local(end.plus(-1)).date())
}

fn withheld(live: &Live, status: &Status) -> Vec<Withheld> {
    let (i, told) = (&status.individual, live.spec.participation);
    let completed = if Whole::of(status, told).answers { i.completed } else { 0 };
    let all = [
        ("Has answered", completed, "completed"),
        ("Asked for no more messages", i.opted_out, "opted_out"),
        ("The address does not take mail", i.undeliverable, "undeliverable"),
    ];
    all.into_iter()
        .filter(|(_, n, _)| *n > 0)
        .map(|(reason, n, stage)| Withheld { reason: reason.into(), count: count(n), href: at_stage(live, stage) })
        .collect()
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    if posted.fields.get("act") != "lift" {
        return Err(Failure::unknown());
    }
    let pause = {
        let mut tx = web.ctx.db.read().await?;
        stopped::by_id(&mut tx, &PauseId::from(posted.fields.get("pause"))).await?
    };
    let pause = pause.filter(|p| p.round_id == live.id).ok_or_else(Failure::unknown)?;
    let lift = pauses::LiftPause { slug: live.slug.clone(), pause: pause.id.clone() };
    web.ctx.order(&posted.by.actor(), lift).await?;
    Ok(back(&urls::plan(&live.slug), "lift"))
}
