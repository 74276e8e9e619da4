//! How much of the client a list covers: revenue, roles, and accounts of which nobody would be asked.
//!
//! The people who are asked should stand for at least half of the client's revenue, and for several roles at each account.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::rules::contacts::Role;
use crate::rules::contacts::together::account::key;

use super::accounts::{ListedAccount, share};
use super::known::KnownFacts;

/// Percent of the client's revenue that should be represented.
pub const HALF: u8 = 50;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Percent; none where the client's whole revenue is not known, or that of none of these accounts.
    pub revenue_share: Option<u8>,
    /// Of the accounts with a usable row.
    pub revenue: i64,
    pub client_revenue: Option<i64>,
    /// With a usable row.
    pub accounts: u64,
    pub with_key_decision_maker: u64,
    pub with_several_roles: u64,
    pub roles: Vec<RoleCoverage>,
    pub without_anyone: Vec<WithoutAnyone>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RoleCoverage {
    pub role: Role,
    pub contacts: u64,
    pub accounts: u64,
}

/// An account of which nobody would be asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WithoutAnyone {
    pub account: String,
    /// After "Acme": "is listed, and none of its 2 rows can be used".
    pub why: String,
}

pub fn coverage(all: &[ListedAccount<'_>], known: &KnownFacts) -> Coverage {
    let present: Vec<&ListedAccount<'_>> = all.iter().filter(|a| !a.contacts.is_empty()).collect();
    let revenue = present.iter().filter_map(|a| a.revenue).fold(0_i64, |sum, r| sum.saturating_add(r.max(0)));
    let is_known = present.iter().any(|a| a.revenue.is_some());
    let client_revenue = known.client_revenue.or_else(|| whole(all, known));
    let role = |role: Role| RoleCoverage {
        role,
        contacts: present.iter().flat_map(|a| &a.contacts).filter(|c| c.role == role).count() as u64,
        accounts: present.iter().filter(|a| a.contacts.iter().any(|c| c.role == role)).count() as u64,
    };
    Coverage {
        revenue_share: share(is_known.then_some(revenue), client_revenue),
        revenue,
        client_revenue,
        accounts: present.len() as u64,
        with_key_decision_maker: present.iter().filter(|a| a.roles().contains(&Role::KeyDecisionMaker)).count() as u64,
        with_several_roles: present.iter().filter(|a| a.roles().len() > 1).count() as u64,
        roles: Role::ALL.into_iter().map(role).collect(),
        without_anyone: without_anyone(all, known),
    }
}

/// What the accounts of the round before and of this list are worth together; none without a round before.
fn whole(all: &[ListedAccount<'_>], known: &KnownFacts) -> Option<i64> {
    if known.accounts.iter().all(|a| a.revenue.is_none()) {
        return None;
    }
    let mut by_account: HashMap<String, i64> = HashMap::new();
    let before = known.accounts.iter().map(|a| (a.name.as_str(), a.revenue));
    // What this list says is newer.
    for (name, revenue) in before.chain(all.iter().map(|a| (a.name, a.revenue))) {
        if let Some(revenue) = revenue {
            by_account.insert(key(name), revenue.max(0));
        }
    }
    Some(by_account.into_values().fold(0_i64, i64::saturating_add))
}

fn without_anyone(all: &[ListedAccount<'_>], known: &KnownFacts) -> Vec<WithoutAnyone> {
    let rows =
        |n: u64| if n == 1 { "its row cannot be used".to_owned() } else { format!("none of its {n} rows can be used") };
    let listed = all.iter().filter(|a| a.contacts.is_empty());
    let listed = listed
        .map(|a| WithoutAnyone { account: a.name.to_owned(), why: format!("is listed, and {}", rows(a.left_out)) });
    let here: HashSet<String> = all.iter().map(|a| key(a.name)).collect();
    let before = known.accounts.iter().filter(|a| !here.contains(&key(&a.name)));
    let before = before.map(|a| WithoutAnyone {
        account: a.name.clone(),
        why: "was in the round before and is not on this list".to_owned(),
    });
    listed.chain(before).collect()
}
