//! How a round has gone so far, day by day, and where it will end if it goes on like this.
//!
//! Costs the quarters of an hour in which anything happened; whoever a letter to come is for only where it is not for all.

use chrono::NaiveDate;

use crate::base::problem::Result;
use crate::rules::completion::accounts::{days_of_accounts, open_accounts};
use crate::rules::completion::course::{Day, Open, course, days};
use crate::rules::completion::forecast::{Course, Forecast};
use crate::rules::contacts::Role;
use crate::rules::message::MessageKind;
use crate::rules::plan::Touching;
use crate::rules::round::Audience;
use crate::steps::context::{Ctx, Live};
use crate::store::completion::RoleTally;
use crate::store::{Tx, completion as tallies, course as courses};

/// How a round goes on.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// Every day from the first letter until today, or until the close of a round that is closed.
    pub days: Vec<Day>,
    /// None before the first invitation has left, and after the close.
    pub ahead: Option<Ahead>,
    /// The same of accounts: `reachable` are those that were invited.
    pub of_accounts: Option<Ahead>,
}

/// What will come if nothing changes.
#[derive(Clone, Debug)]
pub struct Ahead {
    pub course: Course,
    /// The working days of the course, from the first invitation to the close.
    pub working: Vec<NaiveDate>,
    pub forecast: Forecast,
    /// Of those who have not answered: the share whom a letter to everybody reaches.
    pub open: f64,
}

impl Ahead {
    /// The day on which a rate between 0 and 1 is reached; none where it will not be.
    pub fn reaches(&self, rate: f64) -> Option<NaiveDate> {
        self.forecast.reaches(rate, &self.course).and_then(|day| self.working.get(day).copied())
    }
}

pub async fn of_round(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Outlook> {
    let (now, home) = (ctx.clock.now(), live.sequence.home());
    let (came, went) = (courses::answers(tx, &live.id).await?, courses::letters(tx, &live.id).await?);
    let closes = live.closed_on();
    let days = days(&home, &came, &went, home.local(now).date().min(closes));
    if now >= home.closes_at() || live.closed_at.is_some() {
        return Ok(Outlook { days, ..Outlook::default() });
    }
    let roles = tallies::by_role(tx, &live.id).await?;
    let sum = |of: fn(&RoleTally) -> i64| roles.iter().map(of).sum::<i64>();
    let (reachable, completed) = (sum(|t| t.reachable), sum(|t| t.completed));
    let is_in = |wanted: &[Role], role: Role| wanted.is_empty() || wanted.contains(&role);
    let share = |wanted: &[Role]| {
        let of_them: i64 = roles.iter().filter(|t| is_in(wanted, t.role)).map(|t| t.reachable - t.completed).sum();
        of_them as f64 / (reachable - completed).max(1) as f64
    };
    let reminders = went.iter().filter(|letter| letter.kind == MessageKind::Reminder);
    let had = reminders.map(|letter| u32::try_from(letter.number).unwrap_or(0)).max().unwrap_or(0);
    let with_share = |c: Touching| {
        let of_roles = share(&c.roles);
        (c, of_roles)
    };
    let coming: Vec<_> = live.sequence.reminders_to_come(had, now).into_iter().map(with_share).collect();
    // Whoever opted out after an answer, or cannot be reached, is none of the open people.
    let opted_out = if sum(|t| t.opted_out) > 0 { courses::opted_out(tx, &live.id).await? } else { 0 };
    let writable = (reachable - completed - opted_out).max(0);
    let mut open = Open { reachable, completed, writable, ..Open::default() };
    // Each costs the people or accounts that it counts, so only where a letter to come depends on it.
    if coming.iter().any(|(c, _)| matches!(c.audience, Audience::NotStarted | Audience::NotFinished)) {
        open.started = courses::not_finished(tx, &live.id).await?;
    }
    if coming.iter().any(|(c, _)| c.audience == Audience::AccountSilent) {
        open.in_silent_accounts = courses::in_silent_accounts(tx, &live.id).await?;
    }
    let ahead = course(&home, &days, &open, &coming, closes, now).and_then(|(course, working)| {
        let forecast = ctx.forecasts.of(&live.id, &course)?;
        Some(Ahead { course, working, forecast, open: open.share(Audience::Everybody, 1.0) })
    });
    let accounts = tallies::accounts(tx, &live.id).await?;
    let (as_accounts, silent) =
        (days_of_accounts(&days, reachable, accounts.invited), open_accounts(accounts.invited, accounts.completed));
    let of_accounts = course(&home, &as_accounts, &silent, &coming, closes, now).and_then(|(course, working)| {
        let forecast = ctx.forecasts.of_accounts(&live.id, &course)?;
        Some(Ahead { course, working, forecast, open: silent.share(Audience::Everybody, 1.0) })
    });
    Ok(Outlook { days, ahead, of_accounts })
}
