//! The pace at a claim: read for a whole batch, decided message by message, and written down for all of it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::ids::{ContactId, MessageId};
use crate::base::problem::Result;
use crate::rules::sending::pace::{
    Budget, Canary, Gateway, Known, Pace, PacedMessage, Policy, Ramp, Standing, Wait, day, turn,
};
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::{Ctx, Live};
use crate::steps::letters::wording::sender_domain;
use crate::store::Tx;
use crate::store::contacts::Person;
use crate::store::sending::claim::{Claimed, Fence};
use crate::store::sending::pace::{First, PutOff, Spent, Used};
use crate::store::sending::{gateways as ledger, pace as store};

use super::standings::{days_of, known, standing};
use super::waiting::sentence;

/// The budget of all messages to contacts together.
const ALL: &str = "all";
/// The budget of a sender's domain.
pub(super) fn from(domain: &str) -> String {
    format!("from {domain}")
}

/// The pace of one batch of claims of a round.
pub(crate) struct Turns {
    policy: Arc<Policy>,
    live: Arc<Live>,
    now: Ts,
    /// By domain of a contact: what is known of it, and what name servers said.
    domains: HashMap<String, (Known, String)>,
    gateways: BTreeMap<String, Gateway>,
    round: Budget,
    all: Budget,
    ramps: BTreeMap<String, Ramp>,
    /// As they were read.
    used: HashMap<String, Used>,
    /// Messages whose place in a queue has come.
    waited: Vec<MessageId>,
    /// Gateways to which something goes, with how much.
    gone: BTreeMap<String, i64>,
    firsts: BTreeMap<String, First>,
    put_off: Vec<PutOff>,
}

impl Turns {
    /// None where nothing is paced.
    pub async fn begin(
        ctx: &Ctx,
        tx: &mut Tx,
        live: Option<&Arc<Live>>,
        claimed: &[Claimed],
        people: &HashMap<ContactId, Person>,
    ) -> Result<Option<Turns>> {
        let (Some(policy), Some(live)) = (&ctx.pace, live) else { return Ok(None) };
        if people.is_empty() {
            return Ok(None);
        }
        let in_hand = store::in_hand(tx).await?;
        let names: Vec<&str> = in_hand.iter().map(|m| m.to_email.domain()).chain(mail_domains(claimed)).collect();
        let domains = store::domains(tx, &unique(names)).await?.into_iter();
        let domains = domains.map(|d| (d.domain.clone(), (known(&d), d.said))).collect();
        let mut turns = Turns {
            policy: policy.clone(),
            live: live.clone(),
            now: ctx.clock.now(),
            domains,
            gateways: BTreeMap::new(),
            round: Budget::default(),
            all: Budget::default(),
            ramps: BTreeMap::new(),
            used: HashMap::new(),
            waited: Vec::new(),
            gone: BTreeMap::new(),
            firsts: BTreeMap::new(),
            put_off: Vec::new(),
        };
        turns.read(tx, claimed, people, &in_hand).await?;
        Ok(Some(turns))
    }

    async fn read(
        &mut self,
        tx: &mut Tx,
        claimed: &[Claimed],
        people: &HashMap<ContactId, Person>,
        in_hand: &[store::MessageInHand],
    ) -> Result<()> {
        let gateways: Vec<String> = mail_domains(claimed).map(|domain| self.gateway_of(domain).to_owned()).collect();
        let gateways = unique(gateways.iter().map(String::as_str).collect());
        let senders: Vec<String> = claimed.iter().filter_map(|m| self.sender(m, people)).collect();
        let senders = unique(senders.iter().map(String::as_str).collect());
        let froms: Vec<String> = senders.iter().map(|domain| from(domain)).collect();
        let names =
            gateways.iter().copied().chain(froms.iter().map(String::as_str)).chain([ALL, self.live.id.as_str()]);
        let names: Vec<&str> = names.collect();
        self.used = store::budgets(tx, &names).await?.into_iter().map(|used| (used.name.clone(), used)).collect();
        let mut standings: HashMap<String, Standing> =
            ledger::of_names(tx, &gateways).await?.into_iter().map(|g| (g.name.clone(), standing(g))).collect();
        let mut canaries: HashMap<String, store::Canary> =
            store::canaries(tx, &self.live.id, &gateways).await?.into_iter().map(|c| (c.gateway.clone(), c)).collect();
        let ours: HashSet<&MessageId> = claimed.iter().map(|m| &m.id).collect();
        let mut open: HashMap<String, u32> = HashMap::new();
        for m in in_hand {
            if !ours.contains(&m.id) {
                *open.entry(self.gateway_of(m.to_email.domain()).to_owned()).or_default() += 1;
            } else if m.place == Some(m.due_at) {
                self.waited.push(m.id.clone());
            }
        }
        for name in gateways {
            let gateway = Gateway {
                name: name.into(),
                limit: self.policy.limit(name),
                budget: self.budget(name),
                open: open.get(name).copied().unwrap_or(0),
                standing: standings.remove(name).unwrap_or_default(),
                canary: canaries.remove(name).filter(|c| c.since > Ts(0)).map(canary),
            };
            self.gateways.insert(name.into(), gateway);
        }
        (self.round, self.all) = (self.budget(self.live.id.as_str()), self.budget(ALL));
        for domain in senders {
            let (today, before) = days_of(self.used.get(&from(domain)), self.now);
            let ramp = Ramp {
                domain: domain.into(),
                today: u32::try_from(today).unwrap_or(u32::MAX),
                most: self.policy.ramp(domain, before),
            };
            self.ramps.insert(domain.into(), ramp);
        }
        Ok(())
    }

