//! The page on which an account director signs the names of his accounts, and the sales director counter-signs; read on
//! a phone, once a year.
//!
//! The first line says what to do. Signing needs the number of names to be typed, which is counted from the list, or a mailed code; so no
//! scanner that presses buttons signs anything. Every other form needs a choice or a reason before it changes something.

use askama::Template;

use crate::base::ids::{AccountId, ContactId};
use crate::rules::contacts::Role;
use crate::web::kit::forms::corrections::{SAME_PERSON, SAME_PERSON_LABEL, SET_ASIDE};
use crate::web::kit::views::address_link::AddressLink;
use crate::web::kit::views::form::{ActionForm, Choice, Field, Mistake};
use crate::web::kit::views::frame::{Letter, Status, plural};

use super::human_step::{SigningStep, TakingBack};

/// GET and POST `/sign-off/{token}`.
#[derive(Template)]
#[template(path = "pages/signoff/director.html")]
pub struct SignoffPage {
    pub letter: Letter,
    pub action: String,
    /// What the assessment is called.
    pub title: String,
    /// Of the person who opened the page.
    pub director: String,
    /// This is the sales director's page: every list has been signed by its account director already.
    pub counter: bool,
    /// In which language what is known of the round before is said; the rest of the page is in English.
    pub language: &'static str,
    /// What hangs on the signature and until when, in a sentence.
    pub by_when: String,
    /// What the people get whose names are signed, in a sentence.
    pub letters: String,
    /// In the order of their names.
    pub accounts: Vec<AccountCard>,
    /// Who has accounts now that were the reader's, and which.
    pub handed_over: Vec<(String, String)>,
    /// Who stands in the list and could not be read, one a line.
    pub left_out: Vec<String>,
    /// "Record 1f3a 90bc ..., entry 12": where the journal of the round ends; empty before the first signature.
    pub record: String,
    /// What the last POST did.
    pub done: Option<Done>,
}

/// What was done, said where its reader stands: the id of a row, of a form or of an account.
pub struct Done {
    pub text: String,
    pub place: String,
}

pub struct AccountCard {
    pub id: AccountId,
    pub name: String,
    pub strategic: bool,
    pub state: CardState,
    /// Of the exact list shown: a signature under another list is refused.
    pub fingerprint: String,
    pub names: Vec<NameRow>,
    pub removed: Vec<RemovedName>,
    pub step: SigningStep,
    pub taking_back: TakingBack,
}

pub enum CardState {
    ToSign,
    /// Signed before, and the list was changed since: what changed, in a sentence.
    Changed {
        what: String,
    },
    /// By an account director, waiting for the reader of this page (who counter-signs).
    ToCounterSign {
        by: String,
        by_email: String,
        when: String,
    },
    /// By the reader, waiting for the sales director.
    WaitingCounter {
        when: String,
        sales_director: String,
    },
    Signed {
        by: String,
        when: String,
    },
}

pub struct NameRow {
    pub id: ContactId,
    pub first_name: String,
    pub last_name: String,
    pub job_title: String,
    /// `key_decision_maker`, ...
    pub role: Role,
    pub email: String,
    /// In plain words: "The address anna@gmail.com is a private one."
    pub findings: Vec<String>,
    /// "German, Austria"; empty when not known.
    pub place: String,
    /// "Corrected since the list was signed."; empty when nothing is different.
    pub changed: String,
    /// What came of him in the round before, in the language of the round; empty where there was none.
    pub last_time: String,
    /// Something was answered by the link of this name.
    pub answered: bool,
    /// What was typed into a form that was refused.
    pub draft: Option<Draft>,
    pub remove_error: Option<String>,
}

/// A correction that was refused: its values and, by field name, what is wrong.
#[derive(Default)]
pub struct Draft {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub job_title: String,
    pub role: String,
    pub reason: String,
    pub errors: Vec<(&'static str, String)>,
}

pub struct RemovedName {
    pub id: ContactId,
    pub full_name: String,
    /// "left the company, removed by you on Tue 2 Feb".
    pub why: String,
    pub restore_error: Option<String>,
}

/// Why a name is removed: value of the field `reason`, label.
pub const REMOVAL_REASONS: [(&str, &str); 5] = [
    ("left_company", "Left the company"),
    ("wrong_person", "Wrong person for this"),
    ("not_now", "Not a good moment to ask this person"),
    ("duplicate", "Is on the list twice"),
    ("other", "Another reason"),
];

impl NameRow {
    pub fn place(&self) -> String {
        format!("name-{}", self.id)
    }

    pub fn full_name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_string()
    }

