//! Where the answers are that a round misses: silent accounts and people who have begun, the easiest first; the accounts with the most to
//! gain, role by role; account directors beside each other.
//!
//! Costs what it tells: a few hundred rows of indexes, and at most [`PEOPLE`] people of the accounts that are shown by role.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::rules::completion::gap::{Stake, easiest, most_to_gain};
use crate::steps::completion::told;
use crate::steps::context::Live;
use crate::store::contacts::accounts::{self, Account};
use crate::store::course::{self, OfDirector};
use crate::store::missing::{self as store, Begun, OfRole};
use crate::store::{Flag, Tx};

/// Silent accounts that are looked at, the dearest of them; those of people who have begun come on top.
const SILENT: i64 = 200;
/// People who have begun, those of the last days first.
const BEGUN: i64 = 200;
/// Accounts with the most people who have not answered.
const OPEN: i64 = 100;
/// Accounts that are shown by role.
pub const BY_ROLE: usize = 20;
/// People of these accounts who are counted by role at most: larger accounts are shown as a whole.
const PEOPLE: i64 = 4_000;
/// Account directors.
const DIRECTORS: i64 = 20;

/// What is missing, and where.
#[derive(Debug, Default)]
pub struct Missing {
    /// Those of which somebody can be reached, the easiest first, each with how many of its people have begun.
    pub silent: Vec<(Account, i64)>,
    /// People who have begun and not finished; in silent accounts first, where an answer counts twice.
    pub begun: Vec<Begun>,
    /// Those with the most to gain; none where a round tells numbers only: those of one role are too few.
    pub accounts: Vec<ByRole>,
    /// Those with the lowest account rate first.
    pub directors: Vec<OfDirector>,
}

/// An account, and what each of its roles has answered; nothing where its people are too many to be counted on a page.
#[derive(Debug)]
pub struct ByRole {
    pub account: Account,
    pub roles: Option<Vec<OfRole>>,
}

pub async fn of_round(tx: &mut Tx, live: &Live) -> Result<Missing> {
    let names = live.spec.participation.names();
    let mut begun = if names { store::begun(tx, &live.id, BEGUN).await? } else { Vec::new() };
    begun.sort_by_key(|person| person.account_answers > 0);
    let mut of_account: BTreeMap<AccountId, i64> = BTreeMap::new();
    for person in &begun {
        *of_account.entry(person.account_id.clone()).or_default() += 1;
    }
    let in_silent: BTreeSet<&AccountId> =
        begun.iter().filter(|person| person.account_answers == 0).map(|person| &person.account_id).collect();
    let dearest = accounts::silent(tx, &live.id, SILENT).await?;
    let with_begun = accounts::by_ids(tx, &in_silent.into_iter().collect::<Vec<_>>()).await?;
    let mut silent = each_once(with_begun.into_iter().chain(dearest));
    silent.retain(|account| told::is_silent(live, account));
    // Which accounts have the most people who have not answered would tell of those that are small.
    let open = if names { accounts::most_open(tx, &live.id, OPEN).await? } else { Vec::new() };
    let by_role_too = silent.iter().filter(|_| names).cloned();
    let listed = each_once(open.into_iter().chain(by_role_too)).into_iter().filter(|a| a.listed > 0);
    let at_stake = |account: &Account| stake(account, of_account.get(&account.id).copied().unwrap_or_default());
    let shown: Vec<Account> = most_to_gain(listed.collect(), at_stake).into_iter().take(BY_ROLE).collect();
    let silent = easiest(silent, at_stake).into_iter().map(|account| {
        let begun = at_stake(&account).begun;
        (account, begun)
    });
    Ok(Missing {
        silent: silent.collect(),
        accounts: by_role(tx, shown).await?,
        directors: course::directors(tx, &live.id, DIRECTORS).await?,
        begun,
    })
}

/// In the order in which they come first.
fn each_once(all: impl Iterator<Item = Account>) -> Vec<Account> {
    let mut seen = BTreeSet::new();
    all.filter(|account| seen.insert(account.id.clone())).collect()
}

fn stake(account: &Account, begun: i64) -> Stake {
    let Flag(strategic) = account.strategic;
    let open = (account.reachable - account.completed).max(0);
    Stake { strategic, revenue: account.annual_revenue.unwrap_or(0), open, begun }
}

async fn by_role(tx: &mut Tx, shown: Vec<Account>) -> Result<Vec<ByRole>> {
    let mut left = PEOPLE;
    let mut fits = |account: &&Account| {
        let is_small = account.listed <= left;
        left -= if is_small { account.listed } else { 0 };
        is_small
    };
    let counted: BTreeSet<AccountId> = shown.iter().filter(|a| fits(a)).map(|a| a.id.clone()).collect();
    let mut of_roles: BTreeMap<AccountId, Vec<OfRole>> = BTreeMap::new();
    for of_role in store::by_role(tx, &counted.iter().collect::<Vec<_>>()).await? {
        of_roles.entry(of_role.account_id.clone()).or_default().push(of_role);
    }
    let one = |account: Account| {
        let roles = counted.contains(&account.id).then(|| of_roles.remove(&account.id).unwrap_or_default());
        ByRole { account, roles }
    };
    Ok(shown.into_iter().map(one).collect())
}
