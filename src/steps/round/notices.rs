//! What is worth knowing of a folder that could be loaded: who gets another language than his own, and what still is the demo's.
//!
//! A finding is something that the folder can mend and that somebody outside would read; a note is for whoever looks. Neither keeps a
//! folder from being loaded.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::counted;
use crate::base::problem::Result;
use crate::intake::files::{CONTACTS, QUESTIONNAIRE, ROUND};
use crate::intake::folder::RoundFolder;
use crate::intake::folder::invented::{Leftover, leftovers, leftovers_of};
use crate::mail::letters::rendering;
use crate::rules::contacts::ListedContact;
use crate::rules::questionnaire::Questionnaire;
use crate::rules::round::{Coverage, RoundSpec, RoundState, Words, coverage, language_name};
use crate::steps::context::Live;
use crate::store::contacts::accounts;
use crate::store::{Tx, people};

use super::folder::kinds;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Notice {
    pub code: &'static str,
    pub file: String,
    /// Where it stands in the file, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// How many people it is about, where it is about people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<u64>,
    /// What stands in the file, where it is about a sentence of the demo's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sentence: Option<String>,
    pub message: String,
    /// The message in the words of the pages, which know no folder; none where it is the same.
    #[serde(skip)]
    on_page: Option<String>,
}

/// The code of a finding: a sentence of the demo's that is invented.
pub const INVENTED: &str = "invented_for_the_demo";
/// The code of a finding: a draft without people.
pub const NO_LIST: &str = "no_list";
/// The code of a note: a sentence of the demo's that promises something.
pub const PROMISED: &str = "promised_by_the_demo";

#[derive(Clone, Debug, Default, Serialize)]
pub struct Notices {
    pub findings: Vec<Notice>,
    pub notes: Vec<Notice>,
    pub languages: Vec<Coverage>,
}

pub fn notices(folder: &RoundFolder) -> Notices {
    let mut people: BTreeMap<String, u64> = BTreeMap::new();
    for contact in &folder.list.accepted {
        *people.entry(contact.language.clone()).or_default() += 1;
    }
    let round = (&folder.spec, &folder.words, &folder.questionnaire);
    let mut all = Notices::gather(round, &people, &|languages| named(folder, languages), leftovers(folder));
    all.signers(&folder.spec, folder.list.accepted.iter().map(|contact| &contact.director.email));
    all
}

/// How many people on the list read each language; empty for those of whom it is not known.
pub async fn readers(tx: &mut Tx, live: &Live) -> Result<BTreeMap<String, u64>> {
    let mut people: BTreeMap<String, u64> = BTreeMap::new();
    for place in people::places(tx, &live.id).await? {
        *people.entry(place.language).or_default() += place.contacts.max(0) as u64;
    }
    Ok(people)
}

/// The same of a round as it is now; nobody is named.
pub async fn of_round(tx: &mut Tx, live: &Live) -> Result<Notices> {
    let people = readers(tx, live).await?;
    let left = leftovers_of(&live.spec, &live.questionnaire, &live.words);
    let round = (&live.spec, &live.words, &*live.questionnaire);
    let mut all = Notices::gather(round, &people, &|_| String::new(), left);
    if !live.spec.signoff.directors.is_empty() {
        let directors = accounts::directors(tx, &live.id, i64::MAX).await?;
        all.signers(&live.spec, directors.iter().map(|director| &director.director_email));
    }
    if live.state == RoundState::Draft && people.values().all(|n| *n == 0) {
        let message = "Nobody is on the list yet, and the round does not start without people to ask.".into();
        all.findings.insert(0, Notice::of(NO_LIST, CONTACTS, message));
    }
    Ok(all)
}

/// What a round says, its list apart.
type Said<'a> = (&'a RoundSpec, &'a Words, &'a Questionnaire);

impl Notices {
    /// `people`: contacts by language. `named`: says who reads one of these languages.
    fn gather(
        (spec, words, questionnaire): Said<'_>,
        people: &BTreeMap<String, u64>,
        named: &dyn Fn(&[&str]) -> String,
        left: BTreeSet<Leftover>,
    ) -> Notices {
        let languages = coverage(spec, words, questionnaire, people);
        let mut all = Notices::default();
        all.read(spec, named, &languages);
        all.changed(spec, words, &languages);
        all.invented(left);
        all.languages = languages;
        all
    }

