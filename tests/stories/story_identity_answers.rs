//! What an answer to a question about a person does: nobody gets a name, an address or an account, and nobody leaves, but as it was asked and
//! shown.

use std::collections::BTreeMap;

use soundings::base::address::EmailAddress;
use soundings::base::ids::ContactId;
use soundings::rules::contacts::ListedContact;
use soundings::rules::contacts::together::answered::Then;
use soundings::rules::journal::Actor;
use soundings::steps::contacts::accounts::account_questions::{AnswerAboutAccounts, WhichAccounts};
use soundings::steps::contacts::people::identity::{self, Answer, Settled, Which};
use soundings::steps::contacts::{Allowed, Changes, load_list};
use soundings::steps::replies::absence::{HearNews, News};
use soundings::steps::signoff::names::editing::{Edit, EditContact};
use soundings::store::contacts::{self, listing};
use soundings::store::round::rounds;

use crate::common::{ANN, BEN, OPERATOR, ROUND, World, northwind};

on_both!(
    who_has_the_key_is_asked_about_where_the_name_is_another,
    one_person_with_two_addresses_is_asked_about_once,
    a_row_with_another_name_is_asked_anew,
    whoever_is_asked_about_stands_at_the_account_that_is_one_by_now,
    who_left_under_another_name_of_the_account_is_asked_about_next,
    whatever_is_answered_is_done_as_it_was_said,
    whoever_was_said_not_to_be_meant_is_not_asked_about_again,
);

const NEXT: &str = "northwind-2028";

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

fn named(row: &mut ListedContact, first: &str, last: &str) {
    (row.first_name, row.last_name) = (first.into(), last.into());
}

/// Everybody else of the draft stays.
async fn load(world: &World, round: &str, rows: Vec<ListedContact>) -> Changes {
    let allowed = Allowed { keeping_others: true, losing_owners: true, ..Allowed::default() };
    load_list(&world.ctx, round, rows, allowed, &Actor::operator(OPERATOR)).await.unwrap()
}

async fn answer(world: &World, round: &str, which: &str, answer: Answer) -> Settled {
    let which = Which::Address(address(which));
    identity::answer(&world.ctx, round, which, answer, &Actor::operator(OPERATOR)).await.unwrap()
}

async fn open(world: &World, round: &str) -> Vec<String> {
    identity::of_round(&world.ctx, round).await.unwrap().iter().map(|asked| asked.sentence()).collect()
}

async fn who_has_the_key_is_asked_about_where_the_name_is_another(mut world: World) {
    world.signed().await;
    load(&world, ROUND, keyed(|_| {})).await;
    let (ann, ben) = (world.person(ANN).await, world.person(BEN).await);
    // Ann's key at Ben's address, under a name that is neither's.
    let list = keyed(|rows| {
        rows.retain(|row| row.email.as_str() != ANN);
        let row = row(rows, BEN);
        named(row, "Zoe", "Zimmer");
        row.key = "K-ann".into();
    });
    for _ in 0..2 {
        load(&world, ROUND, list.clone()).await;
        assert!(open(&world, ROUND).await[0].contains("Ben Koch"), "{:?}", open(&world, ROUND).await);
    }
    let said = answer(&world, ROUND, BEN, Answer::SomebodyElse).await;
    assert_eq!((said.names.len(), said.asked_again.len()), (0, 1), "{said:?}");
    let still = world.person(ANN).await;
    assert_eq!((&still.id, still.first_name.as_str(), still.client_key.as_str()), (&ann.id, "Ann", "K-ann"));
    // The same list says the same question.
    for _ in 0..2 {
        assert!(open(&world, ROUND).await[0].contains("knew Ann Lee"), "{:?}", open(&world, ROUND).await);
        load(&world, ROUND, list.clone()).await;
    }
    answer(&world, ROUND, BEN, Answer::SomebodyElse).await;
    let zoe = world.person(BEN).await;
    assert_eq!((zoe.first_name.as_str(), zoe.client_key.as_str()), ("Zoe", "K-ann"));
    assert!(zoe.id != ann.id && zoe.id != ben.id);
    assert_eq!(world.person(ANN).await.first_name, "Ann");
    assert!(load(&world, ROUND, list).await.asked.is_empty());
    world.promises_hold().await;
}

