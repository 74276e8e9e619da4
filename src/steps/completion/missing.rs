//! Where the answers are that a round misses: silent accounts and people who have begun, the easiest first; the accounts with the most to
//! gain, role by role; account directors beside each other.
//!
//! Of a round that tells numbers only: directors beside each other where all of them are shown, since who is chosen by what his accounts
//! have answered is told by being chosen.
//!
//! Costs what it tells: a few hundred rows of indexes, and at most [`PEOPLE`] people of the accounts that are shown by role, and of the
//! silent ones that are looked at.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::rules::completion::gap::{Stake, easiest, most_to_gain};
use crate::rules::participation::accounts::Shape;
use crate::rules::round::RoundState;
use crate::steps::completion::told;
use crate::steps::context::Live;
use crate::store::contacts::accounts::{self, Account};
use crate::store::course::{self, OfDirector};
use crate::store::missing::{self as store, Askable, Begun, OfRole};
use crate::store::{Flag, Tx, completion as tallies};

/// Silent accounts that are looked at, the dearest of them; those of people who have begun come on top. As many strategic ones.
const SILENT: i64 = 200;
/// Of them: those whose people are looked at.
const LOOKED_AT: usize = 60;
/// People who have begun, those of the last days first.
const BEGUN: i64 = 200;
/// As far as they are counted.
pub const COUNTED: i64 = 1_000;
/// Accounts with the most people who have not answered, and the dearest of which some have.
const OPEN: i64 = 100;
/// Accounts that are shown by role.
pub const BY_ROLE: usize = 20;
/// People of these accounts who are counted by role at most: larger accounts are shown as a whole.
const PEOPLE: i64 = 4_000;
/// Account directors.
pub const DIRECTORS: i64 = 20;

/// What is missing, and where.
#[derive(Debug, Default)]
pub struct Missing {
    /// Those of which somebody can answer, the easiest first.
    pub silent: Vec<Silent>,
    /// There are no others of which somebody can: all were looked at.
    pub are_all_silent: bool,
    /// People who have begun and not finished and may be asked now; in silent accounts first.
    pub begun: Vec<Begun>,
    /// How many have begun and may be asked, today or another day: to [`COUNTED`] and one more.
    pub have_begun: i64,
    /// Those with the most to gain; none where a round tells numbers only: those of one role are too few.
    pub accounts: Vec<ByRole>,
    /// Those with the lowest account rate first; by name, and only where they are few, of a round that tells numbers only.
    pub directors: Vec<DirectorTold>,
}

/// A director, and what may be told of him.
#[derive(Debug)]
pub struct DirectorTold {
    /// Of how many accounts and people it is told: of a round that tells numbers only, `reachable` are those who were invited.
    pub of: OfDirector,
    /// Accounts that have answered, and people who have.
    pub answered: Option<i64>,
    pub completed: Option<i64>,
}

/// A silent account, and who of it can answer.
#[derive(Debug)]
pub struct Silent {
    pub account: Account,
    pub people: i64,
    /// Of them: who has begun, and who may be asked now.
    pub begun: i64,
    pub now: i64,
}

/// An account, and what each of its roles has answered; nothing where its people are too many to be counted on a page.
#[derive(Debug)]
pub struct ByRole {
    pub account: Account,
    pub roles: Option<Vec<OfRole>>,
}

pub async fn of_round(tx: &mut Tx, live: &Live, now: Ts) -> Result<Missing> {
    let names = live.spec.participation.names();
    let mut begun = if names { store::begun(tx, &live.id, now, BEGUN).await? } else { Vec::new() };
    begun.sort_by_key(|person| person.account_answers > 0);
    let mut of_account: BTreeMap<AccountId, i64> = BTreeMap::new();
    for person in &begun {
        *of_account.entry(person.account_id.clone()).or_default() += 1;
    }
    let in_silent: BTreeSet<&AccountId> =
        begun.iter().filter(|person| person.account_answers == 0).map(|person| &person.account_id).collect();
    let dearest = accounts::silent(tx, &live.id, SILENT).await?;
    let are_few = (dearest.len() as i64) < SILENT;
    let with_begun = accounts::by_ids(tx, &in_silent.into_iter().collect::<Vec<_>>()).await?;
    let mut silent = each_once(with_begun.into_iter().chain(dearest));
    let singly = told::accounts(tx, live).await?;
    silent.retain(|account| told::is_silent(live, singly, account));
    let mut candidates = Vec::new();
    // Which accounts have the most people who have not answered would tell of those that are small.
    if names {
        candidates.extend(accounts::most_open(tx, &live.id, OPEN).await?);
        candidates.extend(accounts::half_answered(tx, &live.id, OPEN).await?);
        candidates.extend(accounts::strategic_open(tx, &live.id, SILENT).await?);
        candidates.extend(silent.iter().cloned());
    }
    let listed = each_once(candidates.into_iter()).into_iter().filter(|a| a.listed > 0);
    let at_stake = |account: &Account| stake(live, account, of_account.get(&account.id).copied().unwrap_or_default());
    let shown: Vec<Account> = most_to_gain(listed.collect(), at_stake).into_iter().take(BY_ROLE).collect();
    let mut silent = easiest(silent, at_stake);
    let are_all_silent = are_few && silent.len() <= LOOKED_AT;
    silent.truncate(LOOKED_AT);
    Ok(Missing {
        silent: with_people(tx, live, silent, now).await?,
        are_all_silent,
        accounts: by_role(tx, shown).await?,
        directors: directors(tx, live, DIRECTORS).await?,
        have_begun: if names { store::how_many_have_begun(tx, &live.id, COUNTED + 1).await? } else { 0 },
        begun,
    })
}

