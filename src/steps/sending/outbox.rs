//! What an operator does to single messages: hold, release, try again, decide what became of one in doubt.

use crate::base::ids::RoundId;
use crate::base::problem::{Problem, Result};
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::round::RoundState;
use crate::rules::sending::outbox::{DOUBT_LASTS, Doubt, settle_doubt};
use crate::steps::context::{Ctx, SOUNDINGS};
use crate::store::round::rounds;
use crate::store::sending::claim;
use crate::store::sending::outbox::{self, Message};
use crate::store::{Tx, contacts};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Hold,
    Release,
    Retry,
    /// The message in doubt has arrived.
    Arrived,
    /// The message in doubt has not arrived: send it again, under the same Message-ID.
    SendAgain,
}

/// Does one thing to one message, or says why not.
pub async fn act(ctx: &Ctx, operator: &str, message: &str, action: Action) -> Result<()> {
    let (c, operator, message) = (ctx.clone(), operator.to_string(), message.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let m = outbox::by_id(tx, &message)
                    .await?
                    .ok_or_else(|| Problem::not_found("There is no such message.", "Go back to the outbox."))?;
                act_in(&c, tx, &operator, &m, action).await
            })
        })
        .await?;
    ctx.wake();
    Ok(())
}

async fn act_in(ctx: &Ctx, tx: &mut Tx, operator: &str, m: &Message, action: Action) -> Result<()> {
    let now = ctx.clock.now();
    let by = format!("by {operator}");
    let (done, verb) = match action {
        Action::Hold => (outbox::hold(tx, &m.id, &by, now).await?, "held"),
        // What was held before its time is not sent before its time.
        Action::Release => {
            (outbox::plan_again(tx, &m.id, MessageState::Held, now.max(m.due_at), &by).await?, "released")
        }
        Action::Retry => (outbox::plan_again(tx, &m.id, MessageState::Failed, now, &by).await?, "tried again"),
        Action::Arrived => {
            (outbox::settle_doubt(tx, &m.id, MessageState::Sent, &by, now).await?, "confirmed as arrived")
        }
        Action::SendAgain => (outbox::plan_again(tx, &m.id, MessageState::InDoubt, now, &by).await?, "sent again"),
    };
    // The second tap of two.
    if !done && m.reason.as_deref() == Some(&by) && is_done(action, m.state) {
        return Ok(());
    }
    if !done {
        let what = format!("The {} to {} is {} now.", m.kind.label(), m.to_email, m.state.as_str().replace('_', " "));
        return Err(Problem::refused(what, "Reload the page to see what can be done."));
    }
    if let Some(contact) = &m.contact_id {
        claim::look_again(tx, contact, now).await?;
    }
    let subject = m.contact_id.as_deref().unwrap_or(&m.id);
    ctx.journal(tx, operator, verb, round_of(m), subject, &format!("{} {}", m.kind.label(), m.number)).await
}

fn is_done(action: Action, state: MessageState) -> bool {
    match action {
        Action::Hold => state == MessageState::Held,
        Action::Release | Action::Retry | Action::SendAgain => state == MessageState::Planned,
        Action::Arrived => state == MessageState::Sent,
    }
}

fn round_of(m: &Message) -> Option<&RoundId> {
    m.lane.round()
}

/// The policy for invitations in doubt: after 24 hours without a sign of arrival the same message goes once more, under the
/// same Message-ID. An answer begun is a sign of arrival. Warm-ups wait for a person; reminders are never repeated.
pub async fn resolve_doubts(ctx: &Ctx) -> Result<u64> {
    let c = ctx.clone();
    let resolved = ctx.db.write(move |tx| Box::pin(async move { resolve_in(&c, tx).await })).await?;
    if resolved > 0 {
        ctx.wake();
    }
    Ok(resolved)
}

async fn resolve_in(ctx: &Ctx, tx: &mut Tx) -> Result<u64> {
    let now = ctx.clock.now();
    let mut resolved = 0;
    for round in rounds::in_state(tx, RoundState::Running).await? {
        for m in outbox::in_doubt_since(tx, &round.id, MessageKind::Invitation, now.plus(-DOUBT_LASTS), 500).await? {
            let Some(contact) = &m.contact_id else { continue };
            let read = contacts::person(tx, contact).await;
            let Some(person) = ctx.alone(&format!("contact {contact}"), read)?.flatten() else { continue };
            let sign_of_arrival = person.started_at.is_some() || person.opted_out_at.is_some();
            let verb = match settle_doubt(m.kind, m.settled_at.unwrap_or(now), sign_of_arrival, now) {
                Doubt::Arrived => {
                    outbox::settle_doubt(tx, &m.id, MessageState::Sent, "the link in it was used", now).await?;
                    "confirmed as arrived"
                }
                Doubt::Repeat => {
                    outbox::plan_again(tx, &m.id, MessageState::InDoubt, now, "no sign of arrival after 24 hours")
                        .await?;
                    "repeats under the same Message-ID"
                }
                Doubt::Stays => continue,
            };
            ctx.journal(tx, SOUNDINGS, verb, Some(&round.id), contact, m.kind.label()).await?;
            resolved += 1;
        }
    }
    Ok(resolved)
}
