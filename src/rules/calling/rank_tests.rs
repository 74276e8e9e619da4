//! Who stands first, and that nobody stands on the list who must not.

use proptest::prelude::*;

use crate::base::clock::{DAY, Ts};
use crate::rules::completion::{Accounts, Individual, RevenueStatus, TargetStatus};
use crate::rules::contacts::Role;
use crate::rules::contacts::last_time::Came;
use crate::rules::message::MessageKind;
use crate::rules::plan::Facts;
use crate::rules::round::Level;

use super::rank::{Callee, Gap, Missing, Ranked, rank};
use super::reasons::Why;

/// What is said of somebody, and what makes it so.
type Changed = (&'static str, fn(&mut Callee));

const NOW: Ts = Ts(1_802_000_000_000);

fn gap(missing: i64) -> Gap {
    Gap { missing, is_beyond: false }
}

fn missing() -> Missing {
    Missing { answers: gap(40), accounts: gap(10), revenue_invited: 2_000 }
}

/// Invited, signed, at an account of which nobody has answered.
fn open(id: &str, account: &str) -> Callee {
    let facts =
        Facts { account: account.into(), role: Role::Influencer, signed: true, sent_count: 2, ..Facts::default() };
    Callee { id: id.into(), facts, invited: true, ..Callee::default() }
}

fn answered_account(callee: Callee) -> Callee {
    Callee { facts: Facts { account_answered: true, ..callee.facts }, ..callee }
}

fn order(people: &[Callee]) -> Vec<&str> {
    rank(people, &missing(), NOW).into_iter().map(|r| people[r.at].id.as_str()).collect()
}

/// The twins differ in one thing: who of `a` and `b` stands first, whatever their ids.
fn first(a: &Callee, b: &Callee) -> bool {
    let named = |callee: &Callee, id: &str| Callee { id: id.into(), ..callee.clone() };
    let place = |x: &str, y: &str| order(&[named(a, x), named(b, y)])[0] == x;
    let (one, other) = (place("1", "2"), place("2", "1"));
    assert_eq!(one, other, "it depends on the id alone");
    one
}

#[test]
fn what_is_known_of_somebody_puts_him_before_his_twin() {
    let (plain, other) = (open("a", "A"), open("b", "B"));
    let with = |change: fn(&mut Callee)| {
        let mut callee = plain.clone();
        change(&mut callee);
        callee
    };
    let before: [Changed; 5] = [
        ("has begun", |c| c.facts.started_at = Some(NOW)),
        ("answered last time", |c| c.last_time = Some(Came::Answered)),
        ("wanted to answer", |c| c.promised = chrono::NaiveDate::from_ymd_opt(2027, 2, 1)),
        ("strategic", |c| c.strategic = true),
        ("dearer", |c| c.revenue = 10),
    ];
    for (what, change) in before {
        assert!(first(&with(change), &other), "{what}");
    }
    let behind: [Changed; 4] = [
        ("silent last time", |c| c.last_time = Some(Came::Silent)),
        ("had more reminders", |c| c.facts.sent_count = 5),
        ("was called before", |c| c.calls = 2),
        ("others of the account have answered", |c| c.facts.account_answered = true),
    ];
    for (what, change) in behind {
        assert!(!first(&with(change), &other), "{what}");
    }
    let role = answered_account(plain.clone());
    assert!(first(&role, &Callee { role_answered: true, ..answered_account(other) }), "the role is missing");
}

#[test]
fn the_second_of_an_account_counts_for_what_the_first_may_leave_open() {
    let dear = |id: &str| Callee { revenue: 200, ..open(id, "A") };
    let people = [dear("a1"), dear("a2"), dear("a3"), Callee { revenue: 70, ..open("b1", "B") }];
    assert_eq!(order(&people), ["a1", "a2", "b1", "a3"]);
    // Where an account is lacking no more, one answer is like another.
    let few = Missing { answers: gap(1), accounts: gap(1_000), ..missing() };
    let ranked = rank(&people, &few, NOW);
    assert_eq!(ranked.len(), 4);
    assert!(ranked.iter().all(|r| r.worth >= 1.0));
}

#[test]
fn a_target_that_is_nearly_met_is_worth_most() {
    let silent = open("s", "A");
    let begun =
        Callee { facts: Facts { started_at: Some(NOW), ..answered_account(open("t", "B")).facts }, ..open("t", "B") };
    let first = |answers, accounts| {
        let missing = Missing { answers: gap(answers), accounts: gap(accounts), ..missing() };
        let people = [silent.clone(), begun.clone()];
        people[rank(&people, &missing, NOW)[0].at].id.as_str().to_string()
    };
    assert_eq!(first(2, 40), "t", "two answers are missing");
    assert_eq!(first(200, 1), "s", "one account is");
    // What is beyond all targets counts less than what is missing to one.
    let beyond = Missing { accounts: Gap { missing: 1, is_beyond: true }, ..missing() };
    let worth = |missing: &Missing| rank(std::slice::from_ref(&silent), missing, NOW)[0].worth;
    assert!(worth(&beyond) < worth(&Missing { accounts: gap(1), ..missing() }));
}

#[test]
fn reasons_stand_with_everybody_and_the_weightiest_first() {
    let why = |callee: Callee| rank(&[callee], &missing(), NOW).remove(0).why;
    assert_eq!(
        why(Callee { revenue: 40, strategic: true, ..open("a", "A") }),
        [Why::Silent { strategic: true, revenue: 40, of: 2_000 }]
    );
    assert_eq!(why(answered_account(open("a", "A"))), [Why::NobodyOfRole(Role::Influencer)]);
    assert_eq!(why(Callee { role_answered: true, ..answered_account(open("a", "A")) }), [Why::OneMore]);
}

#[test]
fn what_is_missing_is_told_by_the_nearest_target() {
    let target = |level, missing| TargetStatus { level, target: 0.5, met: missing == 0, missing };
    let people = Individual { reachable: 100, completed: 60, ..Individual::default() };
    let accounts = Accounts { invited: 20, completed: 12, ..Accounts::default() };
    let revenue = RevenueStatus { invited: 500, answered: 200, ..RevenueStatus::default() };
    let of = |targets: &[TargetStatus]| {
        let missing = Missing::of(&people, &accounts, &revenue, targets);
        let told = |gap: Gap| (gap.missing, gap.is_beyond);
        (told(missing.answers), told(missing.accounts), missing.revenue_invited)
    };
    assert_eq!(of(&[]), ((40, true), (8, true), 500), "without targets: everybody");
    let targets = [
        target(Level::Individual, 0),
        target(Level::Individual, 15),
        target(Level::Individual, 30),
        target(Level::Accounts, 6),
    ];
    assert_eq!(of(&targets), ((15, false), (6, false), 500));
    assert_eq!(of(&targets[..1]).0, (40, true), "what is met lacks nothing");
}

fn anybody() -> impl Strategy<Value = Callee> {
    let flags = any::<[bool; 10]>();
    let instants = (0i64..4, 0i64..4, 0i64..4);
    (flags, instants, 0usize..4, 0usize..4, 0i64..2_000, 0u32..4, 0u32..8).prop_map(
        |(
            [invited, signed, completed, opted_out, left, removed, dead, not_chased, begun, strategic],
            (away, alone, rests),
            account,
            role,
            revenue,
            calls,
            sent,
        )| {
            let at = |days: i64| (days > 0).then(|| NOW.plus((days - 2) * DAY));
            let said = |yes: bool| yes.then_some(NOW);
            Callee {
                facts: Facts {
                    account: ["A", "B", "C", "D"][account].into(),
                    // Whoever shares an account shares what is known of it.
                    account_answered: account > 1,
                    role: Role::ALL[role],
                    signed: signed || begun,
                    completed_at: said(completed && !begun),
                    opted_out_at: said(opted_out && strategic),
                    left: left && strategic,
                    removed: removed && begun,
                    undeliverable: dead && left,
                    not_chased: not_chased && dead,
                    started_at: said(begun),
                    absent_until: at(away),
                    left_alone_until: at(alone),
                    sent_count: sent,
                    ..Facts::default()
                },
                invited: invited || strategic,
                rests_until: at(rests),
                calls,
                strategic,
                revenue,
                ..Callee::default()
            }
        },
    )
}

fn with_ids(people: Vec<Callee>) -> Vec<Callee> {
    people
        .into_iter()
        .enumerate()
        .map(|(n, callee)| Callee { id: format!("{n:03}").as_str().into(), ..callee })
        .collect()
}

proptest! {
    #[test]
    fn nobody_is_listed_who_must_not_be_written_to_or_has_answered(people in prop::collection::vec(anybody(), 0..30)) {
        let people = with_ids(people);
        let ranked = rank(&people, &missing(), NOW);
        for r in &ranked {
            let callee = &people[r.at];
            prop_assert!(callee.invited && callee.facts.completed_at.is_none() && callee.facts.forbids().is_none());
            prop_assert!(callee.facts.forbids_kind(MessageKind::Reminder).is_none());
            for until in [callee.facts.absent_until, callee.facts.left_alone_until, callee.rests_until] {
                prop_assert!(until.is_none_or(|until| until <= NOW));
            }
            prop_assert!(!r.why.is_empty() && r.likely > 0.0 && r.likely < 1.0 && r.worth > 0.0 && r.worth.is_finite());
        }
        // And nobody is left out who may be called, nor named twice.
        let may = people.iter().filter(|callee| callee.is_to_be_called(NOW)).count();
        let mut named: Vec<usize> = ranked.iter().map(|r| r.at).collect();
        named.sort_unstable();
        named.dedup();
        prop_assert_eq!((named.len(), ranked.len()), (may, may));
        prop_assert!(ranked.is_sorted_by(|a, b| a.score() >= b.score()));
    }

    #[test]
    fn more_revenue_never_ranks_lower(people in prop::collection::vec(anybody(), 1..20), which in 0usize..20, more in 1i64..5_000) {
        let before = with_ids(people);
        let account = before[which % before.len()].facts.account.clone();
        // An account has one revenue.
        let same = |extra: i64| before.iter().map(|callee| {
            let revenue = 10 + if callee.facts.account == account { extra } else { 0 };
            Callee { revenue, ..callee.clone() }
        }).collect::<Vec<_>>();
        let (poor, rich) = (same(0), same(more));
        let place = |people: &[Callee], ranked: &[Ranked], id: &str| ranked.iter().position(|r| people[r.at].id == id);
        let (was, now) = (rank(&poor, &missing(), NOW), rank(&rich, &missing(), NOW));
        // Of the first of the account, before whom nobody of his own stands.
        let first = was.iter().find(|r| poor[r.at].facts.account == account).map(|r| poor[r.at].id.as_str().to_owned());
        if let Some(id) = first {
            let others = |ranked: &[Ranked], people: &[Callee]| {
                let at = place(people, ranked, &id).unwrap();
                ranked[..at].iter().filter(|r| people[r.at].facts.account != account).count()
            };
            prop_assert!(others(&now, &rich) <= others(&was, &poor));
        }
    }

    #[test]
    fn who_is_likelier_never_ranks_lower_than_his_twin(people in prop::collection::vec(anybody(), 0..20)) {
        let mut people = with_ids(people);
        people.push(open("twin-a", "E"));
        people.push(Callee { facts: Facts { started_at: Some(NOW), ..open("x", "F").facts }, ..open("twin-b", "F") });
        let ranked = rank(&people, &missing(), NOW);
        let place = |id: &str| ranked.iter().position(|r| people[r.at].id == id).unwrap();
        prop_assert!(place("twin-b") < place("twin-a"));
    }
}
