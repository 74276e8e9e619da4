//! The life of a round after it was loaded: started, paused, resumed, closed by somebody or by its closing day.

use chrono::{Days, NaiveTime};
use tracing::{Instrument, info_span};

use crate::base::clock::{HOUR, Ts};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::rules::round::{RoundSpec, RoundState};
use crate::steps::completion::digest;
use crate::steps::contacts::quality;
use crate::steps::context::{Ctx, Giver, Order, unknown};
use crate::steps::duties::failures::Reach;
use crate::steps::handover::targets;
use crate::steps::signoff::asking::requests::ensure_signoff_requests;
use crate::store::contacts::accounts;
use crate::store::contacts::uploads;
use crate::store::round::rounds::{self, Brief, Round};
use crate::store::sending::outbox;
use crate::store::{Tx, people, plan};

/// The closing day ends last twelve hours west of Greenwich.
pub(crate) fn closes_everywhere(spec: &RoundSpec) -> Ts {
    let day_after = spec.schedule.closes.checked_add_days(Days::new(1)).unwrap_or(spec.schedule.closes);
    Ts::from(day_after.and_time(NaiveTime::MIN).and_utc()).plus(12 * HOUR)
}

/// What an operator can tell a round to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundOrder {
    Start,
    Pause,
    Resume,
    Close,
}

/// Starts, pauses, resumes or closes a round. What was claimed but has not begun to leave stops at once.
pub struct TellRound {
    pub slug: String,
    pub order: RoundOrder,
}

impl Order for TellRound {
    type Done = ();
    const BY: Giver = Giver::OperatorOrProgram;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let TellRound { slug, order } = self;
        let now = ctx.clock.now();
        let round = rounds::by_slug(tx, &slug).await?.ok_or_else(|| unknown(&slug))?;
        tx.in_round(&round.id);
        let (next, done) = match order {
            RoundOrder::Start => (RoundState::Running, Action::StartedRound),
            RoundOrder::Pause => (RoundState::Paused, Action::PausedRound),
            RoundOrder::Resume => (RoundState::Running, Action::ResumedRound),
            RoundOrder::Close => (RoundState::Closed, Action::ClosedRound),
        };
        let fits = round.state.may_become(next)
            && match order {
                RoundOrder::Start => round.state == RoundState::Draft,
                RoundOrder::Resume => round.state == RoundState::Paused,
                RoundOrder::Pause | RoundOrder::Close => true,
            };
        if !fits {
            return Err(refusal(&round, order));
        }
        if order == RoundOrder::Start && now > round.closes_at {
            return Err(Problem::refused(
                format!("Round {slug} would have closed already."),
                "Set schedule.opens and schedule.closes in round.toml to days to come and load it again.",
            )
            .on_page("Change the days on which it opens and closes under Schedule, then start it."));
        }
        if order == RoundOrder::Start && people::places(tx, &round.id).await?.is_empty() {
            return Err(Problem::refused(
                format!("Nobody is on the list of round {slug}, so there is nobody to ask."),
                "Load its list, then start it.",
            ));
        }
        if order == RoundOrder::Start {
            quality::reasons_first(ctx, tx, &round.id, &slug).await?;
        }
        if !rounds::set_state(tx, &round.id, round.state, next, now).await? {
            return Err(Problem::refused(
                format!("Round {slug} was changed at the same moment."),
                "Look again, then repeat.",
            ));
        }
        if next == RoundState::Closed {
            targets::note(ctx, tx, &round.id).await?;
            // Lists that wait for it can be loaded no more.
            uploads::remove_of_round(tx, &round.id).await?;
            outbox::withdraw_of_round(tx, &round.id, &Reason::RoundClosed.into(), now).await?;
            plan::close_round(tx, &round.id, Reason::RoundClosed.as_str(), Reason::Completed.as_str()).await?;
        }
        if order == RoundOrder::Start {
            accounts::wait_from_the_start(tx, &round.id, now).await?;
            ensure_signoff_requests(ctx, tx, &round.id).await?;
            digest::schedule_next(ctx, tx, &round.id).await?;
        }
        ctx.journal(tx, by, done, Some(&round.id), round.id.as_str(), "").await
    }
}

fn refusal(round: &Round, order: RoundOrder) -> Problem {
    let slug = &round.slug;
    let next = match (round.state, order) {
        (RoundState::Closed, _) => "A closed round stays closed; load a new one for the next year.",
        (RoundState::Draft, _) => "Start it first.",
        (RoundState::Running, _) => "It runs already.",
        (RoundState::Paused, RoundOrder::Pause) => "Nothing leaves while it is paused.",
        (RoundState::Paused, _) => "Resume it instead.",
    };
    Problem::refused(format!("Round {slug} is {}.", round.state.as_str()), next)
}

/// Closes the rounds whose closing day is over everywhere.
pub async fn close_due(ctx: &Ctx) -> Result<u64> {
    let now = ctx.clock.now();
    let over: Vec<Brief> = {
        let mut tx = ctx.db.read().await?;
        rounds::list(&mut tx)
            .await?
            .into_iter()
            .filter(|r| r.closes_at <= now && r.state.may_become(RoundState::Closed))
            .collect()
    };
    for round in &over {
        let closed = ctx.order(&Actor::Program, TellRound { slug: round.slug.clone(), order: RoundOrder::Close });
        let closed = closed.instrument(info_span!("round", id = round.id.as_str())).await;
        ctx.alone(Reach::Round, &format!("round {}: closing", round.slug), closed)?;
    }
    Ok(over.len() as u64)
}
