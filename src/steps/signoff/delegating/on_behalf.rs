//! For whom somebody signs an account that is not his own.

use std::collections::HashMap;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::delegation::{Signer, Why};
use crate::store::contacts::accounts::Account;
use crate::store::signoff::delegations::{self, Delegation};
use crate::store::signoff::{self as requests, Request};
use crate::store::{Flag, Tx};

/// Whose account it is, since when its reader signs for him, and why.
#[derive(Clone, Debug)]
pub struct OnBehalf {
    pub name: String,
    pub email: EmailAddress,
    pub since: Ts,
    pub why: Why,
}

impl OnBehalf {
    /// What a signature of this person's says.
    pub(in crate::signoff) fn signer(of: Option<&OnBehalf>, request: &Request) -> String {
        let on_behalf_of = of.map(|of| (of.name.as_str(), of.email.as_str()));
        Signer { name: &request.name, email: request.email.as_str(), on_behalf_of }.written()
    }
}

/// For whom this person signs which of these accounts; his own are not in it.
pub(crate) async fn on_behalf(
    tx: &mut Tx,
    request: &Request,
    accounts: &[Account],
) -> Result<HashMap<AccountId, OnBehalf>> {
    let of_others = |a: &&Account| match request.level {
        SignLevel::Director => a.director_email != request.email,
        SignLevel::SalesDirector => request.stands_in.0,
    };
    let others: Vec<&Account> = accounts.iter().filter(of_others).collect();
    if others.is_empty() {
        return Ok(HashMap::new());
    }
    let taken = delegations::taken(tx, &request.round_id, request.level, &request.email).await?;
    let mut names = HashMap::new();
    if request.level == SignLevel::SalesDirector {
        let of: Vec<&str> = taken.iter().map(|d| d.of_email.as_str()).collect();
        let asked = requests::of_people(tx, &request.round_id, request.level, &of).await?;
        names = asked.into_iter().map(|r| (r.email, r.name)).collect();
    }
    let covers = |a: &Account, d: &Delegation| {
        let his = request.level == SignLevel::SalesDirector || d.of_email == a.director_email;
        his && d.stand_in().covers(&a.id)
    };
    let mut all = HashMap::new();
    for a in others {
        let Some(d) = taken.iter().find(|d| covers(a, d)) else { continue };
        let name = match request.level {
            SignLevel::Director => a.director_name.clone(),
            SignLevel::SalesDirector => names.get(&d.of_email).cloned().unwrap_or_else(|| d.of_email.to_string()),
        };
        all.insert(a.id.clone(), OnBehalf { name, email: d.of_email.clone(), since: d.at, why: d.why });
    }
    Ok(all)
}

/// Whether the accounts of this request are his own at its level, those of an account director by each account.
pub(in crate::signoff) fn is_own(request: &Request, account: &Account) -> bool {
    match request.level {
        SignLevel::Director => account.director_email == request.email,
        SignLevel::SalesDirector => request.stands_in == Flag(false),
    }
}
