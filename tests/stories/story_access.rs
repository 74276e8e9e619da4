//! Coming in and being shown out, on both databases: by a mail, by the terminal, and not any more.

use std::time::{Duration, Instant};

use soundings::base::address::EmailAddress;
use soundings::base::clock::{HOUR, MINUTE};
use soundings::rules::journal::Actor;
use soundings::rules::message::{Lane, MessageState};
use soundings::steps::installation::operators;
use soundings::store::sending::outbox;
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};

use crate::common::{World, northwind};

on_both!(
    a_link_comes_by_mail_after_the_page_has_answered_and_logs_in_once,
    the_terminal_lets_in_whoever_has_had_too_many_mails,
    a_key_that_was_taken_back_opens_nothing,
    a_writer_that_is_busy_keeps_no_page_from_opening,
    links_of_before_open_what_they_opened,
    one_request_that_cannot_be_answered_ends_alone,
    a_request_that_is_dropped_is_said,
);

const PETER: &str = "peter@northwind.example";

async fn operator(world: &World) -> EmailAddress {
    let email = EmailAddress::parse(PETER).unwrap();
    world.ctx.order(&Actor::operator("test"), operators::AddOperator { email: email.clone() }).await.unwrap();
    email
}

async fn asks(world: &World, email: &EmailAddress) {
    world.ctx.order(&Actor::Visitor, operators::AskForLink { email: email.clone() }).await.unwrap();
}

async fn a_link_comes_by_mail_after_the_page_has_answered_and_logs_in_once(mut world: World) {
    let email = operator(&world).await;
    asks(&world, &email).await;
    asks(&world, &EmailAddress::parse("nobody@northwind.example").unwrap()).await;
    world.work().await;
    assert_eq!(world.mailbox.count(), 0, "the page has answered and nobody has looked yet");
    // A daemon that was stopped in between finds what was asked.
    let ctx = world.ctx.restarted();
    assert_eq!(operators::answer_requests(&ctx).await.unwrap(), 2);
    world.work().await;
    assert_eq!((world.mailbox.count(), world.kinds_to(PETER)), (1, vec!["login".to_string()]));
    let link = world.mails_to(PETER)[0].link("/login/").unwrap().to_string();
    let secret = link.rsplit('/').next().unwrap();
    let cookie = world
        .ctx
        .order(&Actor::Visitor, operators::LogIn { secret: secret.to_string(), came_from: "a browser".to_string() })
        .await
        .unwrap();
    assert!(
        world
            .ctx
            .order(&Actor::Visitor, operators::LogIn { secret: secret.to_string(), came_from: "a browser".to_string() })
            .await
            .is_err()
    );
    let session = operators::session(&world.ctx, &cookie, true).await.unwrap().unwrap();
    assert_eq!((session.email.as_str(), session.came_from.as_str()), (PETER, "a browser"));
    // A mail that has not left is withdrawn with the one it is for.
    asks(&world, &email).await;
    operators::answer_requests(&world.ctx).await.unwrap();
    world
        .ctx
        .order(&Actor::operator("test"), operators::RemoveOperator { email: email.clone(), even_last: true })
        .await
        .unwrap();
    world.work().await;
    assert_eq!(world.mailbox.count(), 1);
    assert!(operators::session(&world.ctx, &cookie, true).await.unwrap().is_none());
    let mut tx = world.ctx.db.read().await.unwrap();
    let gone = outbox::page(&mut tx, &Lane::System, Some(MessageState::Withdrawn), 10, 0).await.unwrap();
    assert_eq!(gone.len(), 1);
}

async fn the_terminal_lets_in_whoever_has_had_too_many_mails(mut world: World) {
    let email = operator(&world).await;
    for _ in 0..12 {
        asks(&world, &email).await;
        assert!(
            world
                .ctx
                .order(&Actor::CommandLine, operators::IssueLink { email: email.clone() })
                .await
                .unwrap()
                .is_some()
        );
    }
    operators::answer_requests(&world.ctx).await.unwrap();
    world.work().await;
    assert_eq!(world.mailbox.count(), 5, "links of the terminal count against nothing");
    let link =
        world.ctx.order(&Actor::CommandLine, operators::IssueLink { email: email.clone() }).await.unwrap().unwrap();
    world
        .ctx
        .order(
            &Actor::Visitor,
            operators::LogIn { secret: link.rsplit('/').next().unwrap().to_string(), came_from: String::new() },
        )
        .await
        .unwrap();
    let all = operators::all(&world.ctx).await.unwrap();
    assert_eq!((all.len(), all[0].sessions, all[0].logged_in_at), (1, 1, Some(world.now())));
    world.ctx.clock.turn_to(world.now().plus(9 * HOUR));
    assert_eq!(operators::all(&world.ctx).await.unwrap()[0].sessions, 0, "an idle session is over");
}

