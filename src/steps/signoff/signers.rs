//! Who may sign one account, at each level, and what becomes of the mails to each: for whoever decides about it.

use crate::base::problem::Result;
use crate::rules::signoff as rule;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::delegation::{self, Why};
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::signoff::absences::{self, Absence};
use crate::store::signoff::{Request, delegations};

use crate::steps::signoff::asking::requests::{of_signers, own_address};

/// Somebody who may sign the account.
#[derive(Debug)]
pub struct Signer {
    pub request: Request,
    /// None: it is his own.
    pub why: Option<Why>,
    pub absence: Option<Absence>,
    /// The account waits for his level, and he is mailed about it.
    pub is_asked: bool,
}

/// At each level whose account it is first. Costs these people and what they sign for each other, never their accounts.
pub async fn signers(ctx: &Ctx, tx: &mut Tx, live: &Live, account: &Account) -> Result<Vec<Signer>> {
    let mut all = Vec::new();
    for level in [SignLevel::Director, SignLevel::SalesDirector] {
        if level == SignLevel::SalesDirector && account.strategic_since.is_none() {
            continue;
        }
        let own = own_address(ctx, tx, account, level).await?;
        let given = delegations::given(tx, &live.id, level, &[own.as_str()]).await?;
        let why = |r: &Request| {
            given.iter().find(|d| d.to_email == r.email && d.stand_in().covers(&account.id)).map(|d| d.why)
        };
        let stand_ins: Vec<_> = given.iter().map(|d| d.stand_in()).collect();
        let asked = delegation::asked(&account.id, &own, &stand_ins);
        let mut of_level = Vec::new();
        for request in of_signers(ctx, tx, std::slice::from_ref(account), level).await? {
            let waits = account.listed > 0 && rule::may_sign(level, account.standing);
            let is_asked = waits && asked.contains(&&request.email);
            let gone = absences::in_force(tx, &live.id, &[request.email.as_str()], ctx.clock.now()).await?;
            let why = if request.email == own { None } else { why(&request) };
            of_level.push(Signer { why, absence: gone.into_iter().next_back(), is_asked, request });
        }
        of_level.sort_by_key(|signer| signer.why);
        all.extend(of_level);
    }
    Ok(all)
}
