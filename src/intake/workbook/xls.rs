//! The rows of a sheet of an XLS workbook, as Excel wrote them until 2007 and other programs still do.
//!
//! Only cells that are there are kept, however far apart; what a sheet says of its own size counts for nothing.

use std::collections::HashMap;
use std::io::{Cursor, Read};

use csv::StringRecord;

use crate::base::problem::Problem;
use crate::intake::list::rows::Rows;
use crate::intake::text::charsets::Charset;

use super::archive::{damaged, hostile, locked, too_large};
use super::biff::{Records, Script, Texts, float_at, rk, u16_at, u32_at};
use super::line::Line;
use super::merged::{Merged, Range};
use super::sheets::Sheet;
use super::strings::Strings;
use super::values::{self, Format, built_in, by_code};

/// More cells than any list that fits an XLS workbook.
const CELLS: usize = 4_000_000;

pub struct Xls<'b> {
    name: &'b str,
    stream: Vec<u8>,
    script: Script,
    formats: Vec<Format>,
    strings: Strings,
    from_1904: bool,
    pub sheets: Vec<Sheet>,
    /// Where the records of each sheet begin.
    begins: Vec<usize>,
}

/// What a compound file holds when it is no workbook; none for a workbook.
pub fn stream(bytes: &[u8], name: &str) -> Result<Vec<u8>, Problem> {
    let mut file = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|e| damaged(name, e))?;
    if file.is_stream("/EncryptedPackage") {
        return Err(locked(name));
    }
    let Some(path) = ["/Workbook", "/Book", "/WORKBOOK", "/BOOK"].into_iter().find(|path| file.is_stream(path)) else {
        let what = if file.is_stream("/WordDocument") { "a text document" } else { "not a workbook" };
        return Err(Problem::unusable(
            format!("{name} is {what}."),
            "Save the contacts as .xlsx, .ods or CSV (UTF-8) in your spreadsheet program.",
        ));
    };
    let mut out = Vec::new();
    let read = file.open_stream(path).and_then(|s| s.take(bytes.len() as u64).read_to_end(&mut out));
    read.map_err(|e| damaged(name, e))?;
    Ok(out)
}

impl<'b> Xls<'b> {
    pub fn open(bytes: &[u8], name: &'b str) -> Result<Xls<'b>, Problem> {
        let mut xls = Xls {
            name,
            stream: stream(bytes, name)?,
            script: Script::Unicode,
            formats: Vec::new(),
            strings: Strings::default(),
            from_1904: false,
            sheets: Vec::new(),
            begins: Vec::new(),
        };
        let stream = std::mem::take(&mut xls.stream);
        xls.globals(&stream)?;
        xls.stream = stream;
        Ok(xls)
    }

    fn globals(&mut self, stream: &[u8]) -> Result<(), Problem> {
        let (mut own, mut numbers) = (HashMap::new(), Vec::new());
        let mut page = Charset::named("windows-1252")?;
        for record in Records::new(stream) {
            let (data, text) = (record.data, |at| Texts::of(&record, at));
            match record.kind {
                0x0809 if u16_at(data, 0) != Some(0x0600) => self.script = Script::Page(page),
                0x002f => return Err(locked(self.name)),
                0x0042 => {
                    let number = u16_at(data, 0).unwrap_or(0);
                    let named = [format!("cp{number}"), format!("windows-{number}")];
                    page = match number {
                        10_000 | 32_768 => Charset::named("mac")?,
                        _ => named.iter().find_map(|n| Charset::named(n).ok()).unwrap_or(page),
                    };
                    if matches!(self.script, Script::Page(_)) {
                        self.script = Script::Page(page);
                    }
                }
                0x0022 => self.from_1904 = u16_at(data, 0) == Some(1),
                0x041e => {
                    let length = if matches!(self.script, Script::Unicode) { 2 } else { 1 };
                    if let (Some(id), Some(code)) = (u16_at(data, 0), text(2).text(self.script, length)) {
                        own.insert(id, by_code(&code));
                    }
                }
                0x00e0 => numbers.push(u16_at(data, 2).unwrap_or(0)),
                0x0085 => {
                    let at = u32_at(data, 0).unwrap_or(u32::MAX) as usize;
                    // Sheets of charts and macros have no cells.
                    if data.get(5) == Some(&0) && self.sheets.len() < 1_000 {
                        if self.begins.contains(&at) {
                            return Err(hostile(self.name, "two sheets in one place"));
                        }
                        let hidden = data.get(4).is_some_and(|state| state & 3 != 0);
                        let name = text(6).text(self.script, 1).unwrap_or_default();
                        self.sheets.push(Sheet { name, hidden, path: String::new() });
                        self.begins.push(at);
                    }
                }
                0x00fc => {
                    self.strings = text(8).table().ok_or_else(|| hostile(self.name, "more than four million texts"))?;
                }
                0x000a => break,
                _ => {}
            }
        }
        let format = |id: &u16| own.get(id).copied().unwrap_or_else(|| built_in(u32::from(*id)));
        self.formats = numbers.iter().map(format).collect();
        if self.sheets.is_empty() { Err(damaged(self.name, "no sheet in it")) } else { Ok(()) }
    }

    /// The rows of one sheet.
    pub fn rows(&self, at: usize) -> Result<XlsRows<'_>, Problem> {
        self.first_rows(at, usize::MAX)
    }

