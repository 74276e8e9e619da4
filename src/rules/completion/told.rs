//! The status of a round as its own rule lets it be told to programs: a figure that may not be told is `null`, and stays in its place.
//!
//! Beside the numbers of people this holds what could be taken back to them: what is missing to a target, answers on their way to the
//! scoring module, the revenue that has answered (two sums tell which account is in one of them).

use serde_json::Value;

use crate::rules::participation::Participation;
use crate::rules::round::Level;

use super::Status;

/// Which figures of the whole round may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Whole {
    pub answers: bool,
    pub started: bool,
    pub accounts: bool,
    pub revenue: bool,
}

impl Whole {
    pub fn of(status: &Status, rule: Participation) -> Whole {
        let (people, accounts) = (&status.individual, &status.accounts);
        let answers = rule.count(people.completed, people.reachable).is_some();
        Whole {
            answers,
            started: answers && rule.count(people.started, people.reachable).is_some(),
            accounts: rule.count(accounts.completed, accounts.invited).is_some() && rule.tells_accounts(&status.shapes),
            revenue: rule.names(),
        }
    }

    /// Of contacts, or of accounts.
    pub fn level(self, level: Level) -> bool {
        match level {
            Level::Individual => self.answers,
            Level::Accounts => self.accounts,
        }
    }
}

/// Contract: what `round status --json` and the API say of a round that tells numbers only.
pub fn told(status: &Status, rule: Participation) -> Value {
    let mut value = serde_json::to_value(status).unwrap_or_default();
    let mut hide = |place: &str| {
        if let Some(figure) = value.pointer_mut(place) {
            *figure = Value::Null;
        }
    };
    let whole = Whole::of(status, rule);
    let of_answers = ["completed", "rate"].map(|figure| format!("/individual/{figure}"));
    let handed = ["completed", "confirmed", "pending", "failed"].map(|figure| format!("/handoff/{figure}"));
    if !whole.answers {
        of_answers.iter().chain(&handed).for_each(|place| hide(place));
    }
    if !whole.started {
        hide("/individual/started");
    }
    if !whole.accounts {
        ["/accounts/completed", "/accounts/rate"].into_iter().for_each(&mut hide);
    }
    if !whole.revenue {
        ["/revenue/answered", "/revenue/rate"].into_iter().for_each(&mut hide);
    }
    if !rule.names() {
        // It rises with who has answered although he cannot be reached.
        hide("/individual/reachable");
        // Accounts are told beside their total: with roles as well, one person of a role at an account could be worked out.
        let of_role =
            |name: &String| ["reachable", "completed", "rate"].map(|figure| format!("/roles/{name}/{figure}"));
        status.roles.keys().flat_map(of_role).for_each(|place| hide(&place));
    }
    let hidden = status.targets.iter().enumerate().filter(|(_, target)| !whole.level(target.level));
    for (at, _) in hidden {
        hide(&format!("/targets/{at}/met"));
        hide(&format!("/targets/{at}/missing"));
    }
    value
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::base::clock::Ts;
    use crate::rules::completion::{
        Accounts, HandoffCount, Individual, OutboxCount, RevenueStatus, RoleCount, target_status,
    };
    use crate::rules::participation::accounts::Shape;
    use crate::rules::round::usual_targets;

    use super::*;

    fn status(completed: i64, reachable: i64, roles: &[(&str, i64, i64)]) -> Status {
        let individual =
            Individual { invited: reachable, reachable, completed, started: completed, ..Individual::default() };
        let accounts = Accounts { invited: 20, completed: 9, ..Accounts::default() };
        let role = |&(name, completed, reachable): &(&str, i64, i64)| {
            (name.to_string(), RoleCount { reachable, completed, rate: 0.0 })
        };
        Status {
            round: "r".into(),
            state: "running".into(),
            as_of: Ts(0),
            targets: usual_targets().into_iter().map(|t| target_status(t, &individual, &accounts)).collect(),
            roles: roles.iter().map(role).collect::<BTreeMap<_, _>>(),
            revenue: RevenueStatus { invited: 9_000, answered: 700, ..RevenueStatus::default() },
            handoff: HandoffCount { completed, ..HandoffCount::default() },
            outbox: OutboxCount::default(),
            held_by: Vec::new(),
            individual,
            accounts,
            // Nine of twenty have answered, each large enough to be told.
            shapes: vec![Shape::of(10, 4, 9), Shape::of(10, 0, 11)],
        }
    }

    #[test]
    fn names_tell_all_of_it() {
        let status = status(1, 2, &[("influencer", 1, 2)]);
        assert_eq!(told(&status, Participation::Names), serde_json::to_value(&status).unwrap());
    }

    #[test]
    fn what_a_few_have_done_is_null_and_the_rest_stands() {
        let status =
            status(12, 40, &[("influencer", 1, 2), ("key_decision_maker", 6, 20), ("operational_contact", 5, 18)]);
        let told = told(&status, Participation::CountsFrom(4));
        let at = |place: &str| told.pointer(place).cloned();
        assert_eq!(at("/individual/completed"), Some(12.into()));
        assert_eq!(at("/individual/invited"), Some(40.into()));
        // It would rise with who has answered although he cannot be reached; and roles would tell of people of accounts that are told.
        assert_eq!(at("/individual/reachable"), Some(Value::Null));
        for role in ["influencer", "operational_contact", "key_decision_maker"] {
            for figure in ["reachable", "completed", "rate"] {
                assert_eq!(at(&format!("/roles/{role}/{figure}")), Some(Value::Null), "{role} {figure}");
            }
        }
        assert_eq!(at("/revenue/answered"), Some(Value::Null));
        assert_eq!(at("/accounts/completed"), Some(9.into()));
        assert_eq!(at("/targets/0/missing"), Some(8.into()));
    }

    #[test]
    fn numbers_are_of_who_was_invited_where_no_names_are_told() {
        let of = |reachable| {
            let individual = Individual { invited: 20, reachable, completed: 9, ..Individual::default() };
            let status = Status { individual, ..status(9, 20, &[]) };
            told(&status.of_invited(), Participation::Counts)
        };
        // Whether one who cannot be reached is among those who have answered, or not.
        assert_eq!(of(19), of(20));
        assert_eq!(of(19).pointer("/individual/rate"), Some(&0.45.into()));
        // 50 % of twenty.
        assert_eq!(of(19).pointer("/targets/0/missing"), Some(&1.into()));
    }

    #[test]
    fn of_a_round_of_few_answers_nothing_is_told_that_says_how_many() {
        let status = status(3, 40, &[("influencer", 3, 40)]);
        let told = told(&status, Participation::CountsFrom(4));
        for place in [
            "/individual/completed",
            "/individual/rate",
            "/individual/started",
            "/roles/influencer/completed",
            "/targets/0/met",
            "/targets/0/missing",
            "/handoff/completed",
        ] {
            assert_eq!(told.pointer(place), Some(&Value::Null), "{place}");
        }
        assert_eq!(told.pointer("/individual/invited"), Some(&40.into()));
        assert_eq!(told.pointer("/targets/2/missing"), Some(&9.into()), "of accounts");
    }
}
