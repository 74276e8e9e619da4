//! What an incident holds, as a claim sees it: everything there waits, and from time to time one message is tried. If it is taken, mail
//! goes again.

use std::collections::HashMap;

use tracing::info;

use crate::base::clock::Ts;
use crate::base::ids::MessageId;
use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::rules::message::Lane;
use crate::rules::sending::reason::MessageReason;
use crate::rules::sending::trouble::{IncidentHold, Trial, TrialTurn, covers, most_at_once, trial};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::sending::pace::standings::gateways_of;
use crate::store::Tx;
use crate::store::sending::claim::{Claimed, Fence};
use crate::store::sending::pace::{PutOff, put_off};
use crate::store::sending::trouble::Incident;
use crate::store::sending::{due, gateways, trouble as store};

/// To be read after "mail" or "Mail".
pub(super) fn place(scope: &str) -> String {
    if scope.is_empty() { "to everybody".into() } else { format!("to {scope}") }
}

/// Why a message waits, as the outbox says it.
pub(super) fn waits(scope: &str) -> MessageReason {
    MessageReason::Said(match scope {
        "" => "waits: all sending is held, because one refusal came for many addresses".into(),
        scope => format!("waits: mail to {scope} is held, because the same refusal came for many addresses there"),
    })
}

/// The holds of one batch of claims.
pub(crate) struct Holds {
    held: Vec<Incident>,
    /// Contacts were refused where all sending is held.
    contacts: bool,
    /// Incidents for which a message of this batch is tried.
    tried: Vec<(usize, MessageId)>,
    /// By domain; one that is missing is its own gateway.
    gateways: HashMap<String, String>,
    put_off: Vec<PutOff>,
    now: Ts,
}

impl Holds {
    pub async fn begin(tx: &mut Tx, now: Ts) -> Result<Holds> {
        let held = store::held(tx).await?;
        let contacts = match held.iter().find(|i| i.scope.is_empty()) {
            Some(all) => store::figures(tx, &all.id).await?.contacts > 0,
            None => false,
        };
        Ok(Holds { held, contacts, tried: Vec::new(), gateways: HashMap::new(), put_off: Vec::new(), now })
    }

    /// How many messages may be claimed at once: one where it is to be tried whether anything is taken, and none before that.
    pub fn most(&self, lane: &Lane, limit: i64) -> i64 {
        // Operators log in by mail, and that mail is not what was refused.
        let all = self.held.iter().filter(|i| i.scope.is_empty() && *lane != Lane::System).map(|i| i.try_at).max();
        most_at_once(all, limit, self.now)
    }

    pub async fn look_up(&mut self, tx: &mut Tx, claimed: &[Claimed]) -> Result<()> {
        if self.held.iter().any(|i| !i.scope.is_empty()) {
            let domains: Vec<String> = claimed.iter().map(|m| m.to_email.domain().to_lowercase()).collect();
            self.gateways = gateways_of(tx, &domains).await?;
        }
        Ok(())
    }

    /// Whether this message may go. One that may not is put off by [`Holds::finish`].
    pub fn allows(&mut self, m: &Claimed, fence: &Fence) -> bool {
        if m.lane == Lane::System {
            return true;
        }
        let Some(at) = self.of(m) else { return true };
        let incident = &self.held[at];
        let tried = self.tried.iter().any(|(index, _)| *index == at);
        let TrialTurn::Waits(until) = self.hold(incident).turn(m.contact_id.is_some(), tried, self.now) else {
            return true;
        };
        self.put_off.push(PutOff {
            id: fence.id.clone(),
            owner: fence.owner.clone(),
            attempt: fence.attempt,
            due_at: until.0,
            waits_at: Some(incident.scope.clone()).filter(|scope| !scope.is_empty()),
            why: waits(&incident.scope),
        });
        false
    }

    /// A message goes although mail there is held: it is the one that is tried.
    pub fn goes(&mut self, m: &Claimed) {
        if m.lane != Lane::System
            && let Some(at) = self.of(m)
        {
            self.tried.push((at, m.id.clone()));
        }
    }

