//! Rounds with many accounts: pages show a page of them, say how many there are, and one stands where one was afterwards.

use axum::http::{Method, StatusCode};

use crate::base::address::EmailAddress;
use crate::base::ids::BulkId;
use crate::rules::contacts::bulk::Act;
use crate::rules::contacts::{Colleague, ListedContact, Role};
use crate::rules::journal::Actor;
use crate::steps::contacts::{Allowed, bulk, load_list};
use crate::store::contacts::{self, Person};
use crate::web::tests::fixture::*;

const ACCOUNTS: usize = 260;
const PEOPLE: usize = 2_600;

/// Ten people to an account, half of the accounts of each of two directors; account 7 has a name to look at.
async fn large(h: &House) {
    let demo = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config/demo");
    let mut rows = crate::intake::folder::read(&demo).unwrap().list.accepted;
    let director = |n: usize| Colleague {
        name: ["Ömer Director", "Zoe Director"][n % 2].into(),
        email: EmailAddress::parse(["oemer@client.example", "zoe@client.example"][n % 2]).unwrap(),
    };
    rows.extend((0..PEOPLE).map(|n| {
        let account = n % ACCOUNTS;
        ListedContact {
            line: n as u64 + 1_000,
            account: format!("Account {account}"),
            first_name: "Pat".into(),
            last_name: format!("Number {n}"),
            email: EmailAddress::parse(&format!("pat.{n}@account{account}.example")).unwrap(),
            job_title: "Buyer".into(),
            role: Role::Influencer,
            language: "en".into(),
            country: "GB".into(),
            region: String::new(),
            time_zone: "Europe/London".into(),
            director: director(account),
            manager: None,
            strategic: Some(false),
            annual_revenue: None,
            key: String::new(),
            more: std::collections::BTreeMap::default(),
            findings: Vec::new(),
        }
    }));
    let changes = load_list(&h.ctx, FIRST, rows, Allowed::default(), &Actor::operator("test")).await.unwrap();
    assert_eq!(changes.added as usize, PEOPLE);
}

/// The dearest accounts have been called through: the list goes on with the next, and says that it is not all.
#[tokio::test]
async fn the_call_list_goes_on_where_nobody_of_the_first_accounts_can_be_called() {
    let h = house().await;
    large(&h).await;
    h.everybody_can_be_called().await;
    let round = h.round_id(FIRST).await;
    let everybody: Vec<Person> = {
        let mut tx = h.ctx.db.read().await.unwrap();
        let ids = contacts::ids_of_round(&mut tx, &round).await.unwrap();
        contacts::persons(&mut tx, &ids.iter().collect::<Vec<_>>()).await.unwrap()
    };
    let is_late = |p: &Person| p.account.starts_with("Account 20") && p.account.len() == "Account 200".len();
    let (late, others): (Vec<Person>, Vec<Person>) = everybody.into_iter().partition(is_late);
    assert_eq!(late.len(), 100);
    let manager = others.iter().map(|p| p.manager_email.clone()).find(|email| !email.is_empty()).unwrap();
    let people = others.into_iter().map(|p| p.id).collect();
    let (id, reason) = (BulkId::from("p"), "by mail".to_string());
    let press = bulk::Press { id, slug: FIRST.into(), act: Act::OptOut, reason, people, undoes: None };
    bulk::press(&h.ctx, &Actor::operator("test"), press).await.unwrap();
    let (cookie, _) = h.log_in().await;
    let calls = format!("/rounds/{FIRST}/calls");
    let page = h.send(axum::http::Method::GET, &calls, &[("cookie", &cookie)], "").await.body;
    assert_eq!(page.matches("<li id=\"call-").count(), 10, "{page}");
    assert!(page.contains(">100 people to call</h1>"), "{page}");
    assert!(page.contains(&format!("<option value=\"{manager}\">")), "a manager of whom nobody is left: {page}");
}

#[tokio::test]
async fn a_call_list_that_is_cut_says_so() {
    let h = house().await;
    large(&h).await;
    h.everybody_can_be_called().await;
    let (cookie, _) = h.log_in().await;
    let calls = format!("/rounds/{FIRST}/calls");
    let page = h.send(axum::http::Method::GET, &calls, &[("cookie", &cookie)], "").await.body;
    assert!(page.contains(" or more people to call</h1>"), "{page}");
}

fn accounts_on(body: &str) -> usize {
    body.matches("<tr id=\"account-").count()
}