async fn one_person_with_two_addresses_is_asked_about_once(mut world: World) {
    world.signed().await;
    load(&world, ROUND, keyed(|_| {})).await;
    // Ann by her key at a new address, and without one at the old.
    let list = keyed(|rows| {
        let old = ListedContact { key: String::new(), line: 20, ..row(rows, ANN).clone() };
        row(rows, ANN).email = address("anna@globex.example");
        rows.push(old);
    });
    let ann = world.person(ANN).await.id;
    assert_eq!(load(&world, ROUND, list.clone()).await.asked.len(), 1);
    answer(&world, ROUND, ANN, Answer::SamePerson).await;
    assert_eq!(world.person(ANN).await.id, ann);
    for turn in 0..3 {
        let c = load(&world, ROUND, list.clone()).await;
        assert_eq!((c.asked.len(), c.changed, c.added), (0, 0, 0), "{turn}: {c:?}");
        assert_eq!(world.person(ANN).await.id, ann, "{turn}");
    }
    // A person's own correction to the other address changes nothing about it.
    world.corrects(crate::common::DORA, ANN, |c| c.email = "anna@globex.example".into()).await;
    for turn in 0..2 {
        let c = load(&world, ROUND, list.clone()).await;
        assert_eq!((c.asked.len(), c.changed, c.added), (0, 0, 0), "{turn}: {c:?}");
        assert_eq!(world.person("anna@globex.example").await.id, ann, "{turn}");
    }
    world.promises_hold().await;
}

async fn a_row_with_another_name_is_asked_anew(mut world: World) {
    world.signed().await;
    let list = |first: &str, last: &str| {
        let mut rows = northwind().list.accepted;
        let row = row(&mut rows, ANN);
        row.email = address("new@globex.example");
        // Title and country would tell two rows of one name apart.
        row.job_title.clear();
        row.country.clear();
        named(row, first, last);
        rows
    };
    assert_eq!(load(&world, ROUND, list("Ann", "Lee")).await.asked.len(), 1);
    assert_eq!(load(&world, ROUND, list("ANN", "Lee")).await.asked.len(), 1, "the same name in other letters");
    // By now the row is about Ben, as it seems; then about nobody whom we know.
    assert_eq!(load(&world, ROUND, list("Ben", "Koch")).await.asked[0].known_as, BEN);
    let asked = open(&world, ROUND).await;
    assert!(asked.len() == 1 && asked[0].contains("Ben Koch"), "one row has one question: {asked:?}");
    let c = load(&world, ROUND, list("Zoe", "Zimmer")).await;
    assert_eq!((c.asked.len(), c.added), (0, 1), "{c:?}");
    assert!(open(&world, ROUND).await.is_empty());
    world.promises_hold().await;
}

