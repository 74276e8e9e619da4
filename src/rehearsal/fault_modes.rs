//! How sending goes: in peace, broken off at a chosen point of the conversation, with a clock that leaps, by two at once, or
//! while people act.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::join;
use tokio::sync::Notify;

use crate::base::problem::Result;
use crate::rehearsal::mailbox::OnStage;
use crate::rehearsal::mailbox::faults::Stage;
use crate::steps::sending::delivery;

use super::world::World;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    #[default]
    Fair,
    /// The process dies when the server has reached this stage for the nth time, before its answer is read; then it starts anew.
    /// Unnoticed, nobody knows that it is dead: what it had claimed waits for its lease to run out.
    Crash { stage: Stage, nth: u64, noticed: bool },
    /// The clock leaps by so many milliseconds when the server has reached this stage for the nth time.
    Leap { stage: Stage, nth: u64, by: i64 },
    /// Two processes send from the same ledger, each with a name of its own.
    TwoWorkers,
    /// People whose time has come act while messages leave.
    Crowd,
}

impl World {
    pub(super) async fn drain(&mut self) -> Result<()> {
        match self.weather {
            Weather::Fair => delivery::drain(&self.ctx, &mut self.lines).await.map(|_| ()),
            Weather::Crash { stage, nth, noticed } => self.drain_and_crash(stage, nth, noticed).await,
            Weather::Leap { stage, nth, by } => self.drain_in_a_leap(stage, nth, by).await,
            Weather::TwoWorkers => self.drain_by_two().await,
            Weather::Crowd => self.drain_in_a_crowd().await,
        }
    }

    async fn drain_and_crash(&mut self, stage: Stage, nth: u64, noticed: bool) -> Result<()> {
        let death = Arc::new(Notify::new());
        let hook = death.clone();
        self.mailbox.on_stage(Some(at_nth(stage, nth, move || hook.notify_one())));
        // Looked at first whenever anything moves, so that the answer of that stage is never read.
        let died = tokio::select! {
            biased;
            () = death.notified() => true,
            drained = delivery::drain(&self.ctx, &mut self.lines) => {
                drained?;
                false
            }
        };
        self.mailbox.on_stage(None);
        if died {
            self.weather = Weather::Fair;
            self.restart();
            // What the dead had handed to the database is committed before anybody looks.
            self.ctx.db.write(|_| Box::pin(async { Ok(()) })).await?;
            if noticed {
                delivery::recover(&self.ctx, true).await?;
            }
        }
        Ok(())
    }

    async fn drain_in_a_leap(&mut self, stage: Stage, nth: u64, by: i64) -> Result<()> {
        let clock = self.ctx.clock.clone();
        self.mailbox.on_stage(Some(at_nth(stage, nth, move || clock.turn_to(clock.now().plus(by)))));
        let drained = delivery::drain(&self.ctx, &mut self.lines).await;
        self.mailbox.on_stage(None);
        drained.map(|_| ())
    }

    async fn drain_by_two(&mut self) -> Result<()> {
        let (one, other) = (self.ctx.restarted(), self.ctx.restarted());
        let mut more = self.more_lines();
        let (first, second) = join(delivery::drain(&one, &mut self.lines), delivery::drain(&other, &mut more)).await;
        for line in &mut more {
            line.close().await;
        }
        first?;
        second?;
        Ok(())
    }

    async fn drain_in_a_crowd(&mut self) -> Result<()> {
        let ctx = self.ctx.clone();
        let (drained, acted) =
            join(delivery::drain(&ctx, &mut self.lines), self.people.act(&ctx, &mut self.findings)).await;
        drained?;
        acted?;
        Ok(())
    }
}

fn at_nth(stage: Stage, nth: u64, act: impl Fn() + Send + Sync + 'static) -> OnStage {
    let seen = AtomicU64::new(0);
    Arc::new(move |at| {
        if at == stage && seen.fetch_add(1, Ordering::SeqCst) + 1 == nth {
            act();
        }
    })
}
