//! The frame around the words: an HTML document that stays a letter in Outlook, in the dark, at 320 pixels and with
//! images off; the same in plain text; under both, who sends this and why, and for contacts the way out.
//!
//! Promise 9 holds here too. Words are inserted as they are; they were escaped where they were made.

use askama::Template;

use crate::base::language::right_to_left;
use crate::base::problem::{Problem, Result};
use crate::base::sentence::with_stop;
use crate::rules::message::MessageKind;

use super::placeholders::clean_line;
use super::rendered::Rendered;

pub use super::colour::Look;

/// What surrounds the words of one message.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    pub kind: MessageKind,
    /// ISO 639 code of the words.
    pub language: &'a str,
    pub client: &'a str,
    /// What the assessment is called.
    pub title: &'a str,
    /// The contact's own company; unused for colleagues.
    pub account: &'a str,
    /// On every mail to a contact.
    pub opt_out_link: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "mails/frame/letter.html")]
struct LetterHtml<'a> {
    language: &'a str,
    subject: &'a str,
    words: &'a str,
    why: &'a str,
    opt_out: &'a str,
    opt_out_link: Option<&'a str>,
    /// What stands below the words may be in another language than they.
    foot_language: &'a str,
}

#[derive(Template)]
#[template(path = "mails/frame/letter.txt", escape = "none")]
struct LetterText<'a> {
    words: &'a str,
    why: &'a str,
    opt_out: &'a str,
    opt_out_link: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "mails/frame/button.html")]
struct Button<'a> {
    accent: &'a str,
    label: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "mails/login/subject.txt", escape = "none")]
struct LoginSubject<'a> {
    installation: &'a str,
}

#[derive(Template)]
#[template(path = "mails/login/body.txt", escape = "none")]
struct LoginText<'a> {
    installation: &'a str,
    minutes: u32,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "mails/login/body.html")]
struct LoginHtml<'a> {
    language: &'a str,
    subject: &'a str,
    installation: &'a str,
    minutes: u32,
    button: &'a str,
}

/// A plan that somebody at the client is asked to approve.
pub struct PlanToApprove<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub messages: i64,
    pub link: &'a str,
    /// Directors who left out far more dissatisfied or silent people than the others, one sentence each.
    pub left_out: &'a [String],
}

#[derive(Template)]
#[template(path = "mails/plan/subject.txt", escape = "none")]
struct PlanSubject<'a> {
    title: &'a str,
    messages: i64,
}

#[derive(Template)]
#[template(path = "mails/plan/body.txt", escape = "none")]
struct PlanText<'a> {
    name: &'a str,
    title: &'a str,
    messages: i64,
    link: &'a str,
    left_out: &'a [String],
}

#[derive(Template)]
#[template(path = "mails/plan/body.html")]
struct PlanHtml<'a> {
    language: &'a str,
    subject: &'a str,
    name: &'a str,
    title: &'a str,
    messages: i64,
    button: &'a str,
    left_out: &'a [String],
}

/// Puts the words of a round's mail into the frame.
pub fn letter(words: &Rendered, around: &Surroundings<'_>) -> Result<Rendered> {
    let (why, opt_out, foot_language) = footer(around);
    let opt_out_link = around.opt_out_link.filter(|_| around.kind.to_contact());
    let language = language_code(around.language);
    let html = LetterHtml {
        language,
        subject: &words.subject,
        words: words.html.trim_end(),
        why: &why,
        opt_out,
        opt_out_link,
        foot_language,
    };
    // The lines of the footer are broken like the others.
    let why_lines = super::plain::wrapped(&why);
    let text = LetterText { words: &words.text, why: why_lines.trim_end(), opt_out, opt_out_link };
    Ok(Rendered { subject: words.subject.clone(), text: paint(&text)?, html: paint(&html)? })
}

