//! The client's own key of a person: known across addresses and rounds, and never taken silently where the list contradicts itself or us.

use soundings::base::address::EmailAddress;
use soundings::base::ids::{ContactId, RoundId};
use soundings::rules::contacts::ListedContact;
use soundings::rules::contacts::check::CheckedList;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::people::identity::{self, Answer, Which};
use soundings::steps::contacts::{Allowed, Changes, difference, load_list};
use soundings::steps::replies::absence::{HearNews, News};
use soundings::store::contacts::{accounts, loading};

use crate::common::{ANN, BEN, DORA, OPERATOR, ROUND, UMA, World, northwind};

on_both!(
    an_address_that_changed_under_a_known_key_is_a_change,
    a_person_without_a_key_gets_it_by_the_address,
    contradictions_are_asked_and_answered,
    a_key_that_was_given_to_somebody_else_is_asked,
    columns_that_are_none_of_ours_are_kept_and_need_no_signature,
    what_was_said_for_good_is_known_by_the_key_in_the_next_round,
    all_that_lasts_of_a_key_is_known_in_the_next_round,
);

/// Of a draft, such a list is the whole.
const WHOLE: Allowed =
    Allowed { removing_everybody: false, losing_owners: false, keeping_others: false, taking_off: true };

const ADDRESS: &str = "ann.lee@globex-international.example";

/// The usual list, everybody with a key: K-ann, K-ben, ...
fn keyed() -> CheckedList {
    let mut list = northwind().list;
    for row in &mut list.accepted {
        row.key = format!("K-{}", row.first_name.to_lowercase());
    }
    list
}

fn row_of<'l>(list: &'l mut CheckedList, email: &str) -> &'l mut ListedContact {
    list.accepted.iter_mut().find(|row| row.email.as_str() == email).unwrap()
}

fn with(change: impl FnOnce(&mut CheckedList)) -> CheckedList {
    let mut list = keyed();
    change(&mut list);
    list
}

fn moves(list: &mut CheckedList, from: &str, to: &str) {
    row_of(list, from).email = EmailAddress::parse(to).unwrap();
}

async fn load(world: &World, list: &CheckedList) -> Changes {
    let rows = list.accepted.clone();
    load_list(&world.ctx, ROUND, rows, WHOLE, &Actor::operator(OPERATOR)).await.unwrap()
}

async fn answer(world: &World, which: &str, answer: Answer) -> Result<identity::Settled, String> {
    let which = Which::Address(EmailAddress::parse(which).unwrap());
    let said = identity::answer(&world.ctx, ROUND, which, answer, &Actor::operator(OPERATOR)).await;
    said.map_err(|problem| problem.to_string())
}

async fn an_address_that_changed_under_a_known_key_is_a_change(mut world: World) {
    world.signed().await;
    load(&world, &keyed()).await;
    let before = world.person(ANN).await;
    let list = with(|list| moves(list, ANN, ADDRESS));
    let d = difference(&world.ctx, ROUND, &list, WHOLE).await.unwrap();
    assert!(d.asked.is_empty() && d.added.is_empty() && d.gone.is_empty(), "{d:?}");
    assert_eq!(d.changed.len(), 1);
    assert_eq!(d.changed[0].fields["email"], [ANN.to_owned(), ADDRESS.to_owned()]);
    assert_eq!((&d.changed[0].contact, &d.signs_again), (&before.id, &vec!["Globex".to_owned()]));
    assert!(d.changed[0].causes.iter().any(|cause| cause.contains("new links")), "{:?}", d.changed[0].causes);
    let c = load(&world, &list).await;
    assert_eq!((c.changed, c.added, c.asked.len(), c.missing.len()), (1, 0, 0, 0), "{c:?}");
    let after = world.person(ADDRESS).await;
    assert_eq!((&after.id, after.links, after.client_key.as_str()), (&before.id, before.links + 1, "K-ann"));
    assert!(after.edited_at.is_none(), "it is the list that has changed the row, and may go on to");
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    assert_eq!(load(&world, &list).await, Changes { unchanged: 5, ..Changes::default() });
    // Without the key the same is a question: that is what the key is for.
    let mut twin = with(|list| moves(list, BEN, "ben.koch@globex-international.example"));
    twin.accepted.iter_mut().for_each(|row| row.key.clear());
    moves(&mut twin, ANN, ADDRESS);
    assert_eq!(load(&world, &twin).await.asked.len(), 1);
    world.promises_hold().await;
}

