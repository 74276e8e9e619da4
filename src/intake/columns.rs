//! Which column of a list is which: by what somebody chose, by its name, then by what stands in it.
//!
//! A list whose columns are not clear is refused as a whole: guessing here would write to the wrong people. Where two columns may be
//! meant by one name, people choose, unless both say the same.

pub mod names;
pub mod content;

use std::collections::BTreeSet;

use csv::StringRecord;
use serde::Serialize;

use crate::base::problem::Problem;
use crate::intake::list::choice::{Choice, field_of};
use crate::rules::contacts::row::Field;
use crate::rules::contacts::row::cells::{folded, quoted};
use crate::rules::contacts::together::keys::{self, NoKey};
use crate::rules::export::contacts::is_state;

use self::content::Content;
use self::names::Strength;

pub use self::names::field;

#[cfg(test)]
#[path = "columns/columns_tests.rs"]
mod tests;

/// Why a column is taken for what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    Named,
    Content,
    Chosen,
    /// Chosen for an earlier list of the client.
    Remembered,
    Unsure,
}

impl Why {
    /// Somebody has said so, whatever the column looks like.
    pub fn is_said(self) -> bool {
        matches!(self, Why::Chosen | Why::Remembered)
    }
}

/// A column as it is shown to whoever chooses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnLook {
    /// As it is shown and chosen by: unlike those of all other columns.
    pub header: String,
    /// Up to three filled cells.
    pub samples: Vec<String>,
    /// `None` for columns that are none of ours, and for those that nobody can tell.
    pub field: Option<Field>,
    pub why: Why,
    /// Of a hundred.
    pub confidence: u8,
    /// What else it may be.
    pub candidates: Vec<Field>,
}

/// Columns of which each may be what one field means, with their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Twins {
    pub field: Field,
    pub places: Vec<usize>,
}

#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub columns: Vec<ColumnLook>,
    /// The first of each is taken where the others say the same.
    pub twins: Vec<Twins>,
    /// A column that is called a key of contacts and is none.
    pub no_key: Option<(usize, NoKey)>,
}

/// No name of a column has more bytes.
const LONGEST_NAME: usize = 1_000;

/// How many of these header cells are known, each field once: tells the header, and the delimiter.
pub fn known<'h>(headers: impl Iterator<Item = &'h str>) -> usize {
    // A cell of a page of text is the name of no column, and costs no look at all of it.
    headers.filter(|header| header.len() <= LONGEST_NAME).filter_map(field).collect::<BTreeSet<Field>>().len()
}

/// What each column is, as far as it can be told from the header and a sample of the rows.
pub fn decide(headers: &[String], rows: &[StringRecord], choice: &Choice) -> Result<Columns, Problem> {
    let contents = Content::of(headers.len(), rows);
    let mut columns: Vec<ColumnLook> = headers
        .iter()
        .enumerate()
        .map(|(at, header)| ColumnLook {
            header: header.clone(),
            samples: samples(rows, at),
            field: None,
            why: Why::Unsure,
            confidence: 0,
            candidates: Vec::new(),
        })
        .collect();
    chosen(&mut columns, choice)?;
    let twins = by_name(&mut columns, &contents);
    by_content(&mut columns, &contents, &twins);
    let no_key = no_key(&mut columns, rows);
    Ok(Columns { columns, twins, no_key })
}

/// Takes the keys of contacts for none where they mean something else; what somebody has chosen stays.
fn no_key(columns: &mut [ColumnLook], rows: &[StringRecord]) -> Option<(usize, NoKey)> {
    let place = |field: Field| columns.iter().position(|column| column.field == Some(field));
    let at = place(Field::ContactKey).filter(|at| columns[*at].why != Why::Chosen)?;
    let (account, email) = (place(Field::Account), place(Field::Email));
    let cell = |row: &'_ StringRecord, at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or("").to_owned();
    let cells: Vec<[String; 3]> =
        rows.iter().map(|row| [cell(row, Some(at)), cell(row, account), cell(row, email)]).collect();
    let what = keys::none_in_cells(cells.iter().map(|row| row.each_ref().map(String::as_str)))?;
    (columns[at].field, columns[at].why, columns[at].confidence) = (None, Why::Unsure, 0);
    columns[at].candidates.clear();
    Some((at, what))
}

fn samples(rows: &[StringRecord], at: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for cell in rows.iter().filter_map(|row| row.get(at)).map(|cell| quoted(cell.trim())) {
        if !cell.is_empty() && !out.contains(&cell) {
            out.push(cell);
        }
        if out.len() == 3 {
            break;
        }
    }
    out
}

/// The columns that somebody has named; `""` is none of ours.
fn chosen(columns: &mut [ColumnLook], choice: &Choice) -> Result<(), Problem> {
    for (header, name) in &choice.columns {
        let field = field_of(name)?;
        let same = |c: &ColumnLook| c.header == *header;
        let alike = |c: &ColumnLook| !folded(header).is_empty() && folded(&c.header) == folded(header);
        let Some(at) = columns.iter().position(same).or_else(|| columns.iter().position(alike)) else {
            let known: Vec<String> = columns.iter().take(60).map(|c| format!("“{}”", quoted(&c.header))).collect();
            return Err(Problem::unusable(
                format!("There is no column “{}” in the list.", quoted(header)),
                format!("Name one of {}.", known.join(", ")),
            ));
        };
        if let Some(twin) = columns.iter().find(|c| field.is_some() && c.field == field && c.why.is_said()) {
            return Err(Problem::unusable(
                format!("Two columns are named as the {name}: “{}” and “{}”.", quoted(&twin.header), quoted(header)),
                "Name one of them.",
            ));
        }
        let why = if choice.remembered.contains(header) { Why::Remembered } else { Why::Chosen };
        (columns[at].field, columns[at].why, columns[at].confidence) = (field, why, 100);
    }
    Ok(())
}

