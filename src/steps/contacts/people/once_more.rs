//! Whom else a row may be, after a person has said whom it is not: the next namesake, or the next person about whom something lasts.

use std::collections::{BTreeSet, HashSet};

use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::identity::{Namesake, meant, name_key};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::contacts;
use crate::store::contacts::identity::{self, NewQuestion, Question};

use super::namesakes::{lasting_fact, reason};
use crate::steps::contacts::objections;

/// The next question about the row of an answered one, if there is one. The answer must be written down already.
pub(in crate::contacts) async fn next(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
    answered: &Question,
    row: &ListedContact,
) -> Result<Option<NewQuestion>> {
    let name = name_key(&row.first_name, &row.last_name);
    let mut others = identity::others(tx, round).await?;
    others.retain(|other| other.new_key == answered.new_key);
    let said: Vec<&ContactId> = others.iter().map(|o| &o.contact_id).collect();
    let said = contacts::persons(tx, &said).await?;
    // The account may have had another name: there the first namesake was found.
    let mut places = HashSet::from([key(&answered.account)]);
    places.extend(said.iter().map(|p| key(&p.account)));
    // Of these accounts rather than of the round: an operator may answer a thousand questions at once.
    let mut accounts = BTreeSet::from([&answered.account_id]);
    accounts.extend(said.iter().filter(|p| p.round_id == *round).map(|p| &p.account_id));
    let mut names = Vec::new();
    for account in accounts {
        names.extend(contacts::of_account(tx, account).await?);
    }
    names.retain(|n| name_key(&n.first_name, &n.last_name) == name);
    let namesakes: Vec<Namesake<'_>> = names
        .iter()
        .map(|n| Namesake {
            id: &n.id,
            // Those who are not on the list are asked about first.
            on_the_list: answered.why != "known",
            removed: n.removed_at.is_some(),
            job_title: &n.job_title,
            country: &n.country,
            somebody_else: others.iter().any(|o| o.contact_id == n.id),
        })
        .collect();
    let question = |contact_id: &ContactId, why, old_key| {
        let now = ctx.clock.now();
        NewQuestion {
            id: ctx.ids.id(now),
            round_id: round.clone(),
            account_id: answered.account_id.clone(),
            contact_id: contact_id.clone(),
            why,
            old_key,
            new_key: answered.new_key.clone(),
            listed: answered.listed.clone(),
            asked_at: now,
            keyed: false,
        }
    };
    if let Some(found) = meant(row, &namesakes) {
        let old_key = names.iter().find(|n| n.id == *found.id).map(|n| n.email.key()).unwrap_or_default();
        return Ok(Some(question(found.id, if found.on_the_list { "twice" } else { "known" }, old_key)));
    }
    // What is known of the address itself needs no question.
    if !objections::known_of(tx, round, std::slice::from_ref(row)).await?.is_empty() {
        return Ok(None);
    }
    let mut facts = identity::lasting(tx, round).await?;
    facts.retain(|f| places.contains(&key(&f.account)) && name_key(&f.first_name, &f.last_name) == name);
    let fact = lasting_fact(&facts, &others);
    Ok(fact.map(|fact| question(&fact.contact_id, reason(&fact.what), fact.email.key())))
}
