//! What comes back: read once, understood, acted upon, in one transaction with the note that it was read.
//!
//! A mail is known by its content: read again after a crash, delivered fifty times or found anew under other numbers, it does its work once
//! (F25). A mail that cannot be read or acted upon is put aside with what is known of it and stops no other (S25). What does not prove
//! which message it speaks of changes nothing (S26). Nothing is ever answered by itself (M06).

use std::panic::catch_unwind;
use std::sync::Arc;
use std::time::Duration;

use tracing::{error, warn};

use crate::base::ids::{MessageId, is_id};
use crate::base::problem::{Kind, Problem, Result};
use crate::base::seal::sha256;
use crate::base::verp;
use crate::mail::incoming;
use crate::rules::journal::Actor;
use crate::rules::replies::Incoming;
use crate::rules::replies::verdict::Proof;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::replies::{self, Reply};
use crate::store::sending::outbox::{self, Message};

use super::text::line;
use super::{effects, kept};

/// A mail, and where it was found.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Its bytes, or why they are not to be had.
    pub content: Result<Vec<u8>, String>,
    /// None: handed over, and in no mailbox.
    pub place: Option<MailboxPlace>,
}

#[derive(Clone, Debug)]
pub struct MailboxPlace {
    pub mailbox: Arc<str>,
    pub uid_validity: i64,
    pub uid: i64,
}

/// A mail as it was understood.
struct Parsed {
    hash: String,
    place: Option<MailboxPlace>,
    incoming: Result<Incoming, String>,
}

/// A mail alone is tried so often before it is put aside, since databases stumble too.
const TRIES: u32 = 2;

/// Reads mails and acts upon them. When this returns, what they say is committed, and with it how far the mailbox is read.
pub async fn take(ctx: &Ctx, mails: Vec<Mail>) -> Result<()> {
    if mails.is_empty() {
        return Ok(());
    }
    let parsed = tokio::task::spawn_blocking(|| mails.into_iter().map(parse).collect::<Vec<_>>()).await;
    let parsed: Vec<Arc<Parsed>> = parsed
        .map_err(|e| Problem::internal("Mails that came back could not be read.").because(e))?
        .into_iter()
        .map(Arc::new)
        .collect();
    match ctx.order(&Actor::Program, TakeMails { mails: parsed.clone() }).await {
        Err(problem) if problem.kind == Kind::Unavailable => return Err(problem),
        Err(problem) => {
            warn!(cause = ?problem.cause, "mails that came back could not be acted upon, trying them one by one: {problem}");
            for mail in parsed {
                take_alone(ctx, mail).await?;
            }
        }
        Ok(()) => {}
    }
    Ok(())
}

/// A mail that may be the one that failed. What fails again and again is put aside.
async fn take_alone(ctx: &Ctx, mail: Arc<Parsed>) -> Result<()> {
    let mut last = String::new();
    for nth in 0..TRIES {
        if nth > 0 {
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        match ctx.order(&Actor::Program, TakeMails { mails: vec![mail.clone()] }).await {
            Ok(()) => return Ok(()),
            Err(problem) if problem.kind == Kind::Unavailable => return Err(problem),
            Err(problem) => {
                error!(cause = ?problem.cause, hash = mail.hash, "a mail that came back could not be acted upon: {problem}");
                last = problem.to_string();
            }
        }
    }
    let aside = Parsed { hash: mail.hash.clone(), place: mail.place.clone(), incoming: Err(last) };
    ctx.order(&Actor::Program, TakeMails { mails: vec![Arc::new(aside)] }).await
}

fn parse(mail: Mail) -> Parsed {
    let (hash, incoming) = match &mail.content {
        // A mistake in the reading of one mail must not stop the others.
        Ok(bytes) => {
            let read = catch_unwind(|| incoming::read(bytes));
            (sha256(bytes), read.map_err(|_| "Its bytes cannot be understood.".to_string()))
        }
        Err(why) => (sha256(format!("{:?} {why}", mail.place)), Err(why.clone())),
    };
    Parsed { hash, place: mail.place, incoming }
}

/// Acts upon mails that were read, and notes how far the mailbox is read.
struct TakeMails {
    mails: Vec<Arc<Parsed>>,
}

impl Order for TakeMails {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        for mail in &self.mails {
            take_in(ctx, tx, mail).await?;
        }
        // In the order of their numbers, so the last one says how far the mailbox is read.
        if let Some(p) = self.mails.last().and_then(|mail| mail.place.as_ref()) {
            replies::move_cursor(tx, &p.mailbox, p.uid_validity, p.uid, ctx.clock.now()).await?;
        }
        Ok(())
    }
}

async fn take_in(ctx: &Ctx, tx: &mut Tx, mail: &Parsed) -> Result<()> {
    if replies::is_known(tx, &mail.hash).await? {
        return Ok(());
    }
    let now = ctx.clock.now();
    let blank = Reply {
        id: ctx.ids.id(now),
        hash: mail.hash.clone(),
        read_at: now,
        round_id: None,
        contact_id: None,
        message_id: None,
        verdict: "unreadable".into(),
        state: "open".into(),
        from_name: String::new(),
        from_email: String::new(),
        subject: String::new(),
        words: String::new(),
        why: String::new(),
        write_to: String::new(),
        handled_at: None,
        handled_by: None,
        note: None,
        away_until: None,
        new_email: None,
        own_id: None,
        owner: None,
        rests_until: None,
        written_on: None,
        version: 0,
    };
    match &mail.incoming {
        Err(why) => kept::keep(ctx, tx, &Reply { why: line(why, 500), ..blank }).await,
        Ok(incoming) => {
            let about = message_of(ctx, tx, incoming).await?;
            effects::act(ctx, tx, incoming, about, blank).await
        }
    }
}

/// Which message of ours a mail speaks of, and what shows it.
async fn message_of(ctx: &Ctx, tx: &mut Tx, mail: &Incoming) -> Result<Option<(Message, Proof)>> {
    if let Some(ours) = &ctx.replies {
        for address in &mail.delivered_to {
            let Some(token) = verp::opened(&ctx.key, ours, address) else { continue };
            if let Some(message) = outbox::by_id(tx, &token.id).await? {
                let proof = if token.went_to(&message.to_email) { Proof::Token } else { Proof::OldToken };
                return Ok(Some((message, proof)));
            }
        }
    }
    for id in &mail.message_ids {
        let local = id.split('@').next().unwrap_or_default();
        if is_id(local)
            && let Some(message) = outbox::by_id(tx, &MessageId::from(local)).await?
        {
            return Ok(Some((message, Proof::MessageId)));
        }
    }
    Ok(None)
}
