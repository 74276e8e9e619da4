//! A round from its folder to its close: set up, started on a Monday three weeks before it opens, played to the end, told.
//!
//! The caller serves pages beside it if it likes; [`prepare`] gives it the context and the mailbox before anything happens.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use tokio::time::Instant;

use crate::base::address::EmailAddress;
use crate::base::clock::{Clock, DAY, Ts};
use crate::base::ids::Ids;
use crate::base::problem::{Problem, Result};
use crate::base::seal::SecretKey;
use crate::config;
use crate::config::smtp::SmtpSettings;
use crate::handover::{Scoring, file};
use crate::intake::folder::RoundFolder;
use crate::rehearsal::mailbox::Mailbox;
use crate::rehearsal::mailbox::faults::ServerFault;
use crate::rehearsal::personas::{ServerBehaviour, server_behaviour};
use crate::rules::calendar::Almanac;
use crate::rules::completion::Status;
use crate::rules::handover::reconcile;
use crate::rules::journal::Actor;
use crate::rules::plan::Sequence;
use crate::rules::round::{RoundSpec, RoundState};
use crate::rules::sending::pace::{self, Policy};
use crate::steps::audit::promises::Promise;
use crate::steps::completion::outlook::Ahead;
use crate::steps::installation::operators;
use crate::steps::round::{self, RoundOrder};
use crate::steps::{Ctx, completion, handover};
use crate::store::Db;

use super::copies::Copies;
use super::headlines::Headline;
use super::world::{Parts, World};

/// With this seed the demo round is an ordinary one: every kind of thing happens, and the first target is met.
pub const DEMO_SEED: u64 = 23;

/// Who acts where an operator would.
pub const OPERATOR: &str = "operations@soundings.example";

/// Hand-overs may be retried for so long after the close before the play is over all the same.
const EPILOGUE: i64 = 10 * DAY;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Speed {
    Max,
    /// The whole play takes about so long.
    Paced {
        seconds_total: f64,
    },
}

pub struct Setup {
    pub folder: RoundFolder,
    /// Public holidays and working weeks.
    pub almanac: Arc<Almanac>,
    pub seed: u64,
    /// A database of its own: nothing else may be in it.
    pub database_url: String,
    /// Completed responses are handed over into this file.
    pub hand_over: PathBuf,
    /// The origin of the links in the mails.
    pub base_url: String,
    /// Where the mailbox listens; loopback only.
    pub mailbox: SocketAddr,
    /// A copy of every mail goes to this address through this server.
    pub only_to: Option<(EmailAddress, SmtpSettings)>,
    /// All from the seed where none are given. An installation whose pages are served had better draw its own secrets.
    pub ids: Option<Ids>,
    /// Nobody but the simulated people acts on it.
    pub alone: bool,
    /// How fast messages may leave; every domain is a gateway of its own.
    pub pace: Option<Policy>,
}

/// As an installation has it by default, and from domains that receivers know.
pub fn usual_pace() -> Policy {
    Policy { warmed: vec![pace::ALL.into()], trials_too: true, ..Policy::default() }
}

impl Setup {
    pub fn new(folder: RoundFolder, seed: u64, database_url: &str, hand_over: PathBuf) -> Setup {
        Setup {
            folder,
            almanac: Almanac::built_in(),
            seed,
            database_url: database_url.into(),
            hand_over,
            base_url: "http://rehearsal.localhost".into(),
            mailbox: (Ipv4Addr::LOCALHOST, 0).into(),
            only_to: None,
            ids: None,
            alone: true,
            pace: Some(usual_pace()),
        }
    }
}

/// 09:00, in the zone of the round, of the Monday three weeks before it opens; earlier where letters begin earlier.
pub fn starts_at(spec: &RoundSpec) -> Result<Ts> {
    let sequence = Sequence::prepare(spec, &Almanac::built_in())
        .map_err(|wrong| Problem::unusable(wrong.join(" "), "Correct round.toml, then rehearse again."))?;
    let first = spec.touches.iter().filter_map(|t| t.working_days).min().unwrap_or(0).min(0);
    let weeks = 3.max(u64::from(first.unsigned_abs()).div_ceil(5) + 2);
    let day = spec.schedule.opens.checked_sub_days(Days::new(7 * weeks)).unwrap_or(spec.schedule.opens);
    let monday = day.checked_sub_days(Days::new(u64::from(day.weekday().num_days_from_monday()))).unwrap_or(day);
    let nine = chrono::NaiveTime::from_hms_opt(9, 0, 0);
    Ok(sequence.home().on_day(monday, nine))
}

