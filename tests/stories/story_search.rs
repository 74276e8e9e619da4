//! Looking for people: by beginnings of words, in any case and spelling, on both databases alike; and lists in the order that people expect.

use soundings::base::folding::sought;
use soundings::store::Db;
use soundings::store::contacts::accounts;
use soundings::store::contacts::search::{self, Order, Search};
use soundings::store::round::rounds;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;
use sqlx::{Connection, Executor};

use crate::common::{DORA, HEADER, ROUND, World, folder};

on_both!(
    people_are_found_by_what_is_typed,
    who_is_called_otherwise_is_found_so,
    rows_of_an_older_version_are_found,
    lists_stand_in_the_order_of_people,
    every_stage_finds_those_who_stand_there_and_no_others,
    people_stand_in_the_order_that_is_asked_for,
);

fn row(account: &str, first: &str, last: &str, email: &str) -> String {
    format!("{account},{first},{last},{email},Buyer,influencer,en,GB,Europe/London,Dora Fields,{DORA},,,no,\n")
}

fn list() -> String {
    [
        HEADER.to_string(),
        row("Hansa Werke 10", "Ömer", "Çelik", "oe.celik@hansa.example"),
        row("Hansa Werke 10", "Jürgen", "Straßer", "j.strasser@hansa.example"),
        row("Hansa Werke 2", "Łucja", "Sørensen", "lucja@sub.hansa-zwei.example"),
        row("Hansa Werke 2", "Siobhán", "O'Brien", "siobhan@hansa-zwei.example"),
        row("ånd & co", "Işıl", "Abel", "isil@and.example"),
        row("Zulu 100%", "Percy", "Under-Score", "percy@zulu.example"),
    ]
    .concat()
}

async fn found(world: &World, typed: &str) -> Vec<String> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    let words = search::narrowed(&mut tx, &round.id, sought(typed)).await.unwrap();
    let search = Search { words: Some(words), ..Search::default() };
    let people = search::page(&mut tx, &round.id, &search, 50, 0).await.unwrap();
    assert_eq!(search::count(&mut tx, &round.id, &search, 1_000).await.unwrap(), people.len() as i64, "{typed}");
    // In no order, the same people; and of them as many as are wanted.
    let mut some = search::some(&mut tx, &round.id, &search, 50).await.unwrap();
    let mut ids: Vec<_> = people.iter().map(|p| p.id.clone()).collect();
    some.sort();
    ids.sort();
    assert_eq!(some, ids, "{typed}");
    let one = search::some(&mut tx, &round.id, &search, 1).await.unwrap();
    assert!(one.len() == ids.len().min(1) && one.iter().all(|id| ids.contains(id)), "{typed}: {one:?}");
    people.into_iter().map(|p| p.first_name).collect()
}

async fn people_are_found_by_what_is_typed(world: World) {
    world.load(folder(&list())).await;
    for (typed, names) in [
        ("ömer", vec!["Ömer"]),
        ("OMER", vec!["Ömer"]),
        ("ÇELİK", vec!["Ömer"]),
        ("strass", vec!["Jürgen"]),
        ("juergen", vec!["Jürgen"]),
        ("STRASSER jur", vec!["Jürgen"]),
        ("soerensen", vec!["Łucja"]),
        ("lucja", vec!["Łucja"]),
        ("obrien", vec!["Siobhán"]),
        ("O’Brien", vec!["Siobhán"]),
        ("isil", vec!["Işıl"]),
        ("IŞIL", vec!["Işıl"]),
        ("and", vec!["Işıl"]),
        ("ＨＡＮＳＡ", vec!["Siobhán", "Łucja", "Ömer", "Jürgen"]),
        ("hansa 2", vec!["Siobhán", "Łucja"]),
        ("werke omer", vec!["Ömer"]),
        ("j.strasser@hansa.example", vec!["Jürgen"]),
        ("lucja@sub", vec!["Łucja"]),
        ("hansa-zwei.example", vec!["Siobhán", "Łucja"]),
        ("percy under_score", vec!["Percy"]),
    ] {
        let (mut is, mut wanted) = (found(&world, typed).await, names);
        is.sort();
        wanted.sort_unstable();
        assert_eq!(is, wanted, "{typed}");
    }
    for nobody in ["example", "mer", "%", "_", "omer abel", "zwei@acme", "x' OR 1=1 --"] {
        assert_eq!(found(&world, nobody).await, Vec::<String>::new(), "{nobody}");
    }
}