    /// Who reads what in which language.
    fn read(&mut self, spec: &RoundSpec, named: &dyn Fn(&[&str]) -> String, languages: &[Coverage]) {
        let own = spec.language.as_str();
        let own_name = format!("{} (the round’s language)", language_name(own));
        let not_theirs = |of: fn(&Coverage) -> &str| {
            languages.iter().filter(|c| !c.language.is_empty() && of(c) != c.language).collect::<Vec<_>>()
        };
        let without = not_theirs(|c| &c.letters);
        if let Some((people, who)) = counted(&without) {
            let theirs: Vec<&str> = without.iter().map(|c| c.language.as_str()).collect();
            let names = named(&theirs);
            let message = format!(
                "{who} no letters of their own and get {own_name}. Write {}, or correct the list. {names}",
                folders(&without)
            );
            let names: Vec<&str> = theirs.iter().map(|language| language_name(language)).collect();
            let page = format!(
                "{who} no letters of their own and get {own_name}. Write letters in {}, or correct the list.",
                names.join(" and in ")
            );
            let notice = Notice::about("language_without_letters", "mail", people, message.trim_end().into());
            self.findings.push(notice.on_page(page));
        }
        for c in languages.iter().filter(|c| !c.letters_missing.is_empty()) {
            let (name, missing) = (language_name(&c.letters), c.letters_missing.join(", "));
            let them = if c.contacts == 1 { "1 person who gets" } else { "people who get" };
            let them = if c.contacts == 1 { them.to_string() } else { format!("{} {them}", c.contacts) };
            let message = format!("{them} letters in {name} will have these in {own_name}: {missing}. Write them too.");
            self.findings.push(Notice::about(
                "letters_missing_in_language",
                &format!("mail/{}", c.letters),
                c.contacts,
                message,
            ));
        }
        if let Some((people, who)) = counted(&not_theirs(|c| &c.questions)) {
            let message =
                format!("{who} no questions in their language and are asked in {own_name}. Add it to every text.");
            self.findings.push(Notice::about("language_without_questions", QUESTIONNAIRE, people, message));
        }
        for c in languages.iter().filter(|c| c.questions_missing > 0) {
            let message = format!(
                "{} missing in {}: {} will read them in another language. Add them.",
                texts(c.questions_missing),
                language_name(&c.questions),
                persons(c.contacts)
            );
            self.findings.push(Notice::about("questions_missing_in_language", QUESTIONNAIRE, c.contacts, message));
        }
        let pages: Vec<&Coverage> = languages.iter().filter(|c| c.pages != c.questions).collect();
        if let Some((people, who)) = counted(&pages) {
            let message =
                format!("{who} the questions in their language, and buttons and notes around them in English.");
            self.notes.push(Notice::about("pages_in_another_language", QUESTIONNAIRE, people, message));
        }
        let footers: Vec<&Coverage> = languages.iter().filter(|c| c.footer != c.letters).collect();
        if let Some((people, who)) = counted(&footers) {
            let message = format!(
                "{who} letters in their language, and the lines under them (why they get them, how to opt out) in English."
            );
            self.notes.push(Notice::about("footer_in_another_language", "mail", people, message));
        }
        if let Some(c) = languages.iter().find(|c| c.language.is_empty()) {
            let have = if c.contacts == 1 { "has" } else { "have" };
            let message = format!("{} {have} no language on the list and get {own_name}.", persons(c.contacts));
            self.notes.push(Notice::about("language_not_given", CONTACTS, c.contacts, message));
        }
    }

