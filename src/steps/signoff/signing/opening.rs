//! What stands behind a sign-off link for somebody who does something there: the request of the link, while its round is open.

use std::collections::HashSet;

use crate::base::ids::AccountId;
use crate::base::problem::{Kind, Problem, Result};
use crate::base::tokens;
use crate::rules::round::RoundState;
use crate::store::contacts::accounts::Account;
use crate::store::round::rounds;
use crate::store::signoff::Request;
use crate::store::{Tx, signoff as requests};

use crate::steps::signoff::asking::requests::accounts_of;

fn unknown() -> Problem {
    Problem::not_found("This link does not lead to a list of names.", "Open the link in the latest mail once more.")
}

pub(in crate::signoff) async fn request_of(tx: &mut Tx, secret: &str) -> Result<Request> {
    let request = requests::by_link(tx, &tokens::hash(secret)).await?.ok_or_else(unknown)?;
    let round = rounds::by_id(tx, &request.round_id).await?.ok_or_else(unknown)?;
    if round.state == RoundState::Closed {
        return Err(Problem::new(Kind::Gone, "This round is closed.", "Nothing needs to be signed any more."));
    }
    Ok(request)
}

/// The same together with these of its accounts, each once and in the order of the page; none of them may be somebody else's.
pub(in crate::signoff) async fn opened<'a>(
    tx: &mut Tx,
    secret: &str,
    wanted: impl IntoIterator<Item = &'a AccountId>,
) -> Result<(Request, Vec<Account>)> {
    let request = request_of(tx, secret).await?;
    let wanted: HashSet<&AccountId> = wanted.into_iter().collect();
    let mut accounts = accounts_of(tx, &request).await?;
    accounts.retain(|a| wanted.contains(&a.id));
    if wanted.is_empty() || accounts.len() != wanted.len() {
        return Err(unknown());
    }
    Ok((request, accounts))
}

/// The same with one.
pub(in crate::signoff) async fn opened_one(
    tx: &mut Tx,
    secret: &str,
    account: &AccountId,
) -> Result<(Request, Account)> {
    let (request, mut accounts) = opened(tx, secret, [account]).await?;
    Ok((request, accounts.pop().ok_or_else(unknown)?))
}
