//! "I call him": somebody is one caller's for the rest of the day, so that nobody is called by two.

use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::calling as rules;
use crate::rules::journal::Actor;
use crate::rules::message::MessageKind;
use crate::rules::round::RoundState;
use crate::steps::completion::told;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::plan::facts::facts_of_person;
use crate::store::Tx;
use crate::store::calling::{self, Call};
use crate::store::contacts::{self, Person};

/// Somebody of a round in which calls are made.
pub(super) async fn callable(ctx: &Ctx, tx: &mut Tx, contact: &ContactId) -> Result<(Arc<Live>, Person)> {
    let unknown = || Problem::not_found("There is no such contact.", "Go back to the call list.");
    let person = contacts::person(tx, contact).await?.ok_or_else(unknown)?;
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    match live.state {
        RoundState::Running | RoundState::Paused => Ok((live, person)),
        RoundState::Draft => {
            let what = format!("Round {} has not begun.", live.slug);
            Err(Problem::refused(what, "Calls are noted once the invitations are out."))
        }
        RoundState::Closed => {
            Err(Problem::refused(format!("Round {} is closed.", live.slug), "Nobody is called any more."))
        }
    }
}

/// Whether a call to somebody is offered, as far as may be told of him.
pub fn may_be_called(live: &Live, person: &Person) -> bool {
    let goes_on = matches!(live.state, RoundState::Running | RoundState::Paused);
    goes_on && rules::may_be_called(&facts_of_person(person), person.invited_at.is_some())
}

/// Refuses whom somebody else has called since the page of the caller was made, and who is not to be called any more. That he has answered
/// refuses nothing where no names are told. `before`: the calls to him, the latest first; `known`: how many of them the caller knew of.
pub(super) fn still_to_call(
    (live, person): (&Live, &Person),
    (before, known): (&[Call], i64),
    by: &Actor,
    now: Ts,
) -> Result<()> {
    if let Some(last) = before.first().filter(|last| !by.is(&last.made_by) && before.len() as i64 > known) {
        return Err(called_meanwhile(live, person, last, now));
    }
    match told::facts(live, facts_of_person(person)).forbids_kind(MessageKind::Reminder) {
        Some(why) => {
            let what = format!("{} is not to be called any more. {}", person.full_name(), why.sentence());
            Err(Problem::refused(what, "Reload the page: the next one is there."))
        }
        None => Ok(()),
    }
}

fn called_meanwhile(live: &Live, person: &Person, last: &Call, now: Ts) -> Problem {
    let home = live.sequence.home();
    let at = home.local(last.at);
    let when = match home.local(now).date() == at.date() {
        true => format!("today at {}", at.format("%H:%M")),
        false => format!("on {}", at.format("%a %-d %b, %H:%M")),
    };
    let what = format!("{} has called {} {when}: {}.", last.made_by, person.full_name(), last.outcome.said(last.day()));
    Problem::refused(what, "Nobody is called by two; take the next one.")
}

/// Refuses whom somebody else means to call.
pub(super) async fn not_of_another(ctx: &Ctx, tx: &mut Tx, person: &Person, by: &Actor) -> Result<()> {
    match calling::reserved_for(tx, &person.id, ctx.clock.now()).await?.filter(|reserved| !by.is(&reserved.caller)) {
        Some(reserved) => {
            let what = format!("{} calls {} today.", reserved.caller, person.full_name());
            Err(Problem::refused(what, "Take the next one, or ask there."))
        }
        None => Ok(()),
    }
}

/// Somebody means to call him today.
pub struct ReserveCall {
    pub contact: ContactId,
    /// How many calls to him the caller knew of.
    pub known: i64,
}

impl Order for ReserveCall {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let now = ctx.clock.now();
        let (live, person) = callable(ctx, tx, &self.contact).await?;
        tx.in_round(&live.id);
        let before = calling::of_contacts(tx, &[&person.id]).await?;
        still_to_call((&*live, &person), (before.as_slice(), self.known), by, now)?;
        let until = live.sequence.home().end_of_day(now);
        if calling::reserve(tx, (&live.id, &person.id), by.as_str(), now, until).await? {
            return Ok(());
        }
        not_of_another(ctx, tx, &person, by).await
    }
}

/// Does not mean to after all.
pub struct ReleaseCall {
    pub contact: ContactId,
}

impl Order for ReleaseCall {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let (live, person) = callable(ctx, tx, &self.contact).await?;
        tx.in_round(&live.id);
        not_of_another(ctx, tx, &person, by).await?;
        calling::release(tx, &person.id, by.as_str()).await
    }
}
