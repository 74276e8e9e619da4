//! Completion per person, account and role, against the round's targets.
//!
//! Individual rate = completed contacts / invited contacts who could be reached; account rate = accounts with at least
//! one completed response / accounts invited (domain: "Words"). Somebody who completed could be reached, whatever
//! happened to the address afterwards.

pub mod aapor;
pub mod accounts;
pub mod course;
pub mod forecast;
pub mod gap;
pub mod one_more;
pub mod team;
pub mod today;
pub mod told;
pub mod week;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::clock::Ts;

use super::participation::accounts::Shape;
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

/// What accounts are worth to the client in a year, in the list's currency: those of which somebody was invited, and those of them that have
/// answered. Contract: `revenue` of `round status --json`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RevenueStatus {
    pub invited: i64,
    pub answered: i64,
    pub rate: f64,
    /// Invited accounts of which the list does not say it: they are in neither figure.
    pub accounts_without: i64,
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
    /// Of the planned: those whose time has come; 100,001 stands for more than 100,000, which are not counted.
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
    pub revenue: RevenueStatus,
    pub targets: Vec<TargetStatus>,
    pub handoff: HandoffCount,
    pub outbox: OutboxCount,
    /// What keeps mail from leaving until a person has acted; empty when nothing does.
    pub held_by: Vec<String>,
    /// How many accounts of which size have answered how often: which of them may be told. Only of a round that tells numbers.
    #[serde(skip)]
    pub shapes: Vec<Shape>,
}

impl Status {
    /// As a round has it that tells numbers only: of everybody who was invited (`Participation::base`).
    pub fn of_invited(mut self) -> Status {
        self.individual.reachable = self.individual.invited;
        self.individual.rate = rate(self.individual.completed, self.individual.reachable);
        let (people, accounts) = (self.individual, self.accounts);
        let again = |t: &TargetStatus| target_status(Target { level: t.level, target: t.target }, &people, &accounts);
        self.targets = self.targets.iter().map(again).collect();
        self
    }
}

/// A share between 0 and 1, rounded to four places; 0 when nobody is in the base. 0 and 1 only where nobody or everybody is meant.
pub fn rate(part: i64, base: i64) -> f64 {
    if base <= 0 {
        return 0.0;
    }
    let rounded = (part as f64 / base as f64 * 10_000.0).round() / 10_000.0;
    if part > 0 && part < base { rounded.clamp(0.0001, 0.9999) } else { rounded }
}

/// The one rule by which a share becomes whole percent, everywhere: rounded down, so that no target is shown as reached before it is and
/// 100 means all; never 0 where there is somebody.
pub fn whole_percent(part: u64, base: u64) -> u64 {
    let percent = part.saturating_mul(100).checked_div(base).unwrap_or(0);
    if part > 0 && base > 0 { percent.max(1) } else { percent }
}

/// The same of a share that [`rate`] made.
pub fn percent_of_rate(rate: f64) -> u64 {
    whole_percent((rate.max(0.0) * 10_000.0).round() as u64, 10_000)
}

