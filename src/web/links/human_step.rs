//! The human step on a director's page: which one an account asks for, the code that is mailed, and the signature that can be taken back.

use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::signoff::human_step::step_of;
use crate::steps::signoff::{SheetAccount, SignOffSheet};

use super::here::Here;
use super::views::human_step::{SigningStep, TakingBack};

pub fn of_card(sheet: &SignOffSheet, a: &SheetAccount, here: &Here) -> SigningStep {
    let code = sheet.code.as_ref().filter(|code| code.accounts.contains(&a.account.id));
    SigningStep {
        step: step_of(&sheet.live.spec.signoff, &a.account),
        email: sheet.request.email.as_str().into(),
        until: code.map_or_else(String::new, |code| here.moment(code.until)),
    }
}

/// Whether a signature of the reader's still covers a name, and can be taken back.
pub fn taking_back(sheet: &SignOffSheet, a: &SheetAccount) -> TakingBack {
    let level = sheet.request.level;
    let is_own = |standing: Standing| {
        standing == Standing::Signed || (level, standing) == (SignLevel::Director, Standing::CounterSign)
    };
    let holds = a.signatures.iter().any(|s| s.level == level) && a.names.iter().any(|p| is_own(p.standing));
    match (holds, a.written_to) {
        (false, _) => TakingBack::NotSigned,
        (true, false) => TakingBack::Possible,
        (true, true) => TakingBack::TooLate,
    }
}
