//! The rows of a table of an ODS document, read as a stream.
//!
//! A cell gives its value and no formula. What is repeated is not kept: a row that is filled comes as often as the document says, and
//! empty ones only count.

use csv::StringRecord;
use quick_xml::events::{BytesStart, Event};

use crate::base::problem::Problem;
use crate::intake::list::rows::Rows;

use super::archive::{Part, damaged, too_large, unreadable};
use super::events::{attribute, entity};
use super::line::{self, Line};
use super::merged::Merged;
use super::sheets::Sheet;
use super::values::{self, Format};

/// The last row of a spreadsheet.
const LAST: u64 = 1_048_576;

/// The tables of a document, and how many of our columns each names in its beginning.
pub fn tables(
    mut xml: Part<'_, '_>,
    name: &str,
    known: &dyn Fn(&StringRecord) -> usize,
) -> Result<(Vec<Sheet>, Vec<usize>), Problem> {
    let (mut sheets, mut scores) = (Vec::new(), Vec::new());
    let mut hidden = std::collections::BTreeSet::new();
    let (mut buffer, mut style, mut line) = (Vec::new(), String::new(), Line::default());
    loop {
        buffer.clear();
        let event = xml.read_event_into(&mut buffer).map_err(|e| unreadable(name, e))?;
        let empty = matches!(event, Event::Empty(_));
        let begun = match event {
            Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                "style" => {
                    style = attribute(&tag, "name").unwrap_or_default();
                    None
                }
                "table-properties" if attribute(&tag, "display").as_deref() == Some("false") => {
                    hidden.insert(style.clone());
                    None
                }
                "table" => Some((attribute(&tag, "name"), attribute(&tag, "style-name"))),
                _ => None,
            },
            Event::Eof => return Ok((sheets, scores)),
            _ => None,
        };
        let Some((called, style)) = begun else { continue };
        if sheets.len() == 1_000 {
            return Err(super::archive::hostile(name, "more than 1000 sheets"));
        }
        let hidden = style.is_some_and(|style| hidden.contains(&style));
        sheets.push(Sheet { name: called.unwrap_or_default(), hidden, path: String::new() });
        if empty {
            scores.push(0);
            continue;
        }
        // What one table has told counts for the next.
        let mut rows = TableRows { inside: true, line, ..TableRows::new(xml, 0, name) };
        let (mut best, mut record) = (0, StringRecord::new());
        while let Some(row) = rows.next_row(&mut record)? {
            if row <= 50 {
                best = best.max(known(&record));
            } else {
                rows.skip()?;
            }
        }
        scores.push(best);
        (xml, line) = (rows.xml, rows.line);
    }
}

pub struct TableRows<'a, 'b, 'n> {
    xml: Part<'a, 'b>,
    name: &'n str,
    /// How many tables stand before the one that is wanted.
    before: usize,
    inside: bool,
    over: bool,
    line: Line,
    /// The row that was read last, and how often it comes again.
    row: u64,
    again: u64,
    /// What the next row begins with.
    next: u64,
    place: usize,
    value: String,
    buffer: Vec<u8>,
    merged: Merged,
}

/// A cell while it is read.
#[derive(Debug, Default)]
struct Cell {
    repeated: usize,
    /// Over so many rows.
    spanned: u64,
    kind: String,
    value: Option<String>,
    paragraphs: usize,
}

