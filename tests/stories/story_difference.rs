//! What a list would do, shown before it does it: the value, that showing it writes nothing, and that only what was shown is done.

use std::collections::BTreeMap;

use soundings::intake::folder::RoundFolder;
use soundings::rules::contacts::check::CheckedList;
use soundings::rules::contacts::difference::Difference;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::{Allowed, difference, load_list, load_list_as_shown};

use crate::common::{ANN, BEN, CYD, DEE, DORA, ERIK, OPERATOR, ROUND, UMA, World, crowd, northwind, northwind_with};

on_both!(
    a_difference_says_what_a_list_would_do_and_does_nothing,
    the_same_list_makes_no_difference,
    what_was_edited_here_is_kept_and_named,
    what_was_shown_is_what_is_done,
    what_changed_since_it_was_shown_is_refused,
    a_large_list_that_is_refused_leaves_nothing_behind,
);

/// Of a draft, such a list is the whole.
const WHOLE: Allowed =
    Allowed { removing_everybody: false, losing_owners: false, keeping_others: false, taking_off: true };

async fn shown(world: &World, list: &CheckedList) -> Difference {
    difference(&world.ctx, ROUND, list, WHOLE).await.unwrap()
}

async fn done(world: &World, list: &CheckedList, version: &str) -> Result<soundings::steps::contacts::Changes, String> {
    let operator = Actor::operator(OPERATOR);
    let done = load_list_as_shown(&world.ctx, ROUND, list, WHOLE, version, &operator).await;
    done.map_err(|problem| problem.to_string())
}

/// Ann has another title, Ben another time zone, Uma is gone, Kim is new, and a row cannot be used.
fn other() -> CheckedList {
    let mut list =
        northwind_with(&[("Head of Quality", "Head of Purchasing"), ("Europe/Berlin", "Europe/Vienna")]).list;
    list.accepted.retain(|row| row.email.as_str() != UMA);
    let mut kim = list.accepted[3].clone();
    (kim.line, kim.first_name, kim.last_name) = (7, "Kim".into(), "Voss".into());
    kim.email = soundings::base::address::EmailAddress::parse("kim.voss@initech.example").unwrap();
    list.accepted.push(kim);
    let bad = "account,first_name,last_name,email,account_director_email\nGlobex,Ida,Falk,ida.falk@,dora.fields@northwind.example\n";
    let bad = soundings::intake::list::read(bad.as_bytes(), "bad.csv").unwrap();
    list.findings.extend(bad.findings.into_iter().map(|f| soundings::rules::contacts::Finding { line: 8, ..f }));
    list.unread = bad.unread;
    list
}

/// Whether it would change nobody.
fn is_nothing(d: &Difference) -> bool {
    d.added.is_empty() && d.changed.is_empty() && d.asked.is_empty() && d.gone.iter().all(|gone| !gone.removed)
}

fn pair(was: &str, is: &str) -> [String; 2] {
    [was.into(), is.into()]
}

/// Everything that loading could touch, read through what pages show.
async fn content(world: &World) -> Vec<String> {
    let mut all = Vec::new();
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = soundings::store::round::rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    for account in soundings::store::contacts::accounts::of_round(&mut tx, &round.id).await.unwrap() {
        for person in soundings::store::contacts::of_account(&mut tx, &account.id).await.unwrap() {
            all.push(format!("{person:?}"));
        }
        all.push(format!("{account:?}"));
    }
    for entry in soundings::store::journal::of_round(&mut tx, &round.id, i64::MAX).await.unwrap() {
        all.push(format!("{entry:?}"));
    }
    for left in soundings::store::contacts::loading::left(&mut tx, &round.id).await.unwrap() {
        all.push(format!("{left:?}"));
    }
    for question in soundings::store::contacts::identity::open(&mut tx, &round.id).await.unwrap() {
        all.push(format!("{question:?}"));
    }
    drop(tx);
    all.extend(world.ledger().await.iter().map(|message| format!("{message:?}")));
    all
}

