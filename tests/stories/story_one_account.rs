//! What was said about two names of accounts holds for the client, whichever name a list brings and in whatever order its rows stand, until it
//! is taken back.

use soundings::base::address::EmailAddress;
use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::contacts::accounts::account_questions::{
    self, AnswerAboutAccounts, TakeAnswersBack, WhichAccounts, answer_sentence,
};
use soundings::steps::contacts::people::identity::{self, Answer};
use soundings::steps::contacts::{Allowed, Changes, load_list};
use soundings::steps::replies::absence::{HearNews, News};

use crate::common::{ANN, OPERATOR, ROUND, World, northwind};

on_both!(
    an_account_is_one_whichever_of_its_names_comes_first,
    the_order_of_rows_hands_no_account_over,
    an_answer_settles_the_question_of_every_open_round,
    an_answer_is_taken_back,
    who_has_left_under_one_name_of_an_account_is_asked_about_under_the_other,
    who_was_taken_off_under_one_name_is_asked_about_under_the_other,
    who_has_left_is_asked_about_under_the_new_name_of_the_account,
);

const NEXT: &str = "northwind-2028";

/// The usual list with Globex under these names, one person more for each beyond the first.
fn globex(names: &[&str]) -> Vec<ListedContact> {
    let mut rows = northwind().list.accepted;
    let more = rows[1].clone();
    for row in rows.iter_mut().filter(|row| row.account == "Globex") {
        row.account = names[0].into();
    }
    for (n, name) in names.iter().enumerate().skip(1) {
        let email =
            format!("more.{}{}@globex.example", name.to_lowercase().replace(' ', "."), if n > 1 { "2" } else { "" });
        let email = EmailAddress::parse(&email).unwrap();
        let (first_name, last_name) = ("Ida".to_owned(), format!("Falk{n}"));
        rows.push(ListedContact {
            line: 10 + n as u64,
            account: (*name).into(),
            first_name,
            last_name,
            email,
            ..more.clone()
        });
    }
    rows
}

async fn load(world: &World, round: &str, rows: Vec<ListedContact>) -> Changes {
    let allowed = Allowed { keeping_others: true, losing_owners: true, ..Allowed::default() };
    load_list(&world.ctx, round, rows, allowed, &Actor::operator(OPERATOR)).await.unwrap()
}

async fn next_round(world: &World, rows: Vec<ListedContact>) {
    let mut next = northwind();
    next.spec.round = NEXT.into();
    next.list.accepted = rows;
    soundings::steps::round::load(&world.ctx, next, &Actor::operator(OPERATOR)).await.unwrap();
}

fn pair(a: &str, b: &str) -> WhichAccounts {
    WhichAccounts::Pair(a.into(), b.into())
}

async fn answer(world: &World, which: WhichAccounts, answer: Answer) -> Vec<String> {
    let order = AnswerAboutAccounts { slug: ROUND.into(), which, answer };
    world.ctx.order(&Actor::operator(OPERATOR), order).await.unwrap()
}

/// The accounts of a round that have people, with how many.
async fn peopled(world: &World, round: &str) -> Vec<(String, i64)> {
    let mut tx = world.ctx.db.read().await.unwrap();
    let round = soundings::store::round::rounds::by_slug(&mut tx, round).await.unwrap().unwrap();
    let all = soundings::store::contacts::accounts::of_round(&mut tx, &round.id).await.unwrap();
    all.into_iter().filter(|a| a.listed > 0 && a.name.starts_with("Globex")).map(|a| (a.name, a.listed)).collect()
}

fn accounts(all: &[(&str, i64)]) -> Vec<(String, i64)> {
    all.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect()
}

async fn an_account_is_one_whichever_of_its_names_comes_first(mut world: World) {
    world.signed().await;
    load(&world, ROUND, globex(&["Globex", "Globex GmbH"])).await;
    answer(&world, WhichAccounts::All, Answer::SamePerson).await;
    // A chain: a third name for the second.
    load(&world, ROUND, globex(&["Globex", "Globex SE"])).await;
    answer(&world, WhichAccounts::All, Answer::SamePerson).await;
    assert_eq!(peopled(&world, ROUND).await, accounts(&[("Globex", 4)]));
    // The next round knows nobody yet. Its first list has one name, its second the others.
    for names in [["Globex GmbH", "Globex", "Globex SE"], ["Globex SE", "Globex GmbH", "Globex"]] {
        let round = format!("{NEXT}-{}", names[0].to_lowercase().replace(' ', "-"));
        let mut next = northwind();
        next.spec.round.clone_from(&round);
        next.list.accepted = globex(&names[..1]);
        soundings::steps::round::load(&world.ctx, next, &Actor::operator(OPERATOR)).await.unwrap();
        assert_eq!(peopled(&world, &round).await, accounts(&[(names[0], 2)]));
        let mut second = globex(&names);
        second.retain(|row| row.account != names[0]);
        let c = load(&world, &round, second).await;
        assert_eq!(c.same_account.len(), 0, "{c:?}");
        assert_eq!(peopled(&world, &round).await, accounts(&[(names[0], 4)]), "one account, and one signature");
        // All names at once change nothing more.
        let c = load(&world, &round, globex(&names)).await;
        assert_eq!((c.added, c.moved.len(), c.unchanged), (0, 0, 7), "{c:?}");
    }
    world.promises_hold().await;
}

