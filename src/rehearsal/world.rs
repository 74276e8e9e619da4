//! A whole installation in a box: database, mailbox, hand-over, people, and one clock that is turned by hand.
//!
//! What happens in it is in `tick.rs`. The same seed gives the same round: one line sends, and what people do depends on themselves and
//! their mail only.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::config::smtp::SmtpSettings;
use crate::handover::Scoring;
use crate::rehearsal::fault_modes::FaultMode;
use crate::rehearsal::mailbox::Mailbox;
use crate::rehearsal::mailbox::faults::ServerFault;
use crate::rules::round::RoundState;
use crate::steps::audit::promises;
use crate::steps::duties::next_due;
use crate::steps::sending::delivery::{self, Line};
use crate::steps::{Ctx, Live};
use crate::store::round::rounds;

use super::arrivals::Arrivals;
use super::copies::Copies;
use super::findings::Findings;
use super::headlines::Headlines;
use super::people::SimulatedPeople;

pub struct World {
    /// Shared with whoever serves the pages.
    pub ctx: Ctx,
    pub mailbox: Mailbox,
    pub scoring: Scoring,
    pub(super) hand_over: PathBuf,
    pub seed: u64,
    pub slug: String,
    pub people: SimulatedPeople,
    pub findings: Findings,
    /// How sending goes in this tick.
    pub fault_mode: FaultMode,
    /// Nobody else acts on this database; false where pages are served.
    pub alone: bool,
    pub headlines: Headlines,
    /// Of the people on the list, by address: where they are.
    pub accounts: BTreeMap<String, String>,
    pub ticks: u64,
    pub(super) lines: Vec<Line>,
    settings: SmtpSettings,
    pub(super) arrivals: Arrivals,
    pub(super) copies: Option<Copies>,
    /// What the servers of some contacts do with mail, whatever the `fault_mode`.
    server_faults: Vec<ServerFault>,
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
    pub server_faults: Vec<ServerFault>,
    pub copies: Option<Copies>,
    pub alone: bool,
    /// Of the people on the list, by address: where they are.
    pub accounts: BTreeMap<String, String>,
}

impl World {
    pub fn new(ctx: Ctx, parts: Parts) -> World {
        let Parts { mailbox, scoring, hand_over, seed, slug, server_faults, copies, alone, accounts } = parts;
        let address = mailbox.address();
        let settings = SmtpSettings {
            host: address.ip().to_string(),
            port: address.port(),
            connections: 1,
            time_out_factor: 0.05,
            ..SmtpSettings::default()
        };
        mailbox.set_faults(server_faults.clone());
        World {
            lines: delivery::lines(&settings),
            people: SimulatedPeople::new(seed),
            findings: Findings::default(),
            fault_mode: FaultMode::None,
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
            server_faults,
        }
    }

    pub fn now(&self) -> Ts {
        self.ctx.clock.now()
    }

    pub async fn live(&self) -> Result<Arc<Live>> {
        let mut tx = self.ctx.db.read().await?;
        self.ctx.live_by_slug(&mut tx, &self.slug).await
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
    pub fn set_faults(&self, faults: Vec<ServerFault>) {
        let mut all = self.server_faults.clone();
        all.extend(faults);
        self.mailbox.set_faults(all);
    }

    /// Whether the mailbox of this address is dead, whatever servers say at times.
    pub fn is_dead(&self, key: &str) -> bool {
        let dead = |fault: &ServerFault| matches!(fault, ServerFault::RefuseRecipient { address, reply } if address == key && reply.starts_with("550 5.1.1"));
        self.server_faults.iter().any(dead)
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
        let due_next = next_due::read(&self.ctx).await?;
        let nothing_open = due_next.leases.is_none() && due_next.handoffs.is_none();
        Ok(nothing_open && self.live().await?.state == RoundState::Closed)
    }
}
