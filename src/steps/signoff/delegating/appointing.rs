//! Letting somebody sign for somebody else, for whatever reason: he gets a link of his own, is mailed, and it is on record; and ending it.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::evidence::{DelegationLine, DelegationRecord, EndRecord, delegated, delegation_ended};
use crate::rules::journal::{Action, Actor};
use crate::rules::signoff as rule;
use crate::rules::signoff::delegation::Why;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::signoff as requests;
use crate::store::signoff::delegations::{self, Delegation};
use crate::store::signoff::looks;

use crate::steps::signoff::asking::requests::{asked_about, ensure_stand_in};
use crate::steps::signoff::signing::finish_request;

/// Puts a delegation down that is found to be a right one, and asks whoever it is to at `ask_at`. Whoever is asked as a colleague is chased
/// instead of the one for whom he signs.
pub(in crate::signoff) async fn appoint(ctx: &Ctx, tx: &mut Tx, d: &Delegation, ask_at: Ts) -> Result<()> {
    delegations::add(tx, d).await?;
    let by = match d.why {
        Why::Colleague => Actor::signer(d.level, &d.of_email),
        Why::Deputy | Why::RegionalHead => Actor::Program,
    };
    let detail = delegated(&record(d));
    ctx.journal(tx, &by, Action::Delegated, Some(&d.round_id), &subject(d), &detail).await?;
    ensure_stand_in(ctx, tx, &d.round_id, d.level, (&d.to_name, &d.to_email), ask_at).await?;
    if d.why == Why::Colleague {
        for own in requests::of_people(tx, &d.round_id, d.level, &[d.of_email.as_str()]).await? {
            finish_request(ctx, tx, &own).await?;
        }
    }
    Ok(())
}

/// Ends a delegation. What is signed stays, and whoever was asked for somebody is not asked any more. Who has ended it himself is asked again
/// as somebody who was asked today, for he knows that his list waits; where the program has, at once.
pub(in crate::signoff) async fn dismiss(ctx: &Ctx, tx: &mut Tx, d: &Delegation, by: &str, actor: &Actor) -> Result<()> {
    let now = ctx.clock.now();
    delegations::end(tx, &d.id, by, now).await?;
    let end = EndRecord { delegation: d.id.clone(), by: by.into(), at: now };
    let whom = format!("{} <{}> for {}", d.to_name, d.to_email, d.of_email);
    let detail = delegation_ended(&end, &whom);
    ctx.journal(tx, actor, Action::EndedDelegation, Some(&d.round_id), &subject(d), &detail).await?;
    for other in requests::of_people(tx, &d.round_id, d.level, &[d.to_email.as_str()]).await? {
        finish_request(ctx, tx, &other).await?;
    }
    // Who has a deputy was asked all along.
    if d.why != Why::Colleague {
        return Ok(());
    }
    let live = ctx.live_by_id(tx, &d.round_id).await?;
    let knows = rule::next_chase(&live.sequence.home(), &live.spec.signoff, 0, now).unwrap_or(now);
    let ask_at = if matches!(actor, Actor::Program) { now } else { knows };
    for own in requests::of_people(tx, &d.round_id, d.level, &[d.of_email.as_str()]).await? {
        if !asked_about(tx, &own).await?.is_empty() {
            requests::ask_again(tx, &d.round_id, d.level, &d.of_email, ask_at).await?;
        }
    }
    Ok(())
}

/// Somebody takes no mail: whoever has asked him to sign is asked again himself, and in the place of a deputy or regional head the next one
/// of the round is asked. Where he was to sign his own, somebody else is asked.
pub(crate) async fn takes_no_mail(ctx: &Ctx, tx: &mut Tx, address: &EmailAddress) -> Result<()> {
    for d in delegations::taken_at(tx, &address.key()).await? {
        dismiss(ctx, tx, &d, "the program: the address takes no mail", &Actor::Program).await?;
    }
    looks::plan_at(tx, &address.key(), ctx.clock.now()).await
}

/// It takes mail after all: who was taken for unreachable is asked again where he is still needed.
pub(crate) async fn takes_mail_again(ctx: &Ctx, tx: &mut Tx, email_key: &str) -> Result<()> {
    looks::plan_at(tx, email_key, ctx.clock.now()).await
}

/// The account; of all accounts, whose they are.
fn subject(d: &Delegation) -> String {
    d.account_id.as_ref().map_or_else(|| d.of_email.to_string(), ToString::to_string)
}

fn record(d: &Delegation) -> DelegationRecord {
    DelegationRecord {
        id: d.id.clone(),
        level: d.level,
        of: d.of_email.as_str().into(),
        account: d.account_id.clone(),
        to_name: d.to_name.clone(),
        to_email: d.to_email.as_str().into(),
        why: d.why,
        by: d.by_whom.clone(),
        came_from: d.came_from.clone(),
        at: d.at,
    }
}

/// As an evidence file has it.
pub(crate) fn line(n: u64, d: &Delegation) -> DelegationLine {
    let ended =
        d.ended_at.map(|at| EndRecord { delegation: d.id.clone(), by: d.ended_by.clone().unwrap_or_default(), at });
    DelegationLine::new(n, record(d), ended)
}
