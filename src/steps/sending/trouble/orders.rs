//! What a person says about an incident: it was our trouble, so that everything concluded in it is undone and what was refused is tried
//! again; or the refusals were right.
//!
//! Only what was refused, at once or by a report, is tried again: never what may have arrived once (promise 3).

use std::collections::BTreeSet;

use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::ids::{RefusalId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::message::{MessageKind, MessageState};
use crate::rules::plan::Reason;
use crate::rules::round::RoundState;
use crate::rules::sending::reason::MessageReason;
use crate::rules::sending::trouble::{RefusedMessage, may_go_again};
use crate::steps::contacts::addresses;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::repair::requests::ensure_repair_requests;
use crate::steps::sending::pace::gateway_holds::release_if_held_since;
use crate::store::contacts::{self, addresses as known_addresses};
use crate::store::round::rounds;
use crate::store::sending::trouble::{ConcernedMessage, Incident};
use crate::store::sending::{claim, outbox, trouble as store};
use crate::store::{Tx, replies};

use super::alarms::by_prefix;
use super::holds::{lift, place};

/// It was not the addresses: they live, and what was refused is planned again under its key. Returns how many messages are tried again.
pub struct RetryRefused {
    pub incident: String,
}

impl Order for RetryRefused {
    type Done = usize;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<usize> {
        let now = ctx.clock.now();
        let incident = judged(tx, by, &self.incident, "ours", now).await?;
        let concerned = store::of_incident(tx, &incident.id).await?;
        let (mut again, mut revived) = (0, BTreeSet::new());
        for c in &concerned {
            if c.dead.0 && revived.insert(c.email_key.as_str()) {
                addresses::was_never_dead(ctx, tx, &c.email_key, c.at, by).await?;
            }
            again += usize::from(again_for(ctx, tx, c, now).await?);
        }
        // Whoever was held for the same words alone is held no longer.
        let gateways: BTreeSet<&str> = concerned.iter().map(|c| c.gateway.as_str()).collect();
        let first = concerned.iter().map(|c| c.at).min().unwrap_or(incident.at);
        for gateway in gateways {
            release_if_held_since(ctx, tx, gateway, first).await?;
        }
        lift(ctx, tx, &incident, by, "it was our trouble").await?;
        let detail = format!(
            "{} tried again, {} again",
            counted(again, "message is", "messages are"),
            counted(revived.len(), "address lives", "addresses live")
        );
        ctx.journal(tx, by, Action::SaidItWasOurTrouble, None, incident.id.as_str(), &detail).await?;
        Ok(again)
    }
}

/// Plans one refused message anew. False where it is not refused any more, may have arrived, or has lost its sense.
/// It goes before whatever was planned for the contact meanwhile; a second one that was refused follows when it has gone.
async fn again_for(ctx: &Ctx, tx: &mut Tx, c: &ConcernedMessage, now: Ts) -> Result<bool> {
    if matches!(c.kind, MessageKind::Login | MessageKind::SignCode) || is_over(tx, c.lane.round()).await? {
        return Ok(false);
    }
    let Some(known) = store::refused(tx, &c.id).await? else { return Ok(false) };
    let came_back = store::verdicts(tx, &c.message_id).await?;
    if !may_go_again(&as_rule(&known, &came_back)) {
        return Ok(false);
    }
    if known.state == MessageState::Sent {
        replies::came_back(tx, &c.message_id, &MessageReason::CameBack(String::new()), now).await?;
    }
    let why = &MessageReason::TriedAgainAfterTrouble;
    let Some(contact) = &c.contact_id else {
        return outbox::plan_again(tx, &c.message_id, MessageState::Failed, now, why).await;
    };
    // Who has opted out or is off the list meanwhile stays so: the plan looks and finds nothing to do.
    let person = contacts::person(tx, contact).await?;
    let is_asked = person.is_some_and(|p| p.opted_out_at.is_none() && p.removed_at.is_none());
    let first = !store::another_goes_again(tx, contact, &c.message_id).await?;
    let reopened = if first && is_asked {
        outbox::withdraw_of_contact(tx, contact, &Reason::Superseded.into(), now).await?;
        outbox::plan_again(tx, &c.message_id, MessageState::Failed, now, why).await?
    } else {
        store::reopen(tx, &c.message_id, &MessageReason::TroubleWasOurs, now).await?
    };
    if reopened && is_asked {
        claim::look_again(tx, contact, now).await?;
        let kind = c.kind.label();
        ctx.journal(tx, &Actor::Program, Action::PlansRefusedAgain, c.lane.round(), contact, kind).await?;
    }
    Ok(reopened)
}

/// The same for one refusal that is heard after somebody has said so.
pub(super) async fn again_after(ctx: &Ctx, tx: &mut Tx, refusal: &RefusalId) -> Result<()> {
    if let Some(concerned) = store::by_refusal(tx, refusal).await? {
        again_for(ctx, tx, &concerned, ctx.clock.now()).await?;
    }
    Ok(())
}

fn as_rule<'a>(known: &store::Refused, came_back: &'a [String]) -> RefusedMessage<'a> {
    let since = [known.started_at, known.completed_at, known.opted_out_at];
    RefusedMessage {
        state: known.state,
        doubted: known.doubted_at.is_some(),
        marked_at: known.marked_at,
        left_at: known.left_at,
        heard_at: known.heard_at,
        came_back,
        last_act: since.into_iter().flatten().max(),
    }
}

/// The addresses are dead indeed, and the other refusals stand. Whoever looks after the accounts is asked from now on.
pub struct ConfirmRefusals {
    pub incident: String,
}

impl Order for ConfirmRefusals {
    type Done = usize;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<usize> {
        let now = ctx.clock.now();
        let incident = judged(tx, by, &self.incident, "theirs", now).await?;
        let concerned = store::of_incident(tx, &incident.id).await?;
        let (mut dead, mut rounds) = (BTreeSet::new(), BTreeSet::new());
        for c in &concerned {
            rounds.extend(c.lane.round().cloned());
            // Whoever was given this address meanwhile is stopped now.
            if c.dead.0 && dead.insert(c.email_key.as_str()) {
                addresses::found_dead(ctx, tx, &c.to_email, &incident.said).await?;
                // Nobody was asked about it in the other rounds either.
                for contact in known_addresses::contacts(tx, &c.email_key).await? {
                    rounds.extend(contacts::person(tx, &contact).await?.map(|person| person.round_id));
                }
            }
        }
        for round in rounds {
            if !is_over(tx, Some(&round)).await? {
                ensure_repair_requests(ctx, tx, &round).await?;
            }
        }
        lift(ctx, tx, &incident, by, "the refusals are right").await?;
        let detail = counted(dead.len(), "address is dead", "addresses are dead");
        ctx.journal(tx, by, Action::ConfirmedRefusals, None, incident.id.as_str(), &detail).await?;
        Ok(dead.len())
    }
}

async fn is_over(tx: &mut Tx, round: Option<&RoundId>) -> Result<bool> {
    let Some(round) = round else { return Ok(false) };
    Ok(rounds::brief_by_id(tx, round).await?.is_some_and(|round| round.state == RoundState::Closed))
}

/// Takes a person's word, once.
async fn judged(tx: &mut Tx, by: &Actor, id: &str, outcome: &str, now: Ts) -> Result<Incident> {
    let incident = by_prefix(tx, id).await?;
    if !store::settle(tx, &incident.id, by.as_str(), outcome, now).await? {
        let what = format!("Somebody has decided about mail {} already.", place(&incident.scope));
        return Err(Problem::refused(what, "Reload the page to see what became of it."));
    }
    Ok(incident)
}
