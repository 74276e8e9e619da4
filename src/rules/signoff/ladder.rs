//! Who is asked besides an account director who does not sign, and what becomes of names that nobody signs: the ladder of a round.
//!
//! Counted in working days of the person who is asked. Nobody is asked on a day on which he is away; who is away for longer than the next
//! mail would wait, or takes no mail, has his deputy asked at once. Values in, a decision out: asked twice with the same values it says the
//! same (decision 0054).

use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;
use crate::rules::round::{SignoffSpec, WhenNobodySigns};

use super::delegation::Why;

/// Somebody who is asked for a signature on one account.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Of the place where he works.
    pub calendar: &'a Calendar,
    /// When each mail to him about the account has left, in order.
    pub left: &'a [Ts],
    /// The first instant at which he is there again.
    pub back_at: Option<Ts>,
    /// His address takes no mail: nobody knows when he is asked again.
    pub takes_no_mail: bool,
}

/// Somebody whom the round names for the one who does not sign.
#[derive(Clone, Copy, Debug)]
pub enum Rung<'a> {
    Nobody,
    /// Not asked yet.
    Named,
    Asked(Asked<'a>),
}

/// One account at one level, with everybody who is asked about it.
#[derive(Clone, Copy, Debug)]
pub struct Ladder<'a> {
    /// The one whose account it is, or the colleagues whom he has asked to sign.
    pub first: &'a [Asked<'a>],
    pub deputy: Rung<'a>,
    pub regional_head: Rung<'a>,
    /// What the round says of names that nobody signs was done, for what waits now.
    pub ended: bool,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Somebody is asked as well.
    Ask(Why),
    /// Nobody has signed: never [`WhenNobodySigns::Wait`].
    End(WhenNobodySigns),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    Now(Step),
    /// Not before this, unless somebody signs or is away.
    At(Ts),
    /// Another mail has to leave first.
    AfterMail,
    /// Nothing comes any more, unless the round's settings change.
    Over,
}

/// What an account's ladder says now.
pub fn next(spec: &SignoffSpec, ladder: &Ladder<'_>, now: Ts) -> Next {
    let mut later: Option<Ts> = None;
    let steps = steps(spec, ladder, now);
    let none = if steps.is_empty() { Next::Over } else { Next::AfterMail };
    for (step, at) in steps {
        match at {
            Some(at) if at <= now => return Next::Now(step),
            Some(at) => later = Some(later.map_or(at, |other| other.min(at))),
            None => {}
        }
    }
    later.map_or(none, Next::At)
}

/// What is still to be done, in its order, and when; none: not known before another mail has left.
fn steps(spec: &SignoffSpec, ladder: &Ladder<'_>, now: Ts) -> Vec<(Step, Option<Ts>)> {
    let mut all = Vec::new();
    let first = |after: u32| ladder.first.iter().filter_map(|one| waited(spec, one, after)).min();
    let all_away = !ladder.first.is_empty() && ladder.first.iter().all(|one| is_away_for_long(spec, one, now));
    if matches!(ladder.deputy, Rung::Named) {
        let at = if all_away { Some(now) } else { first(spec.deputy_after_chases) };
        all.push((Step::Ask(Why::Deputy), at));
    }
    if matches!(ladder.regional_head, Rung::Named) {
        let at = match &ladder.deputy {
            Rung::Nobody if all_away => Some(now),
            Rung::Asked(deputy) if all_away && is_away_for_long(spec, deputy, now) => Some(now),
            Rung::Asked(deputy) => {
                // Where he for whom both would sign is away, the deputy's mails are those that count.
                let more = spec.regional_head_after_chases.saturating_sub(spec.deputy_after_chases).max(1);
                [first(spec.regional_head_after_chases), waited(spec, deputy, more)].into_iter().flatten().min()
            }
            _ => first(spec.regional_head_after_chases),
        };
        all.push((Step::Ask(Why::RegionalHead), at));
    }
    if spec.when_nobody_signs != WhenNobodySigns::Wait && !ladder.ended {
        let of = |one: &Asked<'_>| waited(spec, one, spec.maximum_chases);
        let at = match (&ladder.regional_head, &ladder.deputy) {
            (Rung::Named, _) | (Rung::Nobody, Rung::Named) => None,
            (Rung::Asked(last), _) | (Rung::Nobody, Rung::Asked(last)) => of(last),
            // All of them, where they are several.
            (Rung::Nobody, Rung::Nobody) => {
                let all: Option<Vec<Ts>> = ladder.first.iter().map(of).collect();
                all.and_then(|all| all.into_iter().max())
            }
        };
        all.push((Step::End(spec.when_nobody_signs), at));
    }
    all
}

