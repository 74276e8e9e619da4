//! What the lines of an installation have claimed together and not begun yet.
//!
//! One claim serves all of them, so that its cost, and that of everything it asks about limits, is shared; it is made a little before the
//! last message is taken, so that no line waits for it. Being claimed early decides nothing: whether a message goes is asked again at its
//! mark.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::base::clock::{MINUTE, Ts};
use crate::base::problem::Result;
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::Ctx;

use super::claims::{ReadyMessage, take};
use super::settling::give_back;
use super::suspects::Composer;

/// How long a claim lasts: offering what was claimed before it, with room for a slow server.
const CLAIM_LEASE: i64 = 15 * MINUTE;
/// Messages claimed at once for each line, and at least for all of them.
const FOR_EACH: usize = 10;
const AT_LEAST: usize = 16;

pub(crate) struct ClaimBuffer {
    lines: usize,
    waiting: Mutex<VecDeque<ReadyMessage>>,
    /// Whose turn it is to claim.
    turn: tokio::sync::Mutex<()>,
    /// The last claim found nothing; asked again only when nothing is left.
    found_nothing: AtomicBool,
    pub composer: Composer,
}

impl ClaimBuffer {
    pub fn new(lines: usize) -> ClaimBuffer {
        ClaimBuffer {
            lines,
            waiting: Mutex::default(),
            turn: tokio::sync::Mutex::new(()),
            found_nothing: AtomicBool::new(false),
            composer: Composer::default(),
        }
    }

    /// The next message to send; none when nothing is due.
    pub async fn next(&self, ctx: &Ctx) -> Result<Option<ReadyMessage>> {
        loop {
            let (next, left) = {
                let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
                (waiting.pop_front(), waiting.len())
            };
            match next {
                Some(taken) if left >= self.lines || self.found_nothing.load(Ordering::Relaxed) => {
                    return Ok(Some(taken));
                }
                Some(taken) => {
                    if let Ok(_turn) = self.turn.try_lock()
                        && let Err(problem) = self.claim(ctx).await
                    {
                        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).push_front(taken);
                        return Err(problem);
                    }
                    return Ok(Some(taken));
                }
                None => {
                    let _turn = self.turn.lock().await;
                    if self.is_empty() && !self.claim(ctx).await? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// Gives back what nobody has begun, to be due again at `later`.
    pub async fn return_all(&self, ctx: &Ctx, later: Ts, why: MessageReason) -> Result<()> {
        let rest: Vec<ReadyMessage> = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).drain(..).collect();
        give_back(ctx, rest.into_iter().map(|taken| taken.fence).collect(), later, why).await
    }

    fn is_empty(&self) -> bool {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    async fn claim(&self, ctx: &Ctx) -> Result<bool> {
        let batch = (FOR_EACH * self.lines).max(AT_LEAST) as i64;
        let taken = take(ctx, batch, ctx.clock.now().plus(CLAIM_LEASE)).await?;
        self.found_nothing.store(taken.is_empty(), Ordering::Relaxed);
        let any = !taken.is_empty();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).extend(taken);
        Ok(any)
    }
}
