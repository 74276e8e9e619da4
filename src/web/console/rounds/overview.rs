//! A round on one screen, and the orders that an operator gives it: start, pause, resume, close.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::{Kind, Problem};
use crate::rules::completion::Status as Figures;
use crate::rules::completion::today::Waiting;
use crate::rules::completion::told::Whole;
use crate::rules::message::MessageState;
use crate::rules::round::RoundState;
use crate::steps::completion::{last_year, missing, outlook};
use crate::steps::contacts::quality::Dropped;
use crate::steps::round::starting::{self, OpenPoints};
use crate::steps::round::{RoundOrder, TellRound};
use crate::steps::sending::{alignment, held, standstill};
use crate::steps::signoff::progress;
use crate::steps::{Live, completion};
use crate::store::Tx;
use crate::store::contacts::objections;
use crate::store::sending::{due, outbox};
use crate::store::signoff;
use crate::store::signoff::director_tally::{self, Search};
use crate::web::console::next_mail::{self, OF_A_ROUND, Planned, say};
use crate::web::console::views::rounds::completion::*;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::{as_told, count};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::{days_from, days_of, when};
use crate::web::kit::urls;
use crate::web::kit::views::frame::{Link, Tone};
use crate::web::kit::views::page::respond;

use super::acts::{Unstarted, actions, is_done};
use super::before::{self, steps};
use super::course::Known;
use super::figures::{funnel, handed, lost, roles, sent, targets, worth};
use super::missing::part;
use super::signing;
use super::to_do::{Task, failing, held_up, ordered, stands_still, to_do};
use super::waits::open;

/// As many messages in doubt as are named on the screen.
const NAMED: i64 = 5;

pub async fn page(State(web): State<Web>, Path(slug): Path<String>, by: Operator, Words(words): Words) -> Answer {
    let live = round(&web, &slug).await?;
    Ok(respond(StatusCode::OK, &show(&web, &live, &by, &words, Unstarted::default()).await?))
}

/// What is open before a draft starts; nothing of a round that has started.
async fn points(web: &Web, live: &Live) -> Result<OpenPoints, Failure> {
    if live.state != RoundState::Draft {
        return Ok(OpenPoints::default());
    }
    Ok(starting::open_points(&web.ctx, &mut web.ctx.db.read().await?, live).await?)
}

