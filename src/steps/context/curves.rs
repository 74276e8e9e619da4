//! How rounds that are closed have gone, as it was read last. The overview of the round that follows shows it at every look, and hardly
//! anything of it changes any more: it is read again after a minute.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::RoundId;

/// Days since the first invitation, each with the share that had answered by its end.
pub(crate) type Curve = Arc<[(i64, f64)]>;

struct Kept {
    at: Ts,
    /// Of the round.
    version: i64,
    curve: Curve,
}

/// The last one of each round. Cheap to clone.
#[derive(Clone, Default)]
pub struct Curves(Arc<Mutex<HashMap<RoundId, Kept>>>);

impl Curves {
    pub(crate) fn known(&self, round: &RoundId, version: i64, now: Ts) -> Option<Curve> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = all.get(round).filter(|kept| kept.version == version && now.since(kept.at).abs() < MINUTE)?;
        Some(kept.curve.clone())
    }

    pub(crate) fn keep(&self, round: &RoundId, version: i64, at: Ts, curve: Curve) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(round.clone(), Kept { at, version, curve });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_known_for_a_minute_and_for_one_version_of_its_round() {
        let (all, round) = (Curves::default(), RoundId::from("r"));
        let known =
            |round: &RoundId, version: i64, at: i64| all.known(round, version, Ts(at)).map(|curve| curve.to_vec());
        assert_eq!(known(&round, 1, 0), None);
        all.keep(&round, 1, Ts(0), vec![(0, 0.5)].into());
        assert_eq!(known(&round, 1, MINUTE - 1), Some(vec![(0, 0.5)]));
        assert_eq!((known(&round, 1, MINUTE), known(&round, 2, 0), known(&"other".into(), 1, 0)), (None, None, None));
    }
}
