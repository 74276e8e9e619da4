//! The human step on a director's page: which one an account asks for, the code that is mailed, and the signature that is taken back.

use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::base::problem::{Problem, Result};
use crate::rules::calendar::zone::Zone;
use crate::rules::journal::Actor;
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::signoff::human_step::{SendCode, step_of};
use crate::steps::signoff::withdrawing::WithdrawSignature;
use crate::steps::signoff::{SheetAccount, SignOffSheet};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::state::Web;
use crate::web::kit::times::exact;

use super::views::human_step::{SigningStep, TakingBack};

pub fn of_card(sheet: &SignOffSheet, a: &SheetAccount, (now, zone): &(Ts, Zone)) -> SigningStep {
    let code = sheet.code.as_ref().filter(|code| code.accounts.contains(&a.account.id));
    SigningStep {
        step: step_of(&sheet.live.spec.signoff, &a.account),
        email: sheet.request.email.as_str().into(),
        until: code.map_or_else(String::new, |code| exact(code.until, *now, zone)),
        typed: String::new(),
        error: None,
        send_error: None,
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
        (true, false) => TakingBack::Possible { error: None },
        (true, true) => TakingBack::TooLate,
    }
}

pub async fn send_code(web: &Web, secret: &str) -> Result<()> {
    web.ctx.order(&Actor::Visitor, SendCode { secret: secret.into() }).await
}

pub async fn take_back(web: &Web, secret: &str, account: &AccountId, fields: &Fields) -> Result<()> {
    if fields.get("confirm") != "yes" {
        return Err(Problem::unusable(
            "Your signature was not taken back.",
            "Tick the box if it is to be taken back, then press the button.",
        ));
    }
    let order = WithdrawSignature { secret: secret.into(), account: account.clone() };
    web.ctx.order(&Actor::Visitor, order).await.map(drop)
}
