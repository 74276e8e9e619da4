//! What a list says about accounts: whose they are, what they are called, whether they are strategic.
//!
//! The first row that says something speaks for its account; what no row says stays. In a started round an account loses its director, its
//! manager or its strategic mark only when that is confirmed.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::base::spelling;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::renamed::{Mark, mark};
use crate::rules::contacts::{Colleague, ListedContact};
use crate::rules::round::RoundState;
use crate::rules::signoff::Standing;
use crate::steps::context::Ctx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::{Flag, Tx};

use super::agreed::peopled;
use super::aliases::Aliases;
use super::new_names::{NewNames, People, new_names};
use crate::steps::contacts::load::changes::{AccountChange, Changes, NewDirector, Renamed};
use crate::steps::contacts::load::confirming::confirm;
use crate::steps::contacts::load::said::{ListedAccount, said};

/// The accounts of a round while a list is loaded.
#[derive(Default)]
pub(in crate::contacts) struct Owners {
    /// By row of the list: the account's id.
    pub of_row: Vec<AccountId>,
    /// Whose names or signatures have to be looked at again.
    pub touched: BTreeSet<AccountId>,
    /// Which the list has given to another director.
    pub handed_over: BTreeSet<AccountId>,
    /// Of which the list says something else than the round has.
    pub changed: BTreeSet<AccountId>,
    /// What somebody has to confirm, and has not.
    pub wanted: Option<Problem>,
    /// By account: the others that the list does not name any more, and all or most of whose people come here.
    pub come_from: HashMap<AccountId, Vec<AccountId>>,
    /// Accounts that have another name from now on.
    pub renamed: Vec<RenamedAccount>,
    /// What is to be written, in this order.
    pub writes: Vec<Write>,
    /// By id: every account of the round.
    by_id: HashMap<AccountId, Account>,
    /// Its name as names are compared, by id.
    keys: HashMap<AccountId, String>,
    /// Which accounts the list names.
    listed: BTreeSet<AccountId>,
}

/// An account that a list renames.
#[derive(Clone, Debug)]
pub(in crate::contacts) struct RenamedAccount {
    pub id: AccountId,
    /// As names are compared.
    pub from: String,
    pub to: String,
}

/// What a list does to an account.
#[derive(Clone, Debug)]
pub(in crate::contacts) enum Write {
    New(Account),
    /// The particulars of now.
    Update(Account),
    /// As it was before it was given to another director.
    HandOver(Account),
}

impl Owners {
    pub fn get(&self, id: &AccountId) -> Option<&Account> {
        self.by_id.get(id)
    }

    pub fn name(&self, id: &AccountId) -> &str {
        self.by_id.get(id).map_or("", |a| a.name.as_str())
    }

    pub fn key(&self, id: &AccountId) -> &str {
        self.keys.get(id).map_or("", String::as_str)
    }

    /// Two accounts of an older version whose names differ only in spelling count as one.
    pub fn same(&self, a: &AccountId, b: &AccountId) -> bool {
        a == b || self.key(a) == self.key(b)
    }

    pub fn is_listed(&self, id: &AccountId) -> bool {
        self.listed.contains(id)
    }
}

/// Writes what was decided; new accounts first, and only where they were not put down before.
pub(in crate::contacts) async fn write(ctx: &Ctx, tx: &mut Tx, writes: &[Write], with_new: bool) -> Result<()> {
    if with_new {
        let new = writes.iter().filter_map(|write| match write {
            Write::New(account) => Some(account),
            Write::Update(_) | Write::HandOver(_) => None,
        });
        accounts::insert(tx, &new.collect::<Vec<_>>()).await?;
    }
    for write in writes {
        match write {
            Write::New(_) => {}
            Write::Update(account) => accounts::update_owners(tx, account).await?,
            Write::HandOver(account) => accounts::was_directed_by(tx, account, ctx.clock.now()).await?,
        }
    }
    Ok(())
}