impl<'a, 'b, 'n> TableRows<'a, 'b, 'n> {
    /// Of the table that stands behind so many others.
    pub fn new(xml: Part<'a, 'b>, before: usize, name: &'n str) -> TableRows<'a, 'b, 'n> {
        TableRows {
            xml,
            name,
            before,
            inside: false,
            over: false,
            line: Line::default(),
            row: 0,
            again: 0,
            next: 1,
            place: 0,
            value: String::new(),
            buffer: Vec::new(),
            merged: Merged::default(),
        }
    }

    /// Reads to the end of the table.
    fn skip(&mut self) -> Result<(), Problem> {
        let mut buffer = std::mem::take(&mut self.buffer);
        while !self.over {
            buffer.clear();
            match self.xml.read_event_into(&mut buffer).map_err(|e| unreadable(self.name, e))? {
                Event::End(tag) if tag.local_name().as_ref() == "table" => self.over = true,
                Event::Eof => return Err(damaged(self.name, "the table has no end")),
                _ => {}
            }
        }
        self.again = 0;
        Ok(())
    }

    fn end_cell(&mut self, cell: &Cell) -> Result<(), Problem> {
        let shown = self.value.as_str();
        let text = match (cell.kind.as_str(), cell.value.as_deref()) {
            ("float" | "currency" | "percentage", Some(value)) => values::number(value, Format::Number, false),
            ("date", Some(value)) => values::iso(value),
            ("boolean", Some(value)) => values::boolean(value),
            ("string", Some(value)) if shown.is_empty() => value.to_owned(),
            _ => shown.to_owned(),
        };
        if cell.spanned > 1 && cell.repeated == 1 {
            self.merged.begin(self.place, self.row.saturating_add(cell.spanned - 1), &text);
        }
        for _ in 0..cell.repeated {
            if text.trim().is_empty() {
                break;
            }
            self.line.push(self.place, &text, self.row, self.name)?;
            self.place = self.place.saturating_add(1);
        }
        if text.trim().is_empty() {
            self.place = self.place.saturating_add(cell.repeated);
        }
        Ok(())
    }
}

fn repeated(tag: &BytesStart<'_>, what: &str) -> u64 {
    attribute(tag, what).and_then(|n| n.parse().ok()).unwrap_or(1).clamp(1, LAST)
}

fn begun(tag: &BytesStart<'_>) -> Cell {
    let value = ["value", "date-value", "boolean-value", "string-value"];
    Cell {
        repeated: repeated(tag, "number-columns-repeated") as usize,
        spanned: repeated(tag, "number-rows-spanned"),
        kind: attribute(tag, "value-type").unwrap_or_default(),
        value: value.into_iter().find_map(|name| attribute(tag, name)),
        paragraphs: 0,
    }
}

impl Rows for TableRows<'_, '_, '_> {
    fn next_row(&mut self, cells: &mut StringRecord) -> Result<Option<u64>, Problem> {
        if self.again > 0 {
            (self.row, self.again) = (self.row + 1, self.again - 1);
            self.line.again(self.name)?;
            self.line.write(cells);
            return Ok(Some(self.row));
        }
        self.line.clear();
        let (mut cell, mut aside): (Option<Cell>, usize) = (None, 0);
        let (mut in_text, mut times) = (false, 1);
        let mut buffer = std::mem::take(&mut self.buffer);
        while !self.over {
            buffer.clear();
            line::ends(&self.value, self.name)?;
            match self.xml.read_event_into(&mut buffer).map_err(|e| unreadable(self.name, e))? {
                Event::Start(tag) => match tag.local_name().as_ref() {
                    "table" if !self.inside && self.before == 0 => self.inside = true,
                    "table" if !self.inside => self.before -= 1,
                    // Comments and drawings in a cell are not its text.
                    "annotation" | "frame" | "custom-shape" | "ruby-text" => aside += 1,
                    "table-row" if self.inside => {
                        times = repeated(&tag, "number-rows-repeated");
                        (self.row, self.place) = (self.next, 0);
                        self.next = self.next.saturating_add(times);
                        self.line.clear();
                    }
                    "table-cell" | "covered-table-cell" if self.inside && aside == 0 => {
                        self.value.clear();
                        cell = Some(begun(&tag));
                    }
                    "p" if aside == 0 => {
                        if let Some(cell) = &mut cell {
                            if cell.paragraphs > 0 {
                                self.value.push('\n');
                            }
                            (cell.paragraphs, in_text) = (cell.paragraphs + 1, true);
                        }
                    }
                    _ => {}
                },
                Event::Empty(tag) => match tag.local_name().as_ref() {
                    "table" if !self.inside && self.before == 0 => self.over = true,
                    "table" if !self.inside => self.before -= 1,
                    "table-row" if self.inside => {
                        self.next = self.next.saturating_add(repeated(&tag, "number-rows-repeated"));
                        if self.next > LAST * 2 {
                            return Err(too_large(self.name));
                        }
                    }
                    "table-cell" | "covered-table-cell" if self.inside && aside == 0 => {
                        self.value.clear();
                        let cell = begun(&tag);
                        self.end_cell(&cell)?;
                    }
                    "s" if in_text => {
                        let spaces = attribute(&tag, "c").and_then(|n| n.parse::<usize>().ok()).unwrap_or(1);
                        self.value.extend(std::iter::repeat_n(' ', spaces.min(1_000)));
                    }
                    "tab" if in_text => self.value.push('\t'),
                    "line-break" if in_text => self.value.push('\n'),
                    "p" if cell.is_some() && aside == 0 => self.value.push('\n'),
                    _ => {}
                },
                Event::Text(text) if in_text && aside == 0 => self.value.push_str(&text.xml10_content()),
                Event::CData(text) if in_text && aside == 0 => self.value.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) if in_text && aside == 0 => entity(&reference, &mut self.value),
                Event::End(tag) => match tag.local_name().as_ref() {
                    "annotation" | "frame" | "custom-shape" | "ruby-text" => aside = aside.saturating_sub(1),
                    "p" if aside == 0 => in_text = false,
                    "table-cell" | "covered-table-cell" if aside == 0 => {
                        if let Some(cell) = cell.take() {
                            self.end_cell(&cell)?;
                        }
                    }
                    "table-row" if self.inside && !self.line.is_empty() => {
                        if self.row > LAST * 2 {
                            return Err(too_large(self.name));
                        }
                        (self.again, self.buffer) = (times - 1, buffer);
                        self.merged.fill(self.row, &mut self.line, self.name)?;
                        self.line.write(cells);
                        return Ok(Some(self.row));
                    }
                    "table" if self.inside => self.over = true,
                    _ => {}
                },
                Event::Eof if self.inside => return Err(damaged(self.name, "the table has no end")),
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
        Ok(None)
    }
}
