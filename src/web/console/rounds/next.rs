//! Next year's round, shown with whom it would list and whom not, before the one button that makes it.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::{Kind, Problem};
use crate::intake::list::CheckedList;
use crate::steps::Live;
use crate::steps::round::making::Made;
use crate::steps::round::next::{self, NextRound};
use crate::web::console::views::rounds::making::NextRoundPage;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::day_with_year;
use crate::web::kit::urls;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Count, Link, plural};
use crate::web::kit::views::page::respond;

/// As many of those who are not asked again are named.
const NAMED: usize = 200;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    let next = looked_at(&web, &live).await?;
    Ok(respond(StatusCode::OK, &show(&web, &live, &by, &words, next)))
}

/// Its list is read back, when its turn has come.
async fn looked_at(web: &Web, live: &Live) -> Result<NextRound, Failure> {
    let turn = web.reading.clone().acquire_owned().await.map_err(|e| stopped(e.to_string()))?;
    let next = next::next(&web.ctx, &live.slug).await?;
    drop(turn);
    Ok(next)
}

fn stopped(e: String) -> Problem {
    Problem::internal("The next round could not be read back.").because(e)
}

fn show(web: &Web, live: &Live, by: &Operator, words: &Fields, next: NextRound) -> NextRoundPage {
    let (slug, is_there) = (next.slug().to_owned(), next.is_there);
    let schedule = &next.content.spec.schedule;
    let (label, explain, button) = match next.without_people {
        true => (
            "Put its people in",
            format!(
                "Round {slug} was made, and stopped before its people came. Nothing else of it changes, and nothing is sent."
            ),
            "Put its people in".into(),
        ),
        false => (
            "Make the round",
            format!("Round {slug} is made as a draft with these people. Nothing is sent."),
            format!("Make {slug} now"),
        ),
    };
    let make = || ActionForm {
        id: "make".into(),
        action: urls::next_round(&live.slug),
        act: "make",
        csrf: by.csrf.clone(),
        hidden: vec![("seen", next.version.clone())],
        label: label.into(),
        explain,
        button,
        ..ActionForm::default()
    };
    let can_be_made = (!is_there || next.without_people) && !next.rows.is_empty();
    NextRoundPage {
        console: console(web, by, Some(live), "overview", words),
        days: format!("Opens {}, closes {}.", day_with_year(schedule.opens), day_with_year(schedule.closes)),
        people: next.people(),
        came: next.came.iter().map(|(came, people)| (Count(*people as u64), came.label())).collect(),
        left: plural(next.not_carried.len(), "person is not asked again", "people are not asked again"),
        unnamed: next.not_carried.len().saturating_sub(NAMED),
        there: is_there.then(|| Link::new("Go to it", urls::round(&slug))),
        unfinished: next.without_people,
        make: can_be_made.then(make),
        not_carried: next.not_carried.into_iter().take(NAMED).collect(),
        slug,
    }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    if fields.get("act") != "make" {
        return Err(Failure::unknown());
    }
    let next = looked_at(&web, &live).await?;
    let made = make(&web, &by, &next, fields.get("seen")).await;
    match made {
        Ok(Made::New) => Ok(back(&urls::round(next.slug()), "make_next")),
        Ok(Made::Before) => Ok(back(&urls::round(next.slug()), "made")),
        Err(Failure::Problem(_, problem)) if matches!(problem.kind, Kind::Refused | Kind::Unusable) => {
            let words = Fields::default().with_refusal(problem.to_string());
            let page = show(&web, &live, &by, &words, next);
            Ok(refused_forms::at("make", respond(StatusCode::CONFLICT, &page)))
        }
        Err(failure) => Err(failure),
    }
}

async fn make(web: &Web, by: &Operator, next: &NextRound, seen: &str) -> Result<Made, Failure> {
    if seen != next.version {
        let what = "Nothing was made: what the round would say, or whom it would list, has changed since you looked.";
        return Err(Problem::refused(what, "Look at it once more, then make it.").into());
    }
    let list = read(web, next.clone()).await?;
    Ok(next::make(&web.ctx, &by.actor(), next.clone(), &list).await?)
}

/// Its list, when its turn has come, beside the server's own work.
async fn read(web: &Web, next: NextRound) -> Result<CheckedList, Failure> {
    let turn = web.reading.clone().acquire_owned().await.map_err(|e| stopped(e.to_string()))?;
    let reading = tokio::task::spawn_blocking(move || {
        let folder = next.folder();
        drop(turn);
        folder
    });
    Ok(reading.await.map_err(|e| stopped(e.to_string()))??.list)
}
