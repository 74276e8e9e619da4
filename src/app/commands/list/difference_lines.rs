//! What a list would do, in sentences: `list load --dry-run`.

use crate::base::counted::counted;
use crate::rules::contacts::difference::{Changed, Difference};

/// As many rows of a kind are told one by one; JSON has all.
const TOLD: usize = 20;

pub fn lines(difference: &Difference) -> Vec<String> {
    let d = difference;
    let mut all = Vec::new();
    some(&mut all, &d.added, |a| format!("Row {}: {} at {} <{}> is added.", a.row, a.name, a.account, a.email));
    some(&mut all, &d.changed, changed);
    some(&mut all, &d.gone, |g| {
        let what = if g.removed { "is taken off" } else { "is not on this list and stays" };
        format!("{} at {} <{}> {what}.", g.name, g.account, g.email)
    });
    some(&mut all, &d.asked, |a| {
        format!(
            "Row {}: {} at {} <{}> is held: the same person as <{}> at {}? {} {}",
            a.row, a.name, a.account, a.email, a.known_as, a.known_at, a.same, a.other
        )
    });
    some(&mut all, &d.refused, |r| r.message.clone());
    all.extend(d.effects.iter().cloned());
    all.push(format!(
        "Loading it would add {}, change {}, leave {} as they are, {} {}, hold {} to be asked about and refuse {}; nothing was loaded.",
        counted(d.added.len(), "contact", "contacts"),
        d.changed.len(),
        d.unchanged + d.kept.len() as u64,
        if d.gone.iter().any(|gone| !gone.removed) { "miss" } else { "take off" },
        d.gone.len(),
        d.asked.len(),
        counted(d.refused.len(), "row", "rows"),
    ));
    all
}

fn some<T>(all: &mut Vec<String>, rows: &[T], line: impl Fn(&T) -> String) {
    all.extend(rows.iter().take(TOLD).map(line));
    if rows.len() > TOLD {
        all.push(format!("… and {} more.", rows.len() - TOLD));
    }
}

fn changed(c: &Changed) -> String {
    let shown = |text: &str| if text.is_empty() { "empty".to_owned() } else { format!("“{text}”") };
    let fields: Vec<String> =
        c.fields.iter().map(|(field, [was, is])| format!("{field} {}, was {}", shown(is), shown(was))).collect();
    let causes: String = c.causes.iter().map(|cause| format!(" {cause}")).collect();
    format!("Row {}: {} at {} is changed: {}.{causes}", c.row, c.name, c.account, fields.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::contacts::difference::Added;

    #[test]
    fn rows_are_told_up_to_twenty_and_counted_at_the_end() {
        let added = |n: usize| -> Vec<Added> {
            let one = |i: usize| Added {
                row: i as u64 + 2,
                name: format!("Ann {i}"),
                account: "Globex".into(),
                email: format!("a{i}@globex.example"),
            };
            (0..n).map(one).collect()
        };
        let changed = Changed {
            contact: "a".into(),
            row: 9,
            name: "Ben Koch".into(),
            account: "Globex".into(),
            fields: [("job_title".to_owned(), [String::new(), "Head".to_owned()])].into(),
            causes: vec!["Gets nothing until the name is signed again.".into()],
        };
        let told =
            lines(&Difference { added: added(22), changed: vec![changed], unchanged: 3, ..Difference::default() });
        assert_eq!(told[0], "Row 2: Ann 0 at Globex <a0@globex.example> is added.");
        assert_eq!(told[20], "… and 2 more.");
        assert_eq!(
            told[21],
            "Row 9: Ben Koch at Globex is changed: job_title “Head”, was empty. Gets nothing until the name is signed again."
        );
        assert_eq!(
            told[22],
            "Loading it would add 22 contacts, change 1, leave 3 as they are, take off 0, hold 0 to be asked about and refuse 0 rows; nothing was loaded."
        );
    }
}
