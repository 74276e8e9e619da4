//! How far a round is: the status of the contract, read from the counters.

use std::collections::BTreeMap;

use crate::base::problem::Result;
use crate::rules::completion::{
    Accounts, HandoffCount, Individual, OutboxCount, RevenueStatus, RoleCount, Status, rate, target_status,
};
use crate::steps::context::{Ctx, Live};
use crate::steps::sending::held::{self, Stop};
use crate::store::completion::StateTally;
use crate::store::sending::due;
use crate::store::{Tx, completion as tallies, course};

use super::told;

/// The status of a round, as of now. Costs a handful of rows, whatever the size of the round.
pub async fn status(ctx: &Ctx, slug: &str) -> Result<Status> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    status_of(ctx, &mut tx, &live).await
}

/// As the round lets it be told: where that is in numbers, of everybody who was invited.
pub async fn status_of(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Status> {
    let status = counted(ctx, tx, live).await?;
    match live.spec.participation.names() {
        true => Ok(status),
        false => Ok(Status { shapes: told::shapes(tx, &live.id).await?, ..status.of_invited() }),
    }
}

/// As the counters have it.
pub(super) async fn counted(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Status> {
    let now = ctx.clock.now();
    let mut individual = Individual::default();
    let mut roles = BTreeMap::new();
    for t in tallies::by_role(tx, &live.id).await? {
        individual.listed += t.listed;
        individual.invited += t.invited;
        individual.reachable += t.reachable;
        individual.started += t.started;
        individual.completed += t.completed;
        individual.opted_out += t.opted_out;
        individual.undeliverable += t.undeliverable;
        let count = RoleCount { reachable: t.reachable, completed: t.completed, rate: rate(t.completed, t.reachable) };
        roles.insert(t.role.as_str().to_string(), count);
    }
    let a = tallies::accounts(tx, &live.id).await?;
    individual.signed = a.signed_names;
    individual.rate = rate(individual.completed, individual.reachable);
    let accounts = Accounts {
        listed: a.listed,
        signed: a.signed,
        invited: a.invited,
        completed: a.completed,
        rate: rate(a.completed, a.invited),
    };
    let worth = course::revenue(tx, &live.id).await?;
    let revenue = RevenueStatus {
        invited: worth.invited,
        answered: worth.answered,
        rate: rate(worth.answered, worth.invited),
        accounts_without: worth.without_invited,
    };
    let messages = by_state(tallies::messages(tx, &live.lane()).await?);
    let handoffs = by_state(tallies::handoffs(tx, &live.id).await?);
    let of = |counts: &BTreeMap<String, i64>, state: &str| counts.get(state).copied().unwrap_or(0);
    Ok(Status {
        round: live.slug.clone(),
        state: live.state.as_str().into(),
        as_of: now,
        targets: live.spec.targets.iter().map(|t| target_status(*t, &individual, &accounts)).collect(),
        individual,
        accounts,
        roles,
        revenue,
        handoff: HandoffCount {
            completed: handoffs.values().sum(),
            confirmed: of(&handoffs, "confirmed"),
            pending: of(&handoffs, "pending"),
            failed: of(&handoffs, "failed") + of(&handoffs, "stopped"),
        },
        outbox: OutboxCount {
            planned: of(&messages, "planned"),
            due: due::count(tx, &live.lane(), now).await?,
            sent: of(&messages, "sent"),
            in_doubt: of(&messages, "in_doubt"),
            held: of(&messages, "held"),
            failed: of(&messages, "failed"),
        },
        held_by: held::all(ctx, tx).await?.iter().map(Stop::sentence).collect(),
        shapes: Vec::new(),
    })
}

pub(super) fn by_state(rows: Vec<StateTally>) -> BTreeMap<String, i64> {
    rows.into_iter().filter(|r| r.rows != 0).map(|r| (r.state, r.rows)).collect()
}
