//! What an XLSX workbook says of itself: its sheets, where they are, and which formats are dates.

use std::collections::HashMap;

use quick_xml::events::Event;

use crate::base::problem::Problem;

use super::archive::{Archive, OTHER, damaged, hostile, unreadable};
use super::events::attribute;
use super::sheets::Sheet;
use super::values::{Format, built_in, by_code};

/// Nobody finds a list among more.
const SHEETS: usize = 1_000;

/// No workbook has more formats of cells: Excel has at most 65,490.
const FORMATS: usize = 70_000;

/// The small parts of a workbook.
const SMALL: u64 = 8 * 1024 * 1024;

#[derive(Debug, Default)]
pub struct Book {
    pub sheets: Vec<Sheet>,
    /// By the number that a cell has for its format.
    pub formats: Vec<Format>,
    pub strings: Option<String>,
    pub from_1904: bool,
}

/// Target and kind of a relation.
type Relations = HashMap<String, (String, String)>;

impl Book {
    pub fn read(archive: &mut Archive<'_>) -> Result<Book, Problem> {
        let main = relations(archive, "", "_rels/.rels")?;
        let main = main.into_values().find(|(_, kind)| kind == "officeDocument");
        let path = main.map_or_else(|| "xl/workbook.xml".to_owned(), |(target, _)| target);
        let (folder, file) = path.rsplit_once('/').unwrap_or(("", &path));
        let of_book = relations(archive, folder, &joined(folder, &format!("_rels/{file}.rels")))?;
        let mut book = Book::default();
        let styles = of_book.values().find(|(_, kind)| kind == "styles").map(|(target, _)| target.clone());
        book.strings = of_book.values().find(|(_, kind)| kind == "sharedStrings").map(|(target, _)| target.clone());
        book.sheets(archive, &path, &of_book)?;
        if let Some(styles) = styles {
            book.styles(archive, &styles)?;
        }
        Ok(book)
    }

    fn sheets(&mut self, archive: &mut Archive<'_>, path: &str, relations: &Relations) -> Result<(), Problem> {
        let name = archive.name();
        let Some(mut xml) = archive.part(path, SMALL)? else { return Err(damaged(name, "no workbook in it")) };
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(|e| unreadable(name, e))? {
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "workbookPr" => {
                        self.from_1904 = attribute(&tag, "date1904").is_some_and(|v| v == "1" || v == "true");
                    }
                    "sheet" => {
                        if self.sheets.len() == SHEETS {
                            return Err(hostile(name, &format!("more than {SHEETS} sheets")));
                        }
                        let target = attribute(&tag, "id").and_then(|id| relations.get(&id));
                        // Charts are sheets too, and have no cells.
                        if let Some((target, _)) = target.filter(|(_, kind)| kind == "worksheet") {
                            if self.sheets.iter().any(|sheet| sheet.path.eq_ignore_ascii_case(target)) {
                                return Err(hostile(name, "two sheets in one place"));
                            }
                            self.sheets.push(Sheet {
                                name: attribute(&tag, "name").unwrap_or_default(),
                                hidden: attribute(&tag, "state").is_some_and(|state| state != "visible"),
                                path: target.clone(),
                            });
                        }
                    }
                    _ => {}
                },
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn styles(&mut self, archive: &mut Archive<'_>, path: &str) -> Result<(), Problem> {
        let name = archive.name();
        let Some(mut xml) = archive.part(path, OTHER)? else { return Ok(()) };
        let (mut buffer, mut own, mut of_cells) = (Vec::new(), HashMap::<u32, Format>::new(), false);
        loop {
            buffer.clear();
            match xml.read_event_into(&mut buffer).map_err(|e| unreadable(name, e))? {
                Event::Start(tag) | Event::Empty(tag) => {
                    let id = || attribute(&tag, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                    match tag.local_name().as_ref() {
                        "numFmt" if own.len() < FORMATS => {
                            own.insert(id(), by_code(&attribute(&tag, "formatCode").unwrap_or_default()));
                        }
                        "cellXfs" => of_cells = true,
                        "xf" if of_cells && self.formats.len() < FORMATS => {
                            let id = id();
                            self.formats.push(own.get(&id).copied().unwrap_or_else(|| built_in(id)));
                        }
                        _ => {}
                    }
                }
                Event::End(tag) if tag.local_name().as_ref() == "cellXfs" => return Ok(()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }
}

/// A path as a relation has it, from the folder of the part that it is of.
fn joined(folder: &str, target: &str) -> String {
    if let Some(whole) = target.strip_prefix('/') {
        return whole.to_owned();
    }
    let mut steps: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

fn relations(archive: &mut Archive<'_>, folder: &str, path: &str) -> Result<Relations, Problem> {
    let (name, mut out) = (archive.name(), HashMap::new());
    let Some(mut xml) = archive.part(path, SMALL)? else { return Ok(out) };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(|e| unreadable(name, e))? {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "Relationship" => {
                // What is outside the file is never asked for.
                let outside = attribute(&tag, "TargetMode").is_some_and(|mode| mode.eq_ignore_ascii_case("external"));
                let kind = attribute(&tag, "Type").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or("").to_owned();
                if let (false, Some(id), Some(target)) = (outside, attribute(&tag, "Id"), attribute(&tag, "Target")) {
                    out.insert(id, (joined(folder, &target), kind));
                }
                if out.len() > SHEETS * 4 {
                    return Err(hostile(name, "thousands of sheets"));
                }
            }
            Event::Eof => return Ok(out),
            _ => {}
        }
    }
}
