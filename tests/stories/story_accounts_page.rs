//! The page of accounts: what it finds, in which order, and what each account keeps of its people, on both databases alike.

use soundings::base::clock::MINUTE;
use soundings::base::folding::sought;
use soundings::base::ids::AccountId;
use soundings::rules::contacts::Role;
use soundings::store::completion;
use soundings::store::contacts::accounts;
use soundings::store::contacts::accounts::account_people;
use soundings::store::contacts::accounts::accounts_page::{self, Filter, LOOKED_THROUGH, Order, Search};

use crate::common::{ANN, BEN, CYD, DORA, ERIK, HEADER, UMA, World, crowd, folder, northwind_with};

on_both!(
    every_filter_finds_those_accounts_and_no_others,
    the_orders_are_the_same_for_few_and_for_many,
    of_a_director_of_thousands_none_is_missing,
    what_an_account_keeps_of_its_people_follows_them,
);

async fn names(world: &World, ids: &[AccountId]) -> Vec<String> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let mut all = Vec::new();
    for id in ids {
        all.push(accounts::by_id(&mut tx, id).await.unwrap().unwrap().name);
    }
    all
}

async fn found(world: &World, search: Search, limit: i64, offset: i64) -> (Vec<String>, i64) {
    let live = world.live().await;
    let (ids, total) = {
        let mut tx = world.ctx.db.read().await.unwrap();
        accounts_page::page(&mut tx, &live.id, &search, (limit, offset), 10_000).await.unwrap()
    };
    (names(world, &ids).await, total)
}

async fn of(world: &World, filter: Filter) -> Vec<String> {
    let (names, total) = found(world, Search { filter, ..Search::default() }, 50, 0).await;
    assert_eq!(names.len() as i64, total, "{filter:?}");
    names
}

async fn every_filter_finds_those_accounts_and_no_others(mut world: World) {
    world.started().await;
    world.sign_all(DORA, "sign_off").await;
    assert_eq!(of(&world, Filter::All).await, ["Globex", "Initech", "Umbra"]);
    assert_eq!(of(&world, Filter::Unsigned).await, ["Initech"]);
    assert_eq!(of(&world, Filter::Strategic).await, ["Initech"]);
    assert!(of(&world, Filter::Silent).await.is_empty(), "nobody is invited yet");
    world.sign_all(ERIK, "sign_off").await;
    world.work().await;
    world.sign_all(crate::common::SALES_DIRECTOR, "counter_sign").await;
    world.pass_to("2027-02-10T18:00:00Z").await;
    assert_eq!(of(&world, Filter::Silent).await, ["Globex", "Initech", "Umbra"]);
    world.answers(&world.mail_to(ANN, "invitation")).await.unwrap();
    assert_eq!(of(&world, Filter::Silent).await, ["Initech", "Umbra"]);
    assert_eq!(of(&world, Filter::Without(Role::Influencer)).await, ["Initech", "Umbra"]);
    assert_eq!(of(&world, Filter::Without(Role::KeyDecisionMaker)).await, ["Globex", "Initech", "Umbra"]);
    world.answers(&world.mail_to(CYD, "invitation")).await.unwrap();
    assert_eq!(of(&world, Filter::Without(Role::KeyDecisionMaker)).await, ["Globex", "Umbra"]);
    assert_eq!(of(&world, Filter::Silent).await, ["Umbra"]);
    let of_dora = Search { filter: Filter::Silent, director: DORA.into(), ..Search::default() };
    assert_eq!(found(&world, of_dora, 50, 0).await, (vec!["Umbra".to_string()], 1));
    assert!(of(&world, Filter::Unsigned).await.is_empty());
    let doras = Search { director: DORA.into(), order: Order::Revenue, ..Search::default() };
    assert_eq!(found(&world, doras, 50, 0).await, (vec!["Globex".to_string(), "Umbra".into()], 2));
    let live = world.live().await;
    for (typed, wanted) in
        [("glob", vec!["Globex"]), ("INIT", vec!["Initech"]), ("lobex", vec![]), ("glob umbra", vec![])]
    {
        let words = {
            let mut tx = world.ctx.db.read().await.unwrap();
            accounts_page::narrowed(&mut tx, &live.id, sought(typed)).await.unwrap()
        };
        let search = Search { words: Some(words), ..Search::default() };
        assert_eq!(found(&world, search, 50, 0).await.0, wanted, "{typed}");
    }
    // Whose last name is taken off stays what the account rate lacks.
    world.removes(DORA, UMA).await;
    assert_eq!(of(&world, Filter::All).await, ["Globex", "Initech"]);
    assert_eq!(of(&world, Filter::Silent).await, ["Umbra"]);
    let rate = {
        let mut tx = world.ctx.db.read().await.unwrap();
        completion::accounts(&mut tx, &live.id).await.unwrap()
    };
    assert_eq!(rate.invited - rate.completed, 1);
    world.promises_hold().await;
}