async fn a_person_without_a_key_gets_it_by_the_address(mut world: World) {
    world.signed().await;
    let globex = world.account("Globex").await;
    let d = difference(&world.ctx, ROUND, &keyed(), WHOLE).await.unwrap();
    assert_eq!(d.changed.len(), 5);
    assert_eq!(d.changed[0].fields["contact_key"], [String::new(), "K-ann".to_owned()]);
    assert!(d.signs_again.is_empty(), "a key is not what is signed");
    assert_eq!(load(&world, &keyed()).await.changed, 5);
    assert_eq!(world.person(UMA).await.client_key, "K-uma");
    let now = world.account("Globex").await;
    assert_eq!((now.standing, now.fingerprint), (Standing::Signed, globex.fingerprint));
    // A list without the column leaves the key.
    assert_eq!(load(&world, &northwind().list).await, Changes { unchanged: 5, ..Changes::default() });
    assert_eq!(world.person(UMA).await.client_key, "K-uma");
    // A correction by a person leaves it as well.
    world.corrects(DORA, UMA, |c| c.job_title = "Director".into()).await;
    assert_eq!(world.person(UMA).await.client_key, "K-uma");
    world.promises_hold().await;
}

async fn contradictions_are_asked_and_answered(mut world: World) {
    world.signed().await;
    load(&world, &keyed()).await;
    // Ann's key, Ben's address.
    let list = with(|list| {
        list.accepted.retain(|row| row.email.as_str() != ANN);
        row_of(list, BEN).key = "K-ann".into();
    });
    let (ann, ben) = (world.person(ANN).await, world.person(BEN).await);
    let c = load(&world, &list).await;
    assert_eq!((c.asked.len(), c.changed, c.missing.len()), (1, 0, 0), "{c:?}");
    assert_eq!((c.asked[0].why.as_str(), c.asked[0].known_as.as_str()), ("key", BEN));
    assert_eq!(
        (world.person(ANN).await.client_key, world.person(BEN).await.client_key),
        ("K-ann".into(), "K-ben".into())
    );
    let open = identity::of_round(&world.ctx, ROUND).await.unwrap();
    assert!(open.len() == 1 && open[0].sentence().contains("another key in the client’s system"), "{open:?}");
    // It is asked once, and goes with a list that is right again.
    assert_eq!(load(&world, &list).await.asked.len(), 1);
    load(&world, &keyed()).await;
    assert!(identity::of_round(&world.ctx, ROUND).await.unwrap().is_empty());
    load(&world, &list).await;
    // It is Ben: the key is his from now on.
    answer(&world, BEN, Answer::SamePerson).await.unwrap();
    let (now_ann, now_ben) = (world.person(ANN).await, world.person(BEN).await);
    assert_eq!((&now_ann.id, &now_ben.id), (&ann.id, &ben.id));
    assert_eq!((now_ann.client_key.as_str(), now_ben.client_key.as_str()), ("", "K-ann"));
    assert!(load(&world, &list).await.asked.is_empty());
    world.promises_hold().await;
}

async fn a_key_that_was_given_to_somebody_else_is_asked(world: World) {
    world.load(northwind()).await;
    load(&world, &keyed()).await;
    let zoe = || {
        with(|list| {
            let row = row_of(list, UMA);
            (row.first_name, row.last_name) = ("Zoe".into(), "Zimmer".into());
            row.email = EmailAddress::parse("zoe@umbra.example").unwrap();
        })
    };
    let d = difference(&world.ctx, ROUND, &zoe(), WHOLE).await.unwrap();
    assert_eq!((d.asked.len(), d.added.len(), d.gone.len()), (1, 0, 0), "{d:?}");
    load(&world, &zoe()).await;
    let open = identity::of_round(&world.ctx, ROUND).await.unwrap();
    assert!(open[0].sentence().contains("has the key under which"), "{}", open[0].sentence());
    answer(&world, "zoe@umbra.example", Answer::SomebodyElse).await.unwrap();
    assert_eq!(world.person("zoe@umbra.example").await.client_key, "K-uma");
    assert_eq!(world.person(UMA).await.client_key, "");
    // The next list of the draft no longer has Uma.
    let c = load(&world, &zoe()).await;
    assert_eq!((c.asked.len(), c.removed, c.unchanged), (0, 1, 5), "{c:?}");
    // Two rows that mean one person, one by the key and one by the address he has left.
    let twice = with(|list| {
        let mut old = row_of(list, ANN).clone();
        old.key.clear();
        moves(list, ANN, ADDRESS);
        list.accepted.push(old);
    });
    let c = load(&world, &twice).await;
    assert_eq!(c.asked.len(), 2, "Uma's key is Zoe's, and Ann stands there twice: {c:?}");
    world.promises_hold().await;
}