/// A world in which the round is loaded and started, at the first instant of the play.
pub async fn prepare(setup: Setup) -> Result<World> {
    let Setup { folder, almanac, seed, database_url, hand_over, base_url, mailbox, only_to, ids, alone, pace } = setup;
    let clock = Clock::hand(starts_at(&folder.spec)?);
    let ids = ids.unwrap_or_else(|| Ids::seeded(seed));
    // What a power cut would take from a rehearsal is played again.
    let db = Db::open(&database_url, "off").await?;
    let mut ctx = Ctx::new(db, clock.clone(), ids.clone(), SecretKey::draw(&ids), &base_url);
    ctx.almanac = almanac;
    ctx.pace = pace.map(Arc::new);
    let settings = config::ScoringSettings { file: hand_over, ..config::ScoringSettings::default() };
    let parts = Parts {
        mailbox: Mailbox::start_with(mailbox, clock).await?,
        scoring: Scoring::new(&settings)?,
        hand_over: settings.file,
        seed,
        slug: folder.spec.round.clone(),
        server_faults: server_faults(&folder, seed),
        copies: only_to.map(|(to, settings)| Copies::new(to, settings)),
        alone,
        accounts: folder.list.accepted.iter().map(|c| (c.email.key(), c.account.clone())).collect(),
    };
    let slug = parts.slug.clone();
    round::load(&ctx, folder, &Actor::operator(OPERATOR)).await?;
    let operator = EmailAddress::parse(OPERATOR).map_err(Problem::internal)?;
    ctx.order(&Actor::operator(OPERATOR), operators::AddOperator { email: operator.clone() }).await?;
    ctx.order(&Actor::Visitor, operators::AskForLink { email: operator.clone() }).await?;
    operators::answer_requests(&ctx).await?;
    ctx.order(&Actor::operator(OPERATOR), round::TellRound { slug: slug.clone(), order: RoundOrder::Start }).await?;
    Ok(World::new(ctx, parts))
}

/// What the servers of the contacts on the list do with mail.
fn server_faults(folder: &RoundFolder, seed: u64) -> Vec<ServerFault> {
    let mut faults = Vec::new();
    let mut grey = std::collections::BTreeSet::new();
    for contact in &folder.list.accepted {
        let address = contact.email.key();
        let reply = match server_behaviour(seed, &address) {
            ServerBehaviour::Accepts => continue,
            ServerBehaviour::Greylists => {
                grey.insert(address);
                continue;
            }
            ServerBehaviour::NoMailbox => "550 5.1.1 there is no such mailbox here (simulated)",
            ServerBehaviour::RefusesByPolicy => "550 5.7.1 refused by policy (simulated)",
        };
        faults.push(ServerFault::RefuseRecipient { address, reply: reply.into() });
    }
    faults.push(ServerFault::Greylist { addresses: grey });
    faults
}

/// How far the play is, once a day.
#[derive(Clone, Debug, PartialEq)]
pub struct PlayProgress {
    /// From 1.
    pub day: i64,
    /// The last day for answers.
    pub days: i64,
    pub date: NaiveDate,
    pub sent: i64,
    pub signed: i64,
    pub invited: i64,
    pub completed: i64,
    /// Of how many who could be reached.
    pub reachable: i64,
    /// What is special about this day, or empty.
    pub note: String,
    /// What has happened since the last day that is worth a look.
    pub headlines: Vec<Headline>,
}

/// Contract: `demo --headless --json` and `rehearse --json`.
#[derive(Clone, Debug, Serialize)]
pub struct PlayOutcome {
    pub status: Status,
    pub promises: Vec<Promise>,
    pub seed: u64,
    pub simulated_days: i64,
    pub wall_seconds: f64,
    /// One at the beginning of each simulated day, from the first invitation to the close.
    pub forecasts: Vec<ForecastThen>,
}

/// Where the round was going to end, as it was forecast at an instant: final individual rates between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ForecastThen {
    pub at: Ts,
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

impl PlayOutcome {
    pub fn all_hold(&self) -> bool {
        self.promises.iter().all(|p| p.holds)
    }
}

