//! Stopping at once, and going on: by account, account director, country, language or touch.
//!
//! What is planned or claimed in the scope is withdrawn in the transaction of the pause, with the reason on record; a message
//! between its dot and the server's answer is the only thing that can still arrive. Lifting plans anew what is still right, under
//! the same keys, so that nothing goes twice.

use chrono::NaiveDate;

use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::ids::{PauseId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::{Reason, Scope};
use crate::rules::round::RoundState;
use crate::steps::context::{Ctx, Giver, Live, Order, unknown};
use crate::steps::typed::fitting;
use crate::store::Tx;
use crate::store::contacts::accounts;
use crate::store::plan::pauses::{self, Covered, Pause};
use crate::store::round::rounds;

/// A pause as an operator asks for it.
#[derive(Clone, Debug)]
pub struct NewPause {
    pub scope: Scope,
    pub why: String,
    /// The first day that is paused, in the round's own zone; none: at once.
    pub from: Option<NaiveDate>,
    /// The last day that is paused; none: until it is lifted.
    pub until: Option<NaiveDate>,
}

/// What a pause of this scope would hold now. Changes nothing.
pub async fn preview(ctx: &Ctx, slug: &str, scope: &Scope) -> Result<Covered> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let (scope, value) = scope.parts();
    pauses::covered(&mut tx, &live.id, scope, &value).await
}

/// Pauses; returns what was withdrawn. A pause that begins later withdraws nothing yet: the plan moves what falls into it.
pub struct PausePeople {
    pub slug: String,
    pub pause: NewPause,
}

impl Order for PausePeople {
    type Done = u64;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<u64> {
        let PausePeople { slug, pause: new } = self;
        let now = ctx.clock.now();
        let live = ctx.live_by_slug(tx, &slug).await?;
        tx.in_round(&live.id);
        if live.state == RoundState::Closed {
            return Err(Problem::refused(format!("Round {slug} is closed."), "Nothing leaves any more."));
        }
        let why = fitting("The reason", &new.why)?;
        if why.is_empty() {
            return Err(Problem::unusable(
                "The pause has no reason.",
                "Say why, in a few words: \u{201c}complaint open\u{201d}.",
            ));
        }
        let (from, until) = bounds(&live, &new, now)?;
        if let Scope::Account(id) = &new.scope
            && accounts::by_id(tx, id).await?.is_none_or(|a| a.round_id != live.id)
        {
            return Err(Problem::not_found("There is no such account in this round.", "Choose one from the list."));
        }
        let (scope, value) = new.scope.parts();
        let pause = Pause {
            id: ctx.ids.id(now),
            round_id: live.id.clone(),
            scope: scope.into(),
            value: value.clone(),
            why: why.clone(),
            from_at: from,
            until_at: until,
            made_at: now,
            made_by: by.into(),
            lifted_at: None,
            lifted_by: None,
        };
        // Asked for twice, paused once: it would have to be lifted twice.
        let same = |p: &Pause| {
            (&p.scope, &p.value, &p.why, &p.made_by, p.until_at)
                == (&pause.scope, &pause.value, &pause.why, &pause.made_by, until)
                && (new.from.is_none() || p.from_at == from)
        };
        if pauses::not_lifted(tx, &live.id).await?.iter().any(same) {
            return Ok(0);
        }
        pauses::insert(tx, &pause).await?;
        let held = match from <= now {
            true => pauses::withdraw(tx, &live.id, scope, &value, &Reason::Paused.into(), now).await?,
            false => 0,
        };
        pauses::look_again(tx, &live.id, scope, &value, now).await?;
        let detail = format!("{scope} {value}: {why}; {} withdrawn", counted(held, "message", "messages"));
        ctx.journal(tx, by, Action::Paused, Some(&live.id), live.id.as_str(), &detail).await?;
        Ok(held)
    }
}

/// From the start of the first day, or now, to the end of the last, in the round's own zone.
fn bounds(live: &Live, new: &NewPause, now: Ts) -> Result<(Ts, Option<Ts>)> {
    let home = live.sequence.home();
    let from = new.from.map_or(now, |day| home.start_of(day));
    let until = new.until.map(|day| home.end_of(day));
    if until.is_some_and(|until| until <= from.max(now)) {
        return Err(Problem::unusable(
            "The pause would be over before it begins.",
            "Give a last day that is today or later, and not before the first; leave it empty to pause until further notice.",
        ));
    }
    Ok((from, until))
}

/// Ends a pause; what is still right is planned anew.
pub struct LiftPause {
    pub slug: String,
    pub pause: PauseId,
}

impl Order for LiftPause {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let now = ctx.clock.now();
        let round = rounds::brief_by_slug(tx, &self.slug).await?.ok_or_else(|| unknown(&self.slug))?;
        let known = pauses::by_id(tx, &self.pause).await?.filter(|p| p.round_id == round.id);
        let gone = || Problem::refused("This pause is over already.", "Reload the page to see what is paused.");
        let p = known.ok_or_else(gone)?;
        tx.in_round(&round.id);
        if !pauses::lift(tx, &p.id, by.as_str(), now).await? {
            // The second tap of two.
            return if p.lifted_by.as_deref() == Some(by.as_str()) { Ok(()) } else { Err(gone()) };
        }
        pauses::look_again(tx, &round.id, &p.scope, &p.value, now).await?;
        let detail = format!("{} {}: {}", p.scope, p.value, p.why);
        ctx.journal(tx, by, Action::LiftedPause, Some(&round.id), round.id.as_str(), &detail).await
    }
}

/// What is paused in a round, or will be.
pub async fn in_force(ctx: &Ctx, round: &RoundId) -> Result<Vec<Pause>> {
    let now = ctx.clock.now();
    let mut tx = ctx.db.read().await?;
    let all = pauses::not_lifted(&mut tx, round).await?;
    Ok(all.into_iter().filter(|p| p.until_at.is_none_or(|until| until > now)).collect())
}
