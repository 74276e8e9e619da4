//! What stands behind a sign-off link for somebody who does something there: the request of the link, while its round is open.

use crate::base::ids::AccountId;
use crate::base::problem::{Kind, Problem, Result};
use crate::base::tokens;
use crate::rules::round::RoundState;
use crate::store::contacts::accounts::Account;
use crate::store::round::rounds;
use crate::store::signoff::Request;
use crate::store::{Tx, signoff as requests};

use super::requests::accounts_of;

fn unknown() -> Problem {
    Problem::not_found("This link does not lead to a list of names.", "Open the link in the latest mail once more.")
}

pub(super) async fn request_of(tx: &mut Tx, secret: &str) -> Result<Request> {
    let request = requests::by_link(tx, &tokens::hash(secret)).await?.ok_or_else(unknown)?;
    let round = rounds::by_id(tx, &request.round_id).await?.ok_or_else(unknown)?;
    if round.state == RoundState::Closed {
        return Err(Problem::new(Kind::Gone, "This round is closed.", "Nothing needs to be signed any more."));
    }
    Ok(request)
}

/// The same together with one of its accounts.
pub(super) async fn opened(tx: &mut Tx, secret: &str, account: &AccountId) -> Result<(Request, Account)> {
    let request = request_of(tx, secret).await?;
    let accounts = accounts_of(tx, &request).await?;
    let account = accounts.into_iter().find(|a| a.id == *account).ok_or_else(unknown)?;
    Ok((request, account))
}
