//! The address under which a list knows somebody: it finds nobody else, and whoever had it comes back by it.

use soundings::base::address::EmailAddress;
use soundings::base::clock::MINUTE;
use soundings::rules::contacts::ListedContact;
use soundings::rules::contacts::check::CheckedList;
use soundings::rules::journal::Actor;
use soundings::steps::contacts::people::identity::{self, Answer, Which};
use soundings::steps::contacts::{Allowed, Changes, difference, load_list};
use soundings::steps::signoff::names::editing::{Correction, Edit, EditContact};
use soundings::store::contacts::Person;

use crate::common::{ANN, BEN, OPERATOR, ROUND, World, northwind};

on_both!(
    who_gets_an_address_that_a_list_has_for_somebody_else_is_nobody_else,
    a_row_that_a_director_has_corrected_stays_his,
    who_was_taken_off_comes_back_by_a_former_address,
    who_has_lost_the_last_address_comes_back_at_an_earlier_one,
    of_several_who_had_an_address_the_named_one_is_meant,
);

const ANNA: &str = "anna@globex.example";
const MOVED: &str = "anna.lee@globex.example";

fn by() -> Actor {
    Actor::operator(OPERATOR)
}

fn list(change: impl FnOnce(&mut Vec<ListedContact>)) -> Vec<ListedContact> {
    let mut rows = northwind().list.accepted;
    change(&mut rows);
    rows
}

fn keyed(change: impl FnOnce(&mut Vec<ListedContact>)) -> Vec<ListedContact> {
    list(|rows| {
        for row in rows.iter_mut() {
            row.key = format!("K-{}", row.first_name.to_lowercase());
        }
        change(rows);
    })
}

fn address(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn row<'r>(rows: &'r mut [ListedContact], email: &str) -> &'r mut ListedContact {
    rows.iter_mut().find(|row| row.email.as_str() == email).unwrap()
}

/// One more row, like the one at `like`.
fn and(rows: &mut Vec<ListedContact>, like: &str, (first, last, key): (&str, &str, &str), email: &str) {
    let line = 20 + rows.len() as u64;
    let (first_name, last_name, key) = (first.into(), last.into(), key.into());
    let new = ListedContact { line, first_name, last_name, key, email: address(email), ..row(rows, like).clone() };
    rows.push(new);
}

/// Each list is the whole.
const WHOLE: Allowed =
    Allowed { removing_everybody: false, losing_owners: false, keeping_others: false, taking_off: true };

async fn load(world: &World, rows: Vec<ListedContact>) -> Changes {
    // Ids of one instant are in no order.
    world.ctx.clock.turn_to(world.now().plus(MINUTE));
    load_list(&world.ctx, ROUND, rows, WHOLE, &by()).await.unwrap()
}

async fn answers(world: &World, answer: Answer) {
    // Each by itself: whoever leaves the list by an answer is named beside it.
    for asked in identity::of_round(&world.ctx, ROUND).await.unwrap() {
        let which = Which::One(asked.question.id.clone());
        identity::answer(&world.ctx, ROUND, which, answer, &by()).await.unwrap();
    }
}

async fn moves(world: &World, person: &Person, to: &str) {
    let edit = Edit::Correct(Correction {
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        email: to.into(),
        job_title: person.job_title.clone(),
        role: person.role.as_str().into(),
        reason: "knows better".into(),
    });
    world.ctx.order(&by(), EditContact { contact: person.id.clone(), edit }).await.unwrap();
}

async fn who_gets_an_address_that_a_list_has_for_somebody_else_is_nobody_else(world: World) {
    world.load(northwind()).await;
    load(&world, keyed(|_| {})).await;
    let (ann, ben) = (world.person(ANN).await, world.person(BEN).await);
    moves(&world, &ann, ANNA).await;
    moves(&world, &ben, "ben@globex.example").await;
    // Zoe has no key, and Yan has one.
    let rows = || {
        keyed(|rows| {
            row(rows, ANN).email = address(ANNA);
            row(rows, BEN).email = address("ben@globex.example");
            and(rows, ANNA, ("Zoe", "Zimmer", ""), ANN);
            and(rows, ANNA, ("Yan", "York", "K-yan"), BEN);
        })
    };
    assert_eq!(load(&world, rows()).await.asked.len(), 2);
    answers(&world, Answer::SomebodyElse).await;
    for _ in 0..2 {
        let c = load(&world, rows()).await;
        assert_eq!((c.asked.len(), c.added, c.removed, c.unchanged), (0, 0, 0, 5), "{c:?}");
        assert_eq!(
            (world.person(ANN).await.first_name, world.person(BEN).await.first_name),
            ("Zoe".into(), "Yan".into())
        );
        assert_eq!((world.person(ANNA).await.id, world.person(ANNA).await.removed_at), (ann.id.clone(), None));
    }
    // Zoe has another address by now, and her old one is nobody's.
    let zoe = world.person(ANN).await;
    let c = load(
        &world,
        keyed(|rows| {
            row(rows, ANN).email = address(ANNA);
            row(rows, BEN).email = address("ben@globex.example");
            and(rows, ANNA, ("Zoe", "Zimmer", ""), "zoe@globex.example");
            and(rows, ANNA, ("Yan", "York", "K-yan"), BEN);
        }),
    )
    .await;
    assert_eq!(c.asked.len(), 1, "{c:?}");
    answers(&world, Answer::SamePerson).await;
    assert_eq!(world.person("zoe@globex.example").await.id, zoe.id);
    world.promises_hold().await;
}