#[tokio::test]
async fn the_board_comes_in_pages_and_one_stands_where_one_was() {
    let h = house().await;
    large(&h).await;
    let (cookie, csrf) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let get = async |path: &str| h.send(axum::http::Method::GET, path, &with, "").await;
    let board = format!("/rounds/{FIRST}/sign-off");
    let first = get(&board).await;
    assert_eq!((first.status, accounts_on(&first.body)), (StatusCode::OK, 100));
    assert!(first.body.len() < 450_000, "{}", first.body.len());
    assert!(first.body.contains("of 130 signed") || first.body.contains("not signed"), "{}", first.body);
    let mut all = accounts_on(&first.body);
    for page in 2..9 {
        let said = get(&format!("{board}?page={page}")).await;
        all += accounts_on(&said.body);
    }
    let listed = { crate::steps::completion::status(&h.ctx, FIRST).await.unwrap().accounts.listed };
    assert_eq!(all as i64, listed, "every account stands on one page");
    // In the order of people: 2 before 10, and directors by name.
    let at = |body: &str, text: &str| body.find(&format!(">{text}</a>")).unwrap_or(usize::MAX);
    let two = get(&format!("{board}?page=1")).await.body + &get(&format!("{board}?page=2")).await.body;
    assert!(at(&two, "Account 2") < at(&two, "Account 10"), "Account 2 stands before Account 10");
    // An approval on the second page leads back to it, and to the row.
    let second = get(&format!("{board}?page=2&show=open")).await.body;
    let id = second.split("<tr id=\"account-").nth(1).unwrap().split('"').next().unwrap().into();
    let account = h.account(&id).await;
    let mut record = vec![
        ("act", "record"),
        ("csrf", csrf.as_str()),
        ("account", account.id.as_str()),
        ("fingerprint", &account.fingerprint),
        ("who", "Zoe Director"),
        ("when", "2027-01-20"),
        ("evidence", ""),
        ("page", "2"),
        ("show", "open"),
    ];
    let refused = h.post_with(&board, &with, &record).await;
    assert!(refused.refused);
    assert!(refused.body.contains("value=\"Zoe Director\"") && refused.body.contains(&format!("account-{id}")));
    record[6].1 = "mail of 20 January";
    record.push(("confirm", "yes"));
    let done = h.post_with(&board, &with, &record).await;
    assert_eq!(done.header("location"), format!("{board}?done=record&show=open&page=2#account-{id}"));
    // What is signed stands under its filter, and last of all.
    let signed = get(&format!("{board}?show=signed")).await.body;
    assert_eq!(accounts_on(&signed), 1);
    assert!(signed.contains(&format!("account-{id}")) && signed.contains("1 of 130 signed"), "{signed}");
    let asked = get(&format!("{board}?show=asked")).await.body;
    assert!(asked.contains("No account is without an answer to a question of the list."), "{asked}");
    let nonsense = get(&format!("{board}?show=%3Cscript%3E&page=zzz")).await.body;
    assert_eq!(accounts_on(&nonsense), 100, "what is no filter narrows nothing");
}

#[tokio::test]
async fn a_large_plan_is_counted_beside_its_page_and_shows_a_day_at_a_time() {
    let h = house().await;
    large(&h).await;
    let (cookie, _) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let get = async |path: &str| h.send(axum::http::Method::GET, path, &with, "").await;
    let plan = format!("/rounds/{FIRST}/plan");
    let mut shown = get(&plan).await;
    for _ in 0..100 {
        assert_eq!(shown.status, StatusCode::OK);
        if !shown.body.contains("The plan is being counted") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        shown = get(&plan).await;
    }
    assert!(shown.body.contains("Counted ") && shown.body.contains(" people are planned"), "{}", shown.body);
    assert!(shown.body.len() < 60_000, "{}", shown.body.len());
    // The figures are those of the forecast.
    let forecast = crate::steps::plan::forecast::plan_of(&h.ctx, FIRST).await.unwrap();
    let whole = forecast.summary();
    let large = {
        let mut tx = h.ctx.db.read().await.unwrap();
        let live = h.ctx.live_by_slug(&mut tx, FIRST).await.unwrap();
        drop(tx);
        crate::steps::plan::forecast::figures(&h.ctx, &live).await.unwrap()
    };
    assert_eq!(large.messages, whole.ahead);
    assert_eq!(large.contacts_as_if_signed, whole.contacts_as_if_signed);
    assert_eq!(large.hours, whole.hours);
    assert_eq!(large.domains, whole.domains);
    assert_eq!(large.moved, whole.collisions);
    let by_day: u64 = large.days.values().flat_map(|d| d.kinds.values()).sum();
    assert_eq!(by_day, whole.ahead);
    for (day, of_day) in &large.days {
        let names: Vec<&str> = of_day.messages.iter().map(|m| &*m.email).collect();
        let ahead = forecast.messages.iter().filter(|m| m.is_ahead()).filter_map(|m| forecast.line(m));
        let first: Vec<&str> = ahead.filter(|l| l.local.date() == *day).map(|l| l.contact).take(100).collect();
        assert_eq!(names, first, "{day}");
    }
    let (busiest, _) = large.days.iter().max_by_key(|(_, d)| d.kinds.values().sum::<u64>()).unwrap();
    assert!(shown.body.contains(&format!("href=\"{plan}?day={busiest}#day\"")), "{}", shown.body);
    let day = get(&format!("{plan}?day={busiest}")).await.body;
    assert!(day.contains("<details open id=\"day\">"), "{day}");
    let rows = day.split("<details open id=\"day\">").nth(1).unwrap().split("</details>").next().unwrap();
    assert!(rows.matches("<tr>").count() <= 101 && rows.contains("as CSV"), "{rows}");
    assert!(day.len() < 120_000, "{}", day.len());
}

