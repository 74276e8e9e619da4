//! What an event says: ids, names of companies and numbers. No name or address of a person, and no words of a mail or a mail server, which
//! may hold one.

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, AlarmId, ContactId, ReplyId, ResponseId, TaskId};
use crate::base::problem::{Problem, Result};
use crate::rules::round::Level;

use super::kind::EventKind;

/// The `data` of an event; the order of the fields is the order in the body. `round`: by the name that commands and addresses use.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum EventData<'a> {
    Round {
        round: &'a str,
    },
    Target {
        round: &'a str,
        level: Level,
        target: f64,
    },
    List(ListLoaded<'a>),
    Account(AccountSigned<'a>),
    Gateway {
        gateway: &'a str,
    },
    Alarm(AlarmTold<'a>),
    /// `round` and `contact` are null where the mail belongs to none.
    Reply {
        reply: &'a ReplyId,
        round: Option<&'a str>,
        contact: Option<&'a ContactId>,
    },
    Contact {
        round: &'a str,
        contact: &'a str,
    },
    /// `kind`: `replace` or `correct`.
    Repair {
        round: &'a str,
        repair: &'a TaskId,
        contact: &'a ContactId,
        kind: &'static str,
    },
    /// `sequence` and `response` are those of the hand-over.
    Response {
        round: &'a str,
        contact: &'a ContactId,
        response: &'a ResponseId,
        sequence: i64,
    },
}

#[derive(Clone, Debug, Serialize)]
pub struct ListLoaded<'a> {
    pub round: &'a str,
    pub added: u64,
    pub changed: u64,
    pub removed: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct AccountSigned<'a> {
    pub round: &'a str,
    pub account: SignedAccount<'a>,
    /// `director` or `sales_director`.
    pub level: &'static str,
}

#[derive(Clone, Debug, Serialize)]
pub struct SignedAccount<'a> {
    pub id: &'a AccountId,
    pub name: &'a str,
}

/// What the webhook of alarms is told, without the words of mail servers.
#[derive(Clone, Debug, Serialize)]
pub struct AlarmTold<'a> {
    /// The same when it begins and when it is over.
    pub alarm: &'a AlarmId,
    pub kind: &'static str,
    /// Which gateway, incident, disk or duty; empty where there is one only.
    pub about: &'a str,
    pub title: &'static str,
    pub since: Ts,
    pub raised_at: Ts,
    /// Null while it lasts.
    pub ended_at: Option<Ts>,
    /// Where it stands in the console.
    pub page: &'a str,
}

#[derive(Serialize)]
struct Event<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    timestamp: Ts,
    data: &'a EventData<'a>,
}

/// The body to be told: one line of JSON, made once.
pub fn body(kind: EventKind, at: Ts, data: &EventData<'_>) -> Result<String> {
    serde_json::to_string(&Event { kind: kind.as_str(), timestamp: at, data })
        .map_err(|e| Problem::internal(format!("The event {} cannot be written as JSON.", kind.as_str())).because(e))
}
