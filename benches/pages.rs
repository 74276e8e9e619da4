//! What pages and list loads cost in rounds of several sizes, and what others wait for meanwhile.
//!
//!     cargo bench --bench pages -- --contacts 1000 --contacts 20000 [--contacts 1000000] [--database postgres://...]
//!
//! For each size a draft gets a list of so many people in accounts of twenty (`--to-an-account N`), goes through it again as it is, and again
//! with every hundredth row changed. While the list goes in, another writer notes something small every few milliseconds, as answers do: its
//! waits are told as a ratio of what they are with nothing else going on, within the same minute. Then the round is started (not with `--draft`), a week passes, and every page is asked for five times, the
//! best and the worst told, with the size of the body and the memory of the process now and at most so far. Prints one line of JSON for each.
//! A million contacts need some minutes and two gigabytes of disk. The sign-off board of 50 and of 50,000 accounts:
//!
//!     cargo bench --bench pages -- --contacts 50 --contacts 50000 --to-an-account 1

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use chrono::NaiveDate;
use soundings::base::address::EmailAddress;
use soundings::base::clock::{Clock, DAY, Ts};
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::rules::contacts::{Colleague, ListedContact, Role};
use soundings::rules::journal::Actor;
use soundings::steps::Ctx;
use soundings::steps::contacts::{Allowed, load_list};
use soundings::steps::round::{self, folder};
use soundings::store::Db;
use soundings::store::contacts::addresses;
use soundings::web::{Web, router};
use sqlx::Connection;
use tower::ServiceExt;

const SLUG: &str = "northwind-2027";
const FIRST: [&str; 10] =
    ["Anna", "Ömer", "Siobhán", "Jean-Luc", "Łucja", "Bernd", "Zoë", "Catherine", "Dmitri", "Wei"];
const LAST: [&str; 12] = [
    "Müller",
    "Smith",
    "Çelik",
    "O'Brien",
    "Sørensen",
    "Nowak",
    "Okubo",
    "Garcia",
    "Jansen",
    "Virtanen",
    "Rossi",
    "Lee",
];

fn options(name: &str) -> Vec<String> {
    let args: Vec<String> = std::env::args().collect();
    args.windows(2).filter(|w| w[0] == name).map(|w| w[1].clone()).collect()
}

fn number(name: &str, otherwise: usize) -> usize {
    options(name).first().map_or(otherwise, |n| n.parse().unwrap())
}

/// Megabytes of memory: in use now, and at most so far.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |key: &str| {
        let line = status.lines().find(|l| l.starts_with(key)).unwrap_or("");
        line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
    };
    (of("VmRSS:"), of("VmHWM:"))
}

fn address(text: String) -> EmailAddress {
    EmailAddress::parse(&text).unwrap()
}

fn listed(n: usize, to_an_account: usize, changed: bool) -> ListedContact {
    let account = n / to_an_account;
    ListedContact {
        line: n as u64 + 2,
        account: format!("Account {account} Holding"),
        first_name: FIRST[n % FIRST.len()].into(),
        last_name: format!("{}-{}", LAST[n % LAST.len()], n / 7),
        email: address(format!("person.{n}@account{account}.example")),
        job_title: if changed && n.is_multiple_of(100) { "Chief Buyer" } else { "Buyer" }.into(),
        role: if n.is_multiple_of(5) { Role::KeyDecisionMaker } else { Role::Influencer },
        language: "en".into(),
        country: "GB".into(),
        region: String::new(),
        time_zone: "Europe/London".into(),
        director: Colleague {
            name: format!("Director {}", account % 500),
            email: address(format!("director{}@client.example", account % 500)),
        },
        manager: None,
        strategic: Some(false),
        annual_revenue: Some(account as i64 % 977 * 1_000),
        key: String::new(),
        more: std::collections::BTreeMap::default(),
        findings: Vec::new(),
    }
}

