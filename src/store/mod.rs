//! All SQL, and nothing else: what is remembered, in words that both databases understand.
//!
//! Query functions take a [`Tx`] and show their SQL; the macros in `tx.rs` run the one text on SQLite or PostgreSQL.
//! Nothing here decides anything or reads a clock: instants and decisions come in as values.
//! After the foundations the modules stand in the order in which data flows through a round.

#[macro_use]
mod tx;
mod columns;
mod db;
mod migrate;
pub mod respell;
mod writer;
#[cfg(test)]
pub mod whole;
pub mod installation;
pub mod rounds;
pub mod contacts;
pub mod search;
pub mod words;
pub mod board;
pub mod facts;
pub mod listing;
pub mod left_out;
pub mod loading;
pub mod identity;
pub mod accounts;
pub mod signoff;
pub mod plan;
pub mod pauses;
pub mod limits;
pub mod suspects;
pub mod tasks;
pub mod repair;
pub mod approvals;
pub mod outbox;
pub mod silence;
pub mod chain;
pub mod claim;
mod clients;
pub mod visit;
pub mod senders;
pub mod pace;
pub mod gateways;
mod refused;
pub mod trouble;
pub mod replies;
pub mod addresses;
pub mod objections;
pub mod links;
pub mod response;
pub mod completion;
pub mod handoff;
pub mod journal;
pub mod operators;
pub mod kept;
pub mod promises;
pub mod agenda;

pub use columns::Flag;
pub use db::Db;
pub use tx::{Readable, Tx, Unreadable};
pub use writer::Work;
