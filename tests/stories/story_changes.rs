//! What a commit has changed is told when it is through, to everybody on the database, and nothing else is.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use futures_util::StreamExt;
use futures_util::future::join;
use soundings::base::address::EmailAddress;
use soundings::base::ids::RoundId;
use soundings::base::problem::{Problem, Result};
use soundings::rules::change::{Change, Latest, Stage};
use soundings::rules::journal::Actor;
use soundings::steps::round::{self, RoundOrder};
use soundings::steps::sending::delivery;
use soundings::steps::{Ctx, signoff};
use soundings::store::contacts::facts;
use soundings::store::installation::operators::{self, Operator};
use soundings::store::installation::programs;
use soundings::store::round::rounds;
use soundings::store::{ChangeListener, News, Tx, last_change};
use soundings::web::{Web, router};
use tokio::sync::oneshot;
use tower::ServiceExt;

use crate::common::{ANN, DORA, OPERATOR, ROUND, World, crowd};

on_both!(
    a_change_is_told_after_its_commit_and_never_before,
    what_is_refused_or_rolled_back_is_told_to_nobody,
    many_changes_of_one_commit_are_told_once,
    a_listener_who_is_slow_is_told_to_look_at_everything,
    two_daemons_hear_each_other,
    what_an_open_page_is_told_is_the_same_at_each_daemon,
    an_open_page_hears_what_another_daemon_has_written,
    commits_of_two_daemons_at_once_are_all_heard_by_a_third,
    sending_many_marks_few,
    a_daemon_with_nothing_to_do_tells_nothing,
);

const SOON: Duration = Duration::from_secs(10);
const A_WHILE: Duration = Duration::from_millis(60);

async fn heard(changes: &mut ChangeListener) -> News {
    tokio::time::timeout(SOON, changes.heard()).await.unwrap()
}

async fn hears_nothing(changes: &mut ChangeListener) {
    let told = tokio::time::timeout(A_WHILE, changes.heard()).await;
    assert!(told.is_err(), "{told:?}");
}

fn change(round: Option<&str>, stage: Stage) -> Change {
    Change { round: round.map(Into::into), stage }
}

async fn id_of(ctx: &Ctx) -> RoundId {
    let round = rounds::by_slug(&mut ctx.db.read().await.unwrap(), ROUND).await.unwrap();
    round.unwrap().id
}

/// Something that is written in a moment, under the name of a round.
async fn operator(ctx: &Ctx, tx: &mut Tx, name: &str) -> Result<bool> {
    tx.in_round(&RoundId::from(name));
    let now = ctx.clock.now();
    let email = EmailAddress::parse(&format!("{name}@northwind.example")).unwrap();
    operators::add(tx, &Operator { id: ctx.ids.id(now), email, created_at: now }).await
}

async fn write(ctx: &Ctx, name: String) {
    let c = ctx.clone();
    ctx.db.write(move |tx| Box::pin(async move { operator(&c, tx, &name).await })).await.unwrap();
}

async fn a_change_is_told_after_its_commit_and_never_before(world: World) {
    let mut changes = world.ctx.changes();
    let (go, may_end) = oneshot::channel::<()>();
    let (written, was_written) = oneshot::channel::<()>();
    let c = world.ctx.clone();
    let writing = world.ctx.db.write(move |tx| {
        Box::pin(async move {
            operator(&c, tx, "a").await?;
            written.send(()).unwrap();
            may_end.await.unwrap();
            Ok(())
        })
    });
    let looking = async {
        was_written.await.unwrap();
        hears_nothing(&mut changes).await;
        go.send(()).unwrap();
    };
    join(writing, looking).await.0.unwrap();
    assert_eq!(heard(&mut changes).await, News::Changed([change(Some("a"), Stage::Installation)].into()));
    hears_nothing(&mut changes).await;
}

