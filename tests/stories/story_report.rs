//! The overview, the accounts, the outcome rates, the tables to take away, the answer of the API and the report of a round say the same
//! figures, in a round that tells names and in one that tells numbers from some answers on; and the program writes the report.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Command, Output};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use serde_json::Value as Json;
use soundings::base::address::EmailAddress;
use soundings::rules::completion::aapor::{Disposition, OutcomeRate};
use soundings::rules::export::{Table, Value};
use soundings::rules::journal::{Action, Actor};
use soundings::rules::participation::Participation;
use soundings::steps::completion::aapor::aapor;
use soundings::steps::export::Of;
use soundings::steps::installation::operators;
use soundings::steps::round::RoundOrder;
use soundings::store::journal;
use soundings::web::kit::urls;
use soundings::web::kit::views::frame::Rate;
use soundings::web::{Web, report_file, router};
use tower::ServiceExt;

use crate::common::{DORA, OPERATOR, ROUND, World, crowd};
use crate::program::program;
use crate::story_evidence::{installed, said};
use crate::story_export::taken;

on_both!(
    everything_that_tells_names_says_the_same_figures,
    everything_that_tells_numbers_says_the_same_figures,
    the_program_writes_a_report_and_that_is_on_record,
);

/// A round of two accounts of ten, of which the first has answered four times and the second once; of the first somebody has opted out.
async fn answered(world: &mut World, told: Participation) {
    let mut round = crowd(20);
    round.spec.participation = told;
    world.load(round).await;
    world.order(RoundOrder::Start).await;
    world.work().await;
    world.sign_all(DORA, "sign_off").await;
    world.pass_to("2027-02-09T12:00:00Z").await;
    for n in [0, 1, 2, 3, 10] {
        world.answers(&world.mail_to(&person(n), "invitation")).await.unwrap();
    }
    world.opts_out(&world.mail_to(&person(4), "invitation")).await;
    world.pass_to("2027-02-10T12:00:00Z").await;
}

fn person(n: usize) -> String {
    format!("pat{n:04}@account{:03}.example", n / 10)
}