/// When somebody has had so many chases, and as many days again for an answer; none while he has not been mailed so often. Days go on
/// being counted when his mails are used up.
fn waited(spec: &SignoffSpec, one: &Asked<'_>, chases: u32) -> Option<Ts> {
    let mails = u32::try_from(one.left.len()).unwrap_or(u32::MAX);
    if let Some(left) = one.left.get(chases as usize) {
        return Some(working_days_on(spec, one.calendar, *left, 1));
    }
    let last = one.left.last().filter(|_| mails > spec.maximum_chases)?;
    Some(working_days_on(spec, one.calendar, *last, chases.saturating_sub(mails - 1).saturating_add(1)))
}

/// The time at which sending begins, `times` chases later.
fn working_days_on(spec: &SignoffSpec, calendar: &Calendar, from: Ts, times: u32) -> Ts {
    let days = spec.chase_every_working_days.max(1).saturating_mul(times);
    let day = calendar.working_days_from(calendar.local(from).date(), i32::try_from(days).unwrap_or(i32::MAX));
    calendar.on_day(day, None)
}

fn is_away_for_long(spec: &SignoffSpec, one: &Asked<'_>, now: Ts) -> bool {
    one.takes_no_mail || is_long(one.calendar, spec, one.back_at, now)
}

/// Whether somebody who is away comes back later than he would be asked again.
pub fn is_long(calendar: &Calendar, spec: &SignoffSpec, back_at: Option<Ts>, now: Ts) -> bool {
    put_off(calendar, back_at, now).is_some_and(|back| back > working_days_on(spec, calendar, now, 1))
}

/// When somebody is asked who is away now: on his first working day, when sending begins. None: he is there.
pub fn put_off(calendar: &Calendar, back_at: Option<Ts>, now: Ts) -> Option<Ts> {
    let back = back_at.filter(|back| *back > now)?;
    Some(calendar.on_day(calendar.working_days_from(calendar.local(back).date(), 0), None).max(back))
}

/// When somebody is asked for the first time: now, on a working day of his on which he is there.
pub fn first_asked(calendar: &Calendar, back_at: Option<Ts>, now: Ts) -> Ts {
    let today = calendar.local(now).date();
    put_off(calendar, back_at, now).unwrap_or_else(|| match calendar.is_working_day(today) {
        true => now,
        false => calendar.on_day(calendar.working_days_from(today, 0), None),
    })
}

/// When somebody who has been asked `asked` times is asked again; none when the chases are used up.
pub fn next_chase(calendar: &Calendar, spec: &SignoffSpec, asked: u32, back_at: Option<Ts>, now: Ts) -> Option<Ts> {
    let at = super::next_chase(calendar, spec, asked, now)?;
    Some(put_off(calendar, back_at, at).unwrap_or(at))
}

/// When the ladder is looked at after a mail that goes now.
pub fn look_after_mail(calendar: &Calendar, spec: &SignoffSpec, now: Ts) -> Ts {
    working_days_on(spec, calendar, now, 1)
}

#[cfg(test)]
#[path = "ladder_tests.rs"]
mod tests;
