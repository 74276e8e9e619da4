//! A round that tells numbers only reads the same, page by page and for programs, whichever of two colleagues has answered: two who are
//! alike, and two of whom one cannot be reached.

use std::collections::BTreeMap;

use axum::http::Method;

use crate::base::address::EmailAddress;
use crate::base::ids::{TaskId, TeamLinkId};
use crate::base::problem::Problem;
use crate::rules::completion::team::TeamLevel;
use crate::rules::journal::Actor;
use crate::rules::participation::Participation;
use crate::rules::repair::TaskKind;
use crate::rules::response::{Item, ItemKind};
use crate::steps::calling::ReserveCall;
use crate::steps::context::Purpose;
use crate::steps::installation::operators;
use crate::steps::response::{SaveAnswers, SendAnswers, Sent};
use crate::store::calling::team::{self, TeamLink};
use crate::store::contacts::{Person, accounts, facts};
use crate::store::repair::tasks::{self, Task};
use crate::web::kit::urls;
use crate::web::tests::fixture::*;
use crate::web::tests::whole;

/// Two of one account, role, country and language.
fn colleagues(people: &[Person]) -> (Person, Person) {
    let alike = |a: &Person, b: &Person| {
        a.id != b.id
            && (&a.account_id, a.role, &a.country, &a.language) == (&b.account_id, b.role, &b.country, &b.language)
    };
    let pair = |a: &Person| people.iter().find(|b| alike(a, b)).map(|b| (a.clone(), b.clone()));
    people.iter().find_map(pair).unwrap()
}

fn given(item: &Item) -> String {
    match item.kind {
        ItemKind::Text => "Some words".into(),
        ItemKind::Choice => item.options[0].value.clone(),
        ItemKind::Scale7 | ItemKind::Scale10 => "5".into(),
    }
}

async fn answers(h: &House, who: &Person) {
    let live = {
        let mut tx = h.ctx.db.read().await.unwrap();
        h.ctx.live_by_slug(&mut tx, FIRST).await.unwrap()
    };
    let fields: BTreeMap<String, String> =
        live.questionnaire.items().map(|item| (item.id.clone(), given(item))).collect();
    let secret = h.ctx.secret(Purpose::Assessment, &who.link_id());
    let save = SaveAnswers { secret: secret.clone(), fields, language: "en".into() };
    assert!(h.ctx.order(&Actor::Visitor, save).await.unwrap().errors.is_empty());
    let (_, sent) = h.ctx.order(&Actor::Visitor, SendAnswers { secret, language: "en".into() }).await.unwrap();
    assert_eq!(sent, Sent::Complete);
}

/// The pages behind the weekly mails to the account manager and the account director of somebody.
async fn team_pages(h: &House, of: &Person) -> Vec<String> {
    let account = {
        let mut tx = h.ctx.db.read().await.unwrap();
        accounts::by_id(&mut tx, &of.account_id).await.unwrap().unwrap()
    };
    let manager = EmailAddress::parse(&account.manager_email).unwrap();
    let mut paths = Vec::new();
    for (level, email) in [(TeamLevel::Manager, manager), (TeamLevel::Director, account.director_email)] {
        let link = TeamLink {
            id: TeamLinkId::from(level.as_str()),
            round_id: of.round_id.clone(),
            level,
            name: "Somebody of the team".into(),
            email,
            created_at: MONDAY,
        };
        let (hash, path) = (h.ctx.secret_hash(Purpose::Team, &link.id), h.link(Purpose::Team, &link.id));
        let added = h.ctx.db.write(move |tx| Box::pin(async move { team::add(tx, &link, &hash).await }));
        added.await.unwrap();
        paths.extend(["", "?show=people"].map(|words| format!("{path}{words}")));
    }
    paths
}

/// His address is found dead, somebody is asked to repair it, and he is away until the close.
async fn is_lost(h: &House, who: &Person) {
    let (id, task) = (who.id.clone(), dead(who));
    let lost = h.ctx.db.write(move |tx| {
        Box::pin(async move {
            facts::mark_undeliverable(tx, &id, "550 no such user", MONDAY).await?;
            tasks::open(tx, &task).await?;
            whole::is_away_until_the_close(tx, &id).await;
            Ok(())
        })
    });
    lost.await.unwrap();
}

fn dead(who: &Person) -> Task {
    Task {
        id: TaskId::from("dead"),
        round_id: who.round_id.clone(),
        contact_id: who.id.clone(),
        kind: TaskKind::Correct,
        why: "550 no such user".into(),
        proposed: String::new(),
        opened_at: MONDAY,
        opened_by: Actor::Program.as_str().into(),
        closed_at: None,
        closed_by: None,
        outcome: None,
    }
}

