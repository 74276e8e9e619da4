//! The figures of the plan, for the page. Those of a small round are counted when they are asked for. Those of a large one are counted
//! beside the pages, one round at a time, and kept: the page shows what was counted last and says as of when.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};

use crate::base::clock::MINUTE;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::steps::plan::forecast::Figures;
use crate::steps::plan::since_approval::{Since, figures_since};
use crate::steps::{Ctx, Live};

/// Rounds with more contacts are large.
pub const SMALL: i64 = 2_000;
/// How long a page waits for figures that nobody has counted yet.
const PATIENCE: Duration = Duration::from_secs(4);
/// What is older is counted again, whatever has or has not changed.
const OLD: i64 = 10 * MINUTE;
/// Of as many rounds figures are kept.
const ROUNDS: usize = 8;

/// What is ahead, and what is different from the plan that the client approved, if any.
pub type Counted = (Figures, Option<Since>);

struct Kept {
    round: RoundId,
    /// What the figures depend on, as far as a look at the counters tells.
    stamp: String,
    counted: Arc<Counted>,
}

/// What was counted, the latest first.
pub struct PlanFigures {
    kept: Mutex<Vec<Kept>>,
    one_at_a_time: Arc<Semaphore>,
}

impl Default for PlanFigures {
    fn default() -> PlanFigures {
        PlanFigures { kept: Mutex::default(), one_at_a_time: Arc::new(Semaphore::new(1)) }
    }
}

impl PlanFigures {
    fn of(&self, round: &RoundId) -> Option<(String, Arc<Counted>)> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|k| k.round == *round).map(|k| (k.stamp.clone(), k.counted.clone()))
    }

    fn keep(&self, new: Kept) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|k| k.round != new.round);
        kept.insert(0, new);
        kept.truncate(ROUNDS);
    }

    /// The figures of a large round, as they were counted last; none while they are counted for the first time.
    pub async fn large(self: &Arc<Self>, ctx: &Ctx, live: &Arc<Live>, stamp: String) -> Option<Arc<Counted>> {
        let known = self.of(&live.id);
        let old = |counted: &Counted| ctx.clock.now().0 - counted.0.as_of.0 > OLD;
        if let Some((_, counted)) = known.as_ref().filter(|(of, counted)| *of == stamp && !old(counted)) {
            return Some(counted.clone());
        }
        if let Ok(turn) = self.one_at_a_time.clone().try_acquire_owned() {
            let (plans, c, live, (tell, told)) = (self.clone(), ctx.clone(), live.clone(), oneshot::channel());
            tokio::spawn(async move {
                // Stopping does not wait for figures.
                let counted: Option<Result<Counted>> = tokio::select! {
                    counted = figures_since(&c, &live) => Some(counted),
                    () = c.told_to_stop() => None,
                };
                match counted {
                    None => {}
                    Some(Ok(counted)) => {
                        plans.keep(Kept { round: live.id.clone(), stamp, counted: Arc::new(counted) });
                    }
                    Some(Err(problem)) => {
                        tracing::error!(round = live.slug, "the plan could not be counted: {problem}");
                    }
                }
                drop(turn);
                // Nobody may be waiting any more.
                let _ = tell.send(());
            });
            if known.is_none() {
                let _ = tokio::time::timeout(PATIENCE, told).await;
            }
        }
        self.of(&live.id).map(|(_, counted)| counted)
    }
}
