//! The forms that settle a repair, made and read: on the page of an account manager, and on an operator's page of the contact.

use crate::base::ids::ContactId;
use crate::rules::contacts::{Role, row::name};
use crate::rules::repair::TaskKind;
use crate::steps::repair::resolution::Resolution;
use crate::steps::repair::successors::Successor;
use crate::store::contacts::Person;
use crate::web::kit::problem::Failure;
use crate::web::kit::views::form::{ActionForm, Choice, Field};

use super::corrections::wrong_address;
use super::fields::Fields;

/// Why a name is dropped: value of the field `why`, label.
pub const DROP_REASONS: [(&str, &str); 3] = [
    ("nobody_follows", "Has left, and nobody follows"),
    ("not_to_ask", "Should not be asked"),
    ("other", "Another reason"),
];

/// What was typed into a form that was not done.
pub struct Typed<'f> {
    pub contact: &'f ContactId,
    pub act: &'f str,
    pub fields: &'f Fields,
    /// By field: what is wrong.
    pub errors: Vec<(&'static str, String)>,
    /// What is asked about the address before it is taken.
    pub questions: Vec<String>,
}

/// The field beside which a refusal stands.
pub fn field_of(act: &str) -> &'static str {
    if matches!(act, "correct_address" | "replace") { "email" } else { "reason" }
}

/// The ways to settle a task about this contact. `csrf`: empty on pages of people who have no session.
pub fn forms(
    p: &Person,
    kind: TaskKind,
    proposed: &str,
    action: &str,
    csrf: &str,
    typed: Option<&Typed<'_>>,
) -> Vec<ActionForm> {
    let forms = Forms { person: p, action, csrf, typed: typed.filter(|t| *t.contact == p.id) };
    match kind {
        TaskKind::Correct => vec![forms.correct(), forms.replace(proposed), forms.drop(), forms.fine(kind)],
        TaskKind::Replace => vec![forms.replace(proposed), forms.drop(), forms.fine(kind)],
    }
}

struct Forms<'a> {
    person: &'a Person,
    action: &'a str,
    csrf: &'a str,
    typed: Option<&'a Typed<'a>>,
}

