//! Handing completed responses to the scoring module, until it has confirmed them.

pub mod event_acts;
mod stopping;
pub(crate) mod targets;
pub mod telling;

use tracing::info;

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::{HandoffId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::handover::{Attempt, AttemptOutcome, Counted, HandoffState, ReceiverAnswer, SCORING, retry};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::handover::{self, Handoff};
use crate::store::{Tx, journal, response};
use soundings_handover::{Delivered, Scoring};

use self::stopping::unless_stopped;

/// As many as are taken at once; they are handed over one after the other, so that order is kept while all goes well.
const AT_ONCE: i64 = 50;
/// In one transaction, so that others write in between.
const A_PIECE: i64 = 200;

/// Hands over everything that is due. Returns how many were confirmed.
pub async fn deliver(ctx: &Ctx, scoring: &Scoring) -> Result<u64> {
    let mut confirmed = 0;
    loop {
        let now = ctx.clock.now();
        let due = ctx.order(&Actor::Program, ClaimDue { now, lease: now.plus(10 * MINUTE) }).await?;
        if due.is_empty() {
            return Ok(confirmed);
        }
        let mut due = due.into_iter();
        while let Some(h) = due.next() {
            // Nothing is begun after a stop.
            let begun = !ctx.is_stopping();
            let said =
                if begun { unless_stopped(ctx, scoring.deliver(&h.id, ctx.clock.now(), &h.body)).await } else { None };
            let Some(said) = said else {
                if begun {
                    let what = "a hand-over had no answer yet and was broken off; it goes again at the next start";
                    info!(response = h.sequence, "{what}");
                }
                let left = std::iter::once(&h).chain(due.as_slice());
                ctx.order(&Actor::Program, ReleaseClaimed { ids: left.map(|h| h.id.clone()).collect() }).await?;
                return Ok(confirmed);
            };
            confirmed += u64::from(settle(ctx, h, said).await?);
        }
    }
}

/// Takes what is due by now, for nobody else to take it before the lease is over.
struct ClaimDue {
    now: Ts,
    lease: Ts,
}

impl Order for ClaimDue {
    type Done = Vec<Handoff>;
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Vec<Handoff>> {
        handover::claim(tx, self.now, self.lease, AT_ONCE).await
    }
}

/// What was taken and not settled is due again, as if it had not been tried. A receiver may have had it; it goes by the key.
struct ReleaseClaimed {
    ids: Vec<HandoffId>,
}

impl Order for ReleaseClaimed {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        for id in &self.ids {
            handover::release(tx, id).await?;
        }
        Ok(())
    }
}

async fn settle(ctx: &Ctx, h: Handoff, said: Delivered) -> Result<bool> {
    let now = ctx.clock.now();
    // A file has no status to give; its confirmation is the word of the disk.
    let status = if said.confirmed { Some(said.status.unwrap_or(200)) } else { said.status };
    let answer = ReceiverAnswer { status, retry_after: said.retry_after, text: &said.text, is_page: said.is_page };
    let first = if said.confirmed { h.created_at } else { began(ctx, &h).await? };
    let attempt = Attempt { number: h.attempt as u32 + 1, first, now };
    let (state, next_at, text) = match retry(SCORING, &answer, &attempt, h.sequence as u64) {
        AttemptOutcome::Confirmed => (HandoffState::Confirmed, now, said.text.clone()),
        AttemptOutcome::Again { at, why } => (HandoffState::Pending, at, why),
        AttemptOutcome::Stop { why } => (HandoffState::Stopped, now, why),
        AttemptOutcome::Failed { why } => (HandoffState::Failed, now, why),
    };
    ctx.order(&Actor::Program, Settle { handoff: h, state, next_at, answer: text, now }).await?;
    Ok(state == HandoffState::Confirmed)
}

/// Notes what became of one that was taken.
struct Settle {
    handoff: Handoff,
    state: HandoffState,
    next_at: Ts,
    answer: String,
    now: Ts,
}

