//! What a round still has of the demo round that it was copied from: facts that are invented there, and promises made in its name.
//!
//! Found by phrases, so that half a sentence that was kept is found too; wording that claims nothing is anybody's to use.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use crate::intake::files::{self, CONTACTS, QUESTIONNAIRE, ROUND};
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::readings::{most_arms, reading};
use crate::rules::round::{RoundSpec, Words};

use super::RoundFolder;

/// A sentence of the demo's that stands in another round.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leftover {
    pub file: String,
    /// None where the file is not there any more, or says it in another way.
    pub line: Option<u64>,
    /// As it stands there, shortened.
    pub sentence: String,
    /// Untrue of anybody else; otherwise a promise, which somebody may mean.
    pub is_fact: bool,
}

/// The name and the client of the demo round, by which it is known itself.
const DEMO: (&str, &str) = ("northwind-2027", "Northwind Instruments");
/// Nobody has an address in it (RFC 2606), but most people of the demo.
const NOBODYS: &str = ".example";
const LONGEST: usize = 160;

struct Phrases {
    facts: Vec<String>,
    promises: Vec<String>,
}

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| {
    let mut phrases = Phrases { facts: Vec::new(), promises: Vec::new() };
    let mut facts = true;
    for line in include_str!("../../../config/invented.txt").lines().map(str::trim) {
        match line {
            "[facts]" => facts = true,
            "[promises]" => facts = false,
            line if line.is_empty() || line.starts_with('#') => {}
            line if facts => phrases.facts.push(plain(line)),
            line => phrases.promises.push(plain(line)),
        }
    }
    phrases
});

/// What a folder still has of the demo's, in order of file. The demo itself, with its invented people on the list, has nothing.
pub fn leftovers(folder: &RoundFolder) -> BTreeSet<Leftover> {
    let spec = &folder.spec;
    let all = &folder.list.accepted;
    let nobodys = all.iter().filter(|contact| contact.email.domain().ends_with(NOBODYS)).count();
    if (spec.round.as_str(), spec.client.as_str()) == DEMO && nobodys * 2 >= all.len() {
        return BTreeSet::new();
    }
    let mut found = BTreeSet::new();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let mut look = |file: &str, text: &str| {
        let all = judged(text);
        if all.is_empty() {
            return;
        }
        let source = files.entry(file.into()).or_insert_with(|| files::text(&folder.dir, file).unwrap_or_default());
        found.extend(all.into_iter().map(|said| {
            let line = line(source, text, said.at, &said.sentence);
            Leftover { file: file.into(), line, sentence: said.sentence, is_fact: said.is_fact }
        }));
    };
    content(spec, &folder.questionnaire, &folder.words, &mut look);
    for contact in &folder.list.accepted {
        let colleagues = std::iter::once(&contact.director).chain(&contact.manager);
        // A whole list of the demo's directors would be a page of findings.
        colleagues.for_each(|colleague| look(CONTACTS, colleague.email.domain()));
    }
    found
}

/// The same of a round that stands in no folder; its list is not looked at.
pub fn leftovers_of(spec: &RoundSpec, questionnaire: &Questionnaire, words: &Words) -> BTreeSet<Leftover> {
    let mut found = BTreeSet::new();
    if (spec.round.as_str(), spec.client.as_str()) != DEMO {
        content(spec, questionnaire, words, &mut |file, text| {
            found.extend(judged(text).into_iter().map(|said| Leftover {
                file: file.into(),
                line: None,
                sentence: said.sentence,
                is_fact: said.is_fact,
            }));
        });
    }
    found
}

fn content(spec: &RoundSpec, asked: &Questionnaire, words: &Words, look: &mut dyn FnMut(&str, &str)) {
    settings(spec, &mut |text| look(ROUND, text));
    questions(asked, &mut |text| look(QUESTIONNAIRE, text));
    letters(words, look);
}

/// On which line of a file the letter at this place of one of its texts stands.
fn line(source: &str, text: &str, at: usize, sentence: &str) -> Option<u64> {
    // Where a file writes a text otherwise than it is read, its first word may still be found.
    let place = match source.find(text) {
        Some(begins) => begins + at,
        None => source.find(sentence)?,
    };
    let before = source.get(..place)?;
    Some(before.bytes().filter(|b| *b == b'\n').count() as u64 + 1)
}

fn settings(spec: &RoundSpec, look: &mut dyn FnMut(&str)) {
    let named = [&spec.round, &spec.client, &spec.title, &spec.signoff.sales_director];
    named.into_iter().for_each(|text| look(text));
    look(spec.signoff.sales_director_email.as_str());
    spec.changed_since_last_year.texts(&spec.language).for_each(|(_, text)| look(text));
    let senders = [&spec.senders.team, &spec.senders.warm_up].into_iter().chain(spec.senders.country.values());
    for sender in senders {
        [sender.name.as_str(), sender.title.as_str(), sender.email.as_str()].into_iter().for_each(&mut *look);
    }
}