    /// Those that stand in its first bytes.
    pub fn first_rows(&self, at: usize, most: usize) -> Result<XlsRows<'_>, Problem> {
        let begin = self.begins.get(at).copied().unwrap_or(usize::MAX);
        let stream = self.stream.get(begin..).ok_or_else(|| damaged(self.name, "a sheet that is not there"))?;
        let mut rows = XlsRows {
            xls: self,
            cells: Vec::new(),
            own: String::new(),
            at: 0,
            line: Line::default(),
            ranges: Vec::new(),
            merged: Merged::default(),
        };
        rows.read(stream.get(..most).unwrap_or(stream))?;
        rows.merged = Merged::of(std::mem::take(&mut rows.ranges));
        if !rows.cells.is_sorted_by_key(|cell| (cell.row, cell.at)) {
            rows.cells.sort_by_key(|cell| (cell.row, cell.at));
        }
        Ok(rows)
    }
}

struct XlsCell {
    row: u16,
    at: u16,
    text: Text,
}

/// Of the table of shared texts, or of the sheet's own.
enum Text {
    Shared(u32),
    Own(u32, u32),
}

pub struct XlsRows<'x> {
    xls: &'x Xls<'x>,
    cells: Vec<XlsCell>,
    own: String,
    at: usize,
    line: Line,
    ranges: Vec<Range>,
    merged: Merged,
}

