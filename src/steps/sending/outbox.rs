//! What an operator does to single messages: hold, release, try again, decide what became of one in doubt.

use crate::base::ids::MessageId;
use crate::base::ids::RoundId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::round::RoundState;
use crate::rules::sending::outbox::{DOUBT_LASTS, Doubt, settle_doubt};
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::Ctx;
use crate::store::round::rounds;
use crate::store::sending::claim;
use crate::store::sending::outbox::{self, Message};
use crate::store::{Tx, contacts};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageOrder {
    Hold,
    Release,
    Retry,
    /// The message in doubt has arrived.
    Arrived,
    /// The message in doubt has not arrived: send it again, under the same Message-ID.
    SendAgain,
}

/// Does one thing to one message, or says why not.
pub async fn act(ctx: &Ctx, operator: &Actor, message: &MessageId, action: MessageOrder) -> Result<()> {
    let (c, operator, message) = (ctx.clone(), operator.clone(), message.clone());
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
    Ok(())
}

async fn act_in(ctx: &Ctx, tx: &mut Tx, operator: &Actor, m: &Message, action: MessageOrder) -> Result<()> {
    let now = ctx.clock.now();
    let by = MessageReason::By(operator.into());
    let (done, verb) = match action {
        MessageOrder::Hold => (outbox::hold(tx, &m.id, &by, now).await?, Action::Held),
        // What was held before its time is not sent before its time.
        MessageOrder::Release => {
            (outbox::plan_again(tx, &m.id, MessageState::Held, now.max(m.due_at), &by).await?, Action::Released)
        }
        MessageOrder::Retry => {
            (outbox::plan_again(tx, &m.id, MessageState::Failed, now, &by).await?, Action::TriedAgain)
        }
        MessageOrder::Arrived => {
            (outbox::settle_doubt(tx, &m.id, MessageState::Sent, &by, now).await?, Action::ConfirmedArrival)
        }
        MessageOrder::SendAgain => {
            (outbox::plan_again(tx, &m.id, MessageState::InDoubt, now, &by).await?, Action::SentAgain)
        }
    };
    // The second tap of two.
    if !done && m.why().as_ref() == Some(&by) && is_done(action, m.state) {
        return Ok(());
    }
    if !done {
        let what = format!("The {} to {} is {} now.", m.kind.label(), m.to_email, m.state.as_str().replace('_', " "));
        return Err(Problem::refused(what, "Reload the page to see what can be done."));
    }
    if let Some(contact) = &m.contact_id {
        claim::look_again(tx, contact, now).await?;
    }
    ctx.journal(tx, operator, verb, round_of(m), m.about(), &format!("{} {}", m.kind.label(), m.number)).await
}

fn is_done(action: MessageOrder, state: MessageState) -> bool {
    match action {
        MessageOrder::Hold => state == MessageState::Held,
        MessageOrder::Release | MessageOrder::Retry | MessageOrder::SendAgain => state == MessageState::Planned,
        MessageOrder::Arrived => state == MessageState::Sent,
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
                    outbox::settle_doubt(tx, &m.id, MessageState::Sent, &MessageReason::LinkUsed, now).await?;
                    Action::ConfirmedArrival
                }
                Doubt::Repeat => {
                    outbox::plan_again(tx, &m.id, MessageState::InDoubt, now, &MessageReason::NoSignOfArrival).await?;
                    Action::Repeats
                }
                Doubt::Stays => continue,
            };
            ctx.journal(tx, &Actor::Program, verb, Some(&round.id), contact, m.kind.label()).await?;
            resolved += 1;
        }
    }
    Ok(resolved)
}
