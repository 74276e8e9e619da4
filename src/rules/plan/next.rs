//! The next message for one contact, from the sequence of the round, the contact's facts and the rows there are.

use chrono::NaiveTime;

use crate::base::clock::{DAY, MINUTE, Ts};
use crate::rules::calendar::Calendar;
use crate::rules::calendar::crontab::Cron;
use crate::rules::message::MessageKind;
use crate::rules::round::Audience;

use super::allowed::{earliest, first_allowed};
use super::facts::{Facts, Reason};
use super::progress::Progress;
use super::sequence::{Local, Sequence, Step, place};
use super::spread;
use super::timing::{Timing, not_before};
use super::touched::Touched;

/// Until a message between its final dot and the server's answer is settled, what follows cannot be known.
const SETTLING: i64 = 15 * MINUTE;

/// Who has begun to answer is left alone for so long before a reminder to finish.
const TO_FINISH: i64 = DAY;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Plan this row, or move it to this time. `due_at` is not before `now` and allowed by everything known now; `planned_for` is the
    /// time that the touch itself names: what leaves much later than that is late.
    Send { kind: MessageKind, number: u32, planned_for: Ts, due_at: Ts },
    /// A row is being sent at this moment. Ask again when it is settled, or at `at`.
    LookAgain { at: Ts, why: Reason },
    /// Until the contact's facts or rows change. [`Reason::AlreadyPlanned`]: what is planned stands.
    Nothing { why: Reason },
}

/// The message to plan for this contact; `touched` are all rows of this contact in this round, in any order.
///
/// A touch whose own time is past goes at the next sending time (F17). A cron reminder takes the first time of its expression that is
/// neither past nor on a day before the gap to the last message has ended: missed ones are not made up for. A failed row counts as done and
/// keeps the gap as one that went does, a withdrawn one may be planned again. The warm-up goes only while the invitation can still follow
/// it. Loose rows ([`Touched::is_loose`]) that the answer does not name are to be withdrawn: see [`superseded`].
pub fn next_message(sequence: &Sequence, facts: &Facts, touched: &[Touched], now: Ts) -> Next {
    if let Some(why) = facts.forbids() {
        return Next::Nothing { why };
    }
    let progress = Progress::of(facts, touched, now);
    if progress.sending {
        return Next::LookAgain { at: now.plus(SETTLING), why: Reason::AlreadyPlanned };
    }
    if let Some(why) = progress.waits_for {
        return Next::Nothing { why };
    }
    let loose = touched.iter().find(|t| t.is_loose(now));
    match (Candidate { sequence, local: &sequence.local(facts.locality()), facts, loose }.next(&progress, now), loose) {
        (Next::Send { kind, number, due_at, .. }, Some(row))
            if (kind, number, due_at) == (row.kind, row.number, row.at) =>
        {
            Next::Nothing { why: Reason::AlreadyPlanned }
        }
        (next, _) => next,
    }
}

/// The row that `next` puts an end to, and why it does not go.
pub fn superseded(touched: &[Touched], next: &Next, now: Ts) -> Option<(Touched, Reason)> {
    let row = touched.iter().find(|row| row.is_loose(now))?;
    match next {
        Next::Send { kind, number, .. } if (*kind, *number) == (row.kind, row.number) => None,
        Next::Send { .. } => Some((*row, Reason::Superseded)),
        Next::Nothing { why: Reason::AlreadyPlanned } | Next::LookAgain { .. } => None,
        Next::Nothing { why } => Some((*row, *why)),
    }
}

/// What one contact is asked about.
pub(super) struct Candidate<'a> {
    pub sequence: &'a Sequence,
    pub local: &'a Local,
    pub facts: &'a Facts,
    /// The row that is planned and may be revised.
    pub loose: Option<&'a Touched>,
}

/// When a touch wants to go, and when it may; `None`: a pause without end holds it.
type Due = (Ts, Option<Ts>);

