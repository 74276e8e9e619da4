//! How a round has gone: what was sent and what came, day by day, in the round's own zone. Charts are drawn of it, and the forecast goes
//! on from it.

use chrono::NaiveDate;

use super::forecast;
use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;
use crate::rules::message::MessageKind;
use crate::rules::plan::Touching;
use crate::rules::round::Audience;

/// The unit in which the database counts, in milliseconds: the days of every time zone begin with a quarter of an hour.
pub const QUARTER: i64 = 15 * 60 * 1000;

/// What came within a quarter of an hour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// Quarters of an hour since 1970.
    pub quarter: i64,
    /// Contacts who completed.
    pub answers: i64,
    /// Accounts whose first completed response it was, and what they are worth in a year.
    pub accounts: i64,
    pub revenue: i64,
}

/// What left within a quarter of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Went {
    pub quarter: i64,
    /// Warm-up, invitation or reminder.
    pub kind: MessageKind,
    pub number: i64,
    pub sent: i64,
}

/// A day of a round; the counts are of all days up to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub answers: i64,
    pub accounts: i64,
    pub revenue: i64,
    /// Letters that left on this day, each kind and number once, in their order.
    pub letters: Vec<(MessageKind, i64, i64)>,
}

/// Every day from the first letter, or the first answer where none is on record, to `until`. Empty before there is either.
pub fn days(home: &Calendar, came: &[Came], went: &[Went], until: NaiveDate) -> Vec<Day> {
    let on = |quarter: i64| home.local(Ts(quarter.saturating_mul(QUARTER))).date();
    let Some(first) = came.iter().map(|c| on(c.quarter)).chain(went.iter().map(|w| on(w.quarter))).min() else {
        return Vec::new();
    };
    let mut days: Vec<Day> = first
        .iter_days()
        .take_while(|date| *date <= until)
        .map(|date| Day { date, answers: 0, accounts: 0, revenue: 0, letters: Vec::new() })
        .collect();
    let place = |quarter: i64| usize::try_from(on(quarter).signed_duration_since(first).num_days()).ok();
    for c in came {
        if let Some(day) = place(c.quarter).and_then(|n| days.get_mut(n)) {
            day.answers += c.answers;
            day.accounts += c.accounts;
            day.revenue += c.revenue;
        }
    }
    for w in went {
        let Some(day) = place(w.quarter).and_then(|n| days.get_mut(n)) else { continue };
        match day.letters.iter_mut().find(|(kind, number, _)| (*kind, *number) == (w.kind, w.number)) {
            Some((_, _, sent)) => *sent += w.sent,
            None => day.letters.push((w.kind, w.number, w.sent)),
        }
    }
    let (mut answers, mut accounts, mut revenue) = (0, 0, 0);
    for day in &mut days {
        answers += day.answers;
        accounts += day.accounts;
        revenue += day.revenue;
        (day.answers, day.accounts, day.revenue) = (answers, accounts, revenue);
        day.letters.sort_unstable();
    }
    days
}

/// The days of a round from its first invitation on, counted from it; none before it has left.
pub fn since_the_invitation(days: &[Day]) -> impl Iterator<Item = (i64, &Day)> {
    let is_invitation = |day: &Day| day.letters.iter().any(|(kind, ..)| *kind == MessageKind::Invitation);
    let first = days.iter().position(is_invitation).unwrap_or(days.len());
    days.iter().skip(first).zip(0..).map(|(day, n)| (n, day))
}

/// Who is still to answer, for what a letter to come may reach.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Open {
    /// Invited, and could be reached.
    pub reachable: i64,
    pub completed: i64,
    /// Of those who have not completed: whoever may be written to, and who of them has begun.
    pub writable: i64,
    pub started: i64,
    /// Of those who have not completed: people of accounts of which nobody has answered.
    pub in_silent_accounts: i64,
}

impl Open {
    /// The share of those who have not answered whom a letter of the sequence reaches. `of_roles`: the share of them in its roles.
    pub fn share(&self, audience: Audience, of_roles: f64) -> f64 {
        let open = (self.reachable - self.completed).max(1) as f64;
        let audience = match audience {
            Audience::Everybody => 1.0,
            Audience::NotStarted => 1.0 - self.started as f64 / open,
            Audience::NotFinished => self.started as f64 / open,
            Audience::AccountSilent => self.in_silent_accounts as f64 / open,
        };
        (self.writable as f64 / open * audience * of_roles).clamp(0.0, 1.0)
    }
}

/// What the forecast goes on from; none before the first invitation has left. `now`: answers of a day count once its sending hours are over.
/// `coming`: the reminders of the sequence that are still to come, with the share of the open people in their roles.
pub fn course(
    home: &Calendar,
    days: &[Day],
    open: &Open,
    coming: &[(Touching, f64)],
    closes: NaiveDate,
    now: Ts,
) -> Option<(forecast::Course, Vec<NaiveDate>)> {
    let is_invitation = |day: &&Day| day.letters.iter().any(|(kind, ..)| *kind == MessageKind::Invitation);
    let first = days.iter().find(is_invitation)?.date;
    let working: Vec<NaiveDate> =
        first.iter_days().take_while(|date| *date <= closes).filter(|date| home.is_working_day(*date)).collect();
    // Whatever comes on a day off counts on the working day after it, or on the last one.
    let place = |date: NaiveDate| working.partition_point(|day| *day < date).min(working.len().saturating_sub(1));
    let today = home.local(now);
    let is_over = home.last_hour().is_none_or(|hour| today.time() >= hour);
    let over = working.iter().filter(|day| **day < today.date() || (**day == today.date() && is_over)).count();
    let (mut answers, mut since, mut before) = (vec![0_u32; over], 0, 0);
    let mut letters: Vec<forecast::Letter> = Vec::new();
    for day in days {
        let (came, at) = (u32::try_from(day.answers - before).unwrap_or(0), place(day.date));
        before = day.answers;
        match answers.get_mut(at) {
            Some(of_day) => *of_day += came,
            None => since += came,
        }
        for (kind, number, sent) in &day.letters {
            let number = match kind {
                MessageKind::Invitation => 0,
                MessageKind::Reminder => usize::try_from(*number).unwrap_or(1),
                _ => continue,
            };
            let to = forecast::Sent::To(u32::try_from(*sent).unwrap_or(0));
            letters.push(forecast::Letter { day: at, number, to });
        }
    }
    for (touching, of_roles) in coming {
        let number = usize::try_from(touching.number).unwrap_or(1);
        let to = forecast::Sent::Planned(open.share(touching.audience, *of_roles));
        letters.push(forecast::Letter { day: place(touching.date), number, to });
    }
    letters.sort_by_key(|letter| (letter.day, letter.number));
    let reachable = u32::try_from(open.reachable).unwrap_or(0);
    let course = forecast::Course { reachable, letters, answers, since, days: working.len() };
    (!course.answers.is_empty()).then_some((course, working))
}

#[cfg(test)]
#[path = "course_tests.rs"]
mod tests;