/// Plays until the round is closed and everything is settled.
pub async fn play(world: &mut World, speed: Speed, mut progress: impl FnMut(PlayProgress)) -> Result<PlayOutcome> {
    let (begun, start) = (Instant::now(), world.now());
    let live = world.live().await?;
    let calendar = live.sequence.home();
    let closes_at = world.closes_at().await?;
    let first = calendar.local(start).date();
    let mut date = None;
    let mut before: Option<Status> = None;
    let mut forecasts = Vec::new();
    loop {
        let more = world.tick().await?;
        let today = calendar.local(world.now()).date();
        if date != Some(today) {
            date = Some(today);
            let status = world.status().await?;
            let note = note(&live.spec, today, before.as_ref(), &status);
            let live = world.live().await?;
            let headlines = world.headlines.since_last(&world.ctx, &live, &status).await?;
            progress(PlayProgress {
                headlines,
                day: (today - first).num_days() + 1,
                days: (calendar.local(closes_at.plus(-1)).date() - first).num_days() + 1,
                date: today,
                sent: status.outbox.sent,
                signed: status.individual.signed,
                invited: status.individual.invited,
                completed: status.individual.completed,
                reachable: status.individual.reachable,
                note,
            });
            before = Some(status);
            forecasts.extend(world.forecast().await?);
        }
        let late = world.now() > closes_at.plus(EPILOGUE);
        if !more || late || (world.now() >= closes_at && world.is_over().await?) {
            break;
        }
        if let Speed::Paced { seconds_total } = speed {
            let share = world.now().since(start) as f64 / closes_at.since(start).max(1) as f64;
            tokio::time::sleep_until(begun + Duration::from_secs_f64((share * seconds_total).max(0.0))).await;
        }
    }
    Ok(PlayOutcome { forecasts, ..outcome(world, start, begun).await? })
}

/// What is to be told in the end, or now.
pub async fn outcome(world: &mut World, start: Ts, begun: Instant) -> Result<PlayOutcome> {
    world.reconcile().await?;
    Ok(PlayOutcome {
        status: world.status().await?,
        promises: world.promises().await?,
        seed: world.seed,
        simulated_days: (world.now().since(start) + DAY - 1) / DAY,
        wall_seconds: (begun.elapsed().as_secs_f64() * 100.0).round() / 100.0,
        forecasts: Vec::new(),
    })
}

fn note(spec: &RoundSpec, today: NaiveDate, before: Option<&Status>, now: &Status) -> String {
    let all_signed = |s: &Status| s.accounts.signed == s.accounts.listed;
    let Some(before) = before else { return "the directors are asked to sign off the names".into() };
    let met = before.targets.iter().zip(&now.targets).find(|(b, n)| !b.met && n.met);
    if today == spec.schedule.opens {
        "the round opens".into()
    } else if today == spec.schedule.closes {
        "the last day for answers".into()
    } else if now.state == RoundState::Closed.as_str() && before.state != now.state {
        "the round is closed".into()
    } else if all_signed(now) && !all_signed(before) {
        "every list is signed".into()
    } else if let Some((_, target)) = met.filter(|_| now.individual.invited > 0) {
        format!("the target of {:.0} % is met", target.target * 100.0)
    } else {
        String::new()
    }
}

impl World {
    pub async fn status(&self) -> Result<Status> {
        completion::status(&self.ctx, &self.slug).await
    }

    async fn forecast(&self) -> Result<Option<ForecastThen>> {
        let live = self.live().await?;
        let read = completion::outlook::read(&self.ctx, &mut self.ctx.db.read().await?, &live).await?;
        let outlook = completion::outlook::worked_out(&self.ctx, &live, read).await;
        let rounded = |rate: f64| (rate * 10_000.0).round() / 10_000.0;
        Ok(outlook.ahead.map(|Ahead { forecast, .. }| ForecastThen {
            at: self.now(),
            low: rounded(forecast.last.low),
            middle: rounded(forecast.last.middle),
            high: rounded(forecast.last.high),
        }))
    }

    /// Holds what was confirmed here against the file on the other side (promise 6).
    pub async fn reconcile(&mut self) -> Result<()> {
        let ours = handover::confirmed(&self.ctx, &self.slug).await?;
        let theirs = file::read_ids(&self.hand_over, &self.slug)?;
        let differences = reconcile(&ours, &theirs.ids);
        self.findings.looked_at(6, ours.len() as u64);
        for (sequence, id) in differences.missing_there {
            self.findings.broken(6, format!("Response {id} ({sequence}) is confirmed here and missing there."));
        }
        for (sequence, id) in differences.unknown_here {
            self.findings.broken(6, format!("Response {id} ({sequence}) is there and not confirmed here."));
        }
        Ok(())
    }
}
