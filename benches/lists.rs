//! What lists of several sizes cost, from file to committed: read, checked, loaded, loaded again, compared, and loaded with changes.
//!
//!     cargo bench --bench lists -- --contacts 1000 --contacts 20000 --contacts 100000 [--contacts 1000000] [--database postgres://...]
//!
//! Each figure stands beside what it takes to read the file and take its cells apart, without looking at them. The check holds the file;
//! a load is told with the memory of the process at most so far. Prints one line of JSON for each. A million rows need some minutes and two
//! gigabytes of disk.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use chrono::NaiveDate;
use soundings::base::clock::{Clock, DAY, Ts};
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::intake::list::{self, CheckedList};
use soundings::rules::journal::Actor;
use soundings::steps::Ctx;
use soundings::steps::contacts::{Allowed, difference, load_list};
use soundings::steps::round::{self, folder};
use soundings::store::Db;

const SLUG: &str = "northwind-2027";
const TO_AN_ACCOUNT: usize = 20;

fn options(name: &str) -> Vec<String> {
    let args: Vec<String> = std::env::args().collect();
    args.windows(2).filter(|w| w[0] == name).map(|w| w[1].clone()).collect()
}

/// Megabytes of memory at most so far.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1024
}

/// With every hundredth row changed, or none.
fn file(contacts: usize, changed: bool) -> String {
    let mut text = String::from(
        "account,first_name,last_name,email,job_title,role,language,country,time_zone,account_director,account_director_email,contact_key,Segment\n",
    );
    for n in 0..contacts {
        let account = n / TO_AN_ACCOUNT;
        let title = if changed && n.is_multiple_of(100) { "Chief Buyer" } else { "Buyer" };
        let director = account % 500;
        writeln!(
            text,
            "Account {account} Holding,Anna,Müller-{n},person.{n}@account{account}.example,{title},influencer,en,GB,Europe/London,\
             Director {director},director{director}@client.example,003{n:012},Gold"
        )
        .unwrap();
    }
    text
}

struct Bench {
    contacts: usize,
    database: &'static str,
    /// Seconds for the file alone.
    reading: f64,
}

impl Bench {
    fn told(&self, what: &str, began: Instant) {
        let seconds = began.elapsed().as_secs_f64();
        println!(
            "{{\"what\":\"{what}\",\"database\":\"{}\",\"contacts\":{},\"seconds\":{seconds:.3},\"us_each\":{:.1},\"of_reading\":{:.1},\"peak_mb\":{}}}",
            self.database,
            self.contacts,
            seconds * 1e6 / self.contacts as f64,
            seconds / self.reading,
            peak(),
        );
    }
}

async fn empty_round() -> (tempfile::TempDir, Ctx) {
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
    demo.list.accepted.truncate(1);
    round::load(&ctx, demo, &Actor::operator("bench")).await.unwrap();
    (temporary, ctx)
}

async fn measure(contacts: usize) {
    let (temporary, ctx) = empty_round().await;
    let path = temporary.path().join("contacts.csv");
    std::fs::write(&path, file(contacts, false)).unwrap();
    let began = Instant::now();
    let bytes = std::fs::read(&path).unwrap();
    let cells: usize = std::str::from_utf8(&bytes).unwrap().lines().map(|line| line.split(',').count()).sum();
    assert!(cells > contacts * 10);
    let bench = Bench { contacts, database: ctx.db.kind(), reading: began.elapsed().as_secs_f64() };
    bench.told("read", began);
    let began = Instant::now();
    let checked = list::read(&bytes, "contacts.csv").unwrap();
    bench.told("check", began);
    assert_eq!(checked.accepted.len(), contacts);
    // Whoever stood in the draft before is not on this list.
    let allowed = Allowed { removing_everybody: true, ..Allowed::default() };
    let load = async |what: &str, list: CheckedList| {
        let began = Instant::now();
        let changes = load_list(&ctx, SLUG, list.accepted, allowed, &Actor::operator("bench")).await.unwrap();
        bench.told(what, began);
        changes
    };
    assert_eq!(load("load", checked.clone()).await.added, contacts as u64);
    assert_eq!(load("load again", checked).await.unchanged, contacts as u64);
    let other = list::read(file(contacts, true).as_bytes(), "contacts.csv").unwrap();
    let began = Instant::now();
    let shown = difference(&ctx, SLUG, &other, allowed).await.unwrap();
    bench.told("difference", began);
    assert_eq!(shown.changed.len(), contacts.div_ceil(100));
    assert_eq!(load("load with every 100th changed", other).await.changed, contacts.div_ceil(100) as u64);
}

#[tokio::main]
async fn main() {
    // `cargo test` runs benches once, to see that they build.
    if !std::env::args().any(|a| a == "--bench" || a == "--contacts") {
        return;
    }
    let sizes: Vec<usize> = options("--contacts").iter().map(|n| n.parse().unwrap()).collect();
    for contacts in if sizes.is_empty() { vec![1_000, 20_000] } else { sizes } {
        measure(contacts).await;
    }
}
