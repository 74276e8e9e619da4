//! S17: a relay that logs us in, takes, puts off and refuses mail, and repeats the password in every answer; a scoring module that repeats its
//! secret. Neither is in anything that is kept, shown or handed on.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::routing::post;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use soundings::base::address::EmailAddress;
use soundings::config::SmtpSettings;
use soundings::handover::Scoring;
use soundings::rules::journal::Actor;
use soundings::rules::message::Lane;
use soundings::steps::handover;
use soundings::steps::installation::operators;
use soundings::steps::round::export;
use soundings::steps::sending::delivery;
use soundings::store::sending::outbox;
use soundings::web::{Web, router};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::common::receiver::{Receiver, SECRET};
use crate::common::{ANN, BEN, CYD, OPERATOR, ROUND, World};
use crate::pages;
use crate::story_trouble::refuse;

on_both!(s17_c05_a_secret_that_others_repeat_is_in_nothing_that_is_kept_shown_or_handed_on,);

const USER: &str = "soundings-relay-user";
const PASSWORD: &str = "canary-8Zt3-relay";

fn canaries() -> Vec<String> {
    let key = SECRET.trim_start_matches("whsec_").to_string();
    let plain = STANDARD.encode(format!("\0{USER}\0{PASSWORD}"));
    vec![PASSWORD.into(), STANDARD.encode(PASSWORD), plain, key]
}

/// Stands before the mail server, offers a log-in, and adds the password to whatever that one answers.
async fn parrot(server: SocketAddr) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            tokio::spawn(async move { _ = repeat(client, server).await });
        }
    });
    port
}

/// Every line of one answer.
async fn answer(from: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<Vec<String>> {
    let mut all = Vec::new();
    loop {
        let mut line = String::new();
        if from.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let is_last = line.as_bytes().get(3) != Some(&b'-');
        all.push(line.trim_end().to_string());
        if is_last {
            return Ok(all);
        }
    }
}

async fn repeat(client: TcpStream, server: SocketAddr) -> std::io::Result<()> {
    let (read, mut say) = client.into_split();
    let mut heard = BufReader::new(read);
    let (read, mut ask) = TcpStream::connect(server).await?.into_split();
    let mut upstream = BufReader::new(read);
    say.write_all(format!("{}\r\n", answer(&mut upstream).await?.join("\r\n")).as_bytes()).await?;
    let (mut in_body, mut words) = (false, 0);
    loop {
        let mut line = Vec::new();
        if heard.read_until(b'\n', &mut line).await? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&line).trim_end().to_string();
        let log_in = words > 0 || (!in_body && text.to_ascii_uppercase().starts_with("AUTH "));
        if log_in {
            words = if words > 0 { words - 1 } else { 2 * usize::from(text.eq_ignore_ascii_case("AUTH LOGIN")) };
            let said = if words > 0 { "334 VXNlcm5hbWU6".into() } else { format!("235 2.7.0 welcome {text}") };
            say.write_all(format!("{said}\r\n").as_bytes()).await?;
            continue;
        }
        ask.write_all(&line).await?;
        if in_body && text != "." {
            continue;
        }
        in_body = false;
        let mut answered = answer(&mut upstream).await?;
        in_body = in_body || answered[0].starts_with("354");
        if text.to_ascii_uppercase().starts_with("EHLO") {
            answered[0].replace_range(3..4, "-");
            answered.insert(1, "250-AUTH PLAIN LOGIN".into());
        } else if let Some(last) = answered.last_mut() {
            let [password, encoded, plain, _] = <[String; 4]>::try_from(canaries()).unwrap();
            last.push_str(&format!(" (you are {password}, {encoded}, {plain})"));
        }
        say.write_all(format!("{}\r\n", answered.join("\r\n")).as_bytes()).await?;
    }
}

/// Refuses the first, and keeps what it was sent.
async fn talkative_module() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = bodies.clone();
    let take = post(async move |body: String| {
        let mut kept = kept.lock().unwrap();
        kept.push(body);
        let status = if kept.len() == 1 { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::OK };
        (status, format!("the secret here is {SECRET}"))
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/hook", take)).await.unwrap() });
    (at, bodies)
}

/// Every address of the router that shows something, with what stands in its place.
fn addresses(instead: &[(&str, &str)]) -> Vec<String> {
    let read = pages::patterns().into_iter();
    let filled = read.map(|path| instead.iter().fold(path, |path, (name, value)| path.replace(name, value)));
    let all: Vec<String> = filled.filter(|path| !path.contains('{')).collect();
    assert!(all.len() > 25, "{all:?}");
    all
}

async fn get(router: &Router, path: &str, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let mut request = Request::builder().uri(path).header("host", "soundings.northwind.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status();
    (status, String::from_utf8_lossy(&to_bytes(answer.into_body(), usize::MAX).await.unwrap()).into_owned())
}

fn files(folder: &Path, into: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, into),
            false => into.push((
                path.display().to_string(),
                String::from_utf8_lossy(&fs::read(&path).unwrap_or_default()).into_owned(),
            )),
        }
    }
}

