//! Asking everybody again who is late, at one press: whoever is mailed about what is late, once a day at most.

use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::rules::signoff::SignLevel;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::store::Tx;
use crate::store::signoff::director_tally::{self, Search};
use crate::store::signoff::{self as requests, Request, absences, delegations};

use super::requests::asked_about;
use crate::steps::signoff::progress;

/// As many directors at one press; whoever has waited longest first.
const AT_ONCE: i64 = 1_000;

/// Told is how many are asked.
pub struct AskAllWhoAreLate {
    pub slug: String,
}

impl Order for AskAllWhoAreLate {
    type Done = usize;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<usize> {
        let live = ctx.live_by_slug(tx, &self.slug).await?;
        tx.in_round(&live.id);
        if live.state != RoundState::Running {
            let what = format!("Round {} is not running, so nobody is asked.", live.slug);
            return Err(Problem::refused(what, "Resume it, then ask again."));
        }
        let progress = progress::of_round(ctx, tx, &live).await?;
        let search = Search {
            filter: "late",
            late_before: progress.late_before,
            order: director_tally::Order::Wait,
            ..Search::default()
        };
        let late = director_tally::page(tx, &live.id, &search, AT_ONCE, 0).await?;
        let emails: Vec<&str> = late.iter().map(|d| d.email.as_str()).collect();
        let mut asked = ask(ctx, tx, (&live, SignLevel::Director), &emails, by).await?;
        if progress.second.waits.is_some_and(|waits| waits.late.is_some()) {
            let own = live.spec.signoff.sales_director_email.as_str();
            asked += ask(ctx, tx, (&live, SignLevel::SalesDirector), &[own], by).await?;
        }
        if asked > 0 {
            return Ok(asked);
        }
        let none = progress.late.directors == 0 && progress.second.waits.is_none_or(|waits| waits.late.is_none());
        let what = if none { "Nobody is late." } else { "Everybody who is late was asked today, or is about to be." };
        Err(Problem::refused(
            what,
            "Look at the sign-off board again; one person alone can be asked there at any time.",
        ))
    }
}

/// Those of these people, and of those who sign for them, who were asked before and not today.
async fn ask(ctx: &Ctx, tx: &mut Tx, (live, level): (&Live, SignLevel), own: &[&str], by: &Actor) -> Result<usize> {
    let (now, home) = (ctx.clock.now(), live.sequence.home());
    let given = delegations::given(tx, &live.id, level, own).await?;
    let mut emails: Vec<&str> = own.iter().copied().chain(given.iter().map(|d| d.to_email.as_str())).collect();
    emails.sort_unstable();
    emails.dedup();
    let today = home.start_of_day(now);
    let is_new = |r: &Request| r.asked_at.is_some_and(|at| at < today) && r.next_ask_at.is_none_or(|at| at > now);
    let (mut asked, whom) = (0, requests::of_people(tx, &live.id, level, &emails).await?);
    let away = absences::in_force(tx, &live.id, &emails, now).await?;
    let is_there = |r: &Request| !away.iter().any(|absence| absence.email == r.email);
    for request in whom.iter().filter(|r| is_new(r) && is_there(r)) {
        let hands_on = given.iter().any(|d| d.of_email == request.email);
        if hands_on && asked_about(tx, request).await?.is_empty() {
            continue;
        }
        requests::set_next_ask(tx, &request.id, Some(now)).await?;
        ctx.journal(tx, by, Action::AskedAgainToSign, Some(&live.id), &request.id, request.email.as_str()).await?;
        asked += 1;
    }
    Ok(asked)
}
