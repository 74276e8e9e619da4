//! Whom to call first: how likely he answers after a call, times what his answer is worth.
//!
//! Worth is counted in goals: an answer is worth the share of what is missing to the next target that it settles, of answers and of
//! accounts alike, and the share of the revenue that answers with it. So what is nearly reached is worth most, and a call that meets a
//! target outweighs one that is one of a hundred. The first answer of an account and of a role is worth it once: whoever stands behind a
//! colleague who is to be called as well counts for what that one may leave open. Weights are arguments until a round has measured them;
//! decision 0058 has each with its reason.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId};
use crate::rules::completion::{Accounts, Individual, RevenueStatus, TargetStatus};
use crate::rules::contacts::Role;
use crate::rules::contacts::last_time::Came;
use crate::rules::message::MessageKind;
use crate::rules::plan::Facts;
use crate::rules::round::Level;

use super::reasons::Why;

/// Of those who have begun nothing and are called for the first time, so many of a hundred answer within three days.
const BASE: f64 = 0.2;
/// By how much the odds change with what is known of somebody.
const BEGAN: f64 = 3.0;
const PROMISED: f64 = 1.5;
const CALLED_BEFORE: f64 = 0.7;
/// For each message after the invitation that was not followed.
const NOT_FOLLOWED: f64 = 0.85;

fn of_last_time(came: Came) -> f64 {
    match came {
        Came::Answered => 2.5,
        Came::Began => 1.3,
        Came::Silent => 0.6,
        Came::OptedOut => 0.4,
        Came::TakenOff | Came::Unreachable | Came::Asked | Came::NotInvited => 1.0,
    }
}

/// What is won beyond a target that is met.
const BEYOND: f64 = 0.25;
/// A strategic account counts for so many others.
const STRATEGIC: f64 = 1.5;
/// The first answer of a role in an account, beside what any answer is worth: answers of one level only give a false picture.
const FIRST_OF_ROLE: f64 = 0.5;

/// Warm-up and invitation.
const NEEDED: u32 = 2;

/// Whether anything is to be said to somebody on the telephone: he has been asked, may be reminded and has not answered.
pub fn may_be_called(facts: &Facts, invited: bool) -> bool {
    invited && facts.completed_at.is_none() && facts.forbids_kind(MessageKind::Reminder).is_none()
}

/// Somebody who may be called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Callee {
    pub id: ContactId,
    pub facts: Facts,
    pub invited: bool,
    /// How he stood at the end of the client's round before, where that is known.
    pub last_time: Option<Came>,
    /// Calls to him in this round.
    pub calls: u32,
    /// Off the list until then: somebody has called.
    pub rests_until: Option<Ts>,
    /// Has said that the answers come by this day, the last time that he said anything.
    pub promised: Option<NaiveDate>,
    pub strategic: bool,
    /// What the account is worth in a year; 0 where the list does not say it.
    pub revenue: i64,
    /// Somebody of the account with the same role has answered.
    pub role_answered: bool,
}

impl Callee {
    /// Whether he is to be called at all: may be reminded, has not answered, is there, and was not called just now.
    pub fn is_to_be_called(&self, now: Ts) -> bool {
        let over = |until: Option<Ts>| until.is_none_or(|until| until <= now);
        let facts = &self.facts;
        may_be_called(facts, self.invited)
            && [facts.absent_until, facts.left_alone_until, self.rests_until].into_iter().all(over)
    }

    /// How likely he answers within three days of a call.
    fn likely(&self) -> f64 {
        let mut odds = BASE / (1.0 - BASE);
        if self.facts.started_at.is_some() {
            odds *= BEGAN;
        }
        odds *= self.last_time.map_or(1.0, of_last_time);
        if self.promised.is_some() {
            odds *= PROMISED;
        }
        let tried = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
        odds *= CALLED_BEFORE.powi(tried(self.calls));
        odds *= NOT_FOLLOWED.powi(tried(self.facts.sent_count.saturating_sub(NEEDED)));
        odds / (1.0 + odds)
    }
}

/// How much is missing, one at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    pub missing: i64,
    /// No target is missed: what is missing is everybody who could still answer.
    pub is_beyond: bool,
}

impl Gap {
    /// What one of them is worth.
    fn share(self) -> f64 {
        let counts = if self.is_beyond { BEYOND } else { 1.0 };
        counts / self.missing.max(1) as f64
    }
}

