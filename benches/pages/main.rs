//! What pages and list loads cost in rounds of several sizes, and what others wait for meanwhile.
//!
//!     cargo bench --bench pages -- --contacts 1000 --contacts 20000 [--contacts 1000000] [--database postgres://...]
//!
//! For each size a draft gets a list of so many people in accounts of twenty (`--to-an-account N`), goes through it again as it is, and
//! again with every hundredth row changed (not with `--once`). While the list goes in, another writer notes something small every few
//! milliseconds, as answers do: its waits are told as a ratio of what they are with nothing else going on, within the same minute. Then
//! the round is started (not with `--draft`), a week passes, and every page is asked for five times (`--times N`): the times, with those
//! on the processor (and on PostgreSQL those of its connections, where the user is `bench`), the size of the body and the memory of the
//! process now and at most so far. Prints one line of JSON for each. A million contacts need some minutes and some gigabytes of disk
//! (`TMPDIR`). The sign-off board of 50 and of 50,000 accounts (`--only WORDS`: of the pages whose address has them):
//!
//!     cargo bench --bench pages -- --contacts 50 --contacts 50000 --to-an-account 1 --once --only sign-off --times 200
//!
//! `--served` measures `serve` itself, as a process of its own, on a round whose letters go out now: first with one person who looks at one
//! page after the other, then while 1,000 messages leave (`--messages`) and 200 people answer (`--answers`) in every second and 200 pages
//! (`--open-pages`) stay open, each for `--seconds 120` after `--sent 50000` messages have gone.
//!
//!     cargo bench --bench pages -- --served --contacts 1000000 [--database postgres://...]
//!
//! `--idle` starts it on an empty database, and again, and leaves it alone for `--seconds 10`: memory, and time until it is ready.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

mod busy;
mod client;
mod daemon;
mod figures;
mod loading;
mod paths;
mod people;
mod round;
mod sink;

use std::path::Path;
use std::time::Instant;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use chrono::NaiveDate;
use soundings::base::clock::{Clock, DAY, Ts};
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::rules::journal::Actor;
use soundings::steps::Ctx;
use soundings::steps::round::{RoundOrder, TellRound, folder, load as load_round};
use soundings::store::Db;
use soundings::web::{Web, router};
use sqlx::Connection;
use tower::ServiceExt;

use self::figures::{at, load_of_the_machine, memory, of_postgres, on_processor};
use self::loading::load;
use self::people::listed;

const SLUG: &str = "northwind-2027";

fn options(name: &str) -> Vec<String> {
    let args: Vec<String> = std::env::args().collect();
    args.windows(2).filter(|w| w[0] == name).map(|w| w[1].clone()).collect()
}

fn number(name: &str, otherwise: usize) -> usize {
    options(name).first().map_or(otherwise, |n| n.parse().unwrap())
}

fn has(name: &str) -> bool {
    std::env::args().any(|a| a == name)
}

async fn ask(web: &axum::Router, path: &str) -> String {
    let request = Request::get(path).header("host", "soundings.example").body(Body::empty()).unwrap();
    let answer = web.clone().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}

async fn page(ctx: &Ctx, web: &axum::Router, contacts: usize, path: &str) {
    if !options("--only").iter().all(|words| path.contains(words)) {
        return;
    }
    let (mut ms, mut bytes) = (Vec::new(), 0);
    let (worked, of_database) = (on_processor("self"), of_postgres());
    let times = number("--times", 5);
    for _ in 0..times {
        let began = Instant::now();
        bytes = ask(web, path).await.len();
        ms.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    let each = |seconds: f64| seconds * 1_000.0 / times as f64;
    let (worked, of_database) = (each(on_processor("self") - worked), each(of_postgres() - of_database));
    ms.sort_by(f64::total_cmp);
    let (now, peak) = memory("self");
    println!(
        "{{\"what\":\"{path}\",\"database\":\"{}\",\"contacts\":{contacts},\"times\":{times},\"ms_best\":{:.1},\"ms_median\":{:.1},\
         \"ms_p99\":{:.1},\"ms_worst\":{:.1},\"processor_ms\":{worked:.1},\"of_postgresql_ms\":{of_database:.1},\"kb\":{},\
         \"rss_mb\":{now},\"peak_mb\":{peak},\"load\":{}}}",
        ctx.db.kind(),
        at(&ms, 0.0),
        at(&ms, 0.5),
        at(&ms, 0.99),
        at(&ms, 1.0),
        bytes / 1024,
        load_of_the_machine(),
    );
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
    load_round(&ctx, demo, &Actor::operator("bench")).await.unwrap();

    let rows = |changed| (0..contacts).map(|n| listed(n, to_an_account, changed)).collect::<Vec<_>>();
    load(&ctx, "load", rows(false)).await;
    if !has("--once") {
        load(&ctx, "load again", rows(false)).await;
        load(&ctx, "load with every 100th changed", rows(true)).await;
    }

    // A week after the start: whoever was asked is late.
    if !has("--draft") {
        let order = TellRound { slug: SLUG.into(), order: RoundOrder::Start };
        ctx.order(&Actor::operator("bench"), order).await.unwrap();
        ctx.clock.turn_to(ctx.clock.now().plus(7 * DAY));
    }
    // What autovacuum does within a minute of such a load; pages that are asked for before read every older version of each counter.
    if database.starts_with("postgres") {
        let mut server = sqlx::PgConnection::connect(&database).await.unwrap();
        sqlx::query("VACUUM (ANALYZE)").execute(&mut server).await.unwrap();
    }
    let web = router(Web::open_to_all(ctx.clone(), "bench@soundings.example"));
    let mut paths: Vec<String> = paths::OF_A_ROUND.iter().map(|path| format!("/rounds/{SLUG}{path}")).collect();
    // The page of one contact, of one account and of its sign-off, as the lists lead to them.
    for list in ["contacts", "accounts", "sign-off"] {
        let list = format!("/rounds/{SLUG}/{list}");
        paths.push(paths::first_row(&ask(&web, &list).await, &list).unwrap());
    }
    for path in paths.iter().map(String::as_str).chain(paths::OF_ALL) {
        page(&ctx, &web, contacts, path).await;
    }
}

#[tokio::main]
async fn main() {
    // `cargo test` runs benches once, to see that they build.
    if !has("--bench") && !has("--contacts") {
        return;
    }
    if has("--idle") {
        let database = options("--database").first().cloned().unwrap_or_default();
        return daemon::idle(&database, number("--seconds", 10) as u64).await;
    }
    let sizes: Vec<usize> = options("--contacts").iter().map(|n| n.parse().unwrap()).collect();
    for contacts in if sizes.is_empty() { vec![1_000, 20_000] } else { sizes } {
        let to_an_account = number("--to-an-account", 20);
        if has("--served") {
            busy::measure(contacts, to_an_account).await;
        } else {
            measure(contacts, to_an_account).await;
        }
    }
}
