//! Reads one answer of the server, which may have many lines.
//!
//! Servers are not to be trusted: lines and answers have a largest size, what is no SMTP is a typed failure that quotes
//! the beginning of it, and what is kept is free of control characters (S02, F10).

use std::time::Duration;

use tokio::time::timeout;

use crate::rules::sending::delivery::{Cause, Reply};

use super::stream::Wire;

/// RFC 5321 allows 512; some servers put an essay into a line.
const LONGEST_LINE: usize = 4_096;
const LARGEST: usize = 64 * 1024;
/// How what is no answer is told, before it is quoted.
pub const NO_ANSWER: &str = "this is no SMTP answer";
/// What of it is kept with the message.
const KEPT: usize = 2_000;

/// An answer with its lines still apart, as EHLO needs them.
#[derive(Debug)]
pub struct ReplyLines {
    pub code: u16,
    /// Lines separated by `\n`, without codes and without other control characters.
    pub lines: String,
}

impl From<ReplyLines> for Reply {
    fn from(answer: ReplyLines) -> Reply {
        let mut text = answer.lines.replace('\n', " ");
        if let Some((end, _)) = text.char_indices().nth(KEPT) {
            text.truncate(end);
        }
        Reply::new(answer.code, text.trim_end())
    }
}

impl Wire {
    /// Waits for one whole answer.
    pub async fn answer(&mut self, within: Duration) -> Result<ReplyLines, Cause> {
        timeout(within, self.whole_answer()).await.unwrap_or(Err(Cause::TimedOut))
    }

    async fn whole_answer(&mut self) -> Result<ReplyLines, Cause> {
        let mut code = None;
        let (mut lines, mut total, mut looked) = (String::new(), 0, 0);
        loop {
            let unread = self.unread();
            let Some(end) = unread.iter().skip(looked).position(|b| *b == b'\n').map(|n| n + looked) else {
                looked = unread.len();
                if looked > LONGEST_LINE {
                    return Err(self.hidden_in(garbage(unread)));
                }
                self.fill().await?;
                continue;
            };
            let line = unread.get(..end).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            total += end + 1;
            let Some((this, last, text)) = parse(line) else { return Err(self.hidden_in(garbage(line))) };
            if *code.get_or_insert(this) != this || end > LONGEST_LINE || total > LARGEST {
                return Err(self.hidden_in(garbage(line)));
            }
            if !lines.is_empty() {
                lines.push('\n');
            }
            push_clean(&mut lines, text);
            self.consume(end + 1);
            looked = 0;
            if last {
                return Ok(ReplyLines { code: this, lines: self.hidden(lines) });
            }
        }
    }
}

/// Code, whether it is the last line, text.
fn parse(line: &[u8]) -> Option<(u16, bool, &[u8])> {
    let (digits, rest) = line.split_at_checked(3)?;
    let code = std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()?;
    if !(100..600).contains(&code) {
        return None;
    }
    match rest.split_first() {
        None => Some((code, true, rest)),
        Some((b' ', text)) => Some((code, true, text)),
        Some((b'-', text)) => Some((code, false, text)),
        Some(_) => None,
    }
}

fn push_clean(into: &mut String, text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    into.extend(text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }));
}

fn garbage(bytes: &[u8]) -> Cause {
    let mut quoted = String::new();
    push_clean(&mut quoted, bytes.get(..200).unwrap_or(bytes));
    Cause::Broken(format!("{NO_ANSWER}: {quoted:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f10_lines_that_are_no_answer_are_told_apart() {
        assert_eq!(parse(b"250 ok"), Some((250, true, &b"ok"[..])));
        assert_eq!(parse(b"250-ok"), Some((250, false, &b"ok"[..])));
        assert_eq!(parse(b"250"), Some((250, true, &b""[..])));
        for bad in [&b""[..], b"25", b"ok then", b"2500 x", b"099 x", b"\xff\xfe\xfd x", b"+50 x", b"650 x"] {
            assert_eq!(parse(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn s02_s31_replies_are_kept_on_one_line() {
        let mut lines = String::new();
        push_clean(&mut lines, b"5.1.1 no\x00\x1b[31m \xe2\x80\xa8such\r");
        assert_eq!(lines, "5.1.1 no  [31m  such ");
        let reply = Reply::from(ReplyLines { code: 550, lines: "5.1.1 no\nsuch user".into() });
        assert_eq!((reply.text.as_str(), reply.enhanced), ("5.1.1 no such user", Some((5, 1, 1))));
    }
}
