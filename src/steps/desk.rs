//! The desk at which senders have their messages marked and settled.
//!
//! Whatever has come in since the last commit is taken together: one statement marks, one settles, one commit covers
//! all. A sender waits for its own answer, so a message is never between dot and answer without its mark on disk, and the cost of a commit is
//! shared by all connections that wait for one.

use std::collections::HashSet;

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::base::clock::MINUTE;
use crate::base::problem::{Kind, Problem, Result};
use crate::store::claim::{self, Mark};

use super::Ctx;
use super::settling::{Settling, settle_all};

/// From the final dot a server may take ten minutes to answer (RFC 5321 section 4.5.3.2.6).
const DOT_LEASE: i64 = 15 * MINUTE;

enum Paper {
    Mark(Mark, oneshot::Sender<Result<bool>>),
    Settle(Box<Settling>, oneshot::Sender<Result<()>>),
}

/// Shared by the lines of an installation. There is no task behind it: whoever waits does the work for all who wait.
pub(super) struct Desk {
    tray: mpsc::UnboundedSender<Paper>,
    clerk: Mutex<mpsc::UnboundedReceiver<Paper>>,
}

impl Desk {
    pub fn new() -> Desk {
        let (tray, papers) = mpsc::unbounded_channel();
        Desk { tray, clerk: Mutex::new(papers) }
    }

    /// The mark before the final dot. False: the message must not go.
    pub async fn mark(&self, ctx: &Ctx, mark: Mark) -> Result<bool> {
        let (tell, told) = oneshot::channel();
        self.hand_in(ctx, Paper::Mark(mark, tell), told).await
    }

    pub async fn settle(&self, ctx: &Ctx, settling: Settling) -> Result<()> {
        let (tell, told) = oneshot::channel();
        self.hand_in(ctx, Paper::Settle(Box::new(settling), tell), told).await
    }

    async fn hand_in<T>(&self, ctx: &Ctx, paper: Paper, mut told: oneshot::Receiver<Result<T>>) -> Result<T> {
        self.tray.send(paper).map_err(|_| closed())?;
        loop {
            // Either somebody else has done our paper while we waited for the clerk's chair, or we do all that lie there.
            tokio::select! {
                biased;
                answer = &mut told => return answer.map_err(|_| closed())?,
                mut papers = self.clerk.lock() => work_off(ctx, &mut papers).await,
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

async fn work_off(ctx: &Ctx, papers: &mut mpsc::UnboundedReceiver<Paper>) {
    let (mut marks, mut settlings) = (Vec::new(), Vec::new());
    let (mut mark_tells, mut settle_tells) = (Vec::new(), Vec::new());
    while let Ok(paper) = papers.try_recv() {
        match paper {
            Paper::Mark(mark, tell) => {
                mark_tells.push((mark.fence.id.clone(), tell));
                marks.push(mark);
            }
            Paper::Settle(settling, tell) => {
                settle_tells.push(tell);
                settlings.push(*settling);
            }
        }
    }
    if marks.is_empty() && settlings.is_empty() {
        return;
    }
    let c = ctx.clone();
    let done: Result<HashSet<String>> = ctx
        .db
        .write(move |tx| {
            Box::pin(async move {
                let now = c.clock.now();
                // First what is over: a settlement may be what the next mark of the same line waits for.
                settle_all(&c, tx, settlings).await?;
                if marks.is_empty() {
                    Ok(HashSet::new())
                } else {
                    claim::mark_sending(tx, &marks, now, now.plus(DOT_LEASE)).await
                }
            })
        })
        .await;
    // A sender that has gone away in the meantime needs no answer.
    for tell in settle_tells {
        let _ = tell.send(done.as_ref().map(|_| ()).map_err(again));
    }
    for (id, tell) in mark_tells {
        let _ = tell.send(done.as_ref().map(|marked| marked.contains(&id)).map_err(again));
    }
}

fn again(problem: &Problem) -> Problem {
    Problem::new(problem.kind, problem.what.clone(), problem.next.clone())
}
