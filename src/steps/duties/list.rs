//! Everything that the program does by itself, in one table: what it is called, when it is done, in which order.
//!
//! Rehearsals and story tests run its steps in the order of the table; the daemon runs those of one turn in that order and all others beside
//! them. What needs servers or a time of its own is done by the daemon alone. A duty takes no message: it reads what is there and makes it
//! right, however often it is run and by however many programs.

use std::pin::Pin;
use std::time::Duration;

use crate::base::clock::{MINUTE, Ts};
use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::steps::alarm;
use crate::steps::alarm::facts::{READING, TAKING};
use crate::steps::completion::digest;
use crate::steps::contacts::upload;
use crate::steps::context::Ctx;
use crate::steps::handover::telling;
use crate::steps::installation::{operators, refused_forms, requests};
use crate::steps::sending::{delivery, held, outbox};
use crate::steps::{plan, repair, round, signoff};

use super::next_due::NextDue;

pub const SENDING: &str = "sending";

/// One thing that the program does by itself.
pub struct Duty {
    /// As the log, the console, `/readyz` and `/metrics` name it; of senders, before the number of each.
    pub name: &'static str,
    pub work: Work,
}

/// How much was done.
pub type Done<'a> = Pin<Box<dyn Future<Output = Result<u64>> + Send + 'a>>;
pub type Step = for<'a> fn(&'a Ctx) -> Done<'a>;
/// From when a step has something to do; `None` for one that is not asked for and looks for itself.
pub type Due = fn(&NextDue) -> Option<Ts>;

/// What a duty does, and when.
#[derive(Clone, Copy)]
pub enum Work {
    /// After every change and every five seconds, one after the other in the order of the table: each makes work for the next.
    InTurn(Step, Due),
    /// After every change and every five seconds, beside all others: it may take long.
    AtChanges(Step, Due),
    /// By its own time alone.
    Every(Duration, Step),
    /// Messages leave by lines of their own.
    Send(Due),
    /// Completed responses go to the scoring module, at changes.
    HandOver(Due),
    /// Behind which gateway people are that are due soon; where an installation asks for it.
    FindGateways(Duration),
    /// Saying that this sender is alive, and looking after the others.
    Watch(Duration),
    /// Keeping in mind, outside the database, how far its journal goes.
    Remember(Duration),
    /// Reading the database file through.
    Examine(Duration),
    /// Reading the mailbox to which answers come, as it fills.
    ReadMailbox,
    /// Taking mails from a mail server on this machine, as they come.
    TakeMails,
}

const BEAT: Duration = Duration::from_secs(15);
/// A mail with a link is waited for.
const LOG_INS: Duration = Duration::from_secs(1);
/// Pages and loops hear of what another program on this database has done within this time.
const HEARD: Duration = Duration::from_secs(2);
/// Whoever is due tomorrow need not be looked after at every change.
const GATEWAYS: Duration = Duration::from_millis(MINUTE as u64);
/// Sooner than anything that is measured in minutes is too late.
const ALARMS: Duration = Duration::from_mins(1);
/// A damaged page may be one that is seldom read.
const EXAMINED: Duration = Duration::from_mins(1);

macro_rules! step {
    ($step:path) => {
        |ctx| Box::pin($step(ctx))
    };
}

