//! The words of a round's mails: Markdown with placeholders, checked when a round is read and rendered when a message goes.
//!
//! Promise 9 and S04: what `check` finds keeps a round from starting; what it lets through renders for every contact,
//! whatever stands in the contact's row. Text and HTML come from the same words.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use minijinja::{Environment, UndefinedBehavior, Value};

use crate::base::problem::{Problem, Result};
use crate::rules::message::MessageKind;
use crate::rules::round::{BANNED_WORD, MailText, says_banned_word};

use super::colour::Look;
use super::frame::button;
use super::more::{self, PLACES};
use super::placeholders::{
    CODE, LINK, OPT_OUT, clean, clean_line, fill, filled_length, has_lines, is_number, known, needs_code, needs_link,
    sign, without_signs,
};
use super::{grammar, markdown, plain};

pub use super::placeholders::{Values, known as known_placeholders};
pub use super::rendered::Rendered;

/// A text as it is written.
const LARGEST_TEXT: usize = 64 * 1024;
/// A message as it is rendered.
const LARGEST_RENDERED: usize = 512 * 1024;
const LONGEST_SUBJECT: usize = 200;
/// Instructions; a long letter takes a few hundred.
const FUEL: u64 = 200_000;

/// What must be changed before this text can be used; one sentence each.
pub fn check(kind: MessageKind, text: &MailText) -> Vec<String> {
    let mut findings = Vec::new();
    if text.subject.trim().is_empty() {
        findings.push("The subject is empty; write one.".into());
    }
    if text.subject.chars().count() > LONGEST_SUBJECT {
        findings.push(format!("The subject is longer than {LONGEST_SUBJECT} characters; shorten it."));
    }
    if text.subject.len() > LARGEST_TEXT {
        return findings;
    }
    if text.body.trim().is_empty() {
        findings.push("The text is empty; write one.".into());
    }
    if text.body.len() > LARGEST_TEXT {
        findings.push(format!(
            "The text has {} KiB; shorten it to {} KiB.",
            text.body.len() / 1024,
            LARGEST_TEXT / 1024
        ));
        return findings;
    }
    findings.extend(grammar::check(kind, "subject", &text.subject));
    findings.extend(grammar::check(kind, "text", &text.body));
    if !findings.is_empty() {
        return findings;
    }
    if more::names(text).len() > PLACES.len() {
        findings.push(format!("The text names more than {} columns of the list; use fewer.", PLACES.len()));
        return findings;
    }
    if !grammar::links_stand_alone(&text.body) {
        findings.push(
            "A link does not stand alone on its line; put `{{ link }}` and `{{ opt_out_link }}` on lines of their own."
                .into(),
        );
    }
    let sample = sample(kind);
    let press = Press::default();
    if press.made(kind, text, &clean(&sample)).is_ok_and(|made| markdown::is_deep(&made.body)) {
        findings.push(format!(
            "Quotations, lists or emphases of the text stand more than {} deep in each other; write it flatter.",
            markdown::DEEPEST
        ));
    }
    let columns = more::names(text).into_iter().map(|name| (name.clone(), format!("{name} {}", "x".repeat(40))));
    match press.render_with(kind, text, sample, &columns.collect(), &Look::default()) {
        Ok(rendered) => findings.extend(check_rendered(kind, &rendered)),
        Err(problem) => findings.push(problem.what),
    }
    findings
}

fn check_rendered(kind: MessageKind, rendered: &Rendered) -> Vec<String> {
    let mut findings = Vec::new();
    if needs_link(kind) && !rendered.text.lines().any(|line| line == SAMPLE_LINK) {
        findings.push(format!("The {} has no link; put `{{{{ link }}}}` on a line of its own.", kind.label()));
    }
    if needs_code(kind) && !rendered.text.contains(SAMPLE_CODE) {
        findings.push(format!("The {} does not say the code; put `{{{{ code }}}}` into it.", kind.label()));
    }
    if rendered.subject.contains(SAMPLE_LINK) {
        findings.push("The subject has a link in it; links belong into the text.".into());
    }
    for (place, said) in [("subject", &rendered.subject), ("text", &rendered.text), ("text", &rendered.html)] {
        let finding =
            format!("The {place} has the word \"{BANNED_WORD}\" in it; call it an assessment, or by its title.");
        if says_banned_word(said) && !findings.contains(&finding) {
            findings.push(finding);
        }
    }
    findings
}