/// What a round still lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Answers to the next individual target that is missed.
    pub answers: Gap,
    /// Accounts with a first answer, likewise.
    pub accounts: Gap,
    /// What all invited accounts are worth in a year.
    pub revenue_invited: i64,
}

impl Missing {
    pub fn of(people: &Individual, accounts: &Accounts, revenue: &RevenueStatus, targets: &[TargetStatus]) -> Missing {
        let next = |level: Level, rest: i64| {
            let missed = targets.iter().filter(|target| target.level == level && target.missing > 0);
            let nearest = missed.map(|target| target.missing).min();
            Gap { missing: nearest.unwrap_or(rest).max(1), is_beyond: nearest.is_none() }
        };
        Missing {
            answers: next(Level::Individual, people.reachable - people.completed),
            accounts: next(Level::Accounts, accounts.invited - accounts.completed),
            revenue_invited: revenue.invited.max(0),
        }
    }
}

/// Somebody to call: which of those who were given, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// His place among those who were given.
    pub at: usize,
    pub likely: f64,
    pub worth: f64,
    /// The weightiest first.
    pub why: Vec<Why>,
}

impl Ranked {
    pub fn score(&self) -> f64 {
        self.likely * self.worth
    }
}

/// Those of them who are to be called now, first who is worth most; of equal worth in the order of their ids.
pub fn rank(people: &[Callee], missing: &Missing, now: Ts) -> Vec<Ranked> {
    let mut open: Vec<(usize, f64)> = people
        .iter()
        .enumerate()
        .filter(|(_, callee)| callee.is_to_be_called(now))
        .map(|(at, callee)| (at, callee.likely()))
        .collect();
    let id = |at: usize| people.get(at).map(|callee| &callee.id);
    // Within an account the likeliest is asked first.
    open.sort_by(|(a, likely_a), (b, likely_b)| likely_b.total_cmp(likely_a).then_with(|| id(*a).cmp(&id(*b))));
    let mut left_open: HashMap<&AccountId, f64> = HashMap::new();
    let mut role_left_open: HashMap<(&AccountId, Role), f64> = HashMap::new();
    let mut ranked = Vec::with_capacity(open.len());
    for (at, likely) in open {
        let Some(callee) = people.get(at) else { continue };
        let (account, role) = (&callee.facts.account, callee.facts.role);
        let silent = left_open.entry(account).or_insert(1.0);
        let without_role = role_left_open.entry((account, role)).or_insert(1.0);
        let worth = worth(callee, missing, *silent, *without_role);
        (*silent, *without_role) = (*silent * (1.0 - likely), *without_role * (1.0 - likely));
        ranked.push(Ranked { at, likely, worth, why: why(callee, missing) });
    }
    ranked.sort_by(|a, b| b.score().total_cmp(&a.score()).then_with(|| id(a.at).cmp(&id(b.at))));
    ranked
}

/// `silent`, `without_role`: how likely nobody of the account, or of the role, has answered by the time that he is called.
fn worth(callee: &Callee, missing: &Missing, silent: f64, without_role: f64) -> f64 {
    let mut worth = missing.answers.share();
    if !callee.facts.account_answered {
        let strategic = if callee.strategic { STRATEGIC } else { 1.0 };
        let revenue = callee.revenue.max(0) as f64 / missing.revenue_invited.max(1) as f64;
        worth += silent * (strategic * missing.accounts.share() + revenue.min(1.0));
    }
    if is_first_of_role(callee) {
        worth += without_role * FIRST_OF_ROLE * missing.answers.share();
    }
    worth
}

fn is_first_of_role(callee: &Callee) -> bool {
    !callee.role_answered && callee.facts.role != Role::Unknown
}

fn why(callee: &Callee, missing: &Missing) -> Vec<Why> {
    let mut all = Vec::new();
    if !callee.facts.account_answered {
        all.push(Why::Silent {
            strategic: callee.strategic,
            revenue: callee.revenue.max(0),
            of: missing.revenue_invited,
        });
    } else if is_first_of_role(callee) {
        all.push(Why::NobodyOfRole(callee.facts.role));
    }
    all.extend(callee.promised.map(Why::Promised));
    all.extend(callee.facts.started_at.map(|_| Why::Began));
    all.extend(callee.last_time.and_then(|came| match came {
        Came::Answered => Some(Why::AnsweredLastTime),
        Came::Began => Some(Why::BeganLastTime),
        _ => None,
    }));
    if all.is_empty() {
        all.push(Why::OneMore);
    }
    all
}
