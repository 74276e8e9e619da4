//! What a file says of who was allowed to sign for whom.

use crate::rules::signoff::delegation::Why;

use super::*;

/// One of one account that holds, and one of all that has ended.
pub(super) fn two() -> [DelegationLine; 2] {
    let one = |id: &str, account: Option<&str>| DelegationRecord {
        id: id.into(),
        level: SignLevel::Director,
        of: "dora@northwind.example".into(),
        account: account.map(Into::into),
        to_name: "Cara \"Größe\" Lee".into(),
        to_email: "cara@northwind.example".into(),
        why: Why::Colleague,
        by: "Dora Fields <dora@northwind.example>".into(),
        came_from: "192.0.2.7, Firefox".into(),
        at: NINE,
    };
    let end =
        EndRecord { delegation: "d2".into(), by: "Dora Fields <dora@northwind.example>".into(), at: NINE.plus(5) };
    [DelegationLine::new(1, one("d1", Some("a1")), None), DelegationLine::new(2, one("d2", None), Some(end))]
}

pub(super) fn entries(lines: &[&DelegationLine]) -> Vec<Unplaced> {
    let mut all: Vec<Unplaced> = Vec::new();
    for line in lines {
        all.push(entry("let somebody sign for somebody else", "a1", &delegated(&line.record)));
        if let Some(end) = &line.ended {
            let detail = delegation_ended(&end.record, &line.record.to_email);
            all.push(entry("let somebody sign for somebody else no more", "a1", &detail));
        }
    }
    all
}

#[test]
fn whoever_changes_who_may_sign_is_found_by_its_place() {
    let said = |change: &dyn Fn(&mut Document)| {
        let mut changed = document();
        change(&mut changed);
        found(&changed.write().text)
    };
    let (one, two) = ("delegation 1 (to Cara \"Größe\" Lee)", "delegation 2 (to Cara \"Größe\" Lee)");
    let other = said(&|d| d.delegations[0].record.to_email = "mallory@northwind.example".into());
    assert_eq!(other[0], format!("{one}: it was changed: it does not give its SHA-256"));
    // With a SHA-256 made anew.
    let anew = said(&|d| {
        let line = &mut d.delegations[0];
        line.record.of = "erik@northwind.example".into();
        line.sha256 = digest(&line.record);
    });
    assert!(anew[0].ends_with("the delegation that it tells of is not in the file as it was then"), "{anew:?}");
    assert_eq!(anew[1], format!("{one}: the journal does not tell of it"));
    // An end that is invented, taken out, moved, or dated otherwise.
    let invented = said(&|d| d.delegations[0].ended = d.delegations[1].ended.clone());
    assert_eq!(invented[0], format!("the end of {one}: it is that of another one"));
    let held_on = said(&|d| d.delegations[1].ended = None);
    assert!(held_on[0].ends_with("the delegation that it tells of is not in the file as it was then"), "{held_on:?}");
    let later = said(&|d| {
        let end = d.delegations[1].ended.as_mut().unwrap();
        end.record.at = NINE.plus(6);
        *end = Sealed::of(end.record.clone());
    });
    assert!(later.contains(&format!("the end of {two}: the journal does not tell of it")), "{later:?}");
    assert!(said(&|d| drop(d.delegations.remove(0))).iter().any(|s| s.contains("is not in the file as it was then")));
    assert!(said(&|d| drop(d.accounts.pop())).contains(&format!("{one}: its account is not in the file")));
    assert!(!said(&|d| d.delegations.swap(0, 1)).is_empty(), "in another order");
}

/// Files of before have no delegations; a file of now that calls itself one of those has lost them.
#[test]
fn a_file_of_before_is_read_and_no_file_is_made_one() {
    let sealed = |body: String| format!("{body}\"sha256\":\"{}\"}}\n", sha256(&body));
    let as_before = |document: &Document| {
        let text = document.write().text.replacen("\"soundings_evidence\":2,", "\"soundings_evidence\":1,", 1);
        let (start, rest) = text.split_once("\"delegations\":[\n").unwrap();
        let rest = rest.split_once("],\n").unwrap().1;
        let body = format!("{start}{rest}");
        sealed(body[..body.rfind("\"sha256\":").unwrap()].to_string())
    };
    let before = as_before(&document_of(Vec::new(), vec![entry("started the round", "r1", "")]));
    assert_eq!(found(&before), Vec::<String>::new(), "{before}");
    assert!(found(&as_before(&document())).iter().any(|s| s.contains("the delegation that it tells of")));
    let kept = document().write().text.replacen("\"soundings_evidence\":2,", "\"soundings_evidence\":1,", 1);
    let kept = sealed(kept[..kept.rfind("\"sha256\":").unwrap()].to_string());
    assert!(!found(&kept).is_empty(), "a list that files of before do not have");
}
