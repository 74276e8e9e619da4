//! The form by which the reader of a director's page asks a colleague to sign, and the one that takes it back. The first wants a choice, a name,
//! an address and the human step, so neither a robot nor somebody who was only sent on the link lets anybody sign.

use crate::web::kit::views::form::{ActionForm, Choice, Control, Field};
use crate::web::kit::views::phrases::fill;

use super::delegation::{ALL, Asking, Given, PAGE};
use super::signoff::{AccountCard, SignoffPage};
use super::signoff_forms::{Fill, words};
use super::together::APART;

impl AccountCard {
    /// "For Ann Weiss", where it is not the reader's own account.
    fn for_whom(&self, page: &SignoffPage) -> Option<String> {
        let who = Some(&self.colleagues.for_whom).filter(|who| !who.is_empty())?;
        Some(fill(page.words.for_whom, &[("who", who)]))
    }

    /// What stands beside its state, each apart from the next.
    pub(super) fn notes(&self, page: &SignoffPage) -> String {
        let strategic = self.strategic.then(|| page.words.strategic.to_string());
        let looked = (page.several() && !self.to_look.is_empty()).then(|| self.count_to_look(page));
        strategic.into_iter().chain(self.for_whom(page)).chain(looked).collect::<Vec<_>>().join(APART)
    }

    /// The same in the list of what is to do.
    pub(super) fn task_notes(&self, page: &SignoffPage) -> String {
        let looked = (!self.to_look.is_empty()).then(|| self.count_to_look(page));
        let all = [self.count(page)].into_iter().chain(looked).chain(self.for_whom(page));
        all.collect::<Vec<_>>().join(APART)
    }
}

impl SignoffPage {
    /// Whose the people are that the page shows, and for whom its reader signs.
    pub(super) fn intro(&self) -> String {
        let w = self.words;
        let of = self.accounts.iter().map(|account| account.colleagues.for_whom.as_str());
        let has_own = of.clone().any(str::is_empty);
        let others: Vec<&str> =
            of.filter(|who| !who.is_empty()).collect::<std::collections::BTreeSet<_>>().into_iter().collect();
        let phrase = match (self.counter, others.len(), has_own) {
            (true, 1, false) => w.intro_counter_for,
            (true, _, _) => w.intro_counter,
            (false, 0, _) => w.intro,
            (false, 1, false) => w.intro_for,
            (false, _, false) => w.intro_for_several,
            (false, 1, true) => w.intro_also,
            (false, _, true) => w.intro_also_several,
        };
        let who = others.first().copied().unwrap_or_default();
        fill(phrase, &[("client", &self.letter.client), ("title", &self.title), ("who", who)])
    }
}

impl Given {
    /// Takes it back, with a tick.
    pub(super) fn end(&self, page: &SignoffPage) -> ActionForm {
        let w = page.words;
        let form = Fill::new(page, "end_delegation", self.id.as_str());
        let tick = Field::check("confirm", fill(w.end_tick, &[("who", &self.who)]));
        ActionForm {
            id: format!("end_delegation-{}", self.id),
            action: page.action.clone(),
            act: "end_delegation",
            hidden: vec![("delegation", self.id.to_string())],
            label: w.end_delegation.into(),
            about: self.who.clone(),
            explain: w.end_explain.into(),
            fields: vec![tick.error(form.error("confirm"))],
            button: w.take_back_button.into(),
            danger: true,
            ..ActionForm::default()
        }
        .in_words(words(page))
    }
}

impl Asking {
    pub(super) fn form(&self, page: &SignoffPage) -> ActionForm {
        let w = page.words;
        let form = Fill::new(page, "delegate", PAGE);
        let none = [Choice::new("", w.topic_choose)].into_iter();
        let one = self.accounts.iter().map(|(id, name)| Choice::new(id.to_string(), name));
        let all = [Choice::new(ALL, w.colleague_all)];
        let scope = none.chain(one).chain(all).collect();
        let (field, label, hint) = match self.step.is_code() {
            true => ("code", w.code_label, ""),
            false => ("count", w.colleague_count, w.colleague_count_hint),
        };
        // A code is not shown again.
        let value = if self.step.is_code() { String::new() } else { form.value(field, "") };
        let step = Field::text(field, label, value).control(Control::Number).hint(hint).error(form.error(field));
        ActionForm {
            id: format!("delegate-{PAGE}"),
            action: page.action.clone(),
            act: "delegate",
            label: w.colleague_title.into(),
            explain: w.colleague_explain.into(),
            fields: vec![
                Field::select("scope", w.colleague_which, form.value("scope", ""), scope).error(form.error("scope")),
                form.text("name", w.colleague_name, ""),
                form.text("email", w.colleague_email, "").control(Control::Email),
                Field { autocomplete: if self.step.is_code() { "one-time-code" } else { "" }, ..step },
            ],
            button: w.colleague_button.into(),
            opened: self.opened,
            ..ActionForm::default()
        }
        .in_words(words(page))
    }
}
