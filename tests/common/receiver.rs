//! A scoring module on a loopback port: keeps every call with its headers and answers as it is told.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use soundings::config;
use soundings::handover::Scoring;
use soundings::handover::signature::Secrets;
use soundings::handover::webhook::Webhook;
use soundings::rules::handover::events::EventKind;
use soundings::steps::context::event_setup::EventSetup;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// One POST as it came.
#[derive(Clone, Debug)]
pub struct Call {
    pub id: String,
    pub timestamp: i64,
    pub signature: String,
    pub body: String,
}

impl Call {
    pub fn is_signed(&self) -> bool {
        let now = soundings::base::clock::Ts(self.timestamp * 1_000);
        Secrets::parse(SECRET).unwrap().verify(&self.id, self.timestamp, &self.body, &self.signature, now)
    }
}

#[derive(Clone)]
pub struct Receiver {
    calls: Arc<Mutex<Vec<Call>>>,
    address: SocketAddr,
    _server: Arc<Stop>,
}

struct Stop(AbortHandle);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Shared = (Arc<Mutex<Vec<Call>>>, Arc<Mutex<Vec<u16>>>);

impl Receiver {
    /// Answers with these one after the other, then always with 200.
    pub async fn start(answers: &[u16]) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::default();
        let answers = Arc::new(Mutex::new(answers.to_vec()));
        let shared: Shared = (Arc::clone(&calls), answers);
        let app = Router::new().route("/hook", post(take)).with_state(shared);
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Receiver { calls, address, _server: Arc::new(Stop(server.abort_handle())) }
    }

    pub fn scoring(&self) -> Scoring {
        Receiver::scoring_at(self.address)
    }

    pub fn scoring_at(address: SocketAddr) -> Scoring {
        Scoring::new(&settings(address)).unwrap()
    }

    /// The same as a webhook that hears of alarms.
    pub fn of_alarms(&self) -> Webhook {
        let settings = settings(self.address);
        Webhook::of_alarms(settings.url.as_deref().unwrap(), &settings).unwrap()
    }

    /// The same as what is told of all events, under this secret or several.
    pub fn of_events(&self, secret: &str) -> Arc<EventSetup> {
        let settings = config::ScoringSettings { secret: secret.into(), ..settings(self.address) };
        let webhook = Webhook::of_events(settings.url.as_deref().unwrap(), &settings).unwrap();
        Arc::new(EventSetup { kinds: EventKind::ALL.into(), webhook: Some(webhook) })
    }

    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().clone()
    }
}

fn settings(address: SocketAddr) -> config::ScoringSettings {
    config::ScoringSettings {
        url: Some(format!("http://{address}/hook")),
        secret: SECRET.into(),
        allow_private_addresses: true,
        ..config::ScoringSettings::default()
    }
}

async fn take(State((calls, answers)): State<Shared>, headers: HeaderMap, body: String) -> StatusCode {
    let header = |name: &str| headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_string();
    let call = Call {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp").parse().unwrap_or_default(),
        signature: header("webhook-signature"),
        body,
    };
    calls.lock().unwrap().push(call);
    let mut answers = answers.lock().unwrap();
    let status = if answers.is_empty() { 200 } else { answers.remove(0) };
    StatusCode::from_u16(status).unwrap()
}
