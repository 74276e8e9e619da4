//! A mailbox that somebody else reads by now: its former holder leaves the list, the new one comes in, and nobody is taken for the other.

use soundings::base::address::EmailAddress;
use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::steps::contacts::people::identity::{self, Answer, Settled, Which};
use soundings::steps::contacts::{Allowed, Changes, difference, load_list};
use soundings::steps::signoff::names::editing::{Edit, EditContact};
use soundings::store::contacts::{self, Person};

use crate::common::{ANN, BEN, DORA, OPERATOR, ROUND, UMA, World, northwind};

on_both!(
    who_had_the_mailbox_leaves_and_a_list_with_another_address_brings_him_back,
    who_has_the_key_gets_the_mailbox,
    two_people_who_changed_mailboxes_are_answered_at_once,
    one_that_cannot_be_answered_stops_no_other,
    a_former_address_hides_nobody,
    a_former_holder_is_not_put_back_at_an_address_of_somebody_else,
);

const MOVED: &str = "anna.lee@globex.example";

/// The usual list, everybody with a key: K-ann, K-ben, ...
fn keyed(change: impl FnOnce(&mut Vec<ListedContact>)) -> Vec<ListedContact> {
    let mut rows = northwind().list.accepted;
    for row in &mut rows {
        row.key = format!("K-{}", row.first_name.to_lowercase());
    }
    change(&mut rows);
    rows
}

fn row<'r>(rows: &'r mut [ListedContact], email: &str) -> &'r mut ListedContact {
    rows.iter_mut().find(|row| row.email.as_str() == email).unwrap()
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// Zoe Zimmer, whom nobody knows, at this address.
fn zoe(rows: &mut [ListedContact], email: &str) {
    let row = row(rows, email);
    (row.first_name, row.last_name, row.key) = ("Zoe".into(), "Zimmer".into(), "K-zoe".into());
}

