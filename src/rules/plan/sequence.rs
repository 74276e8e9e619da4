//! The sequence of a round, prepared once: parsed cron expressions and, per zone and place, the calendar with the instants
//! at which its dated touches are due. A million contacts then cost a look-up each.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use crate::base::clock::{DAY, Ts};
use crate::rules::calendar::Calendar;
use crate::rules::calendar::almanac::{Almanac, DaysKey, Locality};
use crate::rules::calendar::countries::only_zone;
use crate::rules::calendar::zone::Zone;
use crate::rules::contacts::Role;
use crate::rules::message::MessageKind;
use crate::rules::round::{Audience, RoundSpec, Schedule, Touch};

use super::check::check;
use super::facts::Facts;
use super::pause::Pause;
use super::timing::{MOST_TIMES, Timing, own_time, timing};

/// A touch to those who have not answered: messages `first..=last` of its kind.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub kind: MessageKind,
    pub first: u32,
    pub last: u32,
    pub timing: Timing,
    pub audience: Audience,
    /// Empty: every role.
    pub roles: Vec<Role>,
    /// Which entry of the round's touches it is.
    pub touch: usize,
}

impl Step {
    /// Whether the touch is for this contact, as it stands now.
    pub fn fits(&self, facts: &Facts) -> bool {
        let audience = match self.audience {
            Audience::Everybody => true,
            Audience::NotStarted => facts.started_at.is_none(),
            Audience::NotFinished => facts.started_at.is_some() && facts.completed_at.is_none(),
            Audience::AccountSilent => !facts.account_answered,
        };
        audience && (self.roles.is_empty() || self.roles.contains(&facts.role))
    }
}

/// Where a message stands in the sequence; later ones are greater.
pub(super) type Place = (u8, u32);

pub(super) fn place(kind: MessageKind, number: u32) -> Place {
    let rank = match kind {
        MessageKind::WarmUp => 1,
        MessageKind::Invitation => 2,
        MessageKind::Reminder => 3,
        _ => 0,
    };
    (rank, number)
}

/// Zones and places of one round at the same time; a list in which all are mixed must not fill the memory.
const MOST_LOCALS: usize = 10_000;

/// The sequence as one zone and place has it.
#[derive(Debug)]
pub(super) struct Local {
    pub calendar: Arc<Calendar>,
    /// For each step: its own time, before sending hours, gap and absence; `None` for cron.
    pub own: Vec<Option<Ts>>,
}

/// By the zone's name, then by the days of the place.
type Locals = HashMap<String, HashMap<DaysKey, Arc<Local>>>;

/// Can be shared between threads; the calendars are made when a zone is first asked for.
#[derive(Debug)]
pub struct Sequence {
    schedule: Schedule,
    home: Zone,
    almanac: Arc<Almanac>,
    /// In the order in which they go: warm-up, invitation, reminders.
    pub(super) steps: Vec<Step>,
    pub(super) thanks: Option<(Timing, usize)>,
    pub(super) pauses: Vec<Pause>,
    /// Least time between the last message of one round and the first of another, in milliseconds.
    pub(super) between_rounds: i64,
    locals: RwLock<Locals>,
}

impl Sequence {
    /// The error is what [`check`] says about an impossible schedule.
    pub fn prepare(spec: &RoundSpec, almanac: &Arc<Almanac>) -> Result<Sequence, Vec<String>> {
        let wrong = check(spec, almanac);
        if wrong.is_empty() { Sequence::accepted(spec, almanac) } else { Err(wrong) }
    }

    /// Of a round that was checked when it was loaded: it goes on, also where other holidays would not have let it begin.
    pub fn accepted(spec: &RoundSpec, almanac: &Arc<Almanac>) -> Result<Sequence, Vec<String>> {
        let home = Zone::find(&spec.schedule.time_zone).ok_or_else(Vec::new)?;
        let mut sequence = Sequence {
            schedule: spec.schedule.clone(),
            home,
            almanac: almanac.clone(),
            steps: Vec::new(),
            thanks: None,
            pauses: Vec::new(),
            between_rounds: 0,
            locals: RwLock::default(),
        };
        for (index, touch) in spec.touches.iter().enumerate() {
            let timing = timing(touch).map_err(|why| vec![why])?;
            sequence.add(index, touch, timing);
        }
        Ok(sequence)
    }

    /// With what stops messages of this round: pauses, and the days that must lie between the rounds of all clients.
    pub fn stopped_by(mut self, pauses: Vec<Pause>, days_between_rounds: u32) -> Sequence {
        self.pauses = pauses;
        self.between_rounds = i64::from(days_between_rounds).saturating_mul(DAY);
        self
    }

    /// Stopped by what stops `other`.
    pub fn stopped_as(self, other: &Sequence) -> Sequence {
        Sequence { pauses: other.pauses.clone(), between_rounds: other.between_rounds, ..self }
    }

