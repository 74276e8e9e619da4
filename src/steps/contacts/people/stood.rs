//! How people stand in their round, as the next one tells it: read with what the ledger and the repairs know of them.

use std::collections::{HashMap, HashSet};

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::last_time::{Address, Answer, Out, Stood, Took};
use crate::store::Tx;
use crate::store::contacts::{self, Person, earlier};

/// So many people are read at once.
const AT_ONCE: usize = 1_000;

/// People of a round by id, each with how he stands.
pub(crate) async fn people(tx: &mut Tx, ids: &[&ContactId]) -> Result<Vec<(Person, Stood)>> {
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
        let people = contacts::persons(tx, ids).await?;
        all.extend(people.into_iter().map(|p| {
            let stood = stood(&p, took.get(&p.id).copied(), bounced.contains(&p.id));
            (p, stood)
        }));
    }
    Ok(all)
}

fn stood(p: &Person, took: Option<Took>, bounced: bool) -> Stood {
    let answer = match (p.completed_at, p.started_at) {
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
    // Links are made anew for every other address.
    let address = match (p.links > 0, bounced) {
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
