//! What became of a call: kept, with what follows from it for the contact and the plan, in one transaction; and taken back.
//!
//! Who calls is the actor of the order: an operator, or an account manager by his link (`by_link.rs`). Where somebody else has called since
//! the page was opened, or means to call today, the order is refused and says who.

use chrono::NaiveDate;

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::{CallId, ContactId};
use crate::base::problem::{Problem, Result};
use crate::rules::calendar::Calendar;
use crate::rules::calling::{Change, DayFault, Outcome, change};
use crate::rules::journal::{Action, Actor};
use crate::rules::replies::verdict::Verdict;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::repair::tasks;
use crate::steps::replies::absence::{HearNews, News, away_until};
use crate::steps::typed::fitting;
use crate::store::calling::{self, Call};
use crate::store::contacts::{Person, facts};
use crate::store::journal::{self, Entry};
use crate::store::{Tx, replies};

use super::listing::{Wanted, call_list};
use super::reserving::{callable, not_of_another, still_to_call};

/// Twice the same within this time is the second tap of two.
const SECOND_TAP: i64 = MINUTE;
/// How what was heard by a call begins where it is kept.
const ON_THE_TELEPHONE: &str = "Told on the telephone";
/// So many places of a day's list are kept, to compare calls with.
const KEPT: usize = 100;

/// Records what became of a call.
pub struct RecordCall {
    pub contact: ContactId,
    pub outcome: Outcome,
    /// The day that was said; with others than a promise and a leave it is refused.
    pub day: Option<NaiveDate>,
    pub note: String,
    /// How many calls to him the caller knew of.
    pub known: i64,
}

impl Order for RecordCall {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        record(ctx, tx, self, by).await
    }
}

async fn record(ctx: &Ctx, tx: &mut Tx, said: RecordCall, by: &Actor) -> Result<()> {
    let now = ctx.clock.now();
    let note = fitting("The note", &said.note)?;
    let day = said.day;
    let (live, person) = callable(ctx, tx, &said.contact).await?;
    let before = calling::of_contacts(tx, &[&person.id]).await?;
    if let Some(last) = before.first() {
        let same = by.is(&last.made_by) && (last.outcome, last.day(), &last.note) == (said.outcome, day, &note);
        if same && now.since(last.at) < SECOND_TAP {
            return Ok(());
        }
    }
    still_to_call((&*live, &person), (before.as_slice(), said.known), by, now)?;
    not_of_another(ctx, tx, &person, by).await?;
    keep_list(ctx, tx, &live, now).await?;
    let calendar = live.sequence.calendar(person.locality());
    let closes = live.spec.schedule.closes;
    let follows = change(said.outcome, day, &calendar, now, ctx.call_pause_days, closes)
        .map_err(|fault| wrong_day(fault, &person, &calendar, now, closes))?;
    let told = match note.as_str() {
        "" => said.outcome.said(day),
        note => format!("{}: {note}", said.outcome.said(day)),
    };
    let call = Call {
        id: ctx.ids.id(now),
        round_id: person.round_id.clone(),
        contact_id: person.id.clone(),
        outcome: said.outcome,
        day: day.map(|day| day.to_string()),
        note,
        made_by: by.into(),
        at: now,
        before_until: match follows {
            Change::Away(_) => person.absent_until,
            _ => person.left_alone_until,
        },
    };
    calling::record(tx, &call).await?;
    calling::release(tx, &person.id, by.as_str()).await?;
    ctx.journal(tx, by, Action::Called, Some(&person.round_id), &person.id, &told).await?;
    follow(ctx, tx, &person, follows, &told, by).await
}

async fn follow(ctx: &Ctx, tx: &mut Tx, person: &Person, follows: Change, told: &str, by: &Actor) -> Result<()> {
    let now = ctx.clock.now();
    let why = format!("{ON_THE_TELEPHONE}: {told}");
    let hear = |news| HearNews { contact: person.id.clone(), news, why: why.clone() };
    match follows {
        Change::LeftAlone(until) => facts::leave_alone(tx, &person.id, until.max(person.left_alone_until), now).await,
        Change::Away(last_day) => hear(News::AwayUntil(last_day)).run(ctx, tx, by).await,
        Change::Left => hear(News::Left { write_to: Vec::new() }).run(ctx, tx, by).await,
        Change::NotChased => facts::set_not_chased(tx, &person.id, true, now).await,
        Change::WrongPerson => {
            facts::set_not_chased(tx, &person.id, true, now).await?;
            tasks::wrong_person(ctx, tx, person, &why, by).await
        }
    }
}

/// The first call of a day keeps the list as it stands then: others of it who are not called are what calls are compared with.
async fn keep_list(ctx: &Ctx, tx: &mut Tx, live: &Live, now: Ts) -> Result<()> {
    let today = live.sequence.home().local(now).date();
    let day = i64::from(today.to_epoch_days());
    if calling::is_listed(tx, &live.id, day).await? {
        return Ok(());
    }
    let list = call_list(ctx, tx, live, &Wanted::default()).await?;
    let first: Vec<&ContactId> = list.places.iter().take(KEPT).map(|place| &place.person.id).collect();
    calling::keep_list(tx, &live.id, day, &first, now).await
}

