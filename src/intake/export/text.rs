//! CSV and JSON lines: pieces of text that follow each other.
//!
//! CSV begins with the mark by which spreadsheet programs know UTF-8. JSON lines say a value as what it is: a number, a yes or no, `null`
//! where there is nothing; an instant as RFC 3339.

use std::borrow::Cow;

use crate::base::problem::Problem;
use crate::rules::contacts::row::cells::neutralised;
use crate::rules::export::{Column, Format, Value};

const MARK: &str = "\u{feff}";

/// How rows become lines.
pub enum Lines {
    Csv,
    /// With the names of the columns, each as JSON.
    Json(Vec<String>),
}

impl Lines {
    /// A workbook has no lines: whoever asks for them gets CSV.
    pub fn of(format: Format, columns: &[Column]) -> Result<Lines, Problem> {
        match format {
            Format::Jsonl => Lines::json(columns),
            Format::Csv | Format::Xlsx => Ok(Lines::Csv),
        }
    }

    pub fn json(columns: &[Column]) -> Result<Lines, Problem> {
        columns.iter().map(|column| as_json(&column.name)).collect::<Result<_, _>>().map(Lines::Json)
    }

    /// What stands before the first row.
    pub fn head(&self, columns: &[Column]) -> Result<String, Problem> {
        match self {
            Lines::Csv => {
                let names = records([columns.iter().map(|column| neutralised(&column.name).into_owned())])?;
                Ok(format!("{MARK}{names}"))
            }
            Lines::Json(_) => Ok(String::new()),
        }
    }

    pub fn rows(&self, rows: &[Vec<Value>]) -> Result<String, Problem> {
        match self {
            Lines::Csv => records(rows.iter().map(|row| row.iter().map(|value| cell(value).into_owned()))),
            Lines::Json(names) => {
                let mut out = String::new();
                for row in rows {
                    out.push('{');
                    for (at, (name, value)) in names.iter().zip(row).enumerate() {
                        if at > 0 {
                            out.push(',');
                        }
                        out.push_str(name);
                        out.push(':');
                        out.push_str(&json(value)?);
                    }
                    out.push_str("}\n");
                }
                Ok(out)
            }
        }
    }
}

fn records<R: IntoIterator<Item = String>>(rows: impl IntoIterator<Item = R>) -> Result<String, Problem> {
    let failed = |e: csv::Error| Problem::internal("The table cannot be written as CSV.").because(e);
    let mut out = csv::Writer::from_writer(Vec::new());
    for row in rows {
        out.write_record(row).map_err(failed)?;
    }
    let bytes = out.into_inner().map_err(|e| failed(e.into_error().into()))?;
    String::from_utf8(bytes).map_err(|e| Problem::internal("The table cannot be written as CSV.").because(e))
}

/// A cell of CSV. Numbers and instants run nowhere.
fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Nothing => Cow::Borrowed(""),
        Value::Text(text) => neutralised(text),
        Value::Whole(n) => n.to_string().into(),
        Value::Share(share) => share.to_string().into(),
        Value::YesNo(yes) => yes_no(*yes).into(),
        Value::Instant(at) => at.to_string().into(),
    }
}

/// As a cell says it.
pub(super) fn yes_no(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

fn json(value: &Value) -> Result<String, Problem> {
    match value {
        Value::Nothing => Ok("null".into()),
        Value::Text(text) => as_json(text),
        Value::Whole(n) => Ok(n.to_string()),
        Value::Share(share) => as_json(share),
        Value::YesNo(yes) => as_json(yes),
        Value::Instant(at) => as_json(&at.to_string()),
    }
}

fn as_json<T: serde::Serialize + ?Sized>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(|e| Problem::internal("The table cannot be written as JSON.").because(e))
}
