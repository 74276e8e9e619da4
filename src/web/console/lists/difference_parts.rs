//! The rows of a difference by kind, as its page shows them.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::base::in_a_browser::in_a_browser;
use crate::base::sentence::capitalised;
use crate::rules::contacts::difference::Difference;
use crate::rules::contacts::row::Field;
use crate::web::console::views::difference::{FOLDED, Part, PartRow, What};
use crate::web::kit::views::frame::{Count, plural};

/// As many rows of a kind stand on the page.
const SHOWN: usize = 500;

fn label(field: &str) -> String {
    let ours = Field::ALL.into_iter().find(|ours| ours.as_str() == field);
    ours.map_or_else(|| field.replace('_', " "), |ours| ours.label().to_string())
}

fn changes(fields: &BTreeMap<String, [String; 2]>, causes: &[String]) -> Vec<What> {
    let changed =
        fields.iter().map(|(field, [old, new])| What::Changed(capitalised(&label(field)), old.clone(), new.clone()));
    changed.chain(causes.iter().map(|cause| What::Said(cause.clone()))).collect()
}

/// "Row 5: the address ..." where the row's number stands beside it.
fn without_row(message: &str, row: u64) -> String {
    match message.strip_prefix(&format!("Row {row}: ")) {
        Some(rest) => capitalised(rest),
        None => in_a_browser(message),
    }
}

fn part(
    id: &'static str,
    what: (usize, &str, &str),
    about: impl Into<Cow<'static, str>>,
    rows: impl Iterator<Item = PartRow>,
) -> Option<Part> {
    let (n, one, many) = what;
    (n > 0).then(|| Part {
        id,
        title: plural(n, one, many),
        about: about.into(),
        rows: rows.take(SHOWN).collect(),
        folded: n > FOLDED,
        more: Count(n.saturating_sub(SHOWN) as u64),
    })
}

/// Rows that repeat somebody are left out, and he is not.
fn refused_about(d: &Difference) -> String {
    let all = "They cannot be used as they are. Correct them in the file and upload it again, or load the rest now.";
    match d.refused.iter().filter(|r| r.code == "duplicate_address").count() {
        0 => all.to_string(),
        1 => format!("{all} 1 of them is of an address that another row has: that one is used."),
        n => format!("{all} {n} of them are of addresses that other rows have: those are used."),
    }
}

/// Every kind of row that there is, what asks for an act first.
/// `unsaid`: nobody has said yet whether those who are not on it stay.
pub fn parts(d: &Difference, unsaid: bool) -> Vec<Part> {
    let at = |account: &str, line: u64| format!("{account}, row {line}");
    let said = |text: String| vec![What::Said(text)];
    let added = d.added.iter().map(|a| PartRow {
        who: a.name.clone(),
        place: at(&a.account, a.row),
        what: said(a.email.clone()),
    });
    let changed = d.changed.iter().map(|c| PartRow {
        who: c.name.clone(),
        place: at(&c.account, c.row),
        what: changes(&c.fields, &c.causes),
    });
    let gone =
        d.gone.iter().map(|g| PartRow { who: g.name.clone(), place: g.account.clone(), what: said(g.email.clone()) });
    let gone_about = match d.gone.iter().any(|gone| gone.removed) {
        true if unsaid => "They are in the draft and not in this file. Say above whether they stay.",
        true => "They are in the draft and not in this file, so they are taken off.",
        false => "They are in the round and not in this file. They stay until somebody takes their names off.",
    };
    let asked = d.asked.iter().map(|a| PartRow {
        who: a.name.clone(),
        place: at(&a.account, a.row),
        what: said(format!(
            "{} on the list; known as {} at {}. {} {}",
            a.email, a.known_as, a.known_at, a.same, a.other
        )),
    });
    let refused = d.refused.iter().map(|r| PartRow {
        who: format!("Row {}", r.row),
        place: String::new(),
        what: said(without_row(&r.message, r.row)),
    });
    let kept = d.kept.iter().map(|k| PartRow {
        who: k.name.clone(),
        place: at(&k.account, k.row),
        what: said(k.email.clone()),
    });
    let same = d.same_account.iter().map(|s| PartRow {
        who: s.account.clone(),
        place: String::new(),
        what: said(format!("Is it {} under another name? Taken as a new account until somebody has said so.", s.known)),
    });
    let all = [
        part("refused", (d.refused.len(), "row is left out", "rows are left out"), refused_about(d), refused),
        part(
            "asked",
            (d.asked.len(), "name is asked about", "names are asked about"),
            "A known name under a new address: nothing goes there until somebody has said on the sign-off board whether it is the same person.",
            asked,
        ),
        part(
            "same-account",
            (d.same_account.len(), "account may be known already", "accounts may be known already"),
            "The sign-off board asks which are one account.",
            same,
        ),
        part(
            "gone",
            (d.gone.len(), "contact is not on the list any more", "contacts are not on the list any more"),
            gone_about,
            gone,
        ),
        part(
            "changed",
            (d.changed.len(), "contact changes", "contacts change"),
            "What stands in the round, and what the list says.",
            changed,
        ),
        part(
            "added",
            (d.added.len(), "contact is new", "contacts are new"),
            "They are written to when their names are signed.",
            added,
        ),
        part(
            "kept",
            (d.kept.len(), "contact stays as edited here", "contacts stay as edited here"),
            "Somebody has corrected them in the round or taken them off; the list does not change that.",
            kept,
        ),
    ];
    all.into_iter().flatten().collect()
}