/// Everything that is read of the round when the first, or the second, of two colleagues has answered. `lost`: the first cannot be reached.
async fn read(told: Participation, second: bool, lost: bool) -> BTreeMap<String, String> {
    let h = house_that_tells(told).await;
    h.everybody_can_be_called().await;
    let (a, b) = colleagues(&h.people(FIRST).await);
    if lost {
        is_lost(&h, &a).await;
    }
    answers(&h, if second { &b } else { &a }).await;
    let key = h.ctx.order(&Actor::operator("test"), operators::AddKey { name: "tests".to_string() }).await.unwrap();
    let (cookie, csrf) = h.log_in().await;
    let round = urls::round(FIRST);
    let mut paths: Vec<String> = ["/", "/api/v1/rounds", "/journal"].map(String::from).to_vec();
    paths.push(format!("/journal?round={FIRST}"));
    paths.extend(team_pages(&h, &a).await);
    paths.push(round.clone());
    for page in [
        "accounts",
        "accounts?show=silent",
        "accounts?show=no_influencer",
        "accounts?sort=rate",
        "accounts?sort=touch",
        "calls",
        "calls?silent=yes",
        "contacts",
        "contacts?sort=stage",
        "contacts?sort=touch",
        "find?q=a",
        "hand-over",
        "next",
        "outbox",
        "outbox?q=a",
        "outcomes",
        "questions",
        "report",
        "repairs",
        "replies",
        "sign-off",
        "sign-off/directors",
    ] {
        paths.push(format!("{round}/{page}"));
    }
    for stage in [
        "to_repair",
        "completed",
        "started",
        "not_answered",
        "not_finished",
        "reachable",
        "invited",
        "away_until_the_close",
    ] {
        paths.push(format!("{round}/contacts?stage={stage}"));
    }
    for person in [&a, &b] {
        paths.push(urls::contact(FIRST, &person.id));
        paths.push(format!("{round}/contacts/bulk?act=remove&who={}", person.id));
    }
    paths.push(urls::account(FIRST, &a.account_id));
    paths.push(urls::account_sign_off(FIRST, &a.account_id));
    // The plan of before anybody was invited tells all, as nobody can have answered: here somebody has all the same.
    for list in ["status", "contacts", "accounts", "messages", "messages?limit=1", "responses", "repairs", "journal"] {
        paths.push(format!("/api/v1/rounds/{FIRST}/{list}"));
    }
    paths.extend(h.requests(FIRST).await.into_iter().map(|(_, path)| path));
    let bearer = format!("Bearer {key}");
    let mut all = BTreeMap::new();
    for path in paths {
        let headers = [("cookie", cookie.as_str()), ("authorization", bearer.as_str())];
        let said = h.send(Method::GET, &path, &headers, "").await;
        // The record's fingerprint is of every entry, with a secret of each: it says that something was, and not what.
        let body: Vec<&str> = said.body.lines().filter(|line| !line.contains(">Record ")).collect();
        all.insert(path, format!("{} {}", said.status, body.join("\n")));
    }
    all.extend(taken(&h, &cookie, &csrf).await);
    all
}

/// Everything that is taken away of it.
async fn taken(h: &House, cookie: &str, csrf: &str) -> BTreeMap<String, String> {
    let mut paths = vec![urls::report(FIRST), format!("{}?stage=completed", urls::export(FIRST, "contacts.csv"))];
    for table in ["contacts", "accounts", "messages", "responses"] {
        paths.extend(["csv", "jsonl"].map(|ending| urls::export(FIRST, &format!("{table}.{ending}"))));
    }
    let mut all = BTreeMap::new();
    for path in paths {
        let headers = [("cookie", cookie), ("content-type", "application/x-www-form-urlencoded")];
        let said = h.send(Method::POST, &path, &headers, &format!("csrf={csrf}")).await;
        all.insert(format!("POST {path}"), format!("{} {}", said.status, said.body));
    }
    all
}

/// The first line in which two pages differ.
fn differs<'p>(a: &'p str, b: &'p str) -> Option<(&'p str, &'p str)> {
    a.lines().zip(b.lines()).find(|(a, b)| a != b)
}

#[tokio::test]
async fn it_reads_the_same_whichever_of_two_colleagues_has_answered() {
    for (told, lost) in
        [(Participation::Counts, false), (Participation::Counts, true), (Participation::CountsFrom(4), true)]
    {
        let (first, second) = (read(told, false, lost).await, read(told, true, lost).await);
        assert_eq!(first.keys().collect::<Vec<_>>(), second.keys().collect::<Vec<_>>());
        for (path, page) in &first {
            let differs = differs(page, &second[path]);
            assert!(page == &second[path], "{told:?}, one is lost: {lost}: {path} tells who: {differs:?}");
        }
    }
    // The twin: where names are told it does not.
    let names = Participation::Names;
    let (first, second) = (read(names, false, false).await, read(names, true, false).await);
    let other = first.iter().filter(|(path, page)| *page != &second[*path]).count();
    assert!(other > 5, "{other} pages tell who has answered");
}

/// A call to somebody who has answered.
async fn called(told: Participation) -> Result<(), Problem> {
    let h = house_that_tells(told).await;
    h.everybody_can_be_called().await;
    let (a, _) = colleagues(&h.people(FIRST).await);
    answers(&h, &a).await;
    h.ctx.order(&Actor::operator("test"), ReserveCall { contact: a.id, known: 0 }).await
}

#[tokio::test]
async fn that_a_call_is_not_refused_does_not_tell_who_has_answered() {
    assert!(called(Participation::Names).await.is_err());
    called(Participation::Counts).await.unwrap();
}

#[tokio::test]
async fn the_assessment_says_what_is_told() {
    for (told, says) in [
        (Participation::Names, "Whether you have answered is told to the people at"),
        (Participation::Counts, "is told whether you have answered, only how many have."),
        (Participation::CountsFrom(4), "only how many have, from 4 on."),
    ] {
        let h = house_that_tells(told).await;
        h.everybody_can_be_called().await;
        let link = h.link(Purpose::Assessment, &h.people(FIRST).await[0].id);
        for language in ["en", "de", "fr"] {
            let page = h.get(&format!("{link}?language={language}")).await.body;
            assert_eq!(page.contains(says), language == "en", "{told:?} {language}: {page}");
            assert!(!page.contains("{from}") && !page.contains("{client}"), "{page}");
        }
    }
}
