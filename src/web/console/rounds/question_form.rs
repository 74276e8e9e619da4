//! One question as a form: its kind, its words by language, the ends of its scale or its choices; and back.

use std::collections::{BTreeMap, BTreeSet};

use crate::rules::questionnaire::editing::{Place, new_id, with, with_new};
use crate::rules::questionnaire::{Choice as Option_, Item, ItemKind, Questionnaire, changes};
use crate::steps::Live;
use crate::web::console::views::making::{Group, OfKind, QuestionForm};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::names;
use crate::web::kit::views::form::{Choice, Control, Field};

/// Rows for choices beyond those that there are.
const MORE: usize = 3;
/// More are no choice.
const MOST: usize = 40;

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

    fn hidden(&self) -> (&'static str, String) {
        match self {
            About::Item(id) => ("item", id.clone()),
            About::Page(page) => ("new", page.to_string()),
            About::NewPage => ("new", "page".into()),
        }
    }
}

/// Those of the letters and of the questions, that of the round first.
pub fn languages(live: &Live) -> Vec<String> {
    let asked = live.questionnaire.items().flat_map(|item| item.text.keys());
    let all: BTreeSet<&String> = live.words.keys().chain(asked).collect();
    let others = all.into_iter().filter(|language| **language != live.spec.language).cloned();
    std::iter::once(live.spec.language.clone()).chain(others).collect()
}

fn label_of(row: usize, language: &str) -> String {
    format!("choice-{row}-{language}")
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
            put(format!("value-{row}"), &option.value);
            option.label.iter().for_each(|(language, text)| put(label_of(row, language), text));
        }
        put("choices".into(), &item.options.len().to_string());
        Typed { texts, wrong: Vec::new() }
    }

    pub fn new() -> Typed {
        let texts = [("kind", "scale_1_7"), ("required", "yes"), ("choices", "0")];
        let texts = texts.map(|(name, text)| (name.to_string(), text.to_string()));
        Typed { texts: texts.into(), wrong: Vec::new() }
    }

    pub fn from(fields: &Fields, languages: &[String]) -> Typed {
        let rows = fields.get("choices").parse::<usize>().unwrap_or(0).min(MOST);
        let plain = ["kind", "required", "cannot_say", "choices"].map(String::from).into_iter();
        let by_language = languages.iter().flat_map(|l| ["text", "low", "high", "title"].map(|of| format!("{of}-{l}")));
        let choices = (0..rows + MORE).flat_map(|row| {
            let labels = languages.iter().map(move |language| label_of(row, language));
            labels.chain([format!("value-{row}")])
        });
        let all = plain.chain(by_language).chain(choices);
        let texts = all.map(|name| (name.clone(), fields.get(&name).trim().replace("\r\n", "\n")));
        Typed { texts: texts.collect(), wrong: Vec::new() }
    }

    fn get(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    fn rows(&self) -> usize {
        self.get("choices").parse::<usize>().unwrap_or(0).min(MOST) + MORE
    }

    fn spoken(&self, languages: &[String], name: impl Fn(&str) -> String) -> BTreeMap<String, String> {
        let said = languages.iter().map(|language| (language.clone(), self.get(&name(language)).to_string()));
        said.filter(|(_, text)| !text.is_empty()).collect()
    }

    /// The questionnaire with this question, or what is wrong with it. None where what it is about is not there any more.
    pub fn read(&mut self, asked: &Questionnaire, about: &About, languages: &[String]) -> Option<Questionnaire> {
        let own = languages.first().cloned().unwrap_or_default();
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
        self.wrong.extend(wrong);
        match about {
            About::Item(_) => with(asked, item),
            About::Page(page) => with_new(asked, Place::Page(page.saturating_sub(1)), item),
            About::NewPage => with_new(asked, Place::NewPage(title), item),
        }
    }

    /// Rows with any label; one that is new is named after its label in the language of the round.
    fn options(
        &self,
        languages: &[String],
        (own, own_name): (&String, &str),
        wrong: &mut Vec<(String, String)>,
    ) -> Vec<Option_> {
        let mut all: Vec<Option_> = Vec::new();
        for row in 0..self.rows() {
            let label = self.spoken(languages, |language| label_of(row, language));
            if label.is_empty() {
                continue;
            }
            let Some(said) = label.get(own) else {
                wrong.push((label_of(row, own), format!("Write it in {own_name}, too, or empty the whole row.")));
                continue;
            };
            let taken = |value: &str| all.iter().any(|option| option.value == value);
            let value = match self.get(&format!("value-{row}")) {
                value if !value.is_empty() && !taken(value) => value.to_string(),
                _ => {
                    let alone = Questionnaire { id: String::new(), version: String::new(), groups: Vec::new() };
                    let name = new_id(&alone, said);
                    let numbered = (2..).map(|n| format!("{name}_{n}"));
                    std::iter::once(name.clone()).chain(numbered).find(|v| !taken(v)).unwrap_or(name)
                }
            };
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

    pub fn form(&self, about: &About, languages: &[String]) -> QuestionForm {
        let kinds = KINDS.map(|(kind, name)| {
            let said = changes::kind(kind);
            Choice::new(name, crate::base::sentence::capitalised(said))
        });
        let check = |name: &str, label: &str| Field { control: Control::Check, ..self.field(name.into(), label) };
        let each = |of: &str, control: &Control, optional: bool| -> Vec<Field> {
            let field = |(at, language): (usize, &String)| {
                let field = self.field(format!("{of}-{language}"), names::language(language)).control(control.clone());
                if at > 0 || optional { field.optional() } else { field }
            };
            languages.iter().enumerate().map(field).collect()
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
            let labels = languages.iter().map(|l| self.field(label_of(row, l), names::language(l)).optional());
            group(&format!("Choice {}", row + 1), labels.collect())
        };
        let kind = self.get("kind");
        let of_kinds = vec![
            OfKind {
                title: "For a scale: the words at its ends",
                open: kind.starts_with("scale") || wrong("low-") || wrong("high-"),
                groups: ends,
            },
            OfKind {
                title: "For a choice: what can be chosen",
                open: kind == "choice" || wrong("choice-"),
                groups: (0..self.rows()).map(choice).collect(),
            },
        ];
        let values =
            (0..self.rows()).map(|row| (format!("value-{row}"), self.get(&format!("value-{row}")).to_string()));
        let (name, value) = about.hidden();
        let hidden = values
            .filter(|(_, value)| !value.is_empty())
            .chain([(name.to_string(), value), ("choices".to_string(), self.rows().saturating_sub(MORE).to_string())]);
        let title = if matches!(about, About::Item(_)) { "Change the question" } else { "A new question" };
        QuestionForm { title, hidden: hidden.collect(), groups, of_kinds }
    }
}
