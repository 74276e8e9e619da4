//! A small evidence file, and everything that can be done to it.

use proptest::prelude::*;

use crate::base::clock::Ts;
use crate::base::seal::sha256;
use crate::rules::contacts::Role;
use crate::rules::signoff::{Listed, SignLevel, SignedName, Standing, fingerprint};

use super::*;

mod delegations;
mod withheld;

const NINE: Ts = Ts(1_800_000_000_000);

fn listed(id: &str, first: &str) -> Listed {
    let name = SignedName {
        email: format!("{id}@globex.example"),
        first_name: first.into(),
        last_name: "Lee".into(),
        job_title: "Buyer \"for\" \u{1f}\\ Größe\n".into(),
        role: Role::Influencer,
        language: "en".into(),
        country: "GB".into(),
        time_zone: "Europe/London".into(),
        region: if first == "Ben" { "SCT".into() } else { String::new() },
    };
    Listed { id: id.into(), name, replaces: None }
}

fn signed(id: &str, level: SignLevel, list: Vec<Listed>) -> Signed {
    let names: Vec<SignedName> = list.iter().map(|listed| listed.name.clone()).collect();
    Signed {
        id: id.into(),
        account: "a1".into(),
        account_name: Some("Globex".into()),
        level,
        signed_by: "Dora Fields <dora@northwind.example>".into(),
        at: NINE,
        how: "link".into(),
        came_from: "192.0.2.7, Firefox".into(),
        evidence: String::new(),
        recorded_by: String::new(),
        names: names.len() as i64,
        fingerprint: fingerprint("Globex", &names),
        list: Some(list),
    }
    .in_order()
}

fn entry(action: &str, subject: &str, detail: &str) -> Unplaced {
    let actor = "dora@northwind.example".to_string();
    let entry =
        EntryRecord { id: "e".into(), actor, action: action.into(), subject: subject.into(), detail: detail.into() };
    Unplaced { at: NINE, private: is_private(action), told: Told { salt: format!("{:032x}", detail.len()), entry } }
}

/// Two signatures of a director, with a change between them, and one of the sales director; somebody has answered.
fn document() -> Document {
    let both = || vec![listed("b", "Ben"), listed("a", "Ann")];
    let later = || vec![Listed { replaces: Some("b".into()), ..listed("c", "Cyd") }, listed("a", "Anna")];
    let signatures = vec![
        signed("s1", SignLevel::Director, both()),
        signed("s2", SignLevel::Director, later()),
        signed("s3", SignLevel::SalesDirector, later()),
    ];
    let [held, over] = delegations::two();
    let mut entries = vec![entry("started the round", "r1", "")];
    for (n, signed) in signatures.iter().enumerate() {
        // The first one as versions have written it that kept no seal.
        let whole = detail(signed);
        let told = if n == 0 { whole.split(", signature").next().unwrap().to_string() } else { whole };
        entries.push(entry(told::action(signed.level).as_str(), "a1", &told));
    }
    entries.push(entry("sent the answers", "c", "12 answers"));
    entries.extend(delegations::entries(&[&held, &over]));
    document_with(vec![held, over], signatures, entries)
}

fn document_of(signatures: Vec<Signed>, entries: Vec<Unplaced>) -> Document {
    document_with(Vec::new(), signatures, entries)
}

fn document_with(delegations: Vec<DelegationLine>, signatures: Vec<Signed>, entries: Vec<Unplaced>) -> Document {
    let mut head = Head::before_all(&"r1".into());
    let mut journal = Vec::new();
    for entry in entries {
        let (placed, end) = follow(&head, entry);
        (head, journal) = (end, [journal, vec![placed]].concat());
    }
    let round = RoundRecord {
        id: "r1".into(),
        name: "northwind-2027".into(),
        client: "Northwind Instruments".into(),
        title: "Relationship assessment 2027".into(),
        opens: "2027-02-08".parse().unwrap(),
        closes: "2027-03-05".parse().unwrap(),
        made_at: NINE,
        started_at: Some(NINE),
        closed_at: None,
        as_of: NINE.plus(1),
        entries: head.entries,
        head: head.hash,
    };
    let account = AccountRecord {
        id: "a1".into(),
        name: "Globex".into(),
        director: "Dora Fields".into(),
        director_email: "dora@northwind.example".into(),
        strategic: true,
        standing: Standing::Signed,
        names: 2,
        fingerprint: signatures.last().map(|s| s.fingerprint.clone()).unwrap_or_default(),
    };
    Document::new(round, vec![account], delegations, signatures, journal)
}

