//! Forecasts that were worked out. A round has its own once a minute, however many look at it and however fast answers come: whoever
//! asks then has it worked out beside the threads that answer, and others are told the one before, where that is not older than two
//! minutes. Where it is, or where there is none yet, they wait for it. While one is told, nobody reads what the next is worked out from.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;
use tokio::task::spawn_blocking;
use tracing::error;

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::RoundId;
use crate::rules::completion::forecast::{Course, Forecast, forecast};
use crate::rules::completion::one_more::adds;

/// So long one is told.
const KEPT: i64 = MINUTE;
/// So long it is told while the next one is worked out.
const LONGEST: i64 = 2 * MINUTE;
/// The same course has the same forecast, whoever looks at it and when.
const SEED: u64 = 1;

/// How a round has gone, and what is planned.
#[derive(Clone, Debug)]
pub(crate) struct Going {
    pub course: Course,
    /// The working days of the course, from the first invitation to the close.
    pub working: Vec<NaiveDate>,
    /// Of those who have not answered: the share whom a letter to everybody reaches.
    pub open: f64,
}

/// What is asked about a round.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub contacts: Option<Going>,
    /// The day of the course on which one more reminder could go.
    pub one_more: Option<usize>,
    /// With accounts in the place of contacts.
    pub accounts: Option<Going>,
}

/// What will come if nothing changes: of the course as it was when this was worked out.
#[derive(Clone, Debug)]
pub struct Ahead {
    pub course: Course,
    /// The working days of the course, from the first invitation to the close.
    pub working: Vec<NaiveDate>,
    /// Of those who have not answered: the share whom a letter to everybody reaches.
    pub open: f64,
    pub forecast: Forecast,
}

impl Ahead {
    /// The day on which a rate between 0 and 1 is reached; none where it will not be.
    pub fn reaches(&self, rate: f64) -> Option<NaiveDate> {
        self.forecast.reaches(rate, &self.course).and_then(|day| self.working.get(day).copied())
    }
}

/// One reminder more to everybody who has not answered and may be written to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneMore {
    pub on: NaiveDate,
    /// A share between 0 and 1.
    pub adds: f64,
}

/// What came of it; none where nothing can be said.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub contacts: Option<Ahead>,
    pub one_more: Option<OneMore>,
    pub accounts: Option<Ahead>,
}

#[derive(Clone)]
struct Kept {
    at: Ts,
    /// Of the round: another one has other letters to come.
    version: i64,
    found: Arc<Found>,
}

impl Kept {
    fn is_fresh(&self, now: Ts) -> bool {
        now.since(self.at).abs() < KEPT
    }

    fn may_be_told(&self, now: Ts) -> bool {
        now.since(self.at).abs() < LONGEST
    }
}

/// Of one round.
#[derive(Default)]
struct Place {
    kept: Mutex<Option<Kept>>,
    /// Held by the one who has it worked out.
    turn: tokio::sync::Mutex<()>,
}

impl Place {
    fn kept(&self, version: i64) -> Option<Kept> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        kept.filter(|kept| kept.version == version)
    }

    fn keep(&self, kept: Kept) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }
}

/// The last ones of each round. Cheap to clone.
#[derive(Clone, Default)]
pub struct Forecasts(Arc<Mutex<HashMap<RoundId, Arc<Place>>>>);

impl Forecasts {
    /// What is told now without anything being asked; none where it is to be worked out.
    pub(crate) fn known(&self, round: &RoundId, version: i64, now: Ts) -> Option<Arc<Found>> {
        let place = self.place(round);
        let kept = place.kept(version).filter(|kept| kept.may_be_told(now))?;
        let is_told = kept.is_fresh(now) || place.turn.try_lock().is_err();
        is_told.then_some(kept.found)
    }

    /// Never within a transaction: this may take as long as a forecast.
    pub(crate) async fn of(&self, round: &RoundId, version: i64, asked: Asked, now: Ts) -> Arc<Found> {
        if asked.contacts.is_none() && asked.accounts.is_none() {
            return Arc::default();
        }
        let place = self.place(round);
        let before = place.kept(version);
        let _turn = match (place.turn.try_lock(), before) {
            (_, Some(kept)) if kept.is_fresh(now) => return kept.found,
            (Ok(turn), _) => turn,
            (Err(_), Some(old)) if old.may_be_told(now) => return old.found,
            (Err(_), _) => place.turn.lock().await,
        };
        // Whoever had the turn before has worked it out.
        if let Some(kept) = place.kept(version).filter(|kept| kept.is_fresh(now)) {
            return kept.found;
        }
        match spawn_blocking(move || Arc::new(worked_out(asked))).await {
            Ok(found) => {
                place.keep(Kept { at: now, version, found: found.clone() });
                found
            }
            Err(why) => {
                error!(round = round.as_str(), "a forecast could not be worked out: {why}");
                Arc::default()
            }
        }
    }

