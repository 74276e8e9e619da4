//! Bytes into text: UTF-8 and UTF-16 are told for certain, other encodings by what reads as names (`detect`).
//!
//! Nobody who exports a list knows its encoding. Where two readings are possible, a finding shows names in both and an operator can
//! name the right one. A UTF-8 file with a few broken letters stays UTF-8 and the letters become findings.

use std::borrow::Cow;

use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

use crate::base::problem::Problem;
use crate::rules::contacts::row::cells::quoted;
use crate::rules::contacts::{Finding, Severity};

use super::charsets::Charset;
use super::detect;

const UTF8: &str = "utf-8";

#[derive(Debug)]
pub struct Decoded<'b> {
    pub text: Cow<'b, str>,
    /// By its name as `--encoding` takes it.
    pub encoding: &'static str,
    /// That the encoding is not certain, with names to judge by.
    pub doubt: Vec<Finding>,
}

/// The text of a list, or what kind of file it is instead. `name` is how the reader calls the file; `chosen` is the encoding that
/// an operator has named.
pub fn decode<'b>(bytes: &'b [u8], name: &str, chosen: Option<Charset>) -> Result<Decoded<'b>, Problem> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Problem::unusable(
            format!("{name} is empty."),
            "Save the list with a header row and at least one contact.",
        ));
    }
    let certain = |text: Cow<'b, str>, encoding| Ok(Decoded { text, encoding, doubt: Vec::new() });
    // People say UTF-16; the mark of the file says in which order.
    let marked = |c: &Charset| c.name.starts_with("utf-16") && matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
    if let Some(chosen) = chosen.filter(|c| !marked(c)) {
        return certain(chosen.decode(bytes), chosen.name);
    }
    let (little, big) = ((UTF_16LE, "utf-16le"), (UTF_16BE, "utf-16be"));
    let (head, (encoding, called)) = match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => return certain(UTF_8.decode_without_bom_handling(rest).0, UTF8),
        [0xff, 0xfe, rest @ ..] => (rest, little),
        [0xfe, 0xff, rest @ ..] => (rest, big),
        _ => match zeroes(bytes) {
            (even, odd) if odd >= 40 && even < 10 => (bytes, little),
            (even, odd) if even >= 40 && odd < 10 => (bytes, big),
            _ => return eight_bit(bytes, name),
        },
    };
    certain(encoding.decode_without_bom_handling(head).0, called)
}

/// How many of a hundred bytes at even and at odd places of the beginning are zero.
fn zeroes(bytes: &[u8]) -> (usize, usize) {
    let head = &bytes[..bytes.len().min(4096)];
    let share = |skip: usize| {
        let total = head.iter().skip(skip).step_by(2).count().max(1);
        head.iter().skip(skip).step_by(2).filter(|b| **b == 0).count() * 100 / total
    };
    (share(0), share(1))
}

fn eight_bit<'b>(bytes: &'b [u8], name: &str) -> Result<Decoded<'b>, Problem> {
    let head = &bytes[..bytes.len().min(65_536)];
    let count = |is: fn(u8) -> bool| head.iter().filter(|b| is(**b)).count();
    let controls = count(|b| b < 32 && !matches!(b, b'\t' | b'\r' | b'\n'));
    let (text, broken) = UTF_8.decode_without_bom_handling(bytes);
    if count(|b| b == 0) * 4 > head.len() || broken && controls > 8 && controls * 50 > head.len() {
        return Err(Problem::unusable(format!("{name} is not a text file."), "Save the list as CSV (UTF-8)."));
    }
    if !broken {
        return Ok(Decoded { text, encoding: UTF8, doubt: Vec::new() });
    }
    let (mut lost, mut good) = (0usize, 0usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        *if c == '\u{fffd}' { &mut lost } else { &mut good } += 1;
    }
    // By chance hardly ever do bytes of another encoding make letters of UTF-8.
    let Some(guess) = (good <= 3 * lost).then(|| detect::guess(bytes)).flatten() else {
        return Ok(Decoded { text, encoding: UTF8, doubt: Vec::new() });
    };
    // A text in two readings at once would be too much of a large file.
    drop(text);
    let doubt = guess.doubt.map(|(other, samples)| doubtful(name, guess.charset, other, &samples));
    let encoding = guess.charset.name;
    Ok(Decoded { text: guess.charset.decode(bytes), encoding, doubt: doubt.into_iter().collect() })
}

/// Cells as they read in the encodings that are possible, the one that is `used` first; up to three of each.
pub fn readings(bytes: &[u8], used: &'static str) -> Vec<(&'static str, Vec<String>)> {
    if used.starts_with("utf-16") {
        return vec![(used, Vec::new())];
    }
    let mut all = detect::readings(bytes, &[used, UTF8]);
    all.sort_by_key(|(name, _)| *name != used);
    if all.is_empty() {
        all.push((used, Vec::new()));
    }
    all
}

fn doubtful(name: &str, read_as: Charset, other: Charset, samples: &[(String, String)]) -> Finding {
    let list = |pick: fn(&(String, String)) -> &String| {
        let quotes: Vec<String> = samples.iter().map(|s| format!("“{}”", quoted(pick(s)))).collect();
        quotes.join(", ")
    };
    Finding {
        line: 1,
        code: "encoding_guessed".into(),
        severity: Severity::Warning,
        field: String::new(),
        value: read_as.name.into(),
        message: format!(
            "The encoding of {name} is not certain. It was read as {}: {}. As {} it would read: {}. If the first are wrong, choose {} \
             or another encoding on the page “Columns” or with --encoding, or save the list as CSV UTF-8.",
            read_as.name,
            list(|s| &s.0),
            other.name,
            list(|s| &s.1),
            other.name,
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "account,name\r\nMüller,Zoë €\r\n";
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = utf16.iter().flat_map(|u| u.to_le_bytes()).collect();
        let big: Vec<u8> = utf16.iter().flat_map(|u| u.to_be_bytes()).collect();
        let ansi = encoding_rs::WINDOWS_1252.encode(text).0.into_owned();
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for bytes in [
            text.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], text.as_bytes()),
            marked(&[0xff, 0xfe], &little),
            marked(&[0xfe, 0xff], &big),
            little,
            big,
            ansi,
        ] {
            assert_eq!(decode(&bytes, "list.csv", None).unwrap().text, text);
        }
    }

    #[test]
    fn a_named_encoding_is_used_and_loses_no_letter_in_silence() {
        let read = |name: &str, bytes: &[u8]| {
            decode(bytes, "list.csv", Some(Charset::named(name).unwrap())).unwrap().text.into_owned()
        };
        assert_eq!(read("cp850", b"M\x81ller"), "Müller");
        assert_eq!(read("utf-8", b"\xef\xbb\xbfM\xfcller"), "M\u{fffd}ller");
        let big: Vec<u8> = "\u{feff}Łódź".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read("UTF-16", &big), "Łódź");
    }

    #[test]
    fn what_is_no_text_is_told() {
        let told = |bytes: &[u8]| decode(bytes, "list.xlsx", None).unwrap_err().to_string();
        assert!(told(b"").contains("is empty"));
        assert!(told(&[0xff, 1].repeat(50)).contains("not a text file"));
    }

    #[test]
    fn one_broken_letter_does_not_turn_the_others() {
        let bytes = [b"M\xc3\xbcller,Zo\xc3\xab,Ren\xc3\xa9,".as_slice(), b"\xff"].concat();
        assert!(decode(&bytes, "x", None).unwrap().text.starts_with("Müller,Zoë,René,\u{fffd}"));
    }
}
