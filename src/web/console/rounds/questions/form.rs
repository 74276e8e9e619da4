//! One question as a form: its kind, its words by language, the ends of its scale or its choices; and back.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::questionnaire::editing::{Place, is_value, new_id, new_value, page_of, with, with_new, with_title};
use crate::rules::questionnaire::{Choice as Option_, Item, ItemKind, Questionnaire, changes};
use crate::web::console::views::rounds::making::{Group, OfKind, QuestionForm};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::names;
use crate::web::kit::views::form::{Choice, Control, Field};

use crate::web::console::rounds::languages::Languages;

/// Blank rows for choices behind the last that is filled.
const MORE: usize = 3;
/// Texts of a question by language, and the title of a page of its own.
const BY_LANGUAGE: [&str; 4] = ["text", "low", "high", "title"];

const KINDS: [(ItemKind, &str); 4] = [
    (ItemKind::Scale7, "scale_1_7"),
    (ItemKind::Scale10, "scale_0_10"),
    (ItemKind::Choice, "choice"),
    (ItemKind::Text, "text"),
];

/// What stands in the form, by name of the field, and what is wrong with it.
#[derive(Default)]
pub struct Typed {
    texts: BTreeMap<String, String>,
    pub wrong: Vec<(String, String)>,
}

/// Which question the form is about.
#[derive(Clone, PartialEq, Eq)]
pub enum About {
    Item(String),
    /// A new one on this page, counted from 1.
    Page(usize),
    NewPage,
}

impl About {
    /// Of an address, or of a form: `item`, or `new` as the number of a page or `page`.
    pub fn of(fields: &Fields) -> Option<About> {
        match (fields.get("item"), fields.get("new")) {
            ("", "") => None,
            ("", "page") => Some(About::NewPage),
            ("", page) => page.parse().ok().filter(|page| *page > 0).map(About::Page),
            (item, _) => Some(About::Item(item.into())),
        }
    }

    /// The question as it stands; none of a new one, or where it is not there any more.
    pub fn item<'q>(&self, asked: &'q Questionnaire) -> Option<&'q Item> {
        match self {
            About::Item(id) => asked.items().find(|item| item.id == *id),
            _ => None,
        }
    }

    /// The page that is there already, counted from 0.
    fn page(&self, asked: &Questionnaire) -> Option<usize> {
        match self {
            About::Item(id) => page_of(asked, id),
            About::Page(page) => page.checked_sub(1).filter(|page| *page < asked.groups.len()),
            About::NewPage => None,
        }
    }

    fn hidden(&self) -> (&'static str, String) {
        match self {
            About::Item(id) => ("item", id.clone()),
            About::Page(page) => ("new", page.to_string()),
            About::NewPage => ("new", "page".into()),
        }
    }
}

/// A field of one choice.
enum OfChoice<'n> {
    /// As what it is handed over.
    Value,
    /// What is read, in this language.
    Label(&'n str),
}

fn label_of(row: usize, language: &str) -> String {
    format!("choice-{row}-{language}")
}

fn value_of(row: usize) -> String {
    format!("value-{row}")
}

/// Which row of the choices a field belongs to.
fn of_choice(name: &str) -> Option<(usize, OfChoice<'_>)> {
    if let Some(row) = name.strip_prefix("value-") {
        return Some((row.parse().ok()?, OfChoice::Value));
    }
    let (row, language) = name.strip_prefix("choice-")?.split_once('-')?;
    Some((row.parse().ok()?, OfChoice::Label(language)))
}