    fn correct(&self, page: &SignoffPage, account: &AccountCard) -> ActionForm {
        let draft = self.draft.as_ref();
        let typed = |name: &str, draft_value: fn(&Draft) -> &String, own: &str| {
            let error = draft
                .and_then(|d| d.errors.iter().find(|(field, _)| *field == name))
                .map(|(_, message)| message.clone());
            (draft.map_or(own.to_string(), |d| draft_value(d).clone()), error)
        };
        let (first, first_error) = typed("first_name", |d| &d.first_name, &self.first_name);
        let (last, last_error) = typed("last_name", |d| &d.last_name, &self.last_name);
        let (email, email_error) = typed("email", |d| &d.email, &self.email);
        let (job, job_error) = typed("job_title", |d| &d.job_title, &self.job_title);
        let (role, role_error) = typed("role", |d| &d.role, self.role.as_str());
        let (reason, reason_error) = typed("reason", |d| &d.reason, "");
        let roles = Role::ALL.iter().map(|r| Choice::new(r.as_str(), r.label())).collect();
        let same = Field::check(SAME_PERSON, SAME_PERSON_LABEL);
        ActionForm {
            id: format!("correct-{}", self.id),
            explain: if self.answered { SET_ASIDE.into() } else { String::new() },
            label: "Correct".into(),
            button: "Save the correction".into(),
            fields: vec![
                Field::text("first_name", "First name", first).error(first_error),
                Field::text("last_name", "Last name", last).error(last_error),
                Field::email("email", "E-mail", email).error(email_error),
                Field::text("job_title", "Job title", job).optional().error(job_error),
                Field::select("role", "Role", role, roles).error(role_error),
                Field::text("reason", "What is corrected?", reason)
                    .hint("A few words, for example: new job, name misspelt.")
                    .error(reason_error),
            ]
            .into_iter()
            .chain(self.answered.then_some(same))
            .collect(),
            ..self.form(page, account, "correct")
        }
    }

    fn remove(&self, page: &SignoffPage, account: &AccountCard) -> ActionForm {
        let none = [Choice::new("", "Choose a reason")].into_iter();
        let reasons = none.chain(REMOVAL_REASONS.map(|(value, label)| Choice::new(value, label))).collect();
        ActionForm {
            id: format!("remove-{}", self.id),
            label: "Remove".into(),
            button: format!("Remove {} from the list", self.full_name()),
            fields: vec![Field::select("reason", "Why?", "", reasons).error(self.remove_error.clone())],
            danger: true,
            ..self.form(page, account, "remove")
        }
    }

    fn form(&self, page: &SignoffPage, account: &AccountCard, act: &'static str) -> ActionForm {
        let hidden = vec![
            ("account", account.id.to_string()),
            ("contact", self.id.to_string()),
            ("fingerprint", account.fingerprint.clone()),
        ];
        ActionForm { action: page.action.clone(), act, about: self.full_name(), hidden, ..ActionForm::default() }
    }
}

impl RemovedName {
    fn restore(&self, page: &SignoffPage, account: &AccountCard) -> ActionForm {
        ActionForm {
            id: format!("restore-{}", self.id),
            action: page.action.clone(),
            act: "restore",
            label: "Put back".into(),
            about: self.full_name.clone(),
            hidden: vec![
                ("account", account.id.to_string()),
                ("contact", self.id.to_string()),
                ("fingerprint", account.fingerprint.clone()),
            ],
            fields: vec![
                Field::check("confirm", format!("Yes, put {} back on the list", self.full_name))
                    .error(self.restore_error.clone()),
            ],
            button: "Put back".into(),
            ..ActionForm::default()
        }
    }
}

impl AccountCard {
    fn open(&self) -> bool {
        matches!(self.state, CardState::ToSign | CardState::Changed { .. })
    }

    fn to_sign(&self) -> bool {
        self.open() || matches!(self.state, CardState::ToCounterSign { .. })
    }

    pub fn place(&self) -> String {
        format!("account-{}", self.id)
    }

    /// A name is not back yet, for want of a tick.
    fn restoring(&self) -> bool {
        self.removed.iter().any(|n| n.restore_error.is_some())
    }

    /// The id of the form that signs; of what there is instead.
    pub fn sign_place(&self) -> String {
        match (self.to_sign() && !self.names.is_empty(), self.step.waits_for_code()) {
            (true, false) => format!("sign-{}", self.id),
            (true, true) => self.code_place(),
            (false, _) => self.place(),
        }
    }

    /// Of the form that mails a code.
    pub fn code_place(&self) -> String {
        format!("code-{}", self.id)
    }

    /// Of the field in which the human step is typed.
    fn typed_place(&self) -> String {
        format!("{}-{}", if self.step.is_code() { "digits" } else { "count" }, self.id)
    }

    fn take_back(&self, page: &SignoffPage) -> Option<ActionForm> {
        self.taking_back.form(&page.action, (self.id.as_str(), &self.name))
    }

    fn is_signed_for_good(&self) -> bool {
        matches!(self.taking_back, TakingBack::TooLate)
    }

