//! The operator's own public holidays and working weeks: `country,region,date,name` as CSV.
//!
//! A file that is wrong in one row is refused as a whole, with the row: half a calendar would send letters on holidays.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::base::counted::counted;
use crate::base::problem::Problem;
use crate::rules::calendar::almanac::{OwnRow, OwnStatement, Week};
use crate::rules::calendar::{self, Almanac};
use crate::rules::contacts::{row::cells::quoted, row::whereabouts::places};

/// Larger files are refused: all public holidays of the world for ten years are smaller.
const LARGEST: u64 = 16 * 1024 * 1024;

const HEADER: [&str; 4] = ["country", "region", "date", "name"];

/// The built-in almanac with the rows of this file over it.
pub fn read(path: &Path) -> Result<Arc<Almanac>, Problem> {
    let file = path.display().to_string();
    let unreadable = |why: String| {
        Problem::unusable(
            format!("The calendar file {file} cannot be read: {why}."),
            "Correct calendar.file in the settings, or the file.",
        )
    };
    let size = fs::metadata(path).map_err(|e| unreadable(e.to_string()))?.len();
    if size > LARGEST {
        return Err(unreadable(format!("it has {} MB, and 16 MB are taken", size / 1024 / 1024)));
    }
    let text = fs::read_to_string(path).map_err(|e| unreadable(e.to_string()))?;
    rows(&text, &file).map(|rows| Almanac::with_own(&file, rows))
}

fn rows(text: &str, file: &str) -> Result<Vec<OwnRow>, Problem> {
    let wrong = |line: u64, (what, next): (String, String)| {
        Problem::unusable(format!("The calendar file {file}, line {line}: {what}."), next)
    };
    let text = text.trim_start_matches('\u{feff}');
    let said = |(_, line): &(u64, &str)| !line.trim().is_empty() && !line.starts_with('#');
    let mut lines = (1..).zip(text.lines()).filter(said);
    let (first, header) = lines.next().unwrap_or((1, ""));
    if !cells(header).is_ok_and(|cells| cells.iter().map(str::to_ascii_lowercase).eq(HEADER)) {
        let next = format!("Begin the file with a line {}.", HEADER.join(","));
        return Err(wrong(first, ("this is not the header".into(), next)));
    }
    lines.map(|(line, text)| cells(text).and_then(|cells| row(&cells)).map_err(|said| wrong(line, said))).collect()
}

/// One by one, so that a quotation mark that nobody closed costs its own line only.
fn cells(line: &str) -> Result<StringRecord, (String, String)> {
    let mut record = StringRecord::new();
    let mut reader =
        ReaderBuilder::new().has_headers(false).trim(Trim::All).buffer_capacity(512).from_reader(line.as_bytes());
    let read = reader.read_record(&mut record);
    read.map(|_| record).map_err(|e| (format!("it cannot be read ({e})"), "Correct the line.".into()))
}

/// What is wrong, and what to do.
fn row(record: &StringRecord) -> Result<OwnRow, (String, String)> {
    let cells: Vec<&str> = record.iter().collect();
    let [country, region, date, name] = cells[..] else {
        let what = format!("it has {}, not four", counted(cells.len(), "column", "columns"));
        return Err((what, "Write country,region,date,name; a name with a comma stands in quotation marks.".into()));
    };
    if !places::is_country_code(country) {
        let next = match places::country(country) {
            Some(code) => format!("Write {code}."),
            None => "Write a code such as IE or DE.".into(),
        };
        return Err((format!("“{}” is not a country code", quoted(country)), next));
    }
    let region = match region {
        "" => String::new(),
        text => calendar::region(country, text).ok_or_else(|| {
            let what = format!("the region “{}” is not known in {country}", quoted(text));
            (what, "Write a code such as DE-BY, or leave it empty for the whole country.".to_owned())
        })?,
    };
    let says = if date.eq_ignore_ascii_case("weekend") {
        OwnStatement::Week(Week::without(name).filter(|_| !name.is_empty()).ok_or_else(|| {
            let what = format!("“{}” is not a weekend", quoted(name));
            (what, "Write the days that are off, such as FRI SAT; at least one day of the week is worked.".to_owned())
        })?)
    } else {
        let day = chrono::NaiveDate::parse_from_str(date, "%Y-%m-%d").map_err(|_| {
            (format!("“{}” is not a day", quoted(date)), "Write it like 2027-03-17, or the word weekend.".to_owned())
        })?;
        if name.is_empty() {
            return Err(("the holiday has no name".into(), "Write what the day is called.".into()));
        }
        OwnStatement::Holiday(day, name.to_owned())
    };
    Ok(OwnRow { country: country.to_owned(), region, says })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        rows(text, "own.csv").unwrap_err().to_string()
    }

    #[test]
    fn rows_of_all_kinds_are_read() {
        let text = "\u{feff}Country,Region,Date,Name\r\n# ours\r\nIE,,2027-02-10,\"Founder's day, observed\"\r\nDE,DE-BY,2027-02-11,Fasching\r\nGB,Scotland,weekend,FRI sat\r\n";
        let rows = rows(text, "own.csv").unwrap();
        let regions: Vec<&str> = rows.iter().map(|r| r.region.as_str()).collect();
        assert_eq!(regions, ["", "BY", "SCT"]);
        assert_eq!(
            rows[0].says,
            OwnStatement::Holiday("2027-02-10".parse().unwrap(), "Founder's day, observed".into())
        );
        assert_eq!(rows[2].says, OwnStatement::Week(Week::without("fri sat").unwrap()));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_the_next_step() {
        for (row, said) in [
            ("Ireland,,2027-02-10,x", "own.csv, line 3: “Ireland” is not a country code. Write IE."),
            ("XX,,2027-02-10,x", "“XX” is not a country code. Write a code such as IE or DE."),
            ("DE,Atlantis,2027-02-10,x", "the region “Atlantis” is not known in DE. Write a code such as DE-BY"),
            ("DE,,2027-02-30,x", "“2027-02-30” is not a day. Write it like 2027-03-17"),
            ("DE,,2027-02-10,", "the holiday has no name. Write what"),
            ("DE,,weekend,never", "“never” is not a weekend. Write the days"),
            ("DE,,weekend,", "“” is not a weekend"),
            ("DE,2027-02-10,x", "it has 3 columns, not four. Write country,region,date,name"),
        ] {
            let told = told(&format!("country,region,date,name\n# a comment\n{row}\n"));
            assert!(told.contains(said) && told.contains("line 3"), "{said} in {told}");
        }
        assert!(
            told("IE,,2027-02-10,x\n").contains("line 1: this is not the header. Begin the file with a line country,")
        );
    }

    #[test]
    fn a_file_that_is_not_there_is_named_with_its_setting() {
        let told = read(Path::new("/nowhere/own.csv")).unwrap_err().to_string();
        assert!(told.contains("/nowhere/own.csv cannot be read") && told.contains("calendar.file"), "{told}");
    }
}
