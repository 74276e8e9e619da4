//! Refusals as they are heard, and the run of the same refusal that is nobody's own trouble: what it would hit next is held, and what was
//! concluded in it waits for a person (decision 0018).
//!
//! Everything happens in the transaction in which the refusal is settled, so that the next claim finds the hold.

use tracing::{error, warn};

use crate::base::address::EmailAddress;
use crate::base::clock::{HOUR, Ts};
use crate::base::counted::counted;
use crate::base::ids::{ContactId, MessageId, RefusalId};
use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::Lane;
use crate::rules::sending::trouble as rule;
use crate::rules::sending::trouble::{
    CONFIRMED, Decision, LATE, LATELY, Taken, Told, WINDOW, Words, covers, decide, try_again_at,
};
use crate::steps::context::Ctx;
use crate::steps::repair::requests::wait_for_incident;
use crate::steps::sending::pace::standings::{gateway_of, gateways_of};
use crate::store::sending::trouble as store;
use crate::store::sending::trouble::{Incident, Refusal};
use crate::store::{Flag, Tx};

use super::holds::{place, waits};
use super::orders::again_after;

/// Refusals and arrivals that are looked at, the latest ones.
const MOST_REFUSED: i64 = 300;
const MOST_TAKEN: i64 = 1_000;
/// Fewer of the same are no run, whoever they are.
const FEWEST: usize = 3;
/// A server's words are kept up to this length.
const MOST_SAID: usize = 300;

/// A refusal for good.
pub(crate) struct NewRefusal<'a> {
    pub message: &'a MessageId,
    pub contact: Option<&'a ContactId>,
    pub to_name: &'a str,
    pub to: &'a EmailAddress,
    pub told: &'a Told,
    /// It is taken as a proof that the address is dead.
    pub dead: bool,
    /// When the message left, for a report; when it was tried first, for one that is given up after days.
    pub left_at: Option<Ts>,
}

/// Keeps a refusal, and holds mail where it makes a run. True when it tells nothing of the address: it belongs to trouble of which somebody
/// has said that it was ours, and its message is planned again.
pub(crate) async fn heard(ctx: &Ctx, tx: &mut Tx, heard: NewRefusal<'_>) -> Result<bool> {
    let now = ctx.clock.now();
    let refusal = kept(ctx, tx, &heard, now).await?;
    let words = Words::kept(&refusal.words);
    if let Some(incident) = incident_of(tx, &refusal).await? {
        let probe = incident.probe.as_ref() == Some(heard.message);
        if probe {
            let tries = incident.tries + 1;
            let at = try_again_at(u32::try_from(tries).unwrap_or(0), now);
            store::tries(tx, &incident.id, at, tries, None).await?;
        }
        let ours = incident.settled_at.is_some();
        let dead = Flag(refusal.dead.0 && !ours);
        let refusal = Refusal { incident_id: Some(incident.id), dead, ..refusal };
        store::note(tx, &refusal).await?;
        if ours {
            again_after(ctx, tx, &refusal.id).await?;
        }
        return Ok(ours);
    }
    store::forget(tx, now.plus(-HOUR)).await?;
    store::note(tx, &refusal).await?;
    let newest = as_rule(&refusal);
    let rows = store::lately(tx, now.plus(-WINDOW), MOST_REFUSED).await?;
    let same: Vec<&Refusal> = rows.iter().filter(|r| newest.is_like(&Words::kept(&r.words), r.meant)).collect();
    if same.len() < FEWEST || was_confirmed(tx, &refusal, &words, now).await? {
        return Ok(false);
    }
    let refused: Vec<rule::Refusal> = same.iter().map(|r| as_rule(r)).collect();
    let since = refused.iter().map(|r| r.at).min().unwrap_or(now);
    let taken = taken_since(tx, since).await?;
    let scope = match decide(&newest, &refused, &taken) {
        Decision::Nothing => return Ok(false),
        Decision::Hold(scope) => scope,
        Decision::HoldAll => String::new(),
    };
    // Those with which it began may be older than what a run is judged by.
    let free = store::free(tx).await?;
    let like = |r: &&Refusal| newest.is_like(&Words::kept(&r.words), r.meant);
    let members = same.iter().copied().chain(free.iter().filter(like));
    let members: Vec<&RefusalId> = members.filter(|r| covers(&scope, &r.domain, &r.gateway)).map(|r| &r.id).collect();
    open(ctx, tx, &scope, &words, &heard.told.said, &members).await?;
    Ok(false)
}

async fn kept(ctx: &Ctx, tx: &mut Tx, heard: &NewRefusal<'_>, now: Ts) -> Result<Refusal> {
    let (key, domain) = (heard.to.key(), heard.to.domain().to_lowercase());
    let before = store::taken_by(tx, &key, heard.message, now.plus(-LATELY)).await?;
    Ok(Refusal {
        id: ctx.ids.id(now),
        message_id: heard.message.clone(),
        contact_id: heard.contact.cloned(),
        words: Words::of(&heard.told.said, heard.to_name, heard.to.as_str()).to_string(),
        meant: heard.told.meant,
        known: Flag(before.iter().any(|m| m.to_email.key() == key)),
        dead: Flag(heard.dead),
        at: now,
        left_at: heard.left_at.unwrap_or(now).min(now),
        gateway: gateway_of(tx, &domain).await?,
        email_key: key,
        domain,
        incident_id: None,
    })
}

