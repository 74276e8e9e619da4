//! What the scoring module is told about a completed response, under which key, and what its answer means.
//!
//! Promise 6: at least once, under one key, byte-identical on each attempt, and countable on both sides. The body is made of what was
//! stored at completion and of nothing else; even its `timestamp` is that of the completion, so an attempt days later says the same.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::clock::{DAY, HOUR, MINUTE, SECOND, Ts};
use crate::base::ids::{HandoffId, ResponseId, is_id, scattered};
use crate::base::problem::Problem;
use crate::base::seal::sha256;

use super::contacts::Role;
use super::response::Answers;

/// The `data` of the contract; the order of the fields is the order in the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completed {
    /// Counts the completed responses of a round from 1 without a gap, so that a receiver can see that one is missing.
    pub sequence: i64,
    pub round: String,
    pub client: String,
    pub account: PayloadAccount,
    pub contact: PayloadContact,
    pub response: PayloadResponse,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayloadAccount {
    pub name: String,
    pub strategic: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annual_revenue: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayloadContact {
    pub email: String,
    pub first_name: String,
    pub last_name: String,
    pub role: Role,
    pub job_title: String,
    pub country: String,
    pub language: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PayloadResponse {
    pub id: ResponseId,
    pub started_at: Ts,
    pub completed_at: Ts,
    /// In which the person answered, which need not be the contact's.
    pub language: String,
    pub questionnaire: QuestionnaireVersion,
    pub answers: Answers,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuestionnaireVersion {
    pub id: String,
    pub version: String,
    /// SHA-256 of the questionnaire under which the answers were given.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub digest: String,
}

#[derive(Serialize)]
struct PayloadEvent<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Ts,
    data: &'a Completed,
}

/// The body to hand over: one line of JSON, the same bytes for the same response.
pub fn body(completed: &Completed) -> Result<String, Problem> {
    let event =
        PayloadEvent { kind: "response.completed", timestamp: completed.response.completed_at, data: completed };
    serde_json::to_string(&event).map_err(|e| {
        Problem::internal(format!("Response {} cannot be written as JSON.", completed.response.id)).because(e)
    })
}

/// What a body says: [`body`] the other way round.
pub fn read_body(body: &str) -> Result<Completed, Problem> {
    #[derive(Deserialize)]
    struct Event {
        data: Completed,
    }
    let unreadable = |e| Problem::internal("A response cannot be read as it was handed over.").because(e);
    serde_json::from_str(body).map(|event: Event| event.data).map_err(unreadable)
}

/// The `webhook-id`: the same for every attempt. Has no dot in it, since the signed text is parted by dots.
pub fn idempotency_key(response_id: &ResponseId) -> HandoffId {
    let mut key = String::from("msg_");
    let id = response_id.as_str();
    if is_id(id) {
        key.extend(id.chars().filter(char::is_ascii_hexdigit).map(|c| c.to_ascii_lowercase()));
    } else {
        key.extend(sha256(id).chars().take(32));
    }
    key.into()
}

/// Where the hand-over of a response stands.
///
/// ```text
/// pending -> confirmed
///    ^  \--> failed    (nobody answered for days)
///    |   \-> stopped   (the receiver wants no more)
///    +------ replayed by an operator, from any of the three
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffState {
    Pending,
    Confirmed,
    Failed,
    Stopped,
}

impl HandoffState {
    pub const ALL: [HandoffState; 4] =
        [HandoffState::Pending, HandoffState::Confirmed, HandoffState::Failed, HandoffState::Stopped];

    pub fn as_str(self) -> &'static str {
        match self {
            HandoffState::Pending => "pending",
            HandoffState::Confirmed => "confirmed",
            HandoffState::Failed => "failed",
            HandoffState::Stopped => "stopped",
        }
    }

    pub fn parse(text: &str) -> Option<HandoffState> {
        HandoffState::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

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
pub fn retry(answer: &ReceiverAnswer<'_>, attempt: &Attempt, seed: u64) -> AttemptOutcome {
    let why = reason(answer);
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

fn reason(answer: &ReceiverAnswer<'_>) -> String {
    match answer.status {
        Some(status @ 300..=399) => format!(
            "The scoring module answered {status}, and redirects are not followed: scoring.url must be where it leads."
        ),
        Some(status) if answer.is_page => format!(
            "{status} came with a page of HTML, which confirms nothing: scoring.url may lead to a log-in page or a proxy."
        ),
        Some(status) if answer.text.is_empty() => format!("The scoring module answered {status}."),
        Some(status) => format!("The scoring module answered {status}: {}", answer.text),
        None => format!("The scoring module did not answer: {}", answer.text),
    }
}

/// Sequence and response id, as both sides count.
pub type Counted = (i64, ResponseId);

/// Where the two sides disagree; each in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Differences {
    /// Completed here, not known there: to be replayed.
    pub missing_there: Vec<Counted>,
    /// Known there, not completed here: another installation, or a restored backup.
    pub unknown_here: Vec<Counted>,
    /// There more than once; harmless where the receiver goes by the key.
    pub twice: Vec<Counted>,
}

impl Differences {
    pub fn is_empty(&self) -> bool {
        self.missing_there.is_empty() && self.unknown_here.is_empty() && self.twice.is_empty()
    }
}

/// Compares the completed responses of a round with what the other side has. A response under another sequence is both
/// missing and unknown.
pub fn reconcile(ours: &[Counted], theirs: &[Counted]) -> Differences {
    let here: BTreeSet<&Counted> = ours.iter().collect();
    let mut there: BTreeMap<&Counted, u32> = BTreeMap::new();
    for one in theirs {
        *there.entry(one).or_default() += 1;
    }
    Differences {
        missing_there: here.iter().filter(|one| !there.contains_key(**one)).map(|one| (*one).clone()).collect(),
        unknown_here: there.keys().filter(|one| !here.contains(**one)).map(|one| (*one).clone()).collect(),
        twice: there.iter().filter(|(_, times)| **times > 1).map(|(one, _)| (*one).clone()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When it goes again and why.
    fn again(answer: &ReceiverAnswer<'_>, attempt: &Attempt, seed: u64) -> Option<(i64, String)> {
        match retry(answer, attempt, seed) {
            AttemptOutcome::Again { at, why } => Some((at.0, why)),
            _ => None,
        }
    }

    fn answered(status: u16) -> ReceiverAnswer<'static> {
        ReceiverAnswer { status: Some(status), retry_after: None, text: "", is_page: false }
    }

    #[test]
    fn f18_the_body_is_the_contract_and_the_same_each_time() {
        let completed = Completed {
            sequence: 7,
            round: "acme-2027".into(),
            client: "Acme".into(),
            account: PayloadAccount { name: "Globex".into(), strategic: true, annual_revenue: None },
            contact: PayloadContact {
                email: "anna@globex.example".into(),
                first_name: "Anna".into(),
                last_name: "Smith".into(),
                role: Role::KeyDecisionMaker,
                job_title: "CFO".into(),
                country: "IE".into(),
                language: "en".into(),
            },
            response: PayloadResponse {
                id: "r1".into(),
                started_at: Ts(1_802_000_000_000),
                completed_at: Ts(1_802_000_060_000),
                language: "de".into(),
                questionnaire: QuestionnaireVersion { id: "core".into(), version: "3".into(), digest: String::new() },
                answers: Answers::from([("q2".into(), "gut\nso".into()), ("q1".into(), 7.into())]),
            },
        };
        let expected = r#"{"type":"response.completed","timestamp":"2027-02-07T11:34:20Z","data":{"sequence":7,"round":"acme-2027","client":"Acme","account":{"name":"Globex","strategic":true},"contact":{"email":"anna@globex.example","first_name":"Anna","last_name":"Smith","role":"key_decision_maker","job_title":"CFO","country":"IE","language":"en"},"response":{"id":"r1","started_at":"2027-02-07T11:33:20Z","completed_at":"2027-02-07T11:34:20Z","language":"de","questionnaire":{"id":"core","version":"3"},"answers":{"q1":7,"q2":"gut\nso"}}}}"#;
        assert_eq!(body(&completed).unwrap(), expected);
        assert_eq!(read_body(expected).unwrap(), completed);
        let with_revenue = PayloadAccount { annual_revenue: Some(5), ..completed.account.clone() };
        assert!(body(&Completed { account: with_revenue, ..completed }).unwrap().contains("\"annual_revenue\":5"));
    }

    #[test]
    fn f18_the_key_is_stable_and_has_no_dot() {
        let id = ResponseId::from("0191f3c4-7e2a-7abc-8def-0123456789ab");
        assert_eq!(idempotency_key(&id), "msg_0191f3c47e2a7abc8def0123456789ab");
        let odd = idempotency_key(&"a.b".into());
        assert!(!odd.as_str().contains('.') && odd.as_str().len() == 36 && odd != idempotency_key(&"a.c".into()));
    }

    #[test]
    fn f18_answers_mean_what_standard_webhooks_says() {
        let attempt = Attempt { number: 1, first: Ts(0), now: Ts(0) };
        assert_eq!(retry(&answered(204), &attempt, 1), AttemptOutcome::Confirmed);
        assert!(matches!(retry(&answered(410), &attempt, 1), AttemptOutcome::Stop { .. }));
        for status in [302, 400, 404, 500, 503] {
            assert!(matches!(retry(&answered(status), &attempt, 1), AttemptOutcome::Again { .. }), "{status}");
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
            assert_eq!(retry(&answered(status), &attempt, 1), AttemptOutcome::Confirmed);
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
            while let AttemptOutcome::Again { at, .. } = retry(&answered(500), &attempt, seed) {
                assert!(at > attempt.now);
                attempt = Attempt { number: attempt.number + 1, now: at, ..attempt };
            }
            assert!((10..=13).contains(&attempt.number), "{}", attempt.number);
            assert!((5 * DAY..=7 * DAY).contains(&attempt.now.0));
        }
    }

    #[test]
    fn f18_both_sides_can_be_compared() {
        let one = |n: i64, id: &str| (n, ResponseId::from(id));
        let ours = [one(1, "a"), one(2, "b"), one(3, "c")];
        let theirs = [one(3, "c"), one(1, "a"), one(1, "a"), one(9, "b")];
        let found = reconcile(&ours, &theirs);
        assert_eq!(found.missing_there, [one(2, "b")]);
        assert_eq!(found.unknown_here, [one(9, "b")]);
        assert_eq!(found.twice, [one(1, "a")]);
        assert!(reconcile(&ours, &ours).is_empty());
    }

    #[test]
    fn states_are_read_as_they_are_written() {
        for state in HandoffState::ALL {
            assert_eq!(HandoffState::parse(state.as_str()), Some(state));
        }
    }
}
