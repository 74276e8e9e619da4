//! Whole rounds with people and faults, from a seed: the promises hold, the same seed plays the same round, and what breaks a
//! promise is found. A seed that fails says so; `SOUNDINGS_SEED=n` plays it again, `SOUNDINGS_SEEDS=n` plays n of each kind.

mod round;
mod storms;
mod demo;
mod twins;

#[path = "../common/postgres.rs"]
mod postgres;