/// The mail with an operator's link to log in.
pub fn login(installation: &str, link: &str, minutes: u32) -> Result<Rendered> {
    let installation = &clean_line(installation);
    let subject = paint(&LoginSubject { installation })?.trim().to_string();
    let text = paint(&LoginText { installation, minutes, link })?;
    let button = &labelled_button("Log in", link, &Look::default())?;
    let html = paint(&LoginHtml { language: "en", subject: &subject, installation, minutes, button })?;
    Ok(Rendered { subject, text, html })
}

/// The mail that asks the client to approve a plan.
pub fn plan(plan: &PlanToApprove<'_>, look: &Look) -> Result<Rendered> {
    let (name, title) = (&clean_line(plan.name), &clean_line(plan.title));
    let PlanToApprove { messages, link, .. } = *plan;
    let subject = paint(&PlanSubject { title, messages })?.trim().to_string();
    let left_out: &Vec<String> = &plan.left_out.iter().map(|line| clean_line(line)).collect();
    let text = paint(&PlanText { name, title, messages, link, left_out })?;
    let button = &labelled_button("Look at the plan", link, look)?;
    let html = paint(&PlanHtml { language: "en", subject: &subject, name, title, messages, button, left_out })?;
    Ok(Rendered { subject, text, html })
}

/// The one link of a mail, to press and to read.
pub fn button(link: &str, look: &Look) -> Result<String> {
    labelled_button(&look.button, link, look)
}

pub(super) fn labelled_button(label: &str, link: &str, look: &Look) -> Result<String> {
    paint(&Button { accent: look.accent(), label, link })
}

pub(super) fn paint(template: &impl Template) -> Result<String> {
    template
        .render()
        .map_err(|e| Problem::internal("The frame of a mail could not be filled in.").because(e.to_string()))
}

/// A code that may stand in an attribute, whatever the list said.
pub(super) fn language_code(language: &str) -> &str {
    let fine = (2..=12).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if fine { language } else { "en" }
}

/// In which direction a language is read.
pub(crate) fn direction(language: impl AsRef<str>) -> &'static str {
    if right_to_left(language.as_ref()) { "rtl" } else { "ltr" }
}

/// Why somebody gets this, what stands before the link to opt out, and the language of both.
fn footer(around: &Surroundings<'_>) -> (String, &'static str, &'static str) {
    let (client, title, account) = (clean_line(around.client), clean_line(around.title), clean_line(around.account));
    let title = if around.kind.to_contact() { with_stop(&title) } else { title };
    if !around.kind.to_contact() {
        return match around.language.get(..2).unwrap_or_default() {
            "de" => (
                format!("{title}: {client} schreibt dies den Kolleginnen und Kollegen, die die Kunden betreuen."),
                "",
                "de",
            ),
            "fr" => {
                (format!("{title} : envoyé par {client} aux collègues qui suivent les clients concernés."), "", "fr")
            }
            _ => (
                format!("{title}: sent by {client} to the colleagues who look after the accounts concerned."),
                "",
                "en",
            ),
        };
    }
    match around.language.get(..2).unwrap_or_default() {
        "de" => (
            format!("{client} schreibt Ihnen, weil Sie bei {account} mit uns arbeiten: {title}"),
            "Wenn Sie dazu keine Nachrichten mehr möchten:",
            "de",
        ),
        "fr" => (
            format!("{client} vous écrit parce que vous travaillez avec nous chez {account} : {title}"),
            "Pour ne plus recevoir de messages à ce sujet :",
            "fr",
        ),
        "es" => (
            format!("{client} le escribe porque usted trabaja con nosotros en {account}: {title}"),
            "Si no desea recibir más mensajes sobre esto:",
            "es",
        ),
        "it" => (
            format!("{client} le scrive perché lei lavora con noi presso {account}: {title}"),
            "Se non desidera altri messaggi su questo:",
            "it",
        ),
        "nl" => (
            format!("{client} schrijft u omdat u bij {account} met ons werkt: {title}"),
            "Als u hierover geen berichten meer wilt:",
            "nl",
        ),
        _ => (
            format!("{client} writes to you because you work with us at {account}: {title}"),
            "If you would rather not hear from us about this:",
            "en",
        ),
    }
}

#[cfg(test)]
#[path = "frame_tests.rs"]
mod tests;