async fn who_is_called_otherwise_is_found_so(world: World) {
    world.load(folder(&list())).await;
    world.load(folder(&list().replace("Ömer,Çelik", "Ömer,Yılmaz").replace("Zulu 100%", "Yankee"))).await;
    assert_eq!(found(&world, "yilmaz").await, ["Ömer"]);
    assert_eq!(found(&world, "yankee").await, ["Percy"], "an account that was renamed");
    assert!(found(&world, "zulu 100").await.is_empty(), "its old name is not there any more");
}

async fn rows_of_an_older_version_are_found(world: World) {
    world.load(folder(&list())).await;
    for sql in [
        "UPDATE contact SET words = '', sort_key = ''",
        "UPDATE account SET words = '', sort_key = '', director_key = ''",
        "DELETE FROM contact_word",
        "DELETE FROM account_word",
        "DELETE FROM upgrade",
    ] {
        match world.url.starts_with("sqlite:") {
            true => run_on::<SqliteConnection>(&world.url, sql).await,
            false => run_on::<PgConnection>(&world.url, sql).await,
        }
    }
    assert!(found(&world, "omer").await.is_empty(), "as the older version has left it");
    drop(Db::open(&world.url, "off").await.unwrap());
    assert_eq!(found(&world, "omer").await, ["Ömer"]);
    assert_eq!(found(&world, "hansa 2 siob").await, ["Siobhán"]);
}