/// "41 %".
pub fn percent(part: i64, base: i64) -> String {
    format!("{} %", whole_percent(part.max(0) as u64, base.max(0) as u64))
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

/// Whether a target is met also of those who are signed off and still to be invited. Two answers of the first two who were invited are all
/// of them, and say nothing of the round.
pub fn is_met_of_all_signed(target: Target, individual: &Individual, accounts: &Accounts) -> bool {
    let individual = Individual { reachable: individual.reachable.max(individual.signed), ..*individual };
    let accounts = Accounts { invited: accounts.invited.max(accounts.signed), ..*accounts };
    target_status(target, &individual, &accounts).met
}

/// A step from the list to the answer. `share_of`: the people among whom it is counted, in words and number. Whoever was invited and is
/// taken off the list stays invited, so the invited are no share of those listed now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FunnelStep {
    pub label: &'static str,
    /// As the list of contacts filters it.
    pub stage: &'static str,
    pub count: i64,
    pub share_of: Option<(&'static str, i64)>,
}

impl Individual {
    /// Each share is of people who are all counted in its base: none exceeds all.
    pub fn steps(&self) -> [FunnelStep; 6] {
        let step = |label, stage, count, share_of| FunnelStep { label, stage, count, share_of };
        let invited = Some(("invited", self.invited));
        [
            step("listed", "listed", self.listed, None),
            step("signed off", "signed", self.signed, Some(("listed", self.listed))),
            step("invited", "invited", self.invited, None),
            step("reachable", "reachable", self.reachable, invited),
            step("started", "started", self.started, invited),
            step("completed", "completed", self.completed, Some(("reachable", self.reachable))),
        ]
    }
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
        assert!((rate(123, 300) - 0.41).abs() < 1e-12);
        let accounts = Accounts { invited: 50, completed: 40, ..Accounts::default() };
        let at = |target| target_status(Target { level: Level::Accounts, target }, &Individual::default(), &accounts);
        assert_eq!((at(0.9).met, at(0.9).missing), (false, 5));
        assert_eq!((at(0.8).met, at(0.8).missing), (true, 0));
        assert!(
            !target_status(Target { level: Level::Individual, target: 0.5 }, &Individual::default(), &accounts).met
        );
    }

    #[test]
    fn a_target_is_not_met_by_the_first_who_were_invited() {
        let people = |reachable, completed| Individual { signed: 10, reachable, completed, ..Individual::default() };
        let half = Target { level: Level::Individual, target: 0.5 };
        let met = |people: Individual| {
            let accounts = Accounts::default();
            (target_status(half, &people, &accounts).met, is_met_of_all_signed(half, &people, &accounts))
        };
        assert_eq!(met(people(2, 2)), (true, false));
        assert_eq!((met(people(8, 4)), met(people(8, 5))), ((true, false), (true, true)));
        // Who was signed off under another count is invited all the same.
        assert_eq!(met(people(12, 6)), (true, true));
        let accounts = |invited, completed| Accounts { signed: 10, invited, completed, ..Accounts::default() };
        let most = Target { level: Level::Accounts, target: 0.9 };
        assert!(!is_met_of_all_signed(most, &Individual::default(), &accounts(1, 1)));
        assert!(is_met_of_all_signed(most, &Individual::default(), &accounts(10, 9)));
    }

    #[test]
    fn a_share_is_never_all_or_nothing_before_it_is() {
        assert_eq!(percent(123, 300), "41 %");
        assert_eq!(
            (percent(0, 300), percent(1, 300), percent(299, 300), percent(300, 300)),
            ("0 %".into(), "1 %".into(), "99 %".into(), "100 %".into())
        );
        assert_eq!(
            (percent(1, 1_000_000), percent(999_999, 1_000_000), percent(0, 0)),
            ("1 %".into(), "99 %".into(), "0 %".into())
        );
        // 74.67 is short of a target of 75, and says so.
        assert_eq!(percent(224, 300), "74 %");
        assert_eq!((rate(99_999, 100_000), rate(1, 100_000), rate(0, 5), rate(5, 5)), (0.9999, 0.0001, 0.0, 1.0));
        assert_eq!(
            (percent_of_rate(rate(1, 100_000)), percent_of_rate(rate(2, 3)), percent_of_rate(0.29)),
            (1, 66, 29)
        );
    }

    #[test]
    fn an_invited_person_who_is_taken_off_is_no_share_of_the_others() {
        let mut sum = Individual::default();
        let one = ContactFlags { signed: true, invited: true, ..ContactFlags::default() };
        (0..39).for_each(|_| one.add_to(&mut sum));
        ContactFlags { removed: true, ..one }.add_to(&mut sum);
        assert_eq!((sum.listed, sum.invited, sum.reachable), (39, 40, 39));
        let shares = sum.steps().map(|s| s.share_of.map(|(of, base)| (of, percent(s.count, base))));
        assert_eq!(shares[1], Some(("listed", "100 %".into())));
        assert_eq!(shares[2], None);
        assert_eq!(shares[3], Some(("invited", "97 %".into())));
    }

    proptest! {
        #[test]
        fn percents_are_whole_and_true(part in 0u64..2_000_000, base in 1u64..2_000_000) {
            let part = part.min(base);
            let shown = whole_percent(part, base);
            prop_assert_eq!(shown == 100, part == base);
            prop_assert_eq!(shown == 0, part == 0);
            prop_assert!(shown as f64 <= (part as f64 * 100.0 / base as f64).max(1.0) + 1e-9);
        }

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
        fn no_share_exceeds_all_whoever_is_taken_off(people in proptest::collection::vec((0u8..4, any::<[bool; 4]>()), 0..40)) {
            // Nobody starts before the invitation, or completes before the start.
            let mut sum = Individual::default();
            for (came, [removed, undeliverable, signed, opted_out]) in people {
                let (invited, started, completed) = (came > 0, came > 1, came > 2);
                ContactFlags { removed, signed, invited, started, completed, opted_out, undeliverable }.add_to(&mut sum);
            }
            for step in sum.steps() {
                prop_assert!(step.share_of.is_none_or(|(_, base)| step.count <= base), "{:?}", step);
            }
        }

        #[test]
        fn nobody_completes_without_being_reachable(removed: bool, invited: bool, undeliverable: bool, completed: bool) {
            let flags = ContactFlags { removed, invited, completed, undeliverable, ..ContactFlags::default() };
            let mut sum = Individual::default();
            flags.add_to(&mut sum);
            prop_assert!(sum.completed <= sum.reachable);
        }
    }
}
