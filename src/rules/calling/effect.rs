//! What calls are worth: answers within three days of one, against people of the same list who were not called.
//!
//! Whoever is called stands high on the list and would answer sooner anyway, so nobody is compared with the whole round. The list of a
//! day is kept when the first call of the day is recorded. Those who were called are compared with those who stood within the same twenty
//! places of the same list and were not, and the comparison of each twenty counts as much as people were called in it (direct
//! standardisation, the usual answer to groups of unequal make-up). What is left: within the twenty the caller chose. The page says so.

use std::collections::BTreeMap;

use crate::base::clock::{DAY, Ts};

/// An answer within this time counts.
pub const LASTS: i64 = 3 * DAY;
/// With fewer people called, and compared, nothing is told.
pub const TOLD_FROM: u32 = 20;
/// So many places of a list are compared with each other.
const BAND: i64 = 20;

/// Somebody on the list of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which list: days since 1970.
    pub day: i64,
    /// From 1.
    pub place: i64,
    pub listed_at: Ts,
    /// The first call since then that was not taken back.
    pub called_at: Option<Ts>,
    pub completed_at: Option<Ts>,
}

/// What came of it for one person; none where it is not known yet, or cannot be told: called only later, when he had been compared already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Came {
    called: bool,
    answered: bool,
}

impl Seen {
    fn came(&self, now: Ts) -> Option<Came> {
        let within = |from: Ts| self.completed_at.is_some_and(|at| at >= from && at.since(from) <= LASTS);
        let (called, from) = match self.called_at {
            Some(at) if at.since(self.listed_at) < DAY => (true, at),
            Some(at) if at.since(self.listed_at) <= LASTS => return None,
            _ => (false, self.listed_at),
        };
        (now.since(from) > LASTS).then(|| Came { called, answered: within(from) })
    }
}

/// How many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub answered: u32,
    pub of: u32,
}

impl Part {
    fn add(&mut self, answered: bool) {
        self.of += 1;
        self.answered += u32::from(answered);
    }

    fn share(self) -> f64 {
        f64::from(self.answered) / f64::from(self.of.max(1))
    }

    /// Two more of whom one has answered: of a few, none or all says little (Agresti and Caffo).
    fn careful(self) -> f64 {
        (f64::from(self.answered) + 1.0) / (f64::from(self.of) + 2.0)
    }
}

/// Calls beside no calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    pub called: Part,
    /// Those with whom they are compared.
    pub others: Part,
    /// Of those who were called, as many of a hundred would have answered without: between 0 and 1.
    pub otherwise: f64,
    /// By how much more of them have answered, and how far that may be off (95 of 100 times).
    pub more: f64,
    pub give_or_take: f64,
}

impl Effect {
    /// Chance alone would not do it, nineteen times of twenty.
    pub fn is_clear(&self) -> bool {
        self.more.abs() > self.give_or_take
    }
}

