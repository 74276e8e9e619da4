//! Two clients' rounds in 45 countries, operators who interfere at random times, a daemon that is down for days: the pure rules
//! keep every promise, checked by arithmetic of its own when a message leaves and again at the end. No database, no mail.
//!
//! A seed that fails says so; `SOUNDINGS_SEED=n` plays it again, `SOUNDINGS_SEEDS=n` plays n of them and `SOUNDINGS_CONTACTS=n` gives
//! each n contacts. The nightly size is 1,000 seeds with 10,000 contacts.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

mod lives;
mod operators;
mod people;
mod promises;
mod senders;
mod world;

use std::collections::BTreeMap;

use world::{Fault, World};

/// As many as CI plays.
const USUAL_SEEDS: u64 = 60;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// Every kind of message, of act and of reason must come up, or nothing is proved.
const HAPPENS: [&str; 37] = [
    "went: warm_up",
    "went: invitation",
    "went: reminder",
    "went: thank_you",
    "fact: away",
    "fact: bounced",
    "fact: corrected",
    "fact: put back",
    "fact: leaves",
    "fact: succeeded",
    "operator: paused by account",
    "operator: paused by director",
    "operator: paused by country",
    "operator: paused by language",
    "operator: paused by touch",
    "operator: lifted",
    "operator: edited",
    "operator: an edit was refused",
    "operator: paused the round",
    "operator: resumed the round",
    "stopped while claimed",
    "decided again",
    "later: absent",
    "later: account_limit",
    "later: asked_elsewhere",
    "later: outside_hours",
    "later: paused",
    "superseded: superseded",
    "superseded: paused",
    "withdrawn: account_limit",
    "withdrawn: after_close",
    "withdrawn: completed",
    "withdrawn: not_in_audience",
    "withdrawn: opted_out",
    "withdrawn: paused",
    "at the end: maximum_reached",
    "must be invited",
];

#[test]
fn random_rounds_and_operators_break_no_promise() {
    let contacts = number("SOUNDINGS_CONTACTS").unwrap_or(400) as usize;
    let seeds = match number("SOUNDINGS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SOUNDINGS_SEEDS").unwrap_or(USUAL_SEEDS),
    };
    let (mut broken, mut tally) = (Vec::new(), BTreeMap::<String, u64>::new());
    for seed in seeds.clone() {
        let mut world = World::new(seed, contacts, Fault::None).play();
        broken.append(&mut world.broken);
        for (what, n) in world.tally {
            *tally.entry(what).or_default() += n;
        }
    }
    let told: Vec<String> = tally.iter().map(|(what, n)| format!("{n:>10} {what}")).collect();
    eprintln!("{} seeds with {contacts} contacts each\n{}", seeds.end - seeds.start, told.join("\n"));
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
    if seeds.end - seeds.start >= USUAL_SEEDS {
        for what in HAPPENS {
            assert!(tally.get(what).is_some_and(|n| *n > 0), "nowhere is there: {what}");
        }
    }
}

#[test]
fn the_same_seed_plays_the_same_rounds() {
    let play = || World::new(3, 200, Fault::None).play().tally;
    assert_eq!(play(), play());
}

/// The negative twins: each breaks one rule on purpose, and the checks must say so. What cannot fail proves nothing.
#[test]
fn what_is_broken_on_purpose_is_found() {
    let twins = [
        (Fault::Undecided, "1: not signed"),
        (Fault::Undecided, "4: while away"),
        (Fault::Unmarked, "4: in quiet hours"),
        (Fault::Unmarked, "2: thanks for answers, all else before"),
        (Fault::PausesForgotten, "2: while paused"),
        (Fault::HolidaysForgotten, "5: before its day"),
        (Fault::HolidaysForgotten, "4: not a working day"),
        (Fault::LedgerForgotten, "3: twice"),
        (Fault::AccountDayForgotten, "4: more than the account's day allows"),
        (Fault::OtherRoundForgotten, "4: asked elsewhere"),
        (Fault::LooksForgotten, "is said to have"),
        (Fault::LooksForgotten, "was forgotten"),
        (Fault::AskedAtOnce, "withdrawn at their claim, one after the other"),
    ];
    for (fault, found) in twins {
        let said = (0..40).flat_map(|seed| World::new(seed, 200, fault).play().broken);
        assert!(said.into_iter().any(|what| what.contains(found)), "{fault:?} is not found");
    }
}
