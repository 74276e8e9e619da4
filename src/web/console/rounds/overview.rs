//! A round on one screen, and the orders that an operator gives it: start, pause, resume, close.

use axum::extract::{Path, State};
use axum::http::StatusCode;

use crate::base::problem::{Kind, Problem};
use crate::rules::completion::Status as Figures;
use crate::rules::contacts::Role;
use crate::rules::message::MessageState;
use crate::rules::round::{Level, RoundState};
use crate::steps::contacts::quality::Dropped;
use crate::steps::round::starting::{self, OpenPoints};
use crate::steps::round::{RoundOrder, TellRound};
use crate::steps::sending::{alignment, held, standstill};
use crate::steps::{Live, completion};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::objections;
use crate::store::sending::outbox;
use crate::web::console::contacts::standing::signed;
use crate::web::console::views::completion::*;
use crate::web::kit::door::session::{Operator, Posted};
use crate::web::kit::figures::{count, rate};
use crate::web::kit::forms::fields::{Fields, Words};
use crate::web::kit::forms::query::with;
use crate::web::kit::forms::refused_forms;
use crate::web::kit::frames::{back, console, home, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::times::{days_from, days_of, when};
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Field};
use crate::web::kit::views::frame::{Link, Tone, plural};
use crate::web::kit::views::page::respond;

use super::before::{open_findings, prepare, reasons_owed};
use super::to_do::{failing, held_up, open, stands_still, to_do};

/// As many accounts as fit on the screen; the others are on the board.
const ACCOUNTS_SHOWN: i64 = 20;
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

/// A form of this page that was refused: what was typed in it, and why, where that stands at its tick.
#[derive(Default)]
struct Unstarted {
    typed: Fields,
    unticked: Option<String>,
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
    let (stops, still, figures, most_open, waiting, doubts, due, kept_out) = {
        let mut tx = web.ctx.db.read().await?;
        let stops = held::all(&web.ctx, &mut tx).await?;
        let still = standstill::now(&web.ctx, &mut tx).await?;
        let figures = completion::status_of(&web.ctx, &mut tx, live).await?;
        let most_open = accounts::most_open(&mut tx, &live.id, ACCOUNTS_SHOWN).await?;
        let waiting = open(&mut tx, live, now).await?;
        let doubts = outbox::page(&mut tx, &live.lane(), Some(MessageState::InDoubt), NAMED, 0).await?;
        let due = outbox::next_due(&mut tx, &live.lane()).await?;
        (stops, still, figures, most_open, waiting, doubts, due, objections::kept_out(&mut tx, &live.id).await?)
    };
    let zone = home(live);
    let today = zone.local(now).date();
    let next = match (live.state, due) {
        (RoundState::Running, Some(at)) if at > now && !stops.iter().any(|stop| stop.is_about_all) => {
            format!("the next message, {}", when(at, now, &zone).text)
        }
        _ => String::new(),
    };
    Ok(DashboardPage {
        console: console(web, by, Some(live), "overview", words),
        as_of: when(now, now, &zone),
        stands: stands(live, today),
        today: stops
            .iter()
            .filter_map(held_up)
            .chain(still.map(stands_still))
            .chain(failing(web, now))
            .chain(to_do(live, &figures, &waiting, &doubts))
            .chain(reasons_owed(live, points.reasons.len()))
            .chain(open_findings(live, &points.findings, points.count() - points.findings.len()))
            .collect(),
        next,
        draft: live.state == RoundState::Draft,
        prepare: prepare(live, points.count()),
        individual: rate(figures.individual.completed, figures.individual.reachable),
        accounts_rate: rate(figures.accounts.completed, figures.accounts.invited),
        targets: targets(&figures),
        funnel: funnel(live, &figures),
        lost: lost(live, &figures, kept_out, waiting.away),
        roles: roles(live, &figures),
        all_accounts: (figures.accounts.listed > most_open.len() as i64)
            .then(|| Link::new(format!("All {} accounts", count(figures.accounts.listed)), urls::board(&live.slug))),
        accounts: most_open.iter().filter(|a| a.listed > 0).map(|a| account(live, a)).collect(),
        outbox: sent(live, &figures),
        handoff: handed(live, &figures),
        next_round: (live.state != RoundState::Draft)
            .then(|| Link::new("Make next year’s round", urls::next_round(&live.slug))),
        actions: actions(live, &by.csrf, &figures, (web.ctx.senders.before_start, &points), refused),
    })
}

