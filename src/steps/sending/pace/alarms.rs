//! What a person must hear: mail to a gateway is held, why, and what to do; and who is new as a sender.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::sending::pace::NEVER_HELD;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::sending::gateways as ledger;
use crate::store::sending::pace::budgets;

use super::standings::days_of;
use super::turns::from;

/// A gateway to which nothing goes now.
#[derive(Clone, Debug)]
pub struct GatewayAlarm {
    pub gateway: String,
    /// What it said; may be empty where a person holds it.
    pub said: String,
    /// None: until it is released.
    pub until: Option<Ts>,
    /// The operator who holds it; empty: nobody, it has refused our mail.
    pub by: String,
    /// Messages of all rounds that wait for it.
    pub waiting: i64,
}

impl GatewayAlarm {
    /// It has refused our mail, which somebody has to mend.
    pub fn is_refusal(&self) -> bool {
        self.by == NEVER_HELD
    }

    pub fn what(&self) -> String {
        match self.is_refusal() {
            true => {
                format!("{} refuses our mail, so nothing more goes there for now. It said: {}", self.gateway, self.said)
            }
            false => format!("Mail to {} is held by {} until it is released.", self.gateway, self.by),
        }
    }

    pub fn next_step(&self) -> &'static str {
        match self.is_refusal() {
            true => {
                "Look up what it names (a block list, a policy, the sender's SPF or DKIM), mend it or ask its postmaster, then release it. \
                 Mail to other gateways goes on."
            }
            false => "Release it when it may go on.",
        }
    }
}

/// Gateways that are held now, refusals first.
pub async fn alarms(tx: &mut Tx, now: Ts) -> Result<Vec<GatewayAlarm>> {
    let held = ledger::held(tx, now).await?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let waiting: HashMap<String, i64> = ledger::waiting(tx).await?.into_iter().map(|w| (w.name, w.messages)).collect();
    let alarm = |g: ledger::Gateway| GatewayAlarm {
        waiting: waiting.get(&g.name).copied().unwrap_or(0),
        until: g.held_until.filter(|_| g.held_by == NEVER_HELD),
        by: g.held_by,
        said: g.said,
        gateway: g.name,
    };
    let mut alarms: Vec<GatewayAlarm> = held.into_iter().map(alarm).collect();
    alarms.sort_by_key(|alarm| !alarm.is_refusal());
    Ok(alarms)
}

/// A sender's domain that receivers do not know yet.
#[derive(Clone, Debug)]
pub struct NewSender {
    pub domain: String,
    /// On how many days it has sent, this one included.
    pub day: i64,
    pub today: i64,
    pub most_today: u32,
}

impl NewSender {
    pub fn says(&self) -> String {
        format!(
            "new to receivers: day {} of its ramp-up, {} of at most {} messages today. If it has sent mail for long, name it in pace.warmed.",
            self.day, self.today, self.most_today
        )
    }
}

/// The domains in whose name this round's letters go that send less than they like today.
pub async fn new_senders(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Vec<NewSender>> {
    let Some(policy) = &ctx.pace else { return Ok(Vec::new()) };
    let senders = &live.spec.senders;
    let all = [&senders.team, &senders.warm_up].into_iter().chain(senders.country.values());
    let mut domains: Vec<&str> = all.map(|sender| sender.email.domain()).collect();
    domains.sort_unstable();
    domains.dedup();
    let names: Vec<String> = domains.iter().map(|domain| from(domain)).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let used = budgets(tx, &names).await?;
    let now = ctx.clock.now();
    let new = domains.into_iter().filter_map(|domain| {
        let (today, before) = days_of(used.iter().find(|used| used.name == from(domain)), now);
        let most_today = policy.ramp(domain, before)?;
        Some(NewSender { domain: domain.into(), day: before + 1, today, most_today })
    });
    Ok(new.collect())
}
