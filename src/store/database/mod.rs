//! The database itself: connections, the one writer, transactions, the schema. Everything else in this room is statements.

#[macro_use]
pub(super) mod tx;
pub(super) mod marks;
pub(super) mod changes;
pub(super) mod events;
pub(super) mod columns;
pub(super) mod rows;
pub(super) mod pools;
pub(super) mod db;
pub(super) mod part;
pub(super) mod migrate;
pub mod respell;
pub(super) mod writer;