/// Notes something small again and again until told to stop; how long each took, in milliseconds.
async fn others(ctx: Ctx, stop: Arc<AtomicBool>) -> Vec<f64> {
    let mut waits = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let (now, began) = (ctx.clock.now(), Instant::now());
        ctx.db
            .write(move |tx| Box::pin(async move { addresses::note_soft(tx, "somebody@else.example", now).await }))
            .await
            .unwrap();
        waits.push(began.elapsed().as_secs_f64() * 1_000.0);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    waits.sort_by(f64::total_cmp);
    waits
}

fn at(waits: &[f64], share: f64) -> f64 {
    waits.get(((waits.len() as f64 - 1.0) * share) as usize).copied().unwrap_or(0.0)
}

async fn load(ctx: &Ctx, what: &str, rows: Vec<ListedContact>) {
    // With nothing else going on, in the same minute.
    let stop = Arc::new(AtomicBool::new(false));
    let idle = tokio::spawn(others(ctx.clone(), stop.clone()));
    tokio::time::sleep(Duration::from_secs(2)).await;
    stop.store(true, Ordering::Relaxed);
    let idle = idle.await.unwrap();
    let (count, stop) = (rows.len(), Arc::new(AtomicBool::new(false)));
    let busy = tokio::spawn(others(ctx.clone(), stop.clone()));
    let began = Instant::now();
    let changes = load_list(ctx, SLUG, rows, Allowed::default(), &Actor::operator("bench")).await.unwrap();
    let seconds = began.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    let busy = busy.await.unwrap();
    let (now, peak) = memory();
    println!(
        "{{\"what\":\"{what}\",\"database\":\"{}\",\"contacts\":{count},\"added\":{},\"changed\":{},\"seconds\":{seconds:.2},\"us_each\":{:.1},\"others\":{},\"wait_ms_median\":{:.2},\"wait_ms_p99\":{:.1},\"wait_ms_longest\":{:.0},\"median_of_idle\":{:.1},\"p99_of_idle\":{:.1},\"rss_mb\":{now},\"peak_mb\":{peak}}}",
        ctx.db.kind(),
        changes.added,
        changes.changed,
        seconds * 1e6 / count as f64,
        busy.len(),
        at(&busy, 0.5),
        at(&busy, 0.99),
        at(&busy, 1.0),
        at(&busy, 0.5) / at(&idle, 0.5),
        at(&busy, 0.99) / at(&idle, 0.99),
    );
}

async fn page(ctx: &Ctx, web: &axum::Router, contacts: usize, path: &str) -> String {
    let (mut times, mut body) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let request = Request::get(path).header("host", "soundings.example").body(Body::empty()).unwrap();
        let began = Instant::now();
        let answer = web.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        body = to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec();
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let (now, peak) = memory();
    println!(
        "{{\"what\":\"{path}\",\"database\":\"{}\",\"contacts\":{contacts},\"ms_best\":{:.1},\"ms_worst\":{:.1},\"kb\":{},\"rss_mb\":{now},\"peak_mb\":{peak}}}",
        ctx.db.kind(),
        times[0],
        times[4],
        body.len() / 1024,
    );
    String::from_utf8(body).unwrap()
}

