//! A place of one's own within the time in which the messages of a touch leave.
//!
//! Promises: the same contact has the same place, whoever else there is and whenever it is asked; no message leaves the day or the hours
//! that it has without it; who is looked at later is not moved on and on.

use crate::base::clock::Ts;

/// Smaller parts of the time are not tried: near the end of the hours all leave together.
const PARTS: u32 = 5;

/// A contact's own number, from its address.
pub fn phase(address: &str) -> u64 {
    let hash = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    let mixed = address.bytes().map(|b| b.to_ascii_lowercase()).fold(0xcbf2_9ce4_8422_2325, hash);
    // Neighbouring addresses land far apart.
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    mixed ^ (mixed >> 33)
}

/// The contact's place at `from` or later, before `tomorrow`: where the clock comes round to its number, in a time as long as the spread,
/// else in the half, the quarter, ... of it that still fits. `allowed`: the first instant from there on at which it may leave.
///
/// The clock comes round once in every such time, wherever it begins, so that the place is the same however far `from` has moved towards
/// it.
pub(super) fn place(spread: i64, phase: u64, from: Ts, tomorrow: Ts, allowed: impl Fn(Ts) -> Option<Ts>) -> Ts {
    for part in 0..PARTS {
        let within = spread >> part;
        if within <= 0 {
            break;
        }
        let own = (phase % within.unsigned_abs()) as i64;
        let at = from.plus((own - from.0).rem_euclid(within));
        if at < tomorrow && allowed(at) == Some(at) {
            return at;
        }
    }
    from
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::base::clock::{DAY, HOUR, MINUTE};

    proptest! {
        #[test]
        fn a_place_stays_while_the_time_comes_nearer_and_is_in_the_hours(
            spread in 1i64..480, phase in any::<u64>(), from in 0i64..8 * HOUR, until in 1i64..8 * HOUR,
        ) {
            let (from, ends) = (Ts(100 * DAY + from), Ts(100 * DAY + from + until));
            let allowed = |at: Ts| Some(if at < ends { at } else { Ts(101 * DAY) });
            let ask = |from| place(spread * MINUTE, phase, from, Ts(101 * DAY), allowed);
            let at = ask(from);
            prop_assert!(at >= from && at < ends && at.since(from) < spread * MINUTE);
            for share in 1..=10 {
                let later = from.plus(at.since(from) * share / 10);
                prop_assert_eq!(ask(later), at);
            }
        }
    }

    #[test]
    fn fourteen_people_of_one_account_do_not_share_a_minute() {
        let from = Ts(1_802_077_200_000);
        let of = |n: usize| {
            let phase = phase(&format!("first.last{n}@globex.example"));
            place(2 * HOUR, phase, from, from.plus(DAY), Some).since(from) / MINUTE
        };
        let mut minutes: Vec<i64> = (0..14).map(of).collect();
        minutes.sort_unstable();
        assert!(minutes.last() > Some(&80) && minutes.first() < Some(&40), "{minutes:?}");
        minutes.dedup();
        assert!(minutes.len() >= 12, "{minutes:?}");
    }
}