async fn run_on<C: Connection>(url: &str, sql: &'static str)
where
    for<'c> &'c mut C: Executor<'c>,
{
    let mut connection = C::connect(url).await.unwrap();
    (&mut connection).execute(sql).await.unwrap();
}

async fn lists_stand_in_the_order_of_people(world: World) {
    world.load(folder(&list())).await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    let people = search::page(&mut tx, &round.id, &Search::default(), 50, 0).await.unwrap();
    let names: Vec<_> = people.iter().map(|p| p.last_name.as_str()).collect();
    assert_eq!(names, ["Abel", "Çelik", "O'Brien", "Sørensen", "Straßer", "Under-Score"]);
    let all = accounts::of_round(&mut tx, &round.id).await.unwrap();
    let names: Vec<_> = all.iter().map(|a| a.name.as_str()).collect();
    assert_eq!(names, ["ånd & co", "Hansa Werke 2", "Hansa Werke 10", "Zulu 100%"]);
}

async fn every_stage_finds_those_who_stand_there_and_no_others(world: World) {
    world.load(folder(&list())).await;
    for sql in [
        // One account is signed whole, and of another one name.
        "UPDATE contact SET standing = 'signed' WHERE last_name IN ('Straßer', 'Çelik', 'Sørensen')",
        "UPDATE account SET standing = 'signed', signed_names = 1 WHERE name = 'Hansa Werke 10'",
        "UPDATE account SET signed_names = 1 WHERE name = 'Hansa Werke 2'",
        "UPDATE contact SET invited_at = 5 WHERE last_name IN ('Abel', 'Straßer', 'O''Brien', 'Sørensen')",
        "UPDATE contact SET started_at = 6 WHERE last_name IN ('Straßer', 'O''Brien')",
        // Of whom one was never invited.
        "UPDATE contact SET completed_at = 7 WHERE last_name IN ('O''Brien', 'Under-Score')",
        "UPDATE contact SET opted_out_at = 8 WHERE last_name = 'Abel'",
        "UPDATE contact SET undeliverable_at = 9 WHERE last_name = 'Sørensen'",
        "UPDATE contact SET left_at = 9 WHERE last_name IN ('Sørensen', 'Çelik')",
        "UPDATE contact SET removed_at = 9, removed_reason = 'gone' WHERE last_name = 'Çelik'",
        "UPDATE contact SET waiting_for = 'absent' WHERE last_name IN ('Straßer', 'Under-Score')",
    ] {
        match world.url.starts_with("sqlite:") {
            true => run_on::<SqliteConnection>(&world.url, sql).await,
            false => run_on::<PgConnection>(&world.url, sql).await,
        }
    }
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    let everybody = search::page(&mut tx, &round.id, &Search::default(), 50, 0).await.unwrap();
    let hansa = everybody.iter().find(|p| p.account == "Hansa Werke 10").unwrap().account_id.clone();
    for (stage, names) in [
        ("listed", vec!["Abel", "O'Brien", "Sørensen", "Straßer", "Under-Score"]),
        ("removed", vec!["Çelik"]),
        ("signed", vec!["Sørensen", "Straßer"]),
        ("unsigned", vec!["Abel", "O'Brien", "Under-Score"]),
        ("invited", vec!["Abel", "O'Brien", "Sørensen", "Straßer"]),
        ("reachable", vec!["Abel", "O'Brien", "Straßer", "Under-Score"]),
        ("not_answered", vec!["Straßer"]),
        ("started", vec!["O'Brien", "Straßer"]),
        ("not_finished", vec!["Straßer"]),
        ("completed", vec!["O'Brien", "Under-Score"]),
        ("opted_out", vec!["Abel"]),
        ("kept_out", vec![]),
        ("undeliverable", vec!["Sørensen"]),
        ("left", vec!["Çelik", "Sørensen"]),
        ("away_until_the_close", vec!["Straßer"]),
        ("to_repair", vec![]),
    ] {
        let mut search = Search { stage: stage.into(), ..Search::default() };
        let found = search::page(&mut tx, &round.id, &search, 50, 0).await.unwrap();
        assert_eq!(found.iter().map(|p| p.last_name.as_str()).collect::<Vec<_>>(), names, "{stage}");
        assert_eq!(search::count(&mut tx, &round.id, &search, 50).await.unwrap(), names.len() as i64, "{stage}");
        // The same within an account, and by words.
        search.account = Some(hansa.clone());
        let there: Vec<&str> = names.iter().copied().filter(|n| ["Çelik", "Straßer"].contains(n)).collect();
        let found = search::page(&mut tx, &round.id, &search, 50, 0).await.unwrap();
        assert_eq!(found.iter().map(|p| p.last_name.as_str()).collect::<Vec<_>>(), there, "{stage} at Hansa Werke 10");
        assert_eq!(search::count(&mut tx, &round.id, &search, 50).await.unwrap(), there.len() as i64, "{stage}");
        search.account = None;
        search.words = Some(search::narrowed(&mut tx, &round.id, sought("hansa")).await.unwrap());
        let found = search::page(&mut tx, &round.id, &search, 50, 0).await.unwrap();
        let hansas = |n: &&&str| !["Abel", "Under-Score"].contains(*n);
        assert_eq!(found.len(), names.iter().filter(hansas).count(), "{stage} of hansa");
        search.words = None;
        search.role = "influencer".into();
        assert_eq!(search::count(&mut tx, &round.id, &search, 50).await.unwrap(), names.len() as i64, "{stage}");
    }
}

async fn people_stand_in_the_order_that_is_asked_for(world: World) {
    world.load(folder(&list())).await;
    for sql in [
        "UPDATE contact SET role = 'key_decision_maker' WHERE last_name IN ('Çelik', 'Abel')",
        "UPDATE contact SET invited_at = 5, last_sent_at = 5 WHERE last_name = 'Sørensen'",
        "UPDATE contact SET invited_at = 5, started_at = 6, last_sent_at = 4 WHERE last_name = 'Çelik'",
        "UPDATE contact SET invited_at = 5, completed_at = 6, last_sent_at = 9 WHERE last_name = 'O''Brien'",
        "UPDATE contact SET removed_at = 9, removed_reason = 'gone' WHERE last_name = 'Abel'",
    ] {
        match world.url.starts_with("sqlite:") {
            true => run_on::<SqliteConnection>(&world.url, sql).await,
            false => run_on::<PgConnection>(&world.url, sql).await,
        }
    }
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap();
    let hansa = search::narrowed(&mut tx, &round.id, sought("hansa")).await.unwrap();
    for (order, names) in [
        (Order::Name, ["Abel", "Çelik", "O'Brien", "Sørensen", "Straßer", "Under-Score"]),
        (Order::Account, ["Abel", "O'Brien", "Sørensen", "Çelik", "Straßer", "Under-Score"]),
        (Order::Role, ["Abel", "Çelik", "O'Brien", "Sørensen", "Straßer", "Under-Score"]),
        (Order::Stage, ["Straßer", "Under-Score", "Sørensen", "Çelik", "O'Brien", "Abel"]),
        (Order::LastSent, ["Abel", "Straßer", "Under-Score", "Çelik", "Sørensen", "O'Brien"]),
    ] {
        let mut search = Search { order, ..Search::default() };
        let mut pages = Vec::new();
        for page in 0..3 {
            pages.extend(search::page(&mut tx, &round.id, &search, 2, 2 * page).await.unwrap());
        }
        assert_eq!(pages.iter().map(|p| p.last_name.as_str()).collect::<Vec<_>>(), names, "{order:?}");
        search.words = Some(hansa.clone());
        let found = search::page(&mut tx, &round.id, &search, 50, 0).await.unwrap();
        let hansas: Vec<&str> = names.iter().copied().filter(|n| !["Abel", "Under-Score"].contains(n)).collect();
        assert_eq!(found.iter().map(|p| p.last_name.as_str()).collect::<Vec<_>>(), hansas, "{order:?} of hansa");
    }
}
