//! Small forms that do one thing to one thing: correct a name, hold a message, pause a round.
//!
//! Each opens in place below its button, says what it will do before it does it, and shows what was wrong with what was
//! typed beside the field. No dialog and no script: the opening is the confirmation (and a step that mail scanners do not take).

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;

use crate::web::fields::LINES;

#[derive(Clone, Debug, Default, Template)]
#[template(path = "pages/frame/action.html")]
pub struct ActionForm {
    /// Unique on the page; the ids of the fields begin with it.
    pub id: String,
    /// Where it is posted to.
    pub action: String,
    /// The value of the hidden field `act`.
    pub act: &'static str,
    /// Empty on pages for people who have no session.
    pub csrf: String,
    pub hidden: Vec<(&'static str, String)>,
    /// On the button that opens the form.
    pub label: String,
    /// Added to `label` for those who do not see where it stands: the name of the person, for example.
    pub about: String,
    /// What will happen, in a sentence; may be empty.
    pub explain: String,
    pub fields: Vec<Field>,
    /// On the button that does it.
    pub button: String,
    pub danger: bool,
}

impl HtmlSafe for ActionForm {}

#[derive(Clone, Debug, Default)]
pub struct Field {
    pub name: Cow<'static, str>,
    pub label: String,
    pub hint: String,
    pub value: String,
    pub control: Control,
    pub required: bool,
    /// HTML's autocomplete word; empty for none.
    pub autocomplete: &'static str,
    pub error: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub enum Control {
    #[default]
    Text,
    Email,
    Date,
    /// A time of day.
    Time,
    /// A number of things, typed: digits only.
    Number,
    /// More than one line.
    Area,
    /// A whole letter.
    Letter,
    /// Ticked or not: its value is `yes` or empty.
    Check,
    /// One of these; the first may be empty, so that a choice has to be made.
    Select(Vec<Choice>),
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Choice {
        Choice { value: value.into(), label: label.into() }
    }
}

/// A line of the summary at the top of a form that was refused.
#[derive(Clone, Debug)]
pub struct Mistake {
    /// The id of the field.
    pub field: String,
    pub message: String,
}

impl ActionForm {
    /// Open again when something in it was wrong.
    pub fn open(&self) -> bool {
        self.fields.iter().any(|f| f.error.is_some())
    }

    pub fn mistakes(&self) -> Vec<Mistake> {
        let wrong = |f: &Field| {
            f.error.as_ref().map(|m| Mistake { field: format!("{}-{}", self.id, f.name), message: m.clone() })
        };
        self.fields.iter().filter_map(wrong).collect()
    }
}

impl Field {
    pub fn text(name: impl Into<Cow<'static, str>>, label: impl Into<String>, value: impl Into<String>) -> Field {
        Field { name: name.into(), label: label.into(), value: value.into(), required: true, ..Field::default() }
    }

    pub fn email(name: impl Into<Cow<'static, str>>, label: impl Into<String>, value: impl Into<String>) -> Field {
        Field { control: Control::Email, ..Field::text(name, label, value) }
    }

    pub fn select(
        name: impl Into<Cow<'static, str>>,
        label: impl Into<String>,
        value: impl Into<String>,
        choices: Vec<Choice>,
    ) -> Field {
        Field { control: Control::Select(choices), ..Field::text(name, label, value) }
    }

    pub fn check(name: impl Into<Cow<'static, str>>, label: impl Into<String>) -> Field {
        Field { control: Control::Check, ..Field::text(name, label, "") }
    }

    pub fn control(self, control: Control) -> Field {
        Field { control, ..self }
    }

    pub fn hint(self, hint: impl Into<String>) -> Field {
        Field { hint: hint.into(), ..self }
    }

    pub fn optional(self) -> Field {
        Field { required: false, ..self }
    }

    pub fn error(self, error: Option<String>) -> Field {
        Field { error, ..self }
    }

    /// The element's `type`, where it is an `input` of one line.
    pub(super) fn input_type(&self) -> &'static str {
        match self.control {
            Control::Email => "email",
            Control::Date => "date",
            Control::Time => "time",
            _ => "text",
        }
    }

    /// Words of a person, in whatever direction they are written.
    pub(super) fn is_text(&self) -> bool {
        matches!(self.control, Control::Text)
    }

    /// Of a line that is refused when it is longer than what is kept.
    pub(super) fn is_line(&self) -> bool {
        self.is_text() && LINES.contains(&&*self.name)
    }

    pub(super) fn is_letter(&self) -> bool {
        matches!(self.control, Control::Letter)
    }

    /// As wide as what it holds.
    pub(super) fn short(&self) -> bool {
        matches!(self.control, Control::Date | Control::Time)
    }

    pub(super) fn numeric(&self) -> bool {
        matches!(self.control, Control::Number)
    }
}
