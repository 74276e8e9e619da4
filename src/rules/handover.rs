//! What the scoring module is told about a completed response, under which key, and what its answer means.
//!
//! Promise 6: at least once, under one key, byte-identical on each attempt, and countable on both sides. The body is made of what was
//! stored at completion and of nothing else; even its `timestamp` is that of the completion, so an attempt days later says the same.

mod attempts;
pub mod events;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::base::clock::Ts;
use crate::base::ids::{HandoffId, ResponseId, is_id};
use crate::base::problem::Problem;
use crate::base::seal::sha256;

use super::contacts::Role;
use super::response::Answers;

pub use self::attempts::{Attempt, AttemptOutcome, EVENTS, Receiver, ReceiverAnswer, SCORING, retry};

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
