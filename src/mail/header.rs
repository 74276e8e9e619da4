//! Header fields that nothing in a name or a subject can break out of: one value in, printable ASCII in folded lines out (S06).
//!
//! What is not plain, or could be taken for an encoded word, is encoded by RFC 2047 in words of at most 75 characters.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::mail::letters::placeholders::clean_line;

const LINE: usize = 76;
/// Bytes that fit into one encoded word: 75 less `=?utf-8?B?` and `?=`, in base64.
const WORD: usize = 45;

/// Free text, for Subject. `used` is what stands on the first line already.
pub fn text(value: &str, used: usize) -> String {
    let value = clean_line(value);
    let plain = value.bytes().all(|b| (0x20..0x7f).contains(&b)) && !value.contains("=?");
    if plain && value.split(' ').all(|word| word.len() <= LINE - 2) { folded(&value, used) } else { encoded(&value) }
}

/// `Name <address>`, or the address alone. The address must have been checked already.
pub fn mailbox(name: &str, address: &str, used: usize) -> String {
    let name = clean_line(name);
    if name.is_empty() {
        return address.to_string();
    }
    let plain = name.bytes().all(|b| (0x20..0x7f).contains(&b)) && !name.contains("=?") && name.len() <= 60;
    let (name, last) = if plain {
        let quoted = format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""));
        let length = used + quoted.len();
        (quoted, length)
    } else {
        let words = encoded(&name);
        let length = words.rsplit("\r\n").next().unwrap_or("").len() + if words.contains("\r\n") { 0 } else { used };
        (words, length)
    };
    let gap = if last + address.len() + 3 > LINE { "\r\n " } else { " " };
    format!("{name}{gap}<{address}>")
}

fn folded(value: &str, used: usize) -> String {
    let mut out = String::with_capacity(value.len() + 8);
    let mut width = used;
    for (n, word) in value.split(' ').enumerate() {
        if n > 0 {
            if width + 1 + word.len() > LINE {
                out.push_str("\r\n");
                width = 0;
            }
            out.push(' ');
            width += 1;
        }
        out.push_str(word);
        width += word.len();
    }
    out
}

fn encoded(value: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in value.chars() {
        if word.len() + c.len_utf8() > WORD {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    let spelled: Vec<String> = words.iter().map(|w| format!("=?utf-8?B?{}?=", STANDARD.encode(w))).collect();
    spelled.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn m01_long_and_foreign_text_is_folded_and_encoded() {
        assert_eq!(text("Your view of Acme", 9), "Your view of Acme");
        let long = text(&"word ".repeat(60), 9);
        assert!(
            long.split("\r\n").all(|l| l.len() <= LINE) && long.replace("\r\n", "") == "word ".repeat(60).trim_end()
        );
        for line in text(&"Überprüfung 評価 ".repeat(20), 9).split("\r\n ") {
            assert!(line.len() <= 75 && line.starts_with("=?utf-8?B?") && line.ends_with("?="), "{line}");
        }
    }

    #[test]
    fn s06_names_cannot_leave_their_quotes() {
        assert_eq!(mailbox("Smith, \"Anna\" \\o/", "a@x.example", 6), r#""Smith, \"Anna\" \\o/" <a@x.example>"#);
        assert_eq!(mailbox("A\r\nBcc: e@x.example", "a@x.example", 6), "\"A Bcc: e@x.example\" <a@x.example>");
        assert!(mailbox("=?utf-8?q?=0d=0aBcc:_x?=", "a@x.example", 6).starts_with("=?utf-8?B?"));
        assert_eq!(mailbox("", "a@x.example", 6), "a@x.example");
    }
}