async fn s17_c05_a_secret_that_others_repeat_is_in_nothing_that_is_kept_shown_or_handed_on(mut world: World) {
    let port = parrot(world.mailbox.address()).await;
    let settings = SmtpSettings { port, username: USER.into(), password: PASSWORD.into(), ..SmtpSettings::default() };
    world.lines = delivery::lines(&settings);
    world.signed().await;
    let faults = [refuse(BEN, "451 4.7.1 <{}>: greylisted"), refuse(CYD, "550 5.1.1 <{}>: User unknown")];
    world.mailbox.set_faults(faults.into());
    world.pass_to("2027-02-08T18:00:00Z").await;
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    let (at, bodies) = talkative_module().await;
    let scoring: Scoring = Receiver::scoring_at(at);
    assert_eq!(handover::deliver(&world.ctx, &scoring).await.unwrap(), 0);

    let email = EmailAddress::parse(OPERATOR).unwrap();
    world.ctx.order(&Actor::operator("test"), operators::AddOperator { email: email.clone() }).await.unwrap();
    let link =
        world.ctx.order(&Actor::CommandLine, operators::IssueLink { email: email.clone() }).await.unwrap().unwrap();
    let session = world
        .ctx
        .order(
            &Actor::Visitor,
            operators::LogIn { secret: link.rsplit('/').next().unwrap().to_string(), came_from: String::new() },
        )
        .await
        .unwrap();
    let cookie = format!("__Host-soundings={session}");
    let key = format!(
        "Bearer {}",
        world.ctx.order(&Actor::operator("test"), operators::AddKey { name: "tests".to_string() }).await.unwrap()
    );
    let with = [("cookie", cookie.as_str()), ("authorization", key.as_str())];
    let router = router(Web::new(world.ctx.clone(), 0));
    let mut seen: Vec<(String, String)> = Vec::new();
    let round = soundings::store::round::rounds::by_slug(&mut world.ctx.db.read().await.unwrap(), ROUND)
        .await
        .unwrap()
        .unwrap();
    let mut messages = Vec::new();
    for lane in [Lane::from(&round.id), Lane::System] {
        let mut tx = world.ctx.db.read().await.unwrap();
        messages.extend(outbox::page(&mut tx, &lane, None, 100, 0).await.unwrap());
    }
    for person in [ANN, BEN, CYD] {
        let id = world.person(person).await.id;
        let message = messages.iter().find(|m| m.contact_id.as_ref() == Some(&id)).unwrap().id.clone();
        for path in addresses(&[("{round}", ROUND), ("{contact}", id.as_str()), ("{message}", message.as_str())]) {
            let (status, said) = get(&router, &path, &with).await;
            assert!(status.is_success(), "{path}: {status} {said}");
            seen.push((path, said));
        }
    }
    for view in ["outbox?state=failed", "outbox?state=planned", "outbox?state=sent", "hand-over?state=pending"] {
        seen.push((view.into(), get(&router, &format!("/rounds/{ROUND}/{view}"), &with).await.1));
    }
    // They do show what was answered, and that something is hidden there.
    let shown = seen.iter().filter(|(_, said)| said.contains("(hidden)")).count();
    assert!(shown >= 3, "only {shown} pages show what the servers said");
    assert!(seen.iter().any(|(path, said)| path.contains("hand-over") && said.contains("the secret here is")));

    world.ctx.clock.turn_to(world.now().plus(3_600_000));
    assert_eq!(handover::deliver(&world.ctx, &scoring).await.unwrap(), 1);
    seen.extend(bodies.lock().unwrap().iter().map(|body| ("a hand-over".to_string(), body.clone())));
    assert_eq!(bodies.lock().unwrap().len(), 2);
    let exported = world.folder.path().join("exported");
    export::export(&world.ctx, ROUND, &exported).await.unwrap();
    if world.ctx.db.is_sqlite() {
        world.ctx.db.backup(&world.folder.path().join("backup.db").display().to_string(), 7).await.unwrap();
    }
    files(world.folder.path(), &mut seen);
    seen.extend(
        world
            .mailbox
            .all()
            .iter()
            .map(|mail| (format!("a mail to {}", mail.recipient()), String::from_utf8_lossy(&mail.raw).into_owned())),
    );
    seen.push(("messages".into(), format!("{messages:?}")));
    let answers = messages.iter().filter(|m| m.answer.as_deref().is_some_and(|a| a.contains("(hidden)"))).count();
    assert!(answers > 5, "the answers are those in which it would be: {answers}");
    for (place, said) in &seen {
        for canary in canaries() {
            assert!(!said.contains(&canary), "{canary} is in {place}");
        }
    }
    // Twin: it would be found, had the relay's own words been kept.
    let raw = Connection::said(port).await;
    assert!(canaries().iter().take(3).all(|canary| raw.contains(canary)), "{raw}");
}

/// A client that hides nothing.
struct Connection;

impl Connection {
    async fn said(port: u16) -> String {
        let (read, mut write) = TcpStream::connect(("127.0.0.1", port)).await.unwrap().into_split();
        let mut lines = BufReader::new(read);
        let mut said = answer(&mut lines).await.unwrap();
        for line in ["EHLO x", "NOOP"] {
            write.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
            said.extend(answer(&mut lines).await.unwrap());
        }
        said.join(" ")
    }
}
