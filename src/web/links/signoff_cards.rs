//! From what is on a director's sheet to the cards of his page.

use crate::base::ids::ContactId;
use crate::rules::contacts::out::Removal;
use crate::rules::signoff::delegation::Signer;
use crate::rules::signoff::{Change, SignLevel, Standing, may_sign};
use crate::steps::completion::told;
use crate::steps::signoff::{LastChange, SheetAccount, SignOffSheet};
use crate::store::contacts::Person;
use crate::store::signoff::Signature;
use crate::web::kit::listed::{findings_in, signer};
use crate::web::kit::names::{country, language};
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::languages::own_name;
use crate::web::kit::views::phrases::fill;

use super::delegating;
use super::here::Here;
use super::human_step;
use super::views::card_state::CardState;
use super::views::signoff::{AccountCard, NameRow, REMOVAL_REASONS, RemovedName};
use super::views::signoff_forms::removal_reason;

/// By name, whatever is signed: a page that was signed does not move under its reader. `wanted`: the id of the account or of the name that
/// is to be shown open.
pub fn cards(sheet: &SignOffSheet, here: &Here, wanted: &str) -> Vec<AccountCard> {
    let accounts = sheet.accounts.iter().filter(|a| !a.names.is_empty() || !a.removed.is_empty());
    let mut cards: Vec<AccountCard> = accounts.map(|a| card(sheet, a, here, wanted)).collect();
    // The first one that waits for its reader; who counter-signs several signs them together and opens what he wants to look at.
    let together =
        sheet.request.level == SignLevel::SalesDirector && cards.iter().filter(|card| card.to_sign()).count() > 1;
    if together {
        return cards;
    }
    if let Some(first) = cards.iter_mut().find(|card| card.to_sign()) {
        first.is_open = true;
    }
    cards
}

fn card(sheet: &SignOffSheet, a: &SheetAccount, here: &Here, wanted: &str) -> AccountCard {
    let level = sheet.request.level;
    let changed = |p: &Person| a.changes.iter().any(|change| change.id == p.id);
    let (mut to_look, mut clean, mut signed, mut early) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for p in &a.names {
        let row = row(sheet, p, &a.changes, here, wanted);
        match p.standing {
            standing if !a.to_sign || !may_sign(level, standing) => match (level, standing) {
                (SignLevel::SalesDirector, Standing::Unsigned) => early.push(row),
                _ => signed.push(row),
            },
            _ if changed(p) || !row.findings.is_empty() => to_look.push(row),
            _ => clean.push(row),
        }
    }
    let is_open = a.account.id == wanted || a.names.iter().chain(&a.removed).any(|p| p.id == wanted);
    AccountCard {
        id: a.account.id.clone(),
        name: a.account.name.clone(),
        strategic: a.account.strategic.0,
        state: state(sheet, a, here),
        fingerprint: a.account.fingerprint.clone(),
        step: human_step::of_card(sheet, a, here),
        colleagues: delegating::of_card(sheet, a, here),
        taking_back: human_step::taking_back(sheet, a),
        is_first_by_himself: human_step::is_first_by_himself(sheet, a),
        is_signed_as_shown: human_step::is_signed_as_shown(sheet, a),
        to_look,
        clean,
        signed,
        early,
        removed: a.removed.iter().map(|p| removed(p, here)).collect(),
        is_open,
        undo: a.last_change.as_ref().map(|last| (last.id.clone(), undo(here.words, last))),
        asked: a.asked.clone(),
    }
}

fn undo(words: &DirectorPhrases, last: &LastChange) -> String {
    let phrase = match last.what.as_str() {
        // Roles and remarks of several names, saved at one press.
        _ if last.names.len() > 1 => words.undo_reviewed,
        "removed" => words.undo_removed,
        "replaced" => words.undo_replaced,
        "added" => words.undo_added,
        "kept" => words.undo_kept,
        _ => words.undo_corrected,
    };
    fill(phrase, &[("name", &last.names.join(", "))])
}

