//! Completion per person, account and role, against the round's targets.
//!
//! Individual rate = completed contacts / invited contacts who could be reached; account rate = accounts with at least
//! one completed response / accounts invited (domain: "Words"). Somebody who completed could be reached, whatever
//! happened to the address afterwards.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::clock::Ts;

use super::round::{Level, Target};

/// Of contacts. Contract: `individual` of `round status --json`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Individual {
    pub listed: i64,
    pub signed: i64,
    pub invited: i64,
    pub reachable: i64,
    pub started: i64,
    pub completed: i64,
    pub opted_out: i64,
    pub undeliverable: i64,
    pub rate: f64,
}

/// Of accounts: those with at least one such contact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Accounts {
    pub listed: i64,
    pub signed: i64,
    pub invited: i64,
    pub completed: i64,
    pub rate: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoleCount {
    pub reachable: i64,
    pub completed: i64,
    pub rate: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetStatus {
    pub level: Level,
    /// A share between 0 and 1.
    pub target: f64,
    pub met: bool,
    /// How many more completed contacts, or accounts with a first response, it takes.
    pub missing: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffCount {
    pub completed: i64,
    pub confirmed: i64,
    pub pending: i64,
    pub failed: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxCount {
    pub planned: i64,
    /// Of the planned: those whose time has come.
    pub due: i64,
    pub sent: i64,
    pub in_doubt: i64,
    pub held: i64,
    pub failed: i64,
}

/// Contract: `round status ROUND --json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    pub round: String,
    pub state: String,
    pub as_of: Ts,
    pub individual: Individual,
    pub accounts: Accounts,
    pub roles: BTreeMap<String, RoleCount>,
    pub targets: Vec<TargetStatus>,
    pub handoff: HandoffCount,
    pub outbox: OutboxCount,
}

/// A share between 0 and 1, rounded to four places; 0 when nobody is in the base.
pub fn rate(part: i64, base: i64) -> f64 {
    if base <= 0 { 0.0 } else { (part as f64 / base as f64 * 10_000.0).round() / 10_000.0 }
}

/// How far a target is. `missing` counts up from the base as it is now; with nobody invited yet nothing is met.
pub fn target_status(target: Target, individual: &Individual, accounts: &Accounts) -> TargetStatus {
    let (part, base) = match target.level {
        Level::Individual => (individual.completed, individual.reachable),
        Level::Accounts => (accounts.completed, accounts.invited),
    };
    // Shares such as 0.9 are not exact in binary: 0.9 x 50 must need 45, not 46.
    let needed = (target.target * base as f64 - 1e-9).ceil() as i64;
    let missing = (needed - part).max(0);
    TargetStatus { level: target.level, target: target.target, met: base > 0 && missing == 0, missing }
}

/// What one contact adds to the counts; the oracle for the counters that the database keeps.
#[derive(Clone, Copy, Debug, Default)]
pub struct ContactFlags {
    pub removed: bool,
    pub signed: bool,
    pub invited: bool,
    pub started: bool,
    pub completed: bool,
    pub opted_out: bool,
    pub undeliverable: bool,
}

impl ContactFlags {
    pub fn reachable(&self) -> bool {
        self.completed || (self.invited && !self.removed && !self.undeliverable)
    }

    pub fn add_to(&self, sum: &mut Individual) {
        sum.listed += i64::from(!self.removed);
        sum.signed += i64::from(!self.removed && self.signed);
        sum.invited += i64::from(self.invited);
        sum.reachable += i64::from(self.reachable());
        sum.started += i64::from(self.started);
        sum.completed += i64::from(self.completed);
        sum.opted_out += i64::from(self.opted_out);
        sum.undeliverable += i64::from(self.undeliverable);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_field_s_example_reads_as_the_field_reads_it() {
        assert_eq!(rate(123, 300), 0.41);
        let accounts = Accounts { invited: 50, completed: 40, ..Accounts::default() };
        let at = |target| target_status(Target { level: Level::Accounts, target }, &Individual::default(), &accounts);
        assert_eq!((at(0.9).met, at(0.9).missing), (false, 5));
        assert_eq!((at(0.8).met, at(0.8).missing), (true, 0));
        assert!(
            !target_status(Target { level: Level::Individual, target: 0.5 }, &Individual::default(), &accounts).met
        );
    }

    proptest! {
        #[test]
        fn reaching_what_is_missing_meets_the_target(base in 1i64..5_000, part in 0i64..5_000, percent in 0u32..=100) {
            let target = Target { level: Level::Individual, target: f64::from(percent) / 100.0 };
            let at = |completed| target_status(target, &Individual { reachable: base, completed, ..Individual::default() }, &Accounts::default());
            let part = part.min(base);
            let now = at(part);
            prop_assert!(at(part + now.missing).met);
            prop_assert!(now.missing == 0 || !at(part + now.missing - 1).met);
        }

        #[test]
        fn nobody_completes_without_being_reachable(removed: bool, invited: bool, undeliverable: bool, completed: bool) {
            let flags = ContactFlags { removed, invited, undeliverable, completed, ..ContactFlags::default() };
            let mut sum = Individual::default();
            flags.add_to(&mut sum);
            prop_assert!(sum.completed <= sum.reachable);
        }
    }
}
