//! Proofs about what a list of the round before carries, for any names, signatures and changes.

use proptest::prelude::*;

use crate::rules::signoff::rows::{AccountNow, Signed};
use crate::rules::signoff::tests::name;

use super::*;

/// One name: whether each level has signed it this year; on which of two lists of then it stood, whether as it stands now, whether it was
/// off the list for a time, and whether the second level had it, too.
type Case = (bool, bool, Option<usize>, bool, bool, bool);

fn id(kind: &str, n: usize) -> ContactId {
    ContactId::from(format!("{kind}{n}").as_str())
}

proptest! {
    #[test]
    fn what_is_carried_stood_then_waits_now_and_takes_nothing_away(
        cases in proptest::collection::vec(any::<(bool, bool, Option<bool>, bool, bool, bool)>(), 0..8), second: bool
    ) {
        let cases: Vec<Case> =
            cases.into_iter().map(|(a, b, list, d, e, f)| (a, b, list.map(usize::from), d, e, f)).collect();
        let accounts = [AccountId::from("then0"), AccountId::from("then1")];
        let levels = [SignLevel::Director, SignLevel::SalesDirector];
        let ids: Vec<(ContactId, ContactId)> = (0..cases.len()).map(|n| (id("now", n), id("then", n))).collect();
        let now: Vec<SignedName> = (0..cases.len()).map(|n| name(&format!("p{n}@x.example"))).collect();
        // What this round has signed: at most one signature for each level.
        let signed: Vec<Signed> = levels.iter().zip(0..).map(|(level, n)| Signed {
            level: *level,
            n: 100 + n,
            fingerprint: "of this round".into(),
            called: Some("X".into()),
            names: Some((0..cases.len()).filter(|c| [cases[*c].0, cases[*c].1][n as usize])
                .map(|c| (ids[c].0.clone(), now[c].clone())).collect()),
        }).collect();
        let as_then = |c: usize| SignedName { job_title: if cases[c].3 { String::new() } else { "Other".into() }, ..now[c].clone() };
        let mut then = Vec::new();
        for (a, account) in accounts.iter().enumerate() {
            for level in levels {
                let has = |c: &usize| cases[*c].2 == Some(a) && (level == SignLevel::Director || cases[*c].5);
                let names = (0..cases.len()).filter(has).map(|c| (ids[c].1.clone(), as_then(c))).collect();
                then.push(SignedThen { account: account.clone(), level, n: 5, names });
            }
        }
        let row = |c: usize| RowNow { id: &ids[c].0, name: &now[c], off_after: 0 };
        let was = |c: usize| cases[c].2.map(|a| Was { id: &ids[c].1, account: &accounts[a], off_after: if cases[c].4 { 7 } else { 0 } });
        let names: Vec<Sought<'_>> = (0..cases.len()).map(|c| Sought { now: row(c), was: was(c) }).collect();
        let account = AccountNow { name: "X", fingerprint: "now", second };
        let before = Coverage::new(account, &signed);

        // Put down one after the other: of each level the last one counts.
        let mut in_force = signed.clone();
        for carries in carried(&before, second, &names, &then) {
            let list = &then[carries.from];
            prop_assert!(!carries.names.is_empty());
            let covered = carries.covers.iter().map(|c| (ids[*c].0.clone(), now[*c].clone())).collect();
            in_force.retain(|by| by.level != list.level);
            in_force.push(Signed {
                level: list.level, n: 200, fingerprint: "carried".into(), called: Some("X".into()), names: Some(covered),
            });
            for c in carries.names {
                prop_assert!(!before.covered(list.level, row(c)), "it was signed this year");
                prop_assert_eq!(list.names.get(&ids[c].1), Some(&now[c]));
            }
        }
        let after = Coverage::new(account, &in_force);
        for (c, case) in cases.iter().enumerate() {
            let stood = case.2.is_some() && case.3 && !case.4;
            let first = case.0 || stood;
            prop_assert_eq!(after.covered(SignLevel::Director, row(c)), first);
            prop_assert_eq!(after.covered(SignLevel::SalesDirector, row(c)), case.1 || second && first && stood && case.5);
        }
    }
}
