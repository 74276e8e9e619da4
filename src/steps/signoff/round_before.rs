//! What came of the names of a sheet in the client's round before, for whoever signs them again.
//!
//! Asked of the database, not of the columns of the list: it knows it also where the list came from elsewhere, and no spreadsheet has been
//! over it (decision 0048).

use std::collections::{HashMap, HashSet};

use chrono::Datelike;

use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::Result;
use crate::rules::contacts::last_time::{LastTime, Stood};
use crate::rules::contacts::together::account::key;
use crate::rules::signoff::{Listed, SignLevel, SignedName};
use crate::steps::contacts::people::stood;
use crate::steps::context::{Ctx, Live};
use crate::store::contacts::{Person, earlier, identity};
use crate::store::{Tx, signoff as requests};

use super::covered::listed;

/// What is known of the names of a sheet.
#[derive(Debug, Default)]
pub struct RoundBefore {
    /// The round before was in the year before this one.
    pub last_year: bool,
    pub people: HashMap<ContactId, LastTime>,
}

/// Costs the names of the sheet. Nothing where the client has had no round before this one.
pub(super) async fn of_names(ctx: &Ctx, tx: &mut Tx, live: &Live, names: &[&Person]) -> Result<RoundBefore> {
    let Some(before) = earlier::round_before(tx, &live.id).await? else { return Ok(RoundBefore::default()) };
    let before = ctx.live_by_id(tx, &before.id).await?;
    let then = known_then(tx, &before, names).await?;
    let signed = signed_then(tx, &then.people.iter().map(|(p, _)| p).collect::<Vec<_>>()).await?;
    let now = |p: &Person| listed(std::slice::from_ref(p)).pop().map(|listed| listed.name);
    let last_time = |p: &Person| match then.find(p) {
        Some((was, stood)) => LastTime {
            stood: Some(stood.clone()),
            new_address: was.email.key() != p.email.key(),
            as_signed: signed.get(&was.id).is_some_and(|signed| now(p).as_ref() == Some(signed)),
        },
        None => LastTime::default(),
    };
    Ok(RoundBefore {
        last_year: before.spec.schedule.opens.year() + 1 == live.spec.schedule.opens.year(),
        people: names.iter().map(|p| (p.id.clone(), last_time(p))).collect(),
    })
}

/// People of the round before, as they are found again.
struct Then {
    people: Vec<(Person, Stood)>,
    by_client_key: HashMap<String, usize>,
    by_email_key: HashMap<String, usize>,
    /// By account and name; none where two have it.
    by_name: HashMap<(String, String), Option<usize>>,
}

fn name_at(p: &Person) -> (String, String) {
    (key(&p.account), p.full_name().to_lowercase())
}

impl Then {
    /// By the client's own key, else by the address, else by the name at the same account.
    fn find(&self, p: &Person) -> Option<&(Person, Stood)> {
        let keyed = self.by_client_key.get(&p.client_key).filter(|_| !p.client_key.is_empty());
        let known = keyed.or_else(|| self.by_email_key.get(&p.email_key)).copied();
        self.people.get(known.or_else(|| self.by_name.get(&name_at(p)).copied().flatten())?)
    }
}

async fn known_then(tx: &mut Tx, before: &Live, names: &[&Person]) -> Result<Then> {
    let addresses: Vec<&str> = names.iter().map(|p| p.email_key.as_str()).collect();
    let client_keys: Vec<&str> = names.iter().map(|p| p.client_key.as_str()).filter(|key| !key.is_empty()).collect();
    let called: Vec<(&str, &str)> = names.iter().map(|p| (p.first_name.as_str(), p.last_name.as_str())).collect();
    let near = identity::near(tx, &before.id, &addresses, &client_keys).await?;
    let mut ids: Vec<ContactId> = near.into_iter().map(|near| near.id).collect();
    ids.extend(earlier::of_names(tx, &before.id, &called).await?);
    ids.sort();
    ids.dedup();
    let people = stood::people(tx, &ids.iter().collect::<Vec<_>>()).await?;
    let mut then =
        Then { people, by_client_key: HashMap::new(), by_email_key: HashMap::new(), by_name: HashMap::new() };
    for (at, (p, _)) in then.people.iter().enumerate() {
        if !p.client_key.is_empty() {
            then.by_client_key.insert(p.client_key.clone(), at);
        }
        then.by_email_key.insert(p.email_key.clone(), at);
        then.by_name.entry(name_at(p)).and_modify(|known| *known = None).or_insert(Some(at));
    }
    Ok(then)
}

/// The names that the account directors signed last, of the accounts of these people.
async fn signed_then(tx: &mut Tx, people: &[&Person]) -> Result<HashMap<ContactId, SignedName>> {
    let accounts: HashSet<&AccountId> = people.iter().map(|p| &p.account_id).collect();
    let mut last = HashMap::new();
    for signature in requests::of_accounts(tx, &accounts.into_iter().collect::<Vec<_>>()).await? {
        if signature.level == SignLevel::Director {
            // Each account's stand together, the oldest first.
            last.insert(signature.account_id, signature.id);
        }
    }
    let mut signed = HashMap::new();
    for signature in last.values() {
        let kept = requests::signed_list(tx, signature).await?;
        let names = kept.and_then(|json| serde_json::from_str::<Vec<Listed>>(&json).ok()).unwrap_or_default();
        signed.extend(names.into_iter().map(|listed| (listed.id, listed.name)));
    }
    Ok(signed)
}