async fn a_row_that_a_director_has_corrected_stays_his(world: World) {
    world.load(northwind()).await;
    let ann = world.person(ANN).await;
    moves(&world, &ann, ANNA).await;
    for key in ["", "K-ann"] {
        let c = load(&world, list(|rows| row(rows, ANN).key = key.into())).await;
        assert_eq!((c.asked.len(), c.added, c.removed, c.kept_as_edited), (0, 0, 0, 1), "{c:?}");
        assert_eq!(world.person(ANNA).await.removed_at, None);
    }
    // The client gives the old address to Ben, whom his key names.
    load(&world, keyed(|rows| row(rows, ANN).email = address(ANNA))).await;
    let ben = world.person(BEN).await;
    let swapped = || {
        keyed(|rows| {
            row(rows, ANN).email = address(ANNA);
            row(rows, BEN).email = address(ANN);
        })
    };
    let c = load(&world, swapped()).await;
    assert_eq!((c.asked.len(), c.removed, world.person(ANN).await.id), (0, 0, ben.id), "{c:?}");
    assert_eq!(load(&world, swapped()).await.unchanged, 4);
    world.promises_hold().await;
}

async fn who_was_taken_off_comes_back_by_a_former_address(world: World) {
    world.load(northwind()).await;
    load(&world, list(|rows| row(rows, ANN).email = address(MOVED))).await;
    answers(&world, Answer::SamePerson).await;
    let ann = world.person(MOVED).await.id;
    for both in [false, true] {
        assert_eq!(load(&world, list(|rows| rows.retain(|row| row.email.as_str() != ANN))).await.removed, 1);
        let rows = list(|rows| {
            if both {
                and(rows, ANN, ("Ann", "Lee", ""), MOVED);
            }
        });
        let shown = CheckedList { accepted: rows.clone(), ..northwind().list };
        let d = difference(&world.ctx, ROUND, &shown, WHOLE).await.unwrap();
        let changed: Vec<_> = d.changed.iter().filter(|c| c.fields.contains_key("on_the_list")).collect();
        assert_eq!((changed.len(), d.gone.len()), (1, 0), "{d:?}");
        let c = load(&world, rows).await;
        assert_eq!((c.asked.len(), c.added, c.removed, c.changed), (0, 0, 0, 1), "{both}: {c:?}");
        let is = world.person(MOVED).await;
        assert_eq!((is.removed_at, &is.id, is.email.as_str()), (None, &ann, MOVED), "{both}");
    }
    world.promises_hold().await;
}

async fn who_has_lost_the_last_address_comes_back_at_an_earlier_one(world: World) {
    world.load(northwind()).await;
    load(&world, list(|rows| row(rows, ANN).email = address(MOVED))).await;
    answers(&world, Answer::SamePerson).await;
    load(&world, keyed(|rows| row(rows, ANN).email = address(MOVED))).await;
    let ann = world.person(MOVED).await.id;
    let zoe = ("Zoe", "Zimmer", "K-zoe");
    let rows = keyed(|rows| {
        let row = row(rows, ANN);
        (row.first_name, row.last_name, row.key) = (zoe.0.into(), zoe.1.into(), zoe.2.into());
        row.email = address(MOVED);
    });
    assert_eq!(load(&world, rows).await.asked.len(), 1);
    answers(&world, Answer::SomebodyElse).await;
    let c = load(&world, keyed(|rows| and(rows, ANN, zoe, MOVED))).await;
    assert_eq!((c.asked.len(), c.added, c.removed), (0, 0, 0), "{c:?}");
    let is = world.person(ANN).await;
    assert_eq!((is.id, is.removed_at), (ann, None));
    assert_eq!(world.person(MOVED).await.first_name, "Zoe");
    world.promises_hold().await;
}

async fn of_several_who_had_an_address_the_named_one_is_meant(world: World) {
    world.load(northwind()).await;
    load(&world, list(|rows| row(rows, ANN).email = address(MOVED))).await;
    answers(&world, Answer::SamePerson).await;
    let ben_at = |at: &'static str| {
        move |rows: &mut Vec<ListedContact>| {
            row(rows, ANN).email = address(MOVED);
            row(rows, BEN).email = address(at);
        }
    };
    load(&world, keyed(ben_at(BEN))).await;
    // Ben has had it after Ann, as his key says, and has another one by now, as somebody says.
    load(&world, keyed(ben_at(ANN))).await;
    load(&world, list(ben_at("ben@globex.example"))).await;
    answers(&world, Answer::SamePerson).await;
    let (ann, ben) = (world.person(MOVED).await, world.person("ben@globex.example").await);
    for (person, first, last) in [(&ann, "Ann", "Lee"), (&ben, "Ben", "Koch")] {
        let rows = list(|rows| {
            rows.retain(|row| row.email.as_str() != ANN && row.email.as_str() != BEN);
            let like = rows[0].email.to_string();
            and(rows, &like, (first, last, ""), ANN);
        });
        let shown = CheckedList { accepted: rows, ..northwind().list };
        let d = difference(&world.ctx, ROUND, &shown, WHOLE).await.unwrap();
        assert!(d.asked.is_empty() && d.added.is_empty(), "{first}: {d:?}");
        assert!(d.kept.iter().any(|kept| kept.contact == person.id), "{first}: {d:?}");
    }
    world.promises_hold().await;
}