/// None while too few can be compared.
pub fn effect(seen: &[Seen], now: Ts) -> Option<Effect> {
    let mut bands: BTreeMap<(i64, i64), [Part; 2]> = BTreeMap::new();
    for one in seen {
        let Some(came) = one.came(now) else { continue };
        let band = bands.entry((one.day, (one.place - 1).div_euclid(BAND))).or_default();
        let [called, others] = band;
        if came.called { called.add(came.answered) } else { others.add(came.answered) }
    }
    bands.retain(|_, [called, others]| called.of > 0 && others.of > 0);
    let sum = |which: fn(&[Part; 2]) -> Part| {
        bands
            .values()
            .map(which)
            .fold(Part::default(), |sum, part| Part { answered: sum.answered + part.answered, of: sum.of + part.of })
    };
    let (called, others) = (sum(|[called, _]| *called), sum(|[_, others]| *others));
    if called.of < TOLD_FROM || others.of < TOLD_FROM {
        return None;
    }
    let weight = |part: &Part| f64::from(part.of) / f64::from(called.of);
    let otherwise: f64 = bands.values().map(|[called, others]| weight(called) * others.share()).sum();
    let varies = |share: f64| share * (1.0 - share);
    let of_called = varies(called.careful()) / f64::from(called.of);
    let of_others: f64 =
        bands.values().map(|[c, o]| weight(c).powi(2) * varies(others.careful()) / f64::from(o.of.max(1))).sum();
    Some(Effect {
        called,
        others,
        otherwise,
        more: called.share() - otherwise,
        give_or_take: 1.96 * (of_called + of_others).sqrt(),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::base::clock::HOUR;

    use super::*;

    const LISTED: Ts = Ts(1_802_000_000_000);
    const LATER: Ts = Ts(LISTED.0 + 10 * DAY);

    fn seen(place: i64, called: bool, answered_after: Option<i64>) -> Seen {
        let called_at = called.then(|| LISTED.plus(HOUR));
        let completed_at = answered_after.map(|ms| called_at.unwrap_or(LISTED).plus(ms));
        Seen { day: 1, place, listed_at: LISTED, called_at, completed_at }
    }

    /// Twenty of each, so many of whom answered after a day.
    fn twenties(called: i64, others: i64) -> Vec<Seen> {
        let one = |place: i64, called: bool, answered: bool| seen(place, called, answered.then_some(DAY));
        (0..40)
            .map(|n| {
                let (is_called, of) = (n % 2 == 0, n / 2);
                one(n / 2 + 1, is_called, of < if is_called { called } else { others })
            })
            .collect()
    }

    #[test]
    fn an_effect_is_the_difference_to_people_of_the_same_places() {
        let effect = effect(&twenties(12, 4), LATER).unwrap();
        assert_eq!((effect.called, effect.others), (Part { answered: 12, of: 20 }, Part { answered: 4, of: 20 }));
        assert!((effect.otherwise - 0.2).abs() < 1e-9 && (effect.more - 0.4).abs() < 1e-9);
        assert!(effect.is_clear(), "{effect:?}");
        let chance = super::effect(&twenties(6, 5), LATER).unwrap();
        assert!(!chance.is_clear(), "{chance:?}");
        let none = super::effect(&twenties(0, 0), LATER).unwrap();
        assert!(none.more.abs() < 1e-9 && none.give_or_take > 0.0 && !none.is_clear());
    }

    #[test]
    fn the_lower_places_are_not_what_the_first_are_compared_with() {
        // The first twenty answer anyway, the others never; called are ten of the first and ten of the others.
        let all: Vec<Seen> = (1..=40)
            .flat_map(|place| [true, false].map(|called| seen(place, called, (place <= 20).then_some(DAY))))
            .collect();
        let effect = effect(&all, LATER).unwrap();
        assert!(effect.more.abs() < 1e-9, "{effect:?}");
        // Called were mostly the first: compared with all others they would look far better.
        let mostly: Vec<Seen> =
            all.iter().filter(|s| s.called_at.is_none() || s.place <= 20 || s.place > 35).copied().collect();
        let effect = super::effect(&mostly, LATER).unwrap();
        assert!(effect.more.abs() < 1e-9 && effect.called.share() > effect.others.share(), "{effect:?}");
    }

    #[test]
    fn only_answers_within_three_days_count_and_only_when_these_are_over() {
        let after = |ms: i64| seen(1, true, Some(ms)).came(LATER).map(|came| came.answered);
        assert_eq!((after(LASTS), after(LASTS + 1), after(-1)), (Some(true), Some(false), Some(false)));
        assert_eq!(seen(1, true, None).came(LISTED.plus(LASTS + HOUR)), None, "the third day is not over");
        assert_eq!(seen(1, false, None).came(LISTED.plus(LASTS + 1)), Some(Came { called: false, answered: false }));
        // Called the day after: compared with nobody. A week after: was not called in these three days.
        let called = |ms: i64| Seen { called_at: Some(LISTED.plus(ms)), ..seen(1, false, None) }.came(LATER);
        assert_eq!(called(DAY), None);
        assert_eq!(called(7 * DAY).map(|came| came.called), Some(false));
        assert_eq!(called(DAY - 1).map(|came| came.called), Some(true));
    }

    #[test]
    fn few_say_nothing() {
        assert_eq!(effect(&[], LATER), None);
        assert_eq!(effect(&twenties(20, 0)[..38], LATER), None);
        let alone: Vec<Seen> = (1..60).map(|place| seen(place, true, Some(DAY))).collect();
        assert_eq!(effect(&alone, LATER), None, "there is nobody to compare with");
    }

    proptest! {
        #[test]
        fn shares_stay_shares(people in prop::collection::vec((1i64..60, any::<bool>(), any::<bool>(), 0i64..3), 0..300)) {
            let one = |&(place, called, answered, day): &(i64, bool, bool, i64)| Seen {
                day,
                ..seen(place, called, answered.then_some(DAY))
            };
            let all: Vec<Seen> = people.iter().map(one).collect();
            if let Some(effect) = effect(&all, LATER) {
                prop_assert!((0.0..=1.0).contains(&effect.otherwise) && (-1.0..=1.0).contains(&effect.more));
                prop_assert!(effect.give_or_take > 0.0 && effect.called.of >= TOLD_FROM);
            }
        }
    }
}