async fn measure(contacts: usize, to_an_account: usize) {
    let temporary = tempfile::tempdir().unwrap();
    let file = format!("sqlite:{}", temporary.path().join("bench.db").display());
    let database = options("--database").first().cloned().unwrap_or(file);
    let db = Db::open(&database, "full").await.unwrap();
    let opens = NaiveDate::from_ymd_opt(2027, 2, 8).unwrap();
    let ids = Ids::seeded(7);
    let clock = Clock::hand(Ts::from(opens.and_hms_opt(9, 0, 0).unwrap().and_utc()).plus(-14 * DAY));
    let key = SecretKey::draw(&ids);
    let ctx = Ctx::new(db, clock, ids, key, "https://soundings.example");
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let mut demo = folder::read(&demo).map_err(|f| format!("{f:?}")).unwrap();
    demo.list.accepted = vec![listed(0, to_an_account, false)];
    round::load(&ctx, demo, &Actor::operator("bench")).await.unwrap();

    let rows = |changed| (0..contacts).map(|n| listed(n, to_an_account, changed)).collect::<Vec<_>>();
    load(&ctx, "load", rows(false)).await;
    load(&ctx, "load again", rows(false)).await;
    load(&ctx, "load with every 100th changed", rows(true)).await;

    // A week after the start: whoever was asked is late.
    if !std::env::args().any(|a| a == "--draft") {
        let order = round::TellRound { slug: SLUG.into(), order: round::RoundOrder::Start };
        ctx.order(&Actor::operator("bench"), order).await.unwrap();
        ctx.clock.turn_to(ctx.clock.now().plus(7 * DAY));
    }
    // What autovacuum does within a minute of such a load; pages that are asked for before read every older version of each counter.
    if database.starts_with("postgres") {
        let mut server = sqlx::PgConnection::connect(&database).await.unwrap();
        sqlx::query("VACUUM (ANALYZE)").execute(&mut server).await.unwrap();
    }
    let web = router(Web::open_to_all(ctx.clone(), "bench@soundings.example"));
    // The page of one account's sign-off, as the board leads to it.
    let board = page(&ctx, &web, contacts, &format!("/rounds/{SLUG}/sign-off")).await;
    let to_account = format!("href=\"/rounds/{SLUG}/sign-off/");
    let links = board.split(&to_account).skip(1).filter_map(|rest| rest.split('"').next());
    let account = links
        .map(|id| format!("/sign-off/{id}"))
        .find(|link| !link.ends_with("directors") && !link.ends_with("summary"));
    for path in [
        account.as_deref().unwrap(),
        "/sign-off?page=9",
        "/sign-off?page=500",
        "/sign-off?show=open",
        "/sign-off?show=late",
        "/sign-off?show=signed",
        "/sign-off?show=to_look_at",
        "/sign-off?sort=account&page=9",
        "/sign-off?sort=names",
        "/sign-off?sort=late",
        "/sign-off?sort=revenue&page=500",
        "/sign-off?q=account%2012",
        "/sign-off?q=director",
        "/sign-off?q=director7",
        "/sign-off?q=director7&sort=revenue",
        "/sign-off?q=holding",
        "/sign-off?q=holding%20director7&show=late",
        "/sign-off/directors",
        "/sign-off/directors?sort=late&show=late",
        "/sign-off/directors?sort=names",
        "/sign-off/directors?sort=revenue&show=open",
        "/sign-off/directors?q=director7",
        "/sign-off/summary",
        "/contacts",
        "/contacts?page=150",
        "/contacts?stage=opted_out",
        "/contacts?q=omer",
        "/contacts?q=%C3%96mer%20celik-1",
        "/contacts?q=account%2012",
        "/contacts?q=person.777%40account38.example",
        "/contacts?q=a",
        "/accounts",
        "/accounts?page=500",
        "/accounts?show=silent&sort=revenue",
        "/accounts?show=no_influencer&sort=touch",
        "/accounts?q=account%2012",
        "/calls",
        "/calls?silent=yes",
        "/outbox?q=omer",
        "/outbox?q=a&state=sent",
        "/replies",
        "/replies?show=mine",
        "/replies?show=done",
        "/plan",
        "/plan/pause",
        "",
    ] {
        page(&ctx, &web, contacts, &format!("/rounds/{SLUG}{path}")).await;
    }
    for words in ["", &format!("?round={SLUG}"), "?who=bench", &format!("?who=soundings&round={SLUG}")] {
        page(&ctx, &web, contacts, &format!("/journal{words}")).await;
    }
}

#[tokio::main]
async fn main() {
    // `cargo test` runs benches once, to see that they build.
    if !std::env::args().any(|a| a == "--bench" || a == "--contacts") {
        return;
    }
    let sizes: Vec<usize> = options("--contacts").iter().map(|n| n.parse().unwrap()).collect();
    for contacts in if sizes.is_empty() { vec![1_000, 20_000] } else { sizes } {
        measure(contacts, number("--to-an-account", 20)).await;
    }
}
