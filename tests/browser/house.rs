//! The demo round behind a real port, with names in its list that attack whoever shows them (S01).

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use soundings::base::address::EmailAddress;
use soundings::intake::{folder, list};
use soundings::rules::journal::Actor;
use soundings::rules::round::HumanStep;
use soundings::steps::installation::operators;
use soundings::steps::round::RoundOrder;
use soundings::steps::{Ctx, response};
use soundings::web::{self, Web};
use tokio::net::TcpListener;

use crate::common::{OPERATOR, Place, World, secret_in};

pub const RACHEL: &str = "rachel.osei@northwind.example";
/// Each cell of this contact and account is a script that reports when a page runs it.
pub const CANARY: &str = "canary@canary.example";

const CANARIES: &str = r#"
"""><script>window.__pwned='account'</script>",<img src=x onerror=window.__pwned='first'>,<svg/onload=window.__pwned='last'>,canary@canary.example,"'""--></title></textarea><script>window.__pwned='job'</script>",influencer,en,GB,Europe/London,Rachel Osei,rachel.osei@northwind.example,"<b onmouseover=window.__pwned='manager'>Oliver",canary.manager@northwind.example,no,
"#;

/// A running round on the Monday on which its directors were asked, served on a port of this machine.
pub async fn world() -> World {
    let mut world = World::new(Place::Sqlite).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let Ctx { db, clock, ids, key, .. } = world.ctx.clone();
    world.ctx = Ctx::new(db, clock, ids, key, &base_url);
    world.takes_replies();
    let router = web::router(Web::new(world.ctx.clone(), 0));
    tokio::spawn(web::serve(listener, router, web::Bounds::within(1_024, 200, false), std::future::pending()));

    world
        .ctx
        .order(&Actor::operator("test"), operators::AddOperator { email: EmailAddress::parse(OPERATOR).unwrap() })
        .await
        .unwrap();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let mut round = folder::read(&demo).unwrap();
    let rows = std::fs::read_to_string(demo.join("contacts.csv")).unwrap() + CANARIES.trim_start();
    round.list = list::read(rows.as_bytes(), "contacts.csv").unwrap();
    let last = round.list.accepted.last().unwrap();
    assert!(format!("{last:?}").contains(CANARY), "the list refused the canary: {:?}", round.list.findings);
    // What is looked at here is the page; the code that is mailed has stories of its own.
    round.spec.signoff.human_step_strategic = HumanStep::Count;
    world.load(round).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world
}

impl World {
    /// Every link of the last mail of this kind, and what else the browser has to know.
    pub fn door(&self, email: &str, kind: &str) -> Value {
        let mail = self.mail_to(email, kind);
        let link = |path: &str| mail.link(path);
        json!({
            "email": email,
            "sign_off": link("/sign-off/"), "assessment": link("/assessment/"), "opt_out": link("/opt-out/"), "repair": link("/repair/"),
            "links": mail.links,
        })
    }

    pub async fn log_in_link(&self) -> String {
        self.ctx
            .order(&Actor::CommandLine, operators::IssueLink { email: EmailAddress::parse(OPERATOR).unwrap() })
            .await
            .unwrap()
            .unwrap()
    }

    pub async fn has_left(&self, email: &str) {
        let secret = secret_in(&self.mail_to(email, "invitation"), "/opt-out/");
        assert!(
            self.ctx
                .order(
                    &Actor::Visitor,
                    response::OptOut { secret, length: response::Length::NeverAgain, how: "one click" }
                )
                .await
                .unwrap()
        );
    }

    /// Answers everything with a number in the middle.
    pub async fn has_answered(&self, email: &str) {
        let secret = secret_in(&self.mail_to(email, "invitation"), "/assessment/");
        let opened = response::open(&self.ctx, &secret).await.unwrap().unwrap();
        let answer = |item: &soundings::rules::questionnaire::Item| match item.options.first() {
            Some(option) => option.value.clone(),
            None => "5".to_string(),
        };
        let items = opened.live.questionnaire.items();
        let answers: BTreeMap<String, String> = items.map(|i| (i.id.clone(), answer(i))).collect();
        self.ctx
            .order(
                &Actor::Visitor,
                response::SaveAnswers { secret: secret.clone(), fields: answers, language: "en".into() },
            )
            .await
            .unwrap();
        self.ctx
            .order(&Actor::Visitor, response::SendAnswers { secret: secret.clone(), language: "en".into() })
            .await
            .unwrap();
    }
}
