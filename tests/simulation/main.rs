//! Whole rounds with people and faults, from a seed: the promises hold, the same seed plays the same round, and what breaks a
//! promise is found. A seed that fails says so; `SOUNDINGS_SEED=n` plays it again, `SOUNDINGS_SEEDS=n` plays n of each kind.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what fails in a helper fails the test")]

mod round;
mod operator;
mod outage;
mod planning;
mod random_faults;
mod played_with_faults;
mod demo;
mod twins;
mod witness;
mod year;
mod figures;

#[path = "../common/postgres.rs"]
mod postgres;

#[expect(dead_code, reason = "a year needs some of them")]
#[path = "../common/reports.rs"]
mod reports;
