//! By when names must be signed off, of accounts and of a whole round, for mails, pages and the board alike.

use std::collections::{BTreeSet, HashMap};

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::Result;
use crate::rules::plan::{Case, Deadline, Facts, signing_deadline};
use crate::rules::signoff::Standing;
use crate::steps::context::Live;
use crate::steps::plan::facts::{facts_of_planned, touched};
use crate::store::contacts::Person;
use crate::store::{Tx, plan as ledger};

/// Of the names at these accounts that are not signed. Costs their contacts.
pub async fn of_accounts(tx: &mut Tx, live: &Live, accounts: &[&AccountId], now: Ts) -> Result<Option<Deadline>> {
    if accounts.is_empty() {
        return Ok(None);
    }
    let mut people = ledger::of_accounts(tx, accounts).await?;
    people.retain(|p| p.removed_at.is_none() && p.standing != Standing::Signed);
    let ids: Vec<&ContactId> = people.iter().map(|p| &p.id).collect();
    let rows = ledger::touched(tx, &ids).await?;
    let mut by_contact: HashMap<&ContactId, Vec<_>> = HashMap::new();
    for row in &rows {
        by_contact.entry(&row.contact_id).or_default().push(row.clone());
    }
    let own = |p: &ContactId| by_contact.get(p).map(|rows| touched(rows)).unwrap_or_default();
    let known: Vec<_> = people.iter().map(|p| (facts_of_planned(p), own(&p.id))).collect();
    let cases = known.iter().map(|(facts, touched)| Case { facts, touched });
    Ok(signing_deadline(&live.sequence, cases, now))
}

/// Of a round in which nobody has been written to yet: the first letter to any place in which it has contacts. Costs the places.
pub async fn of_round(tx: &mut Tx, live: &Live, now: Ts) -> Result<Option<Deadline>> {
    let places = ledger::places(tx, &live.id).await?;
    let fresh = |p: ledger::ContactPlace| Facts {
        country: p.country,
        region: p.region,
        time_zone: p.time_zone,
        ..Facts::default()
    };
    let known: Vec<Facts> = places.into_iter().map(fresh).collect();
    Ok(signing_deadline(&live.sequence, known.iter().map(|facts| Case { facts, touched: &[] }), now))
}

/// The first letter to these people of a round in which nobody has been written to yet. Reads nothing.
pub fn first_letter(live: &Live, people: &[&Person], now: Ts) -> Option<Deadline> {
    let place = |p: &&Person| (p.country.clone(), p.region.clone(), p.time_zone.clone());
    let places: BTreeSet<(String, String, String)> = people.iter().map(place).collect();
    let fresh = |(country, region, time_zone)| Facts { country, region, time_zone, ..Facts::default() };
    let known: Vec<Facts> = places.into_iter().map(fresh).collect();
    signing_deadline(&live.sequence, known.iter().map(|facts| Case { facts, touched: &[] }), now)
}
