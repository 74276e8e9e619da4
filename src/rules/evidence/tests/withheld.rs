//! What a file leaves out, and what cannot be proved any more.

use super::*;

#[test]
fn what_contacts_did_is_withheld_and_nothing_else_can_be() {
    let whole = document();
    let withheld = whole.clone().without_what_is_private();
    let file = withheld.write().text;
    assert!(
        !file.contains("sent the answers") && !file.contains("12 answers") && file.contains("signed off the names")
    );
    assert!(!file.contains(&whole.journal[4].told.as_ref().unwrap().salt), "what guesses could be tried with");
    let verdict = checked(file.as_bytes(), None).unwrap();
    assert_eq!((verdict.found, verdict.withheld, verdict.head.entries), (Vec::new(), 1, 8));
    assert_eq!(verdict.head.hash, whole.round.record.head, "of both files");
    // A signature is left out, and whoever does it withholds the entry that tells of it.
    for call_it_private in [false, true] {
        let mut less = whole.clone();
        less.signatures.pop();
        less.journal[3].told = None;
        if call_it_private {
            less.journal[3].record.private = true;
        }
        let line = &mut less.journal[3];
        line.sha256 = digest(&line.record);
        let found = found(&less.write().text);
        let says = if call_it_private {
            "it does not follow the entry before it"
        } else {
            "tells of nothing that a contact did"
        };
        assert!(found.iter().any(|found| found.contains(says)), "{found:?}");
    }
    // Two entries that say the same are not seen to.
    let mut again = entry("is away", "c", "1");
    again.told.salt = "x".into();
    let twice = document_of(Vec::new(), vec![entry("is away", "c", "1"), again]).journal;
    assert_ne!(twice[0].record.content, twice[1].record.content);
}

#[test]
fn a_list_whose_account_was_renamed_is_neither_proved_nor_called_changed() {
    let mut signed = signed("s1", SignLevel::Director, vec![listed("a", "Ann")]);
    signed.account_name = None;
    let short = detail(&signed).split(", signature").next().unwrap().to_string();
    let of = |signed: &Signed| document_of(vec![signed.clone()], vec![entry("signed off the names", "a1", &short)]);
    let verdict = checked(of(&signed).write().text.as_bytes(), None).unwrap();
    assert_eq!(verdict.found, Vec::<String>::new());
    let says = "signature 1 (Globex, 15 January 2027): its fingerprint cannot be made again";
    assert!(verdict.unproved.len() == 1 && verdict.unproved[0].starts_with(says), "{:?}", verdict.unproved);
    // What can be seen is seen.
    let more = Signed { names: 2, ..signed.clone() };
    assert!(
        found(&of(&more).write().text).iter().any(|found| found.contains("the list has 1 name, and 2 were signed"))
    );
    let other = Signed { fingerprint: fingerprint("Globex", &[]), ..signed.clone() };
    assert!(found(&of(&other).write().text).iter().any(|found| found.contains("is not in the file")));
    let mut changed = of(&signed);
    changed.signatures[0].record.list.as_mut().unwrap()[0].name.last_name = "Roe".into();
    assert!(found(&changed.write().text)[0].contains("it does not give its SHA-256"));
    // The entry that tells of it with its SHA-256 covers the name as well.
    let sealed = document_of(vec![Signed { account_name: Some("Globex".into()), ..signed.clone() }], Vec::new());
    let whole = vec![entry("signed off the names", "a1", &detail(&sealed.signatures[0].record))];
    assert!(
        found(&document_of(vec![signed], whole).write().text).iter().any(|found| found.contains("is not in the file"))
    );
}
