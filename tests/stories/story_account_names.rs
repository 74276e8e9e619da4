//! Accounts under several names: a legal form that differs is asked about once, a new name in a started round is a new name.

use soundings::rules::contacts::check::CheckedList;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::accounts::account_questions::{self, AnswerAboutAccounts, WhichAccounts};
use soundings::steps::contacts::people::identity::Answer;
use soundings::steps::contacts::{Allowed, Changes, difference, load_list};

use crate::common::{ANN, BEN, DORA, OPERATOR, ROUND, UMA, World, folder, northwind, northwind_with};

on_both!(
    a_legal_form_that_differs_is_asked_and_remembered,
    two_companies_of_one_stem_stay_two,
    an_account_of_a_started_round_gets_another_name,
    who_moves_is_signed_where_he_comes_to,
    whatever_a_list_says_nobody_stands_under_a_name_that_is_not_his,
    where_most_of_an_account_move_it_is_asked,
);

/// The usual list, with one more person at an account of this name.
fn with_form(name: &str) -> CheckedList {
    let mut list = northwind().list;
    let mut row = list.accepted[1].clone();
    (row.line, row.account) = (7, name.into());
    (row.first_name, row.last_name) = ("Ida".into(), "Falk".into());
    row.email = soundings::base::address::EmailAddress::parse("ida.falk@globex.example").unwrap();
    list.accepted.push(row);
    list
}

async fn load_into(world: &World, round: &str, list: &CheckedList) -> Changes {
    let rows = list.accepted.clone();
    load_list(&world.ctx, round, rows, Allowed::default(), &Actor::operator(OPERATOR)).await.unwrap()
}

async fn load(world: &World, list: &CheckedList) -> Changes {
    load_into(world, ROUND, list).await
}

async fn answer(world: &World, answer: Answer) -> Vec<String> {
    let which = WhichAccounts::Pair("globex gmbh".into(), "GLOBEX".into());
    let order = AnswerAboutAccounts { slug: ROUND.into(), which, answer };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap()
}

async fn a_legal_form_that_differs_is_asked_and_remembered(mut world: World) {
    world.signed().await;
    let list = with_form("Globex GmbH");
    let d = difference(&world.ctx, ROUND, &list, Allowed::default()).await.unwrap();
    assert_eq!(
        d.same_account.iter().map(|s| (s.account.as_str(), s.known.as_str())).collect::<Vec<_>>(),
        [("Globex GmbH", "Globex")]
    );
    let c = load(&world, &list).await;
    assert_eq!((c.added, c.same_account.len()), (1, 1));
    assert_eq!(world.person("ida.falk@globex.example").await.account, "Globex GmbH", "never merged in silence");
    // The same list asks nothing new, and the question stays.
    assert!(load(&world, &list).await.same_account.is_empty());
    let open = account_questions::of_round(&world.ctx, ROUND).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(
        account_questions::sentence(&open[0]),
        "Globex GmbH (1 name) has come with a list: the same account as Globex?"
    );
    let said = answer(&world, Answer::SamePerson).await;
    assert_eq!(said, ["1 name goes from Globex GmbH to Globex and is to be signed there."]);
    assert_eq!(world.person("ida.falk@globex.example").await.account, "Globex");
    assert_eq!(world.account("Globex").await.standing, Standing::Unsigned);
    assert!(account_questions::of_round(&world.ctx, ROUND).await.unwrap().is_empty());
    // From now on the list's name means the account, here and in the client's next round.
    assert_eq!(load(&world, &list).await, Changes { unchanged: 6, ..Changes::default() });
    let mut next = northwind();
    next.spec.round = "northwind-2028".into();
    next.list = list;
    soundings::steps::round::load(&world.ctx, next, &Actor::operator(OPERATOR)).await.unwrap();
    assert!(account_questions::of_round(&world.ctx, "northwind-2028").await.unwrap().is_empty());
    let again = load_into(&world, "northwind-2028", &with_form("GLOBEX G.m.b.H.")).await;
    assert_eq!((again.added, again.unchanged, again.moved.len()), (0, 6, 0), "{again:?}");
    world.promises_hold().await;
}

