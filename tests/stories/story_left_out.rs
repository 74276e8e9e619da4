//! Rows of lists that could not be used, where a draft has several lists: each list keeps its own, and takes back what it says anew.

use soundings::base::ids::RoundId;
use soundings::rules::contacts::check::{CheckedList, Unread};
use soundings::rules::journal::Actor;
use soundings::steps::contacts::{Allowed, load_checked};
use soundings::store::contacts::left_out;
use soundings::store::round::rounds;

use crate::common::{DORA, OPERATOR, ROUND, World, crowd, northwind};

on_both!(each_of_several_lists_keeps_the_rows_that_could_not_be_used, a_whole_list_takes_the_place_of_all_before,);

const SEVERAL: Allowed =
    Allowed { keeping_others: true, removing_everybody: false, losing_owners: false, taking_off: false };

fn unread(line: u64, who: &str, account: &str, director: &str) -> Unread {
    Unread { line, who: who.into(), account: account.into(), director: director.into(), why: "no address".into() }
}

async fn loads(world: &World, list: &CheckedList, allowed: Allowed) {
    load_checked(&world.ctx, ROUND, list, allowed, &Actor::operator(OPERATOR)).await.unwrap();
}

async fn kept(world: &World) -> Vec<(i64, String)> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round: RoundId = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id;
    left_out::of_round(&mut tx, &round).await.unwrap().into_iter().map(|row| (row.line, row.who)).collect()
}

fn told(rows: &[(i64, &str)]) -> Vec<(i64, String)> {
    rows.iter().map(|(line, who)| (*line, (*who).to_string())).collect()
}

/// The usual list with two rows that cannot be used, and another one whose rows have the same numbers.
fn two() -> (CheckedList, CheckedList) {
    let mut first = northwind().list;
    first.unread = vec![unread(7, "Ida Falk", "Globex", DORA), unread(8, "Row 8", "", "")];
    let mut second = crowd(20).list;
    second.unread =
        vec![unread(7, "Paul Klein", "Account 001", DORA), unread(9, "Nobody", "", "max@elsewhere.example")];
    (first, second)
}

async fn each_of_several_lists_keeps_the_rows_that_could_not_be_used(world: World) {
    let (mut first, mut second) = two();
    world.load(northwind()).await;
    loads(&world, &first, SEVERAL).await;
    loads(&world, &second, SEVERAL).await;
    assert_eq!(
        kept(&world).await,
        told(&[(7, "Ida Falk"), (7, "Paul Klein"), (8, "Row 8"), (9, "Nobody")]),
        "also those of the same number"
    );
    loads(&world, &second, SEVERAL).await;
    assert_eq!(kept(&world).await.len(), 4, "a list that is loaded again says its own once");
    second.unread.remove(0);
    loads(&world, &second, SEVERAL).await;
    assert_eq!(kept(&world).await, told(&[(7, "Ida Falk"), (8, "Row 8"), (9, "Nobody")]), "the row was mended");
    first.unread = vec![unread(9, "Row 8", "", "")];
    loads(&world, &first, SEVERAL).await;
    assert_eq!(kept(&world).await, told(&[(9, "Nobody"), (9, "Row 8")]));
    world.promises_hold().await;
}

async fn a_whole_list_takes_the_place_of_all_before(world: World) {
    let (first, second) = two();
    world.load(northwind()).await;
    loads(&world, &first, SEVERAL).await;
    loads(&world, &second, SEVERAL).await;
    loads(&world, &first, Allowed { taking_off: true, ..Allowed::default() }).await;
    assert_eq!(kept(&world).await, told(&[(7, "Ida Falk"), (8, "Row 8")]));
    world.promises_hold().await;
}