impl Forms<'_> {
    fn form(&self, act: &'static str, label: &str, explain: &str, button: &str) -> ActionForm {
        ActionForm {
            id: format!("{}-{}", act.replace('_', "-"), self.person.id),
            action: self.action.into(),
            act,
            csrf: self.csrf.into(),
            hidden: vec![("contact", self.person.id.to_string())],
            label: label.into(),
            about: self.person.full_name(),
            explain: explain.into(),
            button: button.into(),
            ..ActionForm::default()
        }
    }

    /// What was typed into this form when it was refused.
    fn of(&self, act: &str) -> Option<&Typed<'_>> {
        self.typed.filter(|t| t.act == act)
    }

    fn value(&self, act: &str, name: &str, own: &str) -> String {
        self.of(act).map_or(own, |t| t.fields.get(name)).to_string()
    }

    fn text(&self, act: &str, name: &'static str, label: &str, own: &str) -> Field {
        let errors = self.of(act).map_or(&[][..], |t| &t.errors);
        let error = errors.iter().find(|(field, _)| *field == name).map(|(_, sentence)| sentence.clone());
        Field::text(name, label, self.value(act, name, own)).error(error)
    }

    /// The address, and what is asked about it.
    fn email(&self, act: &str, label: &str, own: &str) -> Vec<Field> {
        let field = self.text(act, "email", label, own);
        let value = field.value.clone();
        let field = Field { error: field.error.clone(), ..Field::email("email", label, value.clone()) };
        match self.of(act).map(|t| t.questions.join(" ")).filter(|q| !q.is_empty()) {
            Some(question) => vec![
                field.error(Some(format!("{question} Is that right?"))),
                Field::check("sure", format!("Yes, write to {value}")),
            ],
            None => vec![field],
        }
    }

    fn correct(&self) -> ActionForm {
        ActionForm {
            fields: self.email("correct_address", "The right address", ""),
            ..self.form(
                "correct_address",
                "Correct the address",
                "The same person at another address. The account director signs the changed list before anything goes out.",
                "Save the address",
            )
        }
    }

    fn replace(&self, proposed: &str) -> ActionForm {
        let (p, act) = (self.person, "replace");
        let roles = Role::ALL.iter().map(|r| Choice::new(r.as_str(), r.label())).collect();
        let mut fields =
            vec![self.text(act, "first_name", "First name", ""), self.text(act, "last_name", "Last name", "")];
        fields.extend(self.email(act, "E-mail", proposed));
        fields.push(self.text(act, "job_title", "Job title", &p.job_title).optional());
        fields.push(Field::select("role", "Role", self.value(act, "role", p.role.as_str()), roles));
        ActionForm {
            fields,
            ..self.form(
                act,
                "Name a successor",
                &format!("Somebody else who is asked in the place of {}.", p.full_name()),
                "Save the successor",
            )
        }
    }

    fn drop(&self) -> ActionForm {
        let act = "drop";
        let none = [Choice::new("", "Choose a reason")].into_iter();
        let reasons = none.chain(DROP_REASONS.map(|(value, label)| Choice::new(value, label))).collect();
        let error = self.text(act, "why", "", "").error;
        ActionForm {
            fields: vec![
                Field::select("why", "Why?", self.value(act, "why", ""), reasons).error(error),
                self.text(act, "reason", "In a few words", ""),
            ],
            danger: true,
            ..self.form(
                act,
                "Nobody is to be asked",
                "The name comes off the list, and nobody is asked in this place.",
                &format!("Take {} off the list", self.person.full_name()),
            )
        }
    }

    fn fine(&self, kind: TaskKind) -> ActionForm {
        let (label, explain) = match kind {
            TaskKind::Correct => {
                ("The address is right", "For a mailbox that was mended. What it refused goes out again.")
            }
            TaskKind::Replace if self.person.left_at.is_none() => {
                ("Is the right person", "For a call that was misunderstood. What is still right goes out as planned.")
            }
            TaskKind::Replace => {
                ("Has not left", "For a reply that was misread. What is still right goes out as planned.")
            }
        };
        let mut form = self.form("fine", label, explain, label);
        form.hidden.push(("kind", kind.as_str().into()));
        ActionForm { fields: vec![self.text("fine", "reason", "How do you know?", "")], ..form }
    }
}

/// By field: what is wrong with it, in a sentence.
type Errors = Vec<(&'static str, String)>;

/// What a form says to do, and what is wrong with it already.
pub fn read(act: &str, fields: &Fields) -> Result<(Resolution, Errors), Failure> {
    let get = |name: &str| fields.get(name).to_string();
    let mut errors: Errors = fields.too_long().collect();
    let resolution = match act {
        "correct_address" => {
            errors.extend(wrong_address(fields));
            Resolution::Correct { email: get("email") }
        }
        "replace" => {
            let verdict = name::verdict(fields.get("first_name"), fields.get("last_name"));
            if !matches!(verdict, name::NameKind::Name | name::NameKind::Half) {
                errors.push(("last_name", "Write the name of the person who follows.".into()));
            }
            errors.extend(wrong_address(fields));
            Resolution::Replace(Successor {
                first_name: get("first_name"),
                last_name: get("last_name"),
                email: get("email"),
                job_title: get("job_title"),
                role: get("role"),
            })
        }
        "drop" => {
            let reason = DROP_REASONS.iter().find(|(value, _)| *value == fields.get("why"));
            if reason.is_none() {
                errors.push(("why", "Choose a reason.".into()));
            }
            if fields.get("reason").is_empty() {
                errors.push(("reason", "Say it in a few words.".into()));
            }
            let label = reason.map_or("", |(_, label)| label);
            Resolution::Drop { reason: format!("{label}: {}", get("reason")) }
        }
        "fine" => {
            if fields.get("reason").is_empty() {
                errors.push(("reason", "Say how you know.".into()));
            }
            Resolution::Fine { why: get("reason"), of: TaskKind::parse(fields.get("kind")) }
        }
        _ => return Err(Failure::unknown()),
    };
    Ok((resolution, errors))
}
