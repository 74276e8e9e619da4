//! What came of the names of a sheet in the client's round before, for whoever signs them again.
//!
//! Asked of the database, not of the columns of the list: it knows it also where the list came from elsewhere, and no spreadsheet has been
//! over it (decision 0048).

use std::collections::{HashMap, HashSet};

use chrono::Datelike;

use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::found_again::{Sought, found_again};
use crate::rules::contacts::last_time::{LastTime, Stood};
use crate::rules::contacts::together::account::key;
use crate::rules::participation::Participation;
use crate::rules::signoff::{Listed, SignedName};
use crate::steps::completion::told;
use crate::steps::contacts::people::stood;
use crate::steps::context::{Ctx, Live};
use crate::store::contacts::{Person, earlier, identity};
use crate::store::round::rounds;
use crate::store::{Tx, signoff as requests};

use crate::steps::signoff::signing::covered::listed;

/// What is known of the names of a sheet.
#[derive(Debug, Default)]
pub struct RoundBefore {
    /// The round before was in the year before this one.
    pub last_year: bool,
    pub people: HashMap<ContactId, LastTime>,
}

/// Costs the names of the sheet. Nothing where the client has had no round before this one, or one of other people: of two rounds side by
/// side each has its own before it.
pub(super) async fn of_names(ctx: &Ctx, tx: &mut Tx, live: &Live, names: &[&Person]) -> Result<RoundBefore> {
    let Some(earlier::RoundBefore { id, made_from }) = earlier::round_before(tx, &live.id).await? else {
        return Ok(RoundBefore::default());
    };
    let then = near(tx, &id, names).await?;
    let found = found(tx, &live.id, &then, names).await?;
    if made_from == 0 && found.iter().flatten().count() * 2 < names.len() {
        return Ok(RoundBefore::default());
    }
    let before = ctx.live_by_id(tx, &id).await?;
    let signed = signed_then(tx, &then.iter().map(|(p, _)| p).collect::<Vec<_>>()).await?;
    let now = |p: &Person| listed(std::slice::from_ref(p)).pop().map(|listed| listed.name);
    let last_time = |p: &Person, place: Option<usize>| match place.and_then(|at| then.get(at)) {
        Some((was, stood)) => LastTime {
            stood: Some(stood.clone()),
            new_address: was.email.key() != p.email.key(),
            as_signed: signed.get(&was.id).is_some_and(|signed| now(p).as_ref() == Some(signed)),
        },
        None => LastTime::default(),
    };
    Ok(RoundBefore {
        last_year: before.spec.schedule.opens.year() + 1 == live.spec.schedule.opens.year(),
        people: names.iter().zip(found).map(|(p, place)| (p.id.clone(), last_time(p, place))).collect(),
    })
}

/// The round before, and whom of it each of these people is, where he is known there.
pub(super) async fn known_then(
    tx: &mut Tx,
    live: &Live,
    names: &[&Person],
) -> Result<Option<(RoundId, Vec<Option<Person>>)>> {
    let Some(earlier::RoundBefore { id, .. }) = earlier::round_before(tx, &live.id).await? else { return Ok(None) };
    let then = near(tx, &id, names).await?;
    let found = found(tx, &live.id, &then, names).await?;
    let person = |place: Option<usize>| place.and_then(|at| then.get(at)).map(|(person, _)| person.clone());
    Ok(Some((id, found.into_iter().map(person).collect())))
}

/// Everybody of the round before who may be one of these, with how he stood.
async fn near(tx: &mut Tx, before: &RoundId, names: &[&Person]) -> Result<Vec<(Person, Stood)>> {
    let addresses: Vec<&str> = names.iter().map(|p| p.email_key.as_str()).collect();
    let client_keys: Vec<&str> = names.iter().map(|p| p.client_key.as_str()).filter(|key| !key.is_empty()).collect();
    let called: Vec<(&str, &str)> = names.iter().map(|p| (p.first_name.as_str(), p.last_name.as_str())).collect();
    let near = identity::near(tx, before, &addresses, &client_keys).await?;
    let mut ids: Vec<ContactId> = near.into_iter().map(|near| near.id).collect();
    ids.extend(earlier::of_names(tx, before, &called).await?);
    ids.sort();
    ids.dedup();
    let told = match rounds::by_id(tx, before).await? {
        Some(round) => told::of_spec(&round.spec)?,
        None => Participation::default(),
    };
    stood::people(tx, told, &ids.iter().collect::<Vec<_>>()).await
}

/// For each of these names, whose place among those of the round before is his.
async fn found(
    tx: &mut Tx,
    round: &RoundId,
    then: &[(Person, Stood)],
    names: &[&Person],
) -> Result<Vec<Option<usize>>> {
    // Whoever has moved to another sheet is asked for among all of this round.
    let addresses: Vec<&str> = then.iter().map(|(p, _)| p.email_key.as_str()).collect();
    let client_keys: Vec<&str> =
        then.iter().map(|(p, _)| p.client_key.as_str()).filter(|key| !key.is_empty()).collect();
    let here = identity::near(tx, round, &addresses, &client_keys).await?;
    let addresses: HashSet<&str> = here.iter().map(|near| near.email_key.as_str()).collect();
    let client_keys: HashSet<&str> = here.iter().map(|near| near.client_key.as_str()).collect();
    let elsewhere = |was: &Sought<'_>| {
        addresses.contains(was.email_key) || !was.client_key.is_empty() && client_keys.contains(was.client_key)
    };
    let called = |p: &Person| (key(&p.account), p.full_name().to_lowercase());
    let called_then: Vec<_> = then.iter().map(|(p, _)| called(p)).collect();
    let called_now: Vec<_> = names.iter().map(|p| called(p)).collect();
    let before: Vec<Sought> = then.iter().zip(&called_then).map(|((p, _), name)| sought(p, name)).collect();
    let now: Vec<Sought> = names.iter().zip(&called_now).map(|(p, name)| sought(p, name)).collect();
    Ok(found_again(&before, &now, elsewhere))
}

fn sought<'a>(p: &'a Person, (account, name): &'a (String, String)) -> Sought<'a> {
    Sought {
        client_key: &p.client_key,
        email_key: &p.email_key,
        name: (account, name),
        removed: p.removed_at.is_some(),
    }
}

/// The names that the account directors signed last, of the accounts of these people.
async fn signed_then(tx: &mut Tx, people: &[&Person]) -> Result<HashMap<ContactId, SignedName>> {
    let accounts: HashSet<&AccountId> = people.iter().map(|p| &p.account_id).collect();
    let mut signed = HashMap::new();
    for last in requests::last_lists(tx, &accounts.into_iter().collect::<Vec<_>>()).await? {
        let names = serde_json::from_str::<Vec<Listed>>(&last.names).unwrap_or_default();
        signed.extend(names.into_iter().map(|listed| (listed.id, listed.name)));
    }
    Ok(signed)
}