#[tokio::test]
async fn people_are_found_on_the_page_by_what_is_typed() {
    let h = house().await;
    large(&h).await;
    let (cookie, _) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let get = async |q: &str| {
        h.send(axum::http::Method::GET, &format!("/rounds/{FIRST}/contacts?q={q}"), &with, "").await.body
    };
    assert!(get("number%202599").await.contains("1 contact matches"));
    assert!(get("ACCOUNT%202599%20pat").await.contains("1 contact matches"));
    assert!(get("pat.2599%40account259.example").await.contains("1 contact matches"));
    let nobody = get("umber").await;
    assert!(nobody.contains("Nobody matches. A search finds beginnings of words"), "{nobody}");
}

/// What stands between these two texts.
fn between<'t>(body: &'t str, from: &str, to: &str) -> &'t str {
    body.split(from).nth(1).unwrap_or_default().split(to).next().unwrap_or_default()
}

#[tokio::test]
async fn the_overview_shows_of_a_large_round_as_much_as_of_a_small_one() {
    let h = house().await;
    large(&h).await;
    h.everybody_is_invited().await;
    let (cookie, _) = h.log_in().await;
    let with = [("cookie", cookie.as_str())];
    let said = h.send(axum::http::Method::GET, &format!("/rounds/{FIRST}"), &with, "").await;
    assert_eq!(said.status, StatusCode::OK);
    let body = said.body;
    let rows = |name: &str| between(&body, &format!("data-live=\"{name}\">"), "</tbody>").matches("<tr>").count();
    let listed = crate::steps::completion::status(&h.ctx, FIRST).await.unwrap().accounts.listed;
    assert!(listed >= ACCOUNTS as i64);
    // Where the whole part changes in place, its head is in it.
    assert_eq!((rows("heat"), rows("silent")), (20, 1 + 10));
    assert!((3..=21).contains(&rows("directors")), "{}", rows("directors"));
    let title = between(&body, "<h2 id=\"silent-title\">", "<");
    assert_eq!(title, format!("{listed} silent accounts"));
    assert!(body.contains(&format!("And {} more</a>", listed - 10)), "{body}");
    // Strategic accounts stand first; a role that nobody holds is named as such.
    let first = between(&body, "data-live=\"heat\">", "</tr>");
    assert!(first.contains("strategic") && first.contains(">silent<"), "{first}");
    assert!(between(&body, "data-live=\"heat\">", "</tbody>").contains("class=\"none\""), "{body}");
    // Nobody has answered: there is nothing to draw a forecast from, and no target is said to be met.
    assert!(!body.contains("<svg class=\"chart") && !body.contains("</span> met"), "{body}");
    assert!(body.len() < 120_000, "{}", body.len());
}

#[tokio::test]
async fn a_file_has_everybody_once_however_many_there_are() {
    let h = house().await;
    large(&h).await;
    let (cookie, csrf) = h.log_in().await;
    let listed = { crate::steps::completion::status(&h.ctx, FIRST).await.unwrap() };
    let (people, accounts) = (listed.individual.listed as usize, listed.accounts.listed as usize);
    for (file, id, wanted) in [
        ("contacts.jsonl", "soundings_id", people),
        ("contacts.jsonl?stage=unsigned", "soundings_id", people),
        ("accounts.jsonl", "account_id", accounts),
        ("accounts.jsonl?show=unsigned&sort=revenue", "account_id", accounts),
    ] {
        let path = format!("/rounds/{FIRST}/export/{file}");
        let said = h.post_with(&path, &[("cookie", &cookie)], &[("csrf", &csrf)]).await;
        assert_eq!(said.status, StatusCode::OK, "{file}");
        let rows = said.body.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let ids: Vec<String> = rows.map(|row| row[id].as_str().unwrap().to_owned()).collect();
        let each: std::collections::BTreeSet<&String> = ids.iter().collect();
        assert_eq!((ids.len(), each.len()), (wanted, wanted), "{file}");
    }
    // A word of more people than are looked through would make a file that lacks some of them.
    let vague = format!("/rounds/{FIRST}/export/contacts.jsonl?q=number&role=influencer");
    let form = [("cookie", cookie.as_str()), ("content-type", "application/x-www-form-urlencoded")];
    let refused = h.send(Method::POST, &vague, &form, &format!("csrf={csrf}")).await;
    let said = h.send(Method::GET, refused.header("location"), &form[..1], "").await;
    assert_eq!(said.status, StatusCode::CONFLICT, "{}", said.body);
    assert!(said.body.contains("would lack some of them"), "{}", said.body);
}
