//! Lists during whose load somebody changes the round: tried again or refused, they ask what they would have asked, and leave nothing behind.

use std::pin::Pin;
use std::time::Duration;

use soundings::base::address::EmailAddress;
use soundings::base::problem::Result;
use soundings::rules::contacts::ListedContact;
use soundings::rules::contacts::check::CheckedList;
use soundings::rules::journal::{Action, Actor};
use soundings::steps::contacts::accounts::account_questions;
use soundings::steps::contacts::{Allowed, Changes, difference, load_list, load_list_as_shown};
use soundings::store::Tx;
use soundings::store::contacts::{account_questions as asked, accounts, loading};
use soundings::store::round::rounds;

use crate::common::{DORA, OPERATOR, ROUND, UMA, World, crowd, northwind};

on_both!(
    a_new_account_is_asked_about_also_when_its_list_is_tried_again,
    a_new_account_is_asked_about_also_when_its_pieces_are_tried_again,
    a_refused_list_leaves_no_account_behind,
    what_is_said_about_accounts_in_another_round_counts_while_a_list_goes_in,
);

const IDA: &str = "ida.falk@globex.example";

/// The usual list, somebody at Globex under another legal form, and a crowd.
fn list(people: usize) -> CheckedList {
    let mut list = northwind().list;
    let ida = ListedContact {
        line: 7,
        account: "Globex GmbH".into(),
        first_name: "Ida".into(),
        last_name: "Falk".into(),
        email: EmailAddress::parse(IDA).unwrap(),
        ..list.accepted[1].clone()
    };
    list.accepted.push(ida);
    if people > 0 {
        list.accepted.extend(crowd(people).list.accepted);
    }
    list
}

fn pairs(c: &Changes) -> Vec<(&str, &str)> {
    c.same_account.iter().map(|s| (s.account.as_str(), s.known.as_str())).collect()
}

async fn account_names(world: &World) -> Vec<String> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    accounts::of_round(&mut tx, &round.id).await.unwrap().into_iter().map(|a| a.name).collect()
}

type Work<'t> = Pin<Box<dyn Future<Output = Result<()>> + Send + 't>>;

/// Loads a list. Somebody else has the writer while it is prepared, and does this before the list has its turn.
async fn load_while<F>(world: &World, rows: Vec<ListedContact>, does: F) -> Changes
where
    F: for<'t> FnOnce(&'t mut Tx) -> Work<'t> + Send + 'static,
{
    let (go, waits) = tokio::sync::oneshot::channel::<()>();
    let (has_it, seen) = tokio::sync::oneshot::channel::<()>();
    let ctx = world.ctx.clone();
    let other = tokio::spawn(async move {
        ctx.db
            .write(move |tx| {
                Box::pin(async move {
                    has_it.send(()).unwrap();
                    waits.await.unwrap();
                    does(tx).await
                })
            })
            .await
    });
    seen.await.unwrap();
    let ctx = world.ctx.clone();
    let task =
        tokio::spawn(async move { load_list(&ctx, ROUND, rows, Allowed::default(), &Actor::operator(OPERATOR)).await });
    tokio::time::sleep(Duration::from_millis(700)).await;
    go.send(()).unwrap();
    other.await.unwrap().unwrap();
    task.await.unwrap().unwrap()
}

async fn a_new_account_is_asked_about_also_when_its_list_is_tried_again(mut world: World) {
    world.signed().await;
    let ctx = world.ctx.clone();
    let uma = world.person(UMA).await;
    let c = load_while(&world, list(0).accepted, move |tx| {
        Box::pin(async move {
            let by = Actor::operator(OPERATOR);
            ctx.journal(tx, &by, Action::Corrected, Some(&uma.round_id), &uma.id, "knows better").await
        })
    })
    .await;
    assert_eq!((c.added, pairs(&c)), (1, vec![("Globex GmbH", "Globex")]));
    assert_eq!(account_questions::of_round(&world.ctx, ROUND).await.unwrap().len(), 1);
    assert!(
        load_list(&world.ctx, ROUND, list(0).accepted, Allowed::default(), &Actor::operator(OPERATOR))
            .await
            .unwrap()
            .same_account
            .is_empty()
    );
    world.promises_hold().await;
}

async fn put_down(world: &World) -> usize {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    loading::left(&mut tx, &round.id).await.unwrap().len()
}

/// Until the first piece of a list stands in the database.
async fn first_piece(world: &World) {
    for _ in 0..2_000 {
        if put_down(world).await > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(put_down(world).await > 0, "no piece came");
}

async fn a_new_account_is_asked_about_also_when_its_pieces_are_tried_again(mut world: World) {
    world.started().await;
    let ctx = world.ctx.clone();
    let rows = list(6_000).accepted;
    let task =
        tokio::spawn(async move { load_list(&ctx, ROUND, rows, Allowed::default(), &Actor::operator(OPERATOR)).await });
    first_piece(&world).await;
    world.corrects(DORA, UMA, |c| c.job_title = "Director of Operations".into()).await;
    let c = task.await.unwrap().unwrap();
    assert_eq!((c.added, pairs(&c)), (6_001, vec![("Globex GmbH", "Globex")]));
    assert_eq!(account_questions::of_round(&world.ctx, ROUND).await.unwrap().len(), 1);
    world.promises_hold().await;
}

async fn a_refused_list_leaves_no_account_behind(mut world: World) {
    world.started().await;
    let before = account_names(&world).await;
    let list = list(6_000);
    let version = difference(&world.ctx, ROUND, &list, Allowed::default()).await.unwrap().version;
    let (ctx, copy) = (world.ctx.clone(), list.clone());
    let task = tokio::spawn(async move {
        load_list_as_shown(&ctx, ROUND, &copy, Allowed::default(), &version, &Actor::operator(OPERATOR)).await
    });
    first_piece(&world).await;
    world.corrects(DORA, UMA, |c| c.job_title = "Director of Operations".into()).await;
    assert!(task.await.unwrap().is_err());
    assert_eq!(account_names(&world).await, before);
    let again = difference(&world.ctx, ROUND, &list, Allowed::default()).await.unwrap();
    assert_eq!(again.same_account.len(), 1, "and the next time it asks");
    let by = Actor::operator(OPERATOR);
    let c = load_list_as_shown(&world.ctx, ROUND, &list, Allowed::default(), &again.version, &by).await.unwrap();
    assert_eq!((c.added, c.same_account.len()), (6_001, 1));
    world.promises_hold().await;
}

async fn what_is_said_about_accounts_in_another_round_counts_while_a_list_goes_in(mut world: World) {
    world.signed().await;
    let mut next = northwind();
    next.spec.round = "northwind-2028".into();
    next.list = list(0);
    soundings::steps::round::load(&world.ctx, next, &Actor::operator(OPERATOR)).await.unwrap();
    let open = account_questions::of_round(&world.ctx, "northwind-2028").await.unwrap();
    assert_eq!(open.len(), 1);
    let (question, now) = (open[0].id.clone(), world.ctx.clock.now());
    let c = load_while(&world, list(0).accepted, move |tx| {
        Box::pin(async move { asked::answer(tx, &question, "same", OPERATOR, now).await.map(|_| ()) })
    })
    .await;
    assert_eq!((c.added, c.same_account.len()), (1, 0), "{c:?}");
    assert_eq!(world.person(IDA).await.account, "Globex", "the two are one account by now");
    world.promises_hold().await;
}
