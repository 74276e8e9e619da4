//! What a contact's absence does: a return date moves what is to come, "has left" ends it and asks for a successor.
//!
//! The same for whoever finds it out: the mailbox that reads replies, an operator on the phone. An absence moves a message, it
//! does not end it (promise 7).

use chrono::NaiveDate;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::rules::round::RoundState;
use crate::steps::contacts::objections::{self, Said};
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::repair::tasks;
use crate::steps::typed::clean;
use crate::store::Tx;
use crate::store::contacts::{self, Person, facts};
use crate::store::sending::outbox;

/// Further away than this a date is a mistake of reading, unless it is after the close: then it is as good as the close.
const LONGEST_ABSENCE_DAYS: i64 = 400;

#[derive(Clone, Debug)]
pub enum News {
    /// Away until and including this day; the next message goes on the first allowed day after it, in the contact's own time.
    AwayUntil(NaiveDate),
    /// Is there again, or never was away.
    Back,
    /// Has left the company: nothing more goes, and a task asks for a successor. `write_to`: whom the reply names instead.
    Left { write_to: Vec<String> },
    /// Has not left after all.
    Stays,
}

/// Takes news about a contact.
pub struct HearNews {
    pub contact: ContactId,
    pub news: News,
    /// The reply's own words, or what an operator was told.
    pub why: String,
}

impl Order for HearNews {
    type Done = ();
    const BY: Giver = Giver::OperatorOrProgram;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let HearNews { contact, news, why } = self;
        let why = clean(&why);
        let person = contacts::person(tx, &contact)
            .await?
            .ok_or_else(|| Problem::not_found("There is no such contact.", "Go back to the list of contacts."))?;
        if let News::Left { .. } = news
            && ctx.live_by_id(tx, &person.round_id).await?.state == RoundState::Closed
        {
            // Nothing is to be repaired in a round that is over; the rounds to come know it.
            objections::note(ctx, tx, &left(&person, &person.email, &why, by)).await?;
            return ctx.journal(tx, by, Action::HasLeft, Some(&person.round_id), &person.id, &why).await;
        }
        let live = open_round(ctx, tx, &person).await?;
        let (action, detail) = take(ctx, tx, &live, &person, news, &why, by).await?;
        ctx.journal(tx, by, action, Some(&person.round_id), &person.id, &detail).await
    }
}

/// The same inside of a transaction, in a round that is not over.
pub(super) async fn hear_in(ctx: &Ctx, tx: &mut Tx, live: &Live, person: &Person, news: News, why: &str) -> Result<()> {
    let (action, detail) = take(ctx, tx, live, person, news, &clean(why), &Actor::Program).await?;
    ctx.journal(tx, &Actor::Program, action, Some(&person.round_id), &person.id, &detail).await
}

/// The round of a person, as long as anything can still be sent in it.
async fn open_round(ctx: &Ctx, tx: &mut Tx, person: &Person) -> Result<std::sync::Arc<Live>> {
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    if live.state == RoundState::Closed {
        return Err(Problem::refused(format!("Round {} is closed.", live.slug), "Nothing leaves any more."));
    }
    Ok(live)
}

/// A departure, as it is kept for the address at the client.
pub(crate) fn left<'a>(person: &'a Person, address: &EmailAddress, why: &'a str, by: &'a Actor) -> Said<'a> {
    let (round, contact) = (Some(&person.round_id), Some(&person.id));
    Said { kind: ObjectionKind::Left, round, contact, email_key: person.key_at(address), by, evidence: why }
}

fn is_far(today: NaiveDate, last_day: NaiveDate) -> bool {
    last_day.signed_duration_since(today).num_days() > LONGEST_ABSENCE_DAYS
}

/// Until when somebody is away who was said at that time to be away up to and including a day.
pub(crate) fn away_until(live: &Live, person: &Person, said_at: Ts, last_day: NaiveDate) -> Ts {
    let calendar = live.sequence.calendar(person.locality());
    let today = calendar.local(said_at).date();
    calendar.end_of(if is_far(today, last_day) { live.spec.schedule.closes.max(today) } else { last_day })
}

async fn take(
    ctx: &Ctx,
    tx: &mut Tx,
    live: &Live,
    person: &Person,
    news: News,
    why: &str,
    actor: &Actor,
) -> Result<(Action, String)> {
    let now = ctx.clock.now();
    let calendar = live.sequence.calendar(person.locality());
    match news {
        News::AwayUntil(last_day) => {
            let today = calendar.local(now).date();
            let (closes, far) = (live.spec.schedule.closes, is_far(today, last_day));
            if last_day < today || far && last_day <= closes {
                return Err(Problem::unusable(
                    format!("{} cannot be away until {last_day}.", person.full_name()),
                    format!("Give a day between {today} and a year from now, or one after the close of the round."),
                ));
            }
            facts::set_absent(tx, &person.id, Some(away_until(live, person, now, last_day)), now).await?;
            let capped = if far { ", kept as until the close of the round" } else { "" };
            Ok((Action::IsAway, format!("until {}{capped}. {why}", last_day.format("%a %-d %b %Y"))))
        }
        News::Back => {
            facts::set_absent(tx, &person.id, None, now).await?;
            Ok((Action::IsBack, why.into()))
        }
        News::Left { write_to } => {
            facts::set_left(tx, &person.id, true, now).await?;
            outbox::withdraw_of_contact(tx, &person.id, &Reason::HasLeft.into(), now).await?;
            tasks::has_left(ctx, tx, person, why, &write_to, actor).await?;
            objections::note(ctx, tx, &left(person, &person.email, why, actor)).await?;
            Ok((Action::HasLeft, why.into()))
        }
        News::Stays => {
            objections::stays(ctx, tx, person, why, actor).await?;
            Ok((Action::HasNotLeft, why.into()))
        }
    }
}
