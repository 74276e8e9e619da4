//! Every operation that is served to other programs, each described once. What is not here is not served, and what is here is described at
//! `/api/openapi.json` as it stands here.

use axum::routing::{MethodRouter, get, post};
use serde_json::{Value, json};

use crate::rules::access::Scope;
use crate::rules::export::Table;
use crate::web::kit::state::Web;
use crate::web::kit::urls;

use super::doing::{lists, marks, orders};
use super::operation::{Answers, Body, Needs, Operation, Parameter, Said, Verb};
use super::reading::{alarms, journal, repairs, rounds, tables};
use super::schemas::{named, object, page_of, rows_of};
use super::{description, health};

/// As many rows as a page may have.
pub const MOST: i64 = 500;

const READ: Needs = Needs::Key(Scope::Read);

const LIMIT: Parameter =
    Parameter { name: "limit", kind: Said::UpTo(MOST), meaning: "How many rows at most; 100 where nothing is said" };
const CURSOR: Parameter = Parameter {
    name: "cursor",
    kind: Said::Cursor,
    meaning: "`next` of the page before; the first page where nothing is said",
};
const STATE: Parameter = Parameter {
    name: "state",
    kind: Said::OneOf(&["due", "planned", "claimed", "sending", "sent", "in_doubt", "held", "failed", "withdrawn"]),
    meaning: "Messages in this state alone; `due`: planned, and its time has come",
};
const PREVIEW: Parameter = Parameter {
    name: "preview",
    kind: Said::YesNo,
    meaning: "`true`: nothing is loaded; the answer is what loading would do",
};

const WHOLE: Parameter =
    Parameter { name: "whole", kind: Said::YesNo, meaning: "`true`: in a draft, who is not on the list is taken off" };
const KEEP_OTHERS: Parameter = Parameter {
    name: "keep_others",
    kind: Said::YesNo,
    meaning: "`true`: in a draft, who is not on the list stays, because it is one of several",
};
const CONFIRM: Parameter = Parameter {
    name: "confirm",
    kind: Said::YesNo,
    meaning: "`true`: in a started round, accounts may lose their director, their manager or their strategic mark by the list",
};
const REMOVE_EVERYBODY: Parameter = Parameter {
    name: "remove_everybody",
    kind: Said::YesNo,
    meaning: "`true`: the list is loaded into a draft even if nobody who is in the draft stays",
};

/// Reading a part of a round.
const fn reads(
    id: &'static str,
    path: &'static str,
    summary: &'static str,
    answers: fn() -> Value,
    serve: fn() -> MethodRouter<Web>,
) -> Operation {
    Operation {
        id,
        verb: Verb::Get,
        path,
        needs: READ,
        summary,
        query: &[],
        body: None,
        answers: Answers::Json(answers),
        serve,
    }
}

