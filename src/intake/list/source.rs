//! A file of any kind opened: what it is told to be, and its rows.

use csv::StringRecord;

use crate::base::problem::Problem;
use crate::intake::columns;
use crate::intake::records::{self, Records};
use crate::intake::text::encoding;
use crate::intake::workbook::archive::{Archive, ROWS, damaged, locked};
use crate::intake::workbook::book::Book;
use crate::intake::workbook::foreign;
use crate::intake::workbook::merged::Merged;
use crate::intake::workbook::ods::{TableRows, tables};
use crate::intake::workbook::sheets::{Picked, Sheet, pick};
use crate::intake::workbook::strings::Strings;
use crate::intake::workbook::xls::Xls;
use crate::intake::workbook::xlsx::SheetRows;
use crate::rules::contacts::Finding;

use super::choice::Choice;
use super::rows::{Kind, Rows};

/// What is known of a file before its rows are read.
#[derive(Debug)]
pub struct Opened {
    pub kind: Kind,
    /// Of a workbook, in their order.
    pub sheets: Vec<String>,
    /// The one that is read.
    pub sheet: Option<String>,
    /// Those that have a header of contacts, too.
    pub other_sheets: Vec<String>,
    /// Those that a spreadsheet program does not show.
    pub hidden_sheets: Vec<String>,
    /// Of a text.
    pub encoding: Option<&'static str>,
    /// What is not certain about all of it.
    pub doubt: Vec<Finding>,
}

/// What is done with the rows.
type Then<'t, T> = &'t mut dyn FnMut(Opened, &mut dyn Rows) -> Result<T, Problem>;

/// Opens a file and gives its rows to `then`.
pub fn open<T>(bytes: &[u8], name: &str, choice: &Choice, then: Then<'_, T>) -> Result<T, Problem> {
    match foreign::kind(bytes, name)? {
        Some(Kind::Xlsx) => xlsx(bytes, name, choice, then),
        Some(Kind::Ods) => ods(bytes, name, choice, then),
        Some(Kind::Xls) => xls(bytes, name, choice, then),
        _ => text(bytes, name, choice, then),
    }
}

fn text<T>(bytes: &[u8], name: &str, choice: &Choice, then: Then<'_, T>) -> Result<T, Problem> {
    if let Some(sheet) = &choice.sheet {
        return Err(Problem::unusable(
            format!("{name} is a text file and has no sheet “{sheet}”."),
            "Name no sheet, or name a workbook.",
        ));
    }
    let decoded = encoding::decode(bytes, name, choice.charset()?)?;
    let (text, said) = records::said_delimiter(decoded.text.trim_start_matches('\u{feff}'));
    let delimiter = said.unwrap_or_else(|| records::delimiter(text));
    let kind = if delimiter == b'\t' { Kind::Tsv } else { Kind::Csv };
    let opened = Opened {
        kind,
        sheets: Vec::new(),
        sheet: None,
        other_sheets: Vec::new(),
        hidden_sheets: Vec::new(),
        encoding: Some(decoded.encoding),
        doubt: decoded.doubt,
    };
    then(opened, &mut Records::new(text, delimiter, name))
}

fn opened(kind: Kind, sheets: &[Sheet], picked: Picked) -> Opened {
    let name = |at: usize| sheets.get(at).map(|sheet| sheet.name.clone());
    Opened {
        kind,
        sheets: sheets.iter().map(|sheet| sheet.name.clone()).collect(),
        sheet: name(picked.at),
        other_sheets: picked.others.into_iter().filter_map(name).collect(),
        hidden_sheets: sheets.iter().filter(|sheet| sheet.hidden).map(|sheet| sheet.name.clone()).collect(),
        encoding: None,
        doubt: picked.doubt.into_iter().collect(),
    }
}

/// So much of a sheet may stand before its header, and so much is read of all of them to find the one that is meant.
const BEGINNING: u64 = 2 * 1024 * 1024;
const BEGINNINGS: u64 = 24 * 1024 * 1024;

/// How many of our columns the beginning of a sheet names.
fn score(rows: &mut dyn Rows) -> Result<usize, Problem> {
    let (mut best, mut record) = (0, StringRecord::new());
    while let Some(row) = rows.next_row(&mut record)? {
        if row > 50 {
            break;
        }
        best = best.max(columns::known(record.iter()));
    }
    Ok(best)
}

fn xlsx<T>(bytes: &[u8], name: &str, choice: &Choice, then: Then<'_, T>) -> Result<T, Problem> {
    let mut archive = Archive::open(bytes, name)?;
    let book = Book::read(&mut archive)?;
    let strings = match &book.strings {
        Some(path) => Strings::read(&mut archive, path)?,
        None => Strings::default(),
    };
    let mut left = BEGINNINGS;
    let picked = pick(&book.sheets, choice.sheet.as_deref(), name, &mut |at| {
        let path = book.sheets.get(at).map_or("", |sheet| &sheet.path);
        let Some(xml) = archive.part(path, ROWS)? else { return Ok(0) };
        let mut rows = SheetRows::new(xml, &book, &strings, name).beginning(left.min(BEGINNING));
        let score = score(&mut rows)?;
        left = left.saturating_sub(rows.read());
        Ok(score)
    })?;
    let path = book.sheets.get(picked.at).map_or("", |sheet| &sheet.path);
    let xml = archive.part(path, ROWS)?.ok_or_else(|| damaged(name, "the sheet is not there"))?;
    let merged = Merged::of_sheet(xml);
    let xml = archive.part(path, ROWS)?.ok_or_else(|| damaged(name, "the sheet is not there"))?;
    let mut rows = SheetRows::new(xml, &book, &strings, name).merged(merged);
    then(opened(Kind::Xlsx, &book.sheets, picked), &mut rows)
}

fn ods<T>(bytes: &[u8], name: &str, choice: &Choice, then: Then<'_, T>) -> Result<T, Problem> {
    let mut archive = Archive::open(bytes, name)?;
    if encrypted(&mut archive)? {
        return Err(locked(name));
    }
    let gone = || damaged(name, "there is no content in it");
    let xml = archive.part("content.xml", ROWS)?.ok_or_else(gone)?;
    let (sheets, scores) = tables(xml, name, &|record| columns::known(record.iter()))?;
    let picked = pick(&sheets, choice.sheet.as_deref(), name, &mut |at| Ok(scores.get(at).copied().unwrap_or(0)))?;
    let xml = archive.part("content.xml", ROWS)?.ok_or_else(gone)?;
    let at = picked.at;
    then(opened(Kind::Ods, &sheets, picked), &mut TableRows::new(xml, at, name))
}

/// The parts of a locked document are there, and cannot be read.
fn encrypted(archive: &mut Archive<'_>) -> Result<bool, Problem> {
    use quick_xml::events::Event;
    let name = archive.name();
    let Some(mut xml) = archive.part("META-INF/manifest.xml", 1024 * 1024)? else { return Ok(false) };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|e| damaged(name, e))? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "encryption-data" => return Ok(true),
            Event::Eof => return Ok(false),
            _ => {}
        }
    }
}

fn xls<T>(bytes: &[u8], name: &str, choice: &Choice, then: Then<'_, T>) -> Result<T, Problem> {
    let xls = Xls::open(bytes, name)?;
    let picked = pick(&xls.sheets, choice.sheet.as_deref(), name, &mut |at| {
        score(&mut xls.first_rows(at, BEGINNING as usize)?)
    })?;
    let at = picked.at;
    then(opened(Kind::Xls, &xls.sheets, picked), &mut xls.rows(at)?)
}
