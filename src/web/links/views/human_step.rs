//! What a signature asks for on its card: the number of names, or a code that is mailed when its reader asks for it. And, under what is
//! signed, the way to take the signature back.

use crate::rules::round::HumanStep;
use crate::web::kit::views::form::{ActionForm, Field};

pub struct SigningStep {
    pub step: HumanStep,
    /// To whom codes are mailed.
    pub email: String,
    /// "Mon 25 Jan, 09:10 in London": how long the code is good that was mailed; empty where none is.
    pub until: String,
    /// The number that was typed, and why it signs nothing. A code is not shown again.
    pub typed: String,
    pub error: Option<String>,
    /// Why no code was mailed.
    pub send_error: Option<String>,
}

impl SigningStep {
    pub fn is_code(&self) -> bool {
        self.step == HumanStep::Code
    }

    pub fn is_code_sent(&self) -> bool {
        self.is_code() && !self.until.is_empty()
    }

    /// There is nothing to type yet.
    pub fn waits_for_code(&self) -> bool {
        self.is_code() && self.until.is_empty()
    }

    /// The name of the field in which it is typed.
    pub fn field(&self) -> &'static str {
        self.step.as_str()
    }
}

/// What becomes of the reader's own signature under a list.
pub enum TakingBack {
    /// There is none.
    NotSigned,
    Possible {
        error: Option<String>,
    },
    /// A letter to somebody of the account has left.
    TooLate,
}

impl TakingBack {
    pub fn is_refused(&self) -> bool {
        matches!(self, TakingBack::Possible { error: Some(_) })
    }

    /// The form; `action`: of the page, `account`: its id and its name.
    pub fn form(&self, action: &str, (id, name): (&str, &str)) -> Option<ActionForm> {
        let TakingBack::Possible { error } = self else { return None };
        Some(ActionForm {
            id: format!("take-back-{id}"),
            action: action.into(),
            act: "take_back",
            label: "Take my signature back".into(),
            about: name.into(),
            explain: "Nobody here is written to until the list is signed again.".into(),
            hidden: vec![("account", id.into())],
            fields: vec![
                Field::check("confirm", format!("Yes, take my signature at {name} back")).error(error.clone()),
            ],
            button: "Take it back".into(),
            danger: true,
            ..ActionForm::default()
        })
    }
}
