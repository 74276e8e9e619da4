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

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

#[test]
fn random_rounds_and_operators_break_no_promise() {
    let contacts = number("SOUNDINGS_CONTACTS").unwrap_or(400) as usize;
    let seeds = match number("SOUNDINGS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SOUNDINGS_SEEDS").unwrap_or(12),
    };
    let (mut broken, mut tally) = (Vec::new(), BTreeMap::<String, u64>::new());
    for seed in seeds.clone() {
        let t = std::time::Instant::now();
        let mut world = World::new(seed, contacts, Fault::None).play();
        if std::env::var_os("T").is_some() {eprintln!("T {seed} {:?}", t.elapsed());}
        broken.append(&mut world.broken);
        for (what, n) in world.tally {
            *tally.entry(what).or_default() += n;
        }
    }
    let told: Vec<String> = tally.iter().map(|(what, n)| format!("{n:>10} {what}")).collect();
    eprintln!("{} seeds with {contacts} contacts each\n{}", seeds.end - seeds.start, told.join("\n"));
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}