async fn columns_that_are_none_of_ours_are_kept_and_need_no_signature(mut world: World) {
    world.signed().await;
    let segment = |value: &str| {
        let mut list = northwind().list;
        for row in &mut list.accepted {
            row.more = [("Segment", value), ("Note", "")].map(|(h, t)| (h.to_owned(), t.to_owned())).into();
        }
        list
    };
    let d = difference(&world.ctx, ROUND, &segment("Gold"), WHOLE).await.unwrap();
    assert_eq!(d.changed.len(), 5);
    assert_eq!(d.changed[0].fields["Segment"], [String::new(), "Gold".to_owned()]);
    assert_eq!((d.changed[0].fields.len(), d.signs_again.len()), (1, 0));
    assert_eq!(d.changed[0].causes, ["Nothing is to be signed again for this."]);
    assert_eq!(load(&world, &segment("Gold")).await.changed, 5);
    assert_eq!(world.person(ANN).await.more, "{\"Segment\":\"Gold\"}");
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    // Silence changes nothing, and another value only itself.
    for list in [northwind().list, segment("")] {
        assert_eq!(load(&world, &list).await, Changes { unchanged: 5, ..Changes::default() });
    }
    assert_eq!(world.person(ANN).await.more, "{\"Segment\":\"Gold\"}");
    // A director's correction keeps them.
    world.corrects(DORA, ANN, |c| c.job_title = "Chief".into()).await;
    assert_eq!(world.person(ANN).await.more, "{\"Segment\":\"Gold\"}");
    // Exported, they stand after ours.
    let folder = tempfile::tempdir().unwrap();
    soundings::steps::round::export::export(&world.ctx, ROUND, folder.path()).await.unwrap();
    let list = std::fs::read_to_string(folder.path().join("contacts.csv")).unwrap();
    assert!(list.lines().next().unwrap().ends_with(",annual_revenue,Segment"), "{list}");
    assert!(list.lines().nth(1).unwrap().ends_with(",Gold"), "{list}");
    world.promises_hold().await;
}

async fn what_was_said_for_good_is_known_by_the_key_in_the_next_round(mut world: World) {
    world.signed().await;
    load(&world, &keyed()).await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.opts_out(&world.mail_to(ANN, "invitation")).await;
    // Next year's round of the client knows Ann under another address, at an account of another name.
    let next = "northwind-2028";
    let mut folder = northwind();
    folder.spec.round = next.into();
    let mut list = with(|list| moves(list, ANN, ADDRESS));
    list.accepted.iter_mut().filter(|row| row.account == "Globex").for_each(|row| row.account = "Globex World".into());
    // Ben's key is somebody else's by now.
    folder.list = list;
    soundings::steps::round::load(&world.ctx, folder, &Actor::operator(OPERATOR)).await.unwrap();
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = soundings::store::round::rounds::by_slug(&mut tx, next).await.unwrap().unwrap();
    assert!(loading::left(&mut tx, &round.id).await.unwrap().is_empty());
    let mut objected = Vec::new();
    for account in accounts::of_round(&mut tx, &round.id).await.unwrap() {
        for person in soundings::store::contacts::of_account(&mut tx, &account.id).await.unwrap() {
            if person.is_opted_out() {
                objected.push(person.email.to_string());
            }
        }
    }
    assert_eq!(objected, [ADDRESS], "by the key it is Ann who has said it");
    drop(tx);
    assert!(identity::of_round(&world.ctx, next).await.unwrap().is_empty(), "nothing is to be asked");
    world.promises_hold().await;
}

/// The client's next round, with Ann under this address; who she is there.
async fn next_round(world: &World, slug: &str, address: &str) -> (ContactId, RoundId) {
    let mut folder = northwind();
    folder.spec.round = slug.into();
    folder.list = with(|list| moves(list, ANN, address));
    soundings::steps::round::load(&world.ctx, folder, &Actor::operator(OPERATOR)).await.unwrap();
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = soundings::store::round::rounds::by_slug(&mut tx, slug).await.unwrap().unwrap().id;
    (soundings::store::contacts::by_address(&mut tx, &round, address).await.unwrap().unwrap(), round)
}

/// Ann has said "never again" in one round and is known to have left in another one, under another address.
async fn all_that_lasts_of_a_key_is_known_in_the_next_round(mut world: World) {
    world.signed().await;
    load(&world, &keyed()).await;
    let (ann, _) = next_round(&world, "northwind-2028", ADDRESS).await;
    let left = HearNews { contact: ann, news: News::Left { write_to: Vec::new() }, why: "told by phone".into() };
    world.ctx.order(&Actor::operator(OPERATOR), left).await.unwrap();
    world.pass_to("2027-02-09T12:00:00Z").await;
    world.opts_out(&world.mail_to(ANN, "invitation")).await;
    let third = "ann.lee@globex-third.example";
    let (_, round) = next_round(&world, "northwind-2029", third).await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let client = soundings::store::contacts::objections::client_of(&mut tx, &round).await.unwrap();
    let found = soundings::store::contacts::objections::of_keys(&mut tx, &client, &[third.into()]).await.unwrap();
    let mut kinds: Vec<String> = found.into_values().flatten().map(|o| o.kind.as_str().to_owned()).collect();
    kinds.sort();
    assert_eq!(kinds, ["left", "never_again"]);
}
