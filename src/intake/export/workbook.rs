//! A workbook: cells of their types, a head that stays where it is, filters, and a sheet that says what each column means.
//!
//! Rows go to a file of their own until the workbook is put together, so that a large one takes no memory. Text is text whatever stands in
//! it; what a program would run had it come as CSV carries its mark here too, for people save workbooks as CSV.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::base::problem::Problem;
use crate::intake::template::shortened;
use crate::rules::contacts::row::cells::neutralised;
use crate::rules::export::{Column, Type, Value};

use super::text::yes_no;

/// A sheet holds no more rows below its head.
const MOST: u32 = 1_048_575;

/// A number beyond it would lose its last digits.
const EXACT: u64 = 1 << 53;

struct Formats {
    head: Format,
    text: Format,
    whole: Format,
    share: Format,
    instant: Format,
}

/// A workbook that is being written. What does not fit on one sheet goes on on the next.
pub struct Sheets {
    book: Workbook,
    title: &'static str,
    columns: Vec<Column>,
    formats: Formats,
    /// Rows of each sheet.
    rows: Vec<u32>,
    most: u32,
}

impl Sheets {
    /// `title`: the name of its sheet.
    pub fn new(title: &'static str, columns: &[Column]) -> Result<Sheets, Problem> {
        Sheets::of_at_most(MOST, title, columns)
    }

    pub(super) fn of_at_most(most: u32, title: &'static str, columns: &[Column]) -> Result<Sheets, Problem> {
        let number = |shape: &str| Format::new().set_num_format(shape);
        let mut sheets = Sheets {
            book: Workbook::new(),
            title,
            columns: columns.to_vec(),
            formats: Formats {
                head: number("@").set_bold().set_align(FormatAlign::Top),
                text: number("@"),
                whole: number("0"),
                share: number("0.0000"),
                instant: number("yyyy-mm-dd hh:mm:ss"),
            },
            rows: Vec::new(),
            most,
        };
        sheets.begin().and_then(|()| sheets.next_sheet()).map_err(unwritable)?;
        Ok(sheets)
    }

    fn begin(&mut self) -> Result<(), XlsxError> {
        // The same rows give the same bytes.
        let made = ExcelDateTime::from_timestamp(0)?;
        self.book.set_properties(&DocProperties::new().set_creation_datetime(&made));
        Ok(())
    }

    fn next_sheet(&mut self) -> Result<(), XlsxError> {
        let name = match self.rows.len() {
            0 => self.title.to_owned(),
            n => format!("{} {}", self.title, n + 1),
        };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, column) in self.columns.iter().enumerate() {
            let at = place(at);
            sheet.set_column_width(at, width(column))?;
            // What is typed below the last row stays text too.
            if column.kind == Type::Text {
                sheet.set_column_format(at, &self.formats.text)?;
            }
        }
        for (at, column) in self.columns.iter().enumerate() {
            let name = shortened(&neutralised(&column.name));
            sheet.write_string_with_format(0, place(at), name, &self.formats.head)?;
        }
        self.rows.push(0);
        Ok(())
    }

    pub fn rows(&mut self, rows: &[Vec<Value>]) -> Result<(), Problem> {
        rows.iter().try_for_each(|row| self.row(row)).map_err(unwritable)
    }

    fn row(&mut self, row: &[Value]) -> Result<(), XlsxError> {
        if self.rows.last().is_none_or(|rows| *rows >= self.most) {
            self.next_sheet()?;
        }
        let last = self.rows.len().saturating_sub(1);
        let sheet = self.book.worksheet_from_index(last)?;
        let Some(rows) = self.rows.last_mut() else { return Ok(()) };
        *rows += 1;
        for (at, value) in row.iter().enumerate() {
            write(sheet, (*rows, place(at)), value, &self.formats)?;
        }
        Ok(())
    }

    /// Puts it together.
    pub fn finish(mut self, to: impl Write + Send) -> Result<(), Problem> {
        self.explained().and_then(|()| self.book.save_to_writer(to)).map_err(unwritable)
    }

    fn explained(&mut self) -> Result<(), XlsxError> {
        let last_column = place(self.columns.len().saturating_sub(1));
        for (number, rows) in self.rows.iter().enumerate() {
            self.book.worksheet_from_index(number)?.autofilter(0, 0, *rows, last_column)?;
        }
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name("Columns")?;
        sheet.set_freeze_panes(1, 0)?;
        for (at, (head, width)) in
            [("column", 32), ("what stands there", 24), ("what it means", 100)].iter().enumerate()
        {
            sheet.set_column_width(place(at), *width)?;
            sheet.write_string_with_format(0, place(at), *head, &self.formats.head)?;
        }
        for (number, column) in self.columns.iter().enumerate() {
            let line = u32::try_from(number + 1).unwrap_or(u32::MAX);
            let cells = [column.name.as_str(), column.kind.label(), column.meaning.as_str()];
            for (at, cell) in cells.into_iter().enumerate() {
                let cell = shortened(&neutralised(cell));
                sheet.write_string_with_format(line, place(at), cell, &self.formats.text)?;
            }
        }
        Ok(())
    }
}

fn unwritable(e: XlsxError) -> Problem {
    Problem::internal("The workbook cannot be written.").because(e)
}

fn place(at: usize) -> u16 {
    u16::try_from(at).unwrap_or(u16::MAX)
}

fn width(column: &Column) -> u16 {
    let name = u16::try_from(column.name.chars().count()).unwrap_or(u16::MAX).saturating_add(4);
    match column.kind {
        Type::Instant => name.clamp(20, 40),
        _ => name.clamp(12, 40),
    }
}

fn write(sheet: &mut Worksheet, (line, at): (u32, u16), value: &Value, formats: &Formats) -> Result<(), XlsxError> {
    let text = |sheet: &mut Worksheet, text: &str| {
        sheet.write_string_with_format(line, at, shortened(&neutralised(text)), &formats.text).map(|_| ())
    };
    match value {
        Value::Nothing => Ok(()),
        Value::Text(said) => text(sheet, said),
        Value::Whole(n) if n.unsigned_abs() <= EXACT => {
            sheet.write_number_with_format(line, at, *n as f64, &formats.whole).map(|_| ())
        }
        Value::Whole(n) => text(sheet, &n.to_string()),
        Value::Share(share) => sheet.write_number_with_format(line, at, *share, &formats.share).map(|_| ()),
        Value::YesNo(yes) => text(sheet, yes_no(*yes)),
        Value::Instant(instant) => match ExcelDateTime::from_timestamp(instant.0.div_euclid(1_000)) {
            Ok(when) => sheet.write_datetime_with_format(line, at, &when, &formats.instant).map(|_| ()),
            // Before 1900 a workbook has no time.
            Err(_) => text(sheet, &instant.to_string()),
        },
    }
}
