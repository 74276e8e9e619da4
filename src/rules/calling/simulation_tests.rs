//! Ten calls a day from the list against ten at random, in simulated rounds: how many more targets are met.
//!
//! What moves people is drawn for each round and is not what the list believes: who has begun is likelier by a factor between 1 and 5, who
//! answered last time between 1 and 4, and everybody has a readiness of his own that nobody sees. Without calls a bit more than a third
//! answer, as is usual in the field.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::clock::{DAY, Ts};
use crate::base::ids::Dice;
use crate::rules::completion::{Accounts, Individual, RevenueStatus, target_status};
use crate::rules::contacts::Role;
use crate::rules::contacts::last_time::Came;
use crate::rules::plan::Facts;
use crate::rules::round::{Level, Target};

use super::rank::{Callee, Missing, rank};

const ROUNDS: u64 = 120;
const ACCOUNTS: usize = 50;
/// Working days of a round, the invitation on the first; reminders; the day of the first calls.
const DAYS: i64 = 20;
const LETTERS: [i64; 4] = [0, 3, 8, 13];
const CALLS_FROM: i64 = 4;
const A_DAY: usize = 10;

#[derive(Clone, Copy, PartialEq)]
enum Calls {
    None,
    Random,
    List,
}

struct Person {
    callee: Callee,
    /// How likely a letter has him answer on its day, and a call.
    by_letter: f64,
    by_call: f64,
}

struct Round {
    people: Vec<Person>,
    begun_counts: f64,
    targets: Vec<Target>,
}

fn unit(dice: &mut Dice) -> f64 {
    (dice.below(1_000_000) as f64 + 0.5) / 1e6
}

fn between(dice: &mut Dice, from: f64, to: f64) -> f64 {
    from + unit(dice) * (to - from)
}

/// Irwin and Hall: near enough to normal.
fn normal(dice: &mut Dice) -> f64 {
    (0..12).map(|_| unit(dice)).sum::<f64>() - 6.0
}

impl Round {
    fn draw(seed: u64) -> Round {
        let dice = &mut Dice::new(seed, "round");
        let (letter, call) = (between(dice, 0.02, 0.1), between(dice, 0.1, 0.4));
        let (last_counts, begun_counts) = (between(dice, 1.0, 4.0), between(dice, 1.0, 5.0));
        let mut people = Vec::new();
        for account in 0..ACCOUNTS {
            let revenue = 10f64.powf(between(dice, 4.0, 6.5)) as i64;
            let strategic = dice.chance(20);
            // Some accounts are less ready than others.
            let ready = (0.5 * normal(dice)).exp();
            for n in 0..dice.between(2, 9) {
                let last_time = match dice.below(100) {
                    0..35 => Some(Came::Answered),
                    35..70 => Some(Came::Silent),
                    _ => None,
                };
                let known = match last_time {
                    Some(Came::Answered) => last_counts,
                    Some(_) => 1.0 / last_counts.sqrt(),
                    None => 1.0,
                };
                let facts = Facts {
                    account: format!("{account:02}").as_str().into(),
                    role: Role::ALL[dice.below(3) as usize],
                    signed: true,
                    sent_count: 2,
                    ..Facts::default()
                };
                let callee = Callee {
                    id: format!("{account:02}-{n}").as_str().into(),
                    facts,
                    invited: true,
                    last_time,
                    strategic,
                    revenue,
                    ..Callee::default()
                };
                let own = ready * known * (0.6 * normal(dice)).exp();
                people.push(Person { callee, by_letter: letter * own, by_call: call * own });
            }
        }
        let target = |level, target| Target { level, target };
        // The first target and what is reachable at account level (`domain`).
        let targets = vec![target(Level::Individual, 0.5), target(Level::Accounts, 0.9)];
        Round { people, begun_counts, targets }
    }

