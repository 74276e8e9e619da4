//! Cells that are merged over rows: what stands in the first row of the range stands for its other rows, in that column.
//!
//! Only rows that have something of their own are filled, so that a range over a million rows costs nothing.

use std::collections::BTreeMap;
use std::io::Read;

use memchr::memchr;
use memchr::memmem::Finder;

use crate::base::problem::Problem;
use crate::intake::list::rows::WIDEST;

use super::archive::{Part, too_large};
use super::events::column;
use super::line::Line;

/// No list has more ranges, and what is longer is no value for several rows.
const RANGES: usize = 100_000;
const LONGEST: usize = 4_000;

/// So many cells at most are filled from others.
const FILLED: usize = 2_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Place of its first column.
    pub at: usize,
    pub first: u64,
    pub last: u64,
}

#[derive(Debug, Default)]
pub struct Merged {
    /// In the order of their first rows.
    ranges: Vec<Range>,
    next: usize,
    /// By column: up to which row, and what stands there.
    open: BTreeMap<usize, (u64, String)>,
    filled: usize,
}

impl Merged {
    pub fn of(ranges: impl IntoIterator<Item = Range>) -> Merged {
        let over_rows = |range: &Range| range.last > range.first && range.at < WIDEST;
        let mut ranges: Vec<Range> = ranges.into_iter().filter(over_rows).take(RANGES).collect();
        ranges.sort_by_key(|range| (range.first, range.at));
        Merged { ranges, ..Merged::default() }
    }

    /// Of a sheet of an XLSX workbook, which says it behind its rows. What cannot be read is told by whoever reads the rows.
    pub fn of_sheet(part: Part<'_, '_>) -> Merged {
        const TAG: &[u8] = b"mergeCell ";
        let tags = Finder::new(TAG);
        let mut from = part.into_inner();
        let (mut ranges, mut kept, mut piece) = (Vec::new(), Vec::<u8>::new(), vec![0; 64 * 1024]);
        while let Ok(n) = from.read(&mut piece) {
            kept.extend_from_slice(piece.get(..n).unwrap_or_default());
            let mut rest = kept.as_slice();
            while let Some(at) = tags.find(rest) {
                let Some(end) = memchr(b'>', &rest[at..]) else { break };
                ranges.extend(range(&rest[at..at + end]));
                rest = &rest[at + end..];
            }
            if n == 0 || ranges.len() >= RANGES {
                break;
            }
            // A tag may go on in the next piece.
            let tail = rest.len().saturating_sub(1_000);
            kept = rest[tail..].to_vec();
        }
        Merged::of(ranges)
    }

    /// A cell that stands for the rows up to `last`.
    pub fn begin(&mut self, at: usize, last: u64, text: &str) {
        if at < WIDEST && !text.trim().is_empty() && text.len() <= LONGEST {
            self.open.insert(at, (last, text.to_owned()));
        }
    }

    /// Fills a row that has something of its own.
    pub fn fill(&mut self, row: u64, line: &mut Line, name: &str) -> Result<(), Problem> {
        if line.is_empty() || self.open.is_empty() && self.next >= self.ranges.len() {
            return Ok(());
        }
        self.open.retain(|_, (last, _)| *last >= row);
        if !self.open.is_empty() {
            let filled = line.places();
            for (at, (_, text)) in self.open.iter().filter(|(at, _)| !filled.contains(at)) {
                line.push(*at, text, row, name)?;
                self.filled += 1;
            }
            if self.filled > FILLED {
                return Err(too_large(name));
            }
        }
        while let Some(range) = self.ranges.get(self.next).filter(|range| range.first <= row).copied() {
            self.next += 1;
            if let Some(text) = line.text(range.at).filter(|_| range.first == row).map(str::to_owned) {
                self.begin(range.at, range.last, &text);
            }
        }
        Ok(())
    }
}

/// `mergeCell ref="B2:C5"`.
fn range(tag: &[u8]) -> Option<Range> {
    let tag = std::str::from_utf8(tag).ok()?;
    let (_, said) = tag.split_once("ref=")?;
    let said = said.get(1..)?.split(['"', '\'']).next()?;
    let (from, to) = said.split_once(':')?;
    let row = |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_alphabetic() || c == '$').parse::<u64>().ok();
    Some(Range { at: column(from)?, first: row(from)?, last: row(to)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_of_tags() {
        let of = |said: &str| range(format!("mergeCell ref=\"{said}\"/").as_bytes());
        assert_eq!(of("B2:C5"), Some(Range { at: 1, first: 2, last: 5 }));
        assert_eq!((of("B2"), of("2:5"), of("B:C"), of("B2:C99999999999999999999")), (None, None, None, None));
        let ranges = [Range { at: 0, first: 5, last: 9 }, Range { at: 0, first: 2, last: 2 }];
        assert_eq!(Merged::of(ranges).ranges.len(), 1);
    }
}
