//! Hand-over to the scoring module until it has confirmed, and the journal that tells everything that was done.

use std::fs;

use soundings::config;
use soundings::handover::Scoring;
use soundings::rules::handover::HandoffState;
use soundings::rules::journal::Actor;
use soundings::steps::handover::{ReplaySubmission, confirmed, deliver};
use soundings::store::round::rounds;
use soundings::store::{handover, journal};
use sqlx::{AssertSqlSafe, Connection, Executor, SqlSafeStr};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::common::receiver::Receiver;
use crate::common::{ANN, BEN, CYD, DORA, OPERATOR, ROUND, World};

on_both!(
    answers_go_into_the_file_once_each,
    f18_a_receiver_that_fails_gets_the_same_bytes_until_it_confirms,
    f18_a_receiver_that_is_gone_stops_and_a_replay_starts_again,
    answers_that_arrive_after_they_were_set_aside_are_told_of,
    everything_is_told_and_the_journal_only_grows,
);

/// Ann and Ben have answered.
async fn two_answers(world: &mut World) {
    world.signed().await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    for contact in [ANN, BEN] {
        world.answers(&world.mail_to(contact, "invitation")).await.unwrap();
    }
}

async fn handoffs(world: &World) -> Vec<handover::Handoff> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    handover::page(&mut tx, &round.id, 100, 0).await.unwrap()
}

async fn answers_go_into_the_file_once_each(mut world: World) {
    two_answers(&mut world).await;
    let file = world.folder.path().join("scoring.jsonl");
    let scoring =
        Scoring::new(&config::ScoringSettings { file: file.clone(), ..config::ScoringSettings::default() }).unwrap();
    assert_eq!(deliver(&world.ctx, &scoring).await.unwrap(), 2);
    assert_eq!(deliver(&world.ctx, &scoring).await.unwrap(), 0);
    let lines: Vec<serde_json::Value> =
        fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let sequences: Vec<i64> = lines.iter().filter_map(|line| line["data"]["sequence"].as_i64()).collect();
    assert_eq!(sequences, [1, 2]);
    assert_eq!(lines[0]["type"], "response.completed");
    assert_eq!(lines[0]["data"]["contact"]["email"], ANN);
    assert_eq!(lines[0]["data"]["response"]["answers"]["trust"], 6);
    world.promises_hold().await;
}

async fn f18_a_receiver_that_fails_gets_the_same_bytes_until_it_confirms(mut world: World) {
    two_answers(&mut world).await;
    let receiver = Receiver::start(&[500, 429, 503]).await;
    let scoring = receiver.scoring();
    assert_eq!(deliver(&world.ctx, &scoring).await.unwrap(), 0);
    assert_eq!(deliver(&world.ctx, &scoring).await.unwrap(), 0, "not before its time");
    for _ in 0..3 {
        let next = handoffs(&world).await.iter().filter(|h| h.state == HandoffState::Pending).map(|h| h.next_at).max();
        world.ctx.clock.turn_to(next.unwrap_or(world.now()));
        deliver(&world.ctx, &scoring).await.unwrap();
    }
    let all = handoffs(&world).await;
    assert!(all.iter().all(|h| h.state == HandoffState::Confirmed), "{all:?}");
    let calls = receiver.calls();
    assert_eq!(calls.len(), 5, "three refusals and two confirmations");
    assert!(calls.iter().all(|call| call.is_signed()));
    for h in &all {
        let its: Vec<_> = calls.iter().filter(|call| call.id == h.id.as_str()).collect();
        assert!(its.len() >= 2 && its.iter().all(|call| call.body == h.body), "byte for byte the same");
    }
    // The receiver's twin: a body that was touched is not signed.
    let mut forged = calls[0].clone();
    forged.body.push(' ');
    assert!(!forged.is_signed());
    assert_eq!(confirmed(&world.ctx, ROUND).await.unwrap().len(), 2);
    world.promises_hold().await;
}