fn checked(file: &[u8], head: Option<&str>) -> crate::base::problem::Result<Verdict> {
    let mut check = Check::new(head.map(str::to_owned));
    for line in file.split_inclusive(|byte| *byte == b'\n') {
        check.line(line)?;
    }
    check.end()
}

fn found(file: &str) -> Vec<String> {
    checked(file.as_bytes(), None).unwrap().found
}

#[test]
fn what_was_written_is_right_and_says_what_it_holds() {
    let document = document();
    let file = document.write().text;
    let verdict = checked(file.as_bytes(), Some(&document.journal[1].sha256[..32])).unwrap();
    assert_eq!(verdict.found, Vec::<String>::new(), "{file}");
    assert_eq!((verdict.accounts, verdict.signatures, verdict.withheld, verdict.head.entries), (1, 3, 0, 8));
    assert_eq!(verdict.delegations, 2);
    assert_eq!(verdict.head.hash, document.round.record.head);
    assert_eq!((verdict.stands, verdict.round.as_str()), (Some(2), "northwind-2027"));
    let changes: Vec<&[String]> = document.signatures.iter().map(|s| s.changes.as_slice()).collect();
    let between = ["Anna Lee was corrected: name Anna Lee, was Ann Lee", "Cyd Lee in the place of Ben Lee"];
    assert_eq!(changes, [&[][..], &between.map(String::from)[..], &[]]);
    assert_eq!(document.signatures.iter().map(|s| s.since).collect::<Vec<_>>(), [None, Some(1), None]);
    assert!(serde_json::from_str::<serde_json::Value>(&file).is_ok(), "it is JSON as a whole");
    let nothing = document_of(Vec::new(), Vec::new()).write().text;
    assert_eq!(found(&nothing), Vec::<String>::new(), "{nothing}");
}

fn told(document: &mut Document, at: usize) -> &mut Told {
    document.journal[at].told.as_mut().unwrap()
}

/// Somebody changes one thing and makes its own SHA-256 anew, and that of the file.
#[test]
fn a_change_is_told_by_its_place() {
    let said = |change: &dyn Fn(&mut Document)| {
        let mut changed = document();
        change(&mut changed);
        found(&changed.write().text)
    };
    let first = |change: &dyn Fn(&mut Document)| said(change).first().cloned().unwrap_or_default();
    let day = "15 January 2027";
    assert_eq!(
        first(&|d| d.signatures[2].record.list.as_mut().unwrap()[1].name.last_name = "Roe".into()),
        format!("signature 3 (Globex, {day}): it was changed: it does not give its SHA-256")
    );
    let all = said(&|d| {
        let line = &mut d.signatures[2];
        line.record.list.as_mut().unwrap()[1].name.last_name = "Roe".into();
        line.sha256 = digest(&line.record);
    });
    let place = format!("signature 3 (Globex, {day})");
    assert_eq!(all[0], format!("{place}: the list does not give its fingerprint"));
    assert!(all[1].ends_with("the signature that it tells of is not in the file"), "{all:?}");
    assert_eq!(all[2], format!("{place}: the journal does not tell of it"));
    assert_eq!(
        first(&|d| d.accounts[0].record.director = "Erik Holm".into()),
        "account Globex: it was changed: it does not give its SHA-256"
    );
    assert_eq!(
        first(&|d| d.round.record.client = "Southwind".into()),
        "the round: it was changed: it does not give its SHA-256"
    );
    assert_eq!(
        first(&|d| d.signatures[1].changes[0].push('x')),
        format!("signature 2 (Globex, {day}): what changed since the list before it is not what the two lists say")
    );
    let entry = |n: usize| format!("entry {n} of the journal ({day}, signed off the names)");
    assert_eq!(
        first(&|d| d.journal[1].record.at = NINE.plus(1)),
        format!("{}: it was changed: it does not give its SHA-256", entry(2))
    );
    let says = format!("{}: it was changed: what it says does not give its SHA-256", entry(2));
    assert_eq!(first(&|d| told(d, 1).entry.actor = "mallory@northwind.example".into()), says);
    assert_eq!(first(&|d| told(d, 1).salt = "0".repeat(32)), says);
    assert_eq!(
        first(&|d| {
            told(d, 0).entry.actor = "mallory@northwind.example".into();
            let one = &mut d.journal[0];
            one.record.content = one.told.as_ref().unwrap().sha256();
            one.sha256 = digest(&one.record);
        }),
        format!("{}: it does not follow the entry before it", entry(2))
    );
    assert_eq!(
        first(&|d| drop(d.journal.remove(1))),
        format!("entry 3 of the journal ({day}, signed off the names): it stands where entry 2 belongs")
    );
    assert!(
        said(&|d| drop(d.journal.pop())).contains(&"the journal: it ends with entry 7, and it went to entry 8".into())
    );
    assert!(said(&|d| drop(d.signatures.pop())).iter().any(|s| s.contains("is not in the file")));
    assert!(said(&|d| drop(d.accounts.pop())).iter().any(|s| s.contains("its account is not in the file")));
}