async fn load(world: &World, rows: Vec<ListedContact>) -> Changes {
    load_list(&world.ctx, ROUND, rows, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap()
}

async fn answer(world: &World, which: Which, answer: Answer) -> Result<Settled, String> {
    let said = identity::answer(&world.ctx, ROUND, which, answer, &Actor::operator(OPERATOR)).await;
    said.map_err(|problem| problem.to_string())
}

/// One by one: an answer about a contradiction may take somebody off the list.
async fn each(world: &World, word: Answer) -> Vec<Settled> {
    let mut all = Vec::new();
    for asked in identity::of_round(&world.ctx, ROUND).await.unwrap() {
        all.push(answer(world, Which::One(asked.question.id.clone()), word).await.unwrap());
    }
    all
}

async fn by_id(world: &World, id: &soundings::base::ids::ContactId) -> Person {
    contacts::person(&mut world.ctx.db.read().await.unwrap(), id).await.unwrap().unwrap()
}

async fn open(world: &World) -> Vec<String> {
    identity::of_round(&world.ctx, ROUND).await.unwrap().iter().map(|asked| asked.sentence()).collect()
}

async fn who_had_the_mailbox_leaves_and_a_list_with_another_address_brings_him_back(mut world: World) {
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    let ben = world.person(BEN).await;
    let list = || keyed(|rows| zoe(rows, BEN));
    let c = load(&world, list()).await;
    assert_eq!((c.asked.len(), c.added, c.missing.len()), (1, 0, 0), "{c:?}");
    assert!(open(&world).await[0].contains("has the address of Ben Koch"), "{:?}", open(&world).await);
    each(&world, Answer::SomebodyElse).await;
    let (zoe, was) = (world.person(BEN).await, by_id(&world, &ben.id).await);
    assert_eq!((zoe.first_name.as_str(), zoe.client_key.as_str()), ("Zoe", "K-zoe"));
    assert_ne!(zoe.id, ben.id);
    assert_eq!(was.removed_reason.as_deref(), Some("the address is now that of Zoe Zimmer"));
    assert_eq!((was.first_name.as_str(), was.client_key.as_str()), ("Ben", "K-ben"), "nothing is written over him");
    // The question is settled for good.
    let c = load(&world, list()).await;
    assert_eq!((c.asked.len(), c.unchanged), (0, 5), "{c:?}");
    // Nothing more goes to Ben, and Zoe is written to once her name is signed.
    world.pass_to("2027-02-09T12:00:00Z").await;
    assert!(world.kinds_to(BEN).iter().all(|kind| kind != "invitation"), "{:?}", world.kinds_to(BEN));
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-11T12:00:00Z").await;
    assert!(world.kinds_to(BEN).iter().any(|kind| kind == "invitation"), "{:?}", world.kinds_to(BEN));
    // Ben has another address by now.
    let mut rows = list();
    let mut back = keyed(|_| {}).into_iter().find(|row| row.email.as_str() == BEN).unwrap();
    (back.line, back.email) = (9, address("ben@globex.example"));
    rows.push(back);
    let c = load(&world, rows).await;
    assert_eq!((c.asked.len(), c.added), (0, 0), "{c:?}");
    let ben = by_id(&world, &ben.id).await;
    assert_eq!((ben.removed_at, ben.email.as_str()), (None, "ben@globex.example"));
    assert_eq!(world.person(BEN).await.id, zoe.id);
    world.promises_hold().await;
}

async fn who_has_the_key_gets_the_mailbox(world: World) {
    world.load(northwind()).await;
    load(&world, keyed(|_| {})).await;
    let (ann, ben) = (world.person(ANN).await, world.person(BEN).await);
    // Ann's key at Ben's address, under her name.
    let list = keyed(|rows| {
        rows.retain(|row| row.email.as_str() != BEN);
        row(rows, ANN).email = address(BEN);
    });
    let c = load(&world, list.clone()).await;
    assert_eq!(c.asked.len(), 1, "{c:?}");
    answer(&world, Which::Address(address(BEN)), Answer::SomebodyElse).await.unwrap();
    let now = world.person(BEN).await;
    assert_eq!((&now.id, now.first_name.as_str(), now.client_key.as_str()), (&ann.id, "Ann", "K-ann"));
    assert_eq!(by_id(&world, &ben.id).await.removed_reason.as_deref(), Some("the address is now that of Ann Lee"));
    assert_eq!(load(&world, list).await.unchanged, 4);
    world.promises_hold().await;
}

async fn two_people_who_changed_mailboxes_are_answered_at_once(mut world: World) {
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    let (ann, ben) = (world.person(ANN).await, world.person(BEN).await);
    let list = keyed(|rows| {
        row(rows, ANN).email = address("x@globex.example");
        row(rows, BEN).email = address(ANN);
        row(rows, "x@globex.example").email = address(BEN);
    });
    assert_eq!(load(&world, list.clone()).await.asked.len(), 2);
    let refused = answer(&world, Which::All, Answer::SomebodyElse).await.unwrap_err();
    assert!(refused.contains("Answer each by its address"), "of many at once nobody leaves the list: {refused}");
    let settled = each(&world, Answer::SomebodyElse).await;
    assert_eq!((settled[0].left.len(), settled[0].holders.len()), (1, 1), "{settled:?}");
    assert_eq!((settled[1].left.len(), settled[1].holders.len()), (0, 1), "the first has left already: {settled:?}");
    assert_eq!((world.person(ANN).await.id, world.person(BEN).await.id), (ben.id.clone(), ann.id.clone()));
    for id in [&ann.id, &ben.id] {
        assert_eq!(by_id(&world, id).await.removed_at, None);
    }
    assert_eq!(load(&world, list).await.unchanged, 5);
    world.promises_hold().await;
}

async fn one_that_cannot_be_answered_stops_no_other(mut world: World) {
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    // Ann's key is somebody else's at a new address; Ben's mailbox is Zoe's.
    let list = keyed(|rows| {
        let of_ann = row(rows, ANN);
        (of_ann.first_name, of_ann.last_name) = ("Yan".into(), "York".into());
        of_ann.email = address("yan@globex.example");
        zoe(rows, BEN);
    });
    assert_eq!(load(&world, list).await.asked.len(), 2);
    // Meanwhile a director gives Uma that address.
    world.corrects(DORA, UMA, |c| c.email = "yan@globex.example".into()).await;
    let yan = || Which::Address(address("yan@globex.example"));
    let refused = answer(&world, yan(), Answer::SomebodyElse).await.unwrap_err();
    assert!(refused.contains("yan@globex.example is the address of Uma"), "{refused}");
    let settled = answer(&world, Which::Address(address(BEN)), Answer::SomebodyElse).await.unwrap();
    assert_eq!((settled.names, settled.left), (vec!["Zoe Zimmer".to_owned()], vec!["Ben Koch".to_owned()]));
    assert_eq!(world.person(BEN).await.first_name, "Zoe");
    let refused = answer(&world, yan(), Answer::SamePerson).await.unwrap_err();
    assert!(refused.contains("is the address of Uma"), "either answer is refused: {refused}");
    assert_eq!(open(&world).await.len(), 1, "it still is asked");
    world.promises_hold().await;
}

async fn a_former_address_hides_nobody(mut world: World) {
    world.signed().await;
    // Ann has moved, as somebody has said.
    let mut rows = northwind().list.accepted;
    row(&mut rows, ANN).email = address(MOVED);
    assert_eq!(load(&world, rows.clone()).await.asked.len(), 1);
    answer(&world, Which::All, Answer::SamePerson).await.unwrap();
    load(&world, keyed(|rows| row(rows, ANN).email = address(MOVED))).await;
    let ann = world.person(MOVED).await;
    // A list that still has her old address asks nothing, by her name or by her key.
    for (first, key) in [("Ann", ""), ("ANN", ""), ("Annie", "K-ann")] {
        let mut old = northwind().list.accepted;
        let row = row(&mut old, ANN);
        (row.first_name, row.key) = (first.into(), key.into());
        let list = soundings::rules::contacts::check::CheckedList { accepted: old.clone(), ..northwind().list };
        let d = difference(&world.ctx, ROUND, &list, Allowed::default()).await.unwrap();
        assert!(d.asked.is_empty() && d.added.is_empty(), "{first}: {d:?}");
        assert!(d.kept.iter().any(|kept| kept.contact == ann.id), "she is told among those who stay: {d:?}");
    }
    // Short mailboxes are given on: Zoe is nobody who may be dropped in silence.
    for key in ["", "K-zoe"] {
        let mut list = northwind().list;
        let row = row(&mut list.accepted, ANN);
        (row.first_name, row.last_name, row.key) = ("Zoe".into(), "Zimmer".into(), key.into());
        let d = difference(&world.ctx, ROUND, &list, Allowed::default()).await.unwrap();
        assert_eq!((d.asked.len(), d.kept.len()), (1, 0), "{d:?}");
    }
    let mut list = northwind().list.accepted;
    zoe(&mut list, ANN);
    load(&world, list.clone()).await;
    assert!(open(&world).await[0].contains("has an address that Ann Lee"), "{:?}", open(&world).await);
    // It is asked once, and stays open when the list comes again.
    assert_eq!(load(&world, list.clone()).await.asked.len(), 1);
    assert_eq!(open(&world).await.len(), 1);
    each(&world, Answer::SomebodyElse).await;
    assert_eq!(world.person(ANN).await.first_name, "Zoe");
    assert_eq!(world.person(MOVED).await.id, ann.id);
    assert_eq!(load(&world, list).await.asked.len(), 0);
    world.promises_hold().await;
}

async fn a_former_holder_is_not_put_back_at_an_address_of_somebody_else(mut world: World) {
    world.signed().await;
    load(&world, keyed(|_| {})).await;
    let ben = world.person(BEN).await.id;
    load(&world, keyed(|rows| zoe(rows, BEN))).await;
    each(&world, Answer::SomebodyElse).await;
    let by = Actor::operator(OPERATOR);
    let back = || EditContact { contact: ben.clone(), edit: Edit::PutBack };
    let refused = world.ctx.order(&by, back()).await.unwrap_err().to_string();
    assert!(refused.contains("is on the list already: Zoe Zimmer"), "{refused}");
    // Zoe has another address, so his is free again.
    world.corrects(DORA, BEN, |c| c.email = "zoe@globex.example".into()).await;
    world.ctx.order(&by, back()).await.unwrap();
    assert_eq!(world.person(BEN).await.id, ben);
    world.promises_hold().await;
}
