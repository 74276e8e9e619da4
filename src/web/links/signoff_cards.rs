//! From what is on a director's sheet to the cards of his page.

use crate::base::clock::Ts;
use crate::rules::calendar::human;
use crate::rules::calendar::zone::Zone;
use crate::rules::signoff::{Change, SignLevel, Standing};
use crate::steps::signoff::{SheetAccount, SignOffSheet};
use crate::store::contacts::Person;
use crate::store::signoff::Signature;
use crate::web::kit::frames::home;
use crate::web::kit::listed::{findings, signer};
use crate::web::kit::names::{country, language};

use super::human_step;
use super::views::signoff::{AccountCard, CardState, NameRow, REMOVAL_REASONS, RemovedName};

/// By name, whatever is signed: a page that was signed does not move under its reader.
pub fn cards(sheet: &SignOffSheet, now: Ts) -> Vec<AccountCard> {
    let here = &(now, home(&sheet.live));
    let accounts = sheet.accounts.iter().filter(|a| !a.names.is_empty() || !a.removed.is_empty());
    accounts.map(|a| card(sheet, a, here)).collect()
}

fn card(sheet: &SignOffSheet, a: &SheetAccount, here: &(Ts, Zone)) -> AccountCard {
    AccountCard {
        id: a.account.id.clone(),
        name: a.account.name.clone(),
        strategic: a.account.strategic.0,
        state: state(sheet, a, here),
        fingerprint: a.account.fingerprint.clone(),
        names: a.names.iter().map(|p| row(sheet, p, &a.changes)).collect(),
        removed: a.removed.iter().map(|p| removed(p, here)).collect(),
        step: human_step::of_card(sheet, a, here),
        taking_back: human_step::taking_back(sheet, a),
    }
}

fn state(sheet: &SignOffSheet, a: &SheetAccount, (now, zone): &(Ts, Zone)) -> CardState {
    let told = |at: Ts| human(at, *now, zone);
    let latest = |level: SignLevel| a.signatures.iter().rev().find(|s| s.level == level);
    let director = latest(SignLevel::Director);
    let by = |s: Option<&Signature>| s.map_or_else(String::new, |s| signer(&s.signed_by));
    let at = |s: Option<&Signature>| s.map_or_else(String::new, |s| told(s.at));
    match (sheet.request.level, a.account.standing) {
        (_, Standing::Unsigned) => match director {
            Some(s) => {
                let named: Vec<String> = a.changes.iter().map(|change| change.sentence("en")).collect();
                let named =
                    if named.is_empty() { "names were added, removed or corrected".into() } else { named.join(", ") };
                let what = format!("{named} since {} signed on {}.", signer(&s.signed_by), told(s.at));
                CardState::Changed { what }
            }
            None => CardState::ToSign,
        },
        (SignLevel::SalesDirector, Standing::CounterSign) => CardState::ToCounterSign {
            by: by(director),
            by_email: a.account.director_email.as_str().into(),
            when: at(director),
        },
        (SignLevel::Director, Standing::CounterSign) => {
            let sales_director = sheet.live.spec.signoff.sales_director.clone();
            CardState::WaitingCounter { when: at(director), sales_director }
        }
        (level, Standing::Signed) => {
            let own = latest(level).or(director);
            CardState::Signed { by: by(own), when: at(own) }
        }
    }
}

fn row(sheet: &SignOffSheet, p: &Person, changes: &[Change]) -> NameRow {
    let place = [language(&p.language), country(&p.country)].into_iter().filter(|t| !t.is_empty());
    let place: Vec<&str> = place.map(|text| text.trim_start_matches("the ")).collect();
    let changed = changes.iter().find(|change| change.id == p.id).map(Change::at_its_row).unwrap_or_default();
    let language = &sheet.live.spec.language;
    let last_time = sheet.before.people.get(&p.id).map(|last| last.sentence(language, sheet.before.last_year));
    NameRow {
        id: p.id.clone(),
        first_name: p.first_name.clone(),
        last_name: p.last_name.clone(),
        job_title: p.job_title.clone(),
        role: p.role,
        email: p.email.as_str().into(),
        findings: findings(&p.findings),
        place: place.join(", "),
        changed,
        last_time: last_time.unwrap_or_default(),
        answered: p.started_at.is_some() || p.completed_at.is_some(),
        draft: None,
        remove_error: None,
    }
}

fn removed(p: &Person, (now, zone): &(Ts, Zone)) -> RemovedName {
    let reason = p.removed_reason.clone().unwrap_or_default();
    let when = p.removed_at.map(|at| human(at, *now, zone)).unwrap_or_default();
    RemovedName {
        id: p.id.clone(),
        full_name: p.full_name(),
        why: format!("{reason}; removed {when}."),
        restore_error: None,
    }
}

/// The reason of a removal in words, by the value of its field.
pub fn removal_reason(value: &str) -> Option<&'static str> {
    REMOVAL_REASONS.iter().find(|(known, _)| *known == value).map(|(_, label)| *label)
}