    pub async fn finish(self, tx: &mut Tx) -> Result<()> {
        for (at, message) in &self.tried {
            let incident = &self.held[*at];
            let next = self.hold(incident).next_try(self.now);
            store::tries(tx, &incident.id, next, incident.tries + 1, Some(message)).await?;
            info!(incident = %incident.id, "trying one message, to see whether the trouble is over");
        }
        if !self.put_off.is_empty() {
            put_off(tx, &self.put_off).await?;
        }
        Ok(())
    }

    fn hold(&self, i: &Incident) -> IncidentHold {
        IncidentHold {
            everywhere: i.scope.is_empty(),
            try_at: i.try_at,
            tries: i.tries,
            contacts_refused: self.contacts,
        }
    }

    fn of(&self, m: &Claimed) -> Option<usize> {
        let domain = m.to_email.domain().to_lowercase();
        let gateway = self.gateways.get(&domain).unwrap_or(&domain);
        self.held.iter().position(|i| covers(&i.scope, &domain, gateway))
    }
}

/// Looks what became of the messages that were tried. True when mail goes again somewhere.
pub(crate) async fn look_at_trials(ctx: &Ctx) -> Result<bool> {
    let open = store::probes(&mut ctx.db.read().await?).await?;
    if open.iter().all(|probe| became(probe, ctx.clock.now()) == Trial::Open) {
        return Ok(false);
    }
    ctx.order(&Actor::Program, SettleTrials).await
}

/// True when mail goes again somewhere.
struct SettleTrials;

impl Order for SettleTrials {
    type Done = bool;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<bool> {
        let now = ctx.clock.now();
        let mut any = false;
        for probe in store::probes(tx).await? {
            let became = became(&probe, now);
            let Some(incident) = store::by_id(tx, &probe.incident_id).await? else { continue };
            match became {
                Trial::Passed => {
                    lift(ctx, tx, &incident, by, "one message was taken").await?;
                    any = true;
                }
                Trial::Void => store::tries(tx, &incident.id, incident.try_at, incident.tries, None).await?,
                Trial::Open => {}
            }
        }
        Ok(any)
    }
}

fn became(probe: &store::Probe, now: Ts) -> Trial {
    trial(probe.state, probe.settled_at, probe.came_back > 0, now)
}

/// Mail goes again at once. What was concluded stays open.
pub(super) async fn lift(ctx: &Ctx, tx: &mut Tx, incident: &Incident, by: &Actor, why: &str) -> Result<bool> {
    let now = ctx.clock.now();
    if !store::lift(tx, &incident.id, by.as_str(), now).await? {
        return Ok(false);
    }
    if !incident.scope.is_empty() {
        gateways::ask_all_now(tx, &incident.scope, now).await?;
    }
    info!(incident = %incident.id, "mail {} goes again: {why}", place(&incident.scope));
    let detail = format!("{}: {why}", place(&incident.scope));
    ctx.journal(tx, by, Action::LetMailGo, None, incident.id.as_str(), &detail).await?;
    Ok(true)
}

/// When messages may leave at the earliest, where all sending is held: what is due waits until one is tried.
pub(crate) async fn earliest_under_holds(tx: &mut Tx, due: Option<Ts>) -> Result<Option<Ts>> {
    let held = store::held(tx).await?.into_iter().filter(|i| i.scope.is_empty()).map(|i| i.try_at).max();
    let (Some(due), Some(try_at)) = (due, held) else { return Ok(due) };
    let system = due::next(tx, &Lane::System).await?;
    Ok(system.into_iter().chain([due.max(try_at)]).min())
}

/// A person lets all mail go again and leaves open whose trouble it was. How many incidents held any.
pub async fn lift_all(ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<usize> {
    let mut lifted = 0;
    for incident in store::held(tx).await? {
        lifted += usize::from(lift(ctx, tx, &incident, by, "released").await?);
    }
    Ok(lifted)
}

/// The same for one gateway or domain.
pub async fn lift_at(ctx: &Ctx, tx: &mut Tx, scope: &str, by: &Actor) -> Result<()> {
    for incident in store::held(tx).await?.into_iter().filter(|i| i.scope == scope) {
        lift(ctx, tx, &incident, by, "released").await?;
    }
    Ok(())
}
