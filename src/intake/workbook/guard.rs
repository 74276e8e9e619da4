//! What is inflated from a workbook, looked at before a parser sees it: nothing that grows without bound passes (S10).
//!
//! A parser holds one tag or one text at a time and the names of the tags that are open. All three have an end here, and so has the whole
//! part. Definitions of entities are not for spreadsheets and are refused unread.

use std::io::{Error, Read, Result};

/// More than any spreadsheet program writes.
const TAG: usize = 64 * 1024;
const TEXT: usize = 1024 * 1024;
const DEPTH: usize = 200;

/// A part that is so much larger than it was packed is made to fill a memory.
const PACKED: u64 = 250;
const ALWAYS: u64 = 16 * 1024 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Text,
    /// How it begins is not known yet.
    Opening,
    Tag {
        ends: bool,
        quote: u8,
        slash: bool,
    },
    Comment,
    Data,
    Instruction,
}

pub struct Guard<R> {
    from: R,
    inside: Inside,
    /// Bytes of the piece that it is inside of.
    length: usize,
    depth: usize,
    /// The last bytes, of which the first three tell what a piece is and the last three where it ends.
    begins: [u8; 8],
    last: [u8; 2],
    read: u64,
    most: u64,
}

impl<R: Read> Guard<R> {
    /// Of a part that was packed into so many bytes and may have `most`.
    pub fn new(from: R, packed: u64, most: u64) -> Guard<R> {
        let most = most.min(packed.saturating_mul(PACKED).max(ALWAYS));
        Guard { from, inside: Inside::Text, length: 0, depth: 0, begins: [0; 8], last: [0; 2], read: 0, most }
    }

    fn byte(&mut self, b: u8) -> std::result::Result<(), &'static str> {
        self.length += 1;
        match self.inside {
            Inside::Text if b == b'<' => self.enter(Inside::Opening),
            Inside::Text if self.length > TEXT => return Err("a text without end"),
            Inside::Text => {}
            Inside::Opening => {
                let at = self.length - 1;
                if let Some(place) = self.begins.get_mut(at) {
                    *place = b;
                }
                self.opening(b)?;
            }
            Inside::Tag { .. } if self.length > TAG => return Err("a tag without end"),
            Inside::Tag { ends, quote, slash } => self.tag(b, ends, quote, slash)?,
            Inside::Comment | Inside::Data | Inside::Instruction if self.length > TEXT => {
                return Err("a comment without end");
            }
            Inside::Comment if self.last == *b"--" && b == b'>' => self.enter(Inside::Text),
            Inside::Data if self.last == *b"]]" && b == b'>' => self.enter(Inside::Text),
            Inside::Instruction if self.last[1] == b'?' && b == b'>' => self.enter(Inside::Text),
            _ => {}
        }
        self.last = [self.last[1], b];
        Ok(())
    }

    fn enter(&mut self, inside: Inside) {
        (self.inside, self.length, self.last) = (inside, 0, [0; 2]);
    }

    fn opening(&mut self, b: u8) -> std::result::Result<(), &'static str> {
        let tag = |ends| Inside::Tag { ends, quote: 0, slash: false };
        match (self.length, b) {
            (1, b'?') => self.enter(Inside::Instruction),
            (1, b'/') => self.enter(tag(true)),
            (1, b'!') => {}
            (1, b'>') => return Err("a tag without a name"),
            (1, _) => self.enter(tag(false)),
            (n, _) if b"!--".starts_with(&self.begins[..n]) => {
                if n == 3 {
                    self.enter(Inside::Comment);
                }
            }
            (n, _) if b"![CDATA[".starts_with(&self.begins[..n]) => {
                if n == 8 {
                    self.enter(Inside::Data);
                }
            }
            _ => return Err("a definition of a document type"),
        }
        Ok(())
    }

    fn tag(&mut self, b: u8, ends: bool, quote: u8, slash: bool) -> std::result::Result<(), &'static str> {
        if quote != 0 {
            let quote = if b == quote { 0 } else { quote };
            self.inside = Inside::Tag { ends, quote, slash: false };
        } else if b == b'>' {
            match (ends, slash) {
                (true, _) => self.depth = self.depth.saturating_sub(1),
                (false, true) => {}
                (false, false) => self.depth += 1,
            }
            self.enter(Inside::Text);
            if self.depth > DEPTH {
                return Err("tags without end");
            }
        } else {
            let quote = if matches!(b, b'"' | b'\'') && !ends { b } else { 0 };
            self.inside = Inside::Tag { ends, quote, slash: b == b'/' };
        }
        Ok(())
    }
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, into: &mut [u8]) -> Result<usize> {
        let n = self.from.read(into)?;
        self.read += n as u64;
        if self.read > self.most {
            return Err(Error::other(TOO_LARGE));
        }
        let mut some = into.get(..n).unwrap_or_default();
        while let Some((b, rest)) = some.split_first() {
            some = rest;
            self.byte(*b).map_err(Error::other)?;
            if self.inside == Inside::Text {
                let plain = some.iter().position(|b| *b == b'<').unwrap_or(some.len());
                (self.length, some) = (self.length + plain, some.get(plain..).unwrap_or_default());
            }
        }
        Ok(n)
    }
}

