//! The forms that settle a repair, made and read: on the page of an account manager, and on an operator's page of the contact.

use crate::base::ids::ContactId;
use crate::rules::contacts::{Role, row::name};
use crate::rules::repair::TaskKind;
use crate::rules::text::typed::LONGEST_LINE;
use crate::steps::repair::resolution::Resolution;
use crate::steps::repair::successors::Successor;
use crate::store::contacts::Person;
use crate::web::kit::problem::Failure;
use crate::web::kit::views::form::{ActionForm, Choice, Field, FormWords};
use crate::web::kit::views::phrases::fill;
use crate::web::kit::views::repair_phrases::RepairPhrases;

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

/// The ways to settle a task about this contact, in these words. `csrf`: empty on pages of people who have no session.
pub fn forms(
    w: &'static RepairPhrases,
    (p, kind, proposed): (&Person, TaskKind, &str),
    action: &str,
    csrf: &str,
    typed: Option<&Typed<'_>>,
) -> Vec<ActionForm> {
    let forms = Forms { w, person: p, action, csrf, typed: typed.filter(|t| *t.contact == p.id) };
    let all = match kind {
        TaskKind::Correct => vec![forms.correct(), forms.replace(proposed), forms.drop(), forms.fine(kind)],
        TaskKind::Replace => vec![forms.replace(proposed), forms.drop(), forms.fine(kind)],
    };
    let words = FormWords { error: w.error, optional: w.optional };
    all.into_iter().map(|form| form.in_words(words)).collect()
}

/// What a role is called.
pub fn role(w: &RepairPhrases, role: Role) -> &'static str {
    match role {
        Role::KeyDecisionMaker => w.role_decider,
        Role::Influencer => w.role_influencer,
        Role::OperationalContact => w.role_operational,
        Role::Unknown => w.role_unknown,
    }
}

/// Why a name is dropped, as the page says it; what is kept says it as [`DROP_REASONS`].
pub fn drop_reason(w: &RepairPhrases, value: &str) -> &'static str {
    match value {
        "nobody_follows" => w.nobody_follows,
        "not_to_ask" => w.not_to_ask,
        _ => w.other_reason,
    }
}

struct Forms<'a> {
    w: &'static RepairPhrases,
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
                field.error(Some(fill(self.w.is_right, &[("question", &question)]))),
                Field::check("sure", fill(self.w.sure, &[("email", &value)])),
            ],
            None => vec![field],
        }
    }

    fn correct(&self) -> ActionForm {
        ActionForm {
            fields: self.email("correct_address", self.w.right_address, ""),
            ..self.form("correct_address", self.w.correct, self.w.correct_explain, self.w.correct_button)
        }
    }

    fn replace(&self, proposed: &str) -> ActionForm {
        let (p, act, w) = (self.person, "replace", self.w);
        let roles = Role::ALL.iter().map(|r| Choice::new(r.as_str(), role(w, *r))).collect();
        let mut fields =
            vec![self.text(act, "first_name", w.first_name, ""), self.text(act, "last_name", w.last_name, "")];
        fields.extend(self.email(act, w.email, proposed));
        fields.push(self.text(act, "job_title", w.job_title, &p.job_title).optional());
        fields.push(Field::select("role", w.role, self.value(act, "role", p.role.as_str()), roles));
        ActionForm {
            fields,
            ..self.form(act, w.replace, &fill(w.replace_explain, &[("name", &p.full_name())]), w.replace_button)
        }
    }

    fn drop(&self) -> ActionForm {
        let (act, w) = ("drop", self.w);
        let none = [Choice::new("", w.choose_reason)].into_iter();
        let reasons = none.chain(DROP_REASONS.map(|(value, _)| Choice::new(value, drop_reason(w, value)))).collect();
        let error = self.text(act, "why", "", "").error;
        ActionForm {
            fields: vec![
                Field::select("why", w.why, self.value(act, "why", ""), reasons).error(error),
                self.text(act, "reason", w.few_words, ""),
            ],
            danger: true,
            ..self.form(act, w.drop, w.drop_explain, &fill(w.drop_button, &[("name", &self.person.full_name())]))
        }
    }

    fn fine(&self, kind: TaskKind) -> ActionForm {
        let w = self.w;
        let (label, explain) = match kind {
            TaskKind::Correct => (w.fine_address, w.fine_address_explain),
            TaskKind::Replace if self.person.left_at.is_none() => (w.fine_person, w.fine_person_explain),
            TaskKind::Replace => (w.fine_stays, w.fine_stays_explain),
        };
        let mut form = self.form("fine", label, explain, label);
        form.hidden.push(("kind", kind.as_str().into()));
        ActionForm { fields: vec![self.text("fine", "reason", w.how_known, "")], ..form }
    }
}

fn too_long(w: &RepairPhrases) -> String {
    fill(w.too_long, &[("most", &LONGEST_LINE.to_string())])
}

/// What is said in English says more; whoever reads another language reads his own.
pub fn in_words(w: &RepairPhrases, english: String, own: String) -> String {
    if w.code == "en" { english } else { own }
}

/// By field: what is wrong with it, in a sentence.
type Errors = Vec<(&'static str, String)>;

/// What a form says to do, and what is wrong with it already.
pub fn read(act: &str, fields: &Fields, w: &RepairPhrases) -> Result<(Resolution, Errors), Failure> {
    let get = |name: &str| fields.get(name).to_string();
    let mut errors: Errors = fields.too_long().map(|(field, said)| (field, in_words(w, said, too_long(w)))).collect();
    let wrong_address = || {
        let sentence = fill(w.wrong_email, &[("email", fields.get("email"))]);
        wrong_address(fields).map(|(field, said)| (field, in_words(w, said, sentence)))
    };
    let resolution = match act {
        "correct_address" => {
            errors.extend(wrong_address());
            Resolution::Correct { email: get("email") }
        }
        "replace" => {
            let verdict = name::verdict(fields.get("first_name"), fields.get("last_name"));
            if !matches!(verdict, name::NameKind::Name | name::NameKind::Half) {
                errors.push(("last_name", w.needs_name.into()));
            }
            errors.extend(wrong_address());
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
                errors.push(("why", w.needs_reason.into()));
            }
            if fields.get("reason").is_empty() {
                errors.push(("reason", w.needs_words.into()));
            }
            let label = reason.map_or("", |(_, label)| label);
            Resolution::Drop { reason: format!("{label}: {}", get("reason")) }
        }
        "fine" => {
            if fields.get("reason").is_empty() {
                errors.push(("reason", w.needs_how.into()));
            }
            Resolution::Fine { why: get("reason"), of: TaskKind::parse(fields.get("kind")) }
        }
        _ => return Err(Failure::unknown()),
    };
    Ok((resolution, errors))
}
