//! Small forms that do one thing to one thing: correct a name, hold a message, pause a round.
//!
//! Each opens in place below its button, says what it will do before it does it, and shows what was wrong with what was
//! typed beside the field. No dialog and no script: the opening is the confirmation (and a step that mail scanners do not take).

use std::borrow::Cow;

use askama::Template;
use askama::filters::HtmlSafe;
use chrono::{NaiveDate, NaiveTime};

/// The word of an address under which a form names its places.
pub const PLACES: &str = "at";

/// Fields that hold one line.
pub const LINES: [&str; 9] =
    ["first_name", "last_name", "job_title", "reason", "who", "evidence", "why", "note", "name"];

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
    /// Open from the start: its reader has asked for it.
    pub opened: bool,
    /// Where on the page one stands after it: ids, the first of them that the page then has. The form's own where empty.
    pub places: Vec<String>,
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
    pub words: FormWords,
}

/// What forms say by themselves; English where the page says nothing else.
#[derive(Clone, Copy, Debug)]
pub struct FormWords {
    /// Read out before a mistake.
    pub error: &'static str,
    /// Beside a field that may stay empty.
    pub optional: &'static str,
}

impl Default for FormWords {
    fn default() -> FormWords {
        FormWords { error: "Error:", optional: "(optional)" }
    }
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

/// Says to the forms of each row where they stand: at the row; where it has gone, at the next one; at last at the head of the list.
pub fn in_rows<'f, F: IntoIterator<Item = &'f mut ActionForm>>(
    head: &str,
    rows: impl IntoIterator<Item = (String, F)>,
) {
    let rows: Vec<(String, F)> = rows.into_iter().collect();
    let all: Vec<String> = rows.iter().map(|(place, _)| place.clone()).collect();
    for (number, (_, forms)) in rows.into_iter().enumerate() {
        let next = all.iter().skip(number).take(2).cloned();
        let places: Vec<String> = next.chain([head.to_string()]).collect();
        forms.into_iter().for_each(|form| form.places.clone_from(&places));
    }
}

impl ActionForm {
    /// Where it is posted to, with the places at which its reader may stand afterwards.
    pub(crate) fn address(&self) -> String {
        let own = [self.id.clone()].into_iter().filter(|id| self.places.is_empty() && !id.is_empty());
        let places: Vec<String> = own.chain(self.places.iter().cloned()).collect();
        if places.is_empty() {
            return self.action.clone();
        }
        let joint = if self.action.contains('?') { '&' } else { '?' };
        format!("{}{joint}{PLACES}={}", self.action, places.join(","))
    }

    /// Open again when something in it was wrong.
    pub fn open(&self) -> bool {
        self.opened || self.fields.iter().any(|f| f.error.is_some())
    }

    /// The same form in another language than English.
    pub fn in_words(mut self, words: FormWords) -> ActionForm {
        self.fields.iter_mut().for_each(|field| field.words = words);
        self
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

    /// The element's `type`, where it is an `input` of one line. A browser shows nothing of a value that its type
    /// cannot hold: what was typed is text then.
    pub(crate) fn input_type(&self) -> &'static str {
        match self.control {
            _ if !self.is_held() => "text",
            Control::Email => "email",
            Control::Date => "date",
            Control::Time => "time",
            _ => "text",
        }
    }

    /// Whether a field of this kind can show what stands in it.
    fn is_held(&self) -> bool {
        let value = self.value.as_str();
        match self.control {
            _ if value.is_empty() => true,
            Control::Date => NaiveDate::parse_from_str(value, "%Y-%m-%d").is_ok_and(|day| day.to_string() == value),
            Control::Time => {
                NaiveTime::parse_from_str(value, "%H:%M").is_ok_and(|at| at.format("%H:%M").to_string() == value)
            }
            _ => true,
        }
    }

    /// Words of a person, in whatever direction they are written.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.control, Control::Text)
    }

    /// Of a line that is refused when it is longer than what is kept.
    pub(crate) fn is_line(&self) -> bool {
        self.is_text() && LINES.contains(&&*self.name)
    }

    pub(crate) fn is_letter(&self) -> bool {
        matches!(self.control, Control::Letter)
    }

    /// As wide as what it holds.
    pub(crate) fn short(&self) -> bool {
        matches!(self.control, Control::Date | Control::Time)
    }

    pub(crate) fn numeric(&self) -> bool {
        matches!(self.control, Control::Number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_would_drop_is_shown_as_text() {
        let shown = |control: Control, value: &str| {
            let field = Field::text("f", "Field", value).control(control).error(Some("Write it again.".into()));
            ActionForm { id: "x".into(), fields: vec![field], ..ActionForm::default() }.render().unwrap()
        };
        for (control, typed) in [
            (Control::Time, "25:00"),
            (Control::Time, "9 o'clock"),
            (Control::Time, "9:30"),
            (Control::Date, "31.02."),
            (Control::Date, "2027-02-31"),
            (Control::Date, "2027-2-3"),
            (Control::Date, "tomorrow"),
        ] {
            let page = shown(control, typed);
            let value = typed.replace('\'', "&#39;");
            assert!(page.contains("type=\"text\"") && page.contains(&format!("value=\"{value}\"")), "{typed}: {page}");
        }
        // The twin: what its type can hold keeps the type, and so does an empty field.
        for (control, typed, kind) in [
            (Control::Time, "09:30", "time"),
            (Control::Time, "", "time"),
            (Control::Date, "2028-02-29", "date"),
            (Control::Date, "", "date"),
            (Control::Email, "anna.smith@", "email"),
        ] {
            let page = shown(control, typed);
            assert!(
                page.contains(&format!("type=\"{kind}\"")) && page.contains(&format!("value=\"{typed}\"")),
                "{page}"
            );
        }
    }

    #[test]
    fn forms_of_rows_name_their_row_the_next_one_and_the_head_of_the_list() {
        let mut forms = [ActionForm::default(), ActionForm::default()];
        in_rows("list", ["a", "b"].into_iter().zip(forms.iter_mut()).map(|(id, form)| (id.to_string(), [form])));
        assert_eq!(forms.map(|form| form.address()), ["?at=a,b,list", "?at=b,list"]);
        let own = ActionForm { id: "own".into(), action: "/x?page=2".into(), ..ActionForm::default() };
        assert_eq!(own.address(), "/x?page=2&at=own");
    }
}
