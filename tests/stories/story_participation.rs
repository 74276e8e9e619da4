//! A round that tells numbers only: nobody hears of one contact that he has answered, and the round goes on as any other.

use std::collections::BTreeSet;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use soundings::base::address::EmailAddress;
use soundings::base::problem::Kind;
use soundings::rules::completion::told::told;
use soundings::rules::export::Table;
use soundings::rules::journal::Actor;
use soundings::rules::participation::Participation;
use soundings::rules::round::{RoundSpec, SponsorSpec};
use soundings::steps::calling::{Wanted, call_list};
use soundings::steps::completion::aapor::aapor;
use soundings::steps::completion::status;
use soundings::steps::export::Of;
use soundings::steps::installation::operators;
use soundings::steps::plan::change::{Change, ChangeRound};
use soundings::steps::round::RoundOrder;
use soundings::web::{Web, router};
use tower::ServiceExt;

use crate::common::reports::away;
use crate::common::{DORA, MAX, OPERATOR, ROUND, World, crowd, secret_in};
use crate::story_export::taken;

on_both!(nobody_hears_who_of_an_account_has_answered, what_was_promised_to_who_was_invited_is_kept);

/// One answers of ten; of the other account nobody does.
const ANSWERS: &str = "pat0000@account000.example";
const BEGINS: &str = "pat0003@account000.example";
const SILENT: &str = "pat0010@account001.example";
/// Of the account of which nobody has answered.
const BEGINS_THERE: &str = "pat0011@account001.example";
const SPONSOR: &str = "helen.marsh@northwind.example";

