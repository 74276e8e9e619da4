//! The records of an XLS workbook: kind and bytes, one after the other, and the texts in them.
//!
//! Nothing that a record says of a length is believed: what is not there is not read.

use crate::intake::text::charsets::Charset;

use super::strings::Strings;

/// Records of a stream. A long one goes on in others, which follow it.
pub struct Records<'d> {
    stream: &'d [u8],
}

/// A record and those that continue it.
pub struct Record<'d> {
    pub kind: u16,
    pub data: &'d [u8],
    more: Vec<&'d [u8]>,
}

const CONTINUE: u16 = 0x3c;

impl<'d> Records<'d> {
    pub fn new(stream: &'d [u8]) -> Records<'d> {
        Records { stream }
    }

    fn one(&mut self) -> Option<(u16, &'d [u8])> {
        let (kind, length) = (u16_at(self.stream, 0)?, usize::from(u16_at(self.stream, 2)?));
        let data = self.stream.get(4..4 + length)?;
        self.stream = self.stream.get(4 + length..).unwrap_or_default();
        Some((kind, data))
    }
}

impl<'d> Iterator for Records<'d> {
    type Item = Record<'d>;

    fn next(&mut self) -> Option<Record<'d>> {
        let (kind, data) = self.one()?;
        let mut more = Vec::new();
        while u16_at(self.stream, 0) == Some(CONTINUE) {
            let Some((_, next)) = self.one() else { break };
            more.push(next);
        }
        Some(Record { kind, data, more })
    }
}

pub fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

pub fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

pub fn float_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at.checked_add(8)?)?.try_into().ok()?))
}

/// A number in four bytes: the upper half of a float or a whole number, perhaps in hundredths.
pub fn rk(bits: u32) -> f64 {
    let value =
        if bits & 2 != 0 { f64::from((bits as i32) >> 2) } else { f64::from_bits(u64::from(bits & 0xffff_fffc) << 32) };
    if bits & 1 != 0 { value / 100.0 } else { value }
}

/// How texts are written: since Excel 97 in Unicode, before in a code page.
#[derive(Clone, Copy, Debug)]
pub enum Script {
    Unicode,
    Page(Charset),
}

/// Reads on from record to continuing record.
pub struct Texts<'r, 'd> {
    now: &'d [u8],
    more: std::slice::Iter<'r, &'d [u8]>,
}

impl<'r, 'd> Texts<'r, 'd> {
    /// From this place of the record.
    pub fn of(record: &'r Record<'d>, at: usize) -> Texts<'r, 'd> {
        Texts { now: record.data.get(at..).unwrap_or_default(), more: record.more.iter() }
    }

    fn byte(&mut self) -> Option<u8> {
        while self.now.is_empty() {
            self.now = self.more.next()?;
        }
        let (first, rest) = self.now.split_first()?;
        self.now = rest;
        Some(*first)
    }

    fn number(&mut self, bytes: usize) -> Option<usize> {
        (0..bytes).try_fold(0_usize, |n, at| Some(n | usize::from(self.byte()?) << (8 * at)))
    }

    fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            if self.now.is_empty() {
                self.now = self.more.next()?;
            }
            let n = bytes.min(self.now.len());
            (self.now, bytes) = (self.now.get(n..).unwrap_or_default(), bytes - n);
        }
        Some(())
    }

    /// A text with its length in one or two bytes before it. `None` where the record ends before it.
    pub fn text(&mut self, script: Script, length: usize) -> Option<String> {
        let count = self.number(length)?;
        match script {
            Script::Page(page) => {
                let bytes: Vec<u8> = (0..count).map_while(|_| self.byte()).collect();
                Some(page.decode(&bytes).into_owned())
            }
            Script::Unicode => self.unicode(count),
        }
    }

    fn unicode(&mut self, mut count: usize) -> Option<String> {
        let flags = self.byte()?;
        let runs = if flags & 8 != 0 { self.number(2)? } else { 0 };
        let extra = if flags & 4 != 0 { self.number(4)? } else { 0 };
        let (mut wide, mut units) = (flags & 1 != 0, Vec::with_capacity(count.min(4096)));
        while count > 0 {
            if self.now.is_empty() {
                self.now = self.more.next()?;
                // A text that goes on says again how it is written.
                wide = self.byte()? & 1 != 0;
                continue;
            }
            units.push(self.number(1 + usize::from(wide))? as u16);
            count -= 1;
        }
        self.skip(runs * 4)?;
        self.skip(extra)?;
        Some(String::from_utf16_lossy(&units))
    }

    /// All texts of a table of shared ones.
    pub fn table(mut self) -> Option<Strings> {
        let mut strings = Strings::default();
        while let Some(text) = self.text(Script::Unicode, 2) {
            if !strings.push(&text) {
                return None;
            }
        }
        Some(strings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    #[test]
    fn texts_go_on_in_the_next_record_and_say_again_how_they_are_written() {
        let first = [&8_u32.to_le_bytes()[..], &2_u32.to_le_bytes(), &[5, 0, 0], b"Mel"].concat();
        let second = [&[1][..], &[0xe4, 0, b'r', 0], &[2, 0, 8, 1, 0], b"ok", &[9, 9, 9, 9]].concat();
        let stream = [record(0xfc, &first), record(CONTINUE, &second), record(10, &[])].concat();
        let all: Vec<Record<'_>> = Records::new(&stream).collect();
        assert_eq!((all.len(), all[0].kind), (2, 0xfc));
        let table = Texts::of(&all[0], 8).table().unwrap();
        assert_eq!((table.get(0), table.get(1), table.get(2)), (Some("Melär"), Some("ok"), None));
    }

    #[test]
    fn what_is_cut_off_is_not_read() {
        assert_eq!(Records::new(&[9, 8, 255, 255, 1]).count(), 0);
        let stream = record(4, &[200, 0, 0, b'a']);
        let all: Vec<Record<'_>> = Records::new(&stream).collect();
        assert_eq!(Texts::of(&all[0], 0).text(Script::Unicode, 2), None);
        assert_eq!((u16_at(&[1], 0), u32_at(&[1, 2, 3], usize::MAX)), (None, None));
    }

    #[test]
    fn numbers_in_four_bytes() {
        assert_eq!(rk(362_577 << 2 | 2).to_string(), "362577");
        assert_eq!(rk(((-500_i32) << 2) as u32 | 3).to_string(), "-5");
        assert_eq!(rk((1.5_f64.to_bits() >> 32) as u32).to_string(), "1.5");
    }
}
