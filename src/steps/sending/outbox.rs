//! What an operator does to single messages: hold, release, try again, decide what became of one in doubt.

use crate::base::ids::MessageId;
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::round::RoundState;
use crate::rules::sending::outbox::{DOUBT_LASTS, Doubt, settle_doubt};
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::duties::failures::Reach;
use crate::store::round::rounds;
use crate::store::sending::claim;
use crate::store::sending::outbox::{self, Message};
use crate::store::{Tx, contacts};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageAction {
    Hold,
    Release,
    Retry,
    /// The message in doubt has arrived.
    Arrived,
    /// The message in doubt has not arrived: send it again, under the same Message-ID.
    SendAgain,
}

/// Does one thing to one message, or says why not.
pub struct ActOnMessage {
    pub message: MessageId,
    pub action: MessageAction,
}

impl Order for ActOnMessage {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let action = self.action;
        let m = outbox::by_id(tx, &self.message)
            .await?
            .ok_or_else(|| Problem::not_found("There is no such message.", "Go back to the outbox."))?;
        if act_on(ctx, tx, by, &m, action).await? {
            return Ok(());
        }
        // The second tap of two.
        if m.why() == Some(MessageReason::By(by.into())) && is_done(action, m.state) {
            return Ok(());
        }
        let what = format!("The {} to {} is {} now.", m.kind.label(), m.to_email, m.state.as_str().replace('_', " "));
        Err(Problem::refused(what, "Reload the page to see what can be done."))
    }
}

/// The same in a transaction that is open already. False where the message stands elsewhere by now; then nothing was changed.
pub(crate) async fn act_on(ctx: &Ctx, tx: &mut Tx, by: &Actor, m: &Message, action: MessageAction) -> Result<bool> {
    let now = ctx.clock.now();
    let reason = MessageReason::By(by.into());
    let (done, verb) = match action {
        MessageAction::Hold => (outbox::hold(tx, &m.id, &reason, now).await?, Action::Held),
        // What was held before its time is not sent before its time.
        MessageAction::Release => {
            (outbox::plan_again(tx, &m.id, MessageState::Held, now.max(m.due_at), &reason).await?, Action::Released)
        }
        MessageAction::Retry => {
            (outbox::plan_again(tx, &m.id, MessageState::Failed, now, &reason).await?, Action::TriedAgain)
        }
        MessageAction::Arrived => {
            (outbox::settle_doubt(tx, &m.id, MessageState::Sent, &reason, now).await?, Action::ConfirmedArrival)
        }
        MessageAction::SendAgain => {
            (outbox::plan_again(tx, &m.id, MessageState::InDoubt, now, &reason).await?, Action::SentAgain)
        }
    };
    if !done {
        return Ok(false);
    }
    if let Some(contact) = &m.contact_id {
        claim::look_again(tx, contact, now).await?;
    }
    ctx.journal(tx, by, verb, m.lane.round(), m.about(), &format!("{} {}", m.kind.label(), m.number)).await?;
    Ok(true)
}

fn is_done(action: MessageAction, state: MessageState) -> bool {
    match action {
        MessageAction::Hold => state == MessageState::Held,
        MessageAction::Release | MessageAction::Retry | MessageAction::SendAgain => state == MessageState::Planned,
        MessageAction::Arrived => state == MessageState::Sent,
    }
}

/// The policy for invitations in doubt: after 24 hours without a sign of arrival the same message goes once more, under the
/// same Message-ID. An answer begun is a sign of arrival. Warm-ups wait for a person; reminders are never repeated.
/// How many were resolved.
pub struct ResolveDoubts;

impl Order for ResolveDoubts {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<u64> {
        let now = ctx.clock.now();
        let mut resolved = 0;
        for round in rounds::in_state(tx, RoundState::Running).await? {
            for m in outbox::in_doubt_since(tx, &round.id, MessageKind::Invitation, now.plus(-DOUBT_LASTS), 500).await?
            {
                let Some(contact) = &m.contact_id else { continue };
                let read = contacts::person(tx, contact).await;
                let read = ctx.alone(Reach::Piece, &format!("contact {contact}"), read)?;
                let Some(person) = read.flatten() else { continue };
                let sign_of_arrival = person.started_at.is_some() || person.opted_out_at.is_some();
                let verb = match settle_doubt(m.kind, m.settled_at.unwrap_or(now), sign_of_arrival, now) {
                    Doubt::Arrived => {
                        outbox::settle_doubt(tx, &m.id, MessageState::Sent, &MessageReason::LinkUsed, now).await?;
                        Action::ConfirmedArrival
                    }
                    Doubt::Repeat => {
                        outbox::plan_again(tx, &m.id, MessageState::InDoubt, now, &MessageReason::NoSignOfArrival)
                            .await?;
                        Action::Repeats
                    }
                    Doubt::Stays => continue,
                };
                ctx.journal(tx, by, verb, Some(&round.id), contact, m.kind.label()).await?;
                resolved += 1;
            }
        }
        Ok(resolved)
    }
}
