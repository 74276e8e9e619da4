//! How we stand with a gateway: good, slowed, or held until its trouble is mended.

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};

use super::trouble::Trouble;

/// Halvings of the pace at most.
const SLOWEST: u32 = 5;
/// Words of one kind within this time count as one: a hundred who are greylisted at once do not stop a gateway.
const ONE_HEARING: i64 = 5 * MINUTE;
/// After so long without trouble the pace doubles again, step by step.
const RECOVERS: i64 = 30 * MINUTE;
/// Two refusals for policy within this time are no matter of one recipient.
const SUSPECT: i64 = HOUR;
/// Servers that put off whoever they do not know let him in before this.
const NO_GREYLISTING: i64 = 30 * MINUTE;
/// The first, second, ... hold.
const HOLDS: [i64; 4] = [HOUR, 4 * HOUR, 12 * HOUR, DAY];
/// So long after a hold the next one is a first one.
const FORGIVEN: i64 = 2 * DAY;
/// Who waits for a hold without end is asked again after this.
const LOOK: i64 = HOUR;

/// By whom a hold was made that no person made.
pub const NEVER_HELD: &str = "";

/// What a gateway has said of one message.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    pub trouble: Trouble,
    pub said: &'a str,
    /// A 5xx.
    pub for_good: bool,
    /// So long this message has been tried.
    pub tried_for: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Halvings of the pace at `slowed_at`; see [`Standing::halvings`].
    pub slowed: u32,
    pub slowed_at: Option<Ts>,
    /// The last refusal for policy that held nothing.
    pub suspect_at: Option<Ts>,
    /// Holds in a row.
    pub holds: u32,
    pub held_at: Option<Ts>,
    /// None, with a person in `held_by`: until somebody releases it.
    pub held_until: Option<Ts>,
    /// The operator who holds it; empty: nobody, or the program by itself.
    pub held_by: String,
    /// What the gateway said last.
    pub said: String,
}

impl Standing {
    /// Halvings of the pace in force.
    pub fn halvings(&self, now: Ts) -> u32 {
        let recovered = self.slowed_at.map_or(0, |at| now.since(at).max(0) / RECOVERS);
        self.slowed.saturating_sub(u32::try_from(recovered).unwrap_or(u32::MAX))
    }

    /// Until when nothing goes there: an instant to come, or the next look at a hold without end.
    pub fn held(&self, now: Ts) -> Option<Ts> {
        if self.held_by != NEVER_HELD {
            return Some(now.plus(LOOK));
        }
        self.held_until.filter(|until| *until > now)
    }

    /// After the gateway has said something. The second value: it is held from now on, which a person must hear. `first`: whoever goes
    /// first is out there, so that nobody else can be meant.
    pub fn heard(mut self, heard: Heard<'_>, first: bool, now: Ts) -> (Standing, bool) {
        let Heard { trouble, said, for_good, tried_for } = heard;
        self.said = said.into();
        let slow = self.slowed_at.is_none_or(|at| now.since(at) >= ONE_HEARING);
        if slow && trouble != Trouble::Blocked {
            self.slowed = (self.halvings(now) + 1).min(SLOWEST);
            self.slowed_at = Some(now);
        }
        let known = self.suspect_at.is_some_and(|at| now.since(at) < SUSPECT);
        let hold = match trouble {
            Trouble::Later => return (self, false),
            // Greylisting puts everybody off who is new: who is not let in half an hour later is refused.
            Trouble::Refused if !for_good && tried_for < NO_GREYLISTING => return (self, false),
            Trouble::Refused => (first && for_good) || known,
            Trouble::Blocked => true,
        };
        if !hold {
            self.suspect_at = Some(now);
            return (self, false);
        }
        // Words that were on their way when it was held say nothing new.
        if self.held(now).is_some() {
            return (self, false);
        }
        let again = self.held_until.is_some_and(|until| now.since(until) < FORGIVEN);
        self.holds = if again { self.holds.saturating_add(1) } else { 1 };
        let lasts = HOLDS[(self.holds as usize - 1).min(HOLDS.len() - 1)];
        self.held_at = Some(now);
        self.held_until = Some(now.plus(lasts));
        self.suspect_at = None;
        (self, true)
    }

    /// Held by a person until released.
    pub fn held_by(self, person: &str, now: Ts) -> Standing {
        Standing { held_by: person.into(), held_at: Some(now), held_until: None, ..self }
    }

    /// Released by a person: as if nothing had been said; only the count of holds is remembered.
    pub fn released(self, now: Ts) -> Standing {
        let held_until = self.held_until.map(|until| until.min(now)).or(Some(now));
        Standing { held_until, holds: self.holds, said: self.said, ..Standing::default() }
    }
}