async fn whoever_is_asked_about_stands_at_the_account_that_is_one_by_now(mut world: World) {
    world.signed().await;
    let by = Actor::operator(OPERATOR);
    for (turn, people_first) in [false, true].into_iter().enumerate() {
        for word in [Answer::SamePerson, Answer::SomebodyElse] {
            let round = format!("{NEXT}-{turn}-{word:?}").to_lowercase();
            let mut folder = northwind();
            folder.spec.round.clone_from(&round);
            folder.spec.client = format!("Client {round}");
            soundings::steps::round::load(&world.ctx, folder, &by).await.unwrap();
            // Two new people and Ann, all at the other name of the account.
            let rows: Vec<ListedContact> = ["Ida Falk", "Jon Falk", "Ann Lee"]
                .iter()
                .enumerate()
                .map(|(n, name)| {
                    let (first, last) = name.split_once(' ').unwrap();
                    let mut row = row(&mut northwind().list.accepted, ANN).clone();
                    named(&mut row, first, last);
                    row.email = address(&format!("{}@new.example", first.to_lowercase()));
                    (row.line, row.account) = (30 + n as u64, "Globex GmbH".into());
                    row
                })
                .collect();
            // Ann is known at the account of the row.
            load(&world, &round, rows[..2].to_vec()).await;
            let ann = ListedContact { email: address("ann.one@new.example"), ..rows[2].clone() };
            load(&world, &round, vec![ann]).await;
            let c = load(&world, &round, vec![rows[2].clone()]).await;
            assert_eq!(c.asked.len(), 1, "{c:?}");
            let accounts =
                || AnswerAboutAccounts { slug: round.clone(), which: WhichAccounts::All, answer: Answer::SamePerson };
            if people_first {
                answer(&world, &round, "ann@new.example", word).await;
                world.ctx.order(&by, accounts()).await.unwrap();
            } else {
                world.ctx.order(&by, accounts()).await.unwrap();
                answer(&world, &round, "ann@new.example", word).await;
            }
            let mut tx = world.ctx.db.read().await.unwrap();
            let id = rounds::by_slug(&mut tx, &round).await.unwrap().unwrap().id;
            let all = soundings::store::contacts::accounts::of_round(&mut tx, &id).await.unwrap();
            let left: Vec<_> = all.iter().filter(|a| a.name == "Globex GmbH" && a.listed > 0).collect();
            assert!(left.is_empty(), "{round}: {left:?}");
        }
    }
    world.promises_hold().await;
}

async fn who_left_under_another_name_of_the_account_is_asked_about_next(mut world: World) {
    world.signed().await;
    let by = Actor::operator(OPERATOR);
    let at = |account: &str, email: &str, line: u64| {
        let row = row(&mut northwind().list.accepted, ANN).clone();
        ListedContact { account: account.into(), email: address(email), line, ..row }
    };
    // Two people of one name have left, each in a round of his own: at Globex, and at Globex GmbH.
    let mut earlier = northwind();
    earlier.spec.round = "northwind-earlier".into();
    earlier.list.accepted = vec![at("Globex GmbH", "ann.two@globex.example", 2)];
    soundings::steps::round::load(&world.ctx, earlier, &by).await.unwrap();
    for (round, email) in [(ROUND, ANN), ("northwind-earlier", "ann.two@globex.example")] {
        let contact = id_at(&world, round, email).await;
        let news = News::Left { write_to: Vec::new() };
        world.ctx.order(&by, HearNews { contact, news, why: "told by phone".into() }).await.unwrap();
    }
    // In the next round, both names are one account.
    let mut next = northwind();
    next.spec.round = NEXT.into();
    next.list.accepted.retain(|row| row.email.as_str() != ANN);
    let mut ida = at("Globex GmbH", "ida@globex.example", 20);
    named(&mut ida, "Ida", "Falk");
    next.list.accepted.push(ida);
    soundings::steps::round::load(&world.ctx, next, &by).await.unwrap();
    let same = AnswerAboutAccounts { slug: NEXT.into(), which: WhichAccounts::All, answer: Answer::SamePerson };
    world.ctx.order(&by, same).await.unwrap();
    let new = "ann.new@globex.example";
    assert_eq!(load(&world, NEXT, vec![at("Globex", new, 30)]).await.asked.len(), 1);
    let mut about = Vec::new();
    for again in [1, 0] {
        about.push(identity::of_round(&world.ctx, NEXT).await.unwrap()[0].question.known_email.to_string());
        let said = answer(&world, NEXT, new, Answer::SomebodyElse).await;
        assert_eq!((said.names.len(), said.asked_again.len()), (1 - again, again), "{said:?}");
    }
    about.sort();
    assert_eq!(about, [ANN, "ann.two@globex.example"]);
    world.promises_hold().await;
}