fn questions(questionnaire: &Questionnaire, look: &mut dyn FnMut(&str)) {
    questionnaire.groups.iter().flat_map(|group| group.title.values()).for_each(|text| look(text));
    for item in questionnaire.items() {
        let options = item.options.iter().flat_map(|option| option.label.values());
        item.text
            .values()
            .chain(item.low.values())
            .chain(item.high.values())
            .chain(options)
            .for_each(|text| look(text));
    }
}

fn letters(words: &Words, look: &mut dyn FnMut(&str, &str)) {
    for (language, texts) in words {
        for (name, text) in texts {
            let file = format!("mail/{language}/{name}.md");
            look(&file, &text.subject);
            look(&file, &text.body);
        }
    }
}

#[derive(Debug)]
struct Judged {
    /// Where it begins in its text.
    at: usize,
    sentence: String,
    is_fact: bool,
}

/// The sentences of the demo's in a text, as readers get them; one that differs by a word only is told once.
fn judged(text: &str) -> Vec<Judged> {
    let mut all: Vec<Judged> = Vec::new();
    for arm in 0..most_arms(text) {
        for (at, sentence) in sentences(&reading(text, arm)) {
            if !all.iter().any(|known| known.at == at) {
                all.extend(judge(at, &sentence));
            }
        }
    }
    all
}

fn judge(at: usize, sentence: &str) -> Option<Judged> {
    let said = plain(sentence);
    let says = |phrases: &[String]| phrases.iter().any(|phrase| said.contains(phrase));
    let is_fact = says(&PHRASES.facts);
    if !is_fact && !says(&PHRASES.promises) {
        return None;
    }
    let mut shown = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = shown.char_indices().nth(LONGEST) {
        shown.truncate(cut);
        shown.push('…');
    }
    Some(Judged { at, sentence: shown, is_fact })
}

/// Sentences, over the ends of lines but not over those of paragraphs, each with the place where it begins.
fn sentences(read: &[(usize, char)]) -> Vec<(usize, String)> {
    let mut all = Vec::new();
    let (mut at, mut sentence, mut blank) = (0, String::new(), false);
    for (n, (place, c)) in read.iter().enumerate() {
        let paragraph_ends = *c == '\n' && blank;
        blank = *c == '\n' || (blank && c.is_whitespace());
        if sentence.is_empty() {
            if c.is_whitespace() {
                continue;
            }
            at = *place;
        }
        sentence.push(*c);
        let next = read.get(n + 1).is_none_or(|(_, next)| next.is_whitespace());
        if paragraph_ends || (matches!(c, '.' | '!' | '?' | '…') && next) {
            all.push((at, std::mem::take(&mut sentence)));
        }
    }
    all.push((at, sentence));
    all.retain(|(_, sentence)| !sentence.trim().is_empty());
    all
}

/// A text as far as it says something: without case, accents, typographic signs, Markdown and the ends of lines.
fn plain(text: &str) -> String {
    let mut said = String::with_capacity(text.len());
    let entities = [("&nbsp;", " "), ("&rsquo;", "'"), ("&#39;", "'"), ("&apos;", "'"), ("&amp;", "&")];
    let text = entities.iter().fold(text.to_lowercase(), |text, (entity, sign)| text.replace(entity, sign));
    push(&text, &mut said);
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn push(text: &str, into: &mut String) {
    for c in text.chars() {
        match c {
            '’' | '‘' | '‛' | '`' | '´' | 'ʼ' => into.push('\''),
            '‐' | '‑' | '–' | '—' | '−' => into.push('-'),
            'ä' | 'à' | 'â' | 'á' => into.push('a'),
            'ö' | 'ô' | 'ò' | 'ó' => into.push('o'),
            'ü' | 'û' | 'ù' | 'ú' => into.push('u'),
            'é' | 'è' | 'ê' | 'ë' => into.push('e'),
            'î' | 'ï' => into.push('i'),
            'ç' => into.push('c'),
            'ß' => into.push_str("ss"),
            // Marks of letters in two parts, invisible signs, and Markdown.
            '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            '*' | '_' | '~' | '#' | '>' | '\\' | '[' | ']' | '"' | '“' | '”' | '„' | '«' | '»' => {}
            c => into.push(c),
        }
    }
}

#[cfg(test)]
#[path = "invented_tests.rs"]
mod tests;