impl Typed {
    pub fn of(item: &Item) -> Typed {
        let mut texts = BTreeMap::new();
        let mut put = |name: String, text: &str| _ = texts.insert(name, text.to_string());
        let kind = KINDS.iter().find(|(kind, _)| *kind == item.kind).map_or("", |(_, name)| name);
        put("kind".into(), kind);
        put("required".into(), if item.required { "yes" } else { "" });
        put("cannot_say".into(), if item.cannot_say { "yes" } else { "" });
        for (of, all) in [("text", &item.text), ("low", &item.low), ("high", &item.high)] {
            all.iter().for_each(|(language, text)| put(format!("{of}-{language}"), text));
        }
        for (row, option) in item.options.iter().enumerate() {
            put(value_of(row), &option.value);
            option.label.iter().for_each(|(language, text)| put(label_of(row, language), text));
        }
        Typed { texts, wrong: Vec::new() }
    }

    pub fn new() -> Typed {
        let texts = [("kind", "scale_1_7"), ("required", "yes")];
        let texts = texts.map(|(name, text)| (name.to_string(), text.to_string()));
        Typed { texts: texts.into(), wrong: Vec::new() }
    }

    /// With the title of the page on which the question stands, by language: it can be written in each wherever one of its questions is.
    pub fn titled(mut self, asked: &Questionnaire, about: &About) -> Typed {
        let title = about.page(asked).and_then(|page| asked.groups.get(page)).map(|group| &group.title);
        for (language, text) in title.into_iter().flatten() {
            self.texts.entry(format!("title-{language}")).or_insert_with(|| text.clone());
        }
        self
    }

    /// What was sent over what stands there: a text that was not sent stays as it is. `there`: none for a new question.
    pub fn from(fields: &Fields, languages: &Languages, there: Option<&Item>) -> Typed {
        let mut typed = there.map_or_else(Typed::default, Typed::of);
        let sent: BTreeMap<&str, &str> = fields.pairs().rev().collect();
        let is_language = |code: &str| languages.codes().any(|known| known == code);
        let rows: BTreeSet<usize> = sent.keys().filter_map(|name| Some(of_choice(name)?.0)).collect();
        // As many as can be told apart; a number out of the blue makes no rows before it.
        let rows = rows.len() + typed.present();
        let is_ours = |name: &str| match of_choice(name) {
            Some((row, OfChoice::Value)) => row < rows,
            Some((row, OfChoice::Label(language))) => row < rows && is_language(language),
            None => {
                name == "kind"
                    || name.split_once('-').is_some_and(|(of, l)| BY_LANGUAGE.contains(&of) && is_language(l))
            }
        };
        for (name, text) in sent.iter().filter(|(name, _)| is_ours(name)) {
            let text = text.trim().replace("\r\n", "\n");
            if typed.get(name).trim() != text {
                typed.texts.insert((*name).into(), text);
            }
            typed.texts.entry((*name).into()).or_default();
        }
        // A box that is not ticked is not sent; the kind of answer stands beside it.
        if sent.contains_key("kind") {
            for tick in ["required", "cannot_say"] {
                typed.texts.insert(tick.into(), sent.get(tick).map_or("", |text| text.trim()).into());
            }
        }
        typed
    }