/// Whether a text cannot do without this value: it says it without asking whether there is one.
pub fn needs_value(kind: MessageKind, text: &MailText, name: &str) -> bool {
    let mut values = sample(kind);
    values.remove(name);
    let mut engine = engine();
    // Conditions may ask for what is not there; whatever says it may not.
    engine.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let names = more::names(text);
    let sources = [&text.subject, &text.body].map(|source| more::placed(source, &names));
    sources.into_iter().any(|source| evaluate(&engine, kind, "text", &source, &values).is_err())
}

const SAMPLE_CODE: &str = "004211";
const SAMPLE_LINK: &str = "https://soundings.example/a/00000000000000000000000000000000";

/// Values of the length that real ones may have.
fn sample(kind: MessageKind) -> Values {
    let value = |name: &str| match name {
        LINK => SAMPLE_LINK.to_string(),
        CODE => SAMPLE_CODE.into(),
        OPT_OUT => "https://soundings.example/o/00000000000000000000000000000000".into(),
        name if is_number(name) => "12".into(),
        name => format!("{name} {}", "x".repeat(40)),
    };
    known(kind).iter().chain(&PLACES).map(|name| (*name, value(name))).collect()
}

/// Puts the values in. Give one for every known placeholder of the kind, empty where there is nothing to say: one that is
/// used and missing is a problem, never a gap in a letter.
pub fn render(kind: MessageKind, text: &MailText, values: &Values, look: &Look) -> Result<Rendered> {
    Press::default().render(kind, text, values, look)
}

/// Keeps texts as they are after template and Markdown, with signs where values go: thousands of letters of one round share
/// one, and only the values differ. What a condition in a text asks of the values is part of the key.
#[derive(Debug, Default)]
pub struct Press(Mutex<HashMap<u64, Arc<Made>>>);

#[derive(Debug)]
struct Made {
    /// What it was made of, so that two texts of one hash are not taken for each other.
    from: (MessageKind, MailText, Vec<String>),
    subject: String,
    body: String,
    html: String,
}

/// Texts of a round times languages times shapes of values; more than this is somebody changing texts all day.
const KEPT: usize = 512;

impl Press {
    /// As [`render`], without doing again what was done for another letter.
    pub fn render(&self, kind: MessageKind, text: &MailText, values: &Values, look: &Look) -> Result<Rendered> {
        self.render_with(kind, text, values.clone(), &BTreeMap::new(), look)
    }

    /// With columns of the list that are none of ours, by the names that texts use; empty where there is none.
    pub fn render_with(
        &self,
        kind: MessageKind,
        text: &MailText,
        mut values: Values,
        columns: &BTreeMap<String, String>,
        look: &Look,
    ) -> Result<Rendered> {
        for (place, name) in PLACES.iter().zip(more::names(text)) {
            values.insert(place, columns.get(&name).cloned().unwrap_or_default());
        }
        let values = clean(&values);
        let made = self.made(kind, text, &values)?;
        let subject = clean_line(&fill(&made.subject, &values, |_, value, out| out.push_str(value)));
        if filled_length(&made.body, &values) + filled_length(&made.html, &values) > LARGEST_RENDERED {
            return Err(too_large());
        }
        let plain = plain::to_text(&made.body, |text| fill(text, &values, |_, value, out| out.push_str(value)));
        let html = fill_html(&made.html, &values, look)?;
        if html.len() + plain.len() > LARGEST_RENDERED {
            return Err(too_large());
        }
        Ok(Rendered { subject, text: plain, html })
    }