async fn id_at(world: &World, round: &str, email: &str) -> ContactId {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, round).await.unwrap().unwrap();
    contacts::by_address(&mut tx, &round.id, &address(email).key()).await.unwrap().unwrap()
}

/// Everybody of a round: name, and whether he is on the list.
async fn everybody(world: &World, round: &str) -> BTreeMap<ContactId, (String, bool)> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, round).await.unwrap().unwrap();
    let all = listing::everybody(&mut tx, &round.id).await.unwrap();
    let named = |p: &listing::Listed| format!("{} {}", p.first_name, p.last_name);
    all.into_iter().map(|p| (p.id.clone(), (named(&p), p.removed_at.is_none()))).collect()
}

/// One answer, given as it was shown: who is on the list afterwards, and under which name, is what the question said. False where nothing is
/// asked any more.
async fn as_said(world: &World, round: &str, word: Answer) -> bool {
    let open = identity::of_round(&world.ctx, round).await.unwrap();
    let Some(asked) = open.first() else { return false };
    let before = everybody(world, round).await;
    let (done, shown) = (asked.consequence(word), asked.shown());
    let which = Which::One(asked.question.id.clone());
    let by = Actor::operator(OPERATOR);
    let other =
        identity::answer_as_shown(&world.ctx, round, which.clone(), (word, Some(format!("{shown} "))), &by).await;
    assert!(other.unwrap_err().what.contains("something else by now than was shown"));
    let settled = identity::answer_as_shown(&world.ctx, round, which, (word, Some(shown.clone())), &by).await.unwrap();
    let after = everybody(world, round).await;
    let case = format!("{round}: {} {word:?}: {shown} {settled:?}", asked.sentence());
    let about = &asked.question.contact_id;
    for (id, (name, listed)) in &before {
        let (name_now, listed_now) = &after[id];
        let has = done.then == Then::Has(id.clone());
        let is_asked = word == Answer::SamePerson && id == about;
        assert!(name == name_now || is_asked, "{name} is called {name_now}: {case}");
        assert!(name == name_now || shown.contains(&format!("{name} is called {name_now}")), "{case}");
        let leaves = done.leaves && done.gives_up.as_ref() == Some(id);
        assert!(!leaves || shown.contains(&format!("{name} leaves the list")), "{case}");
        let stays_off = word == Answer::SamePerson && shown.contains("stays off the list");
        let expected = !leaves && (has && !stays_off || *listed);
        assert_eq!(*listed_now, expected, "{name}: {case}");
        if has {
            assert_eq!(id_at(world, round, asked.listed.email.as_str()).await, *id, "{case}");
        }
    }
    let new = after.len() - before.len();
    let waits = settled.asked_again.len();
    assert_eq!(new + waits, usize::from(!matches!(done.then, Then::Has(_))), "{case}");
    assert_eq!(settled.left.len(), usize::from(done.leaves), "{case}");
    true
}

