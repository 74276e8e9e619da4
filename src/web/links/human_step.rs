//! The human step on a director's page: which one an account asks for, the code that is mailed, and the signature that can be taken back.

use crate::base::address::key_of;
use crate::rules::round::HumanStep;
use crate::rules::signoff::delegation::Signer;
use crate::rules::signoff::human_step::{MOST_IN_A_DAY, NotNow, NotTyped, TRIES, Typed};
use crate::rules::signoff::{SignLevel, Standing};
use crate::steps::signoff::signing::human_step::step_of;
use crate::steps::signoff::{SheetAccount, SignOffSheet};
use crate::store::signoff::Signature;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::phrases::fill;

use super::here::Here;
use super::views::human_step::{SigningStep, TakingBack};
use super::views::signoff::AccountCard;

pub fn of_card(sheet: &SignOffSheet, a: &SheetAccount, here: &Here) -> SigningStep {
    let code = sheet.code.as_ref().filter(|code| code.accounts.contains(&a.account.id));
    SigningStep {
        step: step_of(&sheet.live.spec.signoff, &a.account),
        email: sheet.request.email.as_str().into(),
        until: code.map_or_else(String::new, |code| here.moment(code.until)),
    }
}

/// Of several accounts together. `coded`: one of them that asks for a code.
pub fn of_several(sheet: &SignOffSheet, coded: Option<&SheetAccount>, here: &Here) -> SigningStep {
    match coded {
        Some(a) => of_card(sheet, a, here),
        None => {
            SigningStep { step: HumanStep::Count, email: sheet.request.email.as_str().into(), until: String::new() }
        }
    }
}

/// Why the list of this account, shown under this fingerprint, is nothing to sign for the reader: said before the order looks at the list as
/// it is then. What he has signed already is told by the order.
pub fn not_to_sign(words: &DirectorPhrases, card: &AccountCard, shown: &str) -> Option<String> {
    let phrase = if card.fingerprint != shown {
        words.changed_meanwhile
    } else if card.to_sign() && card.is_first_by_himself {
        words.first_by_himself
    } else if !card.to_sign() && !card.is_signed_as_shown {
        words.not_waiting
    } else {
        return None;
    };
    Some(fill(phrase, &[("account", &card.name)]))
}

/// Whether its reader has given the first signature as its account director: the second one is somebody else's.
pub fn is_first_by_himself(sheet: &SignOffSheet, a: &SheetAccount) -> bool {
    let request = &sheet.request;
    let first = a.signatures.iter().rev().find(|s| s.level == SignLevel::Director);
    let own = |s: &Signature| key_of(Signer::read(&s.signed_by).email) == request.email.key();
    request.level == SignLevel::SalesDirector && request.stands_in.0 && first.is_some_and(own)
}

/// Whether somebody has signed the list as it is now at the level of its reader.
pub fn is_signed_as_shown(sheet: &SignOffSheet, a: &SheetAccount) -> bool {
    a.signatures.iter().any(|s| s.level == sheet.request.level && s.fingerprint == a.account.fingerprint)
}

/// Why what was typed signs nothing. `account`: whose list it was; none where it was for several.
pub fn not_signed(words: &DirectorPhrases, account: Option<&str>, email: &str, why: &NotTyped) -> String {
    let n = |n: i64| n.to_string();
    match (why, account) {
        (NotTyped::NoNumber, Some(account)) => fill(words.count_missing, &[("account", account)]),
        (NotTyped::NoNumber, None) => words.together_missing.into(),
        (NotTyped::OtherNumber(typed), account) => {
            let typed: String = typed.chars().take(80).collect();
            let phrase = if account.is_some() { words.count_wrong } else { words.together_wrong };
            fill(phrase, &[("account", account.unwrap_or_default()), ("typed", &typed)])
        }
        (NotTyped::Code(typed), _) => match typed {
            Typed::Fits | Typed::Nothing => words.code_missing.into(),
            Typed::NoneWasSent => fill(words.code_none_sent, &[("email", email)]),
            Typed::NotSixDigits => words.code_not_six.into(),
            Typed::Over => words.code_over.into(),
            Typed::TriesUsedUp | Typed::Wrong { left: 0 } => fill(words.code_used_up, &[("n", &n(TRIES))]),
            Typed::ForOthers => words.code_for_others.into(),
            Typed::Wrong { left } => {
                words.counted(usize::try_from(*left).unwrap_or(0), words.code_wrong_one, words.code_wrong_many)
            }
        },
    }
}

/// Why no code was sent.
pub fn not_sent(words: &DirectorPhrases, email: &str, why: NotNow) -> String {
    match why {
        NotNow::JustSent => fill(words.code_just_sent, &[("email", email)]),
        NotNow::EnoughForADay => fill(words.code_enough, &[("email", email), ("n", &MOST_IN_A_DAY.to_string())]),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_said_whole_in_every_language() {
        let codes = [
            Typed::Nothing,
            Typed::NotSixDigits,
            Typed::NoneWasSent,
            Typed::Over,
            Typed::TriesUsedUp,
            Typed::ForOthers,
            Typed::Wrong { left: 0 },
            Typed::Wrong { left: 1 },
            Typed::Wrong { left: 4 },
        ];
        let numbers = [NotTyped::NoNumber, NotTyped::OtherNumber("12".into())];
        let all: Vec<NotTyped> = codes.into_iter().map(NotTyped::Code).chain(numbers).collect();
        let said = |language: &str| {
            let words = DirectorPhrases::of(language);
            let mut said: Vec<String> = Vec::new();
            for why in &all {
                said.extend([Some("Globex"), None].map(|account| not_signed(words, account, "ann@p.example", why)));
            }
            said.extend([NotNow::JustSent, NotNow::EnoughForADay].map(|why| not_sent(words, "ann@p.example", why)));
            said
        };
        for language in ["en", "de", "fr"] {
            for sentence in said(language) {
                assert!(!sentence.contains(['{', '}']) && sentence.ends_with('.'), "{language}: {sentence}");
            }
        }
        assert!(said("en").iter().zip(said("de")).all(|(english, german)| *english != german));
        assert!(
            said("en").contains(
                &"That is not the code of the latest mail. Look at the mail again; you have 1 try left.".into()
            )
        );
    }
}