/// Everything is made anew after a change: only what was printed before tells.
#[test]
fn a_file_that_was_made_anew_does_not_have_the_head_that_was_printed() {
    let before = document();
    let head = Head::typed(&Head { entries: 8, hash: before.round.record.head.clone() }.sentence("en")).unwrap();
    for file in [before.clone(), before.clone().without_what_is_private()] {
        assert_eq!(checked(file.write().text.as_bytes(), Some(&head)).unwrap().stands, Some(8));
    }
    let mut signatures: Vec<Signed> = before.signatures.into_iter().map(|line| line.record).collect();
    signatures[1].signed_by = "Mallory".into();
    let unplaced =
        |line: EntryLine| Unplaced { at: line.record.at, private: line.record.private, told: line.told.unwrap() };
    let mut entries: Vec<Unplaced> = before.journal.into_iter().map(unplaced).collect();
    entries[2].told.entry.detail = detail(&signatures[1]);
    let anew = document_with(before.delegations, signatures, entries).write().text;
    assert_eq!(found(&anew), Vec::<String>::new());
    let verdict = checked(anew.as_bytes(), Some(&head)).unwrap();
    assert_eq!(verdict.stands, None);
    assert!(verdict.found[0].contains("no entry of the journal has it"), "{:?}", verdict.found);
}

#[test]
fn what_is_no_evidence_file_gets_one_sentence() {
    let deep = "[".repeat(100_000);
    for other in ["", "{}", "not JSON\nat all\n", "{\"rows\":1}\n", &deep, "\0\0\n\0", "[1,\n2]\n"] {
        let refused = checked(other.as_bytes(), None).unwrap_err();
        assert!(refused.to_string().starts_with("This is no evidence file of soundings."), "{refused}");
    }
    let long = [document().write().text.as_bytes(), &vec![b'x'; LONGEST_LINE + 1]].concat();
    assert!(checked(&long, None).unwrap_err().to_string().contains("is longer than any"));
    for nested in ["{\"record\":".repeat(50_000), deep] {
        let file = document().write().text.replace("\"signatures\":[\n", &format!("\"signatures\":[\n{nested},\n"));
        assert!(found(&file)[0].contains("something that cannot be read"), "{}", found(&file)[0]);
    }
}

#[test]
fn a_file_that_is_another_one_altogether_is_told_shortly() {
    let file = document().write().text;
    let many = "{\"x\":1},\n".repeat(1_000);
    let all = found(&file.replace("\"journal\":[\n", &format!("\"journal\":[\n{many}")));
    assert!(all.len() < 60 && all.last().unwrap().starts_with("and "), "{}", all.len());
}

