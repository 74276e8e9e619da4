//! The forms of a director's page: what each asks for, and what was typed into the one that was refused.

use crate::rules::contacts::Role;
use crate::web::kit::forms::corrections::SAME_PERSON;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field, FormWords};
use crate::web::kit::views::phrases::fill;

use super::human_step::TakingBack;
use super::signoff::{AccountCard, NameRow, REMOVAL_REASONS, RemovedName, SignoffPage, Typed};

/// What a role is called in these words.
pub fn role(words: &DirectorPhrases, role: Role) -> &'static str {
    match role {
        Role::KeyDecisionMaker => words.role_decider,
        Role::Influencer => words.role_influencer,
        Role::OperationalContact => words.role_operational,
        Role::Unknown => words.role_unknown,
    }
}

/// Why a name is removed, by the value of its field.
pub fn removal_reason(words: &DirectorPhrases, value: &str) -> Option<&'static str> {
    let labels =
        [words.reason_left, words.reason_wrong, words.reason_not_now, words.reason_duplicate, words.reason_other];
    REMOVAL_REASONS.iter().zip(labels).find(|(known, _)| **known == value).map(|(_, label)| label)
}

/// The values of what a question is about.
const TOPICS: [&str; 4] = ["name", "account", "round", "other"];

/// What a question is about, by the value of its field.
pub fn topic(words: &DirectorPhrases, value: &str) -> Option<&'static str> {
    let labels = [words.topic_name, words.topic_account, words.topic_round, words.topic_other];
    TOPICS.iter().zip(labels).find(|(known, _)| **known == value).map(|(_, label)| label)
}

impl NameRow {
    pub(super) fn role_label(&self, page: &SignoffPage) -> &'static str {
        role(page.words, self.role)
    }

    /// The roles to choose from where none is known and there is nothing else to ask about it.
    pub(super) fn roles(&self, page: &SignoffPage) -> Vec<(&'static str, &'static str)> {
        let asks = self.role == Role::Unknown && !self.findings.is_empty();
        let known = Role::ALL.into_iter().filter(|of| asks && *of != Role::Unknown);
        known.map(|of| (of.as_str(), role(page.words, of))).collect()
    }

    pub(super) fn correct(&self, page: &SignoffPage, account: &AccountCard) -> ActionForm {
        let w = page.words;
        let form = Fill::new(page, "correct", self.id.as_str());
        let mut fields = form.person(self, self.role.as_str(), false);
        if self.answered {
            fields.push(Field::check(SAME_PERSON, w.same_person));
        }
        // A word that a robot types into every empty line is no correction.
        fields.push(Field::check("confirm", w.correct_tick).error(form.error("confirm")));
        ActionForm {
            explain: if self.answered { w.set_aside.into() } else { String::new() },
            label: w.correct.into(),
            about: self.full_name(),
            button: w.correct_button.into(),
            fields,
            opened: true,
            ..form.of(page, account, vec![("contact", self.id.to_string())])
        }
        .in_words(words(page))
    }

    pub(super) fn replace(&self, page: &SignoffPage, account: &AccountCard) -> ActionForm {
        let w = page.words;
        let form = Fill::new(page, "replace", self.id.as_str());
        ActionForm {
            explain: fill(w.replace_explain, &[("name", &self.full_name())]),
            label: w.replace.into(),
            about: self.full_name(),
            button: w.replace_button.into(),
            fields: form.person(&NameRow::nobody(self.role), "", true),
            ..form.of(page, account, vec![("contact", self.id.to_string())])
        }
        .in_words(words(page))
    }

    pub(super) fn remove(&self, page: &SignoffPage, account: &AccountCard) -> ActionForm {
        let w = page.words;
        let form = Fill::new(page, "remove", self.id.as_str());
        let none = [Choice::new("", w.remove_choose)].into_iter();
        let known = REMOVAL_REASONS.iter().filter_map(|value| Some(Choice::new(*value, removal_reason(w, value)?)));
        let select = Field::select("reason", w.remove_reason, "", none.chain(known).collect());
        ActionForm {
            label: w.remove.into(),
            about: self.full_name(),
            button: fill(w.remove_button, &[("name", &self.full_name())]),
            fields: vec![select.error(form.error("reason"))],
            danger: true,
            ..form.of(page, account, vec![("contact", self.id.to_string())])
        }
        .in_words(words(page))
    }

    /// Somebody of whom nothing is written yet.
    fn nobody(role: Role) -> NameRow {
        NameRow {
            id: "".into(),
            first_name: String::new(),
            last_name: String::new(),
            job_title: String::new(),
            role,
            email: String::new(),
            findings: Vec::new(),
            place: String::new(),
            changed: String::new(),
            last_time: String::new(),
            answered: false,
            is_open: false,
        }
    }
}

impl RemovedName {
    pub(super) fn restore(&self, page: &SignoffPage, account: &AccountCard) -> ActionForm {
        let w = page.words;
        let form = Fill::new(page, "restore", self.id.as_str());
        let tick = Field::check("confirm", fill(w.restore_tick, &[("name", &self.full_name)]));
        ActionForm {
            label: w.restore.into(),
            about: self.full_name.clone(),
            button: w.restore.into(),
            fields: vec![tick.error(form.error("confirm"))],
            ..form.of(page, account, vec![("contact", self.id.to_string())])
        }
        .in_words(words(page))
    }
}

