//! What an operator can do about a person: the forms of the contact's page, with what was typed when one was refused.

use crate::base::clock::Ts;
use crate::base::sentence::capitalised;
use crate::rules::contacts::Role;
use crate::rules::repair::TaskKind;
use crate::rules::round::RoundState;
use crate::steps::Live;
use crate::steps::completion::told;
use crate::store::calling::Call;
use crate::store::contacts::Person;
use crate::store::repair::tasks::Task;
use crate::web::kit::forms::corrections::{SAME_PERSON, SAME_PERSON_LABEL, SET_ASIDE};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::forms::repair_forms::{self, Typed};
use crate::web::kit::urls;
use crate::web::kit::views::form::{ActionForm, Choice, Control, Field};
use crate::web::kit::views::repair_phrases::RepairPhrases;

/// What was typed into a form that was refused, and why: field, sentence.
pub struct Refused<'f> {
    pub act: &'f str,
    pub typed: &'f Fields,
    pub errors: Vec<(&'static str, String)>,
    /// What is asked about an address before it is taken.
    pub questions: Vec<String>,
}

struct Forms<'a> {
    live: &'a Live,
    csrf: &'a str,
    person: &'a Person,
    refused: Option<&'a Refused<'a>>,
}

/// `task`: what is to be repaired about this person.
pub fn of(
    live: &Live,
    csrf: &str,
    p: &Person,
    now: Ts,
    task: Option<&Task>,
    refused: Option<&Refused<'_>>,
) -> Vec<ActionForm> {
    let forms = Forms { live, csrf, person: p, refused };
    if live.state == RoundState::Closed {
        return forms.said();
    }
    let name = p.full_name();
    let mut all = Vec::new();
    if task.is_some() {
        all.push(ActionForm {
            fields: vec![forms.reason("close_task", "Outcome").hint("What was done elsewhere, or why nothing is.")],
            ..forms.form(
                "close_task",
                "Close the repair",
                "Nobody is asked about this person any more. The list stays as it is.",
                "Close the repair",
            )
        });
    }
    if p.removed_at.is_some() {
        let explain = "The name is signed again before anything is sent to it.";
        all.push(forms.form("restore", "Put back on the list", explain, &format!("Put {name} back")));
        all.extend(forms.said());
        return all;
    }
    all.push(forms.correct());
    all.extend(forms.repair(task));
    all.extend(forms.absence(now));
    let remove = forms.form(
        "remove",
        "Take off the list",
        "Nothing more is sent. The others of the account stay signed.",
        &format!("Take {name} off the list"),
    );
    all.push(ActionForm { fields: vec![forms.reason("remove", "Why")], danger: true, ..remove });
    all.extend(forms.said());
    all
}

/// Takes the latest call to somebody back.
pub fn take_back(live: &Live, csrf: &str, p: &Person, call: &Call) -> ActionForm {
    let said = capitalised(&call.outcome.said(call.day()));
    let forms = Forms { live, csrf, person: p, refused: None };
    let explain = format!("{said}, as {} has noted. What the call has changed is then as it was.", call.made_by);
    ActionForm {
        hidden: vec![("call", call.id.to_string())],
        ..forms.form("take_back_call", "Take the latest call back", &explain, "Take the call back")
    }
}

