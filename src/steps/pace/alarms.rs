//! What a person must hear: mail to a gateway is held, why, and what to do.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::pace::NEVER_HELD;
use crate::store::{Tx, gateways as ledger};

/// A gateway to which nothing goes now.
#[derive(Clone, Debug)]
pub struct Alarm {
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

impl Alarm {
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
pub async fn alarms(tx: &mut Tx, now: Ts) -> Result<Vec<Alarm>> {
    let held = ledger::held(tx, now).await?;
    if held.is_empty() {
        return Ok(Vec::new());
    }
    let waiting: HashMap<String, i64> = ledger::waiting(tx).await?.into_iter().map(|w| (w.name, w.messages)).collect();
    let alarm = |g: ledger::Gateway| Alarm {
        waiting: waiting.get(&g.name).copied().unwrap_or(0),
        until: g.held_until.filter(|_| g.held_by == NEVER_HELD),
        by: g.held_by,
        said: g.said,
        gateway: g.name,
    };
    let mut alarms: Vec<Alarm> = held.into_iter().map(alarm).collect();
    alarms.sort_by_key(|alarm| !alarm.is_refusal());
    Ok(alarms)
}
