//! A whole installation in a box: database, mailbox, hand-over, people, and one clock that is turned by hand.
//!
//! A tick lets the people act whose time has come, runs the steps until nothing is due, lets the scanners and the witness look
//! at what has arrived, and turns the clock to the next instant at which anything can happen. The same seed gives the same
//! round: one line sends, and what people do depends on themselves and their mail only.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::base::problem::{Problem, Result};
use crate::config::smtp::SmtpSettings;
use crate::handover::Scoring;
use crate::rehearsal::fault_modes::Weather;
use crate::rehearsal::mailbox::Mailbox;
use crate::rehearsal::mailbox::faults::Fault;
use crate::rehearsal::mailbox::received::Received;
use crate::rules::round::RoundState;
use crate::steps::audit::promises;
use crate::steps::completion::digest;
use crate::steps::duties::next_due::{self, NextDue};
use crate::steps::sending::delivery::{self, Line};
use crate::steps::sending::outbox;
use crate::steps::{Ctx, Live, handover, plan, repair, round, signoff};
use crate::store::round::rounds;

use super::arrivals::Arrivals;
use super::copies::Copies;
use super::findings::Findings;
use super::headlines::Headlines;
use super::people::People;
use super::{notices, scanner};

/// The clock is turned by this at least and at most.
const LEAST: i64 = MINUTE;
const MOST: i64 = 6 * HOUR;
/// So often the steps may find more to do at one instant; more is a circle.
const MOST_TURNS: u32 = 300;

pub struct World {
    /// Shared with whoever serves the pages.
    pub ctx: Ctx,
    pub mailbox: Mailbox,
    pub scoring: Scoring,
    pub(super) hand_over: PathBuf,
    pub seed: u64,
    pub slug: String,
    pub people: People,
    pub findings: Findings,
    /// How sending goes in this tick.
    pub weather: Weather,
    /// Nobody else acts on this database; false where pages are served.
    pub alone: bool,
    pub headlines: Headlines,
    /// Of the people on the list, by address: where they are.
    pub accounts: BTreeMap<String, String>,
    pub ticks: u64,
    pub(super) lines: Vec<Line>,
    settings: SmtpSettings,
    arrivals: Arrivals,
    copies: Option<Copies>,
    /// What the servers of some contacts do with mail, whatever the weather.
    doors: Vec<Fault>,
}

/// What a world is made of beside the context.
pub struct Parts {
    pub mailbox: Mailbox,
    pub scoring: Scoring,
    /// The file that `scoring` writes, read again in the end.
    pub hand_over: PathBuf,
    pub seed: u64,
    /// The name of the round that is played.
    pub slug: String,
    pub doors: Vec<Fault>,
    pub copies: Option<Copies>,
    pub alone: bool,
    /// Of the people on the list, by address: where they are.
    pub accounts: BTreeMap<String, String>,
}

impl World {
    pub fn new(ctx: Ctx, parts: Parts) -> World {
        let Parts { mailbox, scoring, hand_over, seed, slug, doors, copies, alone, accounts } = parts;
        let address = mailbox.address();
        let settings = SmtpSettings {
            host: address.ip().to_string(),
            port: address.port(),
            connections: 1,
            time_out_factor: 0.05,
            ..SmtpSettings::default()
        };
        mailbox.set_faults(doors.clone());
        World {
            lines: delivery::lines(&settings),
            people: People::new(seed),
            findings: Findings::default(),
            weather: Weather::Fair,
            arrivals: Arrivals::default(),
            headlines: Headlines::default(),
            accounts,
            ticks: 0,
            ctx,
            mailbox,
            scoring,
            hand_over,
            seed,
            slug,
            alone,
            settings,
            copies,
            doors,
        }
    }

    pub fn now(&self) -> Ts {
        self.ctx.clock.now()
    }

    pub async fn live(&self) -> Result<Arc<Live>> {
        let mut tx = self.ctx.db.read().await?;
        self.ctx.live_by_slug(&mut tx, &self.slug).await
    }

    /// Everything that happens at this instant, then the clock is turned. False when nothing can happen any more.
    pub async fn tick(&mut self) -> Result<bool> {
        self.ticks += 1;
        let next = self.settle_down().await?;
        let Some(next) = next else { return Ok(false) };
        let now = self.now();
        self.ctx.clock.turn_to(Ts(next.0.clamp(now.plus(LEAST).0, now.plus(MOST).0)));
        Ok(true)
    }

