//! What is found out about an address, wherever it is found out: refused by a server while we send, or reported back days later.
//!
//! Promise 7: an address bounces, not a person. A dead address stops whoever is listed under it, in every round that is not over, and a
//! corrected one starts clean.

use std::collections::HashMap;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::{Finding, ListedContact, Severity};
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::Ctx;
use crate::steps::repair::tasks;
use crate::steps::signoff::delegating::appointing;
use crate::store::Tx;
use crate::store::contacts::addresses::{self, DeadAddress};
use crate::store::contacts::{self, Person, facts};
use crate::store::sending::{claim, outbox};

/// The address is proven dead: nothing more goes there until it is corrected.
pub(crate) async fn found_dead(ctx: &Ctx, tx: &mut Tx, address: &EmailAddress, why: &str) -> Result<()> {
    let key = address.key();
    addresses::mark_dead(tx, &key, why, ctx.clock.now()).await?;
    for id in addresses::contacts(tx, &key).await? {
        if let Some(person) = contacts::person(tx, &id).await?.filter(|p| p.undeliverable_at.is_none()) {
            stop(ctx, tx, &person, why).await?;
        }
    }
    appointing::takes_no_mail(ctx, tx, address).await
}

/// Where the person has another address by now, what the old one refused goes to the new one.
pub(crate) async fn reopen_if_corrected(
    ctx: &Ctx,
    tx: &mut Tx,
    contact: &ContactId,
    refused: &EmailAddress,
) -> Result<()> {
    let now = ctx.clock.now();
    let person = contacts::person(tx, contact).await?;
    if person.is_some_and(|p| p.email.key() != refused.key()) {
        outbox::reopen_refused(tx, contact, &Reason::AddressCorrected.into(), now).await?;
        claim::look_again(tx, contact, now).await?;
    }
    Ok(())
}

/// Nothing more goes to this person, and somebody is asked for the right address.
async fn stop(ctx: &Ctx, tx: &mut Tx, person: &Person, why: &str) -> Result<()> {
    let now = ctx.clock.now();
    facts::mark_undeliverable(tx, &person.id, why, now).await?;
    outbox::withdraw_of_contact(tx, &person.id, &Reason::Undeliverable.into(), now).await?;
    tasks::address_bounced(ctx, tx, person, why).await?;
    ctx.journal(tx, &Actor::Program, Action::FoundUndeliverable, Some(&person.round_id), &person.id, why).await
}

/// Somebody was given this address just now: when it is known to be dead, nothing goes there.
pub(crate) async fn given(ctx: &Ctx, tx: &mut Tx, contact: &ContactId, address: &EmailAddress) -> Result<()> {
    let key = address.key();
    let Some(dead) = addresses::dead(tx, std::slice::from_ref(&key)).await?.remove(&key) else { return Ok(()) };
    match contacts::person(tx, contact).await? {
        Some(person) => stop(ctx, tx, &person, &dead.dead_because).await,
        None => Ok(()),
    }
}

/// Of the rows of a list, those whose address is known to be dead.
pub(crate) async fn dead_in(tx: &mut Tx, rows: &[ListedContact]) -> Result<HashMap<String, DeadAddress>> {
    let keys: Vec<String> = rows.iter().map(|row| row.email.key()).collect();
    addresses::dead(tx, &keys).await
}

/// What a director sees beside a name whose address is known to be dead.
pub(crate) fn finding(row: &ListedContact, dead: &DeadAddress) -> Finding {
    let day = dead.dead_at.utc().format("%-d %B %Y");
    Finding {
        line: row.line,
        code: "address_dead".into(),
        severity: Severity::Warning,
        field: "email".into(),
        value: row.email.as_str().into(),
        message: format!(
            "Row {}: {} did not take a mail of {day}: {} Correct the address, or remove the row.",
            row.line,
            row.email,
            sentence(&dead.dead_because)
        ),
    }
}

fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.ends_with(['.', '!', '?']) { text.into() } else { format!("{text}.") }
}

/// What made the address dead since then was trouble of our own: whoever was stopped by it is planned for again.
pub(crate) async fn was_never_dead(ctx: &Ctx, tx: &mut Tx, key: &str, since: Ts, actor: &Actor) -> Result<()> {
    let now = ctx.clock.now();
    let dead = addresses::dead(tx, &[key.to_string()]).await?.remove(key);
    if dead.is_some_and(|dead| dead.dead_at >= since) {
        addresses::revive(tx, key).await?;
    }
    for id in addresses::contacts(tx, key).await? {
        let stopped = contacts::person(tx, &id).await?;
        let by_it = |p: &Person| p.undeliverable_at.is_some_and(|at| at >= since) && p.left_at.is_none();
        let Some(person) = stopped.filter(by_it) else { continue };
        facts::mark_deliverable(tx, &id, now).await?;
        tasks::address_is_right(ctx, tx, &person, "it was our trouble", actor).await?;
        let what = Action::FoundRightAfterAll;
        ctx.journal(tx, actor, what, Some(&person.round_id), &id, "it was our trouble").await?;
    }
    appointing::takes_mail_again(ctx, tx, key).await
}

/// Somebody knows better: the address takes mail. Whoever is listed under it is planned for again.
pub(crate) async fn lives(ctx: &Ctx, tx: &mut Tx, address: &EmailAddress, why: &str, actor: &Actor) -> Result<()> {
    let (now, key) = (ctx.clock.now(), address.key());
    addresses::revive(tx, &key).await?;
    for id in addresses::contacts(tx, &key).await? {
        let stopped = contacts::person(tx, &id).await?;
        let Some(person) = stopped.filter(|p| p.undeliverable_at.is_some() && p.left_at.is_none()) else { continue };
        facts::mark_deliverable(tx, &id, now).await?;
        outbox::reopen_refused(tx, &id, &MessageReason::AddressConfirmed, now).await?;
        claim::look_again(tx, &id, now).await?;
        tasks::address_is_right(ctx, tx, &person, "the address is right after all", actor).await?;
        ctx.journal(tx, actor, Action::ConfirmedAddress, Some(&person.round_id), &id, why).await?;
    }
    appointing::takes_mail_again(ctx, tx, &key).await
}