#[test]
fn numbers_at_their_limits_are_told() {
    let file = document().write().text;
    for n in [i64::MAX, i64::MIN, 0] {
        let changed = file.replacen("{\"record\":{\"n\":1,", &format!("{{\"record\":{{\"n\":{n},"), 1);
        assert_ne!(changed, file);
        assert!(found(&changed).iter().any(|place| place.contains("belongs")), "{n}");
    }
}

#[test]
fn a_line_break_anywhere_in_the_first_line_is_named() {
    let file = document().write().text;
    for at in 0..20 {
        let broken = format!("{}\n{}", &file[..at], &file[at..]);
        assert!(!found(&broken).is_empty(), "before byte {at}");
    }
}

fn is_found(file: &[u8]) -> bool {
    checked(file, None).map_or(true, |verdict| !verdict.found.is_empty())
}

/// Every byte, in the ways in which a byte is changed most easily.
#[test]
fn every_byte_that_is_changed_taken_out_or_put_in_is_found() {
    let signatures = vec![signed("s1", SignLevel::Director, vec![listed("a", "Ann")])];
    let entries = vec![
        entry("signed off the names", "a1", &detail(&signatures[0])),
        entry("opted out", "c", ""),
        entry("is away", "c", "until Monday"),
    ];
    let [_, mut over] = delegations::two();
    over.n = 1;
    let entries = [entries, delegations::entries(&[&over])].concat();
    // One entry is withheld, and one tells with its salt of what a contact did.
    let mut document = document_with(vec![over], signatures, entries);
    document.journal[1].told = None;
    let file = document.write().text.into_bytes();
    assert!(!is_found(&file));
    for at in 0..file.len() {
        for other in [file[at] ^ 1, b' '].into_iter().filter(|b| *b != file[at]) {
            let mut changed = file.clone();
            changed[at] = other;
            assert!(is_found(&changed), "byte {at} as {other}");
        }
        let mut shorter = file.clone();
        shorter.remove(at);
        assert!(is_found(&shorter), "without byte {at}");
        assert!(is_found(&file[..at]), "up to byte {at}");
        for more in [b' ', b'\n'] {
            let mut longer = file.clone();
            longer.insert(at, more);
            assert!(is_found(&longer), "{more} before byte {at}");
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_done_to_the_bytes_is_found(
        at in 0usize..10_000,
        until in 0usize..40,
        instead in proptest::collection::vec(any::<u8>(), 0..40),
        withheld in any::<bool>(),
    ) {
        let file = if withheld { document().without_what_is_private() } else { document() };
        let file = file.write().text.into_bytes();
        let at = at % file.len();
        let until = (at + until).min(file.len());
        let changed = [&file[..at], &instead, &file[until..]].concat();
        prop_assert_eq!(is_found(&changed), changed != file);
    }

    /// Whoever changes a byte makes every SHA-256 of the file's end anew: the change is told by its place all the same.
    #[test]
    fn a_byte_of_a_record_is_found_by_its_place(line in 0usize..30, at in 0usize..10_000, bit in 0u8..7, withheld in any::<bool>()) {
        let file = if withheld { document().without_what_is_private() } else { document() };
        let file = file.write().text;
        let mut lines: Vec<Vec<u8>> = file.split_inclusive('\n').map(|line| line.as_bytes().to_vec()).collect();
        lines.pop();
        let items: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(&b'{') && *at > 0).collect();
        let line = items[line % items.len()];
        let at = at % (lines[line].len() - 2);
        lines[line][at] ^= 1 << bit;
        let body = lines.concat();
        let whole = [body.as_slice(), format!("\"sha256\":\"{}\"}}\n", sha256(&body)).as_bytes()].concat();
        prop_assert!(is_found(&whole), "byte {} of line {}", at, line + 1);
    }

    #[test]
    fn lines_in_another_order_are_found(a in 0usize..30, b in 0usize..30) {
        let file = document().write().text;
        let mut lines: Vec<&str> = file.split_inclusive('\n').collect();
        let (a, b) = (a % lines.len(), b % lines.len());
        lines.swap(a, b);
        let changed = lines.concat();
        prop_assert_eq!(is_found(changed.as_bytes()), changed != file);
    }
}
