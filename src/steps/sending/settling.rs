//! What outcomes do to the ledger and to people: many at once, in one transaction.

use std::collections::HashSet;

use crate::base::clock::Ts;
use crate::base::ids::{ContactId, MessageId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{Lane, MessageKind, MessageState};
use crate::rules::replies::desk::Amiss;
use crate::rules::sending::delivery::Outcome;
use crate::rules::sending::pace::{Heard, Trouble};
use crate::rules::sending::reason::MessageReason;
use crate::rules::sending::trouble::Told;
use crate::steps::contacts::addresses;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::replies::desk::amiss::has_not_arrived;
use crate::store::Tx;
use crate::store::sending::claim::{self, Claimed, Fence, Reached, Settlement};
use crate::store::sending::settle_and_mark::Arrival;

use super::claims::ReadyMessage;
use super::pace::gateway_answers;
use super::trouble::refusals;

/// An outcome that is still to be written down.
pub(crate) struct Settling {
    fence: Fence,
    claimed: Claimed,
    outcome: Outcome,
    /// What it means for others behind the same gateway.
    trouble: Option<Trouble>,
    /// The refusal, for the run that it may be part of.
    told: Option<Told>,
}

impl Settling {
    pub fn new(taken: ReadyMessage, outcome: Outcome) -> Settling {
        Settling { fence: taken.fence, claimed: taken.claimed, outcome, trouble: None, told: None }
    }

    pub fn with(self, trouble: Option<Trouble>, told: Option<Told>) -> Settling {
        Settling { trouble, told, ..self }
    }

    /// A message that could not be made from its words and names.
    pub fn unmade(taken: &ReadyMessage, problem: &Problem) -> Settling {
        let outcome = Outcome::GiveUp { why: format!("The message could not be made. {problem}"), dead_address: false };
        Settling { fence: taken.fence.clone(), claimed: taken.claimed.clone(), outcome, trouble: None, told: None }
    }

    /// The round of the message, or the lane of the system.
    pub fn lane(&self) -> &Lane {
        &self.claimed.lane
    }

    /// What the ledger is told when the server has taken it.
    pub fn arrival(&self) -> Option<Arrival> {
        let Outcome::Delivered { answer } = &self.outcome else { return None };
        let (fence, contact) = (self.fence.clone(), self.claimed.contact_id.clone());
        Some(Arrival { fence, answer: answer.clone(), contact, invited: invited(&self.claimed) })
    }

    fn settlement(&self) -> Settlement {
        let (state, due_at, reason, answer) = match &self.outcome {
            Outcome::Delivered { answer } => (MessageState::Sent, None, MessageReason::Said(String::new()), answer),
            Outcome::TryLater { at, why } => (MessageState::Planned, Some(at.0), MessageReason::Deferred, why),
            Outcome::GiveUp { why, .. } => (MessageState::Failed, None, MessageReason::Refused, why),
            Outcome::InDoubt { why } => (MessageState::InDoubt, None, MessageReason::NoAnswerAfterEnd, why),
        };
        Settlement { fence: self.fence.clone(), state, due_at, reason, answer: answer.clone() }
    }
}

/// Writes down what did not simply arrive. A claim that somebody else has taken over is left to him: what he finds out counts.
pub(super) async fn settle_others(
    ctx: &Ctx,
    tx: &mut Tx,
    mut settlings: Vec<Settling>,
    arrived: &HashSet<MessageId>,
) -> Result<()> {
    settlings.retain(|s| !arrived.contains(&s.fence.id));
    if settlings.is_empty() {
        return Ok(());
    }
    let now = ctx.clock.now();
    let settlements: Vec<Settlement> = settlings.iter().map(Settling::settlement).collect();
    let settled = claim::settle(tx, &settlements, now).await?;
    let mut reached = Vec::new();
    for s in settlings.iter().filter(|s| settled.contains(&s.fence.id)) {
        if let (Some(contact), Outcome::Delivered { .. } | Outcome::InDoubt { .. }) =
            (&s.claimed.contact_id, &s.outcome)
        {
            reached.push(reach(contact, &s.claimed));
        }
        further(ctx, tx, s, now).await?;
    }
    if reached.is_empty() { Ok(()) } else { claim::note_sent(tx, &reached, now).await }
}

async fn further(ctx: &Ctx, tx: &mut Tx, s: &Settling, now: Ts) -> Result<()> {
    if let Outcome::GiveUp { why, .. } = &s.outcome {
        has_not_arrived(ctx, tx, (s.claimed.kind, s.claimed.subject_id.as_str()), Amiss::Refused, why).await?;
    }
    if let (Some(trouble), Outcome::TryLater { why, .. } | Outcome::GiveUp { why, .. }) = (s.trouble, &s.outcome) {
        let heard = Heard {
            trouble,
            said: why,
            for_good: s.told.as_ref().is_some_and(|told| told.for_good),
            tried_for: s.claimed.first_tried_at.map_or(0, |first| now.since(first)),
        };
        gateway_answers::heard(ctx, tx, s.claimed.to_email.domain(), heard).await?;
    }
    let mut ours = false;
    if let (Some(told), Outcome::GiveUp { dead_address, .. }) = (&s.told, &s.outcome) {
        let heard = refusals::NewRefusal {
            message: &s.fence.id,
            contact: s.claimed.contact_id.as_ref(),
            to_name: &s.claimed.to_name,
            to: &s.claimed.to_email,
            told,
            dead: *dead_address,
            // Who is given up after days of trying is compared with those who were tried on the same days.
            left_at: s.claimed.first_tried_at.filter(|_| !told.for_good),
        };
        ours = refusals::heard(ctx, tx, heard).await?;
    }
    match (&s.outcome, &s.claimed.contact_id) {
        (Outcome::InDoubt { .. }, _) => tell_doubt(ctx, tx, &s.claimed).await,
        (Outcome::GiveUp { why, dead_address: true }, contact) if !ours => {
            addresses::found_dead(ctx, tx, &s.claimed.to_email, why).await?;
            match contact {
                Some(contact) => addresses::reopen_if_corrected(ctx, tx, contact, &s.claimed.to_email).await,
                None => Ok(()),
            }
        }
        (Outcome::GiveUp { .. }, Some(contact)) => claim::look_again(tx, contact, now).await,
        _ => Ok(()),
    }
}

fn invited(m: &Claimed) -> i64 {
    i64::from(m.kind == MessageKind::Invitation)
}

fn reach(contact: &ContactId, m: &Claimed) -> Reached {
    Reached { contact: contact.clone(), invited: invited(m) }
}

/// A message in doubt may have arrived: the person counts as written to.
pub(super) async fn note_doubt(ctx: &Ctx, tx: &mut Tx, m: &Claimed) -> Result<()> {
    tell_doubt(ctx, tx, m).await?;
    match &m.contact_id {
        Some(contact) => claim::note_sent(tx, &[reach(contact, m)], ctx.clock.now()).await,
        None => Ok(()),
    }
}

async fn tell_doubt(ctx: &Ctx, tx: &mut Tx, m: &Claimed) -> Result<()> {
    has_not_arrived(ctx, tx, (m.kind, m.subject_id.as_str()), Amiss::InDoubt, "").await?;
    let round = m.lane.round();
    ctx.journal(tx, &Actor::Program, Action::IsInDoubt, round, m.about(), m.kind.label()).await
}

/// Gives claims back untouched, to be due again at `later`.
pub(super) async fn give_back(ctx: &Ctx, fences: Vec<Fence>, later: Ts, why: MessageReason) -> Result<()> {
    if fences.is_empty() {
        return Ok(());
    }
    ctx.order(&Actor::Program, GiveBack { fences, later, why }).await
}

struct GiveBack {
    fences: Vec<Fence>,
    later: Ts,
    why: MessageReason,
}

impl Order for GiveBack {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        for fence in &self.fences {
            claim::release(tx, fence, self.later, &self.why).await?;
        }
        Ok(())
    }
}