async fn whatever_is_answered_is_done_as_it_was_said(world: World) {
    let by = Actor::operator(OPERATOR);
    let words = [Answer::SamePerson, Answer::SomebodyElse];
    let (mut asked, mut seconds) = (0, 0);
    let keys = ["", "K-new", "K-ann", "K-ben"];
    let names = [("Ann", "Lee"), ("Ben", "Koch"), ("Zoe", "Zimmer")];
    let places = ["new@globex.example", ANN, BEN];
    // Whether Ann has been taken off by somebody, and whether the list has her by another row as well.
    for (case, (taken_off, stays)) in [(false, true), (false, false), (true, true)].into_iter().enumerate() {
        for (n, (key, (place, (first, last)))) in keys
            .into_iter()
            .flat_map(|k| places.into_iter().flat_map(move |p| names.into_iter().map(move |n| (k, (p, n)))))
            .enumerate()
        {
            for word in words {
                let round = format!("r-{case}-{n}-{}", if word == Answer::SamePerson { "same" } else { "other" });
                let mut folder = northwind();
                folder.spec.round.clone_from(&round);
                folder.spec.client = format!("Client {round}");
                folder.list.accepted = keyed(|rows| rows.retain(|row| row.account == "Globex" || row.line > 4));
                soundings::steps::round::load(&world.ctx, folder, &by).await.unwrap();
                if taken_off {
                    let contact = id_at(&world, &round, ANN).await;
                    let edit = Edit::Remove { reason: "not to be asked".into() };
                    world.ctx.order(&by, EditContact { contact, edit }).await.unwrap();
                }
                let rows = keyed(|rows| {
                    let mut new =
                        ListedContact { key: key.into(), line: 40, email: address(place), ..row(rows, ANN).clone() };
                    named(&mut new, first, last);
                    rows.retain(|row| row.account != "Globex" && row.line > 4);
                    rows.push(new);
                });
                let allowed = Allowed { keeping_others: stays, removing_everybody: true, ..Allowed::default() };
                load_list(&world.ctx, &round, rows, allowed, &by).await.unwrap();
                if !as_said(&world, &round, word).await {
                    break;
                }
                asked += 1;
                while as_said(&world, &round, Answer::SomebodyElse).await {
                    seconds += 1;
                }
            }
        }
    }
    assert!(asked > 40 && seconds > 4, "{asked} {seconds}");
}

async fn whoever_was_said_not_to_be_meant_is_not_asked_about_again(mut world: World) {
    world.signed().await;
    load(&world, ROUND, keyed(|_| {})).await;
    // A namesake of the row that has Uma's key.
    let list = |with_row: bool| {
        keyed(|rows| {
            let zoe = |line, email: &str, key: &str| {
                let mut zoe = ListedContact { key: key.into(), line, email: address(email), ..rows[0].clone() };
                named(&mut zoe, "Zoe", "Zimmer");
                zoe
            };
            let (known, new) = (zoe(50, "zoe@globex.example", "K-zoe"), zoe(51, "zoe.new@globex.example", "K-uma"));
            rows.push(known);
            if with_row {
                rows.retain(|row| row.key != "K-uma");
                rows.push(new);
            }
        })
    };
    load(&world, ROUND, list(false)).await;
    assert_eq!(load(&world, ROUND, list(true)).await.asked.len(), 1);
    let said = answer(&world, ROUND, "zoe.new@globex.example", Answer::SomebodyElse).await;
    assert_eq!(said.asked_again.len(), 1, "{said:?}");
    let before = open(&world, ROUND).await;
    for _ in 0..2 {
        load(&world, ROUND, list(true)).await;
        assert_eq!(open(&world, ROUND).await, before);
    }
    answer(&world, ROUND, "zoe.new@globex.example", Answer::SomebodyElse).await;
    // Ben was corrected here, and his old mailbox is somebody else's: lists know him under it still.
    world.corrects(crate::common::DORA, BEN, |c| c.email = "ben@globex.example".into()).await;
    let yan = || {
        let mut rows = list(true);
        let row = row(&mut rows, BEN);
        named(row, "Yan", "York");
        row.key = "K-yan".into();
        rows
    };
    let ben = world.person("ben@globex.example").await;
    assert_eq!(load(&world, ROUND, yan()).await.asked.len(), 1);
    answer(&world, ROUND, BEN, Answer::SomebodyElse).await;
    assert_eq!(world.person(BEN).await.first_name, "Yan");
    for _ in 0..2 {
        let c = load(&world, ROUND, yan()).await;
        assert_eq!((c.asked.len(), c.changed, c.added), (0, 0, 0), "{c:?}");
    }
    let now = world.person("ben@globex.example").await;
    assert_eq!((now.id, now.first_name.as_str(), now.removed_at), (ben.id, "Ben", None));
    world.promises_hold().await;
}