async fn the_order_of_rows_hands_no_account_over(mut world: World) {
    world.signed().await;
    load(&world, ROUND, globex(&["Globex", "Globex GmbH"])).await;
    answer(&world, WhichAccounts::All, Answer::SamePerson).await;
    let dora = world.account("Globex").await.director_email;
    let mut rows = globex(&["Globex", "Globex GmbH"]);
    for row in rows.iter_mut().filter(|row| row.account == "Globex GmbH") {
        row.director.email = EmailAddress::parse("zoe.zimmer@northwind.example").unwrap();
        row.director.name = "Zoe Zimmer".into();
    }
    for turn in 0..rows.len() {
        let mut rows = rows.clone();
        rows.rotate_left(turn);
        let confirmed = Allowed::default();
        // Without a confirmation: the list takes nobody's account.
        let c = load_list(&world.ctx, ROUND, rows, confirmed, &Actor::operator(OPERATOR)).await.unwrap();
        assert_eq!(c.directors.len(), 0, "{turn}: {c:?}");
        assert_eq!(world.account("Globex").await.director_email, dora);
    }
    let person = world.person("more.globex.gmbh@globex.example").await;
    assert!(person.findings.contains("director_differs"), "the row is told: {}", person.findings);
    world.promises_hold().await;
}

async fn an_answer_settles_the_question_of_every_open_round(mut world: World) {
    world.signed().await;
    next_round(&world, northwind().list.accepted).await;
    for round in [ROUND, NEXT] {
        load(&world, round, globex(&["Globex", "Globex GmbH"])).await;
    }
    for round in [ROUND, NEXT] {
        let open = account_questions::of_round(&world.ctx, round).await.unwrap();
        assert_eq!(open.len(), 1, "each round asks for itself: {round}");
        assert_eq!(peopled(&world, round).await, accounts(&[("Globex", 2), ("Globex GmbH", 1)]));
    }
    let mut said = answer(&world, pair("Globex GmbH", "Globex"), Answer::SamePerson).await;
    said.sort();
    let here = "1 name goes from Globex GmbH to Globex and is to be signed there.";
    assert_eq!(said, [here.to_owned(), format!("In round {NEXT}: {here}")]);
    for round in [ROUND, NEXT] {
        assert!(account_questions::of_round(&world.ctx, round).await.unwrap().is_empty());
        assert_eq!(peopled(&world, round).await, accounts(&[("Globex", 3)]));
    }
    world.promises_hold().await;
}

async fn an_answer_is_taken_back(mut world: World) {
    world.signed().await;
    next_round(&world, globex(&["Globex", "Globex GmbH"])).await;
    load(&world, ROUND, globex(&["Globex", "Globex GmbH", "Globex GmbH"])).await;
    answer(&world, WhichAccounts::All, Answer::SamePerson).await;
    assert_eq!(peopled(&world, ROUND).await, accounts(&[("Globex", 4)]));
    let answered = account_questions::answered(&world.ctx, NEXT).await.unwrap();
    assert_eq!(answered.iter().map(answer_sentence).collect::<Vec<_>>(), ["Globex GmbH and Globex are one account."]);
    let by = Actor::operator(OPERATOR);
    let back = |which| TakeAnswersBack { slug: NEXT.into(), which };
    assert!(world.ctx.order(&by, back(pair("Globex", "Umbra"))).await.is_err(), "nothing was said about these");
    // From the other round, with the names the other way round.
    let said = world.ctx.order(&by, back(pair("GLOBEX", "globex g.m.b.h."))).await.unwrap();
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("It is open again whether Globex GmbH and Globex are one account: "), "{said:?}");
    assert!(said[0].contains("2 names go back from Globex to Globex GmbH and are to be signed there"), "{said:?}");
    assert_eq!(peopled(&world, ROUND).await, accounts(&[("Globex", 2), ("Globex GmbH", 2)]));
    assert_eq!(peopled(&world, NEXT).await, accounts(&[("Globex", 2), ("Globex GmbH", 1)]));
    assert_eq!(world.account("Globex").await.standing, Standing::Signed, "it is what its director has signed again");
    assert_eq!(world.person(ANN).await.account, "Globex");
    assert!(account_questions::answered(&world.ctx, ROUND).await.unwrap().is_empty());
    for round in [ROUND, NEXT] {
        assert_eq!(account_questions::of_round(&world.ctx, round).await.unwrap().len(), 1, "it is asked again");
    }
    assert!(world.ctx.order(&by, back(WhichAccounts::All)).await.is_err(), "there is nothing left to take back");
    // "Two" can be taken back as well; who went elsewhere meanwhile stays there.
    answer(&world, WhichAccounts::All, Answer::SomebodyElse).await;
    world.ctx.order(&by, back(WhichAccounts::All)).await.unwrap();
    answer(&world, WhichAccounts::All, Answer::SamePerson).await;
    let mut rows = globex(&["Globex", "Globex GmbH", "Globex GmbH"]);
    rows.retain(|row| row.email.as_str() == "more.globex.gmbh2@globex.example");
    rows[0].account = "Umbra".into();
    load(&world, ROUND, rows).await;
    world.ctx.order(&by, back(WhichAccounts::All)).await.unwrap();
    assert_eq!(world.person("more.globex.gmbh2@globex.example").await.account, "Umbra");
    assert_eq!(peopled(&world, ROUND).await, accounts(&[("Globex", 2), ("Globex GmbH", 1)]));
    world.promises_hold().await;
}

