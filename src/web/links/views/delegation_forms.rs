//! The form by which the reader of a director's page asks a colleague to sign, and the one that takes it back. The first wants a choice, a name,
//! an address and the human step, so neither a robot nor somebody who was only sent on the link lets anybody sign.

use crate::web::kit::views::form::{ActionForm, Choice, Control, Field};
use crate::web::kit::views::phrases::fill;

use super::delegation::{ALL, Asking, Given, PAGE};
use super::signoff::{AccountCard, SignoffPage};
use super::signoff_forms::{Fill, words};

impl AccountCard {
    /// Whose account it is, where it is not the reader's own.
    pub(super) fn for_whom(&self) -> Option<&str> {
        Some(self.colleagues.for_whom.as_str()).filter(|who| !who.is_empty())
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
