//! From the questionnaire and what was answered to the pages of an assessment, in the contact's language.

use std::collections::BTreeMap;

use crate::rules::questionnaire::offered_languages;
use crate::rules::response::{Answers, CANNOT_SAY, Item, ItemKind, LONGEST_TEXT, characters, in_language, is_draft};
use crate::steps::response::Opened;
use crate::web::kit::frames::letter;
use crate::web::kit::views::frame::{LanguageLink, Spoken};
use crate::web::kit::views::phrases::fill::fill;
use crate::web::kit::views::phrases::wording::Phrases;

use super::views::response::*;

/// What a page is made from: whose it is, its language and its address.
pub struct Sheet<'o> {
    pub opened: &'o Opened,
    pub language: String,
    pub action: String,
    /// `/opt-out/{token}` of the same contact.
    pub opt_out: String,
}

impl Sheet<'_> {
    pub fn phrases(&self) -> &'static Phrases {
        Phrases::of(&self.language)
    }

    fn words<'t>(&self, texts: &'t BTreeMap<String, String>) -> &'t str {
        in_language(texts, &self.language, &self.opened.live.spec.language)
    }

    /// The same, with the language it is in where that is not the page's.
    fn spoken(&self, texts: &BTreeMap<String, String>) -> Spoken {
        let text = self.words(texts);
        let lang = [&self.language, &self.opened.live.spec.language].into_iter().find(|l| texts.contains_key(*l));
        let lang = lang.or_else(|| texts.keys().next()).filter(|l| *l != self.phrases().code);
        Spoken { text: text.into(), lang: lang.cloned().unwrap_or_default() }
    }

    /// Every language that the questions are written in, in its own words.
    fn languages(&self, page: &str) -> Vec<LanguageLink> {
        let all = offered_languages(&self.opened.questionnaire);
        all.iter()
            .map(|code| {
                LanguageLink::new(code, &format!("{}?page={page}&language={code}", self.action), *code == self.language)
            })
            .collect()
    }

    pub fn pages(&self) -> usize {
        self.opened.questionnaire.groups.len()
    }

    /// One group of questions, from 1. `typed` stands in place of what is stored. `from_check`: the answer that is
    /// changed on the check page.
    pub fn page(
        &self,
        number: usize,
        from_check: Option<&str>,
        typed: &BTreeMap<String, String>,
        errors: &BTreeMap<String, String>,
    ) -> Option<QuestionPage> {
        let live = &self.opened.live;
        let group = self.opened.questionnaire.groups.get(number.checked_sub(1)?)?;
        let p = self.phrases();
        let items = group.items.iter().map(|item| {
            let given = typed.get(&item.id).cloned().unwrap_or_else(|| text(&self.opened.answers, &item.id));
            self.item(item, &given, errors.get(&item.id).cloned())
        });
        let intro = (number == 1 && from_check.is_none()).then(|| Intro {
            participation: live.spec.participation,
            first_name: self.opened.person.first_name.clone(),
            minutes: live.spec.minutes,
            closes: p.date(live.spec.schedule.closes),
            changed_since_last_year: live
                .spec
                .changed_since_last_year
                .of(&self.language, &live.spec.language)
                .to_owned(),
        });
        Some(QuestionPage {
            letter: letter(&live.spec, p.code),
            phrases: p,
            language: self.language.clone(),
            action: self.action.clone(),
            intro,
            page: number,
            pages: self.pages(),
            title: self.spoken(&group.title),
            items: items.collect(),
            from_check: from_check.map(Into::into),
            languages: self.languages(&number.to_string()),
            opt_out: self.opt_out.clone(),
        })
    }

    fn item(&self, item: &Item, given: &str, error: Option<String>) -> ItemView {
        let shape = match item.kind {
            ItemKind::Text => Shape::Text { value: given.into(), longest: LONGEST_TEXT },
            ItemKind::Choice => Shape::Choice {
                points: item
                    .options
                    .iter()
                    .map(|o| Point {
                        value: o.value.clone(),
                        label: self.spoken(&o.label),
                        checked: o.value == given.trim(),
                    })
                    .collect(),
            },
            ItemKind::Scale7 | ItemKind::Scale10 => {
                let (low, high) = item.kind.scale().unwrap_or((0, 0));
                Shape::Scale {
                    low: self.spoken(&item.low),
                    high: self.spoken(&item.high),
                    points: Point::scale(low, high, given.trim().parse().ok()),
                }
            }
        };
        // An optional item is left alone by whoever cannot say; a required one may take it for an answer.
        let cannot_say = match (item.required, item.cannot_say) {
            (false, _) => Some(String::new()),
            (true, true) => Some(CANNOT_SAY.to_string()),
            (true, false) => None,
        };
        ItemView {
            id: item.id.clone(),
            text: self.spoken(&item.text),
            required: item.required,
            cannot_say_given: cannot_say.as_deref() == Some(CANNOT_SAY) && given == CANNOT_SAY,
            cannot_say,
            shape,
            error,
        }
    }

    /// What is stored, as a form would send it.
    pub fn given(&self, item: &Item) -> String {
        text(&self.opened.answers, &item.id)
    }

    /// What is wrong with an answer, in the contact's language.
    pub fn mistake(&self, item: &Item, typed: &str) -> String {
        let p = self.phrases();
        let over = characters(typed).saturating_sub(LONGEST_TEXT);
        if item.kind == ItemKind::Text && over > 0 {
            return fill(p.too_long, &[("n", &over.to_string())]);
        }
        fill(p.missing, &[("question", self.words(&item.text))])
    }

    /// Everything that was answered, to be looked at once more.
    pub fn check(&self, refused: bool) -> CheckPage {
        let live = &self.opened.live;
        let answer = |item: &Item| CheckedAnswer {
            id: item.id.clone(),
            question: self.spoken(&item.text),
            target: self.item(item, "", None).target(),
            answer: self.read(item),
            required: item.required,
            mistake: is_draft(item, &self.opened.answers).then(|| self.mistake(item, &self.given(item))),
        };
        let groups = self.opened.questionnaire.groups.iter().zip(1..).map(|(group, page)| CheckedGroup {
            title: self.spoken(&group.title),
            page,
            answers: group.items.iter().map(answer).collect(),
        });
        let p = self.phrases();
        CheckPage {
            letter: letter(&live.spec, p.code),
            phrases: p,
            language: self.language.clone(),
            languages: self.languages("check"),
            action: self.action.clone(),
            groups: groups.collect(),
            last_page: self.pages(),
            refused,
            opt_out: self.opt_out.clone(),
        }
    }

    /// An answer as it is read: "6 (1–7)", the label of a choice, the text.
    fn read(&self, item: &Item) -> String {
        let given = text(&self.opened.answers, &item.id);
        match (item.kind, item.kind.scale()) {
            _ if given.is_empty() => given,
            (ItemKind::Scale7 | ItemKind::Scale10 | ItemKind::Choice, _) if given == CANNOT_SAY => {
                self.phrases().cannot_say.into()
            }
            (_, Some((low, high))) => format!("{given} ({low}–{high})"),
            (ItemKind::Choice, _) => {
                let chosen = item.options.iter().find(|o| o.value == given);
                chosen.map_or(given, |o| self.words(&o.label).to_string())
            }
            _ => given,
        }
    }
}

/// A stored answer as a form would send it.
fn text(answers: &Answers, item: &str) -> String {
    match answers.get(item) {
        Some(serde_json::Value::String(text)) => text.clone(),
        Some(serde_json::Value::Null) => CANNOT_SAY.into(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}
