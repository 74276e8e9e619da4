//! What differs from draw to draw and says nothing: ids, secrets of links, tokens of forms. An id is numbered by its first place on the page, so
//! that two that are mixed up are seen.

use std::collections::BTreeMap;

pub fn masked(text: &str) -> String {
    let mut ids: BTreeMap<String, usize> = BTreeMap::new();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let masked = ID.iter().chain(&SECRETS).find_map(|shape| shape.length(rest, &out).map(|length| (shape, length)));
        if let Some((shape, length)) = masked {
            let next = ids.len() + 1;
            let number = *ids.entry(rest[..length].to_string()).or_insert(next);
            out.push_str(&format!("{}-{number}", shape.name));
            rest = &rest[length..];
        } else {
            out.push(sign);
            rest = &rest[sign.len_utf8()..];
        }
    }
    out
}

struct Shape {
    name: &'static str,
    /// What stands before it.
    behind: &'static str,
    /// Runs of letters and digits; one run: letters, digits, `-` and `_`.
    runs: &'static [usize],
    /// What divides them.
    between: u8,
}

const ID: [Shape; 1] = [Shape { name: "ID", behind: "", runs: &[8, 4, 4, 4, 12], between: b'-' }];
const SECRETS: [Shape; 6] = [
    Shape { name: "FINGERPRINT", behind: "", runs: &[64], between: b'-' },
    Shape { name: "LINK", behind: "/", runs: &[40], between: b'-' },
    Shape { name: "CSRF", behind: "name=\"csrf\" value=\"", runs: &[43], between: b'-' },
    Shape { name: "RETURN", behind: "replies+", runs: &[], between: b'-' },
    Shape { name: "KEPT", behind: "kept=", runs: &[], between: b'-' },
    Shape { name: "RECORD", behind: "Record ", runs: &[4, 4, 4, 4, 4, 4, 4, 4], between: b' ' },
];

impl Shape {
    fn length(&self, rest: &str, before: &str) -> Option<usize> {
        if !before.ends_with(self.behind) {
            return None;
        }
        let word = |sign: &u8| sign.is_ascii_alphanumeric() || *sign == b'_' || (self.runs.len() < 2 && *sign == b'-');
        let mut at = 0;
        for (nth, run) in self.runs.iter().enumerate() {
            at += usize::from(nth > 0);
            let signs = rest.as_bytes().get(at..at + run)?;
            let joined = nth == 0 || rest.as_bytes()[at - 1] == self.between;
            let hex = self.behind.is_empty();
            if !joined || !signs.iter().all(|sign| if hex { sign.is_ascii_hexdigit() } else { word(sign) }) {
                return None;
            }
            at += run;
        }
        if self.runs.is_empty() {
            at = rest.bytes().take_while(word).count();
        }
        let ends = !rest.as_bytes().get(at).is_some_and(word);
        (at > 0 && ends).then_some(at)
    }
}

#[test]
fn ids_are_numbered_and_words_stay() {
    let one = "01a32806-5280-7507-88ea-397444857bf4";
    let other = "01a32806-5280-7740-9ad8-74e1bf1dc33a";
    let text = format!(
        "id=\"account-{one}\" {other}/{one}, 2027-02-11T22:00:00Z /opt-out/{} kept=ab-c_d&x name=\"csrf\" value=\"{}\"",
        "a1".repeat(20),
        "Qc_-".repeat(10) + "abc"
    );
    let expected = "id=\"account-ID-1\" ID-2/ID-1, 2027-02-11T22:00:00Z /opt-out/LINK-3 kept=KEPT-4&x name=\"csrf\" value=\"CSRF-5\"";
    assert_eq!(masked(&text), expected);
    let hash = "1f3a 90bc 77de 0123 4567 89ab cdef 0123";
    assert_eq!(masked(&format!("<p>Record {hash}, entry 12")), "<p>Record RECORD-1, entry 12");
    assert_eq!(masked("/a-relationship-conversation-of-some-length"), "/a-relationship-conversation-of-some-length");
}
