//! Where a round will end if it goes on as it does: the final completion rate as a range, and the rate of every day until then.
//!
//! Each letter moves a share of those who had not answered, less with each letter, and its answers come over the days after it. How large
//! the shares are and how fast people are is not known; it is learnt from the answers of each day, together with how rounds usually go (the
//! priors in `model`). What may still happen is drawn many times from what is left possible, so the range is wide where little is known.
//! The low and the high end hold four rounds of five between them. Formula and sources: `docs/FIGURES.md`.
//!
//! Days are working days of the round: answers of a weekend count on the day after it.

mod so_far;
mod model;
mod chain;

use self::chain::possible;
use self::model::{Model, rest};

pub use self::so_far::{Course, Letter, Sent};

/// Rates between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub low: f64,
    pub middle: f64,
    pub high: f64,
}

/// What will come.
#[derive(Clone, Debug, PartialEq)]
pub struct Forecast {
    /// Of each day after the last one of the course until the close.
    pub days: Vec<Range>,
    /// At the close.
    pub last: Range,
}

impl Forecast {
    /// The day, counted from the first invitation, on which a rate is reached if it goes on like this; none where it is not.
    pub fn reaches(&self, rate: f64, course: &Course) -> Option<usize> {
        let at = self.days.iter().position(|range| range.middle >= rate)?;
        Some(course.answers.len() + at)
    }
}

/// The same course has the same forecast: what is drawn is drawn from `seed`. None where nobody could be reached.
pub fn forecast(course: &Course, seed: u64) -> Option<Forecast> {
    if course.reachable == 0 || course.answers.is_empty() {
        return None;
    }
    let whole = f64::from(course.reachable);
    let has_come = course.answers.iter().sum::<u32>() + course.since;
    let now = f64::from(has_come.min(course.reachable)) / whole;
    let model = Model::of(course);
    let (mut dice, models) = possible(&model, seed);
    let mut rests: Vec<Vec<f64>> = models.iter().map(|shape| rest(&model, shape, &mut dice)).collect();
    let ahead = course.days.saturating_sub(course.answers.len());
    let days: Vec<Range> = (0..ahead).map(|day| range(&mut rests, day, whole).at_least(now)).collect();
    let last = days.last().copied().unwrap_or(Range { low: now, middle: now, high: now });
    Some(Forecast { days, last })
}

impl Range {
    fn at_least(self, rate: f64) -> Range {
        Range { low: self.low.max(rate), middle: self.middle.max(rate), high: self.high.max(rate) }
    }
}

/// What is drawn for one day, from the tenth to the ninetieth of a hundred.
fn range(rests: &mut [Vec<f64>], day: usize, whole: f64) -> Range {
    let at = |rest: &Vec<f64>| rest.get(day).copied().unwrap_or_default();
    rests.sort_by(|a, b| at(a).total_cmp(&at(b)));
    let part = |share: f64| {
        let nth = (rests.len().saturating_sub(1) as f64 * share).round() as usize;
        rests.get(nth).map_or(0.0, at) / whole
    };
    Range { low: part(0.1), middle: part(0.5), high: part(0.9) }
}

#[cfg(test)]
mod tests;
