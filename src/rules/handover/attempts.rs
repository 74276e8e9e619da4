//! What the answer of a receiver means: whether something goes to it again, and when. Responses and events are tried by the same rules.

use crate::base::clock::{DAY, HOUR, MINUTE, SECOND, Ts};
use crate::base::ids::scattered;

/// Who is called, as people are told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Receiver {
    /// At the beginning of a sentence.
    pub name: &'static str,
    /// The setting that says where it is.
    pub setting: &'static str,
}

pub const SCORING: Receiver = Receiver { name: "The scoring module", setting: "scoring.url" };
pub const EVENTS: Receiver = Receiver { name: "The webhook of events", setting: "events.url" };

/// What came back from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReceiverAnswer<'a> {
    /// `None`: no answer came.
    pub status: Option<u16>,
    /// Milliseconds that the receiver asked us to wait.
    pub retry_after: Option<i64>,
    /// What it said, or why there was no answer.
    pub text: &'a str,
    /// A page of HTML: of a log-in, a proxy or a portal, never of a module that has taken a response.
    pub is_page: bool,
}

/// Which attempt it was, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempt {
    pub number: u32,
    /// When the series began: at completion, or when an operator had it handed over again.
    pub first: Ts,
    pub now: Ts,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttemptOutcome {
    Confirmed,
    Again {
        at: Ts,
        why: String,
    },
    /// The receiver is gone for good (410): nothing more is sent to it until a person says so.
    Stop {
        why: String,
    },
    Failed {
        why: String,
    },
}

/// Pauses between attempts; the last one repeats until [`GIVE_UP`].
const PAUSES: [i64; 9] =
    [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];

/// After so long without a confirmation a person has to look.
const GIVE_UP: i64 = 5 * DAY;

/// What an answer means. `seed` spreads the attempts of many responses, so that they do not come back all at once.
///
/// Every refusal but 410 is tried again, also those that a receiver calls permanent: a wrong key or a full disk on its side is mended
/// within days, and an answer given by a customer must not be lost to it.
pub fn retry(of: Receiver, answer: &ReceiverAnswer<'_>, attempt: &Attempt, seed: u64) -> AttemptOutcome {
    let why = reason(of, answer);
    match answer.status {
        Some(200..=299) if !answer.is_page => return AttemptOutcome::Confirmed,
        Some(410) => return AttemptOutcome::Stop { why },
        _ if attempt.now.since(attempt.first) >= GIVE_UP => return AttemptOutcome::Failed { why },
        _ => {}
    }
    let step = (attempt.number.max(1) as usize - 1).min(PAUSES.len() - 1);
    let pause = PAUSES.get(step).copied().unwrap_or(DAY);
    let asked = match answer.status {
        Some(429 | 503) => answer.retry_after.unwrap_or(0).clamp(0, DAY),
        _ => 0,
    };
    // Up to a tenth later, never sooner than asked.
    let spread = scattered(seed ^ u64::from(attempt.number)) % (pause as u64 / 10).max(1);
    AttemptOutcome::Again { at: attempt.now.plus(pause.max(asked) + spread as i64), why }
}

