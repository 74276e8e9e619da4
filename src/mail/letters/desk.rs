//! The mails of the reply desk: an answer as one person writes it to another, and what somebody wrote back, forwarded with its thread.
//!
//! An answer has no button, no footer and no way out: it is no message of the round, and goes to whoever has just written. Words of others
//! are quoted as they are.

use askama::Template;
use chrono::NaiveDate;

use crate::base::problem::Result;
use crate::mail::dates::day;

use super::frame::{language_code, paint};
use super::placeholders::clean_line;
use super::plain::wrapped;
use super::rendered::Rendered;
use super::told::code;

#[derive(Template)]
#[template(path = "mails/desk/answer.html")]
struct AnswerHtml<'a> {
    language: &'a str,
    subject: &'a str,
    paragraphs: Vec<Vec<&'a str>>,
    quoted: Vec<&'a str>,
}

#[derive(Template)]
#[template(path = "mails/desk/forwarded.html")]
struct ForwardedHtml<'a> {
    /// Ours, before what is quoted and after it.
    greeting: &'a str,
    says: &'a str,
    closing: &'a str,
    paragraphs: Vec<Vec<&'a str>>,
    thread: &'a [Part],
}

/// What an operator writes, with what it answers.
pub struct Answer<'a> {
    /// ISO 639 code of the round's words.
    pub language: &'a str,
    pub subject: &'a str,
    /// As it was typed, line by line.
    pub words: &'a str,
    /// What is quoted under it; empty: nothing.
    pub quoted: &'a str,
    /// Said before the quotation, as [`wrote`] has it.
    pub who_wrote: &'a str,
}

/// A mail that is forwarded.
pub struct Forward<'a> {
    /// Of our own words, as [`forward_language`] has it.
    pub language: &'a str,
    pub subject: &'a str,
    /// Of whoever it is forwarded to.
    pub name: &'a str,
    pub who_wrote: &'a str,
    pub title: &'a str,
    /// Empty where it is about none.
    pub account: &'a str,
    /// Who forwards it.
    pub by: &'a str,
    /// What he writes to it; may be empty.
    pub words: &'a str,
    /// What was written, the latest last.
    pub thread: Vec<Part>,
}

/// One mail of a thread.
pub struct Part {
    /// Who wrote it, when: one line.
    pub head: String,
    pub lines: Vec<String>,
}

/// "Ann Lee wrote on Friday 5 March:", in the language of the letter. Where we have no words, the name and the day are enough.
pub fn wrote(language: &str, who: &str, on: NaiveDate) -> String {
    let day = day(on, code(language));
    match code(language) {
        "en" => format!("{who} wrote on {day}:"),
        "de" => format!("{who} schrieb am {day}:"),
        "fr" => format!("{who} a écrit le {day} :"),
        "es" => format!("{who} escribió el {day}:"),
        "it" => format!("{who} ha scritto {day}:"),
        "nl" => format!("{who} schreef op {day}:"),
        _ => format!("{who}, {day}:"),
    }
}

/// The language of our own words around what is forwarded: that of the round where we have words in it.
pub fn forward_language(round: &str) -> &'static str {
    match code(round) {
        "de" => "de",
        "fr" => "fr",
        _ => "en",
    }
}

/// Which letter of ours it was written to, said after [`wrote`]. `kind`: as operators call it.
pub fn to_our(language: &str, kind: &str, left: NaiveDate) -> String {
    let day = day(left, code(language));
    match code(language) {
        "de" => format!(" (zu unserem Schreiben vom {day})"),
        "fr" => format!(" (à propos de notre courrier du {day})"),
        _ => format!(" (to our {kind} of {day})"),
    }
}

/// The greeting, what it is and who forwards it, and to whom an answer goes.
fn around(language: &str, name: &str, who: &str, about: &str, by: &str) -> [String; 3] {
    match language {
        "de" => [
            format!("Guten Tag {name},"),
            format!("{who} hat zu {about} zurückgeschrieben. {by} leitet die Nachricht an Sie weiter."),
            format!("Wer auf diese Mail antwortet, schreibt dem Team der Runde, nicht an {who}."),
        ],
        "fr" => [
            format!("Bonjour {name},"),
            format!("{who} a répondu au sujet de {about}. {by} vous transmet ce message."),
            format!("Répondre à ce courriel, c'est écrire à l'équipe de la campagne, et non à {who}."),
        ],
        _ => [
            format!("Dear {name},"),
            format!("{who} wrote back about {about}. {by} forwards it to you."),
            format!("Whoever answers this mail answers the team of the round, not {who}."),
        ],
    }
}

/// The whole mail, without a frame of the round.
pub fn answer(mail: &Answer<'_>) -> Result<Rendered> {
    let subject = clean_line(mail.subject);
    let quoted: Vec<&str> = mail.quoted.lines().collect();
    let mut text = lines(mail.words);
    if !quoted.is_empty() {
        text.push_str(&format!("\n{}\n{}", clean_line(mail.who_wrote), quote(&quoted)));
    }
    let mut above = paragraphs(mail.words);
    if !quoted.is_empty() {
        above.push(vec![mail.who_wrote]);
    }
    let html =
        paint(&AnswerHtml { language: language_code(mail.language), subject: &subject, paragraphs: above, quoted })?;
    Ok(Rendered { subject, text, html })
}

