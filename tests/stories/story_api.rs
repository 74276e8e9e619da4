//! The API driven by what it says of itself: a client that reads `/api/openapi.json` and nothing else calls every operation with values that
//! fit and values that do not. Nothing comes back that the description does not name, and nothing is our own mistake.

use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use soundings::rules::access::{Rights, Scope};
use soundings::rules::journal::Actor;
use soundings::rules::participation::Participation;
use soundings::steps::installation::operators::AddKeyThatMay;
use soundings::steps::round::RoundOrder;
use soundings::web::{Web, router};
use tower::ServiceExt;

use crate::common::{ANN, BEN, CYD, DORA, ERIK, ROUND, SALES_DIRECTOR, World, northwind};
use crate::schema::{made, misfit};

on_both!(every_operation_answers_as_it_is_described, of_a_round_that_tells_numbers_too,);

/// What stands in the place of values that fit.
const WRONG: [&str; 8] = ["", "!", "0", "-1", "true", "9999999999999999999", "%00", "%C3%BCn%C3%AF"];
const WRONG_BODIES: [&str; 11] = [
    "",
    "{",
    "null",
    "[]",
    "7",
    "{}",
    "{\"x\":1}",
    "{\"order\":7}",
    "{\"how\":\"\"}",
    "{\"outcome\":\"x\",\"how\":null}",
    // Signs that no database keeps.
    "{\"how\":\"\\u0000\"}",
];

struct Client {
    world_router: axum::Router,
    key: String,
    document: Value,
    /// So many answers of each kind were held against the description.
    held: usize,
}

struct Answer {
    status: StatusCode,
    kind: String,
    body: Value,
}

impl Client {
    async fn new(world: &World) -> Client {
        let rights = Rights { scopes: Scope::ALL.to_vec(), ..Rights::default() };
        let add = AddKeyThatMay { name: "tests".into(), rights };
        let key = format!("Bearer {}", world.ctx.order(&Actor::operator("test"), add).await.unwrap());
        let world_router = router(Web::new(world.ctx.clone(), 0));
        let mut client = Client { world_router, key, document: Value::Null, held: 0 };
        client.document = client.send(Method::GET, "/api/openapi.json", "", "").await.body;
        client
    }

    async fn send(&self, verb: Method, path: &str, kind: &str, body: &str) -> Answer {
        let mut request = Request::builder().method(verb).uri(path);
        request = request.header("host", "soundings.northwind.example").header("authorization", &self.key);
        if !kind.is_empty() {
            request = request.header("content-type", kind);
        }
        let answer =
            self.world_router.clone().oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let kind = parts.headers.get("content-type").map_or("", |kind| kind.to_str().unwrap()).to_string();
        Answer { status: parts.status, kind, body: serde_json::from_slice(&body).unwrap_or(Value::Null) }
    }

    /// Calls an operation; what comes back is described.
    async fn call(&mut self, operation: &Operation, path: &str, kind: &str, body: &str) -> Answer {
        let answer = self.send(operation.verb.clone(), path, kind, body).await;
        let asked = format!("{} {path} {body}", operation.verb);
        assert!(!answer.status.is_server_error(), "{asked}: {} {}", answer.status, answer.body);
        let response = operation.told["responses"].get(answer.status.as_str());
        let response = response.ok_or_else(|| format!("{asked}: {} is described nowhere", answer.status)).unwrap();
        let response = match response["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.strip_prefix('#').unwrap()).unwrap(),
            None => response,
        };
        let content = response["content"].get(&answer.kind);
        let content = content.ok_or_else(|| format!("{asked}: {} is described nowhere", answer.kind)).unwrap();
        let misfit = misfit(&content["schema"], &answer.body, &self.document);
        assert_eq!(misfit, None, "{asked}: {}", answer.status);
        self.held += 1;
        answer
    }

    fn operations(&self, contact: &str) -> Vec<Operation> {
        let mut all = Vec::new();
        for (path, verbs) in self.document["paths"].as_object().unwrap() {
            for (verb, told) in verbs.as_object().unwrap().iter().filter(|_| path.starts_with("/api/v1/")) {
                let path = path.replace("{round}", ROUND).replace("{contact}", contact);
                let verb = Method::from_bytes(verb.to_uppercase().as_bytes()).unwrap();
                all.push(Operation { verb, path, told: told.clone() });
            }
        }
        // Orders end the round, so they come last.
        all.sort_by_key(|operation| operation.told["operationId"] == "order");
        all
    }
}

struct Operation {
    verb: Method,
    path: String,
    told: Value,
}

impl Operation {
    /// Query strings of one parameter each, first those that fit.
    fn queries(&self, document: &Value) -> Vec<String> {
        let mut all = vec![String::new(), "?unknown=1".into()];
        for parameter in self.told["parameters"].as_array().unwrap().iter().filter(|p| p["in"] == "query") {
            let name = parameter["name"].as_str().unwrap();
            let said = |value: &Value| value.as_str().map_or_else(|| value.to_string(), String::from);
            // A cursor is no word of ours: it comes from pages.
            let fitting = made(&parameter["schema"], document).into_iter().filter(|_| name != "cursor");
            all.extend(fitting.map(|value| format!("?{name}={}", said(&value))));
            all.extend(WRONG.iter().map(|wrong| format!("?{name}={wrong}")));
        }
        all
    }
}

