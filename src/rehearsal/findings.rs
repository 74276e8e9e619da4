//! What a rehearsal has seen that contradicts a promise, and how much it has looked at, to be told beside the checks on the
//! database.

use std::collections::BTreeMap;

use crate::steps::audit::promises::Promise;

/// Sentences per promise at most: the first ones tell what is wrong.
const MOST_TOLD: usize = 20;

#[derive(Clone, Debug, Default)]
pub struct Findings {
    checked: BTreeMap<u8, u64>,
    broken: BTreeMap<u8, Vec<String>>,
}

impl Findings {
    pub fn looked_at(&mut self, promise: u8, facts: u64) {
        *self.checked.entry(promise).or_default() += facts;
    }

    pub fn broken(&mut self, promise: u8, what: impl Into<String>) {
        let told = self.broken.entry(promise).or_default();
        if told.len() < MOST_TOLD {
            told.push(what.into());
        }
    }

    /// Looks at one fact; what is wrong is said only when it is.
    pub fn must(&mut self, promise: u8, holds: bool, what: impl FnOnce() -> String) {
        self.looked_at(promise, 1);
        if !holds {
            self.broken(promise, what());
        }
    }

    pub fn any(&self) -> bool {
        !self.broken.is_empty()
    }

    /// Adds what was seen to what the database says.
    pub fn added_to(&self, mut promises: Vec<Promise>) -> Vec<Promise> {
        for promise in &mut promises {
            promise.checked += self.checked.get(&promise.id).copied().unwrap_or(0);
            promise.broken_by.extend(self.broken.get(&promise.id).into_iter().flatten().cloned());
            promise.holds = promise.broken_by.is_empty();
        }
        promises
    }
}
