//! Group commit: marks and settlements of all lines are written together.
//!
//! Whatever has come in since the last commit is taken together: one statement settles and marks, one commit covers
//! all. A line waits for its own mark, so a message is never between dot and answer without it on disk, and the cost of a commit is
//! shared by all connections that wait for one. A settlement is handed in as soon as the server has answered and is committed with the next
//! mark, whosever it is; a line that takes longer than [`LONGEST_WAIT`] over its next message has it committed by itself.

use std::collections::BTreeSet;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::yield_now;

use crate::base::clock::MINUTE;
use crate::base::problem::{Kind, Problem, Result};
use crate::rules::journal::Actor;
use crate::rules::message::Lane;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::sending::claim::Mark;
use crate::store::sending::settle_and_mark::{Arrival, Done, Group, settle_and_mark};

use super::outbound::records::Dot;
use super::settling::{Settling, settle_others};

/// From the final dot a server may take ten minutes to answer (RFC 5321 section 4.5.3.2.6).
const DOT_LEASE: i64 = 15 * MINUTE;
/// So long a settlement may wait to be committed together with others.
pub(super) const LONGEST_WAIT: Duration = Duration::from_millis(3);

/// Before a commit, so often other tasks may run and hand in something of theirs.
const YIELDS: usize = 4;

/// What a line has handed in, and where it waits for the result.
enum Request {
    Mark(Box<(Mark, Dot, Lane)>, oneshot::Sender<Result<bool>>),
    Settle(Box<Settling>, oneshot::Sender<Result<()>>),
}

/// A settlement that was handed in and may not be committed yet.
pub(crate) struct PendingSettlement(oneshot::Receiver<Result<()>>);

/// Shared by the lines of an installation. There is no task behind it: whoever waits does the work for all who wait.
pub(crate) struct GroupCommit {
    sender: mpsc::UnboundedSender<Request>,
    /// Whoever has the lock commits for all who wait.
    receiver: Mutex<mpsc::UnboundedReceiver<Request>>,
}

impl GroupCommit {
    pub fn new() -> GroupCommit {
        let (sender, receiver) = mpsc::unbounded_channel();
        GroupCommit { sender, receiver: Mutex::new(receiver) }
    }

    /// The mark before the final dot, and its record in the outbound journal. False: the message must not go.
    pub async fn mark(&self, ctx: &Ctx, mark: Mark, dot: Dot, lane: &Lane) -> Result<bool> {
        let (tell, mut told) = oneshot::channel();
        self.sender.send(Request::Mark(Box::new((mark, dot, lane.clone())), tell)).map_err(|_| closed())?;
        self.wait(ctx, &mut told).await
    }

    /// Hands a settlement in. It is committed at the latest when [`GroupCommit::settled`] has returned.
    pub fn hand_in(&self, settling: Settling) -> Result<PendingSettlement> {
        let (tell, told) = oneshot::channel();
        self.sender.send(Request::Settle(Box::new(settling), tell)).map_err(|_| closed())?;
        Ok(PendingSettlement(told))
    }

    /// Returns when the settlement is committed. Once it has, it is not to be asked again.
    pub async fn settled(&self, ctx: &Ctx, pending: &mut PendingSettlement) -> Result<()> {
        self.wait(ctx, &mut pending.0).await
    }

    pub async fn settle(&self, ctx: &Ctx, settling: Settling) -> Result<()> {
        self.settled(ctx, &mut self.hand_in(settling)?).await
    }

    async fn wait<T>(&self, ctx: &Ctx, told: &mut oneshot::Receiver<Result<T>>) -> Result<T> {
        loop {
            // Either another line has committed ours while we waited for the lock, or we commit all that was handed in.
            tokio::select! {
                biased;
                answer = &mut *told => return answer.map_err(|_| closed())?,
                mut requests = self.receiver.lock() => commit_all(ctx, &mut requests).await,
            }
        }
    }
}

fn closed() -> Problem {
    Problem::new(
        Kind::Unavailable,
        "The outcome of a message could not be written down.",
        "It is tried again by itself.",
    )
}

async fn commit_all(ctx: &Ctx, requests: &mut mpsc::UnboundedReceiver<Request>) {
    // Lines that are about to hand something in do so first; where no other task is ready, this costs nothing.
    for _ in 0..YIELDS {
        yield_now().await;
    }
    let (mut marks, mut dots, mut settlings) = (Vec::new(), Vec::new(), Vec::new());
    let (mut mark_tells, mut settle_tells) = (Vec::new(), Vec::new());
    let mut lanes = BTreeSet::new();
    while let Ok(request) = requests.try_recv() {
        match request {
            Request::Mark(mark_and_dot, tell) => {
                let (mark, dot, lane) = *mark_and_dot;
                lanes.insert(lane);
                mark_tells.push((mark.fence.id.clone(), tell));
                marks.push(mark);
                dots.push(dot);
            }
            Request::Settle(settling, tell) => {
                settle_tells.push(tell);
                lanes.insert(settling.lane().clone());
                settlings.push(*settling);
            }
        }
    }
    if marks.is_empty() && settlings.is_empty() {
        return;
    }
    let done = match &ctx.outbound {
        Some(outbound) if !marks.is_empty() => {
            let commit = |group| ctx.order(&Actor::Program, CommitOutcomes { settlings, marks, group, lanes });
            outbound.with_dots(ctx, dots, commit).await
        }
        _ => {
            let commit = CommitOutcomes { settlings, marks, group: Group::default(), lanes };
            ctx.order(&Actor::Program, commit).await
        }
    };
    // A sender that has gone away in the meantime needs no answer.
    for tell in settle_tells {
        let _ = tell.send(done.as_ref().map(|_| ()).map_err(again));
    }
    for (id, tell) in mark_tells {
        let _ = tell.send(done.as_ref().map(|done| done.marked.contains(&id)).map_err(again));
    }
}

/// Settles and marks in one transaction.
struct CommitOutcomes {
    settlings: Vec<Settling>,
    marks: Vec<Mark>,
    group: Group,
    lanes: BTreeSet<Lane>,
}

impl Order for CommitOutcomes {
    type Done = Done;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Done> {
        let now = ctx.clock.now();
        let arrivals: Vec<Arrival> = self.settlings.iter().filter_map(Settling::arrival).collect();
        tx.in_lanes(&self.lanes);
        let done = settle_and_mark(tx, &arrivals, &self.marks, &self.group, now, now.plus(DOT_LEASE)).await?;
        // What a refusal teaches about an address holds in every round.
        tx.in_any_round();
        settle_others(ctx, tx, self.settlings, &done.settled).await?;
        Ok(done)
    }
}

fn again(problem: &Problem) -> Problem {
    Problem::new(problem.kind, problem.what.clone(), problem.next.clone())
}