async fn everything(client: &mut Client, contact: &str) {
    let document = client.document.clone();
    for operation in client.operations(contact) {
        let queries = operation.queries(&document);
        let content = operation.told["requestBody"]["content"].as_object().cloned();
        let Some((kind, of_kind)) = content.and_then(|all| all.into_iter().next()) else {
            for query in &queries {
                let page = client.call(&operation, &format!("{}{query}", operation.path), "", "").await;
                if let Some(next) = page.body["next"].as_str().filter(|_| page.status == StatusCode::OK) {
                    client.call(&operation, &format!("{}?limit=1&cursor={next}", operation.path), "", "").await;
                }
            }
            continue;
        };
        for query in &queries {
            let path = format!("{}{query}", operation.path);
            for wrong in WRONG_BODIES {
                client.call(&operation, &path, &kind, wrong).await;
            }
        }
        client.call(&operation, &operation.path, "text/plain", "x").await;
        let values = match kind.as_str() {
            "text/csv" => vec!["email\n".to_string(), "account,email\nGlobex,x\n".into(), "\u{0}\u{1}".into()],
            _ => made(&of_kind["schema"], &document).iter().map(Value::to_string).collect(),
        };
        for value in values {
            client.call(&operation, &operation.path, &kind, &value).await;
        }
    }
}

async fn on_the_way(world: &mut World, told: Participation) {
    let mut folder = northwind();
    folder.spec.participation = told;
    world.load(folder).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    for director in [DORA, ERIK] {
        world.sign_all(director, "sign_off").await;
    }
    world.work().await;
    world.sign_all(SALES_DIRECTOR, "counter_sign").await;
    world.work().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    world.opts_out(&world.mail_to(CYD, "invitation")).await;
    world.work().await;
}

async fn every_operation_answers_as_it_is_described(mut world: World) {
    on_the_way(&mut world, Participation::Names).await;
    let mut client = Client::new(&world).await;
    let operations = client.operations("x");
    let page = |list: &str| operations.iter().find(|o| o.path.ends_with(list)).unwrap();
    let contacts = client.call(page("/contacts"), &page("/contacts").path, "", "").await.body;
    let stage = |who: &str| {
        let all = contacts["items"].as_array().unwrap();
        all.iter().find(|c| c["email"] == who).map(|c| c["soundings_stage"].clone()).unwrap()
    };
    assert_eq!([ANN, BEN, CYD].map(stage), [json!("completed"), json!("invited"), json!("opted_out")]);
    let responses = client.call(page("/responses"), &page("/responses").path, "", "").await.body;
    assert_eq!(responses["items"][0]["email"], ANN);
    // Somebody else has left, and is to be replaced.
    let stays = [ANN, BEN, CYD];
    let gone =
        contacts["items"].as_array().unwrap().iter().find(|c| !stays.iter().any(|who| c["email"] == *who)).unwrap();
    let gone = gone["soundings_id"].as_str().unwrap().to_string();
    let others = client.operations(&gone);
    let left = others.iter().find(|o| o.told["operationId"] == "left").unwrap();
    let said = client.call(left, &left.path, "application/json", "{\"how\":\"the switchboard said so\"}").await;
    assert_eq!(said.status, StatusCode::OK);
    let repairs = client.call(page("/repairs"), &page("/repairs").path, "", "").await.body;
    assert_eq!(repairs["items"][0]["contact_id"], json!(gone), "{repairs}");
    let ben = world.person(BEN).await.id.to_string();
    everything(&mut client, &ben).await;
    for operation in operations.iter().filter(|o| o.verb == Method::GET && o.path.contains(ROUND)) {
        let unknown = client.call(operation, &operation.path.replace(ROUND, "%00"), "", "").await;
        assert_eq!(unknown.status, StatusCode::NOT_FOUND, "{}", operation.path);
    }
    let journal = client.call(page("/journal"), &format!("{}?limit=500", page("/journal").path), "", "").await.body;
    let by_key = journal["items"].as_array().unwrap().iter().filter(|e| e["by"] == "key tests");
    let done: Vec<&str> = by_key.filter_map(|e| e["did"].as_str()).collect();
    for action in ["closed the round", "paused the round", "opted out", "has left the company"] {
        assert!(done.contains(&action), "{action}: {done:?}");
    }
    // Again, of a round that is over.
    everything(&mut client, &ben).await;
    assert!(client.held > 400, "{}", client.held);
    world.promises_hold().await;
}

async fn of_a_round_that_tells_numbers_too(mut world: World) {
    on_the_way(&mut world, Participation::Counts).await;
    let mut client = Client::new(&world).await;
    let ben = world.person(BEN).await.id.to_string();
    everything(&mut client, &ben).await;
    world.promises_hold().await;
}

#[test]
fn what_is_not_of_a_schema_is_found() {
    let document = json!({ "components": { "schemas": { "Word": { "enum": ["a", "b"] } } } });
    let schema = json!({
        "type": "object", "required": ["word"], "additionalProperties": false,
        "properties": {
            "word": { "$ref": "#/components/schemas/Word" },
            "n": { "type": ["integer", "null"], "minimum": 1, "maximum": 3 },
            "at": { "type": "string", "format": "date-time" },
            "all": { "type": "array", "items": { "type": "string", "minLength": 1, "maxLength": 2 } },
        },
    });
    let fits = |value: Value| misfit(&schema, &value, &document).is_none();
    assert!(fits(json!({ "word": "a", "n": null, "at": "2027-02-08T09:00:00Z", "all": ["x", "xy"] })));
    for wrong in [
        json!([]),
        json!({}),
        json!({ "word": "c" }),
        json!({ "word": "a", "n": 4 }),
        json!({ "word": "a", "n": 1.5 }),
        json!({ "word": "a", "at": "yesterday" }),
        json!({ "word": "a", "all": [""] }),
        json!({ "word": "a", "all": ["xyz"] }),
        json!({ "word": "a", "more": 1 }),
    ] {
        assert!(!fits(wrong.clone()), "{wrong}");
    }
    for value in made(&schema, &document) {
        assert_eq!(misfit(&schema, &value, &document), None);
    }
}