impl XlsRows<'_> {
    fn keep(&mut self, row: u16, at: u16, text: &str) -> Result<(), Problem> {
        let from = self.own.len();
        self.own.push_str(text);
        let range = (u32::try_from(from), u32::try_from(self.own.len()));
        let (Ok(from), Ok(to)) = range else { return Err(too_large(self.xls.name)) };
        self.push(XlsCell { row, at, text: Text::Own(from, to) })
    }

    fn push(&mut self, cell: XlsCell) -> Result<(), Problem> {
        self.cells.push(cell);
        if self.cells.len() > CELLS { Err(too_large(self.xls.name)) } else { Ok(()) }
    }

    fn number(&mut self, row: u16, at: u16, format: Option<u16>, value: f64) -> Result<(), Problem> {
        let format = format.and_then(|f| self.xls.formats.get(usize::from(f))).copied().unwrap_or_default();
        let text = values::number(&value.to_string(), format, self.xls.from_1904);
        self.keep(row, at, &text)
    }

    fn read(&mut self, stream: &[u8]) -> Result<(), Problem> {
        let (mut depth, mut of_formula) = (0_u32, None);
        for record in Records::new(stream) {
            let data = record.data;
            match record.kind {
                0x0809 => depth += 1,
                0x000a if depth <= 1 => return Ok(()),
                0x000a => depth -= 1,
                // A chart within the sheet.
                _ if depth > 1 => {}
                0x0207 => {
                    let text = Texts::of(&record, 0).text(self.xls.script, 2);
                    if let (Some((row, at)), Some(text)) = (of_formula.take(), text) {
                        self.keep(row, at, &text)?;
                    }
                }
                0x00e5 => self.ranges.extend(merged(data)),
                kind => {
                    let (Some(row), Some(at)) = (u16_at(data, 0), u16_at(data, 2)) else { continue };
                    let format = u16_at(data, 4);
                    match kind {
                        0x00fd => {
                            if let Some(shared) = u32_at(data, 6) {
                                self.push(XlsCell { row, at, text: Text::Shared(shared) })?;
                            }
                        }
                        0x0203 => {
                            if let Some(value) = float_at(data, 6) {
                                self.number(row, at, format, value)?;
                            }
                        }
                        0x027e => {
                            if let Some(bits) = u32_at(data, 6) {
                                self.number(row, at, format, rk(bits))?;
                            }
                        }
                        0x00bd => {
                            for n in 0..data.len().saturating_sub(6) / 6 {
                                let bits = u32_at(data, 6 + 6 * n).unwrap_or(0);
                                self.number(row, at.saturating_add(n as u16), u16_at(data, 4 + 6 * n), rk(bits))?;
                            }
                        }
                        0x0204 | 0x00d6 => {
                            if let Some(text) = Texts::of(&record, 6).text(self.xls.script, 2) {
                                self.keep(row, at, &text)?;
                            }
                        }
                        0x0205 => self.sign(row, at, data.get(6).copied(), data.get(7) == Some(&1))?,
                        0x0006 | 0x0206 | 0x0406 => {
                            of_formula = None;
                            match (data.get(12..14), data.get(6)) {
                                (Some([255, 255]), Some(0)) => of_formula = Some((row, at)),
                                (Some([255, 255]), Some(kind @ (1 | 2))) => {
                                    self.sign(row, at, data.get(8).copied(), *kind == 2)?;
                                }
                                (Some([255, 255]), _) => {}
                                _ => {
                                    if let Some(value) = float_at(data, 6) {
                                        self.number(row, at, format, value)?;
                                    }
                                }
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    /// True, false or an error value.
    fn sign(&mut self, row: u16, at: u16, value: Option<u8>, error: bool) -> Result<(), Problem> {
        let text = match (error, value) {
            (false, Some(0)) => "FALSE",
            (false, _) => "TRUE",
            (true, Some(0x00)) => "#NULL!",
            (true, Some(0x07)) => "#DIV/0!",
            (true, Some(0x0f)) => "#VALUE!",
            (true, Some(0x17)) => "#REF!",
            (true, Some(0x1d)) => "#NAME?",
            (true, Some(0x24)) => "#NUM!",
            (true, _) => "#N/A",
        };
        self.keep(row, at, text)
    }
}

/// First and last row, first and last column, of each range.
fn merged(data: &[u8]) -> impl Iterator<Item = Range> + '_ {
    let ranges = usize::from(u16_at(data, 0).unwrap_or(0));
    (0..ranges).map_while(|n| {
        let said = |place: usize| u16_at(data, 2 + 8 * n + 2 * place);
        let row = |place: usize| said(place).map(|row| u64::from(row) + 1);
        Some(Range { at: usize::from(said(2)?), first: row(0)?, last: row(1)? })
    })
}

impl Rows for XlsRows<'_> {
    fn next_row(&mut self, cells: &mut StringRecord) -> Result<Option<u64>, Problem> {
        self.line.clear();
        while let Some(first) = self.cells.get(self.at).map(|cell| cell.row) {
            let row = u64::from(first) + 1;
            while let Some(cell) = self.cells.get(self.at).filter(|cell| cell.row == first) {
                let text = match cell.text {
                    Text::Shared(at) => self.xls.strings.get(at as usize),
                    Text::Own(from, to) => self.own.get(from as usize..to as usize),
                };
                let text = text.ok_or_else(|| damaged(self.xls.name, "a text that is not there"))?;
                self.line.push(usize::from(cell.at), text, row, self.xls.name)?;
                self.at += 1;
            }
            if !self.line.is_empty() {
                self.merged.fill(row, &mut self.line, self.xls.name)?;
                self.line.write(cells);
                return Ok(Some(row));
            }
        }
        Ok(None)
    }
}