async fn two_companies_of_one_stem_stay_two(mut world: World) {
    world.signed().await;
    load(&world, &with_form("Globex GmbH")).await;
    assert_eq!(answer(&world, Answer::SomebodyElse).await, ["Globex GmbH and Globex are two accounts."]);
    assert_eq!(world.person("ida.falk@globex.example").await.account, "Globex GmbH");
    assert_eq!(world.account("Globex").await.standing, Standing::Signed);
    assert_eq!(load(&world, &with_form("Globex GmbH")).await, Changes { unchanged: 6, ..Changes::default() });
    // Not asked in the client's next round, nor for a name that only begins alike.
    let mut next = northwind();
    next.spec.round = "northwind-2028".into();
    next.list = with_form("Globex GmbH");
    soundings::steps::round::load(&world.ctx, next, &Actor::operator(OPERATOR)).await.unwrap();
    assert!(account_questions::of_round(&world.ctx, "northwind-2028").await.unwrap().is_empty());
    assert!(load(&world, &with_form("Globex Services")).await.same_account.is_empty());
    world.promises_hold().await;
}

async fn an_account_of_a_started_round_gets_another_name(mut world: World) {
    world.signed().await;
    let before = world.account("Globex").await;
    let renamed = northwind_with(&[("Globex,", "Globex Worldwide,")]).list;
    let d = difference(&world.ctx, ROUND, &renamed, Allowed::default()).await.unwrap();
    assert_eq!(d.signs_again, ["Globex Worldwide"]);
    assert!(d.effects.contains(&"Globex is called Globex Worldwide from then on.".to_owned()), "{:?}", d.effects);
    assert_eq!(d.changed.len(), 2);
    assert!(d.changed.iter().all(|c| c.fields["account"] == ["Globex".to_owned(), "Globex Worldwide".to_owned()]));
    let c = load(&world, &renamed).await;
    assert_eq!((c.renamed.len(), c.moved.len(), c.added), (1, 0, 0), "{c:?}");
    let after = world.account("Globex Worldwide").await;
    assert_eq!((after.id, after.standing), (before.id, Standing::Unsigned));
    world.work().await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    assert!(world.mails_to(ANN).is_empty() && !world.mails_to(UMA).is_empty(), "its people wait, others do not");
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-11T12:00:00Z").await;
    assert!(!world.mails_to(ANN).is_empty());
    assert_eq!(load(&world, &renamed).await, Changes { unchanged: 5, ..Changes::default() });
    // Who stays at both names has moved.
    let split = "account,first_name,last_name,email,account_director,account_director_email\n\
        Globex Worldwide,Ann,Lee,ann.lee@globex.example,Dora Fields,dora.fields@northwind.example\n\
        Globex Asia,Ben,Koch,ben.koch@globex.example,Dora Fields,dora.fields@northwind.example\n";
    let c = load(&world, &folder(split).list).await;
    assert_eq!((c.renamed.len(), c.moved.len()), (0, 1), "{c:?}");
    world.promises_hold().await;
}

async fn who_moves_is_signed_where_he_comes_to(mut world: World) {
    world.signed().await;
    let list = northwind_with(&[("Globex,Ben", "Umbra,Ben")]).list;
    let d = difference(&world.ctx, ROUND, &list, Allowed { losing_owners: true, ..Allowed::default() }).await.unwrap();
    assert_eq!(d.signs_again, ["Umbra"]);
    let id = world.person(BEN).await.id;
    let ben = d.changed.iter().find(|c| c.contact == id).unwrap();
    assert_eq!(ben.fields["account"], ["Globex".to_owned(), "Umbra".to_owned()]);
    assert_eq!(ben.causes[0], "Goes from Globex to Umbra, whose account director signs the name.");
    load(&world, &list).await;
    assert_eq!(world.person(BEN).await.standing, Standing::Unsigned);
    assert_eq!(world.person(UMA).await.standing, Standing::Signed, "who was there before stays signed");
    for (account, standing) in
        [("Globex", Standing::Signed), ("Umbra", Standing::Unsigned), ("Initech", Standing::Signed)]
    {
        assert_eq!(world.account(account).await.standing, standing, "{account}");
    }
    world.promises_hold().await;
}

