//! How a round has gone so far, day by day, and where it will end if it goes on like this.
//!
//! Costs the quarters of an hour in which anything happened; whoever a letter to come is for only where it is not for all.

use std::sync::Arc;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::completion::accounts::{days_of_accounts, open_accounts};
use crate::rules::completion::course::{Day, Open, Went, course, days};
use crate::rules::contacts::Role;
use crate::rules::message::MessageKind;
use crate::rules::plan::Touching;
use crate::rules::round::{Audience, RoundState};
use crate::steps::completion::one_more::{self, OneMore};
use crate::steps::context::{Asked, Ctx, Found, Going, Live};
use crate::store::completion::RoleTally;
use crate::store::{Tx, completion as tallies, course as courses};

pub use crate::steps::context::Ahead;

/// How a round goes on.
#[derive(Clone, Debug, Default)]
pub struct Outlook {
    /// Every day from the first letter until today, or until the close of a round that is closed.
    pub days: Vec<Day>,
    /// None before the first invitation has left, and after the close.
    pub ahead: Option<Ahead>,
    /// The same of accounts: `reachable` are those that were invited.
    pub of_accounts: Option<Ahead>,
    pub one_more: Option<OneMore>,
}

/// What the database says of it.
#[derive(Debug, Default)]
pub struct Read {
    pub days: Vec<Day>,
    coming: Coming,
}

#[derive(Debug, Default)]
enum Coming {
    /// Nothing can be said, or nothing is to come.
    #[default]
    Nothing,
    /// A forecast is known.
    Known(Arc<Found>),
    /// What one is worked out from.
    Asked(Box<Asked>),
}

/// Where it goes: a minute old at most, or two while the next forecast is worked out. Takes as long as a forecast where it is the first, so
/// no transaction is open meanwhile.
pub async fn worked_out(ctx: &Ctx, live: &Live, read: Read) -> Outlook {
    let Read { days, coming } = read;
    let found = match coming {
        Coming::Nothing => Arc::default(),
        Coming::Known(found) => found,
        Coming::Asked(asked) => ctx.forecasts.of(&live.id, live.version, *asked, ctx.clock.now()).await,
    };
    Outlook {
        days,
        ahead: found.contacts.clone(),
        of_accounts: found.accounts.clone(),
        one_more: found.one_more.filter(|_| live.state == RoundState::Running),
    }
}

/// How it has gone. What only a forecast needs is read only where none is known.
pub async fn read(ctx: &Ctx, tx: &mut Tx, live: &Live) -> Result<Read> {
    let (now, home) = (ctx.clock.now(), live.sequence.home());
    let (came, went) = (courses::answers(tx, &live.id).await?, courses::letters(tx, &live.id).await?);
    let days = days(&home, &came, &went, home.local(now).date().min(live.closed_on()));
    let is_invited = went.iter().any(|letter| letter.kind == MessageKind::Invitation);
    if now >= home.closes_at() || live.closed_at.is_some() || !is_invited {
        return Ok(Read { days, ..Read::default() });
    }
    let coming = match ctx.forecasts.known(&live.id, live.version, now) {
        Some(found) => Coming::Known(found),
        None => Coming::Asked(Box::new(asked(tx, live, (&days, &went), now).await?)),
    };
    Ok(Read { days, coming })
}

/// What a forecast is worked out from.
async fn asked(tx: &mut Tx, live: &Live, (days, went): (&[Day], &[Went]), now: Ts) -> Result<Asked> {
    let (home, closes) = (live.sequence.home(), live.closed_on());
    let roles = tallies::by_role(tx, &live.id).await?;
    let rule = live.spec.participation;
    let sum = |of: fn(&RoleTally) -> i64| roles.iter().map(of).sum::<i64>();
    let base = |t: &RoleTally| rule.base(t.invited, t.reachable);
    let (reachable, completed) = (roles.iter().map(base).sum::<i64>(), sum(|t| t.completed));
    let is_in = |wanted: &[Role], role: Role| wanted.is_empty() || wanted.contains(&role);
    let share = |wanted: &[Role]| {
        let of_them: i64 = roles.iter().filter(|t| is_in(wanted, t.role)).map(|t| base(t) - t.completed).sum();
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
    let contacts = course(&home, days, &open, &coming, closes, now).map(|(course, working)| Going {
        course,
        working,
        open: open.share(Audience::Everybody, 1.0),
    });
    let accounts = tallies::accounts(tx, &live.id).await?;
    let (as_accounts, silent) =
        (days_of_accounts(days, reachable, accounts.invited), open_accounts(accounts.invited, accounts.completed));
    let accounts = course(&home, &as_accounts, &silent, &coming, closes, now).map(|(course, working)| Going {
        course,
        working,
        open: silent.share(Audience::Everybody, 1.0),
    });
    let one_more = contacts.as_ref().and_then(|going| one_more::day(live, &going.course));
    Ok(Asked { contacts, one_more, accounts })
}