/// The words alone; the frame for colleagues comes around them.
pub fn forwarded(mail: &Forward<'_>) -> Result<Rendered> {
    let (name, who_wrote, by) = (clean_line(mail.name), clean_line(mail.who_wrote), clean_line(mail.by));
    let (title, account) = (clean_line(mail.title), clean_line(mail.account));
    let about = if account.is_empty() { title } else { format!("{title} ({account})") };
    let [greeting, says, closing] = around(mail.language, &name, &who_wrote, &about, &by);
    let mut text = lines(&format!("{greeting}\n\n{says}"));
    if !mail.words.is_empty() {
        text.push_str(&format!("\n{}", lines(mail.words)));
    }
    for part in &mail.thread {
        let quoted: Vec<&str> = part.lines.iter().map(String::as_str).collect();
        text.push_str(&format!("\n{}\n{}", part.head, quote(&quoted)));
    }
    text.push('\n');
    text.push_str(&wrapped(&closing));
    let html = ForwardedHtml {
        greeting: &greeting,
        says: &says,
        closing: &closing,
        paragraphs: paragraphs(mail.words),
        thread: &mail.thread,
    };
    Ok(Rendered { subject: clean_line(mail.subject), html: paint(&html)?, text })
}

/// Typed lines, none longer than others of our mails.
fn lines(words: &str) -> String {
    let one =
        |line: &str| if line.trim().is_empty() { "\n".to_string() } else { format!("{}\n", wrapped(line).trim_end()) };
    words.lines().map(one).collect()
}

fn quote(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("> {line}\n")).collect()
}

/// Lines between empty ones.
fn paragraphs(words: &str) -> Vec<Vec<&str>> {
    let mut all: Vec<Vec<&str>> = vec![Vec::new()];
    for line in words.lines() {
        match all.last_mut() {
            Some(last) if !line.trim().is_empty() => last.push(line),
            _ => all.push(Vec::new()),
        }
    }
    all.retain(|paragraph| !paragraph.is_empty());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_letter_with_what_it_answers_under_it() {
        let out = answer(&Answer {
            language: "en",
            subject: "Re: Your view\r\nBcc: x@y.example",
            words: "Dear Ann,\n\nthank you <b>for</b> writing.\nTalk soon.",
            quoted: "Who reads this?\n<script>alert(1)</script>",
            who_wrote: "Ann Lee wrote:",
        })
        .unwrap();
        assert_eq!(out.subject, "Re: Your view Bcc: x@y.example");
        assert_eq!(
            out.text,
            "Dear Ann,\n\nthank you <b>for</b> writing.\nTalk soon.\n\nAnn Lee wrote:\n> Who reads this?\n> <script>alert(1)</script>\n"
        );
        assert!(out.html.contains("<p>Dear Ann,</p>"), "{}", out.html);
        assert!(out.html.contains("<br>Talk soon.</p>") && out.html.contains("<blockquote"), "{}", out.html);
        assert!(!out.html.contains("<script>") && !out.html.contains("<b>for"), "what was typed is text: {}", out.html);
        let alone = answer(&Answer { language: "x\"", subject: "Re: x", words: "Thanks.", quoted: "", who_wrote: "" });
        let alone = alone.unwrap();
        assert_eq!(alone.text, "Thanks.\n");
        assert!(!alone.html.contains("<blockquote") && alone.html.contains("<html lang=\"en\""), "{}", alone.html);
    }

    #[test]
    fn what_is_forwarded_says_who_wrote_it_who_forwards_it_and_the_thread() {
        let part = |head: &str, line: &str| Part { head: head.into(), lines: vec![line.into()] };
        let out = forwarded(&Forward {
            language: "en",
            subject: "Fwd: Your view",
            name: "Max Mann",
            who_wrote: "Ann Lee",
            title: "Northwind 2027",
            account: "Globex",
            by: "olga@northwind.example",
            words: "Can you call her?",
            thread: vec![part("Ann Lee wrote:", "Call me <i>please</i>."), part("Laura answered:", "We will.")],
        })
        .unwrap();
        for said in ["Dear Max Mann,", "Ann Lee wrote back about Northwind 2027 (Globex)", "Can you call her?"] {
            assert!(out.text.contains(said) && out.html.contains(said), "{said} in {} {}", out.text, out.html);
        }
        assert!(
            out.text.contains("Ann Lee wrote:\n> Call me <i>please</i>.\n\nLaura answered:\n> We will.\n"),
            "{}",
            out.text
        );
        assert!(!out.html.contains("<i>please"), "{}", out.html);
        assert!(out.text.replace('\n', " ").contains("olga@northwind.example forwards it to you."), "{}", out.text);
    }
    #[test]
    fn what_is_quoted_is_said_in_the_language_of_the_letter_and_dated() {
        let on = NaiveDate::from_ymd_opt(2027, 3, 5).unwrap();
        for (language, said) in [
            ("en", "Ann Lee wrote on Friday 5 March:"),
            ("de-AT", "Ann Lee schrieb am Freitag, 5. März:"),
            ("fr", "Ann Lee a écrit le vendredi 5 mars :"),
            ("es", "Ann Lee escribió el viernes 5 de marzo:"),
            ("it", "Ann Lee ha scritto venerdì 5 marzo:"),
            ("nl", "Ann Lee schreef op vrijdag 5 maart:"),
            ("pl", "Ann Lee, 2027-03-05:"),
        ] {
            assert_eq!(wrote(language, "Ann Lee", on), said, "{language}");
        }
    }

    #[test]
    fn our_own_words_around_a_forward_differ_by_language_and_say_the_same_names() {
        let names = ["Max Mann", "Ann Lee", "Northwind 2027 (Globex)", "olga@northwind.example"];
        let of = |language: &str| around(forward_language(language), names[0], names[1], names[2], names[3]).join(" ");
        let all = ["en", "de", "fr"].map(of);
        for (at, said) in all.iter().enumerate() {
            assert!(names.iter().all(|name| said.contains(name)), "{said}");
            assert!(all.iter().skip(at + 1).all(|other| other != said), "{said}");
        }
        assert_eq!(of("nl"), all[0]);
    }
}