async fn a_difference_says_what_a_list_would_do_and_does_nothing(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-01T12:00:00Z").await;
    let before = content(&world).await;
    let d = shown(&world, &other()).await;
    assert_eq!(content(&world).await, before, "showing it writes nothing");
    let changed: BTreeMap<&str, _> = d.changed.iter().map(|c| (c.name.as_str(), &c.fields)).collect();
    assert_eq!(
        changed,
        BTreeMap::from([
            ("Ann Lee", &BTreeMap::from([("job_title".into(), pair("Head of Quality", "Head of Purchasing"))])),
            ("Ben Koch", &BTreeMap::from([("time_zone".into(), pair("Europe/Berlin", "Europe/Vienna"))])),
        ])
    );
    assert_eq!((d.changed[0].row, &d.changed[0].contact), (2, &world.person(ANN).await.id));
    assert_eq!(
        d.added.iter().map(|a| (a.row, a.email.as_str())).collect::<Vec<_>>(),
        [(7, "kim.voss@initech.example")]
    );
    assert_eq!(d.gone.iter().map(|g| (g.email.as_str(), g.removed)).collect::<Vec<_>>(), [(UMA, false)]);
    assert_eq!(d.refused.iter().map(|r| (r.row, r.code.as_str())).collect::<Vec<_>>(), [(8, "address_invalid")]);
    assert_eq!((d.unchanged, d.signs_again.clone()), (2, vec!["Globex".to_string(), "Initech".to_string()]));
    for said in [
        "Dora Fields must sign 2 names: Globex.",
        "Erik Holm must sign 1 name: Initech.",
        "Margaret Ellison must sign as sales director: Initech.",
        "1 person is not on this list and stays",
    ] {
        assert!(d.effects.iter().any(|effect| effect.starts_with(said)), "{said}: {:?}", d.effects);
    }
    assert!(d.effects.iter().any(|effect| effect.contains("planned letter")), "{:?}", d.effects);
    assert!(d.changed[1].causes.iter().any(|c| c.contains("Europe/Vienna")), "{:?}", d.changed);
    // The accounts that it names are those whose signature falls.
    load_list(&world.ctx, ROUND, other().accepted, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap();
    for (account, standing) in
        [("Globex", Standing::Unsigned), ("Initech", Standing::Unsigned), ("Umbra", Standing::Signed)]
    {
        assert_eq!(world.account(account).await.standing, standing, "{account}");
    }
    world.promises_hold().await;
}

async fn the_same_list_makes_no_difference(mut world: World) {
    world.signed().await;
    let mut list = northwind().list;
    // In another order, and so under other numbers.
    list.accepted.reverse();
    for (n, row) in list.accepted.iter_mut().enumerate() {
        row.line = n as u64 + 2;
    }
    let d = shown(&world, &list).await;
    assert!(is_nothing(&d) && d.effects.is_empty() && d.signs_again.is_empty(), "{d:?}");
    assert_eq!(d.unchanged, 5);
    let changes = done(&world, &list, &d.version).await.unwrap();
    assert_eq!((changes.added, changes.changed, changes.unchanged), (0, 0, 5));
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    world.promises_hold().await;
}

async fn what_was_edited_here_is_kept_and_named(mut world: World) {
    world.signed().await;
    world.corrects(DORA, ANN, |c| c.job_title = "Chief Quality Officer".into()).await;
    let d = shown(&world, &other()).await;
    assert_eq!(d.kept.iter().map(|k| k.email.as_str()).collect::<Vec<_>>(), [ANN]);
    assert_eq!(d.changed.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(), ["Ben Koch"]);
    assert_eq!(d.added.len() + d.changed.len() + d.kept.len() + d.unchanged as usize, other().accepted.len());
    world.promises_hold().await;
}

async fn what_was_shown_is_what_is_done(mut world: World) {
    world.load(northwind()).await;
    let list = other();
    let d = shown(&world, &list).await;
    assert_eq!(d.gone.iter().map(|g| (g.email.as_str(), g.removed)).collect::<Vec<_>>(), [(UMA, true)]);
    assert!(d.signs_again.is_empty(), "nobody has signed a draft");
    let changes = done(&world, &list, &d.version).await.unwrap();
    assert_eq!((changes.added, changes.changed, changes.removed), (1, 2, 1));
    assert_eq!(world.person(ANN).await.job_title, "Head of Purchasing");
    // Whoever could not be read is kept with it, and it is done once.
    let again = done(&world, &list, &d.version).await.unwrap_err();
    assert!(again.contains("has changed since the list was compared"), "{again}");
    let d = shown(&world, &list).await;
    assert!(is_nothing(&d), "{d:?}");
    world.order(soundings::steps::round::RoundOrder::Start).await;
    world.work().await;
    let late = done(&world, &list, &d.version).await.unwrap_err();
    assert!(late.contains("compared"), "the round was started: {late}");
    world.promises_hold().await;
}

async fn what_changed_since_it_was_shown_is_refused(mut world: World) {
    world.started().await;
    let list = other();
    // Somebody edits a name.
    let version = shown(&world, &list).await.version;
    world.corrects(ERIK, CYD, |c| c.job_title = "Managing Director".into()).await;
    let before = content(&world).await;
    let refused = done(&world, &list, &version).await.unwrap_err();
    assert!(refused.contains("nothing was loaded"), "{refused}");
    assert_eq!(content(&world).await, before);
    // Another list is loaded.
    let version = shown(&world, &list).await.version;
    let another = northwind_with(&[("Buyer", "Head Buyer")]).list.accepted;
    load_list(&world.ctx, ROUND, another, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap();
    assert_eq!(world.person(DEE).await.job_title, "Head Buyer");
    let before = content(&world).await;
    assert!(done(&world, &list, &version).await.is_err());
    assert_eq!(content(&world).await, before);
    // A director signs what the list would change: whether it falls was not shown.
    let version = shown(&world, &list).await.version;
    world.sign_all(DORA, "sign_off").await;
    let before = content(&world).await;
    assert!(done(&world, &list, &version).await.is_err());
    assert_eq!(content(&world).await, before);
    // What is no concern of names changes nothing: the sums of another list are as they were shown.
    let version = shown(&world, &list).await.version;
    world.pass_to("2027-01-20T12:00:00Z").await;
    assert!(done(&world, &list, &version).await.is_ok());
    assert_eq!(world.person(BEN).await.time_zone, "Europe/Vienna");
    world.promises_hold().await;
}

async fn a_large_list_that_is_refused_leaves_nothing_behind(mut world: World) {
    world.started().await;
    let large = || -> RoundFolder { crowd(2_000) };
    let mut list = northwind().list;
    list.accepted.extend(large().list.accepted);
    let version = shown(&world, &list).await.version;
    // The edit comes while the new people are put down.
    world.ctx.pauses.hold();
    let ctx = world.ctx.clone();
    let copy = list.clone();
    let task = tokio::spawn(async move {
        load_list_as_shown(&ctx, ROUND, &copy, Allowed::default(), &version, &Actor::operator(OPERATOR)).await
    });
    world.first_piece().await;
    world.corrects(DORA, UMA, |c| c.job_title = "Director of Operations".into()).await;
    world.ctx.pauses.go_on();
    let refused = task.await.unwrap().unwrap_err().to_string();
    assert!(refused.contains("compared"), "{refused}");
    assert_eq!(world.put_down().await, 0, "whoever was put down is cleared away");
    let version = shown(&world, &list).await.version;
    assert_eq!(done(&world, &list, &version).await.unwrap().added, 2_000);
    let d = shown(&world, &list).await;
    assert!(is_nothing(&d) && (d.unchanged, d.kept.len()) == (2_004, 1), "{:?}", d.effects);
    world.promises_hold().await;
}
