//! The examples and the schema of docs/ are what the program says.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::base::ids::{AccountId, AlarmId, ContactId, ReplyId, ResponseId, TaskId};
use crate::rules::journal::Action;
use crate::rules::round::Level;

use super::*;

const PAGE: &str = include_str!("../../../docs/EVENTS.md");
const SCHEMA: &str = include_str!("../../../docs/events.schema.json");
const ROUND: &str = "northwind-2027";
/// 2027-02-07T11:34:20Z.
const AT: Ts = Ts(1_802_000_060_000);

fn id(n: u8) -> String {
    format!("0198a000-0000-7000-8000-0000000000{n:02}")
}

/// One event of each type.
fn said(kind: EventKind) -> String {
    let (account, contact) = (AccountId::from(id(1)), ContactId::from(id(2)));
    let (reply, repair) = (ReplyId::from(id(3)), TaskId::from(id(4)));
    let (response, alarm) = (ResponseId::from(id(5)), AlarmId::from(id(6)));
    let alarm = |ended_at: Option<Ts>| {
        EventData::Alarm(AlarmTold {
            alarm: &alarm,
            kind: "mail_server",
            about: "",
            title: "No mail leaves",
            since: Ts(AT.0 - 1_200_000),
            raised_at: AT,
            ended_at,
            page: "https://soundings.example/sending#alarms",
        })
    };
    let round = ROUND;
    let data = match kind {
        EventKind::RoundOpened | EventKind::RoundPaused | EventKind::RoundResumed | EventKind::RoundClosed => {
            EventData::Round { round }
        }
        EventKind::TargetMet => EventData::Target { round, level: Level::Individual, target: 0.5 },
        EventKind::ListLoaded => EventData::List(ListLoaded { round, added: 412, changed: 7, removed: 0 }),
        EventKind::AccountSigned => {
            let account = SignedAccount { id: &account, name: "Globex" };
            EventData::Account(AccountSigned { round, account, level: "director" })
        }
        EventKind::GatewayHeld | EventKind::GatewayReleased => EventData::Gateway { gateway: "mx.globex.example" },
        EventKind::AlarmRaised => alarm(None),
        EventKind::AlarmEnded => alarm(Some(Ts(AT.0 + 3_600_000))),
        EventKind::ReplyWaits => EventData::Reply { reply: &reply, round: Some(round), contact: Some(&contact) },
        EventKind::ContactOptedOut | EventKind::ContactBounced => {
            EventData::Contact { round, contact: contact.as_str() }
        }
        EventKind::RepairOpened => EventData::Repair { round, repair: &repair, contact: &contact, kind: "replace" },
        EventKind::ResponseCompleted => {
            EventData::Response { round, contact: &contact, response: &response, sequence: 7 }
        }
    };
    let at = if kind == EventKind::AlarmEnded { Ts(AT.0 + 3_600_000) } else { AT };
    body(kind, at, &data).unwrap()
}

fn examples() -> BTreeMap<String, Value> {
    let blocks = PAGE.split("```json\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    let read = blocks.map(|block| serde_json::from_str::<Value>(block).map_err(|e| format!("{e}: {block}")).unwrap());
    read.map(|event| (event["type"].as_str().unwrap().to_string(), event)).collect()
}

#[test]
fn the_page_has_one_example_of_each_type_and_it_is_what_is_said() {
    let examples = examples();
    for kind in EventKind::ALL {
        let ours: Value = serde_json::from_str(&said(kind)).unwrap();
        assert_eq!(examples.get(kind.as_str()), Some(&ours), "{}: {ours:#}", kind.as_str());
    }
    assert_eq!(examples.len(), EventKind::ALL.len());
}

#[test]
fn the_schema_names_each_type_and_all_of_its_fields() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let branches = schema["oneOf"].as_array().unwrap();
    let names = |value: &Value| -> BTreeSet<String> { value.as_object().unwrap().keys().cloned().collect() };
    let required = |value: &Value| -> BTreeSet<String> {
        value.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_string()).collect()
    };
    let mut seen = BTreeSet::new();
    for branch in branches {
        let kinds = &branch["properties"]["type"]["enum"];
        let of = branch["properties"]["data"]["$ref"].as_str().unwrap().trim_start_matches("#/$defs/");
        let data = &schema["$defs"][of];
        for kind in kinds.as_array().unwrap() {
            let kind = EventKind::parse(kind.as_str().unwrap()).unwrap();
            let ours: Value = serde_json::from_str(&said(kind)).unwrap();
            assert_eq!(names(&data["properties"]), names(&ours["data"]), "{}", kind.as_str());
            assert_eq!(required(&data["required"]), names(&ours["data"]), "{}", kind.as_str());
            assert!(seen.insert(kind), "{} twice", kind.as_str());
        }
    }
    assert_eq!(seen.len(), EventKind::ALL.len());
    assert_eq!(required(&schema["required"]), names(&json!({"type": 0, "timestamp": 0, "data": 0})));
}

#[test]
fn a_body_is_one_line_in_the_order_of_standard_webhooks() {
    let expected = r#"{"type":"round.opened","timestamp":"2027-02-07T11:34:20Z","data":{"round":"northwind-2027"}}"#;
    assert_eq!(said(EventKind::RoundOpened), expected);
    for kind in EventKind::ALL {
        assert!(!said(kind).contains(['\n', '@']), "{}", said(kind));
    }
}

#[test]
fn types_are_read_as_they_are_written() {
    for kind in EventKind::ALL {
        assert_eq!(EventKind::parse(kind.as_str()), Some(kind));
    }
    assert_eq!(EventKind::parse("round.opend"), None);
}

#[test]
fn what_the_journal_says_whole_is_an_event_and_answers_are_not() {
    assert_eq!(EventKind::of(Action::PausedRound), Some(EventKind::RoundPaused));
    assert_eq!(EventKind::of(Action::Complained), Some(EventKind::ContactOptedOut));
    for action in [Action::Paused, Action::SentAnswers, Action::OldAddressOptedOut, Action::LoggedIn] {
        assert_eq!(EventKind::of(action), None, "{action}");
    }
}

#[test]
fn of_answers_it_is_told_only_where_pages_name_who_has_answered() {
    assert!(tells_of_answers(Participation::Names));
    assert!(!tells_of_answers(Participation::Counts) && !tells_of_answers(Participation::CountsFrom(4)));
}