    /// Runs people and steps until nothing is due at this instant. When the next thing is.
    pub async fn settle_down(&mut self) -> Result<Option<Ts>> {
        for _ in 0..MOST_TURNS {
            let crowd = self.weather == Weather::Crowd;
            let done = if crowd { 0 } else { self.people.act(&self.ctx, &mut self.findings).await? };
            let agenda = self.run_steps().await?;
            let mails = self.mailbox.take_new();
            self.receive(&mails).await?;
            if crowd {
                self.weather = Weather::Fair;
                continue;
            }
            if done == 0 && mails.is_empty() && !due(agenda.next(), self.now()) {
                return Ok(agenda.next().into_iter().chain(self.people.next()).min());
            }
        }
        let what = format!("Seed {}, tick {}: there is no end of things due at {}.", self.seed, self.ticks, self.now());
        Err(Problem::internal(what))
    }

    /// Each step that has something to do, once, in the order of the stages. What is due afterwards.
    async fn run_steps(&mut self) -> Result<NextDue> {
        let ctx = self.ctx.clone();
        let (agenda, now) = (next_due::read(&ctx).await?, self.now());
        if !due(agenda.next(), now) {
            return Ok(agenda);
        }
        if due(agenda.ask, now) {
            signoff::ask(&ctx).await?;
        }
        if due(agenda.repair, now) {
            repair::ask(&ctx).await?;
        }
        if due(agenda.plan, now) {
            plan::tick(&ctx).await?;
        }
        if due(agenda.digest, now) {
            digest::tick(&ctx).await?;
        }
        if due(agenda.doubts, now) {
            outbox::resolve_doubts(&ctx).await?;
        }
        if due(agenda.leases, now) {
            delivery::recover(&ctx, false).await?;
        }
        if due(next_due::read(&ctx).await?.messages, now) {
            self.drain().await?;
        }
        if due(agenda.handoffs, now) {
            handover::deliver(&ctx, &self.scoring).await?;
        }
        if due(agenda.close, now) {
            round::close_due(&ctx).await?;
        }
        next_due::read(&ctx).await
    }

    /// The witness looks, the scanners follow every link, the people read.
    async fn receive(&mut self, mails: &[Received]) -> Result<()> {
        if mails.is_empty() {
            return Ok(());
        }
        let live = self.live().await?;
        // What a crowd does while messages leave may be done before the witness looks.
        let at_once = self.weather != Weather::Crowd;
        self.arrivals.inspect(&self.ctx, &live, mails, at_once, &mut self.findings).await?;
        scanner::scan(&self.ctx, mails, self.alone, &mut self.findings).await?;
        for mail in mails {
            self.people.read(mail);
            self.headlines.read(mail, &self.slug);
            notices::answer(&self.ctx, &live, self.seed, mail, &mut self.findings).await?;
            if let Some(copies) = &mut self.copies {
                copies.forward(mail).await?;
            }
        }
        Ok(())
    }

    /// As after the death of the process: new lines, a new owner of leases.
    pub(super) fn restart(&mut self) {
        self.ctx = self.ctx.restarted();
        self.lines = delivery::lines(&self.settings);
    }

    pub(super) fn more_lines(&self) -> Vec<Line> {
        delivery::lines(&self.settings)
    }

    /// Faults of the mail server beside those of the contacts' own servers.
    pub fn set_faults(&self, faults: Vec<Fault>) {
        let mut all = self.doors.clone();
        all.extend(faults);
        self.mailbox.set_faults(all);
    }

    /// Whether the mailbox of this address is dead, whatever servers say at times.
    pub fn is_dead(&self, key: &str) -> bool {
        let dead = |fault: &Fault| matches!(fault, Fault::RefuseRecipient { address, reply } if address == key && reply.starts_with("550 5.1.1"));
        self.doors.iter().any(dead)
    }

    /// What the database and the witnesses say about each promise now.
    pub async fn promises(&self) -> Result<Vec<promises::Promise>> {
        Ok(self.findings.added_to(promises::check(&self.ctx, &self.slug).await?))
    }

    /// When the round closes everywhere.
    pub async fn closes_at(&self) -> Result<Ts> {
        let mut tx = self.ctx.db.read().await?;
        let round = rounds::by_slug(&mut tx, &self.slug).await?;
        Ok(round.map_or_else(|| self.now(), |r| r.closes_at))
    }

    pub async fn is_over(&self) -> Result<bool> {
        let agenda = next_due::read(&self.ctx).await?;
        let nothing_open = agenda.leases.is_none() && agenda.handoffs.is_none();
        Ok(nothing_open && self.live().await?.state == RoundState::Closed)
    }
}

fn due(at: Option<Ts>, now: Ts) -> bool {
    at.is_some_and(|at| at <= now)
}
