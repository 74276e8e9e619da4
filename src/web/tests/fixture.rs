//! An installation with two rounds, an operator, and a browser that keeps its cookies.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::base::address::EmailAddress;
use crate::base::clock::{Clock, Ts};
use crate::base::ids::{AccountId, ContactId, Ids, RoundId};
use crate::base::seal::SecretKey;
use crate::intake::folder;
use crate::rules::journal::Actor;
use crate::rules::participation::Participation;
use crate::rules::sending::pace::Policy;
use crate::rules::signoff::SignLevel;
use crate::steps::Ctx;
use crate::steps::context::Purpose;
use crate::steps::installation::operators;
use crate::steps::round::{RoundOrder, TellRound, load};
use crate::store::Db;
use crate::store::contacts::search::{self, Search};
use crate::store::contacts::{self, Person, accounts};
use crate::store::round::rounds;
use crate::store::signoff::{self, Request as Asked};
use crate::web::kit::forms::query::{escape, query};
use crate::web::kit::state::Web;
use crate::web::routes::router;

use super::whole;

/// Mon 25 Jan 2027, 09:00 UTC.
pub const MONDAY: Ts = Ts(1_800_867_600_000);
pub const OURS: &str = "127.0.0.1:8080";
pub const FIRST: &str = "northwind-2027";
pub const SECOND: &str = "other-2027";
pub const OPERATOR: &str = "olga@soundings.example";

pub struct House {
    pub ctx: Ctx,
    pub router: Router,
    pub folder: TempDir,
}

pub async fn house() -> House {
    house_at("http://127.0.0.1:8080").await
}

pub async fn house_at(base_url: &str) -> House {
    house_of(base_url, Participation::Names).await
}

/// Rounds that tell so much of who has answered.
pub async fn house_that_tells(told: Participation) -> House {
    house_of("http://127.0.0.1:8080", told).await
}

async fn house_of(base_url: &str, told: Participation) -> House {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    let db = Db::open(&url, "off").await.unwrap();
    let ids = Ids::seeded(7);
    let key = SecretKey::draw(&ids);
    let mut ctx = Ctx::new(db, Clock::hand(MONDAY), ids, key, base_url);
    ctx.pace = Some(Arc::new(Policy::default()));
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    for slug in [FIRST, SECOND] {
        let mut round = folder::read(&demo).unwrap();
        round.spec.round = slug.into();
        round.spec.participation = told;
        // S01: a name that is no name.
        round.list.accepted[0].job_title = "<script>alert(1)</script>\"'{{7*7}}".into();
        load(&ctx, round, &Actor::operator("test")).await.unwrap();
        ctx.order(&Actor::operator("test"), TellRound { slug: slug.to_string(), order: RoundOrder::Start })
            .await
            .unwrap();
    }
    ctx.order(&Actor::operator("test"), operators::AddOperator { email: EmailAddress::parse(OPERATOR).unwrap() })
        .await
        .unwrap();
    let router = router(Web::new(ctx.clone(), 0));
    House { ctx, router, folder }
}

#[derive(Debug)]
pub struct Said {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// A form was refused; this is the page that the redirect led to.
    pub refused: bool,
}

impl Said {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The value of a hidden field, the first of its name after `after`.
    pub fn hidden(&self, after: &str, name: &str) -> String {
        let from = self.body.find(after).expect(after);
        let field = format!("name=\"{name}\" value=\"");
        let at = self.body[from..].find(&field).expect(name);
        self.body[from + at + field.len()..].split('"').next().unwrap().to_string()
    }
}

impl House {
    pub async fn ask(&self, request: Request<Body>) -> Said {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Said {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
            refused: false,
        }
    }

