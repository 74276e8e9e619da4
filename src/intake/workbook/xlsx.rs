//! The rows of a sheet of an XLSX workbook, read as a stream.
//!
//! A cell gives the value that was last computed for it; a formula is never run, a macro never read, and a reference to outside never
//! followed. What a sheet says of its own size counts for nothing.

use csv::StringRecord;
use quick_xml::events::{BytesStart, Event};

use crate::base::problem::Problem;
use crate::intake::list::rows::Rows;

use super::archive::{Part, damaged, hostile, unreadable};
use super::book::Book;
use super::events::{attribute, column, entity};
use super::line::{self, Line};
use super::merged::Merged;
use super::strings::Strings;
use super::values::{self, Format};

pub struct SheetRows<'s, 'a, 'b> {
    xml: Part<'a, 'b>,
    book: &'s Book,
    strings: &'s Strings,
    name: &'b str,
    line: Line,
    row: u64,
    /// The place of the next cell that does not say its own.
    next: usize,
    buffer: Vec<u8>,
    value: String,
    over: bool,
    merged: Merged,
    /// So much of the sheet is read.
    most: u64,
}

/// The last row of a spreadsheet.
const LAST: u64 = 1_048_576;

/// A cell while it is read.
#[derive(Debug, Default)]
struct Cell {
    at: usize,
    kind: String,
    format: Format,
}

/// Which text counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Nothing,
    Value,
    Spoken,
}

impl<'s, 'a, 'b> SheetRows<'s, 'a, 'b> {
    pub fn new(xml: Part<'a, 'b>, book: &'s Book, strings: &'s Strings, name: &'b str) -> SheetRows<'s, 'a, 'b> {
        SheetRows {
            xml,
            book,
            strings,
            name,
            line: Line::default(),
            row: 0,
            next: 0,
            buffer: Vec::new(),
            value: String::new(),
            over: false,
            merged: Merged::default(),
            most: u64::MAX,
        }
    }

    pub fn merged(self, merged: Merged) -> Self {
        SheetRows { merged, ..self }
    }

    /// Its first bytes only.
    pub fn beginning(self, most: u64) -> Self {
        SheetRows { most, ..self }
    }

    pub fn read(&self) -> u64 {
        self.xml.buffer_position()
    }

    /// The number that the tag of a row says, or the next: no two rows have one.
    fn begin_row(&mut self, tag: Option<u64>) -> Result<(), Problem> {
        self.row = tag.filter(|said| *said > self.row).unwrap_or(self.row + 1);
        if self.row > LAST {
            return Err(hostile(self.name, "rows below the last"));
        }
        self.next = 0;
        self.line.clear();
        Ok(())
    }

    fn begin_cell(&mut self, tag: &Said) -> Cell {
        let at = tag.place.unwrap_or(self.next);
        self.next = at.saturating_add(1);
        self.value.clear();
        Cell {
            at,
            kind: tag.kind.clone().unwrap_or_default(),
            format: tag.style.and_then(|style| self.book.formats.get(style)).copied().unwrap_or_default(),
        }
    }

    fn end_cell(&mut self, cell: &Cell) -> Result<(), Problem> {
        let raw = self.value.as_str();
        let text = match cell.kind.as_str() {
            "s" => {
                if raw.trim().is_empty() {
                    return Ok(());
                }
                let shared = raw.trim().parse().ok().and_then(|at| self.strings.get(at));
                let shared = shared.ok_or_else(|| damaged(self.name, "a text that is not there"))?;
                return self.line.push(cell.at, shared, self.row, self.name);
            }
            "b" => values::boolean(raw),
            "d" => values::iso(raw),
            "e" => raw.trim().to_owned(),
            "str" | "inlineStr" => values::unescaped(raw).into_owned(),
            _ if raw.is_empty() => return Ok(()),
            _ => values::number(raw, cell.format, self.book.from_1904),
        };
        self.line.push(cell.at, &text, self.row, self.name)
    }
}

/// What the tag of a cell says.
#[derive(Debug, Default)]
struct Said {
    place: Option<usize>,
    kind: Option<String>,
    style: Option<usize>,
}

fn said(tag: &BytesStart<'_>) -> Said {
    let mut out = Said::default();
    let mut all = tag.attributes();
    for attribute in all.with_checks(false).flatten() {
        match attribute.key.local_name().as_ref() {
            "r" => out.place = column(&attribute.value),
            "t" => out.kind = Some(attribute.value.clone().into_owned()),
            "s" => out.style = attribute.value.parse().ok(),
            _ => {}
        }
    }
    out
}

impl Rows for SheetRows<'_, '_, '_> {
    fn next_row(&mut self, cells: &mut StringRecord) -> Result<Option<u64>, Problem> {
        let (mut cell, mut inside) = (None, Inside::Nothing);
        self.line.clear();
        let mut buffer = std::mem::take(&mut self.buffer);
        while !self.over {
            buffer.clear();
            line::ends(&self.value, self.name)?;
            if self.xml.buffer_position() > self.most {
                return Ok(None);
            }
            match self.xml.read_event_into(&mut buffer).map_err(|e| unreadable(self.name, e))? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "row" => self.begin_row(attribute(&tag, "r").and_then(|r| r.parse().ok()))?,
                    "c" => cell = Some(self.begin_cell(&said(&tag))),
                    "v" | "t" if cell.is_some() && inside == Inside::Nothing => inside = Inside::Value,
                    "rPh" => inside = Inside::Spoken,
                    _ => {}
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "row" => self.begin_row(attribute(&tag, "r").and_then(|r| r.parse().ok()))?,
                    "c" => self.next = said(&tag).place.unwrap_or(self.next).saturating_add(1),
                    "sheetData" => self.over = true,
                    _ => {}
                },
                Event::Text(text) if inside == Inside::Value => self.value.push_str(&text.xml10_content()),
                Event::CData(text) if inside == Inside::Value => self.value.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if inside == Inside::Value => entity(&reference, &mut self.value),
                Event::End(tag) => match tag.local_name().as_ref() {
                    "v" | "t" if inside == Inside::Value => inside = Inside::Nothing,
                    "rPh" => inside = Inside::Nothing,
                    "c" => {
                        if let Some(cell) = cell.take() {
                            self.end_cell(&cell)?;
                        }
                        inside = Inside::Nothing;
                    }
                    "row" if !self.line.is_empty() => {
                        self.merged.fill(self.row, &mut self.line, self.name)?;
                        self.buffer = buffer;
                        self.line.write(cells);
                        return Ok(Some(self.row));
                    }
                    "sheetData" => self.over = true,
                    _ => {}
                },
                Event::Eof => return Err(damaged(self.name, "the sheet has no end")),
                _ => {}
            }
        }
        Ok(None)
    }
}