pub static OPERATIONS: &[Operation] = &[
    reads("rounds", urls::API_ROUNDS, "All rounds, the newest first", rounds::schema, || get(rounds::list)),
    reads(
        "status",
        urls::API_STATUS,
        "How far a round is; the same as `soundings round status ROUND --json`",
        || named("Status"),
        || get(rounds::status),
    ),
    reads(
        "plan",
        urls::API_PLAN,
        "Every message of a round in order of time; the same as `soundings round plan ROUND --json`",
        rounds::plan_schema,
        || get(rounds::plan),
    ),
    Operation {
        query: &[LIMIT, CURSOR],
        ..reads(
            "contacts",
            urls::API_CONTACTS,
            "The contacts on the list, by name, with the columns of `export ROUND --contacts`",
            || rows_of(Table::Contacts),
            || get(tables::contacts),
        )
    },
    Operation {
        query: &[LIMIT, CURSOR],
        ..reads(
            "accounts",
            urls::API_ACCOUNTS,
            "The accounts, by name, with the columns of `export ROUND --accounts`",
            || rows_of(Table::Accounts),
            || get(tables::accounts),
        )
    },
    Operation {
        query: &[STATE, LIMIT, CURSOR],
        ..reads(
            "messages",
            urls::API_MESSAGES,
            "The outbox in order of time, with the columns of `export ROUND --messages`",
            || rows_of(Table::Messages),
            || get(tables::messages),
        )
    },
    Operation {
        query: &[LIMIT, CURSOR],
        ..reads(
            "responses",
            urls::API_RESPONSES,
            "Who has answered and when, without the answers; refused of a round that tells numbers only",
            || rows_of(Table::Responses),
            || get(tables::responses),
        )
    },
    Operation {
        query: &[LIMIT, CURSOR],
        ..reads(
            "repairs",
            urls::API_REPAIRS,
            "What is to be repaired: contacts who cannot be reached, and who is asked about each; the oldest first",
            || page_of(named("Repair")),
            || get(repairs::list),
        )
    },
    Operation {
        query: &[LIMIT, CURSOR],
        ..reads(
            "journal",
            urls::API_JOURNAL,
            "Who did what in a round, the newest first, as far as the console's journal tells it",
            || page_of(named("Entry")),
            || get(journal::list),
        )
    },
    Operation {
        needs: Needs::KeyForAll(Scope::Read),
        ..reads(
            "alarms",
            urls::API_ALARMS,
            "What is wrong and was told to somebody, the oldest first; for keys that are limited to no rounds",
            || object(&[("items", page_items("Alarm"))]),
            || get(alarms::list),
        )
    },
    Operation {
        id: "load_list",
        verb: Verb::Post,
        path: urls::API_LIST,
        needs: Needs::Key(Scope::Lists),
        summary: "Loads a contact list; the same as `soundings list load ROUND FILE --json`",
        query: &[PREVIEW, WHOLE, KEEP_OTHERS, CONFIRM, REMOVE_EVERYBODY],
        body: Some(Body::Csv),
        answers: Answers::Json(lists::schema),
        serve: || post(lists::load),
    },
    Operation {
        id: "order",
        verb: Verb::Post,
        path: urls::API_ORDERS,
        needs: Needs::Key(Scope::Orders),
        summary: "Starts, pauses, resumes or closes a round",
        query: &[],
        body: Some(Body::Json("Order")),
        answers: Answers::Json(orders::schema),
        serve: || post(orders::give),
    },
    Operation {
        id: "opt_out",
        verb: Verb::Post,
        path: urls::API_OPT_OUT,
        needs: Needs::Key(Scope::Marks),
        summary: "Notes that a contact does not want to be written to",
        query: &[],
        body: Some(Body::Json("OptOut")),
        answers: Answers::Json(marks::schema),
        serve: || post(marks::opt_out),
    },
    Operation {
        id: "left",
        verb: Verb::Post,
        path: urls::API_LEFT,
        needs: Needs::Key(Scope::Marks),
        summary: "Notes that a contact has left the company",
        query: &[],
        body: Some(Body::Json("Left")),
        answers: Answers::Json(marks::schema),
        serve: || post(marks::left),
    },
    Operation {
        id: "call",
        verb: Verb::Post,
        path: urls::API_CALLS,
        needs: Needs::Key(Scope::Marks),
        summary: "Records what became of a telephone call to a contact",
        query: &[],
        body: Some(Body::Json("Call")),
        answers: Answers::Json(marks::schema),
        serve: || post(marks::call),
    },
    Operation {
        needs: Needs::Nothing,
        ..reads(
            "description",
            urls::API_DESCRIPTION,
            "This description",
            || json!({ "type": "object" }),
            || get(description::serve),
        )
    },
    Operation {
        needs: Needs::Nothing,
        answers: Answers::Text(&[]),
        ..reads("alive", urls::HEALTHZ, "The program runs", || Value::Null, || get(health::alive))
    },
    Operation {
        needs: Needs::Nothing,
        answers: Answers::Text(&[(503, "It does not")]),
        ..reads("ready", urls::READYZ, "The database answers and mail leaves", || Value::Null, || get(health::ready))
    },
    Operation {
        needs: Needs::Nothing,
        answers: Answers::Text(&[(401, "Neither a key that reads all rounds nor the same machine")]),
        ..reads(
            "metrics",
            urls::METRICS,
            "Figures in the text format of Prometheus; without a key from the same machine only",
            || Value::Null,
            || get(health::metrics),
        )
    },
];

fn page_items(schema: &str) -> Value {
    json!({ "type": "array", "items": named(schema) })
}