impl AccountCard {
    pub(super) fn add(&self, page: &SignoffPage) -> ActionForm {
        let w = page.words;
        let form = Fill::new(page, "add", self.id.as_str());
        ActionForm {
            explain: w.add_explain.into(),
            label: w.add.into(),
            about: self.name.clone(),
            button: w.add_button.into(),
            fields: form.person(&NameRow::nobody(Role::Unknown), "", true),
            ..form.of(page, self, Vec::new())
        }
        .in_words(words(page))
    }

    /// While no letter has left.
    pub(super) fn take_back(&self, page: &SignoffPage) -> Option<ActionForm> {
        if self.taking_back != TakingBack::Possible {
            return None;
        }
        let w = page.words;
        let form = Fill::new(page, "take_back", self.id.as_str());
        let tick = Field::check("confirm", fill(w.take_back_tick, &[("account", &self.name)]));
        let asked = ActionForm {
            label: w.take_back.into(),
            about: self.name.clone(),
            explain: w.take_back_explain.into(),
            fields: vec![tick.error(form.error("confirm"))],
            button: w.take_back_button.into(),
            danger: true,
            ..form.of(page, self, Vec::new())
        };
        Some(asked.in_words(words(page)))
    }

    pub(super) fn ask(&self, page: &SignoffPage) -> ActionForm {
        let w = page.words;
        let form = Fill::new(page, "ask", self.id.as_str());
        let none = [Choice::new("", w.topic_choose)].into_iter();
        let known = TOPICS.iter().filter_map(|value| Some(Choice::new(*value, topic(w, value)?)));
        let about = Field::select("topic", w.ask_topic, form.value("topic", ""), none.chain(known).collect());
        ActionForm {
            explain: fill(w.ask_explain, &[("email", &page.email)]),
            label: w.ask.into(),
            about: self.name.clone(),
            button: w.ask_button.into(),
            fields: vec![
                about.error(form.error("topic")),
                form.text("question", w.ask_label, "").control(Control::Area),
            ],
            ..form.of(page, self, Vec::new())
        }
        .in_words(words(page))
    }
}

pub(super) fn words(page: &SignoffPage) -> FormWords {
    FormWords { error: page.words.error, optional: page.words.optional }
}

/// One form, with what was typed into it when it was refused.
pub(super) struct Fill<'a> {
    words: &'static DirectorPhrases,
    act: &'static str,
    id: &'a str,
    typed: Option<&'a Typed>,
}

impl<'a> Fill<'a> {
    pub(super) fn new(page: &'a SignoffPage, act: &'static str, id: &'a str) -> Fill<'a> {
        let typed = page.typed.as_ref().filter(|typed| typed.act == act && typed.id == id);
        Fill { words: page.words, act, id, typed }
    }

    fn of(&self, page: &SignoffPage, account: &AccountCard, mut hidden: Vec<(&'static str, String)>) -> ActionForm {
        hidden.insert(0, ("account", account.id.to_string()));
        ActionForm {
            id: format!("{}-{}", self.act, self.id),
            action: page.action.clone(),
            act: self.act,
            hidden,
            ..ActionForm::default()
        }
    }

    pub(super) fn error(&self, name: &str) -> Option<String> {
        let wrong = self.typed?.errors.iter().find(|(field, _)| *field == name)?;
        Some(wrong.1.clone())
    }

    pub(super) fn value(&self, name: &str, own: &str) -> String {
        self.typed.map_or(own, |typed| typed.fields.get(name)).to_string()
    }

    pub(super) fn text(&self, name: &'static str, label: &str, own: &str) -> Field {
        Field::text(name, label, self.value(name, own)).error(self.error(name))
    }

    /// The particulars of a person. `choose`: the role has to be chosen.
    fn person(&self, row: &NameRow, own_role: &str, choose: bool) -> Vec<Field> {
        let w = self.words;
        let none = choose.then(|| Choice::new("", "–"));
        let roles = Role::ALL.iter().map(|r| Choice::new(r.as_str(), role(w, *r)));
        let email = self.text("email", w.email, &row.email).control(Control::Email);
        let select =
            Field::select("role", w.role, self.value("role", own_role), none.into_iter().chain(roles).collect());
        vec![
            self.text("first_name", w.first_name, &row.first_name),
            self.text("last_name", w.last_name, &row.last_name),
            email,
            self.text("job_title", w.job_title, &row.job_title).optional(),
            select.error(self.error("role")),
        ]
    }
}

impl SignoffPage {
    /// What is wrong with the ticks of the form for several accounts, or, if `ticks` is false, with what was typed into it.
    pub(super) fn together_refusal(&self, ticks: bool) -> Option<&str> {
        let typed = self.typed.as_ref().filter(|typed| typed.act == "sign_together")?;
        let wrong = typed.errors.iter().find(|(field, _)| (*field == "lists") == ticks)?;
        Some(wrong.1.as_str())
    }

    /// What was typed as the number of names; a code is not shown again.
    pub(super) fn together_typed(&self) -> &str {
        let typed = self.typed.as_ref().filter(|t| t.act == "sign_together");
        typed.map_or("", |t| t.fields.get("count"))
    }
}
