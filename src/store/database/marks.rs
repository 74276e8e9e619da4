//! What a transaction has written so far, by round and stage. The macros of `tx.rs` mark every statement that changed a row, so no order
//! can forget it; which round it was says whoever writes about known rounds only.

use std::collections::BTreeSet;
use std::mem;
use std::ops::{Deref, DerefMut};

use sqlx::Database;
use sqlx::pool::PoolConnection;

use crate::base::ids::RoundId;
use crate::rules::change::{Change, Stage};

#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Empty: any.
    rounds: Vec<RoundId>,
    changes: BTreeSet<Change>,
}

impl Marks {
    /// From here on only these rounds are written about; with none, any.
    pub(super) fn within(&mut self, rounds: Vec<RoundId>) {
        self.rounds = rounds;
    }

    pub(super) fn mark(&mut self, stage: Stage) {
        if self.rounds.is_empty() {
            self.changes.insert(Change { round: None, stage });
        }
        for round in &self.rounds {
            let is_marked = |change: &Change| change.stage == stage && change.round.as_ref() == Some(round);
            if !self.changes.iter().any(is_marked) {
                self.changes.insert(Change { round: Some(round.clone()), stage });
            }
        }
    }

    /// What was marked since the last piece of work; the next one begins about any round.
    pub(super) fn take(&mut self) -> BTreeSet<Change> {
        self.rounds.clear();
        mem::take(&mut self.changes)
    }
}

/// The stage whose statements stand in this module of `store`; none for the database's own (schema, transactions, marks).
pub fn stage_of(module: &str) -> Option<Stage> {
    Stage::parse(module.split("::").nth(1)?)
}

/// Whether a statement that gives rows has written them.
pub fn writes(sql: &str) -> bool {
    !sql.starts_with("SELECT") && sql.contains(" RETURNING ")
}

/// A connection and what was written on it.
pub struct MarkedConnection<D: Database> {
    connection: PoolConnection<D>,
    pub(super) marks: Marks,
}

impl<D: Database> MarkedConnection<D> {
    pub(super) fn new(connection: PoolConnection<D>) -> MarkedConnection<D> {
        MarkedConnection { connection, marks: Marks::default() }
    }
}

impl<D: Database> Deref for MarkedConnection<D> {
    type Target = D::Connection;

    fn deref(&self) -> &D::Connection {
        &self.connection
    }
}

impl<D: Database> DerefMut for MarkedConnection<D> {
    fn deref_mut(&mut self) -> &mut D::Connection {
        &mut self.connection
    }
}
