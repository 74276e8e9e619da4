//! Whether the columns of a list are clear: what is missing, what may be meant twice, what was told from the cells alone.

use csv::StringRecord;

use crate::base::problem::Problem;
use crate::intake::columns::{Columns, Twins, Why};
use crate::rules::contacts::row::Field;
use crate::rules::contacts::row::cells::{folded, quoted};
use crate::rules::contacts::{Finding, Severity};

/// Columns that one field may mean, held against each other row by row.
#[derive(Debug)]
pub struct Twin {
    field: Field,
    places: Vec<usize>,
}

impl Twin {
    pub fn new(twins: &Twins) -> Twin {
        Twin { field: twins.field, places: twins.places.clone() }
    }

    /// Whether no other column says something in this row that the first does not.
    pub fn agrees(&self, record: &StringRecord) -> bool {
        let cell = |at: usize| record.get(at).unwrap_or("").trim();
        let Some((first, others)) = self.places.split_first() else { return true };
        let first = cell(*first);
        let says_more = |other: &str| other != first && !other.is_empty() && folded(other) != folded(first);
        !others.iter().any(|at| says_more(cell(*at)))
    }

    pub fn finding(&self, columns: &Columns, header: u64) -> Finding {
        let names = headers(columns, &self.places);
        let first = names.first().cloned().unwrap_or_default();
        Finding {
            line: header,
            code: "column_twice".into(),
            severity: Severity::Warning,
            field: self.field.as_str().into(),
            value: first.clone(),
            message: format!(
                "Row {header}: the columns {} say the same about the {}. “{first}” is taken.",
                listed(&names),
                self.field.label()
            ),
        }
    }
}

fn headers(columns: &Columns, places: &[usize]) -> Vec<String> {
    places.iter().filter_map(|at| columns.columns.get(*at)).map(|column| quoted(&column.header)).collect()
}

/// “A” and “B”.
fn listed(names: &[String]) -> String {
    joined(names, "and")
}

fn joined(names: &[String], with: &str) -> String {
    let quotes: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
    match quotes.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} {with} {last}", rest.join(", ")),
        _ => quotes.join(""),
    }
}

fn option(field: Field, header: &str) -> String {
    format!("--column {}=\"{header}\"", field.as_str())
}

/// That several columns may be meant, with all of them, because whoever chooses wants to choose once.
pub fn twins(columns: &Columns, name: &str) -> Problem {
    let (mut what, mut choices) = (Vec::new(), Vec::new());
    for twins in &columns.twins {
        let names = headers(columns, &twins.places);
        let number = match names.len() {
            2 => "two".to_owned(),
            n => n.to_string(),
        };
        what.push(format!("{number} columns for the {}: {}", twins.field.label(), listed(&names)));
        choices.extend(names.first().map(|first| option(twins.field, first)));
    }
    Problem::unusable(
        format!("{name} has {}.", what.join(", and ")),
        format!("Say which is meant, on the page “Columns” or with {}, or remove the others.", choices.join(" ")),
    )
}

/// A list must say these.
const REQUIRED: [Field; 4] = [Field::Account, Field::LastName, Field::Email, Field::DirectorEmail];

pub fn required(columns: &Columns, name: &str) -> Result<(), Problem> {
    let has = |field: Field| columns.columns.iter().any(|column| column.field == Some(field));
    let missing: Vec<Field> =
        REQUIRED.into_iter().filter(|f| !(has(*f) || *f == Field::LastName && has(Field::FullName))).collect();
    let Some(first) = missing.first() else { return Ok(()) };
    for field in &missing {
        let may: Vec<String> = columns
            .columns
            .iter()
            .filter(|c| c.field.is_none() && c.why == Why::Unsure && c.candidates.contains(field))
            .map(|c| quoted(&c.header))
            .collect();
        if let Some(one) = may.first() {
            return Err(Problem::unusable(
                format!("{name} does not say which column is the {}: it may be {}.", field.label(), joined(&may, "or")),
                format!("Say which is meant, on the page “Columns” or with {}.", option(*field, one)),
            ));
        }
    }
    let labels: Vec<&str> = missing.iter().map(|f| f.label()).collect();
    let names: Vec<&str> = missing.iter().map(|f| f.as_str()).collect();
    let add = if names.len() == 1 { "a column" } else { "columns" };
    Err(Problem::unusable(
        format!("{name} has no column for the {}.", labels.join(", the ")),
        format!(
            "Add {add} named {}, or say which column it is, on the page “Columns” or as in {}.",
            names.join(", "),
            option(*first, "its header")
        ),
    ))
}

/// What was taken for something because of its cells: whoever reads it can say otherwise.
pub fn guesses(columns: &Columns, header: u64, name: &str) -> Vec<Finding> {
    let no_key = columns.no_key.and_then(|(at, what)| {
        let header_cell = quoted(&columns.columns.get(at)?.header);
        let message = format!(
            "Row {header}: the column “{header_cell}” is not taken for the {}: its cells {}. It is kept as an additional column; if another one has the keys, \
             say so on the page “Columns” or as in {}.",
            Field::ContactKey.label(),
            what.why(),
            option(Field::ContactKey, "its header")
        );
        Some(Finding {
            line: header,
            code: "keys_are_none".into(),
            severity: Severity::Warning,
            field: Field::ContactKey.as_str().into(),
            value: header_cell,
            message,
        })
    });
    let guessed = columns.columns.iter().filter(|c| c.why == Why::Content);
    guessed
        .filter_map(|column| {
            let (field, header_cell) = (column.field?, quoted(&column.header));
            Some(Finding {
                line: header,
                code: "column_guessed".into(),
                severity: Severity::Warning,
                field: field.as_str().into(),
                value: header_cell.clone(),
                message: format!(
                    "Row {header}: the column “{header_cell}” of {name} is read as the {}, because of what stands in it. \
                     If that is wrong, say which is right, on the page “Columns” or as in {}.",
                    field.label(),
                    option(field, "its header")
                ),
            })
        })
        .chain(no_key)
        .collect()
}
