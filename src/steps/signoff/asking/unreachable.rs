//! Who of those that sign takes no mail. A director then has his deputy asked at once, and a deputy or regional head is as good as none:
//! the next one is asked. Somebody has to know, for nobody else names another one.

use std::collections::HashSet;

use crate::base::address::EmailAddress;
use crate::base::problem::Result;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::delegation::Why;
use crate::steps::context::{Ctx, Live};
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::addresses;

use super::requests::own_address;

/// Of one who signs, and of those whom the round names for him, the keys of those addresses that take no mail.
pub(super) async fn unreachable(tx: &mut Tx, live: &Live, own: &EmailAddress) -> Result<HashSet<String>> {
    let keys: Vec<String> = concerned(live, own).into_iter().map(|(_, _, email)| email.key()).collect();
    Ok(addresses::dead(tx, &keys).await?.into_keys().collect())
}

/// Somebody who is not reached.
#[derive(Debug)]
pub struct Unreachable {
    pub level: SignLevel,
    /// None: whose account it is.
    pub why: Option<Why>,
    pub name: String,
    pub email: EmailAddress,
}

/// Of those who are to sign an account, at each level.
pub async fn of_account(ctx: &Ctx, tx: &mut Tx, live: &Live, account: &Account) -> Result<Vec<Unreachable>> {
    let mut all = Vec::new();
    for level in [SignLevel::Director, SignLevel::SalesDirector] {
        if level == SignLevel::SalesDirector && account.strategic_since.is_none() {
            continue;
        }
        let own = own_address(ctx, tx, account, level).await?;
        let dead = unreachable(tx, live, &own).await?;
        for (why, name, email) in concerned(live, &own).into_iter().filter(|(_, _, email)| dead.contains(&email.key()))
        {
            let name = match (why, level) {
                (Some(_), _) => name.to_string(),
                (None, SignLevel::Director) => account.director_name.clone(),
                (None, SignLevel::SalesDirector) => live.spec.signoff.sales_director.clone(),
            };
            all.push(Unreachable { level, why, name, email: email.clone() });
        }
    }
    Ok(all)
}

fn concerned<'l>(live: &'l Live, own: &'l EmailAddress) -> Vec<(Option<Why>, &'l str, &'l EmailAddress)> {
    let of = live.spec.signoff.signer(own);
    let deputy = of.and_then(|of| of.deputy()).map(|(name, email)| (Some(Why::Deputy), name, email));
    let head = of.and_then(|of| of.regional_head()).map(|(name, email)| (Some(Why::RegionalHead), name, email));
    [Some((None, "", own)), deputy, head].into_iter().flatten().collect()
}