/// What the list makes of the accounts of a round; writes nothing.
pub(in crate::contacts) fn decide(
    ctx: &Ctx,
    (round, state, confirmed): (&RoundId, RoundState, bool),
    mut all: Vec<Account>,
    (rows, aliases): (&[ListedContact], &Aliases),
    people: People<'_>,
    changes: &mut Changes,
) -> Result<Owners> {
    let (said, said_of) = said(rows, aliases, &peopled(&all));
    let mut owners = Owners::default();
    let NewNames { renamed, come_from } = new_names(&mut all, (&said, &said_of), rows, people);
    for (place, from) in renamed {
        let Some(account) = all.get(place) else { continue };
        owners.writes.push(Write::Update(account.clone()));
        owners.touched.insert(account.id.clone());
        owners.changed.insert(account.id.clone());
        let (id, before, now) = (account.id.clone(), key(&from), key(&account.name));
        owners.renamed.push(RenamedAccount { id, from: before, to: now });
        changes.renamed.push(Renamed { from, to: account.name.clone() });
    }
    if state != RoundState::Draft && !confirmed {
        owners.wanted = confirm(&all, &said, &come_from).err();
    }
    let mut by_key: HashMap<String, Account> = HashMap::new();
    let mut names: HashSet<String> = all.iter().map(|account| account.name.clone()).collect();
    for account in all {
        let key = key(&account.name);
        owners.keys.insert(account.id.clone(), key.clone());
        by_key.entry(key).or_insert_with(|| account.clone());
        owners.by_id.insert(account.id.clone(), account);
    }
    let mut ids = Vec::with_capacity(said.len());
    for said in &said {
        let from: Vec<AccountId> = come_from.get(&said.key).into_iter().flatten().map(|c| c.account.clone()).collect();
        let marks: Vec<Mark> = from.iter().filter_map(|id| owners.by_id.get(id)).map(mark_of).collect();
        let account = if let Some(old) = by_key.get(&said.key) {
            update(ctx, state, (old, &marks), said, (changes, &mut names), &mut owners)
        } else {
            let new = new_account(ctx, (round, state), said, &marks);
            owners.writes.push(Write::New(new.clone()));
            owners.touched.insert(new.id.clone());
            new
        };
        if !from.is_empty() {
            owners.come_from.insert(account.id.clone(), from);
        }
        ids.push(account.id.clone());
        owners.listed.insert(account.id.clone());
        owners.keys.insert(account.id.clone(), key(&account.name));
        owners.by_id.insert(account.id.clone(), account);
    }
    owners.of_row = said_of.into_iter().filter_map(|at| ids.get(at).cloned()).collect();
    Ok(owners)
}

pub(super) fn mark_of(account: &Account) -> Mark {
    Mark { strategic: account.strategic.0, since: account.strategic_since }
}

/// `from`: the marks of the accounts from which its people come.
fn new_account(ctx: &Ctx, (round, state): (&RoundId, RoundState), said: &ListedAccount<'_>, from: &[Mark]) -> Account {
    let now = ctx.clock.now();
    let mark = mark(from, said.strategic, state == RoundState::Draft, now);
    Account {
        id: ctx.ids.id(now),
        round_id: round.clone(),
        name: said.name.into(),
        strategic: Flag(mark.strategic),
        annual_revenue: said.revenue,
        director_name: said.director.name.clone(),
        director_email: said.director.email.folded(),
        manager_name: said.manager.map(|m| m.name.clone()).unwrap_or_default(),
        manager_email: said.manager.map(|m| m.email.key()).unwrap_or_default(),
        fingerprint: String::new(),
        standing: Standing::Unsigned,
        signed_names: 0,
        signed_at: None,
        listed: 0,
        invited: 0,
        reachable: 0,
        started: 0,
        completed: 0,
        strategic_since: mark.since,
        waits_since: None,
        deciders_left: 0,
        to_look_at: 0,
    }
}

/// Without a name the address stands in its place.
fn says_a_name(colleague: &Colleague) -> bool {
    colleague.name != colleague.email.as_str()
}

