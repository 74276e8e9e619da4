//! What a signature asks for on its card: the number of names, or a code that is mailed when its reader asks for it. And, under what is
//! signed, whether the signature can be taken back.

use crate::rules::round::HumanStep;

pub struct SigningStep {
    pub step: HumanStep,
    /// To whom codes are mailed.
    pub email: String,
    /// "Mon 25 Jan, 09:10": how long the code is good that was mailed; empty where none is.
    pub until: String,
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
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum TakingBack {
    /// There is none.
    NotSigned,
    Possible,
    /// A letter to somebody of the account has left.
    TooLate,
}
