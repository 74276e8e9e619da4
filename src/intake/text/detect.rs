//! Which encoding a list without a mark is in, by what reads as names.
//!
//! Every encoding is tried on the cells that need one. Three things speak for a reading: its words are spelt like a language's names
//! (`letters`), the addresses of the same row spell them too ("joerg.gruen@mueller.example" beside "Jörg Grün"), and `chardetng`, the
//! detector of Firefox, takes it. Where another reading is not clearly worse, that is doubt and is told.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use super::charsets::Charset;
use super::letters;

/// So many cells tell enough.
const CELLS: usize = 2_000;

/// So many bytes of a row and of a cell are looked at.
const LINE: usize = 16 * 1024;
const CELL: usize = 400;

/// A reading is certain when it is ahead by this much in all, and by this much for each cell that reads differently.
const AHEAD: f32 = 1.6;
const AHEAD_EACH: f32 = 0.12;

/// What a name that an address of its row spells too, and the detector's word, are worth.
const SPELT: f32 = 2.0;
const DETECTED: f32 = 0.8;

#[derive(Debug)]
pub struct Guess {
    pub charset: Charset,
    /// The other reading that is possible, and up to three cells in both.
    pub doubt: Option<(Charset, Vec<(String, String)>)>,
}

struct Cell<'b> {
    bytes: &'b [u8],
    /// The addresses of its row, lower case.
    addresses: usize,
}

struct Reading {
    charset: Charset,
    scores: Vec<f32>,
    cells: Vec<String>,
    extra: f32,
}

impl Reading {
    fn total(&self) -> f32 {
        self.scores.iter().sum::<f32>() + self.extra
    }

    /// How far this is ahead of another, and at how many cells they differ.
    fn ahead_of(&self, other: &Reading) -> (f32, usize) {
        let differing = (0..self.cells.len()).filter(|at| self.cells[*at] != other.cells[*at]);
        let (mut ahead, mut cells) = (self.extra - other.extra, 0);
        for at in differing {
            ahead += self.scores[at] - other.scores[at];
            cells += 1;
        }
        (ahead, cells)
    }
}

/// So many readings are shown, and so many cells of each.
const SHOWN: usize = 6;
const SHOWN_CELLS: usize = 3;

/// The likeliest readings that differ in what they show, and these in any case; empty when every letter is ASCII.
pub fn readings(bytes: &[u8], in_any_case: &[&str]) -> Vec<(&'static str, Vec<String>)> {
    let (cells, addresses) = cells(bytes);
    let detected = detected(&cells);
    let all = Charset::candidates().chain([Charset::utf8()]);
    let mut readings: Vec<Reading> = all.map(|c| read(c, &cells, &addresses, detected)).collect();
    readings.sort_by(|a, b| b.total().total_cmp(&a.total()));
    let mut out: Vec<(&'static str, Vec<String>)> = Vec::new();
    for reading in readings {
        let mut some: Vec<String> = Vec::new();
        for cell in reading.cells.iter().filter(|cell| !cell.is_empty()).take(200) {
            let shown: String = cell.chars().filter(|c| !c.is_control()).take(60).collect();
            if some.len() < SHOWN_CELLS && !some.contains(&shown) {
                some.push(shown);
            }
        }
        let name = reading.charset.name;
        let new = out.iter().all(|(_, known)| *known != some) && out.len() < SHOWN;
        if !some.is_empty() && (new || in_any_case.contains(&name)) {
            out.push((name, some));
        }
    }
    out
}

/// The encoding of bytes that are not UTF-8; `None` when every letter is ASCII.
pub fn guess(bytes: &[u8]) -> Option<Guess> {
    let (cells, addresses) = cells(bytes);
    if cells.is_empty() {
        return None;
    }
    let detected = detected(&cells);
    // A file of which some letters are broken is UTF-8 all the same.
    let all = Charset::candidates().chain([Charset::utf8()]);
    let mut readings: Vec<Reading> = all.map(|c| read(c, &cells, &addresses, detected)).collect();
    // The first of equals stays, and the likelier ones stand first.
    readings.sort_by(|a, b| b.total().total_cmp(&a.total()));
    let (best, others) = readings.split_first()?;
    let doubt = others.iter().find_map(|other| {
        let (ahead, cells) = best.ahead_of(other);
        (cells > 0 && (ahead < AHEAD || ahead < AHEAD_EACH * cells as f32))
            .then(|| (other.charset, samples(best, other)))
    });
    Some(Guess { charset: best.charset, doubt })
}

fn samples(best: &Reading, other: &Reading) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    for (here, there) in best.cells.iter().zip(&other.cells) {
        if here != there && out.len() < 3 && !out.iter().any(|(known, _)| known == here) {
            out.push((here.clone(), there.clone()));
        }
    }
    out
}

/// The cells with letters beyond ASCII, and the addresses of each row that has one.
fn cells(bytes: &[u8]) -> (Vec<Cell<'_>>, Vec<String>) {
    let (mut cells, mut addresses) = (Vec::new(), Vec::new());
    for line in bytes.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.is_ascii()) {
        // What a row or a cell has beyond that tells no more, and would be looked at by every encoding.
        let line = &line[..line.len().min(LINE)];
        let parts = || line.split(|b| matches!(b, b',' | b';' | b'\t' | b'"'));
        let of_row: Vec<String> = parts()
            .filter(|part| part.is_ascii() && part.contains(&b'@'))
            .map(|part| String::from_utf8_lossy(part).to_lowercase())
            .collect();
        for part in parts().filter(|part| !part.is_ascii()) {
            let bytes = &part[..part.len().min(CELL)];
            cells.push(Cell { bytes: bytes.trim_ascii(), addresses: addresses.len() });
        }
        addresses.push(of_row.join(" "));
        if cells.len() >= CELLS {
            break;
        }
    }
    (cells, addresses)
}

fn detected(cells: &[Cell<'_>]) -> Option<Charset> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    for cell in cells {
        detector.feed(cell.bytes, false);
        detector.feed(b"\n", false);
    }
    detector.feed(b"", true);
    Charset::of(detector.guess(None, Utf8Detection::Deny))
}

fn read(charset: Charset, cells: &[Cell<'_>], addresses: &[String], detected: Option<Charset>) -> Reading {
    let (mut scores, mut texts) = (Vec::with_capacity(cells.len()), Vec::with_capacity(cells.len()));
    for cell in cells {
        let text = charset.decode(cell.bytes).trim().to_owned();
        let mut score = letters::plausible(&text);
        let of_row = addresses.get(cell.addresses).map_or("", String::as_str);
        score +=
            SPELT * text.split(|c: char| !c.is_alphabetic()).filter(|w| letters::spelt_in(w, of_row)).count() as f32;
        scores.push(score);
        texts.push(text);
    }
    let extra = if detected == Some(charset) { DETECTED } else { 0.0 };
    Reading { charset, scores, cells: texts, extra }
}

#[cfg(test)]
#[path = "detect_tests.rs"]
mod tests;