fn update(
    ctx: &Ctx,
    state: RoundState,
    (old, from): (&Account, &[Mark]),
    said: &ListedAccount<'_>,
    (changes, names): (&mut Changes, &mut HashSet<String>),
    owners: &mut Owners,
) -> Account {
    let now = ctx.clock.now();
    let draft = state == RoundState::Draft;
    let mut new = old.clone();
    // The name is part of what is signed: only a draft takes another spelling of it.
    if draft && said.by_its_name && !names.contains(said.name) {
        names.remove(&old.name);
        names.insert(said.name.into());
        new.name = said.name.into();
    }
    let had: Vec<Mark> = std::iter::once(mark_of(old)).chain(from.iter().copied()).collect();
    let mark = mark(&had, said.strategic, draft, now);
    (new.strategic, new.strategic_since) = (Flag(mark.strategic), mark.since);
    new.annual_revenue = said.revenue.or(old.annual_revenue);
    new.director_email = said.director.email.folded();
    if old.director_email != new.director_email || says_a_name(said.director) {
        new.director_name.clone_from(&said.director.name);
    }
    if let Some(manager) = said.manager {
        new.manager_email = manager.email.key();
        if old.manager_email != new.manager_email || says_a_name(manager) {
            new.manager_name.clone_from(&manager.name);
        }
    }
    let handed_over = old.director_email != new.director_email;
    let what = differences(old, &new);
    let same_mark = old.strategic_since == new.strategic_since;
    if !handed_over && what.is_empty() && same_mark && old.name == new.name && old.director_name == new.director_name {
        return new;
    }
    if handed_over {
        owners.writes.push(Write::HandOver(old.clone()));
        hand_over(changes, old, &new);
        owners.handed_over.insert(new.id.clone());
    }
    changes.accounts.extend(what.into_iter().map(|what| AccountChange { account: new.name.clone(), what }));
    owners.writes.push(Write::Update(new.clone()));
    owners.touched.insert(new.id.clone());
    owners.changed.insert(new.id.clone());
    new
}

fn differences(old: &Account, new: &Account) -> Vec<String> {
    let mut all = Vec::new();
    match (old.strategic.0, new.strategic.0) {
        (false, true) => all.push("is strategic now".to_string()),
        (false, false) if old.strategic_since.is_none() && new.strategic_since.is_some() => {
            all.push(
                "is signed by the sales director too in this round, for its people were strategic in it".to_string(),
            );
        }
        (true, false) => all.push(match new.strategic_since {
            Some(_) => "is no longer strategic; the sales director still signs it in this round".to_string(),
            None => "is no longer strategic".to_string(),
        }),
        _ => {}
    }
    if old.manager_email != new.manager_email || !spelling::alike(&old.manager_name, &new.manager_name) {
        let before = if old.manager_name.is_empty() { "none" } else { &old.manager_name };
        all.push(format!("is looked after by {} (before: {before})", new.manager_name));
    }
    if old.annual_revenue != new.annual_revenue {
        let amount = |n: Option<i64>| n.map_or("none".into(), |n| n.to_string());
        let (is, was) = (amount(new.annual_revenue), amount(old.annual_revenue));
        all.push(format!("has an annual revenue of {is} (before: {was})"));
    }
    all
}

fn hand_over(changes: &mut Changes, old: &Account, new: &Account) {
    let (from, to) = (old.director_email.to_string(), new.director_email.to_string());
    match changes.directors.iter_mut().find(|d| d.from_email == from && d.to_email == to) {
        Some(known) => {
            known.accounts.push(new.name.clone());
            known.ids.push(new.id.clone());
        }
        None => changes.directors.push(NewDirector {
            from: old.director_name.clone(),
            to: new.director_name.clone(),
            from_email: from,
            to_email: to,
            accounts: vec![new.name.clone()],
            ids: vec![new.id.clone()],
            contacts: 0,
        }),
    }
}