async fn a_key_that_was_taken_back_opens_nothing(world: World) {
    let secret =
        world.ctx.order(&Actor::operator("test"), operators::AddKey { name: "billing".to_string() }).await.unwrap();
    assert_eq!(operators::key_name(&world.ctx, &secret).await.unwrap().as_deref(), Some("billing"));
    assert_eq!(operators::keys(&world.ctx).await.unwrap()[0].used_at, Some(world.now()));
    world.ctx.order(&Actor::operator("test"), operators::RemoveKey { name: "billing".to_string() }).await.unwrap();
    assert_eq!(operators::key_name(&world.ctx, &secret).await.unwrap(), None);
    assert!(
        world.ctx.order(&Actor::operator("test"), operators::RemoveKey { name: "billing".to_string() }).await.is_err()
    );
    world.ctx.order(&Actor::operator("test"), operators::AddKey { name: "billing".to_string() }).await.unwrap();
    assert_eq!(
        operators::key_name(&world.ctx, &secret).await.unwrap(),
        None,
        "a new key of the old name is another key"
    );
}

async fn a_writer_that_is_busy_keeps_no_page_from_opening(world: World) {
    let email = operator(&world).await;
    let link =
        world.ctx.order(&Actor::CommandLine, operators::IssueLink { email: email.clone() }).await.unwrap().unwrap();
    let cookie = world
        .ctx
        .order(
            &Actor::Visitor,
            operators::LogIn { secret: link.rsplit('/').next().unwrap().to_string(), came_from: String::new() },
        )
        .await
        .unwrap();
    let key =
        world.ctx.order(&Actor::operator("test"), operators::AddKey { name: "billing".to_string() }).await.unwrap();
    world.ctx.clock.turn_to(world.now().plus(HOUR));
    let ctx = world.ctx.clone();
    let (begun, has_begun) = tokio::sync::oneshot::channel();
    let busy = tokio::spawn(async move {
        let long = Duration::from_secs(6);
        ctx.db
            .write(move |_| {
                Box::pin(async move {
                    let _ = begun.send(());
                    tokio::time::sleep(long).await;
                    Ok(())
                })
            })
            .await
    });
    has_begun.await.unwrap();
    let asked = Instant::now();
    assert!(operators::session(&world.ctx, &cookie, true).await.unwrap().is_some());
    assert!(operators::key_name(&world.ctx, &key).await.unwrap().is_some());
    assert!(asked.elapsed() < Duration::from_secs(3), "{:?}", asked.elapsed());
    busy.await.unwrap().unwrap();
    // And it was noted all the same, when the writer's turn came.
    world.ctx.db.write(|_| Box::pin(async { Ok(()) })).await.unwrap();
    let session = operators::session(&world.ctx, &cookie, false).await.unwrap().unwrap();
    assert_eq!(session.seen_at, world.now());
    assert_eq!(operators::keys(&world.ctx).await.unwrap()[0].used_at, Some(world.now()));
}

async fn links_of_before_open_what_they_opened(mut world: World) {
    world.load(northwind()).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    world.work().await;
    let mail = world.mails_to(crate::common::DORA).remove(0);
    let secret = mail.link("/sign-off/").unwrap().rsplit('/').next().unwrap().to_string();
    assert!(secret.len() == 40 && secret.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()), "{secret}");
    let before = soundings::base::tokens::read(&secret).unwrap().text_before();
    for text in [secret.clone(), before.clone(), format!("{before}."), format!("{secret}\u{a0}")] {
        assert!(soundings::steps::signoff::sheet(&world.ctx, &text).await.unwrap().is_some(), "{text}");
    }
    for cut in [&secret[..39], &before[..31], "", "-"] {
        assert!(soundings::steps::signoff::sheet(&world.ctx, cut).await.unwrap().is_none(), "{cut}");
    }
}