impl Forms<'_> {
    fn form(&self, act: &'static str, label: &str, explain: &str, button: &str) -> ActionForm {
        ActionForm {
            id: act.into(),
            action: urls::contact(&self.live.slug, &self.person.id),
            act,
            csrf: self.csrf.into(),
            label: label.into(),
            explain: explain.into(),
            button: button.into(),
            ..ActionForm::default()
        }
    }

    /// What was typed, or what is known.
    fn typed(&self, act: &str, name: &str, own: &str) -> String {
        let of_this = self.refused.filter(|r| r.act == act);
        of_this.map_or(own, |r| r.typed.get(name)).to_string()
    }

    fn text(&self, act: &str, name: &'static str, label: &str, own: &str) -> Field {
        let errors = self.refused.filter(|r| r.act == act).map_or(&[][..], |r| &r.errors);
        let error = errors.iter().find(|(field, _)| *field == name).map(|(_, sentence)| sentence.clone());
        Field::text(name, label, self.typed(act, name, own)).error(error)
    }

    fn reason(&self, act: &str, label: &str) -> Field {
        self.text(act, "reason", label, "")
    }

    /// Not this round, never again, or a new consent that ends either.
    fn said(&self) -> Vec<ActionForm> {
        let (p, name, mut all) = (self.person, self.person.full_name(), Vec::new());
        let for_whom = "For somebody who asked us so by mail or phone.";
        if !p.is_opted_out() && p.removed_at.is_none() && self.live.state != RoundState::Closed {
            let explain = format!("{for_whom} Nothing more is sent in this round; the next one asks again.");
            let form =
                self.form("opt_out_round", "Not in this round", &explain, &format!("Leave {name} out of this round"));
            all.push(ActionForm {
                fields: vec![self.reason("opt_out_round", "How we were asked")],
                danger: true,
                ..form
            });
        }
        if p.objected_at.is_none() {
            let explain = format!("{for_whom} It holds in this and every later round of {}.", self.live.spec.client);
            let form = self.form("opt_out", "Never write again", &explain, &format!("Never write to {name} again"));
            all.push(ActionForm { fields: vec![self.reason("opt_out", "How we were asked")], danger: true, ..form });
        }
        if p.is_opted_out() {
            let explain =
                "Only where the person has said so since. It ends the opt-out, and what is right is planned again.";
            let fields = vec![
                self.text("consent", "who", "Who said so", ""),
                self.text("consent", "when", "On which day", "").control(Control::Date),
                self.reason("consent", "How, and where it can be seen").hint("The mail, or the note of the call."),
            ];
            let form =
                self.form("consent", "Record a new consent", explain, &format!("{name} may be written to again"));
            all.push(ActionForm { fields, ..form });
        }
        all
    }

    fn correct(&self) -> ActionForm {
        let p = self.person;
        let answered = told::may_have_answered(self.live, p);
        let same =
            Field { value: self.typed("correct", SAME_PERSON, ""), ..Field::check(SAME_PERSON, SAME_PERSON_LABEL) };
        let again =
            "The name is signed again before anything more is sent to it; the others of the account stay signed.";
        let roles = Role::ALL.iter().map(|r| Choice::new(r.as_str(), r.label())).collect();
        ActionForm {
            fields: vec![
                self.text("correct", "first_name", "First name", &p.first_name),
                self.text("correct", "last_name", "Last name", &p.last_name),
                self.text("correct", "email", "E-mail", p.email.as_str()).control(Control::Email),
                self.text("correct", "job_title", "Job title", &p.job_title).optional(),
                Field::select("role", "Role", self.typed("correct", "role", p.role.as_str()), roles),
                self.reason("correct", "Why"),
            ]
            .into_iter()
            .chain(answered.then_some(same))
            .collect(),
            ..self.form(
                "correct",
                "Correct",
                &if answered { format!("{again} {SET_ASIDE}") } else { again.to_string() },
                "Save the correction",
            )
        }
    }

    /// A successor for who cannot be reached; that an address is right after all.
    fn repair(&self, task: Option<&Task>) -> Vec<ActionForm> {
        let p = self.person;
        let kind = match (p.left_at, p.undeliverable_at) {
            _ if p.completed_at.is_some() => return Vec::new(),
            (Some(_), _) => TaskKind::Replace,
            _ if task.is_some_and(|task| task.kind == TaskKind::Replace) => TaskKind::Replace,
            (None, Some(_)) => TaskKind::Correct,
            (None, None) => return Vec::new(),
        };
        let proposed = task.and_then(|t| t.proposed.lines().next()).unwrap_or("");
        let typed = self.refused.map(|r| Typed {
            contact: &p.id,
            act: r.act,
            fields: r.typed,
            errors: r.errors.clone(),
            questions: r.questions.clone(),
        });
        let action = urls::contact(&self.live.slug, &p.id);
        let right = kind == TaskKind::Correct || p.left_at.is_none();
        let wanted = |form: &ActionForm| form.act == "replace" || (form.act == "fine" && right);
        let all = repair_forms::forms(RepairPhrases::of("en"), (p, kind, proposed), &action, self.csrf, typed.as_ref());
        all.into_iter().filter(wanted).collect()
    }

    /// Away, there again, gone for good, not gone after all.
    fn absence(&self, now: Ts) -> Vec<ActionForm> {
        let (p, name) = (self.person, self.person.full_name());
        if p.left_at.is_some() {
            let explain = "What is still right is planned again, and nobody is asked for a successor.";
            return vec![self.form("stays", "Has not left after all", explain, &format!("{name} has not left"))];
        }
        let away = p.absent_until.filter(|until| *until > now);
        let mut all = vec![ActionForm {
            fields: vec![
                self.text("away", "until", "Last day away", "").control(Control::Date),
                self.reason("away", "How we know"),
            ],
            ..self.form(
                "away",
                "Away until",
                "The next message waits for the first working day after it.",
                "Note the absence",
            )
        }];
        if away.is_some() {
            all.push(self.form(
                "is_back",
                "Is back",
                "What is still right is planned at once.",
                &format!("{name} is back"),
            ));
        }
        all.push(ActionForm {
            fields: vec![self.reason("left", "How we know")],
            danger: true,
            ..self.form(
                "left",
                "Has left the company",
                "Nothing more is sent, and a successor is to be found.",
                &format!("{name} has left"),
            )
        });
        all
    }
}
