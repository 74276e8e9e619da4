//! The newest words of a mail: what its writer added, without the history below it.

use super::letter::{Letter, beginning};

/// What is kept for people to read.
const LONGEST: usize = 16 * 1024;

/// Plain text, from HTML when there is nothing else.
pub fn of(letter: &Letter) -> String {
    let whole = if letter.plain.trim().is_empty() { from_html(&letter.html) } else { letter.plain.clone() };
    let newest = without_history(&whole);
    clean(&newest)
}

/// Where mail programs begin the history in HTML.
const HISTORY_IN_HTML: &[&str] = &[
    "<blockquote",
    "class=\"gmail_quote",
    "id=\"divrplyfwdmsg\"",
    "id=\"appendonsend\"",
    "id=\"mail-editor-reference-message-container\"",
    "class=\"moz-cite-prefix\"",
    "class=\"yahoo_quoted\"",
    "name=\"quote\"",
    "class=\"protonmail_quote",
    "border-top:solid #e1e1e1 1.0pt",
];

fn from_html(html: &str) -> String {
    let lower = html.to_ascii_lowercase();
    let end = HISTORY_IN_HTML.iter().filter_map(|w| lower.find(w)).filter(|at| *at > 0).min().unwrap_or(html.len());
    let start_of_tag =
        html[..end].rfind('<').filter(|at| end < html.len() && !html[*at..end].contains('>')).unwrap_or(end);
    mail_parser::decoders::html::html_to_text(&html[..start_of_tag])
}

/// `On ... wrote:` and its sisters: how the line begins, and how it or the next one ends.
const WROTE: &[(&str, &str)] = &[
    ("on ", "wrote:"),
    ("am ", "schrieb"),
    ("am ", "geschrieben:"),
    ("le ", "a écrit"),
    ("el ", "escribió"),
    ("il ", "ha scritto"),
    ("in data ", "ha scritto"),
    ("em ", "escreveu"),
    ("a ", "escreveu"),
    ("op ", "schreef"),
    ("den ", "skrev"),
    ("på ", "skrev"),
    ("on ", "kirjoitti"),
    ("w dniu ", "napisał"),
    ("dnia ", "napisał"),
    ("dne ", "napsal"),
    ("dňa ", "napísal"),
    ("ezt írta", ":"),
    ("în ", "scris"),
    ("pe ", "scris"),
    ("στις ", "έγραψε"),
    ("20", "写道"),
    ("在 20", "写道"),
    ("20", ":"),
    ("from: ", "sent:"),
    ("> ", "\u{1}"),
    ("tarihinde ", "yazdı"),
    ("", "さんが書いた"),
];

/// Lines that begin a copied header block.
const HEADER_BLOCK: &[(&str, &[&str])] = &[
    ("from:", &["sent:", "date:", "to:"]),
    ("von:", &["gesendet:", "datum:", "an:"]),
    ("de :", &["envoyé :", "date :", "à :"]),
    ("de:", &["enviado", "envoyé", "date:", "fecha:", "para:", "data:", "à:"]),
    ("da:", &["inviato:", "data:", "a:"]),
    ("van:", &["verzonden:", "datum:", "aan:"]),
    ("från:", &["skickat:", "datum:", "till:"]),
    ("fra:", &["sendt:", "dato:", "til:"]),
    ("od:", &["wysłano:", "data:", "do:", "odesláno:", "datum:", "komu:"]),
    ("от:", &["отправлено:", "дата:", "кому:"]),
    ("发件人", &["发送时间", "日期", "收件人"]),
    ("差出人", &["送信日時", "日時", "宛先"]),
];

const ORIGINAL: &[&str] = &[
    "original message",
    "original-nachricht",
    "ursprüngliche nachricht",
    "message d'origine",
    "message original",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
    "ursprungligt meddelande",
    "forwarded message",
    "weitergeleitete nachricht",
    "begin forwarded message",
    "original appointment",
];

/// The lines above the first sign of history, without those that are quoted.
pub fn without_history(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept: Vec<&str> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if begins_history(&lines, at) {
            break;
        }
        if !line.trim_start().starts_with('>') {
            kept.push(line);
        }
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
    let bare = line.trim_matches(['-', '_', '=', ' ', ':', '*']);
    if line.starts_with(['-', '_', '=']) && ORIGINAL.iter().any(|w| bare.starts_with(w))
        || line.starts_with("begin forwarded message")
    {
        return true;
    }
    let after = [lower(at + 1), lower(at + 2), lower(at + 3)];
    if HEADER_BLOCK.iter().any(|(first, then)| {
        line.starts_with(first) && after[..2].iter().any(|l| then.iter().any(|t| l.starts_with(t)))
    }) {
        return true;
    }
    WROTE.iter().any(|(begins, ends)| {
        let two = || format!("{line} {}", after[0]);
        let ended = |l: &str| l.contains(ends) && l.ends_with([':', '：']) && l.contains(|c: char| c.is_ascii_digit());
        line.starts_with(begins)
            && line.len() < 250
            && (ended(&line) || (!line.ends_with('.') && ended(&two())))
            && (begins.len() > 2 || line.contains('@') || after[0].contains('@') || ends.len() > 2)
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