fn state(sheet: &SignOffSheet, a: &SheetAccount, here: &Here) -> CardState {
    let words = here.words;
    let latest = |level: SignLevel| a.signatures.iter().rev().find(|s| s.level == level);
    let director = latest(SignLevel::Director);
    let by = |s: Option<&Signature>| s.map_or_else(String::new, |s| signer(&s.signed_by));
    let at = |s: Option<&Signature>| s.map_or_else(String::new, |s| here.moment(s.at));
    match (sheet.request.level, a.account.standing) {
        (_, Standing::Unsigned) => match director {
            Some(s) => {
                let named: Vec<String> = a.changes.iter().map(|change| change.sentence(words.code)).collect();
                let what = if named.is_empty() { words.changed_some.into() } else { named.join("; ") };
                let (who, when) = (signer(&s.signed_by), here.moment(s.at));
                CardState::Changed(fill(words.changed, &[("what", &what), ("who", &who), ("when", &when)]))
            }
            None => CardState::ToSign,
        },
        (SignLevel::SalesDirector, Standing::CounterSign) => CardState::ToCounterSign {
            signed: director.map_or_else(String::new, |s| signed(here, s)),
            by: by(director),
            by_email: a.account.director_email.as_str().into(),
        },
        (SignLevel::Director, Standing::CounterSign) => {
            let sales_director = &sheet.live.spec.signoff.sales_director;
            let (own, who) = (sheet.request.email.as_str(), by(director));
            let by_another =
                director.map(|s| Signer::read(&s.signed_by).email).is_some_and(|e| !e.is_empty() && e != own);
            if let Some(s) = director.filter(|s| is_not_his_hand(s)) {
                return CardState::WaitingCounter(signed(here, s));
            }
            let phrase = if by_another { words.they_signed } else { words.you_signed };
            let values = [("who", who), ("when", at(director)), ("sales_director", sales_director.clone())];
            CardState::WaitingCounter(fill(phrase, &values.each_ref().map(|(k, v)| (*k, v.as_str()))))
        }
        (level, Standing::Signed) => {
            let own = latest(level).or(director);
            CardState::Signed(own.map_or_else(String::new, |s| signed(here, s)))
        }
    }
}

/// It was not given on the page: recorded by an operator, or carried over from the round before.
fn is_not_his_hand(s: &Signature) -> bool {
    matches!(s.how.as_str(), "recorded" | "carried")
}

/// Who signed it when, or since when what he approved elsewhere counts.
pub fn signed(here: &Here, s: &Signature) -> String {
    let phrase = match s.how.as_str() {
        "carried" => here.words.signed_carried,
        "recorded" => here.words.signed_recorded,
        _ => here.words.signed_by,
    };
    fill(phrase, &[("who", &signer(&s.signed_by)), ("when", &here.moment(s.at))])
}

fn row(sheet: &SignOffSheet, p: &Person, changes: &[Change], here: &Here, wanted: &str) -> NameRow {
    let code = here.words.code;
    let changed = changes.iter().find(|change| change.id == p.id).map(|change| change.at_its_row(code));
    let last_time = sheet.before.people.get(&p.id);
    let last_time = last_time.map(|last| last.sentence(&sheet.live.spec.language, sheet.before.last_year));
    NameRow {
        id: p.id.clone(),
        first_name: p.first_name.clone(),
        last_name: p.last_name.clone(),
        job_title: p.job_title.clone(),
        role: p.role,
        email: p.email.as_str().into(),
        findings: findings_in(&p.findings, code),
        place: place(p, code),
        changed: changed.unwrap_or_default(),
        last_time: last_time.unwrap_or_default(),
        answered: told::may_have_answered(&sheet.live, p),
        is_open: p.id == wanted && sheet.request.level == SignLevel::Director,
    }
}

/// "German, Austria". Names of countries are known in English only; other readers have the code.
fn place(p: &Person, code: &str) -> String {
    let (spoken, where_at) = match code {
        "en" => (language(&p.language), country(&p.country).trim_start_matches("the ")),
        _ => (own_name(&p.language), p.country.as_str()),
    };
    [spoken, where_at].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(", ")
}

fn removed(p: &Person, here: &Here) -> RemovedName {
    let words = here.words;
    let reason = match Removal::read(p.removed_reason.as_deref().unwrap_or_default()) {
        Removal::OffTheList => words.removed_off_list.into(),
        Removal::ReplacedBy(who) => fill(words.removed_replaced, &[("who", &who)]),
        Removal::AddressOf(who) => fill(words.removed_address, &[("who", &who)]),
        Removal::LeftOut(_) => words.removed_left_out.into(),
        Removal::Said(said) => in_words(words, said),
    };
    let when = p.removed_at.map(|at| here.moment(at)).unwrap_or_default();
    RemovedName {
        id: p.id.clone(),
        full_name: p.full_name(),
        why: fill(words.removed_why, &[("reason", &reason), ("when", &when)]),
    }
}

/// A reason that was chosen here is kept in English; what somebody wrote stays as it is.
fn in_words(words: &DirectorPhrases, said: String) -> String {
    let english = DirectorPhrases::of("en");
    if said == english.removed_taken_back {
        return words.removed_taken_back.into();
    }
    let chosen = REMOVAL_REASONS.iter().find(|value| removal_reason(english, value) == Some(said.as_str()));
    chosen.and_then(|value| removal_reason(words, value)).map_or(said, Into::into)
}

/// The reason of a removal as it is kept, by the value of its field.
pub fn kept_reason(value: &str) -> Option<&'static str> {
    removal_reason(DirectorPhrases::of("en"), value)
}

/// Who stands next to whom: the row that follows on the list, whether the name is still on it or not.
pub fn after(sheet: &SignOffSheet, account: &str, contact: &ContactId) -> Option<String> {
    let account = sheet.accounts.iter().find(|a| a.account.id == account)?;
    let person = account.names.iter().chain(&account.removed).find(|p| p.id == *contact)?;
    let next = account.names.iter().find(|p| (p.line, &p.id) > (person.line, &person.id))?;
    Some(format!("name-{}", next.id))
}