async fn what_is_refused_or_rolled_back_is_told_to_nobody(world: World) {
    world.load(crowd(3)).await;
    world.order(RoundOrder::Start).await;
    let mut changes = world.ctx.changes();
    world
        .ctx
        .order(&Actor::operator(OPERATOR), round::TellRound { slug: ROUND.into(), order: RoundOrder::Start })
        .await
        .unwrap_err();
    let refused = async |name: &'static str| {
        let c = world.ctx.clone();
        let done = world.ctx.db.write(move |tx| {
            Box::pin(async move {
                operator(&c, tx, name).await?;
                Err::<(), _>(Problem::refused("No.", "Nothing."))
            })
        });
        done.await.unwrap_err();
    };
    refused("a").await;
    hears_nothing(&mut changes).await;
    // In one commit with others, too: the writer is kept busy, so that all of these wait for the same turn.
    let (go, may_end) = oneshot::channel::<()>();
    let busy = world.ctx.db.write(move |_| {
        Box::pin(async move {
            may_end.await.unwrap();
            Ok(())
        })
    });
    let together = async {
        let three = join(join(refused("b"), write(&world.ctx, "c".into())), refused("d"));
        let soon = async {
            tokio::time::sleep(A_WHILE).await;
            go.send(()).unwrap();
        };
        join(three, soon).await;
    };
    join(busy, together).await.0.unwrap();
    assert_eq!(heard(&mut changes).await, News::Changed([change(Some("c"), Stage::Installation)].into()));
    hears_nothing(&mut changes).await;
    // Twin: what is not refused is told.
    world
        .ctx
        .order(&Actor::operator(OPERATOR), round::TellRound { slug: ROUND.into(), order: RoundOrder::Pause })
        .await
        .unwrap();
    let id = id_of(&world.ctx).await;
    assert!(heard(&mut changes).await.concerns(|c| *c == change(Some(id.as_str()), Stage::Round)));
}

async fn many_changes_of_one_commit_are_told_once(mut world: World) {
    world.signed().await;
    let (id, person) = (id_of(&world.ctx).await, world.person(ANN).await.id);
    let (mut changes, now) = (world.ctx.changes(), world.now());
    let c = world.ctx.clone();
    let work = world.ctx.db.write(move |tx| {
        Box::pin(async move {
            tx.in_round(&id);
            for _ in 0..3 {
                facts::decide_again(tx, &person, now).await?;
            }
            programs::touch_key(tx, "nobody", now).await?;
            tx.in_any_round();
            facts::decide_again(tx, &person, now).await?;
            operator(&c, tx, "other").await
        })
    });
    work.await.unwrap();
    let id = id_of(&world.ctx).await;
    let expected = BTreeSet::from([
        change(None, Stage::Contacts),
        change(Some(id.as_str()), Stage::Contacts),
        change(Some("other"), Stage::Installation),
    ]);
    assert_eq!(heard(&mut changes).await, News::Changed(expected));
    hears_nothing(&mut changes).await;
}

async fn a_listener_who_is_slow_is_told_to_look_at_everything(world: World) {
    let (mut slow, mut slower) = (world.ctx.changes(), world.ctx.changes());
    for n in 0..3 {
        write(&world.ctx, format!("few-{n}")).await;
    }
    // Twin: who is a little behind hears of each.
    let few = (0..3).map(|n| change(Some(&format!("few-{n}")), Stage::Installation));
    assert_eq!(heard(&mut slow).await, News::Changed(few.collect()));
    for n in 0..300 {
        write(&world.ctx, format!("many-{n}")).await;
    }
    assert_eq!(heard(&mut slow).await, News::Everything);
    hears_nothing(&mut slow).await;
    // Who looks at everything anyhow forgets what was before, and hears of what comes.
    slower.forget();
    hears_nothing(&mut slower).await;
    write(&world.ctx, "last".into()).await;
    assert_eq!(heard(&mut slower).await, News::Changed([change(Some("last"), Stage::Installation)].into()));
}

async fn two_daemons_hear_each_other(mut world: World) {
    world.load(crowd(3)).await;
    let id = id_of(&world.ctx).await;
    let (other, _) = world.second_daemon().await;
    world.ctx.db.hear_others().await.unwrap();
    let (mut ours, mut theirs) = (world.ctx.changes(), other.changes());
    assert_eq!(other.db.hear_others().await.unwrap(), 0, "what was before is no news");
    world.order(RoundOrder::Start).await;
    assert!(heard(&mut ours).await.concerns(|c| *c == change(Some(id.as_str()), Stage::Round)));
    hears_nothing(&mut theirs).await;
    assert!(other.db.hear_others().await.unwrap() > 0);
    assert!(heard(&mut theirs).await.concerns(|c| *c == change(Some(id.as_str()), Stage::Round)));
    // Each is told once: neither again here, nor again there.
    assert_eq!(world.ctx.db.hear_others().await.unwrap(), 0);
    assert_eq!(other.db.hear_others().await.unwrap(), 0);
    hears_nothing(&mut ours).await;
    // The other way, at once with a change of the same stage by us.
    other
        .order(&Actor::operator(OPERATOR), round::TellRound { slug: ROUND.into(), order: RoundOrder::Pause })
        .await
        .unwrap();
    world.order(RoundOrder::Resume).await;
    assert!(heard(&mut ours).await.concerns(|c| *c == change(Some(id.as_str()), Stage::Round)));
    assert_eq!(signoff::ask(&other).await.unwrap(), 1);
    world.ctx.db.hear_others().await.unwrap();
    assert!(heard(&mut ours).await.concerns(|c| *c == change(Some(id.as_str()), Stage::SignOff)));
    world.work().await;
    assert_eq!(world.kinds_to(DORA), ["sign_off"]);
}

