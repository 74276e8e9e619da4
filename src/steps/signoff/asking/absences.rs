//! Until when those who sign are away, and whose working days are theirs.
//!
//! Nobody is asked on a day on which he is away; who is away for long has his deputy asked at once (`escalating.rs`).

use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{RequestId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::calendar::{Calendar, Locality};
use crate::rules::journal::{Action, Actor};
use crate::rules::round::RoundState;
use crate::rules::signoff::SignLevel;
use crate::rules::signoff::ladder as rule;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::typed::{fitting, required};
use crate::store::signoff::absences::{self, Absence};
use crate::store::signoff::{Request, looks};
use crate::store::{Tx, signoff as requests};

use super::requests::{accounts_of, to_sign};

/// Longer than this nobody is away from a round: the day was misread.
const LONGEST_DAYS: i64 = 400;

/// The working days of somebody who signs: those of the place that the round names for him, else the round's own.
pub fn calendar_of(live: &Live, email: &EmailAddress) -> Arc<Calendar> {
    let place = live.spec.signoff.signer(email);
    let at = |of: &'_ str| of.to_owned();
    let (country, region) = place.map_or_else(Default::default, |one| (at(&one.country), at(&one.region)));
    live.sequence.calendar(Locality { time_zone: "", country: &country, region: &region })
}

/// The first instant at which somebody who is away is there again.
pub async fn back_at(tx: &mut Tx, round: &RoundId, email: &EmailAddress, now: Ts) -> Result<Option<Ts>> {
    Ok(absences::in_force(tx, round, &[email.as_str()], now).await?.last().map(|absence| absence.back_at))
}

/// Notes that somebody who signs is away, as an operator was told. Of whom he has a request.
pub struct NoteAbsence {
    pub request: RequestId,
    /// The last day, as it was typed.
    pub until: String,
    pub why: String,
}

impl Order for NoteAbsence {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let (request, live) = open(ctx, tx, &self.request).await?;
        let why = required(&fitting("Where you know it from", &self.why)?, "Write where you know it from.")?;
        let until = NaiveDate::parse_from_str(self.until.trim(), "%Y-%m-%d")
            .map_err(|_| Problem::unusable("The last day of the absence is no day.", "Pick a day, then save again."))?;
        if note(ctx, tx, &live, &request.email, until, &why, by).await? == Noted::Misread {
            let today = live.sequence.home().local(ctx.clock.now()).date();
            return Err(Problem::unusable(
                format!("{} cannot be away until {until}.", request.name),
                format!("Pick a day between {today} and a year from now."),
            ));
        }
        Ok(())
    }
}

/// Says that somebody who signs is there again.
pub struct EndAbsence {
    pub request: RequestId,
}

impl Order for EndAbsence {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let (request, live) = open(ctx, tx, &self.request).await?;
        let now = ctx.clock.now();
        // The second tap of two.
        if !absences::end(tx, &live.id, &request.email, by.as_str(), now).await? {
            return Ok(());
        }
        let at = rule::first_asked(&calendar_of(&live, &request.email), None, now);
        for own in of_person(tx, &live.id, &request.email).await? {
            requests::ask_sooner(tx, &live.id, own.level, &own.email, at).await?;
        }
        ctx.journal(tx, by, Action::SignerIsBack, Some(&live.id), &request.id, request.email.as_str()).await
    }
}

async fn open(ctx: &Ctx, tx: &mut Tx, request: &RequestId) -> Result<(Request, Arc<Live>)> {
    let unknown = || Problem::not_found("There is no such request.", "Go back to the sign-off board.");
    let request = requests::by_id(tx, request).await?.ok_or_else(unknown)?;
    let live = ctx.live_by_id(tx, &request.round_id).await?;
    tx.in_round(&live.id);
    if live.state == RoundState::Closed {
        return Err(Problem::refused(format!("Round {} is closed.", live.slug), "Nobody is asked any more."));
    }
    Ok((request, live))
}

/// Both of his, where he signs at both levels.
async fn of_person(tx: &mut Tx, round: &RoundId, email: &EmailAddress) -> Result<Vec<Request>> {
    let mut all = requests::of_people(tx, round, SignLevel::Director, &[email.as_str()]).await?;
    all.extend(requests::of_people(tx, round, SignLevel::SalesDirector, &[email.as_str()]).await?);
    Ok(all)
}

/// What is to be done about an absence that was heard of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Noted {
    /// That day cannot be meant; nothing was noted.
    Misread,
    /// Nothing: he is back soon, or the round names who is asked in his place.
    Seen,
    /// A signature will not come soon, and nobody else is asked for it: somebody has to know.
    NobodyElse,
}

/// Notes it, and looks at once whether somebody else is to be asked.
pub(crate) async fn note(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    email: &EmailAddress,
    last_day: NaiveDate,
    why: &str,
    by: &Actor,
) -> Result<Noted> {
    let now = ctx.clock.now();
    let calendar = calendar_of(live, email);
    let days = last_day.signed_duration_since(calendar.local(now).date()).num_days();
    if !(0..=LONGEST_DAYS).contains(&days) {
        return Ok(Noted::Misread);
    }
    let absence = Absence {
        id: ctx.ids.id(now),
        round_id: live.id.clone(),
        email: email.clone(),
        back_at: calendar.end_of(last_day),
        why: why.into(),
        by_whom: by.into(),
        at: now,
    };
    absences::note(tx, &absence).await?;
    for request in of_person(tx, &live.id, email).await? {
        let asks = !to_sign(&request, &accounts_of(tx, &request).await?).is_empty();
        if asks {
            looks::plan(tx, &request.id, now).await?;
        }
        if let Some(at) = request.next_ask_at.filter(|_| asks) {
            let at = rule::put_off(&calendar, Some(absence.back_at), at).unwrap_or(at);
            requests::set_next_ask(tx, &request.id, Some(at)).await?;
        }
        let detail = format!("{email} until {}. {why}", last_day.format("%a %-d %b %Y"));
        ctx.journal(tx, by, Action::SignerIsAway, Some(&live.id), &request.id, &detail).await?;
    }
    let spec = &live.spec.signoff;
    let others = spec.signer(email).is_some_and(|one| one.deputy().or(one.regional_head()).is_some());
    let long = rule::is_long(&calendar, spec, Some(absence.back_at), now);
    Ok(if long && !others { Noted::NobodyElse } else { Noted::Seen })
}
