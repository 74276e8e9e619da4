//! Contacts who cannot be reached become tasks.
//!
//! A task is opened where the address is found dead or the departure is heard of, in that transaction, and closed where it is settled,
//! whoever settles it.

use crate::base::address::EmailAddress;
use crate::base::problem::Result;
use crate::rules::handover::events::{EventData, EventKind};
use crate::rules::journal::Actor;
use crate::rules::message::Lane;
use crate::rules::repair as rule;
use crate::rules::repair::TaskKind;
use crate::rules::sending::reason::MessageReason;
use crate::steps::completion::told;
use crate::steps::context::Ctx;
use crate::steps::plan::facts::facts_of_person;
use crate::store::contacts::{self, Person, accounts, facts};
use crate::store::repair::tasks::{self, Task};
use crate::store::sending::outbox;
use crate::store::{Tx, repair as requests};

use super::contact_tasks::{open_of, repairer};
use super::requests::ask_repairer;

/// An address was found dead: somebody is to correct it. `why`: the server's own words. Once, however often it bounces.
pub(crate) async fn address_bounced(ctx: &Ctx, tx: &mut Tx, person: &Person, why: &str) -> Result<()> {
    if person.left_at.is_some() {
        return Ok(());
    }
    open(ctx, tx, person, TaskKind::Correct, why, &[], &Actor::Program).await
}

/// Somebody has left: a successor is to be found, and the address is nobody's any more. `write_to`: what the reply asks to write to
/// instead.
pub(crate) async fn has_left(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    why: &str,
    write_to: &[String],
    actor: &Actor,
) -> Result<()> {
    tasks::close(tx, &person.id, TaskKind::Correct, actor.as_str(), "has left the company", ctx.clock.now()).await?;
    open(ctx, tx, person, TaskKind::Replace, why, write_to, actor).await
}

/// Somebody is not whom to ask, as was said on the telephone: somebody else is to be found.
pub(crate) async fn wrong_person(ctx: &Ctx, tx: &mut Tx, person: &Person, why: &str, actor: &Actor) -> Result<()> {
    open(ctx, tx, person, TaskKind::Replace, why, &[], actor).await
}

/// The news of a departure was wrong. An address that was dead before the news came is dead still.
pub(crate) async fn has_not_left(ctx: &Ctx, tx: &mut Tx, person: &Person, actor: &Actor) -> Result<()> {
    facts::set_left(tx, &person.id, false, ctx.clock.now()).await?;
    settled(ctx, tx, person, "has not left after all", actor).await?;
    match contacts::person(tx, &person.id).await? {
        Some(dead) if dead.undeliverable_at.is_some() => {
            let why = dead.undeliverable_reason.clone().unwrap_or_default();
            address_bounced(ctx, tx, &dead, &why).await
        }
        _ => Ok(()),
    }
}

async fn open(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    kind: TaskKind,
    why: &str,
    write_to: &[String],
    actor: &Actor,
) -> Result<()> {
    // That nobody is asked to repair him would say that he has answered.
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    if !rule::is_worth_repairing(&told::facts(&live, facts_of_person(person))) {
        return Ok(());
    }
    let now = ctx.clock.now();
    let good = |text: &&String| EmailAddress::parse(text).is_ok_and(|a| a.key() != person.email.key());
    let task = Task {
        id: ctx.ids.id(now),
        round_id: person.round_id.clone(),
        contact_id: person.id.clone(),
        kind,
        why: why.into(),
        proposed: write_to.iter().filter(good).cloned().collect::<Vec<_>>().join("\n"),
        opened_at: now,
        opened_by: actor.into(),
        closed_at: None,
        closed_by: None,
        outcome: None,
    };
    if tasks::open(tx, &task).await?
        && let Some(account) = accounts::by_id(tx, &person.account_id).await?
    {
        tell(ctx, tx, &task).await?;
        ask_repairer(ctx, tx, &account).await?;
    }
    Ok(())
}

async fn tell(ctx: &Ctx, tx: &mut Tx, task: &Task) -> Result<()> {
    if !ctx.tells(EventKind::RepairOpened) {
        return Ok(());
    }
    let Some(round) = ctx.told_round(tx, Some(&task.round_id)).await? else { return Ok(()) };
    let (repair, contact, kind) = (&task.id, &task.contact_id, task.kind.as_str());
    let data = EventData::Repair { round: &round, repair, contact, kind };
    ctx.event(tx, EventKind::RepairOpened, Some(&task.round_id), &data).await
}

/// Whether somebody is asked for this about the contact.
pub(crate) async fn is_open(tx: &mut Tx, person: &Person, kind: TaskKind) -> Result<bool> {
    let all = tasks::of_contact(tx, &person.id).await?;
    Ok(all.iter().any(|task| task.kind == kind && task.closed_at.is_none()))
}

/// Whatever was to be repaired about this contact is done. Stops asking a repairer who has nothing left.
pub(crate) async fn settled(ctx: &Ctx, tx: &mut Tx, person: &Person, outcome: &str, actor: &Actor) -> Result<bool> {
    settled_of(ctx, tx, person, &TaskKind::ALL, outcome, actor).await
}

/// Nobody else is to be found in the place of this contact. A dead address is to be corrected as before.
pub(crate) async fn is_right_person(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    outcome: &str,
    actor: &Actor,
) -> Result<()> {
    facts::set_not_chased(tx, &person.id, false, ctx.clock.now()).await?;
    settled_of(ctx, tx, person, &[TaskKind::Replace], outcome, actor).await?;
    Ok(())
}

/// The address is right after all. Whether this contact is whom to ask is another question.
pub(crate) async fn address_is_right(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    outcome: &str,
    actor: &Actor,
) -> Result<bool> {
    settled_of(ctx, tx, person, &[TaskKind::Correct], outcome, actor).await
}

async fn settled_of(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    kinds: &[TaskKind],
    outcome: &str,
    actor: &Actor,
) -> Result<bool> {
    let now = ctx.clock.now();
    let mut any = false;
    for kind in kinds {
        any |= tasks::close(tx, &person.id, *kind, actor.as_str(), outcome, now).await?;
    }
    if any
        && let Some(account) = accounts::by_id(tx, &person.account_id).await?
        && let Some(request) = requests::of_person(tx, &person.round_id, &repairer(&account).1).await?
        && open_of(tx, &request).await?.is_empty()
    {
        requests::set_next_ask(tx, &request.id, None).await?;
        outbox::withdraw_of_subject(
            tx,
            &Lane::from(&request.round_id),
            &request.id,
            &MessageReason::NothingLeftToRepair,
            now,
        )
        .await?;
    }
    Ok(any)
}