async fn page(world: &World, path: &str, cookie: &str) -> String {
    let request = Request::builder().uri(path).header("host", "soundings.northwind.example").header("cookie", cookie);
    let answer = router(Web::new(world.ctx.clone(), 0)).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

async fn logged_in(world: &World) -> String {
    let email = EmailAddress::parse(OPERATOR).unwrap();
    let by = Actor::operator("test");
    world.ctx.order(&by, operators::AddOperator { email: email.clone() }).await.unwrap();
    let link = world.ctx.order(&Actor::CommandLine, operators::IssueLink { email }).await.unwrap().unwrap();
    let secret = link.rsplit('/').next().unwrap().to_string();
    let log_in = operators::LogIn { secret, came_from: String::new() };
    format!("__Host-soundings={}", world.ctx.order(&Actor::Visitor, log_in).await.unwrap())
}

async fn invited(world: &mut World, told: Participation) {
    let mut round = crowd(20);
    round.spec.participation = told;
    world.load(round).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-09T12:00:00Z").await;
}

async fn nobody_hears_who_of_an_account_has_answered(mut world: World) {
    world.takes_replies();
    invited(&mut world, Participation::Counts).await;
    world.answers(&world.mail_to(ANSWERS, "invitation")).await.unwrap();
    // Mail of who has answered waits for somebody as the others' does.
    for who in [ANSWERS, SILENT] {
        let leaving = away(&world.mail_to(who, "invitation"), who, "Mein letzter Arbeitstag ist der 31. März 2027.");
        world.comes_back(&[leaving]).await;
    }
    let made = world.made_of_it().await;
    assert!(made.len() == 2 && made.iter().all(|mail| mail.state == "open"), "{made:?}");
    world.begins(&world.mail_to(BEGINS, "invitation")).await;
    world.begins(&world.mail_to(BEGINS_THERE, "invitation")).await;
    world.pass_to("2027-02-16T12:00:00Z").await;
    // The round goes on as any other: who has answered is thanked, and only the others are reminded.
    assert_eq!(world.kinds_to(ANSWERS), ["warm_up", "invitation", "thank_you"]);
    assert!(world.kinds_to(SILENT).contains(&"reminder".to_string()));

    let cookie = logged_in(&world).await;
    for who in [ANSWERS, BEGINS, SILENT] {
        let own = page(&world, &format!("/rounds/{ROUND}/contacts/{}", world.person(who).await.id), &cookie).await;
        assert!(own.contains("invited") && own.contains("Invitation sent"), "{own}");
        for said in ["completed", "started", "Reminder ", "Thank-you", "First answer", "Answers ", "Sent the answers"] {
            assert!(!own.contains(said), "{who}: {said} in {own}");
        }
    }
    for letters in ["outbox", "outbox?state=sent", "outbox?state=planned"] {
        let outbox = page(&world, &format!("/rounds/{ROUND}/{letters}"), &cookie).await;
        let rows = outbox.split("<tr").filter(|row| row.contains("reminder") || row.contains("thank-you"));
        for row in rows {
            assert!(!row.contains("Number0"), "{letters}: {row}");
        }
    }
    // What narrows a list down to them narrows nothing.
    let all = page(&world, &format!("/rounds/{ROUND}/contacts"), &cookie).await;
    for stage in ["completed", "started", "not_answered", "not_finished", "reachable"] {
        let narrowed = page(&world, &format!("/rounds/{ROUND}/contacts?stage={stage}"), &cookie).await;
        assert_eq!(narrowed.matches("Number0").count(), all.matches("Number0").count(), "{stage}");
    }
    let overview = page(&world, &format!("/rounds/{ROUND}"), &cookie).await;
    assert!(overview.contains("This round tells nobody’s name") && overview.contains("Silent accounts"), "{overview}");
    for said in ["has begun", "have begun", "not_finished", "show=silent"] {
        assert!(!overview.contains(said), "{said}: {overview}");
    }
    for said in ["By role", "reachable", "away until the close", "could be reached"] {
        assert!(!overview.contains(said), "{said}: {overview}");
    }
    let handed = page(&world, &format!("/rounds/{ROUND}/hand-over"), &cookie).await;
    assert!(handed.contains("not told") && !handed.contains("Number0"), "{handed}");
    let plan = page(&world, &format!("/rounds/{ROUND}/plan.json"), &cookie).await;
    assert!(!plan.contains("\"kind\":\"reminder\"") && plan.contains("\"kind\":\"invitation\""), "{plan}");
    // Nor how many get one on a day or at a domain, which is how many there have not answered.
    assert!(!plan.contains("\"reminder\"") && !plan.contains("\"thank_you\""), "{plan}");

    // Numbers are told: of the account, and of the round.
    let account = world.account("Account 000").await;
    let own = page(&world, &format!("/rounds/{ROUND}/accounts/{}", account.id), &cookie).await;
    assert!(own.contains("(1 of 10)") && !own.contains("Reminder "), "{own}");
    let said = told(&status(&world.ctx, ROUND).await.unwrap(), Participation::Counts);
    assert_eq!(said.pointer("/individual/completed"), Some(&1.into()));
    for place in ["/revenue/answered", "/individual/reachable", "/roles/key_decision_maker/completed"] {
        assert_eq!(said.pointer(place), Some(&serde_json::Value::Null), "{place}");
    }

    // What is taken away says no more.
    let contacts = taken(&world, Of::all(Table::Contacts)).await;
    let stages: BTreeSet<_> = contacts.iter().map(|c| format!("{:?}", c["soundings_stage"])).collect();
    assert_eq!((contacts.len(), stages.len()), (20, 1), "{stages:?}");
    for silent in ["soundings_started_at", "soundings_completed_at", "soundings_messages", "soundings_last_sent_at"] {
        assert!(contacts.iter().all(|c| !c.contains_key(silent)), "{silent}");
    }
    let messages = format!("{:?}", taken(&world, Of::all(Table::Messages)).await);
    assert!(messages.contains("invitation") && !messages.contains("reminder") && !messages.contains("thank_you"));
    let responses = taken(&world, Of::all(Table::Responses)).await;
    let columns: Vec<&str> = responses[0].keys().map(String::as_str).collect();
    assert_eq!(columns, ["answer_recommend", "answer_trust", "questionnaire", "questionnaire_version"]);
    let outcome = aapor(&world.ctx, ROUND).await.unwrap();
    assert_eq!(outcome.dispositions["1.1"], Some(1), "{outcome:?}");

    // Who is called is of an account of which nobody has answered.
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let list = call_list(&world.ctx, &mut tx, &live, &Wanted::default()).await.unwrap();
    drop(tx);
    assert!(!list.places.is_empty() && list.places.iter().all(|place| place.person.account == "Account 001"));
    // The account manager hears of accounts, and of nobody.
    let weekly = world.mail_to(MAX, "digest").text;
    assert!(weekly.contains("Account 000: 1 of 10 have answered"), "{weekly}");
    assert!(weekly.contains("Account 001: 0 of 10 have answered") && !weekly.contains("Number0"), "{weekly}");
    // So does the account director, and so say the pages behind both mails; whoever could answer stands there, answers or not.
    let director = world.mails_to(DORA).into_iter().rfind(|mail| mail.kind == "digest").unwrap();
    assert!(director.text.contains("Account 000: 1 of 10 have answered"), "{}", director.text);
    assert!(!director.text.contains("Number0"), "{}", director.text);
    for mail in [world.mail_to(MAX, "digest"), director] {
        let path = format!("/team/{}", secret_in(&mail, "/team/"));
        let own = page(&world, &path, "").await;
        assert!(own.contains("Account 000: 1 of 10 have answered") && !own.contains("Number0"), "{own}");
        let people = page(&world, &format!("{path}?show=people"), "").await;
        for who in [ANSWERS, BEGINS, SILENT] {
            assert!(people.contains(&format!("id=\"person-{}\"", world.person(who).await.id)), "{who}: {people}");
        }
        assert!(people.contains("Who could answer") && !people.contains("has begun"), "{people}");
    }
    world.promises_hold().await;
}

async fn what_was_promised_to_who_was_invited_is_kept(mut world: World) {
    let mut round = crowd(20);
    round.spec.participation = Participation::Counts;
    let email = EmailAddress::parse(SPONSOR).unwrap();
    round.spec.sponsor = Some(SponsorSpec { name: "Helen Marsh".into(), email });
    world.load(round).await;
    let becomes = async |world: &World, told: Participation| {
        let live = world.live().await;
        let spec = RoundSpec { participation: told, ..live.spec.clone() };
        let change = Change { spec, words: live.words.clone() };
        world
            .ctx
            .order(&Actor::operator(OPERATOR), ChangeRound { slug: ROUND.into(), version: live.version, change })
            .await
    };
    // Nobody was told anything yet.
    becomes(&world, Participation::Names).await.unwrap();
    becomes(&world, Participation::Counts).await.unwrap();
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    let refused = becomes(&world, Participation::Names).await.unwrap_err();
    assert_eq!(refused.kind, Kind::Refused);
    assert!(refused.to_string().contains("20 people were invited with the word that no names are told"), "{refused}");
    assert_eq!(world.live().await.spec.participation, Participation::Counts);
    // A folder cannot do it either.
    let mut folder = crowd(20);
    folder.spec.participation = Participation::Names;
    let loaded = soundings::steps::round::load(&world.ctx, folder, &Actor::operator(OPERATOR)).await;
    assert!(loaded.is_err() && world.live().await.spec.participation == Participation::Counts);
    // Less may be told.
    becomes(&world, Participation::CountsFrom(4)).await.unwrap();
    assert!(becomes(&world, Participation::CountsFrom(3)).await.is_err());
    // The weekly mails keep to it: of nobody and nothing how many.
    world.pass_to("2027-02-16T12:00:00Z").await;
    let weekly = world.mail_to(MAX, "digest").text;
    assert!(weekly.contains("Account 000: 10 asked") && !weekly.contains(" of 10"), "{weekly}");
    let sponsor = world.mail_to(SPONSOR, "digest");
    assert!(sponsor.subject().ends_with(": not told") && !sponsor.text.contains('%'), "{}", sponsor.text);
    assert!(!sponsor.text.contains("target"), "{}", sponsor.text);
    world.promises_hold().await;
}