/// What is said at an address, with a cookie and a key.
async fn page(world: &World, path: &str, (cookie, key): (&str, &str)) -> String {
    let request = Request::builder().uri(path).header("host", "soundings.northwind.example");
    let request = request.header("cookie", cookie).header("authorization", format!("Bearer {key}"));
    let answer = router(Web::new(world.ctx.clone(), 0)).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

async fn let_in(world: &World) -> (String, String) {
    let by = Actor::operator("test");
    let email = EmailAddress::parse(OPERATOR).unwrap();
    world.ctx.order(&by, operators::AddOperator { email: email.clone() }).await.unwrap();
    let link = world.ctx.order(&Actor::CommandLine, operators::IssueLink { email }).await.unwrap().unwrap();
    let secret = link.rsplit('/').next().unwrap().to_string();
    let log_in = operators::LogIn { secret, came_from: String::new() };
    let session = world.ctx.order(&Actor::Visitor, log_in).await.unwrap();
    let key = world.ctx.order(&by, operators::AddKey { name: "crm".to_string() }).await.unwrap();
    (format!("__Host-soundings={session}"), key)
}

/// What people read of a page: its words, with one blank between them.
fn words(html: &str) -> String {
    let mut text = String::new();
    for piece in html.split('<') {
        text.push(' ');
        text.push_str(piece.split_once('>').map_or(piece, |(_, words)| words));
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// As pages say a share; `part`: null where it is not told.
fn share(part: &Json, base: i64) -> String {
    let base = base as u64;
    let rate = part.as_u64().map_or_else(|| Rate::not_told(base), |part| Rate::new(part, base));
    words(&rate.to_string())
}

fn whole(row: &BTreeMap<String, Value>, name: &str) -> Option<i64> {
    match row.get(name) {
        Some(Value::Whole(n)) => Some(*n),
        _ => None,
    }
}

fn text<'r>(row: &'r BTreeMap<String, Value>, name: &str) -> &'r str {
    match row.get(name) {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

/// Walks all that tells of the round.
async fn all_agree(world: &World) {
    let names = world.live().await.spec.participation.names();
    let (cookie, key) = let_in(world).await;
    let by = (cookie.as_str(), key.as_str());
    let api: Json = serde_json::from_str(&page(world, &format!("/api/v1/rounds/{ROUND}/status"), by).await).unwrap();
    let overview = words(&page(world, &urls::round(ROUND), by).await);
    let list = words(&page(world, &urls::accounts(ROUND), by).await);
    let outcomes = words(&page(world, &urls::outcomes(ROUND), by).await);
    let served = words(&page(world, &urls::report(ROUND), by).await);
    let file = words(&report_file(&world.ctx, &world.live().await).await.unwrap());
    let both = |what: &str| served.contains(what) && file.contains(what);

    // The completion of contacts and accounts.
    let of_whom = if names { "reachable" } else { "invited" };
    let (people, accounts) = (&api["individual"], &api["accounts"]);
    let contacts = share(&people["completed"], people[of_whom].as_i64().unwrap());
    let of_accounts = share(&accounts["completed"], accounts["invited"].as_i64().unwrap());
    for figure in [&contacts, &of_accounts] {
        assert!(overview.contains(figure) && both(figure), "{figure}:\n{overview}\n{served}\n{file}");
    }
    // The funnel, step by step, and who left it.
    for (step, figure) in [("listed", "listed"), ("invited", "invited")] {
        let said = format!("{step} {}", people[figure]);
        assert!(overview.to_lowercase().contains(&said) && served.to_lowercase().contains(&said), "{said}: {served}");
    }
    let opted_out = format!("{} opted out", people["opted_out"]);
    assert!(overview.contains(&opted_out) && both(&opted_out), "{opted_out}: {served}");

    // The table of accounts, its page and its part of the report; what the API says is their sum.
    let rows = taken(world, Of::all(Table::Accounts)).await;
    assert_eq!(rows.len() as i64, accounts["listed"].as_i64().unwrap());
    for row in &rows {
        let base = whole(row, "reachable").or(whole(row, "invited")).unwrap();
        let own = share(&whole(row, "completed").map_or(Json::Null, Json::from), base);
        let in_report = |html: &str| {
            html.split(text(row, "account"))
                .skip(1)
                .any(|after| after.split_once("Dora Fields").is_some_and(|(row, _)| row.contains(&own)))
        };
        assert!(in_report(&served) && in_report(&file), "{own}: {served}");
        assert!(list.contains(&own), "{own}: {list}");
    }
    let sum = |name: &str| rows.iter().map(|row| whole(row, name)).sum::<Option<i64>>();
    assert_eq!(sum("invited"), people["invited"].as_i64());
    if let (Some(each), Some(all)) = (sum("completed"), people["completed"].as_i64()) {
        assert_eq!(each, all);
    }

    // What became of everybody.
    let found = aapor(&world.ctx, ROUND).await.unwrap();
    for one in Disposition::ALL {
        let people = found.dispositions[one.code()].map_or_else(|| "not told".into(), |n| n.to_string());
        let said = words(&format!("{} {people} {}", one.code(), one.meaning()));
        assert!(outcomes.contains(&said) && both(&said), "{said}: {outcomes}\n{served}");
    }
    for of in OutcomeRate::ALL {
        let told = found.outcomes.as_ref().map(|outcomes| of.parts(outcomes));
        let told = told.map_or_else(|| "not told".into(), |(part, base)| share(&part.into(), base));
        let said = words(&format!("{} {told} {}", of.name(), of.meaning()));
        assert!(outcomes.contains(&said) && both(&said), "{said}: {outcomes}\n{served}");
    }

    // Roles are told where names are.
    let roles = api["roles"].as_object().unwrap();
    assert!(!roles.is_empty() && (served.contains("By role") == names) && (file.contains("By role") == names));
    for role in roles.values().filter(|_| names) {
        let own = share(&role["completed"], role["reachable"].as_i64().unwrap());
        assert!(overview.contains(&own) && both(&own), "{own}: {served}");
    }
    world.promises_hold().await;
}

async fn everything_that_tells_names_says_the_same_figures(mut world: World) {
    answered(&mut world, Participation::Names).await;
    all_agree(&world).await;
    let file = words(&report_file(&world.ctx, &world.live().await).await.unwrap());
    assert!(file.contains("25 % (5 of 20)") && file.contains("As of 10 February 2027, "), "{file}");
    assert!(file.contains("40 % (4 of 10)") && file.contains("10 % (1 of 10)"), "{file}");
}

async fn everything_that_tells_numbers_says_the_same_figures(mut world: World) {
    answered(&mut world, Participation::CountsFrom(3)).await;
    all_agree(&world).await;
    // The one answer of the second account is too few; told beside the total, so are the four of the first.
    let file = words(&report_file(&world.ctx, &world.live().await).await.unwrap());
    assert!(file.contains("25 % (5 of 20)") && !file.contains("(4 of 10)") && !file.contains("(1 of 10)"), "{file}");
    assert!(file.contains("where 3 at least have answered") && !file.contains("could be reached"), "{file}");
}

async fn the_program_writes_a_report_and_that_is_on_record(mut world: World) {
    answered(&mut world, Participation::Names).await;
    installed(&world);
    let folder = world.folder.path().to_path_buf();
    let run = |arguments: &[&str]| -> Output {
        Command::new(program()).args(arguments).current_dir(&folder).output().unwrap()
    };
    let wrote = run(&["report", ROUND, "report.html"]);
    assert!(wrote.status.success() && said(&wrote).contains("Wrote the report"), "{}", said(&wrote));
    let html = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(words(&html).contains("25 % (5 of 20)"), "{html}");
    assert!(html.contains("@page") && !html.contains("<script") && !html.contains("src="), "{html}");
    // Nothing that is there is written over, and what is no page is not written.
    for (file, why) in [("report.html", "is there already"), ("report.pdf", ".html")] {
        let refused = run(&["report", ROUND, file]);
        assert_eq!((refused.status.code(), said(&refused).contains(why)), (Some(2), true), "{}", said(&refused));
    }
    assert_eq!(fs::read_to_string(folder.join("report.html")).unwrap(), html);
    assert!(run(&["export", ROUND, "--contacts", "contacts.csv"]).status.success());
    assert!(run(&["export", ROUND, "folder"]).status.success());
    let live = world.live().await;
    let mut tx = world.ctx.db.read().await.unwrap();
    let all = journal::of_round(&mut tx, &live.id, 1_000).await.unwrap();
    drop(tx);
    let mut taken: Vec<(String, String)> = all
        .into_iter()
        .filter(|entry| entry.action == Action::Exported.as_str())
        .map(|entry| (entry.actor, entry.detail))
        .collect();
    taken.sort();
    let who = Actor::CommandLine.to_string();
    let wanted = ["contacts.csv", "the folder of the round", "the report"].map(|what| (who.clone(), what.to_string()));
    assert_eq!(taken, wanted);
}
