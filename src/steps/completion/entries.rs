//! The journal as it may be told: of a round that tells numbers only nothing that says who has answered.

use std::collections::HashMap;

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::participation::Participation;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::journal::Entry;
use crate::store::journal::log::{self, Asked, LogPart};
use crate::store::round::rounds::Brief;

/// Parts that are looked through for one, where some of what is in them is not told.
const LOOKS: usize = 20;

/// So many at least are looked through then: with a few at a time the looks would end at an entry that is not told, and where the next part
/// begins would say when somebody has answered.
const AT_ONCE: i64 = 500;

/// A part of what may be told, of so many entries whether others were left out or not, where so many are found in a few looks. `all`: the
/// rounds that there are.
pub async fn told(ctx: &Ctx, tx: &mut Tx, mut asked: Asked, all: &[Brief], rows: i64) -> Result<LogPart> {
    let most = usize::try_from(rows).unwrap_or(usize::MAX);
    let mut rules: HashMap<RoundId, Participation> = HashMap::new();
    let mut entries: Vec<Entry> = Vec::new();
    let (mut next, mut at_once) = (None, rows);
    for _ in 0..LOOKS {
        let found = log::part(tx, &asked, at_once).await?;
        let mut left_out = false;
        for entry in found.entries {
            let rule = match &entry.round_id {
                Some(id) => {
                    if let Some(rule) = rules.get(id) {
                        *rule
                    } else {
                        let rule = rule(ctx, tx, all, id).await;
                        rules.insert(id.clone(), rule);
                        rule
                    }
                }
                None => Participation::Names,
            };
            if rule.entry(&entry.action, &entry.detail) {
                entries.push(entry);
            } else {
                left_out = true;
            }
        }
        next = found.next;
        at_once = rows.max(AT_ONCE);
        match &next {
            Some(before) if left_out && entries.len() < most => asked.before = before.clone(),
            _ => break,
        }
    }
    // Where the next part begins would tell of an entry that is not told.
    if entries.len() > most || (entries.len() == most && next.is_some()) {
        entries.truncate(most);
        next = entries.last().map(|last| (last.at, last.id.clone()));
    }
    Ok(LogPart { entries, next })
}

/// What a round tells of who has answered.
async fn rule(ctx: &Ctx, tx: &mut Tx, all: &[Brief], round: &RoundId) -> Participation {
    let Some(brief) = all.iter().find(|brief| brief.id == *round) else { return Participation::Counts };
    // A round that cannot be read is named elsewhere; here it tells the least.
    ctx.live(tx, brief).await.map_or(Participation::Counts, |live| live.spec.participation)
}
