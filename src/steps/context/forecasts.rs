//! Forecasts that were worked out, so that the same course of a round is worked out once. An answer makes another course.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::ids::RoundId;
use crate::rules::completion::forecast::{Course, Forecast, forecast};

/// The same course has the same forecast, whoever looks at it and when.
const SEED: u64 = 1;

/// What is asked about a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum If {
    NothingChanges,
    OneMoreReminder,
    /// With accounts in the place of contacts.
    AccountsAreAsked,
}

/// Of what, and what came of it: none where nothing can be said.
type Known = (Course, Option<Forecast>);

/// The last one of each round, as it goes, with one more reminder and of its accounts. Cheap to clone.
#[derive(Clone, Default)]
pub struct Forecasts(Arc<Mutex<HashMap<(RoundId, If), Known>>>);

impl Forecasts {
    pub(crate) fn of(&self, round: &RoundId, course: &Course) -> Option<Forecast> {
        self.known(round, If::NothingChanges, course)
    }

    /// Of a course that has one more reminder.
    pub(crate) fn with_one_more(&self, round: &RoundId, course: &Course) -> Option<Forecast> {
        self.known(round, If::OneMoreReminder, course)
    }

    pub(crate) fn of_accounts(&self, round: &RoundId, course: &Course) -> Option<Forecast> {
        self.known(round, If::AccountsAreAsked, course)
    }

    fn known(&self, round: &RoundId, asked: If, course: &Course) -> Option<Forecast> {
        let place = (round.clone(), asked);
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&place).cloned();
        match kept {
            Some((same, found)) if same == *course => found,
            _ => {
                let found = forecast(course, SEED);
                let row = (course.clone(), found.clone());
                self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(place, row);
                found
            }
        }
    }
}
