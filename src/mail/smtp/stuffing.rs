//! The body of DATA: every line ends in CRLF and no line is a lone dot, whatever the message held (S07).
//!
//! Receivers disagree on what ends a message; a body in which CR and LF occur only as a pair, and every line that
//! begins with a dot begins with two, has no end that any of them could see early.

/// Appends `message` to `out`, closed by CRLF, without the final dot.
pub fn stuff(message: &[u8], out: &mut Vec<u8>) {
    out.reserve(message.len() + message.len() / 64 + 8);
    let mut rest = message;
    let mut line_start = true;
    while let Some((&first, after)) = rest.split_first() {
        if line_start && first == b'.' {
            out.push(b'.');
        }
        let end = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        let (line, tail) = rest.split_at(end);
        out.extend_from_slice(line);
        line_start = match tail {
            [b'\r', b'\n', next @ ..] | [b'\r' | b'\n', next @ ..] => {
                out.extend_from_slice(b"\r\n");
                rest = next;
                true
            }
            _ => {
                rest = after.get(end..).unwrap_or_default();
                false
            }
        };
    }
    if !line_start {
        out.extend_from_slice(b"\r\n");
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stuffed(message: &[u8]) -> String {
        let mut out = Vec::new();
        stuff(message, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn s07_no_spelling_of_the_end_survives() {
        let table: [(&[u8], &str); 10] = [
            (b"", ""),
            (b"a", "a\r\n"),
            (b"a\r\n", "a\r\n"),
            (b".", "..\r\n"),
            (b"a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n"),
            (b"a\n.\nb", "a\r\n..\r\nb\r\n"),
            (b"a\n.\r\nb", "a\r\n..\r\nb\r\n"),
            (b"a\r.\rb", "a\r\n..\r\nb\r\n"),
            (b"a\r\n.\rb", "a\r\n..\r\nb\r\n"),
            (b"..\r\n...", "...\r\n....\r\n"),
        ];
        for (message, wanted) in table {
            assert_eq!(stuffed(message), wanted, "{message:?}");
        }
    }

    proptest! {
        #[test]
        fn s07_line_ends_are_pairs_and_no_line_is_a_lone_dot(message in "[a.\r\n]{0,200}") {
            let out = stuffed(message.as_bytes());
            prop_assert!(out.is_empty() || out.ends_with("\r\n"));
            for line in out.strip_suffix("\r\n").unwrap_or_default().split("\r\n") {
                prop_assert!(!line.contains(['\r', '\n']));
                prop_assert!(line != "." && (!line.starts_with('.') || line.starts_with("..")));
            }
        }
    }
}