    fn add(&mut self, index: usize, touch: &Touch, timing: Timing) {
        if touch.kind == MessageKind::ThankYou {
            self.thanks = Some((timing, index));
            return;
        }
        let first = self.steps.iter().rfind(|s| s.kind == touch.kind).map_or(1, |s| s.last + 1);
        let times = match (&timing, touch.kind) {
            (Timing::Cron(_), MessageKind::Reminder) => {
                touch.times.unwrap_or(self.schedule.maximum_messages).clamp(1, MOST_TIMES)
            }
            _ => 1,
        };
        self.steps.push(Step {
            kind: touch.kind,
            first,
            last: first + times - 1,
            timing,
            audience: touch.audience,
            roles: touch.roles.clone(),
            touch: index,
        });
    }

    /// The day on which invitations go out.
    pub(super) fn opens(&self) -> chrono::NaiveDate {
        self.schedule.opens
    }

    /// Least time between two messages to one contact, in milliseconds.
    pub fn gap(&self) -> i64 {
        i64::from(self.schedule.minimum_gap_days).saturating_mul(DAY)
    }

    /// Messages that one contact gets at most.
    pub fn maximum(&self) -> u32 {
        self.schedule.maximum_messages
    }

    /// Messages that one account gets at most on one day.
    pub fn maximum_per_account(&self) -> Option<u32> {
        self.schedule.maximum_per_account_per_day
    }

    /// Least time between the last message of another round and the first of this one, in milliseconds; 0: no such limit.
    pub fn between_rounds(&self) -> i64 {
        self.between_rounds
    }

    /// Which of the round's touches a message belongs to; `None` when the round has no such message.
    pub fn touch(&self, kind: MessageKind, number: u32) -> Option<usize> {
        match kind {
            MessageKind::ThankYou => self.thanks.as_ref().filter(|_| number == 1).map(|(_, touch)| *touch),
            _ => self.step(kind, number).map(|s| s.touch),
        }
    }

    /// The time that a dated touch itself names for contacts there, before sending hours, gap and absence; none for cron.
    pub fn own_time(&self, at: Locality<'_>, kind: MessageKind, number: u32) -> Option<Ts> {
        let index = self.steps.iter().position(|s| s.kind == kind && (s.first..=s.last).contains(&number))?;
        self.local(at).own.get(index).copied().flatten()
    }

    pub(super) fn step(&self, kind: MessageKind, number: u32) -> Option<&Step> {
        self.steps.iter().find(|s| s.kind == kind && (s.first..=s.last).contains(&number))
    }

    /// Working days, sending hours and close for contacts there; the round's own zone when it is empty or not known.
    pub fn calendar(&self, at: Locality<'_>) -> Arc<Calendar> {
        self.local(at).calendar.clone()
    }

    /// The calendar of the round's own zone: for whatever is not about one contact.
    pub fn home(&self) -> Arc<Calendar> {
        self.calendar(Locality::default())
    }

    /// Whether it is known which clocks this place goes by; elsewhere those of the round are used.
    pub fn knows_zone(&self, at: Locality<'_>) -> bool {
        match at.time_zone {
            "" => only_zone(at.country).is_some(),
            named => Zone::find(named).is_some(),
        }
    }

    pub(super) fn local(&self, at: Locality<'_>) -> Arc<Local> {
        let time_zone = match at.time_zone {
            "" => only_zone(at.country).unwrap_or(self.home.name()),
            named => named,
        };
        let days = self.almanac.key(at.country, at.region);
        if let Some(local) = self.known(time_zone, days) {
            return local;
        }
        let zone = Zone::find(time_zone).unwrap_or_else(|| self.home.clone());
        if let Some(local) = self.known(zone.name(), days) {
            return local;
        }
        let name = zone.name().to_owned();
        let local = Arc::new(self.make_local(zone, days));
        let mut locals = self.locals.write().unwrap_or_else(PoisonError::into_inner);
        if locals.values().map(HashMap::len).sum::<usize>() >= MOST_LOCALS {
            locals.clear();
        }
        locals.entry(name).or_default().entry(days).or_insert(local).clone()
    }

    fn known(&self, time_zone: &str, days: DaysKey) -> Option<Arc<Local>> {
        let locals = self.locals.read().unwrap_or_else(PoisonError::into_inner);
        locals.get(time_zone)?.get(&days).cloned()
    }

    fn make_local(&self, zone: Zone, days: DaysKey) -> Local {
        let calendar = Calendar::prepare(&self.schedule, zone, self.almanac.days(days));
        let own = self.steps.iter().map(|s| own_time(&calendar, self.schedule.opens, &s.timing)).collect();
        Local { calendar: Arc::new(calendar), own }
    }
}
