//! What a webhook is told of an alarm (docs/OPERATING.md, "Alarms"). Contract: fields are added, never renamed.

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::ids::AlarmId;
use crate::base::problem::{Problem, Result};

use super::kind::{AlarmEvent, AlarmKind};

/// The `data` of a call; the order of the fields is the order in the body.
#[derive(Clone, Debug, Serialize)]
pub struct AlarmData<'a> {
    /// The same when it begins and when it is over.
    pub id: &'a AlarmId,
    #[serde(serialize_with = "word")]
    pub kind: AlarmKind,
    /// Which gateway, incident, disk or duty; empty where there is one only.
    pub about: &'a str,
    pub title: &'a str,
    pub what: &'a str,
    /// What somebody can do about it; may be empty.
    pub next: &'a str,
    pub since: Ts,
    pub raised_at: Ts,
    /// None while it lasts.
    pub ended_at: Option<Ts>,
    /// Where it stands in the console.
    pub page: &'a str,
}

fn word<S: serde::Serializer>(kind: &AlarmKind, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}

#[derive(Serialize)]
struct Call<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Ts,
    data: &'a AlarmData<'a>,
}

/// The body of a call: one line of JSON, made once.
pub fn body(event: AlarmEvent, at: Ts, data: &AlarmData<'_>) -> Result<String> {
    let kind = match event {
        AlarmEvent::Raised => "alarm.raised",
        AlarmEvent::Ended => "alarm.ended",
    };
    serde_json::to_string(&Call { kind, timestamp: at, data })
        .map_err(|e| Problem::internal(format!("Alarm {} cannot be written as JSON.", data.id)).because(e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_is_the_contract() {
        let id = AlarmId::from("0191f3c4-7e2a-7abc-8def-0123456789ab");
        let data = AlarmData {
            id: &id,
            kind: AlarmKind::MailServer,
            about: "",
            title: AlarmKind::MailServer.title(),
            what: "No mail leaves.",
            next: "See whether it runs.",
            since: Ts(1_802_000_000_000),
            raised_at: Ts(1_802_000_060_000),
            ended_at: None,
            page: "https://soundings.example/sending#alarms",
        };
        let expected = r#"{"type":"alarm.raised","timestamp":"2027-02-07T11:34:20Z","data":{"id":"0191f3c4-7e2a-7abc-8def-0123456789ab","kind":"mail_server","about":"","title":"No mail leaves","what":"No mail leaves.","next":"See whether it runs.","since":"2027-02-07T11:33:20Z","raised_at":"2027-02-07T11:34:20Z","ended_at":null,"page":"https://soundings.example/sending#alarms"}}"#;
        assert_eq!(body(AlarmEvent::Raised, Ts(1_802_000_060_000), &data).unwrap(), expected);
        let over = AlarmData { ended_at: Some(Ts(1_802_000_120_000)), ..data };
        let said = body(AlarmEvent::Ended, Ts(1_802_000_120_000), &over).unwrap();
        assert!(said.contains("\"alarm.ended\"") && said.contains("\"ended_at\":\"2027-02-07T11:35:20Z\""), "{said}");
    }
}