/// All ways in which a list may have the people of two accounts, in a draft, with the others kept, and in a started round.
async fn whatever_a_list_says_nobody_stands_under_a_name_that_is_not_his(mut world: World) {
    world.load(northwind()).await;
    let people = [ANN, BEN, UMA];
    let names = ["Globex", "Umbra", "Hooli"];
    for (round, started) in [(ROUND.to_owned(), true), ("northwind-2028".to_owned(), false)] {
        if started {
            world.signed().await;
        } else {
            let mut next = northwind();
            next.spec.round.clone_from(&round);
            soundings::steps::round::load(&world.ctx, next, &Actor::operator(OPERATOR)).await.unwrap();
        }
        for way in 0..64_usize {
            // The usual list first: every way begins alike, but for what was renamed before.
            let allowed = Allowed { losing_owners: true, keeping_others: true, ..Allowed::default() };
            let by = Actor::operator(OPERATOR);
            load_list(&world.ctx, &round, northwind().list.accepted, allowed, &by).await.unwrap();
            let before = accounts_of(&world, &round).await;
            let mut list = northwind().list;
            let mut said: Vec<(&str, Option<&str>)> = Vec::new();
            for (at, email) in people.iter().enumerate() {
                let place = names.get(way / 4_usize.pow(at as u32) % 4).copied();
                said.push((email, place));
                match place {
                    Some(place) => {
                        let row = list.accepted.iter_mut().find(|row| row.email.as_str() == *email).unwrap();
                        row.account = place.into();
                    }
                    None => list.accepted.retain(|row| row.email.as_str() != *email),
                }
            }
            load_list(&world.ctx, &round, list.accepted, allowed, &by).await.unwrap();
            let after = accounts_of(&world, &round).await;
            for (email, place) in said {
                let was = before.get(email).unwrap();
                assert_eq!(after.get(email).unwrap(), place.unwrap_or(was), "{email}, way {way} of {round}");
            }
        }
    }
    world.promises_hold().await;
}

/// By address: at which account a person stands.
async fn accounts_of(world: &World, round: &str) -> std::collections::BTreeMap<String, String> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = soundings::store::round::rounds::by_slug(&mut tx, round).await.unwrap().unwrap();
    let mut all = std::collections::BTreeMap::new();
    for account in soundings::store::contacts::accounts::of_round(&mut tx, &round.id).await.unwrap() {
        for person in soundings::store::contacts::of_account(&mut tx, &account.id).await.unwrap() {
            all.insert(person.email.to_string(), account.name.clone());
        }
    }
    all
}

async fn where_most_of_an_account_move_it_is_asked(mut world: World) {
    // Three at Globex, which is strategic.
    let mut list = with_form("Globex");
    for row in &mut list.accepted {
        row.strategic = (row.account == "Globex").then_some(true);
    }
    world.signed().await;
    load(&world, &list).await;
    for row in list.accepted.iter_mut().filter(|row| row.email.as_str() != BEN) {
        row.strategic = None;
        if row.account == "Globex" {
            row.account = "Initrode".into();
        }
    }
    list.accepted.retain(|row| row.email.as_str() != BEN);
    let c = load(&world, &list).await;
    assert_eq!((c.renamed.len(), c.moved.len(), c.same_account.len()), (0, 2, 1), "{c:?}");
    assert_eq!(world.person(BEN).await.account, "Globex", "who is not on the list keeps his company");
    assert!(world.account("Initrode").await.strategic.0, "the mark goes along where the list says nothing");
    let which = WhichAccounts::Pair("Initrode".into(), "Globex".into());
    let order = AnswerAboutAccounts { slug: ROUND.into(), which, answer: Answer::SamePerson };
    let said = world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
    assert_eq!(said, ["2 names go from Initrode to Globex and are to be signed there."]);
    assert_eq!(load(&world, &list).await.moved.len(), 0, "the list's name means Globex from now on");
    assert_eq!(world.person(ANN).await.account, "Globex");
    world.promises_hold().await;
}