/// Each with his numbers, `most` of them; where no names are told, all or none of them, and never more than [`DIRECTORS`].
pub async fn directors(tx: &mut Tx, live: &Live, most: i64) -> Result<Vec<DirectorTold>> {
    let rule = live.spec.participation;
    let most = if rule.names() { most } else { most.min(DIRECTORS) };
    let mut all = course::directors(tx, &live.id, most + 1).await?;
    if rule.names() {
        all.truncate(usize::try_from(most).unwrap_or(0));
        let told = |of: OfDirector| DirectorTold { answered: Some(of.answered), completed: Some(of.completed), of };
        return Ok(all.into_iter().map(told).collect());
    }
    if all.len() as i64 > most {
        return Ok(Vec::new());
    }
    all.sort_by(|a, b| (&a.name, a.email.as_str()).cmp(&(&b.name, b.email.as_str())));
    let mut parts: BTreeMap<String, (i64, Vec<Shape>)> = BTreeMap::new();
    for kept in tallies::shapes_by_director(tx, &live.id).await? {
        let (invited, shapes) = parts.entry(kept.director_email.clone()).or_default();
        *invited += kept.invited * kept.accounts;
        shapes.push(told::shape(&kept));
    }
    let (asked, parts): (Vec<i64>, Vec<Vec<Shape>>) =
        all.iter().map(|of| parts.remove(of.email.as_str()).unwrap_or_default()).unzip();
    let singly = told::accounts(tx, live).await?;
    let tells_accounts = rule.tells_accounts(&told::shapes(tx, &live.id).await?);
    let each = all.into_iter().zip(asked).zip(singly.parts(&parts));
    Ok(each
        .map(|((of, asked), is_told)| DirectorTold {
            answered: rule.count(of.answered, of.invited).filter(|_| is_told && tells_accounts),
            completed: Some(of.completed).filter(|_| is_told),
            of: OfDirector { reachable: asked, ..of },
        })
        .collect())
}

/// Who of each can answer; one of which nobody can is left out. Of a round that is over those count who could have. Of an account with
/// very many people they are not looked at: somebody of it can.
async fn with_people(tx: &mut Tx, live: &Live, accounts: Vec<Account>, now: Ts) -> Result<Vec<Silent>> {
    let could = |account: Account| {
        let people = open(live, &account);
        Silent { account, people, begun: 0, now: people }
    };
    if live.state == RoundState::Closed {
        return Ok(accounts.into_iter().map(could).collect());
    }
    let looked_at = small(&accounts);
    let found = store::askable_at(tx, &looked_at.iter().collect::<Vec<_>>(), now).await?;
    let mut of: BTreeMap<AccountId, Askable> = found.into_iter().map(|a| (a.account_id.clone(), a)).collect();
    // How many have begun is too few to be told where a round tells numbers only.
    let names = live.spec.participation.names();
    let one = |account: Account| match of.remove(&account.id) {
        Some(Askable { people, begun, now, .. }) => {
            Some(Silent { account, people, begun: if names { begun } else { 0 }, now })
        }
        None if looked_at.contains(&account.id) => None,
        None => Some(could(account)),
    };
    let all: Vec<Silent> = accounts.into_iter().filter_map(one).collect();
    Ok(easiest(all, |of| Stake { open: of.people, ..stake(live, &of.account, of.begun) }))
}

/// In the order in which they come first.
fn each_once(all: impl Iterator<Item = Account>) -> Vec<Account> {
    let mut seen = BTreeSet::new();
    all.filter(|account| seen.insert(account.id.clone())).collect()
}

fn stake(live: &Live, account: &Account, begun: i64) -> Stake {
    let Flag(strategic) = account.strategic;
    Stake { strategic, revenue: account.annual_revenue.unwrap_or(0), open: open(live, account), begun }
}

/// Who could be reached and has not answered, whatever speaks against asking.
fn open(live: &Live, account: &Account) -> i64 {
    (told::of_whom(live, account) - account.completed).max(0)
}

/// Those whose people can be looked at, together [`PEOPLE`] at most.
fn small(accounts: &[Account]) -> BTreeSet<AccountId> {
    let mut left = PEOPLE;
    let mut fits = |account: &&Account| {
        let is_small = account.listed <= left;
        left -= if is_small { account.listed } else { 0 };
        is_small
    };
    accounts.iter().filter(|a| fits(a)).map(|a| a.id.clone()).collect()
}

async fn by_role(tx: &mut Tx, shown: Vec<Account>) -> Result<Vec<ByRole>> {
    let counted = small(&shown);
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