    /// Whether this message goes now. One that does not is put off by [`Turns::finish`].
    pub fn allows(&mut self, m: &Claimed, people: &HashMap<ContactId, Person>, fence: &Fence) -> bool {
        let domain = m.to_email.domain();
        if !self.policy.paces(domain) {
            return true;
        }
        if let Some((known, said)) = self.domains.get(domain)
            && let Some(until) = known.waits(self.now)
        {
            let why = format!("waits: {domain}: {said}; it is asked for again");
            self.put_off.push(put_off(fence, until, None, why));
            return false;
        }
        let name = self.gateway_of(domain).to_owned();
        let sender = self.sender(m, people).unwrap_or_default();
        let (Some(gateway), Some(ramp)) = (self.gateways.get_mut(&name), self.ramps.get_mut(&sender)) else {
            return true;
        };
        let before = gateway.canary.clone();
        let sent = PacedMessage { id: &m.id, waited: self.waited.contains(&m.id) };
        let per_round = self.live.spec.schedule.maximum_per_hour.unwrap_or(0);
        let (round, all) = ((&mut self.round, per_round), (&mut self.all, self.policy.per_hour));
        match turn(&self.policy, sent, gateway, ramp, round, all, self.now) {
            Pace::Go => {
                *self.gone.entry(name.clone()).or_default() += 1;
                // Without anybody who goes first, the row says that this round has to do with the gateway.
                let kept = gateway.canary.as_ref().filter(|_| gateway.canary != before);
                let message = kept.map_or(&m.id, |c| &c.message).clone();
                let since = kept.map_or(self.now, |c| c.since).0;
                let passed = kept.is_none_or(|c| c.passed).then_some(self.now.0);
                if kept.is_some() || (before.is_none() && !self.firsts.contains_key(&name)) {
                    self.firsts.insert(name.clone(), First { gateway: name, message, since, passed });
                }
                true
            }
            Pace::Wait { until, why } => {
                let said = sentence(&self.policy, &self.live, gateway, ramp, why, self.now);
                let queue = match why {
                    Wait::Ramp => None,
                    Wait::Round => Some(self.live.id.to_string()),
                    Wait::All => Some(ALL.into()),
                    _ => Some(name),
                };
                self.put_off.push(put_off(fence, until, queue, said));
                false
            }
        }
    }

    /// Writes down what the batch has used, and puts off who waits.
    pub async fn finish(self, tx: &mut Tx) -> Result<()> {
        let today = day(self.now);
        let spent = |name: &str, free_at: Ts, gone: i64| {
            let used = self.used.get(name);
            let same_day = used.is_some_and(|u| u.day == Some(today));
            Spent {
                name: name.into(),
                free_at: free_at.0,
                day: today,
                today: gone + used.filter(|_| same_day).and_then(|u| u.today).unwrap_or(0),
                days: used.and_then(|u| u.days).unwrap_or(0) + i64::from(!same_day),
            }
        };
        let gone: i64 = self.gone.values().sum();
        if gone > 0 {
            let mut all =
                vec![spent(ALL, self.all.free_at, gone), spent(self.live.id.as_str(), self.round.free_at, gone)];
            for (name, gone) in &self.gone {
                all.extend(self.gateways.get(name).map(|g| spent(name, g.budget.free_at, *gone)));
            }
            for ramp in self.ramps.values() {
                let name = from(&ramp.domain);
                let (before, _) = days_of(self.used.get(&name), self.now);
                if i64::from(ramp.today) > before {
                    all.push(spent(&name, self.now, i64::from(ramp.today) - before));
                }
            }
            store::spend(tx, &all).await?;
        }
        if !self.firsts.is_empty() {
            let firsts: Vec<First> = self.firsts.into_values().collect();
            store::send_first(tx, &self.live.id, &firsts).await?;
        }
        if !self.put_off.is_empty() {
            store::put_off(tx, &self.put_off).await?;
        }
        Ok(())
    }

    /// A domain of which nothing is known is a gateway by itself.
    fn gateway_of<'a>(&'a self, domain: &'a str) -> &'a str {
        self.domains.get(domain).map_or(domain, |(known, _)| &known.gateway)
    }

    fn budget(&self, name: &str) -> Budget {
        let used = self.used.get(name);
        Budget { free_at: used.and_then(|u| u.free_at).unwrap_or_default(), queue: used.and_then(|u| u.queue) }
    }

    /// The domain in whose name the message goes.
    fn sender(&self, m: &Claimed, people: &HashMap<ContactId, Person>) -> Option<String> {
        let person = m.contact_id.as_ref().and_then(|id| people.get(id))?;
        Some(sender_domain(&self.live, person, m))
    }
}

fn mail_domains(claimed: &[Claimed]) -> impl Iterator<Item = &str> {
    claimed.iter().filter(|m| m.contact_id.is_some()).map(|m| m.to_email.domain())
}

fn unique(mut names: Vec<&str>) -> Vec<&str> {
    names.sort_unstable();
    names.dedup();
    names
}

fn put_off(fence: &Fence, until: Ts, waits_at: Option<String>, why: String) -> PutOff {
    PutOff {
        id: fence.id.clone(),
        owner: fence.owner.clone(),
        attempt: fence.attempt,
        due_at: until.0,
        waits_at,
        why: MessageReason::Said(why),
    }
}

fn canary(row: store::Canary) -> Canary {
    Canary {
        message: row.message_id,
        since: row.since,
        state: row.state,
        settled_at: row.settled_at,
        passed: row.passed_at.is_some(),
    }
}
