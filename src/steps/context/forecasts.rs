//! Forecasts that were worked out, so that the same course of a round is worked out once. An answer makes another course.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::ids::RoundId;
use crate::rules::completion::forecast::{Course, Forecast, forecast};

/// The same course has the same forecast, whoever looks at it and when.
const SEED: u64 = 1;

/// Of what, and what came of it: none where nothing can be said.
type Known = (Course, Option<Forecast>);

/// The last one of each round. Cheap to clone.
#[derive(Clone, Default)]
pub struct Forecasts(Arc<Mutex<HashMap<RoundId, Known>>>);

impl Forecasts {
    pub(crate) fn of(&self, round: &RoundId, course: &Course) -> Option<Forecast> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(round).cloned();
        match kept {
            Some((same, found)) if same == *course => found,
            _ => {
                let found = forecast(course, SEED);
                let row = (course.clone(), found.clone());
                self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(round.clone(), row);
                found
            }
        }
    }
}