    /// How many targets are met at the end, and what share of the revenue has answered.
    fn play(mut self, seed: u64, calls: Calls) -> (usize, f64) {
        let mut chosen = Dice::new(seed, "whom to call");
        // Each person's luck is his own on each day, whoever else is called.
        let luck = |id: &str, day: i64, what: &str| unit(&mut Dice::new(seed, &format!("{id} {day} {what}")));
        for day in 0..DAYS {
            let now = Ts(day * DAY);
            let since = LETTERS.iter().filter(|at| **at <= day).map(|at| day - at).min().unwrap_or(DAYS);
            let letters = LETTERS.iter().filter(|at| **at <= day).count() as u32;
            for person in &mut self.people {
                let id = person.callee.id.to_string();
                let callee = &mut person.callee;
                callee.facts.sent_count = 1 + letters;
                let chance = (person.by_letter * 0.5f64.powi(since as i32)).min(0.9);
                if callee.facts.completed_at.is_none() && luck(&id, day, "letter") < chance {
                    callee.facts.started_at = callee.facts.started_at.or(Some(now));
                    if luck(&id, day, "finish") < 0.75 {
                        callee.facts.completed_at = Some(now);
                    }
                }
            }
            self.count();
            if day < CALLS_FROM || calls == Calls::None {
                continue;
            }
            let callees: Vec<Callee> = self.people.iter().map(|person| person.callee.clone()).collect();
            let mut open: Vec<usize> = rank(&callees, &self.missing(), now).into_iter().map(|r| r.at).collect();
            if calls == Calls::Random {
                open.sort_unstable();
                for last in (1..open.len()).rev() {
                    open.swap(last, chosen.below(last as u64 + 1) as usize);
                }
            }
            for at in open.into_iter().take(A_DAY) {
                let Person { callee, by_call, .. } = &mut self.people[at];
                let begun = if callee.facts.started_at.is_some() { self.begun_counts } else { 1.0 };
                callee.calls += 1;
                callee.rests_until = Some(now.plus(2 * DAY));
                if luck(callee.id.as_str(), day, "call") < (*by_call * begun).min(0.9) {
                    callee.facts.completed_at = Some(now);
                }
            }
            self.count();
        }
        let (people, accounts, revenue) = self.figures();
        let met = self.targets.iter().filter(|target| target_status(**target, &people, &accounts).met).count();
        (met, revenue.answered as f64 / revenue.invited.max(1) as f64)
    }

    /// Who of an account has answered is known of everybody there.
    fn count(&mut self) {
        let done = self.people.iter().filter(|person| person.callee.facts.completed_at.is_some());
        let roles: BTreeSet<_> = done.map(|p| (p.callee.facts.account.clone(), p.callee.facts.role)).collect();
        let accounts: BTreeSet<_> = roles.iter().map(|(account, _)| account.clone()).collect();
        for person in &mut self.people {
            let facts = &mut person.callee.facts;
            facts.account_answered = accounts.contains(&facts.account);
            person.callee.role_answered = roles.contains(&(facts.account.clone(), facts.role));
        }
    }

    fn figures(&self) -> (Individual, Accounts, RevenueStatus) {
        let completed = self.people.iter().filter(|p| p.callee.facts.completed_at.is_some()).count() as i64;
        let by_account: BTreeMap<&str, (bool, i64)> = self
            .people
            .iter()
            .map(|p| (p.callee.facts.account.as_str(), (p.callee.facts.account_answered, p.callee.revenue)))
            .collect();
        let answered = by_account.values().filter(|(answered, _)| *answered);
        let people = Individual { reachable: self.people.len() as i64, completed, ..Individual::default() };
        let accounts = Accounts {
            invited: by_account.len() as i64,
            completed: answered.clone().count() as i64,
            ..Accounts::default()
        };
        let revenue = RevenueStatus {
            invited: by_account.values().map(|(_, revenue)| revenue).sum(),
            answered: answered.map(|(_, revenue)| revenue).sum(),
            ..RevenueStatus::default()
        };
        (people, accounts, revenue)
    }

    fn missing(&self) -> Missing {
        let (people, accounts, revenue) = self.figures();
        let targets: Vec<_> = self.targets.iter().map(|target| target_status(*target, &people, &accounts)).collect();
        Missing::of(&people, &accounts, &revenue, &targets)
    }
}

#[test]
fn ten_calls_a_day_from_the_list_meet_more_targets_than_ten_at_random() {
    let played = |calls: Calls| {
        let all: Vec<(usize, f64)> = (0..ROUNDS).map(|seed| Round::draw(seed).play(seed, calls)).collect();
        let met: usize = all.iter().map(|(met, _)| met).sum();
        (met, all.iter().map(|(_, revenue)| revenue).sum::<f64>() / ROUNDS as f64)
    };
    let of = ROUNDS * 2;
    let told = |name: &str, (met, revenue): (usize, f64)| {
        println!("{name}: {met} of {of} targets met, {:.1} % of the revenue", revenue * 100.0);
    };
    let (none, random, list) = (played(Calls::None), played(Calls::Random), played(Calls::List));
    told("no calls", none);
    told("ten calls a day at random", random);
    told("ten calls a day from the list", list);
    assert!(none.0 < random.0, "calls do something here");
    assert!(list.0 as f64 >= random.0 as f64 * 1.15, "{list:?} against {random:?}");
    assert!(list.1 > random.1);
}
