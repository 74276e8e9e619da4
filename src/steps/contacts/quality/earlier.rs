//! What earlier rounds of a client say of the rows of a list.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::quality::known::{EarlierRound, findings};
use crate::rules::round::RoundState;
use crate::steps::completion::told;
use crate::store::Tx;
use crate::store::contacts::earlier::{self, Asked};
use crate::store::round::rounds;

/// Adds to rows, as findings, that somebody was asked a short while ago, or never answers.
pub(crate) async fn add(tx: &mut Tx, round: &RoundId, rows: &mut [ListedContact], now: Ts) -> Result<()> {
    if !earlier::has_other_rounds(tx, round).await? {
        return Ok(());
    }
    let keys: Vec<String> = rows.iter().map(|row| row.email.key()).collect();
    let mut by_key: HashMap<String, Vec<EarlierRound>> = HashMap::new();
    // Of a round that names nobody who has answered, nobody is known to have been silent.
    let mut names: HashMap<String, bool> = HashMap::new();
    for asked in earlier::of_keys(tx, round, &keys).await? {
        let named = if let Some(named) = names.get(&asked.slug) {
            *named
        } else {
            let of_round = rounds::by_slug(tx, &asked.slug).await?;
            let named = of_round.map(|round| told::of_spec(&round.spec)).transpose()?.is_none_or(|told| told.names());
            names.insert(asked.slug.clone(), named);
            named
        };
        by_key.entry(asked.email_key.clone()).or_default().push(as_rule(asked, named));
    }
    for row in rows {
        if let Some(rounds) = by_key.get(&row.email.key()) {
            let known = findings(row, rounds, now);
            row.findings.extend(known);
        }
    }
    Ok(())
}

fn as_rule(asked: Asked, named: bool) -> EarlierRound {
    EarlierRound {
        closed: asked.state == RoundState::Closed && asked.invited_at.is_some(),
        reachable: asked.undeliverable_at.is_none() && asked.left_at.is_none(),
        silent: named && asked.completed_at.is_none() && asked.started_at.is_none(),
        last_sent: asked.last_sent_at,
        title: asked.slug,
    }
}
