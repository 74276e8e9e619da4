//! The weekly mails: to account managers, who of theirs is to be called; to account directors, where their accounts stand; to the sponsor,
//! where the round does. One kind of message, each to a link of its own level, by one schedule.

use crate::base::address::EmailAddress;
use crate::base::clock::{DAY, Ts};
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::calendar::Cron;
use crate::rules::completion::team::{TeamLevel, Weekly, WeeklyMail};
use crate::rules::journal::Actor;
use crate::rules::message::MessageKind;
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::duties::failures::Reach;
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::Tx;
use crate::store::calling::weekly::{self as store, Hears};
use crate::store::round::rounds;
use crate::store::sending::outbox;

use super::weekly;

/// Sets when the next weekly list of a round is due.
pub(crate) async fn schedule_next(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<()> {
    let live = ctx.live_by_id(tx, round).await?;
    // A schedule that cannot be read was refused when the round was loaded.
    let next = Cron::parse(&live.spec.digest.cron)
        .ok()
        .and_then(|cron| live.sequence.home().next_cron(&cron, ctx.clock.now()));
    rounds::set_next_digest(tx, round, next).await
}

fn is_due(round: &rounds::Brief, now: Ts) -> bool {
    round.next_digest_at.is_some_and(|at| at <= now)
}

/// Puts the weekly lists that are due into the ledger. What they say is looked up when they leave.
pub async fn tick(ctx: &Ctx) -> Result<u64> {
    let now = ctx.clock.now();
    let due: Vec<rounds::Brief> = {
        let mut tx = ctx.db.read().await?;
        let running = rounds::in_state(&mut tx, RoundState::Running).await?;
        running.into_iter().filter(|round| is_due(round, now)).collect()
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
        // Paused, or planned by another daemon, since this one has looked.
        let known = rounds::brief_by_id(tx, &self.round).await?;
        let Some(round) = known.filter(|round| is_due(round, ctx.clock.now())) else { return Ok(0) };
        // Whoever is found below has a part, and these are the latest.
        if (Weekly { state: round.state, has_part: true, has_later: false }).decide() != WeeklyMail::Goes {
            return Ok(0);
        }
        let planned = plan_lists(ctx, tx, &live).await?;
        schedule_next(ctx, tx, &self.round).await?;
        Ok(planned)
    }
}

async fn plan_lists(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<u64> {
    let today = weekly::today(ctx, live);
    // That somebody gets no list would say that all of his have answered.
    let open = live.spec.participation.names();
    let mut planned = 0;
    let (managers, _) = ctx.readable("account manager", store::managers(tx, &live.id, today, open).await?);
    for Hears { name, email } in managers {
        planned += plan_one(ctx, tx, live, TeamLevel::Manager, &name, &email).await?;
    }
    let (directors, _) = ctx.readable("account director", store::directors(tx, &live.id, today, open).await?);
    for Hears { name, email } in directors {
        planned += plan_one(ctx, tx, live, TeamLevel::Director, &name, &email).await?;
    }
    if let Some(sponsor) = &live.spec.sponsor
        && weekly::has_part(ctx, tx, live, TeamLevel::Sponsor, &sponsor.email).await?
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
    let link = weekly::link_of(ctx, tx, live, level, name, email).await?;
    // Days since 1970 number the lists, so that two daemons plan the same one.
    let number = now.0 / DAY;
    let to = Addressee { subject: link.id.as_str(), name, email };
    let message = message_to(ctx, &live.lane(), to, MessageKind::Digest, number, now);
    Ok(u64::from(outbox::enqueue(tx, &message, now).await?))
}