async fn who_has_left_under_one_name_of_an_account_is_asked_about_under_the_other(mut world: World) {
    world.signed().await;
    let left = HearNews {
        contact: world.person(ANN).await.id,
        news: News::Left { write_to: Vec::new() },
        why: "told by phone".into(),
    };
    world.ctx.order(&Actor::operator(OPERATOR), left).await.unwrap();
    let mut rows = globex(&["Globex GmbH"]);
    for row in rows.iter_mut().filter(|row| row.email.as_str() == ANN) {
        row.email = EmailAddress::parse("ann.lee@globex-new.example").unwrap();
    }
    // Two accounts, as far as anybody knows: another Ann Lee may work at the other one.
    next_round(&world, rows.clone()).await;
    assert!(identity::of_round(&world.ctx, NEXT).await.unwrap().is_empty());
    load(&world, ROUND, globex(&["Globex", "Globex GmbH"])).await;
    answer(&world, WhichAccounts::All, Answer::SamePerson).await;
    let mut third = northwind();
    third.spec.round = "northwind-2029".into();
    third.list.accepted = rows;
    soundings::steps::round::load(&world.ctx, third, &Actor::operator(OPERATOR)).await.unwrap();
    let asked = identity::of_round(&world.ctx, "northwind-2029").await.unwrap();
    assert_eq!(asked.len(), 1, "she left the account, whatever it is called");
    world.promises_hold().await;
}

async fn who_was_taken_off_under_one_name_is_asked_about_under_the_other(mut world: World) {
    world.signed().await;
    let usual = globex(&["Globex", "Globex GmbH"]);
    load(&world, ROUND, usual.clone()).await;
    // In the next round nobody is asked whether the two are one: the one has nobody any more when the other comes.
    let ben = |account: &str| ListedContact { account: account.into(), ..usual[1].clone() };
    let ann = |account: &str, email: &str| {
        let email = EmailAddress::parse(email).unwrap();
        ListedContact { account: account.into(), email, ..usual[0].clone() }
    };
    next_round(&world, vec![ann("Globex GmbH", ANN)]).await;
    let whole = Allowed { removing_everybody: true, ..Allowed::default() };
    load_list(&world.ctx, NEXT, vec![ben("Globex")], whole, &Actor::operator(OPERATOR)).await.unwrap();
    answer(&world, WhichAccounts::All, Answer::SamePerson).await;
    let c = load(&world, NEXT, vec![ben("Globex"), ann("Globex", "ann.lee@globex-new.example")]).await;
    assert_eq!((c.added, c.asked.len()), (0, 1), "{c:?}");
    assert_eq!(c.asked[0].known_as, ANN);
    world.promises_hold().await;
}

async fn who_has_left_is_asked_about_under_the_new_name_of_the_account(mut world: World) {
    world.signed().await;
    let left = HearNews {
        contact: world.person(ANN).await.id,
        news: News::Left { write_to: Vec::new() },
        why: "told by phone".into(),
    };
    world.ctx.order(&Actor::operator(OPERATOR), left).await.unwrap();
    // The next round has Ben alone at Globex, which is called Hooli then.
    let mut rows = globex(&["Globex"]);
    rows.retain(|row| row.email.as_str() != ANN);
    next_round(&world, rows.clone()).await;
    for row in rows.iter_mut().filter(|row| row.account == "Globex") {
        row.account = "Hooli".into();
    }
    assert_eq!(load(&world, NEXT, rows.clone()).await.renamed.len(), 1);
    assert!(account_questions::answered(&world.ctx, NEXT).await.unwrap().is_empty(), "nobody has said so");
    let mut ann = globex(&["Hooli"]).remove(0);
    ann.email = EmailAddress::parse("ann.lee@hooli.example").unwrap();
    rows.push(ann);
    let c = load(&world, NEXT, rows).await;
    assert_eq!((c.added, c.asked.len()), (0, 1), "{c:?}");
    assert_eq!((c.asked[0].why.as_str(), c.asked[0].known_as.as_str()), ("left", ANN));
    world.promises_hold().await;
}