async fn show(
    web: &Web,
    live: &Live,
    by: &Operator,
    words: &Fields,
    refused: Unstarted,
) -> Result<DashboardPage, Failure> {
    let points = points(web, live).await?;
    let now = web.ctx.clock.now();
    let (stops, still, fails, figures, waiting, doubts, planned, kept_out, read, last_year, missing, start_does) = {
        let mut tx = web.ctx.db.read().await?;
        let stops = held::all(&web.ctx, &mut tx).await?;
        let still = standstill::now(&web.ctx, &mut tx).await?;
        let figures = completion::status_of(&web.ctx, &mut tx, live).await?;
        let fails = failing(web, &mut tx, now).await?;
        let waiting = open(&web.ctx, &mut tx, live, now).await?;
        let doubts = outbox::page(&mut tx, &live.lane(), Some(MessageState::InDoubt), NAMED, 0).await?;
        let planned = Planned {
            due: due::next(&mut tx, &live.lane()).await?,
            ask: signoff::next_ask(&mut tx, &live.id).await?,
            is_held: still.is_some() || stops.iter().any(|stop| stop.is_about_all),
        };
        let kept_out = objections::kept_out(&mut tx, &live.id).await?;
        let read = outlook::read(&web.ctx, &mut tx, live).await?;
        let last_year = last_year::of_round(&web.ctx, &mut tx, live).await?;
        let missing = missing::of_round(&mut tx, live, now).await?;
        let start_does =
            if live.state == RoundState::Draft { start_does(web, &mut tx, live).await? } else { String::new() };
        (stops, still, fails, figures, waiting, doubts, planned, kept_out, read, last_year, missing, start_does)
    };
    let outlook = outlook::worked_out(&web.ctx, live, read).await;
    let zone = home(live);
    let today = zone.local(now).date();
    let (rule, whole) = (live.spec.participation, Whole::of(&figures, live.spec.participation));
    let known = Known { live, figures: &figures, whole, outlook: &outlook, last_year: last_year.as_ref(), today };
    let next = match (live.state, planned.due) {
        (RoundState::Running, Some(at)) if at > now && !planned.is_held => {
            format!("the next message, {}", when(at, now, &zone).text)
        }
        _ => String::new(),
    };
    let mut tasks: Vec<Task> = stops.iter().filter_map(held_up).chain(still.map(stands_still)).chain(fails).collect();
    let of_the_round = to_do(live, &figures, &waiting, &doubts);
    let draft = (live.state == RoundState::Draft)
        .then(|| Draft { start_does, ..steps(live, &figures, &points, waiting.left_out, now) });
    // Before the start what is missing stands in an order of its own.
    tasks.extend(of_the_round.into_iter().filter(|task| draft.is_none() || task.urgency.what.stops_mail()));
    tasks.extend(gaps(live, &known));
    let mut console = console(web, by, Some(live), "overview", words);
    say(&mut console, words, &OF_A_ROUND, &next_mail::of_round(live, planned, now));
    Ok(DashboardPage {
        console,
        stands: stands(live, today),
        today: ordered(live, tasks, now),
        next,
        idle: idle(live.state, by.alarms.is_empty()),
        draft,
        signing: waiting.signing.as_ref().map(|signing| signing::part(live, signing, now)),
        names: rule.names(),
        individual: as_told(Some(figures.individual.completed).filter(|_| whole.answers), figures.individual.reachable),
        accounts_rate: as_told(Some(figures.accounts.completed).filter(|_| whole.accounts), figures.accounts.invited),
        targets: targets(live, &figures, |t| known.when(t)),
        worth: worth(&figures).filter(|_| whole.revenue),
        course: known.part().filter(|_| whole.answers),
        missing: part(live, &figures, &missing),
        funnel: funnel(live, &figures),
        lost: lost(live, &figures, kept_out, waiting.away),
        roles: roles(live, &figures),
        all_accounts: (figures.accounts.listed > missing.accounts.len() as i64)
            .then(|| Link::new(format!("All {} accounts", count(figures.accounts.listed)), urls::accounts(&live.slug))),
        outbox: sent(live, &figures),
        handoff: handed(live, &figures),
        next_round: (live.state != RoundState::Draft)
            .then(|| Link::new("Make next year’s round", urls::next_round(&live.slug))),
        report: (live.state != RoundState::Draft).then(|| Link::new("Report", urls::report(&live.slug))),
        actions: actions(live, &by.csrf, &figures, (web.ctx.senders.before_start, &points), refused),
    })
}

/// Targets that are missed if nothing changes.
fn gaps(live: &Live, known: &Known<'_>) -> Vec<Task> {
    let until = live.sequence.home().closes_at();
    let gap = |row: TargetRow| {
        let text = format!("{} % of {}: {} {}, {}", row.percent, row.level, row.missing, row.left, row.when);
        Task::new(Waiting::Gap, Tone::Attention, text, ("See whom to ask", "#missing".into())).until(Some(until))
    };
    let slipping = known.figures.targets.iter().filter(|t| known.slips(t)).copied().collect::<Vec<_>>();
    let figures = Figures { targets: slipping, ..known.figures.clone() };
    targets(live, &figures, |t| known.when(t)).into_iter().map(gap).collect()
}

/// What the start of a draft will do.
async fn start_does(web: &Web, tx: &mut Tx, live: &Live) -> Result<String, Failure> {
    let directors = director_tally::count(tx, &live.id, &Search::default()).await?;
    let letter = progress::of_round(&web.ctx, tx, live).await?.letter;
    Ok(before::start_does(live, directors, letter))
}

pub(super) fn stands(live: &Live, today: chrono::NaiveDate) -> String {
    let (opens, closes) = (live.spec.schedule.opens, live.spec.schedule.closes);
    let closed = live.closed_on();
    let day = days_of(today, [opens, closes, closed]);
    if live.state == RoundState::Closed && closed < opens {
        format!("Closed on {}, before it opened.", day(closed))
    } else if live.state == RoundState::Closed {
        format!("Closed. It was open from {} to {}.", day(opens), day(closed))
    } else if today < opens {
        format!("Opens {}, {}; closes {}.", day(opens), days_from(today, opens), day(closes))
    } else {
        format!("Open since {}; closes {}, {}.", day(opens), day(closes), days_from(today, closes))
    }
}

