//! What a change of the plan does to whom: two plans of the same people, message by message.

use std::collections::BTreeMap;

use crate::base::clock::Ts;
use crate::rules::outbox::MessageKind;

/// A message of a plan, told apart by contact, kind and number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot<'a> {
    pub contact: &'a str,
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

/// What is different, by contact, kind and number, and how many messages stay as they were.
pub fn effect<'a>(
    before: impl IntoIterator<Item = (Slot<'a>, Ts)>,
    after: impl IntoIterator<Item = (Slot<'a>, Ts)>,
) -> (Vec<(Slot<'a>, Turn)>, u64) {
    let mut was: BTreeMap<Slot<'a>, Ts> = before.into_iter().collect();
    let (mut turns, mut same) = (Vec::new(), 0);
    for (slot, at) in after {
        match was.remove(&slot) {
            Some(from) if from == at => same += 1,
            Some(from) => turns.push((slot, Turn::Moved { from, to: at })),
            None => turns.push((slot, Turn::Added { at })),
        }
    }
    turns.extend(was.into_iter().map(|(slot, was)| (slot, Turn::Gone { was })));
    turns.sort_by_key(|(slot, _)| *slot);
    (turns, same)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_is_moved_gone_added_or_the_same() {
        let slot = |contact, number| Slot { contact, kind: MessageKind::Reminder, number };
        let before = [(slot("a", 1), Ts(1)), (slot("a", 2), Ts(2)), (slot("b", 1), Ts(1))];
        let after = [(slot("a", 1), Ts(1)), (slot("b", 1), Ts(5)), (slot("b", 2), Ts(7))];
        let (turns, same) = effect(before, after);
        assert_eq!(same, 1);
        assert_eq!(
            turns,
            [
                (slot("a", 2), Turn::Gone { was: Ts(2) }),
                (slot("b", 1), Turn::Moved { from: Ts(1), to: Ts(5) }),
                (slot("b", 2), Turn::Added { at: Ts(7) }),
            ]
        );
    }
}