fn stands(live: &Live, today: chrono::NaiveDate) -> String {
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

fn targets(f: &Figures) -> Vec<TargetRow> {
    let row = |t: &crate::rules::completion::TargetStatus| {
        let (level, one, many) = match t.level {
            Level::Individual => (INDIVIDUAL, "answer", "answers"),
            Level::Accounts => (ACCOUNTS, "account", "accounts"),
        };
        let missing = if t.missing == 0 { "all".into() } else { plural(t.missing.max(0) as usize, one, many) };
        TargetRow { level, percent: (t.target * 100.0).round().max(0.0) as u64, met: t.met, missing }
    };
    f.targets.iter().map(row).collect()
}

fn funnel(live: &Live, f: &Figures) -> Vec<Step> {
    let step = |s: crate::rules::completion::FunnelStep| Step {
        label: s.label,
        count: count(s.count),
        share: s.share_of.map(|(of, base)| (rate(s.count, base), of)),
        href: with(urls::contacts(&live.slug), "stage", s.stage),
    };
    f.individual.steps().map(step).into()
}

fn number(label: &str, n: i64, href: String, tone: Option<Tone>) -> Number {
    Number { label: label.into(), count: count(n), href, tone: tone.filter(|_| n > 0) }
}

fn lost(live: &Live, f: &Figures, kept_out: i64, away: i64) -> Vec<Number> {
    let i = &f.individual;
    let contacts = |stage| with(urls::contacts(&live.slug), "stage", stage);
    let mut all = vec![
        number("opted out", i.opted_out, contacts("opted_out"), None),
        number("undeliverable", i.undeliverable, contacts("undeliverable"), Some(Tone::Attention)),
        number("away until the close", away, contacts("away_until_the_close"), Some(Tone::Attention)),
    ];
    if kept_out > 0 {
        all.push(number("kept out by an earlier round", kept_out, contacts("kept_out"), None));
    }
    all
}

fn roles(live: &Live, f: &Figures) -> Vec<RoleRow> {
    let row = |role: &Role| {
        let of = f.roles.get(role.as_str()).copied().unwrap_or_default();
        RoleRow {
            label: role.label().into(),
            rate: rate(of.completed, of.reachable),
            href: with(urls::contacts(&live.slug), "role", role.as_str()),
        }
    };
    Role::ALL.iter().filter(|r| f.roles.contains_key(r.as_str())).map(row).collect()
}

fn account(live: &Live, a: &Account) -> AccountRow {
    AccountRow {
        name: a.name.clone(),
        href: urls::account(&live.slug, &a.id),
        strategic: a.strategic.0,
        director: a.director_name.clone(),
        signed: signed(live, a.standing),
        rate: rate(a.completed, a.reachable),
    }
}

fn sent(live: &Live, f: &Figures) -> Vec<Number> {
    let o = &f.outbox;
    let outbox = |state| with(urls::outbox(&live.slug), "state", state);
    vec![
        number("planned", o.planned, outbox("planned"), None),
        number("due", o.due, outbox("due"), None),
        number("sent", o.sent, outbox("sent"), None),
        number("in doubt", o.in_doubt, outbox("in_doubt"), Some(Tone::Attention)),
        number("held", o.held, outbox("held"), None),
        number("failed", o.failed, outbox("failed"), Some(Tone::Wrong)),
    ]
}

fn handed(live: &Live, f: &Figures) -> Vec<Number> {
    let h = &f.handoff;
    let handed = |state| with(urls::hand_over(&live.slug), "state", state);
    vec![
        number("completed", h.completed, urls::hand_over(&live.slug), None),
        number("confirmed", h.confirmed, handed("confirmed"), None),
        number("pending", h.pending, handed("pending"), None),
        number("failed", h.failed, handed("failed"), Some(Tone::Wrong)),
    ]
}

/// `checked`: whether a round starts from aligned domains only. `points`: those that are open.
fn actions(
    live: &Live,
    csrf: &str,
    f: &Figures,
    (checked, points): (bool, &OpenPoints),
    Unstarted { typed, unticked }: Unstarted,
) -> Vec<ActionForm> {
    let form = |act: &'static str, label: &str, explain: String| ActionForm {
        id: act.into(),
        action: urls::round(&live.slug),
        act,
        csrf: csrf.into(),
        label: label.into(),
        explain,
        button: format!("{label} now"),
        ..ActionForm::default()
    };
    let close = || {
        let left = plural((f.individual.reachable - f.individual.completed).max(0) as usize, "person", "people");
        let explain = format!(
            "No more answers are taken and nothing more is sent; {left} who could still answer cannot then. A closed \
                round is not opened again."
        );
        let fields = vec![Field::check("confirm", "Yes, close this round for good").error(unticked.clone())];
        ActionForm { fields, danger: true, ..form("close", "Close", explain) }
    };
    match live.state {
        // Nobody could be asked: first comes the list.
        RoundState::Draft if points.nobody_is_listed() => Vec::new(),
        RoundState::Draft => {
            let explain = "The account directors are asked to sign their names. Contacts get nothing before their names are signed.";
            let why = Field::text(
                "anyway",
                "Start although receivers could not believe the mail, because",
                typed.get("anyway"),
            );
            let hint = "Only for a sender's domain that is not set up yet, or that another mail server signs for. Kept in the journal.";
            let mut fields = if checked { vec![why.optional().hint(hint)] } else { Vec::new() };
            // The tick is for these points: others are asked about again.
            let seen = starting::version(&points.findings);
            if !points.findings.is_empty() {
                let same = !typed.get("questions").is_empty() && typed.get("questions") == seen;
                let value = if same { typed.get("as_it_is").to_string() } else { String::new() };
                let label = match points.findings.len() {
                    1 => "Start with the open point as it is".to_string(),
                    n => format!("Start with {n} open points as they are"),
                };
                let tick = Field::check("as_it_is", label);
                fields.push(Field { value, ..tick }.error(unticked));
            }
            vec![ActionForm { fields, hidden: vec![("questions", seen)], ..form("start", "Start", explain.into()) }]
        }
        RoundState::Running => {
            let explain = "Nothing is sent until you resume. Answers and signatures are still taken.";
            vec![form("pause", "Pause", explain.into()), close()]
        }
        RoundState::Paused => {
            vec![form("resume", "Resume", "What is due by then goes out at once, in sending hours.".into()), close()]
        }
        RoundState::Closed => Vec::new(),
    }
}

fn is_done(order: RoundOrder, state: RoundState) -> bool {
    match order {
        RoundOrder::Start | RoundOrder::Resume => state == RoundState::Running,
        RoundOrder::Pause => state == RoundState::Paused,
        RoundOrder::Close => state == RoundState::Closed,
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
