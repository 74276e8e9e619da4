//! Several lists signed at one press: which, what is shown of each, and what comes of the form.

use std::collections::BTreeMap;

use crate::base::ids::AccountId;
use crate::rules::contacts::Role;
use crate::rules::journal::Actor;
use crate::rules::round::HumanStep;
use crate::rules::signoff::SignLevel;
use crate::steps::signoff::signing::human_step::step_of;
use crate::steps::signoff::signing::{ShownList, SignLists};
use crate::steps::signoff::{SheetAccount, SignOffSheet};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::views::director_phrases::DirectorPhrases;

use super::here::Here;
use super::human_step::{not_signed, not_to_sign, of_several};
use super::signoff_acts::{Outcome, wrong};
use super::signoff_cards::signed;
use super::signoff_refusals::Reader;
use super::views::signoff::AccountCard;
use super::views::signoff_forms::role;
use super::views::together::{Together, TogetherRow};

/// What the form calls the lists that are ticked.
const LIST: &str = "list";

/// The form, where more than one list waits for the reader. `out`: the accounts that he has taken off, by id.
pub fn together(sheet: &SignOffSheet, here: &Here, cards: &[AccountCard], out: Option<&[&str]>) -> Option<Together> {
    let counter = sheet.request.level == SignLevel::SalesDirector;
    let waiting: Vec<(&SheetAccount, &AccountCard)> = sheet
        .accounts
        .iter()
        .filter_map(|a| Some((a, cards.iter().find(|card| card.id == a.account.id && card.to_sign())?)))
        .collect();
    if waiting.len() < 2 {
        return None;
    }
    let coded = waiting.iter().find(|(a, _)| step_of(&sheet.live.spec.signoff, &a.account) == HumanStep::Code);
    let row = |(a, card): &(&SheetAccount, &AccountCard)| TogetherRow {
        id: card.id.clone(),
        name: card.name.clone(),
        fingerprint: card.fingerprint.clone(),
        // An account director looks at what there is to say first; to who counter-signs it has been said.
        ticked: match out {
            Some(out) => !out.iter().any(|id| card.id == *id),
            None => counter || card.to_look.is_empty(),
        },
        names: card.waiting(),
        to_look: card.to_look.len(),
        for_whom: card.colleagues.for_whom.clone(),
        roles: if counter { roles(here.words, a) } else { String::new() },
        signed: a
            .signatures
            .iter()
            .rev()
            .find(|s| counter && s.level == SignLevel::Director)
            .map_or_else(String::new, |s| signed(here, s)),
        changed: a.by_director.iter().chain(&a.changes).map(|change| change.sentence(here.words.code)).collect(),
    };
    Some(Together {
        step: of_several(sheet, coded.map(|(a, _)| *a), here),
        coded: coded.map(|(a, _)| a.account.id.clone()),
        rows: waiting.iter().map(row).collect(),
    })
}

/// How many have each role; that of the first is said also where nobody has it.
fn roles(words: &DirectorPhrases, a: &SheetAccount) -> String {
    let count = |of: Role| a.names.iter().filter(|p| p.role == of).count();
    let colon = if words.code == "fr" { " : " } else { ": " };
    let said = Role::ALL.into_iter().filter(|of| *of != Role::Unknown || count(*of) > 0);
    said.map(|of| format!("{}{colon}{}", role(words, of), count(of))).collect::<Vec<_>>().join(", ")
}

/// The accounts of the page that a form has not ticked.
pub fn taken_off<'c>(fields: &Fields, cards: &'c [AccountCard]) -> Vec<&'c str> {
    let ticked = fields.under(LIST);
    cards
        .iter()
        .filter(|card| card.to_sign() && !ticked.contains_key(card.id.as_str()))
        .map(|c| c.id.as_str())
        .collect()
}

/// Signs what is ticked. `step`: what the page asks for. Told is by field why nothing was signed.
pub async fn sign(
    web: &Web,
    (secret, came_from): (&str, String),
    (reader, cards): (Reader<'_>, &[AccountCard]),
    step: HumanStep,
    fields: &Fields,
) -> Result<Outcome, Failure> {
    let words = reader.words;
    let ticked: BTreeMap<String, String> = fields.under(LIST);
    // Another director's account is as unknown as one that never was (S11).
    if ticked.keys().any(|id| !cards.iter().any(|card| card.id == id.as_str())) {
        return Err(reader.unknown());
    }
    let lists: Vec<ShownList> =
        ticked.into_iter().map(|(id, fingerprint)| ShownList { account: AccountId::from(id), fingerprint }).collect();
    if lists.is_empty() {
        return Ok(wrong("lists", words.together_none));
    }
    let why =
        |card: &AccountCard| not_to_sign(words, card, &lists.iter().find(|list| list.account == card.id)?.fingerprint);
    if let Some(why) = cards.iter().find_map(why) {
        return Ok(wrong("lists", why));
    }
    let email = cards.first().map_or("", |card| card.step.email.as_str());
    let order = SignLists { secret: secret.into(), lists, step, typed: fields.get(step.as_str()).into(), came_from };
    let signed = reader.told(web.ctx.order(&Actor::Visitor, order).await, ("lists", words.meanwhile))?;
    Ok(signed.and_then(|signed| match signed {
        Ok(_) => Ok(None),
        Err(why) => wrong(step.as_str(), not_signed(words, None, email, &why)),
    }))
}