    /// One of the places of this account that is no row.
    pub fn place_of(&self, wanted: &str) -> String {
        if wanted == format!("sign-{}", self.id) || wanted == self.code_place() {
            self.sign_place()
        } else {
            self.place()
        }
    }

    pub fn count(&self) -> String {
        plural(self.names.len(), "name", "names")
    }

    fn status(&self) -> Status {
        match &self.state {
            CardState::ToSign => Status::attention("To sign"),
            CardState::Changed { .. } => Status::attention("To sign again"),
            CardState::ToCounterSign { .. } => Status::attention("To counter-sign"),
            CardState::WaitingCounter { .. } => Status::waiting("Waiting for the sales director"),
            CardState::Signed { .. } => Status::good("Signed"),
        }
    }

    fn to_check(&self) -> Vec<&NameRow> {
        self.names.iter().filter(|n| !n.findings.is_empty()).collect()
    }

    fn count_to_check(&self) -> String {
        plural(self.to_check().len(), "name", "names")
    }

    fn count_removed(&self) -> String {
        plural(self.removed.len(), "name", "names")
    }

    fn sign_label(&self) -> String {
        let verb = if matches!(self.state, CardState::ToCounterSign { .. }) { "Counter-sign" } else { "Sign off" };
        format!("{verb} {} at {}", self.count(), self.name)
    }

    fn mistakes(&self, page: &SignoffPage) -> Vec<Mistake> {
        let named = |n: &NameRow, m: Mistake| Mistake { message: format!("{}: {}", n.full_name(), m.message), ..m };
        let of_name = |n: &NameRow| -> Vec<Mistake> {
            let forms = [n.correct(page, self), n.remove(page, self)];
            forms.iter().flat_map(ActionForm::mistakes).map(|m| named(n, m)).collect()
        };
        let at = |field: String, error: &Option<String>| error.clone().map(|message| Mistake { field, message });
        let count = at(self.typed_place(), &self.step.error);
        let not_sent = at(self.code_place(), &self.step.send_error);
        let kept = self.take_back(page).iter().flat_map(ActionForm::mistakes).collect::<Vec<_>>();
        let of_gone = |n: &RemovedName| -> Vec<Mistake> {
            let all = n.restore(page, self).mistakes().into_iter();
            all.map(|m| Mistake { message: format!("{}: {}", n.full_name, m.message), ..m }).collect()
        };
        let names = self.names.iter().flat_map(of_name).chain(self.removed.iter().flat_map(of_gone));
        names.chain(not_sent).chain(count).chain(kept).collect()
    }
}

impl SignoffPage {
    fn mistakes(&self) -> Vec<Mistake> {
        self.accounts.iter().flat_map(|a| a.mistakes(self)).collect()
    }

    /// What was done, where it was done.
    fn done_at(&self, place: &str) -> Option<&str> {
        self.done.as_ref().filter(|done| done.place == place).map(|done| done.text.as_str())
    }

    /// Those to sign first. The accounts themselves stay in their order, so that a page that was signed does not move.
    fn tasks(&self) -> Vec<&AccountCard> {
        let mut all: Vec<&AccountCard> = self.accounts.iter().collect();
        all.sort_by_key(|a| !a.to_sign());
        all
    }

    /// "2 people could not be read, so they are not asked:".
    fn unread(&self) -> String {
        let they = if self.left_out.len() == 1 { "is" } else { "they are" };
        let verb = if self.left_out.len() == 1 { "and " } else { "so " };
        format!("{} could not be read, {verb}{they} not asked:", plural(self.left_out.len(), "person", "people"))
    }

    fn left(&self) -> Vec<&AccountCard> {
        self.accounts.iter().filter(|a| a.to_sign()).collect()
    }

    /// "2 of 3 accounts signed, 14 names left."
    fn progress(&self) -> String {
        let (left, all) = (self.left(), self.accounts.len());
        let names = left.iter().map(|a| a.names.len()).sum();
        let verb = if self.counter { "counter-signed" } else { "signed" };
        format!(
            "{} of {} {verb}, {} left.",
            all - left.len(),
            plural(all, "account", "accounts"),
            plural(names, "name", "names")
        )
    }

    fn headline(&self) -> String {
        let names = self.left().iter().map(|a| a.names.len()).sum();
        if let (true, [first, others @ ..]) = (self.accounts.is_empty(), self.handed_over.as_slice()) {
            return match others {
                [] => format!("These accounts are now with {}", first.0),
                _ => "These accounts are now with other directors".into(),
            };
        }
        match (self.left().is_empty(), self.counter) {
            (true, _) => format!("All done. Thank you, {}.", self.director),
            (false, false) => format!("Please check {} and sign", plural(names, "name", "names")),
            (false, true) => format!("Please counter\u{2011}sign {}", plural(names, "name", "names")),
        }
    }
}