impl Candidate<'_> {
    pub fn next(&self, progress: &Progress, now: Ts) -> Next {
        let calendar = &self.local.calendar;
        if now >= calendar.closes_at() {
            return Next::Nothing { why: Reason::AfterClose };
        }
        if let Some(completed_at) = self.facts.completed_at {
            return self.thanks(progress, completed_at, now);
        }
        if progress.count >= self.sequence.maximum() {
            return Next::Nothing { why: Reason::MaximumReached };
        }
        let mut why = Reason::SequenceFinished;
        for (index, step) in self.sequence.steps.iter().enumerate() {
            if progress.done >= place(step.kind, step.last) {
                continue;
            }
            if self.facts.ends_reminding(step.kind) {
                why = Reason::NotChased;
                continue;
            }
            if !self.is_for(index, step) {
                why = Reason::NotInAudience;
                continue;
            }
            let done = if progress.done.0 == place(step.kind, 0).0 { progress.done.1 } else { 0 };
            let number = step.first.max(done.saturating_add(1));
            match self.due(index, step, number, progress, now) {
                Some((_, None)) => why = Reason::Paused,
                Some((planned_for, Some(due_at))) if due_at < calendar.closes_at() => {
                    if step.kind == MessageKind::WarmUp && !self.invitation_can_follow(due_at) {
                        return Next::Nothing { why: Reason::AfterClose };
                    }
                    return Next::Send { kind: step.kind, number, planned_for, due_at };
                }
                _ => {
                    why = match self.earliest(step.kind, progress, now) {
                        (_, held_up_by @ (Reason::Absent | Reason::Called)) => held_up_by,
                        _ => Reason::AfterClose,
                    }
                }
            }
            // A reminder may have no time left, or be paused, while one after it still can go.
            if step.kind != MessageKind::Reminder {
                break;
            }
        }
        Next::Nothing { why }
    }

    /// "You have begun and not finished" is for those who had begun when its time came.
    pub fn is_for(&self, index: usize, step: &Step) -> bool {
        let own = self.local.own.get(index).copied().flatten();
        let late = step.audience == Audience::NotFinished
            && own.zip(self.facts.started_at).is_some_and(|(own, started)| own <= started);
        step.fits(self.facts) && !late
    }

    pub fn earliest(&self, kind: MessageKind, progress: &Progress, now: Ts) -> (Ts, Reason) {
        earliest(self.sequence, self.facts, kind, (progress.last, progress.count), now)
    }

    pub fn due(&self, index: usize, step: &Step, number: u32, progress: &Progress, now: Ts) -> Option<Due> {
        let calendar = &self.local.calendar;
        let (mut earliest, held_up_by) = self.earliest(step.kind, progress, now);
        if let (Audience::NotFinished, Some(started)) = (step.audience, self.facts.started_at) {
            earliest = earliest.max(started.plus(TO_FINISH));
        }
        let wanted = match (&step.timing, self.local.own.get(index).copied().flatten()) {
            (Timing::Cron(cron), _) => {
                let from = if step.kind == MessageKind::Invitation { now.max(calendar.opens_at()) } else { now };
                self.by_cron(cron, step.kind, number, progress.last, from)?
            }
            (_, own) => own?,
        };
        let allowed = |from: Ts| first_allowed(self.sequence, calendar, self.facts, (step.kind, number), from);
        let at = allowed(wanted.max(earliest));
        // Where the gap to the last message decides, that one was spread already.
        let spread = if held_up_by == Reason::MinimumGap && earliest > wanted { 0 } else { calendar.spread() };
        Some((wanted, at.map(|at| spread::place(spread, self.facts.phase, at, calendar.end_of_day(at), allowed))))
    }

    fn by_cron(&self, cron: &Cron, kind: MessageKind, number: u32, last: Option<Ts>, now: Ts) -> Option<Ts> {
        let calendar = &self.local.calendar;
        let after_gap = last.map(|last| not_before(calendar, last, self.sequence.gap()));
        let back = self.facts.absent_until.max(self.facts.quiet_until(kind));
        // What was planned by this expression stays planned, also while it waits for the sending hours.
        let planned = self.loose.filter(|row| (row.kind, row.number) == (kind, number)).map(|row| row.planned_for);
        let stands = |at: &Ts| {
            after_gap.is_none_or(|after| *at > after)
                && back.is_none_or(|back| *at >= back)
                && (kind != MessageKind::Invitation || *at >= calendar.opens_at())
                && calendar.next_cron(cron, at.plus(-1)) == Some(*at)
        };
        if let Some(at) = planned.filter(stands) {
            return Some(at);
        }
        let here = now.max(back.unwrap_or(now)).plus(-1);
        calendar.next_cron(cron, after_gap.map_or(here, |after| here.max(after)))
    }

    fn invitation_can_follow(&self, warm_up: Ts) -> bool {
        let gone = Progress { last: Some(warm_up), count: 1, ..Progress::default() };
        let steps = self.sequence.steps.iter().enumerate();
        steps.filter(|(_, step)| step.kind == MessageKind::Invitation).all(|(index, step)| {
            // A pause that has no end yet may be lifted in time.
            let due = self.due(index, step, 1, &gone, warm_up);
            due.is_some_and(|(_, due)| due.is_none_or(|due| due < self.local.calendar.closes_at()))
        })
    }

    fn thanks(&self, progress: &Progress, completed_at: Ts, now: Ts) -> Next {
        let calendar = &self.local.calendar;
        let Some((timing, _)) = self.sequence.thanks.as_ref().filter(|_| !progress.thanked) else {
            return Next::Nothing { why: Reason::Completed };
        };
        if progress.count >= self.sequence.maximum() {
            return Next::Nothing { why: Reason::MaximumReached };
        }
        let now = now.max(completed_at);
        // It answers what the contact did, so it is not one more mail too soon: the gap is for those that ask.
        let thank_you = (MessageKind::ThankYou, 1);
        let (earliest, held_up_by) = earliest(self.sequence, self.facts, thank_you.0, (None, progress.count), now);
        let wanted = match timing {
            Timing::Cron(cron) => self.by_cron(cron, thank_you.0, thank_you.1, None, now),
            Timing::Date(date, at) => Some(calendar.on_day(*date, *at)),
            Timing::WorkingDays(n, at) => Some(thanks_time(calendar, completed_at, *n, *at)),
        };
        let due = wanted.map(|wanted| {
            (wanted, first_allowed(self.sequence, calendar, self.facts, thank_you, wanted.max(earliest)))
        });
        match due {
            Some((_, None)) => Next::Nothing { why: Reason::Paused },
            Some((planned_for, Some(due_at))) if due_at < calendar.closes_at() => {
                Next::Send { kind: MessageKind::ThankYou, number: 1, planned_for, due_at }
            }
            _ if held_up_by == Reason::Absent => Next::Nothing { why: Reason::Absent },
            _ => Next::Nothing { why: Reason::AfterClose },
        }
    }
}

/// `working_days` of a thank-you count from the answer, not from the opening of the round.
fn thanks_time(calendar: &Calendar, completed_at: Ts, working_days: i32, at: Option<NaiveTime>) -> Ts {
    let day = calendar.working_days_from(calendar.local(completed_at).date(), working_days);
    let own = calendar.on_day(day, at);
    if at.is_some() && own < completed_at { calendar.on_day(calendar.working_days_from(day, 1), at) } else { own }
}
