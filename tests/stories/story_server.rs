//! When something around us is broken: a receiver that hangs, a log-in that is refused, a disk that takes nothing.

use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use soundings::base::address::EmailAddress;
use soundings::base::clock::DAY;
use soundings::base::ids::HandoffId;
use soundings::config::SmtpSettings;
use soundings::rules::handover::HandoffState;
use soundings::rules::journal::Actor;
use soundings::steps::handover::{ReplaySubmission, deliver, replay_all};
use soundings::steps::installation::operators;
use soundings::steps::sending::delivery;
use soundings::store::handover;
use soundings::store::round::rounds;
use soundings::web::{Web, router};
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::common::receiver::Receiver;
use crate::common::{ANN, BEN, OPERATOR, ROUND, World};

on_both!(
    a06_a_hand_over_that_hangs_ends_with_the_stop_and_is_due_again_at_once,
    a04_a_replay_after_five_days_gets_its_full_series_of_tries,
    a04_all_of_a_kind_go_again_in_one_order,
    a03_a_refused_log_in_is_said_where_people_look,
    a05_the_console_opens_while_nothing_can_be_written,
);

async fn handoffs(world: &World) -> Vec<handover::Handoff> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    handover::page(&mut tx, &round.id, 100, 0).await.unwrap()
}

/// Ann and Ben have answered.
async fn two_answers(world: &mut World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    for contact in [ANN, BEN] {
        world.answers(&world.mail_to(contact, "invitation")).await.unwrap();
    }
}