fn wrong_day(fault: DayFault, person: &Person, calendar: &Calendar, now: Ts, closes: NaiveDate) -> Problem {
    let (name, today) = (person.full_name(), calendar.local(now).date());
    match fault {
        DayFault::Missing => {
            Problem::unusable("The last day of the leave is missing.", "Choose the day, then press again.")
        }
        DayFault::NotAsked => {
            Problem::unusable("You chose a day.", "Press Will answer or On leave, or empty the field of the day.")
        }
        DayFault::Over => {
            let what = format!("{name} cannot answer by a day that is over.");
            Problem::unusable(what, format!("Choose {} or a later day.", today.format("%a %-d %b")))
        }
        DayFault::AfterClose => {
            let what = format!("No answers are taken after {}.", closes.format("%a %-d %b"));
            Problem::unusable(what, "Choose an earlier day.")
        }
    }
}

/// Takes back the latest call to somebody: what it has changed is as it was.
pub struct TakeBackCall {
    pub call: CallId,
}

impl Order for TakeBackCall {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let unknown = || Problem::not_found("There is no such call.", "Reload the page.");
        let known = calling::by_id(tx, &self.call).await?.ok_or_else(unknown)?;
        if let Some(whoever) = known.taken_back_by {
            // The second tap of two.
            let told = || Problem::refused(format!("{whoever} has taken this call back already."), "Reload the page.");
            return if by.is(&whoever) { Ok(()) } else { Err(told()) };
        }
        let (_, person) = callable(ctx, tx, &known.contact_id).await?;
        let call = calling::of_contacts(tx, &[&person.id]).await?.into_iter().next();
        let Some(call) = call.filter(|call| call.id == self.call) else {
            let what = format!("{} was called again since then.", person.full_name());
            return Err(Problem::refused(what, "Take the later call back first."));
        };
        undo(ctx, tx, &person, &call, by).await?;
        calling::take_back(tx, &call.id, by.as_str(), ctx.clock.now()).await?;
        let told = call.outcome.said(call.day());
        ctx.journal(tx, by, Action::TookCallBack, Some(&person.round_id), &person.id, &told).await
    }
}

/// Who else has said since the call that somebody has left: that stands, whatever becomes of the call.
async fn said_so_since(ctx: &Ctx, tx: &mut Tx, person: &Person, call: &Call) -> Result<Option<Problem>> {
    let mut mails = replies::of_contact(tx, &person.id).await?.into_iter();
    let mail = mails.rfind(|mail| mail.verdict == Verdict::Left.as_str() && mail.read_at >= call.at);
    let said = if let Some(mail) = mail {
        Some((format!("An automatic reply from {}", mail.from_email), mail.read_at))
    } else {
        let mut entries = journal::of_subject(tx, &person.id).await?.into_iter();
        let other =
            |e: &Entry| e.what() == Some(Action::HasLeft) && e.at >= call.at && !e.detail.starts_with(ON_THE_TELEPHONE);
        entries.rfind(other).map(|e| (e.actor, e.at))
    };
    let Some((who, at)) = said else { return Ok(None) };
    let home = ctx.live_by_id(tx, &person.round_id).await?.sequence.home();
    let when = home.local(at).format("%a %-d %b, %H:%M").to_string();
    let what = format!("{who} has said so too, on {when}: {} has left.", person.full_name());
    Ok(Some(Problem::refused(what, "Where that is wrong, press “Has not left after all” on the contact’s page.")))
}

async fn undo(ctx: &Ctx, tx: &mut Tx, person: &Person, call: &Call, by: &Actor) -> Result<()> {
    let now = ctx.clock.now();
    let replaced = || {
        let what = format!("{} is off the list by now.", person.full_name());
        Problem::refused(what, "Put the name back on the contact’s page where that is wrong.")
    };
    match call.outcome {
        Outcome::Called | Outcome::WillAnswer => facts::leave_alone(tx, &person.id, call.before_until, now).await,
        Outcome::OnLeave => {
            let live = ctx.live_by_id(tx, &person.round_id).await?;
            let set = call.day().map(|day| away_until(&live, person, call.at, day));
            // Something else may have been heard since.
            if person.absent_until == set {
                facts::set_absent(tx, &person.id, call.before_until, now).await?;
            }
            Ok(())
        }
        Outcome::WrongPerson | Outcome::HasLeft if person.removed_at.is_some() => Err(replaced()),
        Outcome::HasLeft if person.left_at.is_none() => Ok(()),
        Outcome::HasLeft => {
            if let Some(problem) = said_so_since(ctx, tx, person, call).await? {
                return Err(problem);
            }
            let why = "the call that said so was taken back".into();
            HearNews { contact: person.id.clone(), news: News::Stays, why }.run(ctx, tx, by).await
        }
        Outcome::NotChased => facts::set_not_chased(tx, &person.id, false, now).await,
        Outcome::WrongPerson => {
            tasks::is_right_person(ctx, tx, person, "the call that said so was taken back", by).await
        }
    }
}
