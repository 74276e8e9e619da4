//! Whom else a row may be, after a person has said whom it is not: the next namesake, or the next person about whom something lasts.

use std::collections::{BTreeSet, HashMap};

use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::identity::{Namesake, meant, name_key};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::contacts;
use crate::store::contacts::identity::{self, Answered, Lasting, NewQuestion, Question};
use crate::store::contacts::objections as stored;

use super::namesakes::{lasting_fact, reason};
use crate::steps::contacts::accounts::aliases::{self, Aliases};
use crate::steps::contacts::objections;

/// What lasts of people of other rounds of a client, by account and name: read once for all answers of an order, of which there may be a
/// thousand.
pub(in crate::contacts) struct Lasts {
    facts: Vec<Lasting>,
    /// Places in `facts`, under all names of each account.
    by_whom: HashMap<(String, String), Vec<usize>>,
}

impl Lasts {
    pub async fn read(tx: &mut Tx, round: &RoundId) -> Result<Lasts> {
        let client = stored::client_of(tx, round).await?;
        let aliases = aliases::load(tx, &client).await?;
        Ok(Lasts::of(identity::lasting(tx, round).await?, &aliases))
    }

    fn of(facts: Vec<Lasting>, aliases: &Aliases) -> Lasts {
        let mut by_whom: HashMap<(String, String), Vec<usize>> = HashMap::with_capacity(facts.len());
        for (place, fact) in facts.iter().enumerate() {
            let (account, name) = (key(&fact.account), name_key(&fact.first_name, &fact.last_name));
            for account in aliases.names(&account) {
                by_whom.entry((account.to_owned(), name.clone())).or_default().push(place);
            }
        }
        Lasts { facts, by_whom }
    }

    /// The first whom nobody has called somebody else, at these accounts.
    fn next(&self, accounts: &BTreeSet<String>, name: &str, said: &[Answered]) -> Option<&Lasting> {
        let places: BTreeSet<usize> = accounts
            .iter()
            .filter_map(|account| self.by_whom.get(&(account.clone(), name.to_owned())))
            .flatten()
            .copied()
            .collect();
        let mut facts = places.into_iter().filter_map(|place| self.facts.get(place));
        facts.find(|fact| lasting_fact(std::slice::from_ref(fact), said).is_some())
    }
}

/// The next question about the row of an answered one, if there is one. The answer must be written down already.
pub(in crate::contacts) async fn next(
    ctx: &Ctx,
    tx: &mut Tx,
    lasts: &Lasts,
    answered: &Question,
    row: &ListedContact,
) -> Result<Option<NewQuestion>> {
    let round = &answered.round_id;
    let name = name_key(&row.first_name, &row.last_name);
    let others = identity::others_at(tx, round, &[&answered.new_key]).await?;
    let said: Vec<&ContactId> = others.iter().map(|o| &o.contact_id).collect();
    let said = contacts::persons(tx, &said).await?;
    // The account may have had another name: there the first namesake was found.
    let mut places = BTreeSet::from([key(&answered.account)]);
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
    if let Some(found) = meant(row, &namesakes) {
        let old_key = names.iter().find(|n| n.id == *found.id).map(|n| n.email.key()).unwrap_or_default();
        let why = if found.on_the_list { "twice" } else { "known" };
        return Ok(Some(question(ctx, answered, found.id, (why, old_key))));
    }
    // What is known of the address itself needs no question.
    if !objections::known_of(tx, round, std::slice::from_ref(row)).await?.is_empty() {
        return Ok(None);
    }
    let fact = lasts.next(&places, &name, &others);
    Ok(fact.map(|fact| question(ctx, answered, &fact.contact_id, (reason(&fact.what), fact.email.key()))))
}

/// The same about the one whom the key of the row means.
pub(in crate::contacts) fn by_key(ctx: &Ctx, answered: &Question, holder: &contacts::Person) -> NewQuestion {
    NewQuestion { keyed: true, ..question(ctx, answered, &holder.id, ("known", holder.email.key())) }
}

fn question(ctx: &Ctx, answered: &Question, about: &ContactId, (why, old_key): (&'static str, String)) -> NewQuestion {
    let now = ctx.clock.now();
    NewQuestion {
        id: ctx.ids.id(now),
        round_id: answered.round_id.clone(),
        account_id: answered.account_id.clone(),
        contact_id: about.clone(),
        why,
        old_key,
        new_key: answered.new_key.clone(),
        listed: answered.listed.clone(),
        asked_at: now,
        keyed: false,
    }
}
