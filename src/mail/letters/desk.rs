//! The mails of the reply desk: an answer as one person writes it to another, and what somebody wrote back, forwarded with its thread.
//!
//! An answer has no button, no footer and no way out: it is no message of the round, and goes to whoever has just written. Words of others
//! are quoted as they are.

use askama::Template;

use crate::base::problem::Result;

use super::frame::{language_code, paint};
use super::placeholders::clean_line;
use super::plain::wrapped;
use super::rendered::Rendered;

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
    name: &'a str,
    who_wrote: &'a str,
    title: &'a str,
    account: &'a str,
    by: &'a str,
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
    /// Said before the quotation: "Ann Lee wrote:".
    pub who_wrote: &'a str,
}

/// A mail that is forwarded.
pub struct Forward<'a> {
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
    let about = if account.is_empty() { String::new() } else { format!(" ({account})") };
    let mut text =
        lines(&format!("Dear {name},\n\n{who_wrote} wrote back about {title}{about}. {by} forwards it to you."));
    if !mail.words.is_empty() {
        text.push_str(&format!("\n{}", lines(mail.words)));
    }
    for part in &mail.thread {
        let quoted: Vec<&str> = part.lines.iter().map(String::as_str).collect();
        text.push_str(&format!("\n{}\n{}", part.head, quote(&quoted)));
    }
    text.push('\n');
    text.push_str(&wrapped(&format!("Whoever answers this mail answers the team of the round, not {who_wrote}.")));
    let html = ForwardedHtml {
        name: &name,
        who_wrote: &who_wrote,
        title: &title,
        account: &account,
        by: &by,
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
}
