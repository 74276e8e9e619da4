//! A zipped workbook as its parts. Nothing is unpacked to anywhere: a part is read as a stream, through `guard`.

use std::collections::BTreeSet;
use std::io::{BufReader, Cursor};

use quick_xml::Reader;
use zip::read::ZipFile;

use crate::base::problem::{Kind, Problem};
use crate::intake::zipped::{self, Refused, Zip};

use super::guard::{Guard, TOO_LARGE};

/// No workbook has more parts.
const PARTS: usize = 10_000;

/// The largest part of rows, and the largest of anything else.
pub const ROWS: u64 = 400 * 1024 * 1024;
pub const OTHER: u64 = 64 * 1024 * 1024;

pub type Part<'a, 'b> = Reader<BufReader<Guard<ZipFile<'a, Cursor<&'b [u8]>>>>>;

pub struct Archive<'b> {
    zip: Zip<'b>,
    name: &'b str,
    paths: BTreeSet<String>,
}

/// That a file cannot be what it says it is.
pub fn damaged(name: &str, cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Problem {
    Problem::unusable(
        format!("{name} is damaged or was not sent whole."),
        "Open it in your spreadsheet program and save it again, or ask for it again.",
    )
    .because(cause)
}

/// That no spreadsheet program has written a file like this.
pub fn hostile(name: &str, what: &str) -> Problem {
    Problem::unusable(
        format!("{name} is refused: it has {what}, which no spreadsheet program writes."),
        "Open it in your spreadsheet program and save the contacts as a new workbook or as CSV (UTF-8).",
    )
}

/// What went wrong while a part was read.
pub fn unreadable(name: &str, e: quick_xml::Error) -> Problem {
    if let quick_xml::Error::Io(io) = &e
        && io.kind() == std::io::ErrorKind::Other
        && let Some(said) = io.get_ref().map(ToString::to_string)
    {
        if said == TOO_LARGE {
            return too_large(name);
        }
        if said.contains("without") || said.contains("document type") {
            return hostile(name, &said);
        }
    }
    damaged(name, e)
}

pub fn too_large(name: &str) -> Problem {
    Problem::new(
        Kind::TooLarge,
        format!("{name} is larger inside than a list of contacts can be."),
        "Copy the contacts alone into a new workbook, or save them as CSV (UTF-8).",
    )
}

impl<'b> Archive<'b> {
    pub fn open(bytes: &'b [u8], name: &'b str) -> Result<Archive<'b>, Problem> {
        let (zip, paths) = zipped::open(bytes, PARTS, |_| true).map_err(|refused| match refused {
            Refused::Damaged(e) => damaged(name, e),
            Refused::Has(what) => hostile(name, &what),
            Refused::TooMany(most) => hostile(name, &format!("more than {most} parts")),
            Refused::Locked => locked(name),
        })?;
        Ok(Archive { zip, name, paths })
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// The part of this name, whatever its case.
    pub fn find(&self, path: &str) -> Option<&str> {
        let path = path.trim_start_matches('/');
        self.paths.get(path).or_else(|| self.paths.iter().find(|p| p.eq_ignore_ascii_case(path))).map(String::as_str)
    }

    /// A part of XML, of up to `most` bytes; none where there is no such part.
    pub fn part(&mut self, path: &str, most: u64) -> Result<Option<Part<'_, 'b>>, Problem> {
        let Some(path) = self.find(path).map(str::to_owned) else { return Ok(None) };
        let name = self.name;
        let file = self.zip.by_name(&path).map_err(|e| damaged(name, e))?;
        let packed = file.compressed_size();
        let mut reader = Reader::from_reader(BufReader::with_capacity(64 * 1024, Guard::new(file, packed, most)));
        reader.config_mut().check_end_names = false;
        Ok(Some(reader))
    }

    pub fn name(&self) -> &'b str {
        self.name
    }
}

pub fn locked(name: &str) -> Problem {
    Problem::unusable(
        format!("{name} is locked with a password."),
        "Open it, take the password off (in Excel under File, Info, Protect Workbook), and save it again.",
    )
}
