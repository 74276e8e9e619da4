//! How people stand in their round, as the next one tells it: read with what the ledger and the repairs know of them.

use std::collections::{HashMap, HashSet};

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::last_time::{Address, Answer, Out, Stood, Took};
use crate::rules::participation::Participation;
use crate::store::Tx;
use crate::store::contacts::{self, Person, earlier};

/// So many people are read at once.
const AT_ONCE: usize = 1_000;

/// People of a round by id, each with how he stands; `told`: what that round tells of who has answered.
pub(crate) async fn people(tx: &mut Tx, told: Participation, ids: &[&ContactId]) -> Result<Vec<(Person, Stood)>> {
    let mut all = Vec::with_capacity(ids.len());
    for ids in ids.chunks(AT_ONCE) {
        // The latest message stands last.
        let took: HashMap<ContactId, Took> = earlier::took(tx, ids)
            .await?
            .into_iter()
            .map(|row| (row.contact_id, Took { kind: row.kind, number: row.number }))
            .collect();
        let bounced: HashSet<ContactId> =
            earlier::bounced(tx, ids).await?.into_iter().map(|row| row.contact_id).collect();
        let mut first: HashMap<ContactId, String> = HashMap::new();
        for former in earlier::former_addresses(tx, ids).await? {
            first.entry(former.contact_id).or_insert(former.email);
        }
        let people = contacts::persons(tx, ids).await?;
        all.extend(people.into_iter().map(|p| {
            let moved = has_moved(&p, first.get(&p.id));
            let stood = stood(&p, told, took.get(&p.id).copied(), moved, bounced.contains(&p.id));
            (p, stood)
        }));
    }
    Ok(all)
}

/// Whether he has another address than at first. Whoever has given his mailbox up and taken it back has new links, and the same address.
fn has_moved(p: &Person, first: Option<&String>) -> bool {
    match first.and_then(|first| EmailAddress::parse(first).ok()) {
        Some(first) => first.key() != p.email.key(),
        None => p.links > 0,
    }
}

fn stood(p: &Person, told: Participation, took: Option<Took>, moved: bool, bounced: bool) -> Stood {
    let answer = match (p.completed_at, p.started_at) {
        _ if !told.names() => Answer::NotTold,
        (Some(_), _) => Answer::Complete,
        (None, Some(_)) => Answer::Begun,
        (None, None) => Answer::None,
    };
    let out = match p {
        _ if p.removed_at.is_some() => Some(Out::TakenOff),
        _ if p.opted_out_at.is_some() => Some(Out::OptedOut),
        _ if p.undeliverable_at.is_some() || p.left_at.is_some() => Some(Out::Unreachable),
        _ => None,
    };
    let address = match (moved, bounced) {
        (false, _) => Address::Same,
        (true, false) => Address::Corrected,
        (true, true) => Address::BouncedAndCorrected,
    };
    Stood {
        invited: p.invited_at.is_some(),
        answer,
        out,
        took: took.filter(|_| answer == Answer::Complete),
        address,
        predecessor: p.predecessor.clone(),
    }
}