async fn what_an_open_page_is_told_is_the_same_at_each_daemon(world: World) {
    world.load(crowd(3)).await;
    let (id, other) = (id_of(&world.ctx).await, world.elsewhere(&world.url).await);
    let last = async |ctx: &Ctx| last_change(&mut ctx.db.read().await.unwrap()).await.unwrap();
    let mut latest = Latest::default();
    let hear = async |latest: &mut Latest| {
        let rows = other.db.changed_after(latest.seq()).await.unwrap();
        rows.iter().for_each(|row| latest.hear(row.change().as_ref(), row.seq));
        rows.len()
    };
    assert!(hear(&mut latest).await > 0);
    let loaded = last(&world.ctx).await;
    assert!(loaded > 0 && latest.of(&id) == loaded);
    // What the one writes is known to the other, by a look that gives what is new only.
    world.order(RoundOrder::Start).await;
    assert!(hear(&mut latest).await > 0);
    let started = last(&world.ctx).await;
    assert!(started > loaded && latest.of(&id) == started && last(&other).await == started);
    assert_eq!(hear(&mut latest).await, 0);
    // Who logs in or out changes no page of a round, and is heard all the same.
    write(&world.ctx, "a".into()).await;
    assert_eq!(hear(&mut latest).await, 1);
    assert!(latest.of(&id) == started && latest.of_sessions() > started);
    assert_eq!(last(&other).await, latest.of_sessions());
}

async fn an_open_page_hears_what_another_daemon_has_written(world: World) {
    world.load(crowd(3)).await;
    let other = world.elsewhere(&world.url).await;
    let request = Request::builder().uri(format!("/rounds/{ROUND}/events")).header("host", other.own_domain());
    let pages = router(Web::open_to_all(other.clone(), OPERATOR));
    let answer = pages.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let mut told = answer.into_body().into_data_stream();
    let before = tokio::time::timeout(SOON, told.next()).await.unwrap().unwrap().unwrap();
    world.order(RoundOrder::Start).await;
    // As its duty does every two seconds.
    assert!(other.db.hear_others().await.unwrap() > 0);
    let after = tokio::time::timeout(SOON, told.next()).await.unwrap().unwrap().unwrap();
    assert!(before.starts_with(b"event: changed\n") && after.starts_with(b"event: changed\n"), "{after:?}");
    assert_ne!(before, after);
}

async fn commits_of_two_daemons_at_once_are_all_heard_by_a_third(world: World) {
    const EACH: usize = 80;
    let (second, third) = (world.elsewhere(&world.url).await, world.elsewhere(&world.url).await);
    let mut changes = third.changes();
    let writing = |ctx: Ctx, who: &'static str| {
        tokio::spawn(async move {
            for n in 0..EACH {
                write(&ctx, format!("{who}-{n}")).await;
            }
        })
    };
    let both = tokio::spawn(join(writing(world.ctx.clone(), "first"), writing(second, "second")));
    let mut rounds = BTreeSet::new();
    loop {
        let ended = both.is_finished();
        if third.db.hear_others().await.unwrap() > 0 {
            let News::Changed(heard) = heard(&mut changes).await else { unreachable!("nobody was slow") };
            rounds.extend(heard.into_iter().filter_map(|c| c.round));
        }
        if ended {
            break;
        }
    }
    assert_eq!(rounds.len(), 2 * EACH);
}

/// Rows and statements for changes follow the commits, not the messages.
async fn sending_many_marks_few(mut world: World) {
    world.with_connections(4);
    world.load(crowd(120)).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.receipts_leave().await;
    world.think().await;
    world.sleep_until("2027-02-01T09:30:00Z");
    world.think().await;
    let (id, listening) = (id_of(&world.ctx).await, world.elsewhere(&world.url).await);
    let mut changes = world.ctx.changes();
    assert_eq!(delivery::drain(&world.ctx, &mut world.lines).await.unwrap().settled, 120);
    assert!(heard(&mut changes).await.concerns(|c| *c == change(Some(id.as_str()), Stage::Sending)));
    let rows = listening.db.hear_others().await.unwrap();
    assert!((1..=4).contains(&rows), "{rows} rows for 120 messages");
}

async fn a_daemon_with_nothing_to_do_tells_nothing(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-10T12:00:00Z").await;
    let mut changes = world.ctx.changes();
    world.think().await;
    delivery::drain(&world.ctx, &mut world.lines).await.unwrap();
    world.ctx.db.hear_others().await.unwrap();
    hears_nothing(&mut changes).await;
}
