//! What a message to a contact said and in whose name, told afterwards: the settings and words of the round as they were when it left.
//!
//! Nothing is kept per message but the version of the round at its mark; the words are kept once per change, and the letter is made again.
//! Names are those of today, and no link in it is the contact's own.

use std::collections::HashMap;
use std::sync::Arc;

use crate::base::ids::MessageId;
use crate::base::problem::Result;
use crate::rules::message::MessageState;
use crate::rules::round::Sender;
use crate::steps::completion::told;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::contacts::{self, Person};
use crate::store::sending::outbox::{self, Message};

use super::compose;
use super::wording::sender_to;

/// With which words a message is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// Those it left with.
    Then,
    /// It has not left: those it would leave with now.
    Now,
    /// It left before words were kept; these are the ones of now.
    NotKept,
}

/// A message as its reader has it before him.
pub struct ShownMessage {
    pub message: Message,
    pub person: Person,
    pub from: Sender,
    pub subject: String,
    pub text: String,
    pub html: String,
    pub wording: Wording,
}

/// A message of this round to a contact, or none when there is none of this id.
pub async fn shown(ctx: &Ctx, live: &Arc<Live>, message: &MessageId) -> Result<Option<ShownMessage>> {
    let mut tx = ctx.db.read().await?;
    let Some(message) = outbox::by_id(&mut tx, message).await?.filter(|m| m.lane == live.lane()) else {
        return Ok(None);
    };
    let Some(contact) = &message.contact_id else { return Ok(None) };
    let Some(person) = contacts::person(&mut tx, contact).await? else { return Ok(None) };
    // Letters may say that somebody has begun.
    let person = told::person(live, person);
    let (then, wording) = as_it_was(ctx, &mut tx, live, &message).await?;
    let (from, letter) = compose::shown(ctx, &then, &person, &message)?;
    let (subject, text, html) = (letter.subject, letter.text, letter.html);
    Ok(Some(ShownMessage { message, person, from, subject, text, html, wording }))
}

async fn as_it_was(ctx: &Ctx, tx: &mut Tx, live: &Arc<Live>, m: &Message) -> Result<(Arc<Live>, Wording)> {
    use MessageState::{Claimed, Held, Planned};
    if m.marked_at.is_none() || matches!(m.state, Planned | Claimed | Held) {
        return Ok((live.clone(), Wording::Now));
    }
    let Some(version) = m.round_version else { return Ok((live.clone(), Wording::NotKept)) };
    Ok(match ctx.live_at(tx, live, version).await? {
        Some(then) => (then, Wording::Then),
        None => (live.clone(), Wording::NotKept),
    })
}

/// A round as it was when messages of it left. Rounds change seldom: the messages of one page know few versions, and each is read once.
#[derive(Default)]
pub(crate) struct Versions(HashMap<Option<i64>, Arc<Live>>);

impl Versions {
    /// In whose name a message to a contact of the round left, or would leave.
    pub async fn sender(
        &mut self,
        ctx: &Ctx,
        tx: &mut Tx,
        live: &Arc<Live>,
        person: &Person,
        m: &Message,
    ) -> Result<Sender> {
        let left_with = m.round_version.filter(|_| m.state.may_have_arrived() || m.state == MessageState::Failed);
        let then = match self.0.get(&left_with) {
            Some(then) => then.clone(),
            None => as_it_was(ctx, tx, live, m).await?.0,
        };
        let sender = sender_to(&then, person, m.kind, m.number as u32);
        self.0.insert(left_with, then);
        Ok(sender)
    }
}

/// In whose name each of these messages to a contact left, or would leave, by the message's id.
pub async fn senders(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Arc<Live>,
    person: &Person,
    messages: &[Message],
) -> Result<HashMap<MessageId, Sender>> {
    let (mut versions, mut senders) = (Versions::default(), HashMap::new());
    for m in messages {
        senders.insert(m.id.clone(), versions.sender(ctx, tx, live, person, m).await?);
    }
    Ok(senders)
}
