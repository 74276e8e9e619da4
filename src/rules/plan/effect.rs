//! What a change of the plan does to whom: two plans of the same people, message by message.

use std::collections::BTreeMap;

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::ContactId;
use crate::rules::message::MessageKind;

/// A message of a plan, told apart by contact, kind and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot<'a> {
    pub contact: &'a ContactId,
    pub kind: MessageKind,
    pub number: u32,
}

/// What happens to one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Moved { from: Ts, to: Ts },
    Gone { was: Ts },
    Added { at: Ts },
}

/// What is different, by contact, kind and number, and how many messages stay as they were. People are told times to the minute, so a
/// message that moves within one goes when it did.
pub fn effect<'a>(
    before: impl IntoIterator<Item = (Slot<'a>, Ts)>,
    after: impl IntoIterator<Item = (Slot<'a>, Ts)>,
) -> (Vec<(Slot<'a>, Turn)>, u64) {
    let mut was: BTreeMap<Slot<'a>, Ts> = before.into_iter().collect();
    let (mut turns, mut same) = (Vec::new(), 0);
    for (slot, at) in after {
        match was.remove(&slot) {
            Some(from) if minute(from) == minute(at) => same += 1,
            Some(from) => turns.push((slot, Turn::Moved { from, to: at })),
            None => turns.push((slot, Turn::Added { at })),
        }
    }
    turns.extend(was.into_iter().map(|(slot, was)| (slot, Turn::Gone { was })));
    turns.sort_by_key(|(slot, _)| *slot);
    (turns, same)
}

fn minute(at: Ts) -> i64 {
    at.0.div_euclid(MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(contact: &ContactId, number: u32) -> Slot<'_> {
        Slot { contact, kind: MessageKind::Reminder, number }
    }

    #[test]
    fn a_message_never_moves_from_a_time_to_the_same_time() {
        let contact = ContactId::from("a");
        let slot = slot(&contact, 1);
        let nine = 9 * 60 * MINUTE;
        let turns = |from: i64, to: i64| effect([(slot, Ts(from))], [(slot, Ts(to))]);
        for (from, to) in [(nine, nine), (nine, nine + MINUTE - 1), (nine + 30_000, nine), (-1, -MINUTE)] {
            assert_eq!(turns(from, to), (vec![], 1), "{from} to {to}");
        }
        for (from, to) in [(nine, nine + MINUTE), (nine, nine - 1), (0, -1)] {
            assert_eq!(turns(from, to), (vec![(slot, Turn::Moved { from: Ts(from), to: Ts(to) })], 0));
        }
    }

    #[test]
    fn every_message_is_moved_gone_added_or_the_same() {
        let at = |minutes: i64| Ts(minutes * MINUTE);
        let (a, b) = (ContactId::from("a"), ContactId::from("b"));
        let before = [(slot(&a, 1), at(1)), (slot(&a, 2), at(2)), (slot(&b, 1), at(1))];
        let after = [(slot(&a, 1), at(1)), (slot(&b, 1), at(5)), (slot(&b, 2), at(7))];
        let (turns, same) = effect(before, after);
        assert_eq!(same, 1);
        assert_eq!(
            turns,
            [
                (slot(&a, 2), Turn::Gone { was: at(2) }),
                (slot(&b, 1), Turn::Moved { from: at(1), to: at(5) }),
                (slot(&b, 2), Turn::Added { at: at(7) }),
            ]
        );
    }
}
