//! Questions about people as they are now: everybody whom an answer may touch, and the account at which the row stands by now. Read for
//! many questions at once.

use std::collections::{BTreeSet, HashMap, HashSet};

use crate::base::clock::Ts;
use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::together::account::key;
use crate::rules::contacts::together::answered::{Stands, Touched};
use crate::rules::contacts::together::identity::may_be_meant;
use crate::store::Tx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::identity::{self as store, Near, Question};
use crate::store::contacts::objections;

use crate::steps::contacts::accounts::aliases;
use crate::steps::contacts::load::rows::{AT_ONCE, fell_off};

/// A question with its row, and whom an answer to it may touch.
pub(super) struct Around {
    pub question: Question,
    pub listed: ListedContact,
    pub about: Touched,
    /// Who has the address of the row now.
    pub at: Option<Touched>,
    /// Whom its key means, where nobody has said otherwise.
    pub by_key: Option<Touched>,
}

pub(super) async fn read(tx: &mut Tx, mut questions: Vec<Question>) -> Result<Vec<Around>> {
    let rounds: BTreeSet<RoundId> = questions.iter().map(|q| q.round_id.clone()).collect();
    let mut nearby = HashMap::with_capacity(rounds.len());
    for round in rounds {
        stand_now(tx, &round, &mut questions).await?;
        let listed: Vec<(String, String)> = questions
            .iter()
            .filter(|q| q.round_id == round)
            .map(|q| Ok((q.new_key.clone(), listed(q)?.key)))
            .collect::<Result<_>>()?;
        let near = Nearby::read(tx, &round, &listed).await?;
        nearby.insert(round, near);
    }
    questions.into_iter().map(|question| asked(question, &nearby)).collect()
}

fn asked(question: Question, nearby: &HashMap<RoundId, Nearby>) -> Result<Around> {
    let listed = listed(&question)?;
    let about = Touched {
        id: question.contact_id.clone(),
        first_name: question.known_first.clone(),
        last_name: question.known_last.clone(),
        key: question.known_client_key.clone(),
        stands: stands(question.known_removed_at, question.known_removed_reason.as_deref()),
        edited: question.known_edited_at.is_some(),
    };
    let near = nearby.get(&question.round_id);
    let at = near.and_then(|near| near.by_address.get(&question.new_key)).cloned();
    let by_key = near.and_then(|near| near.by_key(&listed, &question.new_key)).cloned();
    Ok(Around { question, listed, about, at, by_key })
}

fn listed(question: &Question) -> Result<ListedContact> {
    serde_json::from_str(&question.listed)
        .map_err(|e| Problem::internal(format!("The row behind question {} cannot be read.", question.id)).because(e))
}

/// Names of accounts that have been called one since: a row stands where the people of its account went.
async fn stand_now(tx: &mut Tx, round: &RoundId, questions: &mut [Question]) -> Result<()> {
    let client = objections::client_of(tx, round).await?;
    let aliases = aliases::load(tx, &client).await?;
    if aliases.is_empty() {
        return Ok(());
    }
    let all = accounts::of_round(tx, round).await?;
    let mut there: HashMap<String, &Account> = HashMap::with_capacity(all.len());
    for account in &all {
        let first = there.entry(key(&account.name)).or_insert(account);
        if first.listed == 0 && account.listed > 0 {
            *first = account;
        }
    }
    for question in questions.iter_mut().filter(|q| q.round_id == *round) {
        let own = key(&question.account);
        let has_people = |name: &str| there.get(name).is_some_and(|account| account.listed > 0);
        let kept = aliases.kept(&own, has_people, |name| name == own);
        if let Some(account) = there.get(kept).filter(|_| kept != own) {
            question.account_id = account.id.clone();
            question.account.clone_from(&account.name);
        }
    }
    Ok(())
}

/// Who of a round has the addresses and the keys of rows that are asked about.
#[derive(Default)]
struct Nearby {
    by_address: HashMap<String, Touched>,
    /// Those who are on the list first.
    by_key: HashMap<String, Vec<Touched>>,
    /// Whom somebody has called somebody else, with the address of the row.
    not_he: HashSet<(ContactId, String)>,
}

impl Nearby {
    /// `listed`: addresses as they are compared, and the client's keys.
    async fn read(tx: &mut Tx, round: &RoundId, listed: &[(String, String)]) -> Result<Nearby> {
        let mut nearby = Nearby::default();
        for batch in listed.chunks(AT_ONCE) {
            let addresses: Vec<&str> = batch.iter().map(|(address, _)| address.as_str()).collect();
            let keys: Vec<&str> = batch.iter().map(|(_, key)| key.as_str()).filter(|key| !key.is_empty()).collect();
            for near in store::near(tx, round, &addresses, &keys).await? {
                let someone = touched(&near);
                nearby.by_address.insert(near.email_key, someone.clone());
                if !near.client_key.is_empty() {
                    nearby.by_key.entry(near.client_key).or_default().push(someone);
                }
            }
            let others = store::others_at(tx, round, &addresses).await?;
            nearby.not_he.extend(others.into_iter().map(|other| (other.contact_id, other.new_key)));
        }
        for holders in nearby.by_key.values_mut() {
            holders.sort_by(|a, b| (a.stands != Stands::OnTheList, &a.id).cmp(&(b.stands != Stands::OnTheList, &b.id)));
        }
        Ok(nearby)
    }

    /// Whom the key means, but for those who were said not to be meant by the row of this address.
    fn by_key(&self, row: &ListedContact, new_key: &str) -> Option<&Touched> {
        let not_he = |holder: &Touched| self.not_he.contains(&(holder.id.clone(), new_key.to_owned()));
        let holders = self.by_key.get(&row.key)?;
        holders.iter().find(|holder| may_be_meant(row, holder.as_holder(), not_he(holder)))
    }
}

fn touched(near: &Near) -> Touched {
    Touched {
        id: near.id.clone(),
        first_name: near.first_name.clone(),
        last_name: near.last_name.clone(),
        key: near.client_key.clone(),
        stands: stands(near.removed_at, near.removed_reason.as_deref()),
        edited: near.edited_at.is_some(),
    }
}

pub(in crate::contacts) fn stands(removed_at: Option<Ts>, reason: Option<&str>) -> Stands {
    match removed_at {
        None => Stands::OnTheList,
        Some(_) if fell_off(reason) => Stands::OffByAList,
        Some(_) => Stands::TakenOff,
    }
}
