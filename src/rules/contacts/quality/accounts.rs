//! What is missing at an account: a key decision maker, a second role, people for its weight.
//!
//! Answers from one level only give a false picture, and one person alone cannot stand for an account on which much depends.

use std::collections::HashMap;

use crate::base::counted::counted;
use crate::rules::contacts::checked::CheckedList;
use crate::rules::contacts::row::Field;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::{Finding, ListedContact, Role, Severity};

use super::known::KnownFacts;

/// Shares of a list tell the weight of an account from so many accounts on whose revenue is known.
const ENOUGH_TO_COMPARE: usize = 10;

/// So many people of one role and no other are a pattern; fewer are chance.
const ONE_ROLE_FROM: usize = 3;

/// One account of a list: its usable rows, and how many people of it were left out.
#[derive(Debug)]
pub struct ListedAccount<'l> {
    pub name: &'l str,
    pub contacts: Vec<&'l ListedContact>,
    pub left_out: u64,
    pub revenue: Option<i64>,
    pub strategic: bool,
}

/// The accounts of a list in its order, those of which no row can be used too.
pub fn of_list(list: &CheckedList) -> Vec<ListedAccount<'_>> {
    let mut at: HashMap<String, usize> = HashMap::new();
    let mut all: Vec<ListedAccount<'_>> = Vec::new();
    let mut last: Option<(&str, usize)> = None;
    let named = list.accepted.iter().map(|c| (c.account.as_str(), Some(c)));
    let unread = list.unread.iter().filter(|u| !u.account.is_empty()).map(|u| (u.account.as_str(), None));
    for (name, contact) in named.chain(unread) {
        let number = match last {
            // Rows of one account mostly stand together.
            Some((same, number)) if same == name => number,
            _ => *at.entry(key(name)).or_insert_with(|| {
                let (contacts, left_out) = (Vec::new(), 0);
                all.push(ListedAccount { name, contacts, left_out, revenue: None, strategic: false });
                all.len() - 1
            }),
        };
        last = Some((name, number));
        let account = &mut all[number];
        match contact {
            Some(contact) => {
                account.revenue = account.revenue.max(contact.annual_revenue);
                account.strategic |= contact.strategic == Some(true);
                account.contacts.push(contact);
            }
            None => account.left_out += 1,
        }
    }
    all
}

/// Gives accounts of which the list does not say it the revenue that is known of them: in this round, else in the one before.
pub fn with_known_revenue(all: &mut [ListedAccount<'_>], known: &KnownFacts) {
    let mut revenue: HashMap<String, i64> = HashMap::new();
    for account in known.accounts.iter().chain(&known.this_round) {
        if let Some(is) = account.revenue {
            revenue.insert(key(&account.name), is);
        }
    }
    for account in all.iter_mut().filter(|account| account.revenue.is_none()) {
        account.revenue = revenue.get(&key(account.name)).copied();
    }
}

impl ListedAccount<'_> {
    /// The roles that are known, each once.
    pub fn roles(&self) -> Vec<Role> {
        let has = |role: &Role| self.contacts.iter().any(|c| c.role == *role);
        Role::ALL.into_iter().filter(|role| *role != Role::Unknown && has(role)).collect()
    }

    /// Roles are known, and none of them decides.
    pub fn no_key_decision_maker(&self) -> bool {
        let roles = self.roles();
        !roles.is_empty() && !roles.contains(&Role::KeyDecisionMaker)
    }

    /// Several people whose role is known, all of one.
    pub fn one_role_only(&self) -> Option<Role> {
        let known = self.contacts.iter().filter(|c| c.role != Role::Unknown).count();
        match self.roles().as_slice() {
            [only] if known >= ONE_ROLE_FROM => Some(*only),
            _ => None,
        }
    }

    /// How many people an account of this weight should have, where it has fewer. `whole` is the revenue that shares are of.
    pub fn too_few(&self, whole: Option<i64>) -> Option<(usize, String)> {
        let share = share(self.revenue, whole);
        let wanted = wanted(self.strategic, share);
        let short = !self.contacts.is_empty() && self.contacts.len() < wanted;
        short.then(|| {
            let weight = match share.filter(|share| *share >= 5) {
                Some(share) => format!("stands for {share} % of the revenue"),
                None => "is strategic".to_owned(),
            };
            (wanted, weight)
        })
    }
}

/// How many people an account of this weight should have at least: a strategic one and one of a twentieth of the revenue two, of a tenth
/// three (one for each role), of a fifth five.
pub fn wanted(strategic: bool, share: Option<u8>) -> usize {
    match share.unwrap_or(0) {
        20.. => 5,
        10.. => 3,
        5.. => 2,
        _ if strategic => 2,
        _ => 1,
    }
}

/// Percent, rounded down; none where either is not known.
pub fn share(part: Option<i64>, whole: Option<i64>) -> Option<u8> {
    let (part, whole) = (part?.max(0), whole.filter(|whole| *whole > 0)?);
    u8::try_from((i128::from(part) * 100 / i128::from(whole)).min(100)).ok()
}

/// What the revenues of the accounts are together, where enough of them are known to compare accounts by them.
pub fn listed_revenue(accounts: &[ListedAccount<'_>]) -> Option<i64> {
    let known: Vec<i64> = accounts.iter().filter_map(|a| a.revenue.filter(|r| *r > 0)).collect();
    (known.len() >= ENOUGH_TO_COMPARE).then(|| known.iter().fold(0_i64, |sum, r| sum.saturating_add(*r)))
}

/// The findings about an account, in its first row. They stand beside the list and not among those of its rows: nothing is wrong with a row.
pub fn findings(account: &ListedAccount<'_>, whole: Option<i64>) -> Vec<Finding> {
    let Some(first) = account.contacts.first() else { return Vec::new() };
    let (name, people) = (account.name, counted(account.contacts.len(), "contact", "contacts"));
    let mut told: Vec<(&str, Field, String)> = Vec::new();
    if let Some(role) = account.one_role_only() {
        let sentence =
            format!("all of the {people} of {name} have one role, {}. Add people of other roles.", role.label());
        told.push(("one_role_only", Field::Role, sentence));
    }
    if account.no_key_decision_maker() {
        let sentence = format!(
            "{name} ({people}) has no key decision maker. Add who decides about the budget, or correct a role."
        );
        told.push(("no_key_decision_maker", Field::Role, sentence));
    }
    if let Some((wanted, weight)) = account.too_few(whole) {
        let sentence = format!("{name} {weight} and has {people}. Add people, so that it has {wanted} at least.");
        told.push(("too_few_people", Field::Account, sentence));
    }
    let finding = |(code, field, sentence): (&str, Field, String)| Finding {
        line: first.line,
        code: code.into(),
        severity: Severity::Warning,
        field: field.as_str().into(),
        value: name.into(),
        message: format!("Row {}: {sentence}", first.line),
    };
    told.into_iter().map(finding).collect()
}