impl Order for Settle {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let Settle { handoff: h, state, next_at, answer, now } = self;
        tx.in_round(&h.round_id);
        let settled = handover::settle(tx, &h.id, state, next_at, &answer, now).await?;
        if settled && state == HandoffState::Confirmed {
            arrived_too_late(ctx, tx, &h).await?;
        }
        Ok(())
    }
}

/// When this series of tries began: at completion, or when somebody last had it handed over again.
async fn began(ctx: &Ctx, h: &Handoff) -> Result<Ts> {
    let told = journal::of_subject(&mut ctx.db.read().await?, &h.id).await?;
    Ok(told
        .into_iter()
        .filter(|e| e.what() == Some(Action::HandedOverAgain))
        .map(|e| e.at)
        .max()
        .unwrap_or(h.created_at))
}

/// The answers were set aside while they were on their way: whoever was told that they go no further is told that they have arrived.
async fn arrived_too_late(ctx: &Ctx, tx: &mut Tx, h: &Handoff) -> Result<()> {
    let Some(response) = response::by_id(tx, &h.response_id).await?.filter(|r| r.set_aside_at.is_some()) else {
        return Ok(());
    };
    let detail = format!(
        "response {} was on its way when its answers were set aside, and the scoring module has them now: tell it that they are not this contact\u{2019}s.",
        h.sequence
    );
    ctx.journal(tx, &Actor::Program, Action::HandedOverSetAside, Some(&h.round_id), &response.contact_id, &detail).await
}

/// Hands one response over again, whatever became of it before.
pub struct ReplaySubmission {
    pub id: HandoffId,
}

impl Order for ReplaySubmission {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let unknown = || Problem::not_found("There is no such hand-over.", "Go back to the hand-over log.");
        let h = handover::by_id(tx, &self.id).await?.ok_or_else(unknown)?;
        if response::by_id(tx, &h.response_id).await?.is_some_and(|r| r.set_aside_at.is_some()) {
            return Err(Problem::refused(
                "These answers were set aside: the address they were given under was not this contact\u{2019}s.",
                "They are not handed over any more.",
            ));
        }
        again(ctx, tx, by, &h).await
    }
}

async fn again(ctx: &Ctx, tx: &mut Tx, operator: &Actor, h: &Handoff) -> Result<()> {
    handover::replay(tx, &h.id, ctx.clock.now()).await?;
    let detail = format!("response {}", h.sequence);
    ctx.journal(tx, operator, Action::HandedOverAgain, Some(&h.round_id), &h.id, &detail).await
}

/// Hands over again all of a round that are in this state; those whose answers were set aside stay. Returns how many.
pub async fn replay_all(ctx: &Ctx, operator: &Actor, round: &RoundId, state: HandoffState) -> Result<u64> {
    let (mut after, mut done) = (0, 0);
    loop {
        let (last, n) = ctx.order(operator, ReplayNext { round: round.clone(), state, after }).await?;
        done += n;
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    Ok(done)
}

/// Hands over again the next of a round that are in a state; the number of the last one looked at, and how many were handed over.
struct ReplayNext {
    round: RoundId,
    state: HandoffState,
    after: i64,
}

impl Order for ReplayNext {
    type Done = (Option<i64>, u64);
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<(Option<i64>, u64)> {
        let found = handover::in_state_after(tx, &self.round, self.state, self.after, A_PIECE).await?;
        let mut n = 0;
        for h in &found {
            if response::by_id(tx, &h.response_id).await?.is_none_or(|r| r.set_aside_at.is_none()) {
                again(ctx, tx, by, h).await?;
                n += 1;
            }
        }
        Ok((found.last().map(|h| h.sequence), n))
    }
}

/// What was confirmed here of the round of this name, in the form in which both sides are compared: by response.
pub async fn confirmed(ctx: &Ctx, slug: &str) -> Result<Vec<Counted>> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let all = handover::page(&mut tx, &live.id, i64::MAX, 0).await?;
    Ok(all.into_iter().filter(|h| h.state == HandoffState::Confirmed).map(|h| (h.sequence, h.response_id)).collect())
}