async fn page(world: &World, path: &str, cookie: &str) -> (StatusCode, String) {
    let request = Request::builder().uri(path).header("host", "soundings.northwind.example").header("cookie", cookie);
    let router = router(Web::new(world.ctx.clone(), 0));
    let answer = router.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The cookie of an operator who is logged in.
async fn logged_in(world: &World) -> String {
    let email = EmailAddress::parse(OPERATOR).unwrap();
    world.ctx.order(&Actor::operator("test"), operators::AddOperator { email: email.clone() }).await.unwrap();
    let link =
        world.ctx.order(&Actor::CommandLine, operators::IssueLink { email: email.clone() }).await.unwrap().unwrap();
    let secret = world
        .ctx
        .order(
            &Actor::Visitor,
            operators::LogIn { secret: link.rsplit('/').next().unwrap().to_string(), came_from: String::new() },
        )
        .await
        .unwrap();
    format!("__Host-soundings={secret}")
}

async fn a06_a_hand_over_that_hangs_ends_with_the_stop_and_is_due_again_at_once(mut world: World) {
    two_answers(&mut world).await;
    let hangs = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let scoring = Receiver::scoring_at(hangs.local_addr().unwrap());
    let ctx = world.ctx.clone();
    let delivering = tokio::spawn(async move { deliver(&ctx, &scoring).await });
    let _taken = hangs.accept().await.unwrap();
    let began = Instant::now();
    world.ctx.stop();
    let done = tokio::time::timeout(Duration::from_secs(8), delivering).await;
    assert_eq!(done.unwrap().unwrap().unwrap(), 0);
    assert!(began.elapsed() < Duration::from_secs(8));
    // The next start hands over at once, both, as first tries.
    world.ctx = world.ctx.restarted();
    assert!(handoffs(&world).await.iter().all(|h| h.state == HandoffState::Pending && h.attempt == 0));
    let receiver = Receiver::start(&[]).await;
    assert_eq!(deliver(&world.ctx, &receiver.scoring()).await.unwrap(), 2);
    world.promises_hold().await;
}

/// Tries until nothing is pending; how many tries the first one had.
async fn tries(world: &World, receiver: &Receiver, of: &HandoffId) -> usize {
    let before = receiver.calls().iter().filter(|call| call.id == of.as_str()).count();
    loop {
        deliver(&world.ctx, &receiver.scoring()).await.unwrap();
        let all = handoffs(world).await;
        let next = all.iter().filter(|h| h.state == HandoffState::Pending).map(|h| h.next_at).min();
        match next {
            Some(next) => world.ctx.clock.turn_to(next.max(world.now())),
            None => return receiver.calls().iter().filter(|call| call.id == of.as_str()).count() - before,
        }
    }
}

async fn a04_a_replay_after_five_days_gets_its_full_series_of_tries(mut world: World) {
    two_answers(&mut world).await;
    let receiver = Receiver::start(&[500; 200]).await;
    let first = handoffs(&world).await[0].id.clone();
    let at_first = tries(&world, &receiver, &first).await;
    assert!((10..=13).contains(&at_first), "{at_first}");
    world.ctx.clock.turn_to(world.now().plus(10 * DAY));
    world.ctx.order(&Actor::operator(OPERATOR), ReplaySubmission { id: first.clone() }).await.unwrap();
    let again = tries(&world, &receiver, &first).await;
    assert!((10..=13).contains(&again), "{again} after a replay, {at_first} at first");
    assert!(handoffs(&world).await.iter().all(|h| h.state == HandoffState::Failed));
}

async fn a04_all_of_a_kind_go_again_in_one_order(mut world: World) {
    two_answers(&mut world).await;
    let round = handoffs(&world).await[0].round_id.clone();
    let receiver = Receiver::start(&[410, 410, 500, 500]).await;
    let all = async |state| replay_all(&world.ctx, &Actor::operator(OPERATOR), &round, state).await.unwrap();
    assert_eq!(deliver(&world.ctx, &receiver.scoring()).await.unwrap(), 0);
    assert_eq!((all(HandoffState::Failed).await, all(HandoffState::Stopped).await), (0, 2));
    assert_eq!(deliver(&world.ctx, &receiver.scoring()).await.unwrap(), 0);
    // Pending for later: they need not wait.
    assert_eq!(deliver(&world.ctx, &receiver.scoring()).await.unwrap(), 0);
    assert_eq!(all(HandoffState::Pending).await, 2);
    assert_eq!(deliver(&world.ctx, &receiver.scoring()).await.unwrap(), 2);
    assert_eq!(receiver.calls().len(), 6);
    world.promises_hold().await;
}

async fn a03_a_refused_log_in_is_said_where_people_look(mut world: World) {
    let cookie = logged_in(&world).await;
    world.signed().await;
    let overview = format!("/rounds/{ROUND}");
    assert_eq!(page(&world, "/readyz", "").await.0, StatusCode::OK);
    world.sleep_until("2027-02-01T10:30:00Z");
    world.think().await;
    // The sink knows no log-in, so every one fails.
    let settings = SmtpSettings {
        port: world.mailbox.address().port(),
        username: "me".into(),
        password: "hunter2".into(),
        ..SmtpSettings::default()
    };
    let cookie = match page(&world, &overview, &cookie).await.0 {
        StatusCode::OK => cookie,
        _ => logged_in(&world).await,
    };
    let report = delivery::drain(&world.ctx, &mut delivery::lines(&settings)).await.unwrap();
    assert!(report.trouble.is_some());
    let (status, said) = page(&world, "/readyz", "").await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(said.contains("No mail leaves") && said.contains("at the login") && !said.contains("hunter2"), "{said}");
    let said = page(&world, &overview, &cookie).await.1;
    assert!(said.contains("No mail leaves") && !said.contains("The round runs by itself"), "{said}");
    let key = format!(
        "Bearer {}",
        world.ctx.order(&Actor::operator("test"), operators::AddKey { name: "tests".to_string() }).await.unwrap()
    );
    let figures = Request::builder().uri("/metrics").header("authorization", key).body(Body::empty()).unwrap();
    let figures = router(Web::new(world.ctx.clone(), 0)).oneshot(figures).await.unwrap();
    let figures = to_bytes(figures.into_body(), usize::MAX).await.unwrap();
    assert!(String::from_utf8_lossy(&figures).contains("soundings_sending_stands_still 1"));
    // It passes when a message is answered.
    world.ctx.clock.turn_to(world.now().plus(2 * 60_000));
    world.work().await;
    assert_eq!(page(&world, "/readyz", "").await.0, StatusCode::OK);
    assert!(!page(&world, &overview, &cookie).await.1.contains("No mail leaves"));
    world.promises_hold().await;
}

async fn a05_the_console_opens_while_nothing_can_be_written(world: World) {
    let cookie = logged_in(&world).await;
    let refuse = if world.ctx.db.is_sqlite() {
        "CREATE TRIGGER full BEFORE UPDATE ON session BEGIN SELECT RAISE(ABORT, 'no room'); END"
    } else {
        "ALTER TABLE session ADD CONSTRAINT full_disk CHECK (seen_at < 0) NOT VALID"
    };
    let sql = AssertSqlSafe(refuse).into_sql_str();
    if world.ctx.db.is_sqlite() {
        sqlx::SqliteConnection::connect(&world.url).await.unwrap().execute(sql).await.unwrap();
    } else {
        sqlx::PgConnection::connect(&world.url).await.unwrap().execute(sql).await.unwrap();
    }
    for _ in 0..3 {
        world.ctx.clock.turn_to(world.now().plus(5 * 60_000));
        assert_eq!(page(&world, "/", &cookie).await.0, StatusCode::OK);
    }
    // Told once, and shown until it works again.
    assert_eq!(world.ctx.failures.count(), 1);
    assert!(world.ctx.failures.now(world.now()).iter().any(|f| f.name.contains("session")));
}