    fn place(&self, round: &RoundId) -> Arc<Place> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(round.clone()).or_default().clone()
    }
}

fn worked_out(asked: Asked) -> Found {
    let ahead = |going: Going| {
        let Going { course, working, open } = going;
        let forecast = forecast(&course, SEED)?;
        Some(Ahead { course, working, open, forecast })
    };
    let contacts = asked.contacts.and_then(ahead);
    let one_more = contacts.as_ref().zip(asked.one_more).and_then(|(now, at)| {
        let with = forecast(&now.course.with_reminder(at, now.open), SEED)?;
        Some(OneMore { on: *now.working.get(at)?, adds: adds(&now.forecast, &with) })
    });
    Found { contacts, one_more, accounts: asked.accounts.and_then(ahead) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;
    use crate::rules::completion::forecast::{Letter, Sent};

    fn asked(answers: u32) -> Asked {
        let letters = vec![Letter { day: 0, number: 0, to: Sent::To(40) }];
        let course = Course { reachable: 40, letters, answers: vec![answers, 2], since: 0, days: 10 };
        let first: NaiveDate = "2027-02-08".parse().unwrap();
        let contacts = Going { course, working: first.iter_days().take(10).collect(), open: 1.0 };
        Asked { contacts: Some(contacts), one_more: Some(5), accounts: None }
    }

    fn course(found: &Found) -> Vec<u32> {
        found.contacts.as_ref().unwrap().course.answers.clone()
    }

    #[tokio::test]
    async fn a_round_is_worked_out_once_a_minute_and_nobody_is_told_nothing() {
        let all = Forecasts::default();
        let round: RoundId = "r".into();
        let ask = |answers: u32, version: i64, at: i64| all.of(&round, version, asked(answers), Ts(at));
        // Both are the first: one has it worked out, the other waits for it.
        let (first, same) = tokio::join!(ask(5, 1, 0), ask(6, 1, 1));
        assert!(first.contacts.is_some() && first.one_more.is_some() && Arc::ptr_eq(&first, &same));
        assert!(Arc::ptr_eq(&first, &ask(9, 1, KEPT - 1).await), "an answer makes no other within a minute");
        let later = ask(9, 1, KEPT).await;
        assert_eq!((course(&first), course(&later)), (vec![5, 2], vec![9, 2]));
        assert!(!Arc::ptr_eq(&later, &ask(9, 2, KEPT).await), "other settings have other letters to come");
        // While somebody has it worked out, others are told the one before.
        let last = ask(9, 2, KEPT).await;
        let place = all.place(&round);
        let turn = place.turn.lock().await;
        let at_most = KEPT + LONGEST;
        assert!(Arc::ptr_eq(&last, &ask(12, 2, at_most - 1).await));
        let waits = timeout(Duration::from_millis(20), ask(12, 2, at_most)).await;
        assert!(waits.is_err(), "one that is older is told to nobody");
        drop(turn);
        assert_eq!(course(&*ask(12, 2, at_most).await), [12, 2]);
        assert!(all.of(&round, 2, Asked::default(), Ts(at_most)).await.contacts.is_none(), "a round that is over");
    }

    #[tokio::test]
    async fn nothing_is_read_for_a_forecast_while_one_is_told() {
        let all = Forecasts::default();
        let round: RoundId = "r".into();
        let known = |version: i64, at: i64| all.known(&round, version, Ts(at));
        assert!(known(1, 0).is_none(), "there is none yet");
        let first = all.of(&round, 1, asked(5), Ts(0)).await;
        assert!(known(1, KEPT - 1).is_some_and(|told| Arc::ptr_eq(&told, &first)));
        assert!(known(2, KEPT - 1).is_none(), "other settings have other letters to come");
        assert!(known(1, KEPT).is_none(), "somebody has to have the next one worked out");
        let place = all.place(&round);
        let _turn = place.turn.lock().await;
        assert!(known(1, LONGEST - 1).is_some_and(|told| Arc::ptr_eq(&told, &first)));
        assert!(known(1, LONGEST).is_none(), "one that is older is told to nobody");
    }
}