async fn the_orders_are_the_same_for_few_and_for_many(mut world: World) {
    world.load(crowd(70)).await;
    world.order(soundings::steps::round::RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-08T18:00:00Z").await;
    for who in ["pat0001@account000.example", "pat0002@account000.example", "pat0031@account003.example"] {
        world.answers(&world.mail_to(who, "invitation")).await.unwrap();
    }
    for order in [Order::Name, Order::Rate, Order::Revenue, Order::Director, Order::Manager, Order::LastSent] {
        // Many are read in the order of an index, the accounts of one director are put in order by the program.
        let many = found(&world, Search { order, ..Search::default() }, 50, 0).await;
        let few = found(&world, Search { order, director: DORA.into(), ..Search::default() }, 50, 0).await;
        assert_eq!((many.0.len(), many.1), (7, 7));
        assert_eq!(many, few, "{order:?}");
        let mut pages = Vec::new();
        for page in 0..4 {
            pages.extend(found(&world, Search { order, ..Search::default() }, 2, 2 * page).await.0);
        }
        assert_eq!(pages, many.0, "pages follow each other without a gap");
    }
    let rate = found(&world, Search { order: Order::Rate, ..Search::default() }, 50, 0).await.0;
    assert_eq!(rate[5..], ["Account 003", "Account 000"], "the lowest first");
    world.promises_hold().await;
}

async fn of_a_director_of_thousands_none_is_missing(world: World) {
    let n = LOOKED_THROUGH as usize + 3;
    let mut list = HEADER.to_string();
    for account in 0..n {
        // The dearest are the last by name.
        list.push_str(&format!(
            "Account {account:04},Pat,Number{account:04},pat@account{account:04}.example,Buyer,influencer,en,GB,Europe/London,\
             Dora Fields,{DORA},,,no,{}\n",
            1_000 + account
        ));
    }
    world.load(folder(&list)).await;
    let doras = |order| Search { order, director: DORA.into(), ..Search::default() };
    let (first, total) = found(&world, doras(Order::Name), 2, 0).await;
    assert_eq!((first.join(", "), total), ("Account 0000, Account 0001".to_string(), n as i64));
    let (dearest, _) = found(&world, doras(Order::Revenue), 2, 0).await;
    assert_eq!(dearest, [format!("Account {:04}", n - 1), format!("Account {:04}", n - 2)]);
    let (last, _) = found(&world, doras(Order::Name), 50, n as i64 - 1).await;
    assert_eq!(last, [format!("Account {:04}", n - 1)]);
    let strategic = Search { filter: Filter::Strategic, ..doras(Order::Name) };
    assert_eq!(found(&world, strategic, 2, 0).await.1, 0);
    world.promises_hold().await;
}

async fn what_an_account_keeps_of_its_people_follows_them(mut world: World) {
    world.signed().await;
    world.pass_to("2027-02-10T18:00:00Z").await;
    world.answers(&world.mail_to(BEN, "invitation")).await.unwrap();
    let live = world.live().await;
    let globex = world.account("Globex").await.id;
    let kept = async |world: &World| {
        let mut tx = world.ctx.db.read().await.unwrap();
        let roles = account_people::by_role(&mut tx, &[&globex]).await.unwrap().remove(&globex).unwrap();
        assert_eq!(account_people::astray(&mut tx, &live.id).await.unwrap(), 0);
        let own = account_people::kept(&mut tx, &[&globex]).await.unwrap().remove(&globex).unwrap().answered();
        assert!(roles.iter().all(|r| (r.completed > 0) == own.contains(&r.role)), "{own:?}");
        roles.into_iter().map(|r| (r.role, r.completed, r.reachable)).collect::<Vec<_>>()
    };
    let decider = (Role::KeyDecisionMaker, 1, 1);
    assert_eq!(kept(&world).await, [(Role::Influencer, 0, 1), decider]);
    // Another role, another account: an answer goes with its contact.
    world.corrects(DORA, ANN, |c| c.role = "operational_contact".into()).await;
    assert_eq!(kept(&world).await, [decider, (Role::OperationalContact, 0, 1)]);
    let moved = northwind_with(&[("Umbra,Uma", "Globex,Uma"), ("Globex,Ben", "Umbra,Ben")]);
    world.load_confirmed(moved).await;
    world.ctx.clock.turn_to(world.now().plus(MINUTE));
    assert!(!kept(&world).await.contains(&decider));
    world.pass_to("2027-02-12T18:00:00Z").await;
    kept(&world).await;
    world.promises_hold().await;
}
