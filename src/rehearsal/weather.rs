//! How sending goes: in peace, broken off at a chosen point of the conversation, or by two at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::future::join;
use tokio::sync::Notify;

use crate::base::problem::Result;
use crate::steps::delivery;

use super::mailbox::Stage;
use super::world::World;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weather {
    #[default]
    Fair,
    /// The process dies when the server has seen this stage of the nth message, before its answer is read; then it starts anew.
    Crash { stage: Stage, nth: u64 },
    /// Two processes send from the same ledger, each with a name of its own.
    TwoWorkers,
}

impl World {
    pub(super) async fn drain(&mut self) -> Result<()> {
        match self.weather {
            Weather::Fair => delivery::drain(&self.ctx, &mut self.lines).await.map(|_| ()),
            Weather::Crash { stage, nth } => self.drain_and_crash(stage, nth).await,
            Weather::TwoWorkers => self.drain_by_two().await,
        }
    }

    async fn drain_and_crash(&mut self, stage: Stage, nth: u64) -> Result<()> {
        let (death, seen) = (Arc::new(Notify::new()), AtomicU64::new(0));
        let hook = death.clone();
        self.mailbox.on_stage(Some(Arc::new(move |at| {
            if at == stage && seen.fetch_add(1, Ordering::SeqCst) + 1 == nth {
                hook.notify_one();
            }
        })));
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
            self.restart().await?;
        }
        Ok(())
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
}