    /// Who is named for somebody who signs nothing: perhaps his address is written otherwise on the list.
    fn signers<'a>(&mut self, spec: &RoundSpec, directors: impl Iterator<Item = &'a EmailAddress>) {
        let mut known: BTreeSet<String> = directors.map(EmailAddress::key).collect();
        if known.is_empty() {
            // The list is still to come.
            return;
        }
        known.insert(spec.signoff.sales_director_email.key());
        let unknown = spec.signoff.directors.iter().map(|one| &one.email).filter(|email| !known.contains(&email.key()));
        let unknown: Vec<&str> = unknown.map(EmailAddress::as_str).collect();
        if unknown.is_empty() {
            return;
        }
        let message = format!(
            "{} no account director of the list, so what [[signoff.director]] says there does nothing. Correct the address, or remove it.",
            listed_as(&unknown)
        );
        let page = format!(
            "{} no account director of the list, so what the settings say there does nothing. Correct the address, or take it out.",
            listed_as(&unknown)
        );
        self.findings.push(Notice::of("director_not_on_the_list", ROUND, message).on_page(page));
    }

    /// The sentence about last year: in which languages it is not there, and where that leaves half a sentence.
    fn changed(&mut self, spec: &RoundSpec, words: &Words, languages: &[Coverage]) {
        const NAME: &str = "changed_since_last_year";
        let says = |language: &str| !spec.changed_since_last_year.of(language, &spec.language).is_empty();
        for (language, texts) in words.iter().filter(|(language, _)| !says(language)) {
            let mut uses = false;
            for (name, text) in texts {
                uses |= text.subject.contains(NAME) || text.body.contains(NAME);
                if kinds(name, spec).into_iter().any(|kind| rendering::needs_value(kind, text, NAME)) {
                    let message = format!(
                        "The text says {NAME} without asking whether there is one, and there is none in {}: a sentence would lack its end. \
                         Put it between {{% if {NAME} %}} and {{% endif %}}, or write it in {ROUND}.",
                        language_name(language)
                    );
                    let page = format!(
                        "The text says what changed since last year without asking whether there is something to say, and there is \
                         nothing in {}: a sentence would lack its end. Write under Settings what changed, or take the sentence out.",
                        language_name(language)
                    );
                    let notice = Notice::of("half_a_sentence", &format!("mail/{language}/{name}.md"), message);
                    self.findings.push(notice.on_page(page));
                }
            }
            let people: u64 = languages.iter().filter(|c| c.letters == *language).map(|c| c.contacts).sum();
            if uses && people > 0 && !spec.changed_since_last_year.is_empty() {
                let message = format!(
                    "{} in {} not told what changed since last year; {NAME} has no text in that language.",
                    persons(people),
                    format_args!("{} {}", language_name(language), if people == 1 { "is" } else { "are" })
                );
                let page = format!(
                    "{} in {} not told what changed since last year: nothing is written about it in that language.",
                    persons(people),
                    format_args!("{} {}", language_name(language), if people == 1 { "is" } else { "are" })
                );
                self.notes.push(Notice::about("change_not_told", ROUND, people, message).on_page(page));
            }
        }
    }

    fn invented(&mut self, all: BTreeSet<Leftover>) {
        for left in all {
            let (code, what) = match left.is_fact {
                true => (INVENTED, "invented. Write what is yours, or remove it."),
                false => (PROMISED, "promises something in your name. Keep it if you mean it."),
            };
            let message = format!("“{}” is the demo round’s and {what}", left.sentence);
            let notice =
                Notice { line: left.line, sentence: Some(left.sentence), ..Notice::of(code, &left.file, message) };
            if left.is_fact { self.findings.push(notice) } else { self.notes.push(notice) }
        }
    }
}

/// "a@x.example is", "a@x.example and b@x.example are".
fn listed_as(addresses: &[&str]) -> String {
    match addresses {
        [one] => format!("{one} is"),
        all => format!("{} are", all.join(" and ")),
    }
}

impl Notice {
    fn of(code: &'static str, file: &str, message: String) -> Notice {
        Notice { code, file: file.into(), line: None, contacts: None, sentence: None, message, on_page: None }
    }

    fn about(code: &'static str, file: &str, contacts: u64, message: String) -> Notice {
        Notice { contacts: Some(contacts), ..Notice::of(code, file, message) }
    }
}

impl Notice {
    fn on_page(self, text: String) -> Notice {
        Notice { on_page: Some(text), ..self }
    }

    /// What a page says, on which nobody has a folder before him.
    pub fn page_text(&self) -> &str {
        self.on_page.as_deref().unwrap_or(&self.message)
    }

    /// "mail/en/invitation.md:9".
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.file.clone(), |line| format!("{}:{line}", self.file))
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place(), self.message)
    }
}

fn persons(n: u64) -> String {
    counted::counted(n, "person", "people")
}

fn texts(n: u64) -> String {
    counted::counted(n, "text of the questionnaire is", "texts of the questionnaire are")
}

/// "157 people (92 Italian, 65 Spanish) have"; none where it is about nobody.
fn counted(languages: &[&Coverage]) -> Option<(u64, String)> {
    let people: u64 = languages.iter().map(|c| c.contacts).sum();
    let each: Vec<String> =
        languages.iter().map(|c| format!("{} {}", c.contacts, language_name(&c.language))).collect();
    let have = if people == 1 { "has" } else { "have" };
    (people > 0).then(|| (people, format!("{} ({}) {have}", persons(people), each.join(", "))))
}

/// As many people as a sentence can name.
const NAMED: usize = 5;

/// "They are Anna Rossi (row 17), Marta Kowalska (row 20) and 12 more.", in the order of the list.
fn named(folder: &RoundFolder, languages: &[&str]) -> String {
    let theirs = folder.list.accepted.iter().filter(|c| languages.contains(&c.language.as_str()));
    let one = |c: &ListedContact| {
        let name = format!("{} {}", c.first_name, c.last_name);
        format!("{} (row {})", name.trim(), c.line)
    };
    let all: Vec<String> = theirs.map(one).collect();
    let shown = all.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match (all.len(), all.len().saturating_sub(NAMED)) {
        (1, _) => format!("It is {shown}."),
        (_, 0) => format!("They are {shown}."),
        (_, more) => format!("They are {shown} and {more} more."),
    }
}

fn folders(languages: &[&Coverage]) -> String {
    languages.iter().map(|c| format!("mail/{}", c.language)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "notices_tests.rs"]
mod tests;