/// What is said where nothing is to be done: that all runs by itself only where it does.
fn idle(state: RoundState, all_is_well: bool) -> &'static str {
    match state {
        RoundState::Draft => "Nothing else.",
        RoundState::Running if !all_is_well => "Nothing in this round; see the alarm above.",
        RoundState::Running => "Nothing. The round runs by itself.",
        RoundState::Paused => "Nothing is sent until you resume the round.",
        RoundState::Closed => "Nothing. The round is over.",
    }
}

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let word = posted.fields.get("act");
    let what = match word {
        "start" => RoundOrder::Start,
        "pause" => RoundOrder::Pause,
        "resume" => RoundOrder::Resume,
        "close" => RoundOrder::Close,
        _ => return Err(Failure::unknown()),
    };
    if what == RoundOrder::Close && posted.fields.get("confirm") != "yes" {
        let why = Some("Tick the box to close the round for good.".to_string());
        let refused = Unstarted { unticked: why, ..Unstarted::default() };
        let page = show(&web, &live, &posted.by, &Fields::default(), refused).await?;
        return Ok(refused_forms::at("close", respond(StatusCode::UNPROCESSABLE_ENTITY, &page)));
    }
    let seen = match posted.fields.get("as_it_is") {
        "yes" => posted.fields.get("questions"),
        _ => "",
    };
    if what == RoundOrder::Start && live.state == RoundState::Draft {
        let points = points(&web, &live).await?;
        if points.nobody_is_listed() {
            let why = Problem::refused("Nobody is on the list yet, so there is nobody to ask.", "Load a list first.");
            return unstarted(&web, &live, posted, why).await;
        }
        if seen.is_empty() && !points.findings.is_empty() {
            let why = "Go through the open points first, or tick the box to start all the same.";
            return unstarted(&web, &live, posted, Problem::unusable(why, "")).await;
        }
    }
    let given = match what {
        RoundOrder::Start => {
            let anyway = posted.fields.get("anyway");
            alignment::start_as_seen(&web.ctx, &live.slug, &posted.by.actor(), anyway, seen).await
        }
        _ => web.ctx.order(&posted.by.actor(), TellRound { slug: live.slug.clone(), order: what }).await,
    };
    match given {
        // A second tap: the round is where the first one has brought it.
        Err(problem) if problem.kind == Kind::Refused && is_done(what, round(&web, &slug).await?.state) => {}
        Err(problem) if what == RoundOrder::Start && matches!(problem.kind, Kind::Refused | Kind::Unusable) => {
            return unstarted(&web, &live, posted, problem).await;
        }
        given => given?,
    }
    Ok(back(&urls::round(&live.slug), word))
}

/// The page again, with what was typed. Open points are said at their tick, anything else above the page.
async fn unstarted(web: &Web, live: &Live, posted: Posted, problem: Problem) -> Answer {
    let Posted { by, fields } = posted;
    let about_points = problem.kind == Kind::Unusable;
    let open = points(web, live).await?;
    let owed = if about_points || open.nobody_is_listed() { Vec::new() } else { open.reasons };
    let (words, unticked) = match owed.as_slice() {
        [] if about_points => (Fields::default(), Some(problem.to_string())),
        [] => (Fields::default().with_refusal(problem.to_string()), None),
        owed => {
            let who: Vec<String> = owed.iter().map(Dropped::what).collect();
            let next = "Say why under “What is open”, or put them back on the list.";
            let sentence = format!("The round was not started. {} {next}", who.join(" "));
            (Fields::default().with_refusal(sentence), None)
        }
    };
    let page = show(web, live, &by, &words, Unstarted { typed: fields, unticked }).await?;
    let status = if about_points { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    Ok(refused_forms::at("start", respond(status, &page)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_runs_by_itself_only_while_all_is_well() {
        assert_eq!(idle(RoundState::Running, true), "Nothing. The round runs by itself.");
        for state in [RoundState::Draft, RoundState::Running, RoundState::Paused, RoundState::Closed] {
            assert!(!idle(state, false).contains("by itself"), "{state:?}");
        }
    }
}
