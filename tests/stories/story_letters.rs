//! A list that was saved in another encoding: names that have lost their letters never replace names that have them.

use soundings::rules::journal::Actor;
use soundings::steps::contacts::{Allowed, Changes, load_list};
use soundings::store::contacts::search::{self, Search};
use soundings::store::contacts::{Person, accounts};
use soundings::store::round::rounds;

use crate::common::{OPERATOR, ROUND, World, northwind, northwind_with};

on_both!(
    names_without_letters_leave_a_draft_as_it_was_and_are_counted,
    a_round_that_was_started_keeps_its_names_too,
    a_name_that_nobody_knows_better_is_loaded_with_its_finding,
    who_is_new_in_such_a_list_is_at_the_account_of_the_others,
);

/// Lost in every way in which programs lose letters.
const LOST: [(&str, &str); 4] = [
    ("Globex,Ann,Lee", "Globex,???,???"),
    ("Globex,Ben,Koch", "Globex,\u{fffd}\u{fffd}\u{fffd},Koch"),
    ("Umbra,Uma,Reid", "?????,Uma,R?id"),
    ("Dora Fields,dora", "???? ??????,dora"),
];

async fn people(world: &World) -> Vec<Person> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id;
    search::page(&mut tx, &round, &Search::default(), 100, 0).await.unwrap()
}

async fn names(world: &World) -> Vec<String> {
    let mut all: Vec<String> =
        people(world).await.iter().map(|p| format!("{} {} at {}", p.first_name, p.last_name, p.account)).collect();
    all.sort();
    all
}

async fn directors(world: &World) -> Vec<String> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id;
    accounts::of_round(&mut tx, &round).await.unwrap().into_iter().map(|a| a.director_name).collect()
}

async fn to_look_at(world: &World) -> usize {
    people(world).await.iter().filter(|p| p.findings.contains("\"character_lost\"")).count()
}

async fn names_without_letters_leave_a_draft_as_it_was_and_are_counted(world: World) {
    world.load(northwind()).await;
    let (known, asked) = (names(&world).await, directors(&world).await);
    let c = world.load(northwind_with(&LOST)).await.contacts;
    assert_eq!((c.letters_lost.len(), c.added, c.removed, c.moved.len(), c.renamed.len()), (3, 0, 0, 0, 0), "{c:?}");
    assert_eq!(c.letters_lost[0].name, "Ann Lee");
    assert_eq!((names(&world).await, directors(&world).await), (known.clone(), asked.clone()));
    assert_eq!(to_look_at(&world).await, 3);
    let ann = people(&world).await.into_iter().find(|p| p.first_name == "Ann").unwrap();
    assert!(ann.findings.contains("Until then Ann Lee at Globex stays."), "{}", ann.findings);
    // Once more changes nothing; the list as it should be takes the findings away.
    let c = world.load(northwind_with(&LOST)).await.contacts;
    assert_eq!((c.changed, c.letters_lost.len()), (0, 3), "{c:?}");
    let c = world.load(northwind()).await.contacts;
    assert_eq!((c.letters_lost.len(), to_look_at(&world).await), (0, 0), "{c:?}");
    assert_eq!((names(&world).await, directors(&world).await), (known, asked));
    // The twin: a name with letters replaces another.
    let c = world.load(northwind_with(&[("Globex,Ann,Lee", "Globex,Änne,Łeś")])).await.contacts;
    assert_eq!((c.changed, c.letters_lost.len()), (1, 0), "{c:?}");
    assert!(names(&world).await.contains(&"Änne Łeś at Globex".to_string()));
}

async fn a_round_that_was_started_keeps_its_names_too(world: World) {
    world.load(northwind()).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    let known = names(&world).await;
    let rows = northwind_with(&LOST).list.accepted;
    let c = load_list(&world.ctx, ROUND, rows, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap();
    assert_eq!((c.letters_lost.len(), c.added, c.moved.len()), (3, 0, 0), "{c:?}");
    assert_eq!(names(&world).await, known);
}

async fn a_name_that_nobody_knows_better_is_loaded_with_its_finding(world: World) {
    let c = world.load(northwind_with(&LOST)).await.contacts;
    assert_eq!(c, Changes { added: 5, ..Changes::default() });
    assert!(names(&world).await.contains(&"??? ??? at Globex".to_string()), "{:?}", names(&world).await);
    let c = world.load(northwind()).await.contacts;
    assert_eq!(c.letters_lost.len(), 0);
    assert!(names(&world).await.contains(&"Ann Lee at Globex".to_string()));
}

/// A known name under a new address is asked about, also where the account's name has lost its letters.
async fn who_is_new_in_such_a_list_is_at_the_account_of_the_others(world: World) {
    let umlauts = [("Globex,", "Glöbex,")];
    world.load(northwind_with(&umlauts)).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    let known = names(&world).await;
    let broken = [("Globex,", "Gl?bex,"), ("ann.lee@globex.example", "ann.lee@globex-new.example")];
    let rows = northwind_with(&broken).list.accepted;
    assert!(rows.iter().any(|r| r.email.as_str() == "ann.lee@globex-new.example" && r.account == "Gl?bex"), "{rows:?}");
    let c = load_list(&world.ctx, ROUND, rows, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap();
    assert_eq!((c.added, c.asked.len()), (0, 1), "{c:?}");
    assert_eq!(names(&world).await, known, "no second account");
}
