//! Promise 1, looked up again: whoever was written to stood, under that very address, on a list that was signed before, by everybody who
//! must sign it, and was not taken back.
//!
//! Asked of the signatures and their lists, not of what is remembered beside each name.

use std::collections::HashMap;

use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::signoff::{Listed, SignLevel};
use crate::store::Tx;
use crate::store::promises::Gone;
use crate::store::signoff::covering::{self, Covering};
use crate::store::signoff::withdrawals::{self, Withdrawn};

use super::own_time::Found;

struct List {
    signature: Covering,
    /// Whose address is on it; none where the names were not kept.
    addresses: Option<HashMap<ContactId, String>>,
}

/// Costs the lists of the round.
pub(super) async fn signed(tx: &mut Tx, round: &RoundId, gone: &[Gone]) -> Result<Found> {
    let mut lists: HashMap<AccountId, Vec<List>> = HashMap::new();
    let mut n = 0;
    loop {
        let page = covering::of_round(tx, round, n).await?;
        let Some(last) = page.last() else { break };
        n = last.n;
        for mut signature in page {
            let names = signature.list.take().and_then(|json| serde_json::from_str::<Vec<Listed>>(&json).ok());
            let addresses = names.map(|names| names.into_iter().map(|l| (l.id, l.name.email.to_lowercase())).collect());
            lists.entry(signature.account_id.clone()).or_default().push(List { signature, addresses });
        }
    }
    let withdrawn = withdrawals::of_round(tx, round).await?;
    let covered = |m: &Gone, level: SignLevel| {
        let all = lists.get(&m.account_id).into_iter().flatten();
        all.filter(|list| list.signature.level == level)
            .any(|list| covers(list, m) && !was_withdrawn(&withdrawn, list, m))
    };
    let broken = gone
        .iter()
        .filter(|m| !covered(m, SignLevel::Director) || (m.strategic == 1 && !covered(m, SignLevel::SalesDirector)));
    let broken = broken.map(|m| format!("{} got a {} without a signature on the list.", m.email, m.kind)).collect();
    Ok((gone.len() as u64, broken))
}

fn covers(list: &List, m: &Gone) -> bool {
    let signature = &list.signature;
    // The director's list is the one that the message left under; the sales director may have signed an earlier one with the same name.
    let this_list = signature.level == SignLevel::SalesDirector || signature.fingerprint == m.signed_as;
    let before = m.marked_at.is_some_and(|at| signature.at <= at);
    let named = match &list.addresses {
        Some(addresses) => addresses.get(&m.contact_id).is_some_and(|address| *address == m.email.to_lowercase()),
        None => signature.fingerprint == m.signed_as,
    };
    before && this_list && named
}

fn was_withdrawn(all: &[Withdrawn], list: &List, m: &Gone) -> bool {
    let signature = &list.signature;
    all.iter().any(|w| {
        w.account_id == signature.account_id
            && w.level == signature.level
            && w.after_n >= signature.n
            // What was marked at the very instant was marked before it.
            && m.marked_at.is_some_and(|at| w.at < at)
    })
}