    pub async fn get(&self, path: &str) -> Said {
        self.send(Method::GET, path, &[], "").await
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: &str) -> Said {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, OURS);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::from(body.to_string())).unwrap()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Said {
        self.post_with(path, &[], fields).await
    }

    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Said {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let headers: Vec<_> = headers.iter().copied().chain([form]).collect();
        self.post_body(path, &headers, query(fields).trim_start_matches('?')).await
    }

    /// As a browser sends a form: fields that are empty, too.
    pub async fn post_all(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Said {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let headers: Vec<_> = headers.iter().copied().chain([form]).collect();
        let fields = fields.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value)));
        self.post_body(path, &headers, &fields.collect::<Vec<_>>().join("&")).await
    }

    /// `headers`: the kind of the body last.
    async fn post_body(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Said {
        let said = self.send(Method::POST, path, headers, body).await;
        let there = said.header("location").to_string();
        if !there.contains("kept=") {
            return said;
        }
        assert_eq!((said.status, said.body.as_str()), (StatusCode::SEE_OTHER, ""), "{there}");
        let page = self.send(Method::GET, &there, &headers[..headers.len() - 1], "").await;
        assert_eq!(page.status, StatusCode::OK, "{there}");
        Said { refused: true, ..page }
    }

    /// The path of a link to log in, as the terminal shows it.
    pub async fn login_link(&self) -> String {
        let email = EmailAddress::parse(OPERATOR).unwrap();
        let link =
            self.ctx.order(&Actor::CommandLine, operators::IssueLink { email: email.clone() }).await.unwrap().unwrap();
        link.trim_start_matches(&*self.ctx.base_url).to_string()
    }

    /// Logs in through the pages; the cookie and the token for forms.
    pub async fn log_in(&self) -> (String, String) {
        let said = self.post(&self.login_link().await, &[("email", OPERATOR)]).await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.body);
        let cookie = said.header("set-cookie").split(';').next().unwrap().to_string();
        let page = self.send(Method::GET, "/", &[("cookie", &cookie)], "").await;
        (cookie, page.hidden("log-out", "csrf"))
    }

    pub async fn round_id(&self, slug: &str) -> RoundId {
        let mut tx = self.ctx.db.read().await.unwrap();
        rounds::by_slug(&mut tx, slug).await.unwrap().unwrap().id
    }

    pub async fn people(&self, slug: &str) -> Vec<Person> {
        let id = self.round_id(slug).await;
        let mut tx = self.ctx.db.read().await.unwrap();
        search::page(&mut tx, &id, &Search::default(), 100, 0).await.unwrap()
    }

    pub async fn person(&self, id: &ContactId) -> Person {
        let mut tx = self.ctx.db.read().await.unwrap();
        contacts::person(&mut tx, id).await.unwrap().unwrap()
    }

    pub async fn account(&self, id: &AccountId) -> accounts::Account {
        let mut tx = self.ctx.db.read().await.unwrap();
        accounts::by_id(&mut tx, id).await.unwrap().unwrap()
    }

    /// The requests to directors, with the path of each link.
    pub async fn requests(&self, slug: &str) -> Vec<(Asked, String)> {
        let id = self.round_id(slug).await;
        let mut tx = self.ctx.db.read().await.unwrap();
        let all = signoff::of_round(&mut tx, &id).await.unwrap();
        let path = |r: &Asked| format!("/sign-off/{}", self.ctx.secret(Purpose::SignOff, &r.id));
        all.into_iter().filter(|r| r.level == SignLevel::Director).map(|r| (r.clone(), path(&r))).collect()
    }

    pub fn link(&self, purpose: Purpose, id: &(impl AsRef<str> + ?Sized)) -> String {
        self.ctx.link(purpose, id).trim_start_matches(&*self.ctx.base_url).to_string()
    }

    /// Everything that the database holds but refused forms, which are kept so that Back and Reload find them (decision 0032).
    pub async fn facts(&self) -> BTreeMap<String, Vec<String>> {
        whole::rows(&mut self.ctx.db.read().await.unwrap(), &["kept_page"]).await
    }

    /// Everybody of every round was invited and has not answered.
    pub async fn everybody_is_invited(&self) {
        let written = self.ctx.db.write(|tx| {
            Box::pin(async move {
                whole::everybody_is_invited(tx).await;
                Ok(())
            })
        });
        written.await.unwrap();
    }

    /// The same, and everybody may be written to.
    pub async fn everybody_can_be_called(&self) {
        let written = self.ctx.db.write(|tx| {
            Box::pin(async move {
                whole::everybody_can_be_called(tx).await;
                Ok(())
            })
        });
        written.await.unwrap();
    }

    /// Every byte of the database: what has not changed has not been written.
    pub fn everything(&self) -> Vec<Vec<u8>> {
        ["t.db", "t.db-wal"].map(|name| std::fs::read(self.folder.path().join(name)).unwrap_or_default()).into()
    }
}