fn as_rule(r: &Refusal) -> rule::Refusal {
    rule::Refusal {
        at: r.left_at,
        address: r.email_key.clone(),
        domain: r.domain.clone(),
        gateway: r.gateway.clone(),
        words: Words::kept(&r.words),
        meant: r.meant,
        known: r.known.0,
    }
}

async fn taken_since(tx: &mut Tx, since: Ts) -> Result<Vec<Taken>> {
    let arrivals = store::taken(tx, since, MOST_TAKEN).await?;
    let mut domains: Vec<String> = arrivals.iter().map(|a| a.to_email.domain().to_lowercase()).collect();
    domains.sort_unstable();
    domains.dedup();
    let gateways = gateways_of(tx, &domains).await?;
    let taken = arrivals.into_iter().map(|a| {
        let domain = a.to_email.domain().to_lowercase();
        let gateway = gateways.get(&domain).unwrap_or(&domain).clone();
        Taken { at: a.settled_at, domain, gateway }
    });
    Ok(taken.collect())
}

/// The incident that this refusal is part of: one that holds mail now, or, where the message left before mail went again, one that is over.
/// Reports come late, also after somebody has said that it was our trouble.
async fn incident_of(tx: &mut Tx, r: &Refusal) -> Result<Option<Incident>> {
    let refusal = as_rule(r);
    let part_of = |i: &Incident| {
        let (scope, words) = (i.scope.as_str(), &Words::kept(&i.words));
        // What was tried was its message, whatever the words.
        i.probe.as_ref() == Some(&r.message_id)
            || rule::is_part_of(&refusal, rule::Known { scope, words, lifted_at: i.lifted_at })
    };
    let mut all: Vec<Incident> = store::within_reach(tx, r.at.plus(-LATE)).await?.into_iter().filter(part_of).collect();
    all.sort_by_key(|i| (i.settled_at.is_some(), i.lifted_at.is_some()));
    Ok(all.into_iter().next())
}

/// Whether somebody has said of the same refusal at the same place that it is right.
async fn was_confirmed(tx: &mut Tx, r: &Refusal, words: &Words, now: Ts) -> Result<bool> {
    let confirmed = store::confirmed(tx, now.plus(-CONFIRMED)).await?;
    Ok(confirmed.iter().any(|i| covers(&i.scope, &r.domain, &r.gateway) && words.are_like(&Words::kept(&i.words))))
}

/// Holds what the run would hit next, and takes back what senders have in hand of it.
async fn open(ctx: &Ctx, tx: &mut Tx, scope: &str, words: &Words, said: &str, members: &[&RefusalId]) -> Result<()> {
    let now = ctx.clock.now();
    let open = store::unsettled(tx).await?;
    let like = |i: &&Incident| words.are_like(&Words::kept(&i.words));
    let here = || open.iter().filter(|i| i.scope == scope);
    // Whatever its words: there is one at a time for a place.
    let held = here().find(|i| i.lifted_at.is_none());
    let id = match held.or_else(|| here().find(like)) {
        Some(held) if held.lifted_at.is_none() => held.id.clone(),
        Some(again) => {
            store::hold_again(tx, &again.id, try_again_at(0, now)).await?;
            again.id.clone()
        }
        None => {
            let incident = Incident {
                id: ctx.ids.id(now),
                scope: scope.into(),
                words: words.to_string(),
                said: said.chars().take(MOST_SAID).collect(),
                at: now,
                try_at: try_again_at(0, now),
                tries: 0,
                probe: None,
                lifted_at: None,
                lifted_by: None,
                settled_at: None,
                settled_by: None,
                outcome: None,
            };
            store::open(tx, &incident).await?
        }
    };
    store::attach(tx, members, &id).await?;
    // What was a gateway's is everybody's now.
    if scope.is_empty() {
        for narrower in open.iter().filter(|i| i.id != id && !i.scope.is_empty() && i.lifted_at.is_none()).filter(like)
        {
            store::join(tx, &narrower.id, &id, now).await?;
        }
    }
    take_back(tx, scope).await?;
    let figures = store::figures(tx, &id).await?;
    wait_for_incident(ctx, tx, &id).await?;
    let n = figures.addresses;
    if scope.is_empty() {
        error!(incident = %id, addresses = n, "all sending is held: one refusal for many addresses: {said}");
    } else {
        warn!(incident = %id, addresses = n, "mail to {scope} is held: one refusal for many addresses: {said}");
    }
    let detail =
        format!("{}, because the same refusal came for {}: {said}", place(scope), counted(n, "address", "addresses"));
    ctx.journal(tx, &Actor::Program, Action::HeldMail, None, id.as_str(), &detail).await
}

async fn take_back(tx: &mut Tx, scope: &str) -> Result<()> {
    let in_hand = store::claimed(tx).await?;
    let domains: Vec<String> = in_hand.iter().map(|m| m.to_email.domain().to_lowercase()).collect();
    let gateways = gateways_of(tx, &domains).await?;
    let held: Vec<&MessageId> = in_hand
        .iter()
        .zip(&domains)
        .filter(|(m, domain)| m.lane != Lane::System && covers(scope, domain, gateways.get(*domain).unwrap_or(domain)))
        .map(|(m, _)| &m.id)
        .collect();
    if !held.is_empty() {
        store::take_back(tx, &held, &waits(scope)).await?;
    }
    Ok(())
}