async fn f18_a_receiver_that_is_gone_stops_and_a_replay_starts_again(mut world: World) {
    two_answers(&mut world).await;
    let receiver = Receiver::start(&[410, 410]).await;
    let scoring = receiver.scoring();
    assert_eq!(deliver(&world.ctx, &scoring).await.unwrap(), 0);
    world.pass_to("2027-02-20T12:00:00Z").await;
    assert_eq!(deliver(&world.ctx, &scoring).await.unwrap(), 0);
    assert_eq!(receiver.calls().len(), 2, "nobody is asked again who said that he is gone");
    let all = handoffs(&world).await;
    assert!(all.iter().all(|h| h.state == HandoffState::Stopped));
    for h in &all {
        world.ctx.order(&Actor::operator(OPERATOR), ReplaySubmission { id: h.id.clone() }).await.unwrap();
    }
    assert_eq!(deliver(&world.ctx, &scoring).await.unwrap(), 2);
    // A confirmed one that the other side has lost goes again, under the same key.
    world.ctx.order(&Actor::operator(OPERATOR), ReplaySubmission { id: all[0].id.clone() }).await.unwrap();
    assert_eq!(deliver(&world.ctx, &scoring).await.unwrap(), 1);
    let calls = receiver.calls();
    assert_eq!(calls[4].id, calls[0].id);
    assert_eq!(calls[4].body, calls[0].body);
    assert!(world.ctx.order(&Actor::operator(OPERATOR), ReplaySubmission { id: "msg_unknown".into() }).await.is_err());
    world.promises_hold().await;
}

async fn answers_that_arrive_after_they_were_set_aside_are_told_of(mut world: World) {
    two_answers(&mut world).await;
    let ann = world.person(ANN).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let scoring = Receiver::scoring_at(listener.local_addr().unwrap());
    let mut first = true;
    let world = &world;
    let receives = async {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut said = Vec::new();
            while !said.ends_with(b"}") {
                assert!(stream.read_buf(&mut said).await.unwrap() > 0, "the body ends with a brace");
            }
            if std::mem::take(&mut first) {
                world.corrects(DORA, ANN, |c| c.email = "ann.lee@right.globex.example".into()).await;
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await.unwrap();
        }
    };
    tokio::select! {
        () = receives => {}
        done = deliver(&world.ctx, &scoring) => assert_eq!(done.unwrap(), 2),
    }
    assert!(handoffs(world).await.iter().all(|h| h.state == HandoffState::Confirmed));
    let mut tx = world.ctx.db.read().await.unwrap();
    let told = journal::of_subject(&mut tx, &ann.id).await.unwrap();
    let late: Vec<_> = told.iter().filter(|e| e.action == "handed over answers that were set aside").collect();
    assert!(late.len() == 1 && late[0].detail.contains("tell it that they are not"), "{told:?}");
    drop(tx);
    world.promises_hold().await;
}

async fn everything_is_told_and_the_journal_only_grows(mut world: World) {
    two_answers(&mut world).await;
    world.opts_out(&world.mail_to(CYD, "invitation")).await;
    let told = {
        let mut tx = world.ctx.db.read().await.unwrap();
        let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
        journal::of_round(&mut tx, &round.id, 1_000).await.unwrap()
    };
    let actions: Vec<&str> = told.iter().map(|entry| entry.action.as_str()).collect();
    for action in [
        "loaded the round's folder",
        "started the round",
        "signed off the names",
        "counter-signed the names",
        "sent the answers",
        "opted out",
    ] {
        assert!(actions.contains(&action), "{action} is not in {actions:?}");
    }
    for statement in ["UPDATE journal SET actor = 'nobody'", "DELETE FROM journal"] {
        let refusal = by_hand(&world.url, statement).await.unwrap_err();
        assert!(refusal.contains("append-only"), "{refusal}");
    }
    assert!(by_hand(&world.url, "DELETE FROM api_key").await.is_ok(), "other tables may be changed");
    if !world.ctx.db.is_sqlite() {
        assert!(by_hand(&world.url, "TRUNCATE journal").await.unwrap_err().contains("append-only"));
    }
    world.promises_hold().await;
}

/// What somebody with the database's password might do.
async fn by_hand(url: &str, statement: &'static str) -> Result<(), String> {
    let sql = AssertSqlSafe(statement).into_sql_str();
    let done = if url.starts_with("sqlite") {
        sqlx::SqliteConnection::connect(url).await.unwrap().execute(sql).await.map(drop)
    } else {
        sqlx::PgConnection::connect(url).await.unwrap().execute(sql).await.map(drop)
    };
    done.map_err(|e| e.to_string())
}
