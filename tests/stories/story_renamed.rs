//! Accounts whose people come under another name: people are counted and not rows, and who is signed for twice stays so.

use soundings::base::address::EmailAddress;
use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::steps::contacts::accounts::account_questions::{self, AnswerAboutAccounts, WhichAccounts};
use soundings::steps::contacts::people::identity::{self, Answer, Which};
use soundings::steps::contacts::{Allowed, Changes, load_list};

use crate::common::{ANN, BEN, DORA, OPERATOR, ROUND, UMA, World, northwind, northwind_with};

on_both!(
    two_rows_of_one_person_are_one_person,
    one_row_is_no_two_namesakes,
    nobody_is_found_whose_question_waits,
    the_second_signature_goes_along_however_an_account_gets_another_name,
    what_most_of_an_account_would_lose_is_confirmed,
    where_one_of_two_names_is_strategic_the_one_account_is,
);

/// The usual list with other people: account, name, address, and whether it says that the account is strategic.
fn rows(people: &[(&str, &str, &str)], strategic: Option<bool>) -> Vec<ListedContact> {
    let first = northwind().list.accepted[0].clone();
    people
        .iter()
        .enumerate()
        .map(|(n, (account, name, email))| {
            let (first_name, last_name) = name.split_once(' ').unwrap();
            ListedContact {
                line: 2 + n as u64,
                account: (*account).into(),
                first_name: first_name.into(),
                last_name: last_name.into(),
                email: EmailAddress::parse(email).unwrap(),
                strategic,
                ..first.clone()
            }
        })
        .collect()
}

async fn try_load(world: &World, rows: Vec<ListedContact>, allowed: Allowed) -> Result<Changes, String> {
    load_list(&world.ctx, ROUND, rows, allowed, &Actor::operator(OPERATOR)).await.map_err(|p| p.to_string())
}

async fn load(world: &World, rows: Vec<ListedContact>) -> Changes {
    try_load(world, rows, Allowed::default()).await.unwrap()
}

async fn two_rows_of_one_person_are_one_person(mut world: World) {
    world.signed().await;
    world.corrects(DORA, ANN, |c| c.email = "anna.lee@globex.example".into()).await;
    let list = rows(&[("Hooli", "Ann Lee", ANN), ("Hooli", "Ann Lee", "anna.lee@globex.example")], None);
    let c = load(&world, list).await;
    assert_eq!(c.renamed, [], "only one of two people is on the list");
    assert_eq!(world.person(BEN).await.account, "Globex");
    world.promises_hold().await;
}

async fn one_row_is_no_two_namesakes(mut world: World) {
    world.signed().await;
    let mut two = rows(
        &[("Globex", "Ann Lee", ANN), ("Globex", "Ben Koch", BEN), ("Globex", "Ann Lee", "al@globex.example")],
        None,
    );
    two[2].job_title = "Buyer".into();
    assert_eq!(load(&world, two).await.added, 1);
    let c = load(&world, rows(&[("Hooli", "Ben Koch", BEN), ("Hooli", "Ann Lee", "ann@hooli.example")], None)).await;
    assert_eq!((c.renamed.len(), c.moved.len(), c.asked.len(), c.same_account.len()), (0, 1, 1, 1), "{c:?}");
    for address in [ANN, "al@globex.example"] {
        assert_eq!(world.person(address).await.account, "Globex", "{address}");
    }
    world.promises_hold().await;
}

async fn nobody_is_found_whose_question_waits(mut world: World) {
    world.signed().await;
    let list = || rows(&[("Hooli", "Ben Koch", BEN), ("Hooli", "Ann Lee", "ann@hooli.example")], None);
    let c = load(&world, list()).await;
    assert_eq!((c.renamed.len(), c.asked.len(), c.same_account.len()), (0, 1, 1), "{c:?}");
    assert_eq!(world.person(ANN).await.account, "Globex");
    let by = Actor::operator(OPERATOR);
    identity::answer(&world.ctx, ROUND, Which::All, Answer::SomebodyElse, &by).await.unwrap();
    assert_eq!(world.person(ANN).await.account, "Globex", "another Ann Lee is at Hooli");
    assert_eq!(world.person("ann@hooli.example").await.account, "Hooli");
    assert_eq!(load(&world, list()).await.renamed, []);
    world.promises_hold().await;
}

/// Who is signed for twice at which account.
async fn signed_twice(world: &World, people: &[&str]) -> Vec<String> {
    let mut twice = Vec::new();
    for email in people {
        let person = world.person(email).await;
        if world.account(&person.account).await.strategic_since.is_some() {
            twice.push((*email).to_owned());
        }
    }
    twice
}

