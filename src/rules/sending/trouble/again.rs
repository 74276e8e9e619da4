//! Whether a message that was refused in trouble of ours goes again under its key. Promise 3: nobody may have two, so it goes only where
//! nothing shows, or leaves open, that it has arrived.

use crate::base::clock::Ts;
use crate::rules::message::MessageState;
use crate::rules::replies::verdict::shows_arrival;

/// A message that was refused, and what is known since.
#[derive(Clone, Copy, Debug)]
pub struct RefusedMessage<'a> {
    pub state: MessageState,
    /// It was in doubt once.
    pub doubted: bool,
    /// Its last dot.
    pub marked_at: Option<Ts>,
    /// When it left by the refusal, and when the refusal was heard.
    pub left_at: Ts,
    pub heard_at: Ts,
    /// Verdicts on what has come back about it.
    pub came_back: &'a [String],
    /// When the contact last did something behind its links.
    pub last_act: Option<Ts>,
}

pub fn may_go_again(m: &RefusedMessage<'_>) -> bool {
    match m.state {
        _ if m.doubted => false,
        MessageState::Failed => true,
        // Taken by a relay, and refused by a report about this one departure.
        MessageState::Sent => {
            let about_it = m.left_at < m.heard_at && m.marked_at == Some(m.left_at);
            let seen = m.last_act.is_some_and(|at| at >= m.left_at) || m.came_back.iter().any(|v| shows_arrival(v));
            about_it && !seen
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORTED: RefusedMessage<'_> = RefusedMessage {
        state: MessageState::Sent,
        doubted: false,
        marked_at: Some(Ts(10)),
        left_at: Ts(10),
        heard_at: Ts(20),
        came_back: &[],
        last_act: None,
    };

    #[test]
    fn only_what_cannot_have_arrived_goes_again() {
        let came = |verdict: &str| [verdict.to_string()];
        assert!(may_go_again(&REPORTED));
        assert!(may_go_again(&RefusedMessage { came_back: &came("bounced"), last_act: Some(Ts(9)), ..REPORTED }));
        assert!(may_go_again(&RefusedMessage { state: MessageState::Failed, marked_at: None, ..REPORTED }));
        for twice in [
            RefusedMessage { doubted: true, ..REPORTED },
            RefusedMessage { doubted: true, state: MessageState::Failed, ..REPORTED },
            RefusedMessage { marked_at: Some(Ts(12)), ..REPORTED },
            RefusedMessage { heard_at: Ts(10), ..REPORTED },
            RefusedMessage { came_back: &came("reply"), ..REPORTED },
            RefusedMessage { came_back: &came("arrived"), ..REPORTED },
            RefusedMessage { last_act: Some(Ts(10)), ..REPORTED },
            RefusedMessage { state: MessageState::InDoubt, ..REPORTED },
            RefusedMessage { state: MessageState::Planned, ..REPORTED },
        ] {
            assert!(!may_go_again(&twice), "{twice:?}");
        }
    }
}