fn reason(of: Receiver, answer: &ReceiverAnswer<'_>) -> String {
    let Receiver { name, setting } = of;
    match answer.status {
        Some(status @ 300..=399) => {
            format!("{name} answered {status}, and redirects are not followed: {setting} must be where it leads.")
        }
        Some(status) if answer.is_page => format!(
            "{status} came with a page of HTML, which confirms nothing: {setting} may lead to a log-in page or a proxy."
        ),
        Some(status) if answer.text.is_empty() => format!("{name} answered {status}."),
        Some(status) => format!("{name} answered {status}: {}", answer.text),
        None => format!("{name} did not answer: {}", answer.text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When it goes again and why.
    fn again(answer: &ReceiverAnswer<'_>, attempt: &Attempt, seed: u64) -> Option<(i64, String)> {
        match retry(SCORING, answer, attempt, seed) {
            AttemptOutcome::Again { at, why } => Some((at.0, why)),
            _ => None,
        }
    }

    fn answered(status: u16) -> ReceiverAnswer<'static> {
        ReceiverAnswer { status: Some(status), retry_after: None, text: "", is_page: false }
    }

    #[test]
    fn f18_answers_mean_what_standard_webhooks_says() {
        let attempt = Attempt { number: 1, first: Ts(0), now: Ts(0) };
        assert_eq!(retry(SCORING, &answered(204), &attempt, 1), AttemptOutcome::Confirmed);
        assert!(matches!(retry(SCORING, &answered(410), &attempt, 1), AttemptOutcome::Stop { .. }));
        for status in [302, 400, 404, 500, 503] {
            assert!(matches!(retry(SCORING, &answered(status), &attempt, 1), AttemptOutcome::Again { .. }), "{status}");
        }
        let silent = ReceiverAnswer { status: None, retry_after: None, text: "no answer within 20 s", is_page: false };
        let (at, why) = again(&silent, &attempt, 1).unwrap();
        assert!((5 * SECOND..=6 * SECOND).contains(&at) && why.contains("no answer within 20 s"));
    }

    #[test]
    fn a04_a_redirect_and_a_page_of_html_say_what_to_do_and_confirm_nothing() {
        let attempt = Attempt { number: 1, first: Ts(0), now: Ts(0) };
        for status in [301, 302, 303, 307, 308] {
            for text in ["", "moved"] {
                let (_, why) = again(&ReceiverAnswer { text, ..answered(status) }, &attempt, 1).unwrap();
                assert!(why.contains(&status.to_string()) && why.contains("redirects are not followed"), "{why}");
            }
        }
        for status in [200, 201, 202] {
            let page = ReceiverAnswer { is_page: true, ..answered(status) };
            let (_, why) = again(&page, &attempt, 1).unwrap();
            assert!(why.contains("page of HTML") && why.contains(&status.to_string()), "{why}");
            assert_eq!(retry(SCORING, &answered(status), &attempt, 1), AttemptOutcome::Confirmed);
        }
    }

    #[test]
    fn each_receiver_is_called_by_its_name_and_its_setting() {
        let attempt = Attempt { number: 1, first: Ts(0), now: Ts(0) };
        for of in [SCORING, EVENTS] {
            for status in [302, 410, 500] {
                let why = match retry(of, &answered(status), &attempt, 1) {
                    AttemptOutcome::Again { why, .. } | AttemptOutcome::Stop { why } => why,
                    other => unreachable!("{other:?}"),
                };
                assert!(why.starts_with(of.name) && (status != 302 || why.contains(of.setting)), "{why}");
            }
        }
    }

    #[test]
    fn f18_waits_as_long_as_asked_but_not_beyond_a_day() {
        let attempt = Attempt { number: 1, first: Ts(0), now: Ts(0) };
        let asked =
            |status, ms| again(&ReceiverAnswer { retry_after: Some(ms), ..answered(status) }, &attempt, 3).unwrap().0;
        assert!((HOUR..HOUR + SECOND).contains(&asked(429, HOUR)));
        assert!((HOUR..HOUR + SECOND).contains(&asked(503, HOUR)));
        assert!((DAY..DAY + SECOND).contains(&asked(503, 100 * DAY)));
        assert!(asked(503, -5) >= 5 * SECOND);
        assert!(asked(500, HOUR) < 6 * SECOND);
    }

    #[test]
    fn f18_gives_up_after_about_five_days_of_about_a_dozen_attempts() {
        for seed in 0..50 {
            let mut attempt = Attempt { number: 1, first: Ts(0), now: Ts(0) };
            while let AttemptOutcome::Again { at, .. } = retry(SCORING, &answered(500), &attempt, seed) {
                assert!(at > attempt.now);
                attempt = Attempt { number: attempt.number + 1, now: at, ..attempt };
            }
            assert!((10..=13).contains(&attempt.number), "{}", attempt.number);
            assert!((5 * DAY..=7 * DAY).contains(&attempt.now.0));
        }
    }
}
