//! A file of any kind opened: what it is told to be, and its rows.

use crate::base::problem::Problem;
use crate::intake::records::{self, Records};
use crate::intake::text::encoding;
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
    /// Of a text.
    pub encoding: Option<&'static str>,
    /// What is not certain about all of it.
    pub doubt: Vec<Finding>,
}

/// Opens a file and gives its rows to `then`.
pub fn open<T>(
    bytes: &[u8],
    name: &str,
    choice: &Choice,
    then: &mut dyn FnMut(Opened, &mut dyn Rows) -> Result<T, Problem>,
) -> Result<T, Problem> {
    let decoded = encoding::decode(bytes, name, choice.charset()?)?;
    let (text, said) = records::said_delimiter(decoded.text.trim_start_matches('\u{feff}'));
    let delimiter = said.unwrap_or_else(|| records::delimiter(text));
    let kind = if delimiter == b'\t' { Kind::Tsv } else { Kind::Csv };
    let opened =
        Opened { kind, sheets: Vec::new(), sheet: None, encoding: Some(decoded.encoding), doubt: decoded.doubt };
    then(opened, &mut Records::new(text, delimiter, name))
}
