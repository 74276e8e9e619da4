//! The judge: the sink's log joined with the ledger. It reads the tables itself, so that no code of the product is trusted here.

use std::collections::BTreeMap;

use super::sink::Taken;

/// A row of the ledger.
#[derive(Clone, Debug)]
pub struct Row {
    pub id: String,
    pub contact_id: Option<String>,
    pub kind: String,
    pub to_email: String,
    pub state: String,
    pub attempt: i64,
    pub doubted_at: Option<i64>,
    #[expect(dead_code, reason = "seen where a test fails")]
    pub reason: Option<String>,
    pub answer: Option<String>,
}

pub const LEDGER: &str =
    "SELECT id, contact_id, kind, to_email, state, attempt, doubted_at, reason, answer FROM message ORDER BY id";

/// Its columns in this order.
pub type Cells = (String, Option<String>, String, String, String, i64, Option<i64>, Option<String>, Option<String>);

impl From<Cells> for Row {
    fn from((id, contact_id, kind, to_email, state, attempt, doubted_at, reason, answer): Cells) -> Row {
        Row { id, contact_id, kind, to_email, state, attempt, doubted_at, reason, answer }
    }
}

#[derive(Debug, Default)]
pub struct Verdict {
    /// Said to be sent and never taken, or neither sent nor named when everything is over.
    pub lost: Vec<String>,
    /// Taken more than once though the ledger never named it.
    pub doubled: Vec<String>,
    /// Named by the ledger.
    pub in_doubt: Vec<String>,
    /// Taken, and not what the ledger knows.
    pub strange: Vec<String>,
}

/// What became of each message to a contact once nothing more is to be done.
pub fn judge(ledger: &[Row], taken: &[Taken]) -> Verdict {
    let mut verdict = Verdict::default();
    let mut copies: BTreeMap<&str, Vec<&Taken>> = BTreeMap::new();
    for one in taken {
        copies.entry(&one.row).or_default().push(one);
    }
    for row in ledger.iter().filter(|row| row.contact_id.is_some()) {
        let mine = copies.remove(row.id.as_str()).unwrap_or_default();
        match row.state.as_str() {
            "in_doubt" => verdict.in_doubt.push(row.to_email.clone()),
            "sent" if mine.is_empty() => verdict.lost.push(format!("{row:?} was never taken")),
            "sent" | "failed" | "withdrawn" | "held" => {}
            _ => verdict.lost.push(format!("{row:?} was left lying")),
        }
        if matches!(row.state.as_str(), "failed" | "withdrawn" | "held") && !mine.is_empty() {
            verdict.strange.push(format!("{row:?} was taken all the same"));
        }
        if mine.len() > 1 && row.doubted_at.is_none() {
            verdict.doubled.push(format!("{row:?} was taken {} times", mine.len()));
        }
        if mine.iter().any(|one| one.recipient != row.to_email || one.message_id != mine[0].message_id) {
            verdict.strange.push(format!("{row:?} was taken as {mine:?}"));
        }
    }
    let system: Vec<&str> = ledger.iter().filter(|row| row.contact_id.is_none()).map(|row| row.id.as_str()).collect();
    let unknown = copies.into_iter().filter(|(row, _)| !system.contains(row));
    verdict.strange.extend(unknown.map(|(row, mine)| format!("no row {row} for {mine:?}")));
    let mut people: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for row in ledger.iter().filter(|row| row.kind != "reminder") {
        if let Some(contact) = &row.contact_id {
            *people.entry((contact, &row.kind)).or_default() += 1;
        }
    }
    verdict.strange.extend(people.iter().filter(|(_, n)| **n > 1).map(|(who, n)| format!("{n} rows for {who:?}")));
    verdict
}

fn row(id: &str, state: &str) -> Row {
    Row {
        id: id.into(),
        contact_id: Some(format!("contact {id}")),
        kind: "invitation".into(),
        to_email: format!("{id}@a.example"),
        state: state.into(),
        attempt: 1,
        doubted_at: None,
        reason: None,
        answer: None,
    }
}

fn taken(id: &str) -> Taken {
    Taken { recipient: format!("{id}@a.example"), message_id: format!("<{id}>"), row: id.into() }
}

fn counts(ledger: &[Row], log: &[Taken]) -> (usize, usize, usize, usize) {
    let v = judge(ledger, log);
    (v.lost.len(), v.doubled.len(), v.in_doubt.len(), v.strange.len())
}

/// The judge sees what it is there to see.
pub fn a_planted_loss_and_a_planted_copy_are_found() {
    let fine = [row("1", "sent"), row("2", "in_doubt"), row("3", "in_doubt"), row("4", "failed")];
    let log = [taken("1"), taken("2")];
    assert_eq!(counts(&fine, &log), (0, 0, 2, 0));
    assert_eq!(counts(&fine, &log[1..]).0, 1, "said to be sent, never taken");
    for state in ["planned", "claimed", "sending"] {
        assert_eq!(counts(&[row("1", state)], &[]).0, 1, "left lying as {state}");
    }
    let twice = [taken("1"), taken("1"), taken("2")];
    assert_eq!(counts(&fine, &twice).1, 1, "an unnamed copy");
    let named = [Row { doubted_at: Some(1), ..row("1", "sent") }];
    assert_eq!(counts(&named, &twice[..2]), (0, 0, 0, 0), "a copy that was named beforehand");
    assert_eq!(counts(&fine, &[taken("1"), taken("9")]).3, 1, "taken, and not in the ledger");
    assert_eq!(counts(&fine, &[taken("1"), taken("4")]).3, 1, "taken, and said to be refused");
    let again = Row { id: "5".into(), ..row("1", "withdrawn") };
    assert_eq!(counts(&[row("1", "sent"), again], &log[..1]).3, 1, "two rows for one message to one person");
}
