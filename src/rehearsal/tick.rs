//! What happens at one instant of a play.
//!
//! A tick lets the people act whose time has come, runs the steps until nothing is due, lets the scanners and the witness look
//! at what has arrived, and turns the clock to the next instant at which anything can happen.

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::base::problem::{Problem, Result};
use crate::rehearsal::mailbox::received::Received;
use crate::steps::duties::list::{DUTIES, Work};
use crate::steps::duties::next_due::{self, NextDue};
use crate::steps::handover;

use super::fault_modes::FaultMode;
use super::sending::drain;
use super::world::World;
use super::{notices, scanner};

/// The clock is turned by this at least and at most.
const LEAST: i64 = MINUTE;

const MOST: i64 = 6 * HOUR;

/// So often the steps may find more to do at one instant; more is a circle.
const MOST_TURNS: u32 = 300;

impl World {
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
            let people_act_meanwhile = self.fault_mode == FaultMode::PeopleAct;
            let done = if people_act_meanwhile { 0 } else { self.people.act(&self.ctx, &mut self.findings).await? };
            let due_next = self.run_steps().await?;
            let mails = self.mailbox.take_new();
            self.receive(&mails).await?;
            if people_act_meanwhile {
                self.fault_mode = FaultMode::None;
                continue;
            }
            if done == 0 && mails.is_empty() && !due(due_next.next(), self.now()) {
                return Ok(due_next.next().into_iter().chain(self.people.next()).min());
            }
        }
        let what = format!("Seed {}, tick {}: there is no end of things due at {}.", self.seed, self.ticks, self.now());
        Err(Problem::internal(what))
    }

    /// Each duty that has something to do, once, in the order of the table. What is due afterwards.
    async fn run_steps(&mut self) -> Result<NextDue> {
        let ctx = self.ctx.clone();
        let (due_next, now) = (next_due::read(&ctx).await?, self.now());
        if !due(due_next.next(), now) {
            return Ok(due_next);
        }
        for duty in &DUTIES {
            // What was planned a moment ago may leave now.
            let next = if matches!(duty.work, Work::Send(_)) { next_due::read(&ctx).await? } else { due_next };
            if !duty.is_due(&next, now) {
                continue;
            }
            match duty.work {
                Work::InTurn(step, _) | Work::AtChanges(step, _) => drop(step(&ctx).await?),
                Work::Send(_) => drain(self).await?,
                Work::HandOver(_) => drop(handover::deliver(&ctx, &self.scoring).await?),
                _ => {}
            }
        }
        next_due::read(&ctx).await
    }

    /// The witness looks, the scanners follow every link, the people read.
    async fn receive(&mut self, mails: &[Received]) -> Result<()> {
        if mails.is_empty() {
            return Ok(());
        }
        let live = self.live().await?;
        // What people do while messages leave may be done before the witness looks.
        let at_once = self.fault_mode != FaultMode::PeopleAct;
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
}

fn due(at: Option<Ts>, now: Ts) -> bool {
    at.is_some_and(|at| at <= now)
}
