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
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::round;
use soundings::store::Tx;
use soundings::store::contacts::{account_questions as asked, accounts};
use soundings::store::round::rounds;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::common::{DORA, OPERATOR, ROUND, UMA, World, crowd, northwind};

on_both!(
    a_new_account_is_asked_about_also_when_its_list_is_tried_again,
    a_new_account_is_asked_about_also_when_its_pieces_are_tried_again,
    a_refused_list_leaves_no_account_behind,
    what_is_said_about_accounts_in_another_round_counts_while_a_list_goes_in,
    a_refused_large_folder_leaves_nobody_behind,
    a_list_at_accounts_of_a_list_that_is_refused_goes_in_all_the_same,
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

/// Somebody has the writer, and does this before whoever comes after him has his turn.
struct HasTheWriter {
    go: oneshot::Sender<()>,
    done: JoinHandle<Result<()>>,
}

impl HasTheWriter {
    async fn now<F>(world: &World, does: F) -> HasTheWriter
    where
        F: for<'t> FnOnce(&'t mut Tx) -> Work<'t> + Send + 'static,
    {
        let (go, waits) = oneshot::channel::<()>();
        let (has_it, seen) = oneshot::channel::<()>();
        let ctx = world.ctx.clone();
        let done = tokio::spawn(async move {
            let work = ctx.db.write(move |tx| {
                Box::pin(async move {
                    has_it.send(()).unwrap();
                    waits.await.unwrap();
                    does(tx).await
                })
            });
            work.await
        });
        seen.await.unwrap();
        HasTheWriter { go, done }
    }

    async fn gives_it_back(self) {
        self.go.send(()).unwrap();
        self.done.await.unwrap().unwrap();
    }
}

/// Long enough for a list that is not held to be prepared and to wait for the writer.
async fn a_moment() {
    tokio::time::sleep(Duration::from_millis(700)).await;
}

/// Loads a list. Somebody else has the writer while it is prepared, and does this before the list has its turn.
async fn load_while<F>(world: &World, rows: Vec<ListedContact>, does: F) -> Changes
where
    F: for<'t> FnOnce(&'t mut Tx) -> Work<'t> + Send + 'static,
{
    let other = HasTheWriter::now(world, does).await;
    let task = world.begin_list(rows);
    a_moment().await;
    other.gives_it_back().await;
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

async fn a_new_account_is_asked_about_also_when_its_pieces_are_tried_again(mut world: World) {
    world.started().await;
    world.ctx.pauses.hold();
    let task = world.begin_list(list(2_000).accepted);
    world.first_piece().await;
    world.corrects(DORA, UMA, |c| c.job_title = "Director of Operations".into()).await;
    world.ctx.pauses.go_on();
    let c = task.await.unwrap().unwrap();
    assert_eq!((c.added, pairs(&c)), (2_001, vec![("Globex GmbH", "Globex")]));
    assert_eq!(account_questions::of_round(&world.ctx, ROUND).await.unwrap().len(), 1);
    world.promises_hold().await;
}

async fn a_refused_list_leaves_no_account_behind(mut world: World) {
    world.started().await;
    let before = account_names(&world).await;
    let list = list(2_000);
    let version = difference(&world.ctx, ROUND, &list, Allowed::default()).await.unwrap().version;
    world.ctx.pauses.hold();
    let (ctx, copy) = (world.ctx.clone(), list.clone());
    let task = tokio::spawn(async move {
        load_list_as_shown(&ctx, ROUND, &copy, Allowed::default(), &version, &Actor::operator(OPERATOR)).await
    });
    world.first_piece().await;
    world.corrects(DORA, UMA, |c| c.job_title = "Director of Operations".into()).await;
    world.ctx.pauses.go_on();
    assert!(task.await.unwrap().is_err());
    assert_eq!(account_names(&world).await, before);
    let again = difference(&world.ctx, ROUND, &list, Allowed::default()).await.unwrap();
    assert_eq!(again.same_account.len(), 1, "and the next time it asks");
    let by = Actor::operator(OPERATOR);
    let c = load_list_as_shown(&world.ctx, ROUND, &list, Allowed::default(), &again.version, &by).await.unwrap();
    assert_eq!((c.added, c.same_account.len()), (2_001, 1));
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

async fn a_refused_large_folder_leaves_nobody_behind(world: World) {
    world.load(northwind()).await;
    let before = account_names(&world).await;
    let folder = || {
        let mut folder = northwind();
        folder.list.accepted.extend(crowd(2_000).list.accepted);
        folder
    };
    world.ctx.pauses.hold();
    let (ctx, copy) = (world.ctx.clone(), folder());
    let task = tokio::spawn(async move { round::load(&ctx, copy, &Actor::operator(OPERATOR)).await });
    world.first_piece().await;
    let live = world.live().await;
    let mut change = Change { spec: live.spec.clone(), words: live.words.clone() };
    change.spec.minutes += 1;
    let edit = ChangeRound { slug: ROUND.into(), version: live.version, change };
    world.ctx.order(&Actor::operator(OPERATOR), edit).await.unwrap();
    world.ctx.pauses.go_on();
    assert!(task.await.unwrap().is_err(), "the round has changed since it was looked at");
    assert_eq!((world.put_down().await, account_names(&world).await), (0, before));
    let loaded = round::load(&world.ctx, folder(), &Actor::operator(OPERATOR)).await.unwrap();
    assert_eq!(loaded.contacts.added, 2_000);
    world.promises_hold().await;
}

async fn a_list_at_accounts_of_a_list_that_is_refused_goes_in_all_the_same(mut world: World) {
    world.started().await;
    let large = list(2_000);
    let version = difference(&world.ctx, ROUND, &large, Allowed::default()).await.unwrap().version;
    world.ctx.pauses.hold();
    let ctx = world.ctx.clone();
    let refused = tokio::spawn(async move {
        load_list_as_shown(&ctx, ROUND, &large, Allowed::default(), &version, &Actor::operator(OPERATOR)).await
    });
    world.first_piece().await;
    world.corrects(DORA, UMA, |c| c.job_title = "Director of Operations".into()).await;
    // Its people are cleared away; its accounts are cleared away next.
    while world.put_down().await > 0 {
        world.ctx.pauses.let_pass();
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    assert!(account_names(&world).await.contains(&"Account 000".to_string()));
    let other = HasTheWriter::now(&world, |_| Box::pin(async { Ok(()) })).await;
    world.ctx.pauses.go_on();
    let mut few = northwind().list.accepted;
    few.extend(crowd(20).list.accepted);
    a_moment().await;
    let task = world.begin_list(few);
    a_moment().await;
    other.gives_it_back().await;
    assert_eq!(task.await.unwrap().unwrap().added, 20);
    assert!(refused.await.unwrap().is_err());
    world.promises_hold().await;
}
