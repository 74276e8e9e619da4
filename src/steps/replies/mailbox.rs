//! The mailbox, read to its end again and again: what is new is taken in the order of its numbers, and the cursor moves with it.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinError;
use tracing::info;

use crate::base::problem::{Problem, Result};
use crate::config::Replies;
use crate::mail::mailbox::imap::{Mailbox, MailboxEntry, batches};
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::duties::failures::Reach;
use crate::store::{Tx, replies};

use super::processing::{Mail, MailboxPlace, take};

/// Waits after the first, second, ... failure in a row; the last one repeats.
const WAITS: [u64; 5] = [5, 15, 30, 60, 300];

/// Reads the mailbox until the program stops. A mailbox that refuses is a failing duty of this name until it was read to its end again.
pub async fn read_on(ctx: Ctx, name: &'static str, settings: Replies) {
    let mut failures = 0;
    while !ctx.is_stopping() {
        // In a task of its own, so that a mistake in the protocol's library ends one connection and not the reading.
        let (c, s) = (ctx.clone(), settings.clone());
        let reading = tokio::spawn(async move { read_connection(&c, name, &s).await });
        let (read, ended) = match reading.await {
            Ok(ended) => ended,
            Err(e) => (false, Err(broken_off(e))),
        };
        let Err(problem) = ended else { continue };
        failures = if read { 1 } else { failures + 1 };
        let wait = WAITS.get(failures - 1).or(WAITS.last()).copied().unwrap_or_default();
        if read {
            // Connections end; that it cannot be opened again would be a failure.
            info!("the connection to the mailbox has ended: {problem}");
        } else {
            ctx.failed(name, &problem, Reach::Duty);
        }
        info!("{name}: The next try is in {wait} seconds.");
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(wait)) => {}
            () = ctx.told_to_stop() => {}
        }
    }
}

fn broken_off(e: JoinError) -> Problem {
    match e.try_into_panic() {
        Ok(panic) => Problem::of_panic(panic.as_ref()),
        Err(e) => Problem::internal("The reading was broken off.").because(e),
    }
}

/// One connection, as long as it lasts; whether the mailbox was read to its end on it.
async fn read_connection(ctx: &Ctx, name: &str, settings: &Replies) -> (bool, Result<()>) {
    let mut mailbox = match Mailbox::open(settings).await {
        Ok(mailbox) => mailbox,
        Err(problem) => return (false, Err(problem)),
    };
    info!(host = settings.imap_host.as_deref(), "reading what comes back");
    let mut read = false;
    loop {
        if let Err(problem) = catch_up(ctx, settings, &mut mailbox).await {
            return (read, Err(problem));
        }
        read = true;
        ctx.works_again(name, Reach::Duty);
        if ctx.is_stopping() {
            mailbox.close().await;
            return (read, Ok(()));
        }
        if let Err(problem) = mailbox.wait(ctx.told_to_stop()).await {
            return (read, Err(problem));
        }
    }
}

/// Reads all that is new, once; how many mails that were.
pub async fn read_once(ctx: &Ctx, settings: &Replies) -> Result<u64> {
    let mut mailbox = Mailbox::open(settings).await?;
    let read = catch_up(ctx, settings, &mut mailbox).await?;
    mailbox.close().await;
    Ok(read)
}

async fn catch_up(ctx: &Ctx, settings: &Replies, mailbox: &mut Mailbox) -> Result<u64> {
    let name: Arc<str> = settings.mailbox_name().unwrap_or_default().into();
    let validity = i64::from(mailbox.uid_validity);
    let cursor = replies::cursor(&mut ctx.db.read().await?, &name).await?;
    // Under another validity the numbers mean other mails: all are looked at again, and what was read is known by its content.
    let from = cursor.filter(|c| c.uid_validity == validity).map_or(0, |c| c.last_uid);
    let from =
        u32::try_from(from).map_err(|e| Problem::internal("The cursor of the mailbox is no number.").because(e))?;
    let new = mailbox.newer_than(from).await?;
    let mut read = 0;
    for batch in batches(&new) {
        if ctx.is_stopping() {
            return Ok(read);
        }
        let place =
            |uid: u32| Some(MailboxPlace { mailbox: name.clone(), uid_validity: validity, uid: i64::from(uid) });
        let mails: Vec<Mail> = fetch(mailbox, batch)
            .await?
            .into_iter()
            .map(|(uid, content)| Mail { content, place: place(uid) })
            .collect();
        read += mails.len() as u64;
        take(ctx, mails).await?;
    }
    let last = i64::from(new.last().map_or(from, |mail| mail.uid));
    ctx.order(&Actor::Program, MoveCursor { mailbox: name, validity, last }).await?;
    Ok(read)
}

/// Notes how far the mailbox is read.
struct MoveCursor {
    mailbox: Arc<str>,
    validity: i64,
    last: i64,
}

impl Order for MoveCursor {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        replies::move_cursor(tx, &self.mailbox, self.validity, self.last, ctx.clock.now()).await
    }
}

/// These mails. One that is there and cannot be had is told apart from one that somebody has deleted meanwhile.
async fn fetch(mailbox: &mut Mailbox, batch: &[MailboxEntry]) -> Result<Vec<(u32, Result<Vec<u8>, String>)>> {
    let mut found: Vec<_> = mailbox.fetch(batch).await?.into_iter().map(|(uid, bytes)| (uid, Ok(bytes))).collect();
    if let Some(first) = batch.first().filter(|_| found.len() < batch.len()) {
        let there = mailbox.newer_than(first.uid.saturating_sub(1)).await?;
        let missing = batch.iter().filter(|mail| !found.iter().any(|(uid, _)| *uid == mail.uid));
        let missing: Vec<MailboxEntry> =
            missing.filter(|mail| there.iter().any(|t| t.uid == mail.uid)).copied().collect();
        for mail in missing {
            let again = mailbox.fetch(&[mail]).await?.into_iter().next();
            let content =
                again.map(|(_, bytes)| bytes).ok_or("The mailbox has it and does not give it out.".to_string());
            found.push((mail.uid, content));
        }
        found.sort_by_key(|(uid, _)| *uid);
    }
    Ok(found)
}