/// All duties. The order is that of one turn.
pub const DUTIES: [Duty; 20] = [
    Duty { name: "looking after leases", work: Work::AtChanges(step!(recover), |next| next.leases) },
    Duty { name: "closing rounds", work: Work::InTurn(step!(round::close_due), |next| next.close) },
    Duty { name: "asking for signatures", work: Work::InTurn(step!(signoff::ask), |next| next.ask) },
    Duty { name: "asking for repairs", work: Work::InTurn(step!(repair::ask), |next| next.repair) },
    Duty { name: "settling doubts", work: Work::InTurn(step!(resolve_doubts), |next| next.doubts) },
    Duty { name: "planning", work: Work::InTurn(step!(plan::tick), |next| next.plan) },
    Duty { name: "forgetting pages", work: Work::InTurn(step!(forget), |_| None) },
    Duty { name: "weekly lists", work: Work::InTurn(step!(digest::tick), |next| next.digest) },
    Duty { name: SENDING, work: Work::Send(|next| next.messages) },
    Duty { name: "handing over", work: Work::HandOver(|next| next.handoffs) },
    Duty { name: "telling events", work: Work::AtChanges(step!(telling::tell), |next| next.events) },
    // By its own time and for all who asked together: what it does for an operator shows in nobody's answer (S20).
    Duty { name: "answering log-ins", work: Work::Every(LOG_INS, step!(answer_log_ins)) },
    Duty { name: "hearing of other programs", work: Work::Every(HEARD, step!(hear_others)) },
    Duty { name: "finding gateways", work: Work::FindGateways(GATEWAYS) },
    Duty { name: "looking after other senders", work: Work::Watch(BEAT) },
    Duty { name: "remembering the end of the journal", work: Work::Remember(BEAT) },
    Duty { name: held::EXAMINING, work: Work::Examine(EXAMINED) },
    Duty { name: READING, work: Work::ReadMailbox },
    Duty { name: TAKING, work: Work::TakeMails },
    Duty { name: "looking for alarms", work: Work::Every(ALARMS, step!(alarm::look)) },
];

impl Duty {
    /// Whether it has something to do by now. What waits for servers or for its own time never says so.
    pub fn is_due(&self, next: &NextDue, now: Ts) -> bool {
        match self.work {
            Work::InTurn(_, due) | Work::AtChanges(_, due) | Work::Send(due) | Work::HandOver(due) => {
                due(next).is_some_and(|at| at <= now)
            }
            _ => false,
        }
    }
}

async fn recover(ctx: &Ctx) -> Result<u64> {
    delivery::recover(ctx, false).await
}

async fn resolve_doubts(ctx: &Ctx) -> Result<u64> {
    ctx.order(&Actor::Program, outbox::ResolveDoubts).await
}

/// What was kept for somebody who has not come back, and what was told long ago.
async fn forget(ctx: &Ctx) -> Result<u64> {
    let kept = refused_forms::forget(ctx).await? + upload::forget(ctx).await? + requests::forget(ctx).await?;
    Ok(kept + telling::forget(ctx).await?)
}

async fn hear_others(ctx: &Ctx) -> Result<u64> {
    ctx.db.hear_others().await
}

async fn answer_log_ins(ctx: &Ctx) -> Result<u64> {
    Ok(operators::answer_requests(ctx).await? as u64)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_duty_has_a_name_of_its_own() {
        let names: HashSet<_> = DUTIES.iter().map(|duty| duty.name).collect();
        assert_eq!(names.len(), DUTIES.len());
    }

    /// Whatever can become due is done by one duty, and by no other.
    #[test]
    fn what_becomes_due_is_done_by_exactly_one_duty() {
        let at = Some(Ts(7));
        let none = NextDue::default();
        // One more that can become due is to stand below.
        let NextDue {
            close: _,
            ask: _,
            repair: _,
            doubts: _,
            plan: _,
            digest: _,
            leases: _,
            messages: _,
            handoffs: _,
            events: _,
        } = none;
        let each = [
            NextDue { close: at, ..none },
            NextDue { ask: at, ..none },
            NextDue { repair: at, ..none },
            NextDue { doubts: at, ..none },
            NextDue { plan: at, ..none },
            NextDue { digest: at, ..none },
            NextDue { leases: at, ..none },
            NextDue { messages: at, ..none },
            NextDue { handoffs: at, ..none },
            NextDue { events: at, ..none },
        ];
        for next in each {
            assert_eq!(DUTIES.iter().filter(|duty| duty.is_due(&next, Ts(7))).count(), 1, "{next:?}");
            assert_eq!(DUTIES.iter().filter(|duty| duty.is_due(&next, Ts(6))).count(), 0, "{next:?}");
        }
    }
}