/// What is said of requests that were dropped.
fn dropped(world: &World) -> Option<String> {
    let all = world.ctx.failures.now(world.now());
    all.into_iter().find(|failing| failing.name.contains("asks for a log-in link")).map(|failing| failing.what)
}

async fn one_request_that_cannot_be_answered_ends_alone(mut world: World) {
    let names: Vec<EmailAddress> =
        (0..5).map(|n| EmailAddress::parse(&format!("operator{n}@northwind.example")).unwrap()).collect();
    for name in &names {
        world.ctx.order(&Actor::operator("test"), operators::AddOperator { email: name.clone() }).await.unwrap();
    }
    let broken = operators::all(&world.ctx).await.unwrap().into_iter().find(|o| o.email == names[2]).unwrap().id;
    let refuse = match world.ctx.db.is_sqlite() {
        true => format!(
            "CREATE TRIGGER refused BEFORE INSERT ON login WHEN NEW.operator_id = '{broken}' BEGIN SELECT RAISE(ABORT, 'no'); END"
        ),
        false => format!("ALTER TABLE login ADD CONSTRAINT refused CHECK (operator_id <> '{broken}') NOT VALID"),
    };
    let sql = AssertSqlSafe(refuse).into_sql_str();
    match world.ctx.db.is_sqlite() {
        true => _ = sqlx::SqliteConnection::connect(&world.url).await.unwrap().execute(sql).await.unwrap(),
        false => _ = sqlx::PgConnection::connect(&world.url).await.unwrap().execute(sql).await.unwrap(),
    }
    for name in &names {
        asks(&world, name).await;
        asks(&world, &EmailAddress::parse(&format!("no-{}", name.as_str())).unwrap()).await;
    }
    assert_eq!(operators::answer_requests(&world.ctx).await.unwrap(), 10);
    world.work().await;
    for (n, name) in names.iter().enumerate() {
        assert_eq!(world.mails_to(name.as_str()).len(), usize::from(n != 2), "{name}");
    }
    let said = dropped(&world).unwrap();
    assert!(said.contains("1 could not be answered") && !said.contains("operator2"), "{said}");
    // It stands in nobody's way afterwards.
    asks(&world, &names[0]).await;
    assert_eq!(operators::answer_requests(&world.ctx).await.unwrap(), 1);
    world.work().await;
    assert_eq!(world.mails_to(names[0].as_str()).len(), 2);
    assert!(dropped(&world).is_some(), "whoever looks a little later still reads it");
    world.ctx.clock.turn_to(world.now().plus(16 * MINUTE));
    operators::answer_requests(&world.ctx).await.unwrap();
    assert_eq!(dropped(&world), None, "for as long as a link lasts nobody has waited in vain");
}

async fn a_request_that_is_dropped_is_said(mut world: World) {
    let email = operator(&world).await;
    // Twin: of what is answered, and of strangers, nothing is said.
    asks(&world, &email).await;
    asks(&world, &EmailAddress::parse("nobody@northwind.example").unwrap()).await;
    operators::answer_requests(&world.ctx).await.unwrap();
    assert_eq!(dropped(&world), None);
    // More than are looked at together, while nobody looks for longer than a link lasts.
    for n in 0..250 {
        asks(&world, &EmailAddress::parse(&format!("n{n}@elsewhere.example")).unwrap()).await;
    }
    world.ctx.clock.turn_to(world.now().plus(16 * MINUTE));
    assert_eq!(operators::answer_requests(&world.ctx).await.unwrap(), 200);
    assert!(dropped(&world).unwrap().contains("200 had waited longer than a link lasts"));
    assert_eq!(operators::answer_requests(&world.ctx).await.unwrap(), 50);
    assert!(dropped(&world).is_some());
    operators::answer_requests(&world.ctx).await.unwrap();
    assert!(dropped(&world).is_some(), "whoever looks a little later still reads it");
    world.ctx.clock.turn_to(world.now().plus(16 * MINUTE));
    operators::answer_requests(&world.ctx).await.unwrap();
    assert_eq!(dropped(&world), None);
    for _ in 0..7 {
        asks(&world, &email).await;
    }
    operators::answer_requests(&world.ctx).await.unwrap();
    assert!(dropped(&world).unwrap().contains("2 were for an operator who has just been sent several"));
    world.work().await;
    assert_eq!(world.mails_to(PETER).len(), 1 + 5);
}