    fn made(&self, kind: MessageKind, text: &MailText, values: &Values) -> Result<Arc<Made>> {
        let shape: Vec<String> = known(kind).iter().chain(&PLACES).map(|name| shape(name, values)).collect();
        let mut hasher = DefaultHasher::new();
        (kind, &text.subject, &text.body, &shape).hash(&mut hasher);
        let key = hasher.finish();
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        if let Some(made) = kept
            && made.from.0 == kind
            && made.from.1 == *text
            && made.from.2 == shape
        {
            return Ok(made);
        }
        let made = Arc::new(make(kind, text, values, shape)?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT {
            kept.clear();
        }
        kept.insert(key, made.clone());
        Ok(made)
    }
}

/// All that a condition can see of a value: whether there is one, whether it is empty, and numbers.
fn shape(name: &str, values: &Values) -> String {
    match values.get(name) {
        None => "?".into(),
        Some(value) if value.is_empty() || is_number(name) => value.clone(),
        Some(_) => "*".into(),
    }
}

fn make(kind: MessageKind, text: &MailText, values: &Values, shape: Vec<String>) -> Result<Made> {
    if text.body.len() > LARGEST_TEXT || text.subject.len() > LARGEST_TEXT {
        return Err(Problem::unusable("The text of a mail is larger than 64 KiB.", "Shorten it."));
    }
    for (place, source) in [("subject", &text.subject), ("text", &text.body)] {
        if let Some(finding) = grammar::check(kind, place, source).into_iter().next() {
            return Err(Problem::unusable(finding, "Correct the text of the mail."));
        }
    }
    let engine = engine();
    let names = more::names(text);
    let placed = MailText { subject: more::placed(&text.subject, &names), body: more::placed(&text.body, &names) };
    let subject = evaluate(&engine, kind, "subject", &placed.subject, values)?;
    let body = alone(&evaluate(&engine, kind, "text", &placed.body, values)?);
    let html = markdown::to_html(&body);
    Ok(Made { from: (kind, text.clone(), shape), subject, body, html })
}

fn too_large() -> Problem {
    Problem::unusable("A mail is larger than 512 KiB once its placeholders are filled in.", "Shorten its text.")
}

/// No loader, no functions, no filters, no tests; strict about what is missing.
fn engine() -> Environment<'static> {
    let mut engine = Environment::empty();
    engine.set_undefined_behavior(UndefinedBehavior::Strict);
    engine.set_fuel(Some(FUEL));
    engine.set_recursion_limit(50);
    engine
}

fn evaluate(engine: &Environment<'_>, kind: MessageKind, place: &str, source: &str, values: &Values) -> Result<String> {
    let signs = known(kind).iter().chain(&PLACES).filter_map(|name| {
        let value = values.get(name)?;
        // Empty stays empty, for conditions to see; numbers are numbers, and harmless.
        let shown = match value.parse::<i64>() {
            Ok(number) if is_number(name) => Value::from(number),
            _ if value.is_empty() => Value::from(""),
            _ => Value::from(sign(name).to_string()),
        };
        Some((*name, shown))
    });
    let context: BTreeMap<&str, Value> = signs.collect();
    engine.render_str(&without_signs(source), context).map_err(|error| {
        let line = error.line().map(|n| format!("Line {n} of the {place}: ")).unwrap_or_default();
        let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_string);
        Problem::unusable(format!("{line}{what}."), "Correct the text of the mail.").because(error)
    })
}

/// Gives the links paragraphs of their own, wherever the author put them.
fn alone(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + 16);
    for c in body.chars() {
        if c == sign(LINK) || c == sign(OPT_OUT) {
            out.push_str("\n\n");
            out.push(c);
            out.push_str("\n\n");
        } else {
            out.push(c);
        }
    }
    out
}

fn fill_html(html: &str, values: &Values, look: &Look) -> Result<String> {
    let link = values.get(LINK).map_or("", String::as_str);
    let button = if html.contains(sign(LINK)) { button(link, look)? } else { String::new() };
    let paragraph = format!("<p>{}</p>", sign(LINK));
    let filled = |html: &str| {
        fill(html, values, |name, value, out| match name {
            LINK | OPT_OUT => {
                out.push_str("<a href=\"");
                markdown::push_escaped(out, value);
                out.push_str("\">");
                markdown::push_escaped(out, value);
                out.push_str("</a>");
            }
            name if has_lines(name) => {
                for (n, line) in value.lines().enumerate() {
                    out.push_str(if n > 0 { "<br>\n" } else { "" });
                    markdown::push_escaped(out, line);
                }
            }
            _ => markdown::push_escaped(out, value),
        })
    };
    Ok(html.split(&paragraph).map(filled).collect::<Vec<_>>().join(&button))
}

#[cfg(test)]
#[path = "rendering_tests.rs"]
mod tests;
