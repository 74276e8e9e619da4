//! The people of a round and what the ledger knows of them, read account by account, a thousand contacts at once.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::Result;
use crate::rules::participation::Participation;
use crate::rules::plan::Sequence;
use crate::steps::context::Live;
use crate::steps::plan::facts::elsewhere;
use crate::store::contacts::accounts;
use crate::store::plan::Planned;
use crate::store::sending::gateways;
use crate::store::{Tx, plan as ledger};

use super::collect::Collector;

/// As many contacts are read at once, give or take an account.
const AT_ONCE: i64 = 1_000;

pub(super) struct Reading {
    home: Box<str>,
    told: Participation,
    gateways: HashMap<String, String>,
    accounts: Vec<accounts::Account>,
    read: usize,
}

/// Whole accounts with everybody in them.
pub(super) struct Batch {
    accounts: HashMap<AccountId, accounts::Account>,
    people: Vec<Planned>,
    /// Contact by contact.
    rows: Vec<ledger::Touched>,
}

impl Reading {
    pub async fn new(tx: &mut Tx, live: &Live) -> Result<Reading> {
        let accounts = accounts::of_round(tx, &live.id).await?;
        let is_anybody_invited = accounts.iter().any(|account| account.invited > 0);
        Ok(Reading {
            home: live.sequence.home().zone().name().into(),
            told: if is_anybody_invited { live.spec.participation } else { Participation::Names },
            gateways: gateways::shared(tx).await?.into_iter().map(|d| (d.domain, d.gateway)).collect(),
            accounts,
            read: 0,
        })
    }

    pub fn collector<'s>(&self, sequence: &'s Sequence, now: Ts) -> Collector<'s> {
        let mut collector = Collector::new(sequence);
        collector.so_far.now = now;
        collector.so_far.told = self.told;
        collector.so_far.home.clone_from(&self.home);
        collector.so_far.gateways.clone_from(&self.gateways);
        collector
    }

    /// None when everybody was read.
    pub async fn next(&mut self, tx: &mut Tx) -> Result<Option<Batch>> {
        let rest = self.accounts.get(self.read..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let (now, _) = rest.split_at(about(AT_ONCE, rest));
        let ids: Vec<&AccountId> = now.iter().map(|a| &a.id).collect();
        let people = ledger::of_accounts(tx, &ids).await?;
        let ids: Vec<&ContactId> = people.iter().map(|c| &c.id).collect();
        let mut rows = ledger::touched(tx, &ids).await?;
        // A stable sort: rows of one contact stay in their order.
        rows.sort_by(|a, b| a.contact_id.cmp(&b.contact_id));
        let accounts = now.iter().map(|a| (a.id.clone(), a.clone())).collect();
        self.read += now.len();
        Ok(Some(Batch { accounts, people, rows }))
    }
}

impl Batch {
    pub async fn add_to(&self, tx: &mut Tx, collector: &mut Collector<'_>) -> Result<()> {
        let sent = self.people.iter().map(|c| (&c.id, c.sent_count));
        let elsewhere = elsewhere(tx, collector.sequence, sent, collector.so_far.now).await?;
        for people in self.people.chunk_by(|a, b| a.account_id == b.account_id) {
            let account = people.first().and_then(|p| self.accounts.get(&p.account_id));
            let Some(account) = account else { continue };
            collector.account(account, people, &self.rows, &elsewhere);
        }
        Ok(())
    }
}

/// How many of these accounts have so many contacts together; one at least.
fn about(contacts: i64, accounts: &[accounts::Account]) -> usize {
    let mut so_far = 0;
    let enough = accounts.iter().position(|account| {
        so_far += account.listed.max(1);
        so_far >= contacts
    });
    enough.map_or(accounts.len(), |last| last + 1)
}
