//! What the page behind a sign-off link says of colleagues: for whom its reader signs, who signs for him, and what he signs no more.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, made_at};
use crate::base::problem::Result;
use crate::rules::round::HumanStep;
use crate::rules::signoff::SignLevel;
use crate::steps::context::Live;
use crate::store::Tx;
use crate::store::contacts::accounts::{self, Account};
use crate::store::signoff::delegations::{self, Delegation};
use crate::store::signoff::{self as requests, Request};

use super::on_behalf::{OnBehalf, is_own, on_behalf};
use super::step_of_page;
use crate::steps::signoff::asking::requests::to_sign;

#[derive(Debug)]
pub struct Colleagues {
    /// Who may sign for the reader, the oldest first.
    pub given: Vec<Delegation>,
    /// For whom the reader signs what is not his own.
    pub behalf: HashMap<AccountId, OnBehalf>,
    /// Of his own those that wait: for them he may ask a colleague.
    pub own_waiting: Vec<AccountId>,
    /// What is typed then.
    pub step: HumanStep,
}

pub(in crate::signoff) async fn colleagues(
    tx: &mut Tx,
    live: &Live,
    request: &Request,
    all: &[Account],
) -> Result<Colleagues> {
    let own: Vec<Account> = all.iter().filter(|a| is_own(request, a)).cloned().collect();
    let waiting = to_sign(request, &own);
    Ok(Colleagues {
        given: delegations::given(tx, &request.round_id, request.level, &[request.email.as_str()]).await?,
        behalf: on_behalf(tx, request, all).await?,
        step: step_of_page(&live.spec.signoff, &waiting),
        own_waiting: waiting.into_iter().map(|a| a.id).collect(),
    })
}

/// What the reader was asked to sign for somebody else and signs no more, each under the name of who signs it now. Of all accounts of
/// somebody those that were his while the reader signed for him: what came before or since is nothing to the reader.
pub(in crate::signoff) async fn signed_no_more(
    tx: &mut Tx,
    request: &Request,
    shown: &[Account],
) -> Result<Vec<Account>> {
    let mut all: Vec<Account> = Vec::new();
    let holding = delegations::taken(tx, &request.round_id, request.level, &request.email).await?;
    for d in delegations::ever_taken(tx, &request.round_id, request.level, &request.email).await? {
        // What its account director has not signed is not there yet, and nobody else's.
        if d.level == SignLevel::SalesDirector && holding.iter().any(|other| other.id == d.id) {
            continue;
        }
        for account in once_covered(tx, &d).await? {
            let is_his = shown.iter().chain(&all).any(|other| other.id == account.id);
            if !is_his && account.listed > 0 {
                all.push(account);
            }
        }
    }
    Ok(all)
}

async fn once_covered(tx: &mut Tx, d: &Delegation) -> Result<Vec<Account>> {
    let mut all = match (&d.account_id, d.level) {
        (Some(id), _) => accounts::by_id(tx, id).await?.into_iter().collect(),
        (None, SignLevel::SalesDirector) => accounts::strategic(tx, &d.round_id).await?,
        (None, SignLevel::Director) if d.ended_at.is_none() => {
            accounts::no_longer_of(tx, &d.round_id, &d.of_email).await?
        }
        (None, SignLevel::Director) => {
            let mut all = accounts::to_be_signed_by(tx, &d.round_id, &d.of_email).await?;
            all.retain(|a| a.director_email == d.of_email);
            all
        }
    };
    if d.account_id.is_none() {
        let mut known = Vec::new();
        for account in all {
            if was_covered(tx, d, &account).await? {
                known.push(account);
            }
        }
        all = known;
    }
    if d.level == SignLevel::SalesDirector {
        let of = requests::of_people(tx, &d.round_id, d.level, &[d.of_email.as_str()]).await?;
        for account in &mut all {
            account.director_name = of.first().map_or_else(|| d.of_email.to_string(), |r| r.name.clone());
        }
    }
    Ok(all)
}

/// Whether the account was there, and to be signed by the one for whom this lets somebody sign, while it did.
async fn was_covered(tx: &mut Tx, d: &Delegation, account: &Account) -> Result<bool> {
    match (d.level, d.ended_at) {
        (SignLevel::SalesDirector, ended) => {
            let was_there = |at: Ts| ended.is_none_or(|ended| at <= ended);
            let signatures = requests::of_account(tx, &account.id).await?;
            let first = signatures.iter().any(|s| s.level == SignLevel::Director && was_there(s.at));
            Ok(account.strategic_since.is_some_and(was_there) && first)
        }
        (SignLevel::Director, None) => accounts::was_taken_from_since(tx, &account.id, &d.of_email, d.at).await,
        (SignLevel::Director, Some(ended)) => {
            let was_there = made_at(account.id.as_str()).is_none_or(|at| at <= ended);
            Ok(was_there && !accounts::has_another_director_since(tx, &account.id, ended).await?)
        }
    }
}