    fn get(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// Rows of choices that have a field, filled or not.
    fn present(&self) -> usize {
        self.texts.keys().filter_map(|name| Some(of_choice(name)?.0 + 1)).max().unwrap_or(0)
    }

    /// All that there are, and some to be filled.
    fn rows(&self) -> usize {
        let filled = self.texts.iter().filter(|(_, text)| !text.is_empty());
        let filled = filled.filter_map(|(name, _)| Some(of_choice(name)?.0 + 1)).max().unwrap_or(0);
        self.present().max(filled + MORE)
    }

    fn spoken(&self, languages: &Languages, name: impl Fn(&str) -> String) -> BTreeMap<String, String> {
        let said = languages.codes().map(|language| (language.to_string(), self.get(&name(language)).to_string()));
        said.filter(|(_, text)| !text.trim().is_empty()).collect()
    }

    /// The questionnaire with this question, or what is wrong with it. None where what it is about is not there any more.
    pub fn read(&mut self, asked: &Questionnaire, about: &About, languages: &Languages) -> Option<Questionnaire> {
        let own = languages.own().to_string();
        let own_name = names::language(&own).to_string();
        let of = |name: &'static str| move |language: &str| format!("{name}-{language}");
        let kind = KINDS.iter().find(|(_, name)| *name == self.get("kind")).map(|(kind, _)| *kind);
        let Some(kind) = kind else {
            self.wrong.push(("kind".into(), "Choose how it is answered.".into()));
            return None;
        };
        let text = self.spoken(languages, of("text"));
        let mut wrong = Vec::new();
        if !text.contains_key(&own) {
            wrong.push((of("text")(&own), format!("Write it in {own_name}, the language of the round.")));
        }
        let (mut low, mut high, mut options) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        if kind.scale().is_some() {
            (low, high) = (self.spoken(languages, of("low")), self.spoken(languages, of("high")));
            for (name, ends) in [("low", &low), ("high", &high)] {
                if !ends.is_empty() && !ends.contains_key(&own) {
                    wrong.push((of(name)(&own), format!("Write it in {own_name}, too, or in no language.")));
                }
            }
        }
        if kind == ItemKind::Choice {
            options = self.options(languages, (&own, &own_name), &mut wrong);
        }
        let id = match about {
            About::Item(id) => id.clone(),
            _ => new_id(asked, text.get(&own).map_or("", String::as_str)),
        };
        let (required, cannot_say) = (self.get("required") == "yes", self.get("cannot_say") == "yes");
        let cannot_say = cannot_say && kind != ItemKind::Text;
        let item = Item { id, kind, required, cannot_say, text, low, high, options };
        let title = self.spoken(languages, of("title"));
        if *about == About::NewPage && !title.contains_key(&own) {
            wrong.push((of("title")(&own), format!("Write it in {own_name}, the language of the round.")));
        }
        let of_page = about.page(asked).zip(self.title(asked, about));
        if of_page.as_ref().is_some_and(|(_, title)| !title.contains_key(&own)) {
            wrong.push((of("title")(&own), format!("Write it in {own_name}, the language of the round.")));
        }
        self.wrong.extend(wrong);
        let edited = match about {
            About::Item(_) => with(asked, item),
            About::Page(page) => with_new(asked, Place::Page(page.saturating_sub(1)), item),
            About::NewPage => with_new(asked, Place::NewPage(title), item),
        }?;
        Some(match of_page {
            Some((page, title)) => with_title(edited, page, title),
            None => edited,
        })
    }

    /// The title of the page that is there already, with what was typed over it.
    fn title(&self, asked: &Questionnaire, about: &About) -> Option<BTreeMap<String, String>> {
        let mut title = asked.groups.get(about.page(asked)?)?.title.clone();
        let typed = self.texts.iter().filter_map(|(name, text)| Some((name.strip_prefix("title-")?, text)));
        for (language, text) in typed {
            match title.get(language) {
                Some(there) if there.trim() == text.trim() => {}
                _ if text.trim().is_empty() => _ = title.remove(language),
                _ => _ = title.insert(language.into(), text.clone()),
            }
        }
        Some(title)
    }

    /// Rows with any label; where nothing is written as what one is handed over, it is named after its label in the language of the round.
    fn options(
        &self,
        languages: &Languages,
        (own, own_name): (&String, &str),
        wrong: &mut Vec<(String, String)>,
    ) -> Vec<Option_> {
        let rows = (0..self.rows()).map(|row| (row, self.spoken(languages, |language| label_of(row, language))));
        let rows: Vec<(usize, BTreeMap<String, String>)> = rows.filter(|(_, label)| !label.is_empty()).collect();
        let mut taken: BTreeSet<String> = BTreeSet::new();
        for (row, _) in &rows {
            let value = self.get(&value_of(*row));
            if !value.is_empty() && !is_value(value) {
                let sentence = format!(
                    "It is “{value}”. Write lower-case letters, digits and underscores, up to 60, or leave it empty."
                );
                wrong.push((value_of(*row), sentence));
            } else if !value.is_empty() && !taken.insert(value.into()) {
                let sentence =
                    format!("Another choice is handed over as {value}. Write something else for one of them.");
                wrong.push((value_of(*row), sentence));
            }
        }
        let mut all: Vec<Option_> = Vec::new();
        for (row, label) in rows {
            let Some(said) = label.get(own) else {
                wrong.push((label_of(row, own), format!("Write it in {own_name}, too, or empty the whole row.")));
                continue;
            };
            let value = match self.get(&value_of(row)) {
                "" => new_value(&taken, said, row + 1),
                value => value.to_string(),
            };
            taken.insert(value.clone());
            all.push(Option_ { value, label });
        }
        if all.len() < 2 {
            wrong.push((label_of(all.len(), own), "Write at least two choices.".into()));
        }
        all
    }

    fn field(&self, name: String, label: impl Into<String>) -> Field {
        let error = self.wrong.iter().find(|(field, _)| *field == name).map(|(_, sentence)| sentence.clone());
        let value = self.get(&name).to_string();
        Field::text(name, label, value).error(error)
    }

    pub fn form(&self, about: &About, languages: &Languages) -> QuestionForm {
        let kinds = KINDS.map(|(kind, name)| {
            let said = changes::kind(kind);
            Choice::new(name, crate::base::sentence::capitalised(said))
        });
        let check = |name: &str, label: &str| Field { control: Control::Check, ..self.field(name.into(), label) };
        let each = |of: &str, control: &Control, optional: bool| -> Vec<Field> {
            let field = |(at, language): (usize, &str)| {
                let label = if of == "text" { languages.label(language) } else { names::language(language).into() };
                let field = self.field(format!("{of}-{language}"), label).control(control.clone());
                if at > 0 || optional { field.optional() } else { field }
            };
            languages.codes().enumerate().map(field).collect()
        };
        let group = |legend: &str, fields| Group { legend: legend.into(), days: false, fields };
        let mut groups = Vec::new();
        if *about == About::NewPage {
            groups.push(group("Title of the new page", each("title", &Control::Text, false)));
        }
        groups.push(group("The question", each("text", &Control::Area, false)));
        let mut how = vec![self.field("kind".into(), "How it is answered").control(Control::Select(kinds.into()))];
        how.push(check("required", "It must be answered"));
        how.push(check("cannot_say", "It takes “I cannot say” (a scale or a choice)"));
        groups.push(group("The answer", how));
        let wrong = |of: &str| self.wrong.iter().any(|(field, _)| field.starts_with(of));
        let ends = vec![
            group("What the lowest value means", each("low", &Control::Text, true)),
            group("What the highest value means", each("high", &Control::Text, true)),
        ];
        let choice = |row: usize| {
            let labels = languages.codes().map(|l| self.field(label_of(row, l), names::language(l)).optional());
            let value = self.field(value_of(row), "Handed over as").optional().hint("Empty: named after its words.");
            group(&format!("Choice {}", row + 1), labels.chain([value]).collect())
        };
        let kind = self.get("kind");
        let mut of_kinds = vec![
            OfKind {
                title: "For a scale: the words at its ends",
                open: kind.starts_with("scale") || wrong("low-") || wrong("high-"),
                groups: ends,
            },
            OfKind {
                title: "For a choice: what can be chosen",
                open: kind == "choice" || wrong("choice-") || wrong("value-"),
                groups: (0..self.rows()).map(choice).collect(),
            },
        ];
        if *about != About::NewPage && self.texts.keys().any(|name| name.starts_with("title-")) {
            of_kinds.push(OfKind {
                title: "The title of the page on which it stands",
                open: wrong("title-"),
                groups: vec![group("Title of the page", each("title", &Control::Text, false))],
            });
        }
        let (name, value) = about.hidden();
        let hidden = vec![(name.to_string(), value)];
        let title = if matches!(about, About::Item(_)) { "Change the question" } else { "A new question" };
        QuestionForm { title, hidden, groups, of_kinds }
    }
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
