//! The weekly mails: to account managers, who of theirs is to be called; to account directors, where their accounts stand; to the sponsor,
//! where the round does. One kind of message, each to a link of its own level, by one schedule.

use crate::base::address::EmailAddress;
use crate::base::clock::{DAY, Ts};
use crate::base::ids::{RoundId, TeamLinkId};
use crate::base::problem::Result;
use crate::rules::calendar::Cron;
use crate::rules::completion::course::QUARTER;
use crate::rules::completion::team::TeamLevel;
use crate::rules::journal::Actor;
use crate::rules::message::MessageKind;
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Live, Order, Purpose};
use crate::steps::duties::failures::Reach;
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::calling::team::{self, TeamLink};
use crate::store::round::rounds;
use crate::store::sending::outbox;
use crate::store::{Tx, course};

/// Sets when the next weekly list of a round is due.
pub(crate) async fn schedule_next(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<()> {
    let live = ctx.live_by_id(tx, round).await?;
    // A schedule that cannot be read was refused when the round was loaded.
    let next = Cron::parse(&live.spec.digest.cron)
        .ok()
        .and_then(|cron| live.sequence.home().next_cron(&cron, ctx.clock.now()));
    rounds::set_next_digest(tx, round, next).await
}

/// Puts the weekly lists that are due into the ledger. What they say is looked up when they leave.
pub async fn tick(ctx: &Ctx) -> Result<u64> {
    let now = ctx.clock.now();
    let due: Vec<rounds::Brief> = {
        let mut tx = ctx.db.read().await?;
        let running = rounds::in_state(&mut tx, RoundState::Running).await?;
        running.into_iter().filter(|r| r.next_digest_at.is_some_and(|at| at <= now)).collect()
    };
    let mut planned = 0;
    for round in due {
        let name = format!("round {}: weekly lists", round.slug);
        let listed = ctx.order(&Actor::Program, PlanWeeklyLists { round: round.id }).await;
        planned += ctx.alone(Reach::Round, &name, listed)?.unwrap_or(0);
    }
    Ok(planned)
}

/// Puts the weekly lists of one round into the ledger, and says when the next are due.
struct PlanWeeklyLists {
    round: RoundId,
}

impl Order for PlanWeeklyLists {
    type Done = u64;
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<u64> {
        let live = ctx.live_by_id(tx, &self.round).await?;
        tx.in_round(&live.id);
        let planned = plan_lists(ctx, tx, &live).await?;
        schedule_next(ctx, tx, &self.round).await?;
        Ok(planned)
    }
}

async fn plan_lists(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<u64> {
    let now = ctx.clock.now();
    // Whoever was invited today is not silent yet.
    let today = live.sequence.home().start_of_day(now);
    let mut planned = 0;
    // That somebody gets no list would say that all of his have answered.
    let managers = match live.spec.participation.names() {
        true => team::managers_with_open_names(tx, &live.id, today).await?,
        false => team::managers_with_invited_names(tx, &live.id, today).await?,
    };
    let (managers, _) = ctx.readable("account manager", managers);
    for manager in managers {
        planned += plan_one(ctx, tx, live, TeamLevel::Manager, &manager.manager_name, &manager.manager_email).await?;
    }
    let directors = match live.spec.participation.names() {
        true => team::directors_with_open_names(tx, &live.id, today).await?,
        false => team::directors_with_invited_names(tx, &live.id, today).await?,
    };
    let (directors, _) = ctx.readable("account director", directors);
    for director in directors {
        let (name, email) = (&director.director_name, &director.director_email);
        planned += plan_one(ctx, tx, live, TeamLevel::Director, name, email).await?;
    }
    if let Some(sponsor) = &live.spec.sponsor
        && somebody_was_invited(tx, live, today).await?
    {
        planned += plan_one(ctx, tx, live, TeamLevel::Sponsor, &sponsor.name, &sponsor.email).await?;
    }
    Ok(planned)
}

/// One mail to somebody of the team; his link is made with the first.
async fn plan_one(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    level: TeamLevel,
    name: &str,
    email: &EmailAddress,
) -> Result<u64> {
    let now = ctx.clock.now();
    let link = match team::of_person(tx, &live.id, level, email.as_str()).await? {
        Some(link) => link,
        None => {
            let id: TeamLinkId = ctx.ids.id(now);
            let hash = ctx.secret_hash(Purpose::Team, &id);
            let (round_id, name, email) = (live.id.clone(), name.to_string(), email.clone());
            let new = TeamLink { id, round_id, level, name, email, created_at: now };
            team::add(tx, &new, &hash).await?;
            new
        }
    };
    // Days since 1970 number the lists, so that two daemons plan the same one.
    let number = now.0 / DAY;
    let to = Addressee { subject: link.id.as_str(), name, email };
    let message = message_to(ctx, &live.lane(), to, MessageKind::Digest, number, now);
    Ok(u64::from(outbox::enqueue(tx, &message, now).await?))
}

async fn somebody_was_invited(tx: &mut Tx, live: &Live, before: Ts) -> Result<bool> {
    let letters = course::letters(tx, &live.id).await?;
    Ok(letters.iter().any(|w| w.kind == MessageKind::Invitation && w.quarter.saturating_mul(QUARTER) < before.0))
}
