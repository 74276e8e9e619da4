//! The newest words of a mail: what its writer added, without the history below it.

use super::excerpt::beginning;
use super::letter::IncomingMail;
use super::words;

/// What is kept for people to read.
const LONGEST: usize = 16 * 1024;

/// Plain text, from HTML when there is nothing else.
pub fn of(letter: &IncomingMail) -> String {
    let whole = if letter.plain.trim().is_empty() { from_html(&letter.html) } else { letter.plain.clone() };
    let newest = without_history(&whole);
    clean(&newest)
}

fn from_html(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let end = words::list("html").iter().filter_map(|w| lower.find(w)).filter(|at| *at > 0).min().unwrap_or(html.len());
    let start_of_tag =
        html[..end].rfind('<').filter(|at| end < html.len() && !html[*at..end].contains('>')).unwrap_or(end);
    mail_parser::decoders::html::html_to_text(&html[..start_of_tag])
}

/// The lines above the first sign of history, without those that are quoted.
pub fn without_history(text: &str) -> String {
    let lines: Vec<&str> = beginning(text, 4 * LONGEST).lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if line.trim_start().starts_with('>') {
            continue;
        }
        if begins_history(&lines, at) {
            break;
        }
        kept.push(line);
    }
    kept.join("\n")
}

fn begins_history(lines: &[&str], at: usize) -> bool {
    let lower =
        |i: usize| lines.get(i).map(|l| beginning(l.trim().trim_matches('*'), 300).to_lowercase()).unwrap_or_default();
    let line = lower(at);
    if line.is_empty() {
        return false;
    }
    let after = [lower(at + 1), lower(at + 2)];
    let colon = |line: &str| line.ends_with([':', '：']);
    if !(line.starts_with(['-', '_', '=', 'b']) || line.contains([':', '：']) || colon(&after[0])) {
        return false;
    }
    let bare = line.trim_matches(['-', '_', '=', ' ', ':', '*']);
    if line.starts_with(['-', '_', '=']) && words::list("original").iter().any(|w| bare.starts_with(w))
        || line.starts_with("begin forwarded message")
    {
        return true;
    }
    let block = words::list("headers").iter().filter_map(|l| l.split_once(" … ")).any(|(first, then)| {
        line.starts_with(first) && after.iter().any(|l| then.split(", ").any(|t| l.starts_with(t)))
    });
    let two = format!("{line} {}", after[0]);
    let wrote = |line: &str, ends: &str| {
        line.contains(ends) && line.ends_with([':', '：']) && line.contains(|c: char| c.is_ascii_digit())
    };
    // In any language: somebody's address, a time, and a colon at the end.
    let said = |line: &str| {
        line.ends_with([':', '：'])
            && line.contains('@')
            && line.contains('<')
            && line.as_bytes().windows(3).any(|w| w[0].is_ascii_digit() && w[1] == b':' && w[2].is_ascii_digit())
    };
    block
        || said(&line)
        || words::list("wrote").iter().filter_map(|w| w.split_once('…')).any(|(begins, ends)| {
            line.starts_with(&begins.replace('_', " ")) && line.len() < 250 && (wrote(&line, ends) || wrote(&two, ends))
        })
}

/// No control characters, no walls of empty lines, not too long.
fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST));
    let mut empty = 0;
    for line in text.lines() {
        let line: String = line.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()).collect();
        let line = line.trim_end();
        empty = if line.trim().is_empty() { empty + 1 } else { 0 };
        if empty > 1 || (out.is_empty() && empty > 0) {
            continue;
        }
        out.push_str(line);
        out.push('\n');
        if out.len() > LONGEST {
            break;
        }
    }
    beginning(out.trim_end(), LONGEST).to_owned()
}