async fn the_second_signature_goes_along_however_an_account_gets_another_name(mut world: World) {
    world.signed().await;
    let ida = "ida.falk@globex.example";
    let globex = [ANN, BEN, ida];
    let here = |at: &'static str, people: &[&str]| {
        let all = [(at, "Ann Lee", ANN), (at, "Ben Koch", BEN), (at, "Ida Falk", ida)];
        all.into_iter().filter(|(_, _, email)| people.contains(email)).collect::<Vec<_>>()
    };
    // An account that has nobody any more: Uma is at Initech.
    let mut list = northwind_with(&[("Umbra,Uma", "Initech,Uma")]).list.accepted;
    list.retain(|row| row.email.as_str() == UMA);
    try_load(&world, list, Allowed { losing_owners: true, ..Allowed::default() }).await.unwrap();
    for said in [None, Some(true), Some(false)] {
        for (way, to, people) in [
            ("a new name", "Hooli", &globex[..]),
            ("most under a new name", "Initrode", &globex[..2]),
            ("a name that nobody has", "Umbra", &globex[..]),
            ("most under a name that nobody has", "Umbra", &globex[..2]),
        ] {
            let case = format!("{way}, {said:?}");
            let way_back = Allowed { losing_owners: true, ..Allowed::default() };
            try_load(&world, rows(&here("Globex", &globex), Some(true)), way_back).await.unwrap();
            assert_eq!(signed_twice(&world, &globex).await, globex, "{case}");
            let done = try_load(&world, rows(&here(to, people), said), Allowed::default()).await;
            assert_eq!(done.is_err(), said == Some(false), "{case}: {done:?}");
            assert_eq!(signed_twice(&world, &globex).await, globex, "{case}");
            // Said to be meant, the mark is gone; the second signature stays for this round.
            let allowed = Allowed { losing_owners: true, ..Allowed::default() };
            try_load(&world, rows(&here(to, people), said), allowed).await.unwrap();
            assert_eq!(
                world.account(&world.person(ANN).await.account).await.strategic.0,
                said != Some(false),
                "{case}"
            );
            assert_eq!(signed_twice(&world, &globex).await, globex, "{case}");
        }
    }
    world.promises_hold().await;
}

async fn what_most_of_an_account_would_lose_is_confirmed(mut world: World) {
    world.signed().await;
    let ida = "ida.falk@globex.example";
    load(&world, rows(&[("Globex", "Ann Lee", ANN), ("Globex", "Ben Koch", BEN), ("Globex", "Ida Falk", ida)], None))
        .await;
    let mut list = rows(&[("Hooli", "Ann Lee", ANN), ("Hooli", "Ben Koch", BEN)], None);
    for row in &mut list {
        row.director.name = "Rachel Osei".into();
        row.director.email = EmailAddress::parse("rachel.osei@northwind.example").unwrap();
    }
    let refused = try_load(&world, list, Allowed::default()).await.unwrap_err();
    assert!(refused.contains("most of Globex would go from Dora Fields to Rachel Osei"), "{refused}");
    world.promises_hold().await;
}

async fn where_one_of_two_names_is_strategic_the_one_account_is(mut world: World) {
    world.signed().await;
    let (yes, no) = (Some(true), Some(false));
    for (n, (new, known)) in [(yes, None), (None, yes), (no, yes), (yes, no), (None, None)].into_iter().enumerate() {
        let (short, long) = (format!("Acme{n}"), format!("Acme{n} AG"));
        let (old, who) = (format!("kim@acme{n}.example"), format!("jo@acme{n}.example"));
        // Nobody is anybody's namesake.
        let (kim, jo) = (format!("Kim V{}", "o".repeat(n + 1)), format!("Jo B{}", "a".repeat(n + 1)));
        assert_eq!(load(&world, rows(&[(&short, &kim, &old)], known)).await.added, 1);
        let c = load(&world, rows(&[(&long, &jo, &who)], new)).await;
        assert_eq!((c.added, c.same_account.len()), (1, 1), "{c:?}");
        let which = WhichAccounts::Pair(long, short.clone());
        let order = AnswerAboutAccounts { slug: ROUND.into(), which, answer: Answer::SamePerson };
        world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap();
        for who in [old, who] {
            let person = world.person(&who).await;
            let account = world.account(&person.account).await;
            let strategic = new == yes || known == yes;
            assert_eq!((account.name.as_str(), account.strategic.0), (short.as_str(), strategic), "{n}");
            assert_eq!(account.strategic_since.is_some(), strategic, "{n}");
        }
        assert!(account_questions::of_round(&world.ctx, ROUND).await.unwrap().is_empty());
    }
    world.promises_hold().await;
}