/// Takes the names that say what they are; gives back the fields that several columns are named for.
fn by_name(columns: &mut [ColumnLook], contents: &[Content]) -> Vec<Twins> {
    let taken: Vec<Field> = columns.iter().filter_map(|c| c.field).collect();
    let mut named: Vec<(usize, Field, Strength, Why)> = Vec::new();
    for (at, column) in columns.iter().enumerate().filter(|(_, c)| !c.why.is_said() && !is_state(&c.header)) {
        if let Some((field, strength)) = names::named(header_alone(&column.header)) {
            named.extend(
                belief(field, strength, &contents[at]).map(|(field, strength, why)| (at, field, strength, why)),
            );
        }
    }
    let whole_name = |f: Field| named.iter().any(|(_, field, ..)| *field == f) || taken.contains(&f);
    let parts = whole_name(Field::FirstName) && whole_name(Field::LastName);
    let mut twins = Vec::new();
    for field in Field::ALL {
        let of_field: Vec<&(usize, Field, Strength, Why)> = named.iter().filter(|(_, f, ..)| *f == field).collect();
        let strongest = of_field.iter().map(|(_, _, strength, _)| *strength).max();
        let mut best: Vec<(usize, Why)> =
            of_field.iter().filter(|n| Some(n.2) == strongest).map(|n| (n.0, n.3)).collect();
        if taken.contains(&field) || field == Field::FullName && parts && strongest == Some(Strength::Weak) {
            best.clear();
        }
        for (at, ..) in &of_field {
            columns[*at].candidates = vec![field];
        }
        let Some((first, why)) = best.first() else { continue };
        let sure = if strongest == Some(Strength::Strong) { 98 } else { 75 };
        (columns[*first].field, columns[*first].why, columns[*first].confidence) = (Some(field), *why, sure);
        if best.len() > 1 {
            twins.push(Twins { field, places: best.into_iter().map(|(at, _)| at).collect() });
        }
    }
    twins
}

/// Without the number that tells it from an earlier column of the same name.
fn header_alone(header: &str) -> &str {
    match header.rsplit_once(" (") {
        Some((name, number)) if number.trim_end_matches(')').parse::<u16>().is_ok_and(|n| n < 18) => name,
        _ => header,
    }
}

/// What a name is worth beside the cells under it.
fn belief(field: Field, strength: Strength, content: &Content) -> Option<(Field, Strength, Why)> {
    let addresses = content.is_addresses();
    match field {
        Field::Director if addresses => Some((Field::DirectorEmail, Strength::Weak, Why::Content)),
        Field::Manager if addresses => Some((Field::ManagerEmail, Strength::Weak, Why::Content)),
        Field::FullName if addresses => Some((Field::Email, Strength::Weak, Why::Content)),
        Field::JobTitle if strength == Strength::Weak && content.is_forms_of_address() => None,
        _ => Some((field, strength, Why::Named)),
    }
}

/// Fields, and whether the cells of a column are like theirs.
type Like<'c> = (&'c [Field], &'c dyn Fn(&Content) -> bool);

/// Fields that no name says, by what stands in the other columns.
fn by_content(columns: &mut [ColumnLook], contents: &[Content], twins: &[Twins]) {
    let free = |columns: &[ColumnLook], at: usize| {
        columns[at].field.is_none()
            && !columns[at].why.is_said()
            // What an export says of where a contact stands.
            && !is_state(&columns[at].header)
            && columns[at].candidates.is_empty()
            && twins.iter().all(|t| !t.places.contains(&at))
    };
    let missing = |columns: &[ColumnLook], field: Field| columns.iter().all(|c| c.field != Some(field));
    let all: Vec<&Content> = contents.iter().collect();
    let kinds: [Like<'_>; 7] = [
        (&[Field::Email], &Content::is_of_persons),
        (&[Field::DirectorEmail, Field::ManagerEmail], &|c| c.is_of_colleagues(&all)),
        (&[Field::Country], &Content::is_countries),
        (&[Field::Language], &Content::is_languages),
        (&[Field::TimeZone], &Content::is_zones),
        (&[Field::Role], &Content::is_roles),
        (&[Field::ContactKey], &Content::is_keys),
    ];
    for (fields, is) in kinds {
        let wanted: Vec<Field> = fields.iter().copied().filter(|field| missing(columns, *field)).collect();
        let Some(first) = wanted.first().copied() else { continue };
        let like: Vec<usize> = (0..columns.len()).filter(|at| free(columns, *at) && is(&contents[*at])).collect();
        for at in &like {
            let column = &mut columns[*at];
            column.confidence = contents[*at].confidence();
            if like.len() == 1 {
                (column.field, column.why) = (Some(first), Why::Content);
                column.candidates = wanted.iter().copied().skip(1).collect();
            } else {
                (column.confidence, column.candidates) = (column.confidence / 2, wanted.clone());
            }
        }
    }
}
