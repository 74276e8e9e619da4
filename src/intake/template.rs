//! A list to send back: the rows of one director as a workbook, with what is wrong, what to do and what is proposed beside each.
//!
//! Every cell is text and stays text, whatever is typed into it, so that no program runs what stands there (S05). Read again, the workbook
//! gives the rows that went into it: what stands beside them is known as ours and left out. The same rows give the same bytes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

use crate::base::problem::Problem;
use crate::rules::contacts::checked::CheckedList;
use crate::rules::contacts::quality::accounts;
use crate::rules::contacts::quality::repair::{self, Repair};
use crate::rules::contacts::row::capitals::in_capitals;
use crate::rules::contacts::row::cells::neutralised;
use crate::rules::contacts::row::{Field, REMARKS};
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::directors::Directors;
use crate::rules::contacts::together::homes::Homes;
use crate::rules::contacts::{Finding, ListedContact};
use crate::rules::export::contacts::listed;

/// A cell of a workbook holds no more than this.
const LONGEST: usize = 32_767;

/// One row to send back.
#[derive(Clone, Debug, Default)]
pub struct TemplateRow {
    pub line: u64,
    pub cells: BTreeMap<Field, String>,
    /// Columns that are none of ours, by their header.
    pub more: BTreeMap<String, String>,
    /// What is wrong, and what to do, a pair for each finding.
    pub told: Vec<[String; 2]>,
    pub proposed: Repair,
}

/// The rows of a list, those that cannot be used too. `director`: the key of an address; those of everybody without one.
pub fn rows(list: &CheckedList, director: Option<&str>) -> Vec<TemplateRow> {
    let mut found: HashMap<u64, Vec<&Finding>> = HashMap::new();
    // Rows of a round have no line, and their findings with them.
    for finding in list.findings.iter().filter(|f| f.line > 0) {
        found.entry(finding.line).or_default().push(finding);
    }
    let homes = Homes::of(&list.accepted);
    let directors = Directors::of(list);
    let is_theirs = |account: &str, named: &str| {
        director.is_none_or(|director| directors.whose(account, named).is_some_and(|key| key == director))
    };
    let accounts = accounts::of_list(list);
    let whole = accounts::listed_revenue(&accounts);
    let about: Vec<(String, Vec<Finding>)> =
        accounts.iter().map(|account| (key(account.name), accounts::findings(account, whole))).collect();
    let mut about: HashMap<String, Vec<Finding>> = about.into_iter().collect();
    let mut rows = Vec::new();
    for contact in list.accepted.iter().filter(|c| is_theirs(&c.account, c.director.email.as_str())) {
        let findings: Vec<&Finding> = match found.get(&contact.line) {
            Some(found) => found.clone(),
            None => contact.findings.iter().collect(),
        };
        let mut row = of_contact(contact, &findings, homes.at(&contact.account));
        // What is missing at the account stands in its first row.
        let missing = about.remove(&key(&contact.account)).unwrap_or_default();
        row.told.extend(missing.iter().map(|f| told(&f.message)));
        rows.push(row);
    }
    for row in list.refused.iter().filter(|r| is_theirs(r.get(Field::Account), r.get(Field::DirectorEmail))) {
        let cells = Field::ALL.into_iter().filter(|f| !row.get(*f).is_empty()).map(|f| (f, row.get(f).to_owned()));
        let findings = found.get(&row.line).map(Vec::as_slice).unwrap_or_default();
        let home = homes.at(row.get(Field::Account));
        let only = directors.only(row.get(Field::Account), row.get(Field::Director));
        let proposed = findings.iter().filter_map(|f| repair::of_left_out(f, row, home, only)).flatten().collect();
        let told = findings.iter().map(|f| told(&f.message)).collect();
        let mut more = row.more.clone();
        // Kept as it is of the other rows.
        if !row.get(Field::City).is_empty() {
            more.insert(Field::City.as_str().to_owned(), row.get(Field::City).to_owned());
        }
        rows.push(TemplateRow { line: row.line, cells: cells.collect(), more, told, proposed });
    }
    // Of a round only this is kept of them.
    let kept: BTreeSet<u64> = list.refused.iter().map(|row| row.line).collect();
    for unread in list.unread.iter().filter(|u| !kept.contains(&u.line) && is_theirs(&u.account, &u.director)) {
        let who = if unread.who.contains('@') { Field::Email } else { Field::LastName };
        let cells = [(Field::Account, &unread.account), (who, &unread.who), (Field::DirectorEmail, &unread.director)];
        let cells = cells.into_iter().map(|(field, text)| (field, text.clone())).collect();
        let told = vec![[format!("It was left out: {}.", unread.why), "Write the whole row again.".to_owned()]];
        rows.push(TemplateRow { line: unread.line, cells, told, ..TemplateRow::default() });
    }
    rows.sort_by_key(|row| row.line);
    rows
}