/// What the error of a part says that is too large.
pub const TOO_LARGE: &str = "larger than a list can be";

#[cfg(test)]
mod tests {
    use super::*;

    fn through(text: &[u8], most: u64) -> std::result::Result<Vec<u8>, String> {
        let mut out = Vec::new();
        Guard::new(text, 1, most).read_to_end(&mut out).map_err(|e| e.to_string())?;
        Ok(out)
    }

    #[test]
    fn what_spreadsheets_write_passes() {
        for text in [
            "<?xml version=\"1.0\"?><a b=\"x > y\" c='\"'><!-- < & > --><b/>text &amp; <![CDATA[ <c> ]] > ]]></a>",
            "\u{feff}<a><b></b></a>\n",
            "<a/><a /><a b='/'/>",
            "plain",
        ] {
            assert_eq!(through(text.as_bytes(), u64::MAX).unwrap(), text.as_bytes());
        }
        let flat = "<r><c/></r>".repeat(1000);
        assert!(through(flat.as_bytes(), u64::MAX).is_ok(), "what was closed is not open");
        let fallen = format!("<a>{}</a>", "<r a='/'></r>".repeat(1000));
        assert!(through(fallen.as_bytes(), u64::MAX).is_ok(), "a sign in quotes closes nothing");
    }

    #[test]
    fn s10_what_has_no_end_does_not() {
        let big = "x".repeat(2 * 1024 * 1024);
        for (text, why) in [
            ("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>".to_owned(), "document type"),
            ("<a><!ENTITY b 'c'></a>".into(), "document type"),
            (format!("<a {}/>", "b='c' ".repeat(800_000)), "a tag without end"),
            (format!("<a b='{big}'/>"), "a tag without end"),
            (format!("<{big}"), "a tag without end"),
            (format!("<a>{big}</a>"), "a text without end"),
            (format!("<!--{big}"), "a comment without end"),
            (format!("<a><![CDATA[{}", big.replace('x', ">")), "a comment without end"),
            (format!("<?{big}"), "a comment without end"),
            ("<a>".repeat(100_000), "tags without end"),
        ] {
            let told = through(text.as_bytes(), u64::MAX).unwrap_err();
            assert!(told.contains(why), "{told} for {}", &text[..40]);
        }
        assert_eq!(through(b"<a>12345</a>", 5).unwrap_err(), TOO_LARGE);
        let packed = std::io::repeat(b' ').take(1 << 40);
        let mut into = vec![0; 65_536];
        let mut guard = Guard::new(std::io::Read::chain(&b"<a/>"[..], packed), 1_000, u64::MAX);
        let stopped = std::iter::from_fn(|| Some(guard.read(&mut into))).find_map(std::result::Result::err);
        assert!(stopped.is_some() && guard.read <= ALWAYS + 65_536);
    }
}
