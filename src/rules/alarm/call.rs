//! What an answer to a call of the alarms' webhook means: whether it goes again, and when.
//!
//! It is tried sooner and given up sooner than a response: an alarm of yesterday calls nobody. Whatever is tried again has the same id and
//! the same bytes.

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};
use crate::rules::handover::ReceiverAnswer;

/// Pauses between attempts; the last one repeats until [`GIVE_UP`].
const PAUSES: [i64; 6] = [MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR];

const GIVE_UP: i64 = DAY;

/// Where a call stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallState {
    Pending,
    Confirmed,
    Failed,
}

impl CallState {
    pub const ALL: [CallState; 3] = [CallState::Pending, CallState::Confirmed, CallState::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            CallState::Pending => "pending",
            CallState::Confirmed => "confirmed",
            CallState::Failed => "failed",
        }
    }

    pub fn parse(text: &str) -> Option<CallState> {
        CallState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallOutcome {
    Confirmed,
    Again { at: Ts, why: String },
    Failed { why: String },
}

/// Calls that were made before that are not made any more: whoever was to call them has been told not to.
pub fn oldest_call(now: Ts) -> Ts {
    // The last pause may end so long after the day.
    now.plus(-GIVE_UP - 2 * HOUR)
}

/// `attempt`: which one it was, counted from 1; `first`: when the call was made.
pub fn after_call(answer: &ReceiverAnswer<'_>, attempt: u32, first: Ts, now: Ts) -> CallOutcome {
    let why = reason(answer);
    match answer.status {
        Some(200..=299) if !answer.is_page => return CallOutcome::Confirmed,
        Some(410) => return CallOutcome::Failed { why },
        _ if now.since(first) >= GIVE_UP => return CallOutcome::Failed { why },
        _ => {}
    }
    let step = (attempt.max(1) as usize - 1).min(PAUSES.len() - 1);
    let pause = PAUSES.get(step).copied().unwrap_or(HOUR);
    let asked = match answer.status {
        Some(429 | 503) => answer.retry_after.unwrap_or(0).clamp(0, HOUR),
        _ => 0,
    };
    CallOutcome::Again { at: now.plus(pause.max(asked)), why }
}

fn reason(answer: &ReceiverAnswer<'_>) -> String {
    match answer.status {
        Some(status) if answer.is_page => format!("{status} came with a page of HTML, which confirms nothing."),
        Some(status) if answer.text.is_empty() => format!("The webhook answered {status}."),
        Some(status) => format!("The webhook answered {status}: {}", answer.text),
        None => format!("The webhook did not answer: {}", answer.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16) -> ReceiverAnswer<'static> {
        ReceiverAnswer { status: Some(status), retry_after: None, text: "", is_page: false }
    }

    #[test]
    fn a_call_is_tried_for_a_day_and_later_each_time() {
        let (mut attempt, mut now, mut last) = (1, Ts(0), 0);
        while let CallOutcome::Again { at, why } = after_call(&answered(500), attempt, Ts(0), now) {
            let pause = at.since(now);
            assert!(pause >= last && pause <= HOUR && why.contains("500"), "{why}");
            (attempt, now, last) = (attempt + 1, at, pause);
        }
        assert!((DAY..DAY + HOUR).contains(&now.0) && (20..40).contains(&attempt), "{now} {attempt}");
        assert!(oldest_call(now) < Ts(0), "each of its attempts is made");
    }

    #[test]
    fn it_is_confirmed_by_a_word_and_not_by_a_page() {
        for status in [200, 202, 204] {
            assert_eq!(after_call(&answered(status), 1, Ts(0), Ts(0)), CallOutcome::Confirmed);
        }
        let page = ReceiverAnswer { is_page: true, ..answered(200) };
        assert!(matches!(after_call(&page, 1, Ts(0), Ts(0)), CallOutcome::Again { .. }));
        assert!(matches!(after_call(&answered(410), 1, Ts(0), Ts(0)), CallOutcome::Failed { .. }));
        let silent = ReceiverAnswer { status: None, text: "no answer within 20 seconds", ..answered(0) };
        let CallOutcome::Again { at, why } = after_call(&silent, 1, Ts(0), Ts(0)) else {
            unreachable!("who is silent is asked again")
        };
        assert!(at == Ts(MINUTE) && why.contains("no answer within 20 seconds"), "{why}");
        let slow = ReceiverAnswer { retry_after: Some(7 * MINUTE), ..answered(429) };
        assert!(matches!(after_call(&slow, 1, Ts(0), Ts(0)), CallOutcome::Again { at, .. } if at == Ts(7 * MINUTE)));
    }

    #[test]
    fn states_are_read_as_they_are_written() {
        for state in CallState::ALL {
            assert_eq!(CallState::parse(state.as_str()), Some(state));
        }
        assert_eq!(CallState::parse("stopped"), None);
    }
}