fn of_contact(contact: &ListedContact, findings: &[&Finding], home: Option<&str>) -> TemplateRow {
    let mut proposed = Repair::new();
    for finding in findings {
        for (column, text) in repair::repair(finding, contact, home).unwrap_or_default() {
            // Swapped names are in their usual case already.
            proposed.entry(column).or_insert(text);
        }
    }
    // A list in capitals is told so once, and each of its rows has a proposal.
    if in_capitals(&contact.first_name, &contact.last_name) && !proposed.contains_key(Field::LastName.as_str()) {
        proposed.extend(repair::usual_names(contact).unwrap_or_default());
    }
    let cells =
        Field::ALL.into_iter().filter(|field| *field != Field::FullName).map(|field| (field, listed(contact, field)));
    TemplateRow {
        line: contact.line,
        // Whoever has no name goes by the address, which is no name to read again.
        cells: cells.filter(|(field, text)| !(text.is_empty() || is_name(*field) && text.contains('@'))).collect(),
        more: contact.more.clone(),
        told: findings.iter().map(|f| told(&f.message)).collect(),
        proposed,
    }
}

fn is_name(field: Field) -> bool {
    matches!(field, Field::Director | Field::Manager)
}

/// What is wrong, and what to do: the first sentence and the others, without the row that the list of then had.
fn told(message: &str) -> [String; 2] {
    let bare = match message.split_once(": ") {
        Some((row, rest)) if row.starts_with("Row ") => rest,
        _ => message,
    };
    let mut quoted = false;
    let mut end = bare.len();
    for (at, c) in bare.char_indices() {
        quoted = (quoted || c == '“') && c != '”';
        let rest = bare.get(at + c.len_utf8()..).unwrap_or("");
        if c == '.' && !quoted && rest.starts_with(' ') && rest.trim_start().starts_with(char::is_uppercase) {
            end = at + 1;
            break;
        }
    }
    let (what, next) = bare.split_at(end);
    [what.trim(), next.trim()].map(crate::base::sentence::capitalised)
}

/// The workbook.
pub fn corrected(rows: &[TemplateRow]) -> Result<Vec<u8>, Problem> {
    write(rows).map_err(|e| Problem::internal("The workbook cannot be written.").because(e))
}

fn write(rows: &[TemplateRow]) -> Result<Vec<u8>, XlsxError> {
    // A city stands among the columns that are none of ours.
    let filled = |field: &Field| *field != Field::City && rows.iter().any(|row| row.cells.contains_key(field));
    let used = |field: &Field| !Field::SELDOM.contains(field) || filled(field);
    let fields: Vec<Field> = Field::ALL.into_iter().filter(used).collect();
    let ours: BTreeSet<&str> = Field::ALL.map(Field::as_str).into_iter().collect();
    let more: BTreeSet<&String> = rows.iter().flat_map(|row| row.more.keys()).collect();
    // A city is kept under our own name of it, and read from there again.
    let more: Vec<&String> =
        more.into_iter().filter(|header| !ours.contains(header.as_str()) || *header == Field::City.as_str()).collect();

    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_timestamp(0)?));
    let sheet = book.add_worksheet_with_constant_memory()?;
    sheet.set_name("Contacts")?;
    sheet.set_freeze_panes(1, 0)?;
    let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
    let remark = text.clone().set_text_wrap().set_background_color(Color::RGB(0x00FF_F4D6));
    let title = Format::new().set_num_format("@").set_bold();
    let headers: Vec<&str> =
        fields.iter().map(|f| f.as_str()).chain(more.iter().map(|h| h.as_str())).chain(REMARKS).collect();
    let first_remark = headers.len() - REMARKS.len();
    for at in 0..headers.len() {
        let at = u16::try_from(at).unwrap_or(u16::MAX);
        let (width, format) = if usize::from(at) < first_remark { (20, &text) } else { (48, &remark) };
        sheet.set_column_width(at, width)?;
        // What is typed below the last row stays text too.
        sheet.set_column_format(at, format)?;
    }
    for (at, header) in headers.iter().enumerate() {
        sheet.write_string_with_format(
            0,
            u16::try_from(at).unwrap_or(u16::MAX),
            shortened(&neutralised(header)),
            &title,
        )?;
    }
    for (number, row) in rows.iter().enumerate() {
        let line = u32::try_from(number + 1).unwrap_or(u32::MAX);
        let cells =
            fields.iter().map(|field| row.cells.get(field)).chain(more.iter().map(|header| row.more.get(*header)));
        for (at, cell) in cells.enumerate() {
            let Some(cell) = cell.filter(|cell| !cell.is_empty()) else { continue };
            let at = u16::try_from(at).unwrap_or(u16::MAX);
            sheet.write_string_with_format(line, at, shortened(&neutralised(cell)), &text)?;
        }
        for (at, cell) in remarks(row).iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let at = u16::try_from(first_remark + at).unwrap_or(u16::MAX);
            sheet.write_string_with_format(line, at, shortened(&neutralised(cell)), &remark)?;
        }
    }
    book.save_to_buffer()
}

/// In the order of [`REMARKS`].
fn remarks(row: &TemplateRow) -> [String; 3] {
    let side = |at: usize| {
        row.told.iter().map(|told| told[at].as_str()).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")
    };
    let proposed: Vec<String> = row.proposed.iter().map(|(column, text)| format!("{column}: {text}")).collect();
    [side(0), side(1), proposed.join("; ")]
}

pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

#[cfg(test)]
#[path = "template_tests.rs"]
mod tests;
