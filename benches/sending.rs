//! Messages per second from the ledger into an SMTP server: claim, render, offer, mark, dot, settle, all of it durable.
//!
//!     cargo bench --bench sending -- --count 20000 --connections 10 --host 127.0.0.1 --port 2526 [--synchronous normal]
//!
//! Makes a round of its own in a temporary folder (or in `--database URL`), plans one warm-up per contact, and sends them all, as the daemon
//! would: a task for each line. Prints one line of JSON; processor time is that of the sending alone. Loopback only: run it beside another sender
//! in the same minute and compare the two, not single figures.
//!
//! With `--database` and `--journal` it can be killed and started again: `kill_test.py` of a bench harness counts what was lost or repeated. `--prepare yes`
//! ends before anything is sent, so that a copy of the database can be sent from, again and again, by a process that did not make it.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::NaiveDate;
use soundings::base::address::EmailAddress;
use soundings::base::clock::{Clock, HOUR, Ts};
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::config::smtp::SmtpSettings;
use soundings::rules::contacts::{Colleague, ListedContact, Role};
use soundings::rules::journal::Actor;
use soundings::rules::signoff::SignLevel;
use soundings::steps::round::{self, RoundOrder, folder};
use soundings::steps::sending::delivery;
use soundings::steps::sending::outbound::Outbound;
use soundings::steps::signoff::signing::RecordSignature;
use soundings::steps::{Ctx, plan};
use soundings::store::Db;
use soundings::store::contacts::accounts;
use soundings::store::round::rounds;
use tokio::task::JoinSet;

fn option(name: &str, otherwise: &str) -> String {
    let args: Vec<String> = std::env::args().collect();
    args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)).cloned().unwrap_or_else(|| otherwise.into())
}

fn contact(n: usize) -> ListedContact {
    let address = |text: String| EmailAddress::parse(&text).unwrap();
    let account = n / 20;
    ListedContact {
        line: n as u64 + 2,
        account: format!("Account {account}"),
        first_name: "Catherine".into(),
        last_name: format!("Cooper-{n}"),
        email: address(format!("catherine.cooper.{n}@account{account}.example")),
        job_title: "Head of Procurement".into(),
        role: Role::Influencer,
        language: "en".into(),
        country: "GB".into(),
        region: String::new(),
        time_zone: "Europe/London".into(),
        director: Colleague {
            name: "Kelvin Mullooney".into(),
            email: address(format!("director{}@client.example", account % 50)),
        },
        manager: None,
        strategic: Some(false),
        annual_revenue: None,
        key: String::new(),
        more: std::collections::BTreeMap::default(),
        findings: Vec::new(),
    }
}

/// Kilobytes of memory that the process has had at most.
fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Seconds that the processors have worked for this process.
fn worked() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or("");
    after_name.split_whitespace().skip(11).take(2).filter_map(|n| n.parse::<f64>().ok()).sum::<f64>() / 100.0
}

async fn prepare(ctx: &Ctx, slug: &str, count: usize) {
    let mut demo =
        folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo")).map_err(|f| format!("{f:?}")).unwrap();
    demo.list.accepted = (0..count).map(contact).collect();
    round::load(ctx, demo, &Actor::operator("bench")).await.unwrap();
    ctx.order(&Actor::operator("bench"), round::TellRound { slug: slug.to_string(), order: RoundOrder::Start })
        .await
        .unwrap();
    let all = {
        let mut tx = ctx.db.read().await.unwrap();
        let live = ctx.live_by_slug(&mut tx, slug).await.unwrap();
        accounts::of_round(&mut tx, &live.id).await.unwrap()
    };
    for account in all {
        let recorded = RecordSignature {
            account: account.id,
            fingerprint: account.fingerprint,
            level: SignLevel::Director,
            who: "bench".into(),
            when: "today".into(),
            evidence: "bench".into(),
        };
        ctx.order(&Actor::operator("bench"), recorded).await.unwrap();
    }
}

#[tokio::main]
async fn main() {
    // `cargo test` runs benches once, to see that they build.
    if !std::env::args().any(|a| a == "--bench" || a == "--count") {
        return;
    }
    let count: usize = option("--count", "5000").parse().unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let database = option("--database", &format!("sqlite:{}", temporary.path().join("bench.db").display()));
    let db = Db::open(&database, &option("--synchronous", "full")).await.unwrap();
    let opens = NaiveDate::from_ymd_opt(2027, 2, 8).unwrap();
    // The key stays the same from run to run, the name in leases does not.
    let ids = Ids::system().unwrap();
    let clock = Clock::hand(Ts::from(opens.and_hms_opt(9, 0, 0).unwrap().and_utc()).plus(-14 * 24 * HOUR));
    let key = SecretKey::draw(&Ids::seeded(7));
    let mut ctx = Ctx::new(db, clock.clone(), ids, key, "https://soundings.example");

    let slug = "northwind-2027";
    // A second start on the same database goes on where the first was killed.
    let known = rounds::by_slug(&mut ctx.db.read().await.unwrap(), slug).await.unwrap().is_some();
    if known {
        delivery::recover(&ctx, true).await.unwrap();
    } else {
        prepare(&ctx, slug, count).await;
    }
    plan::tick(&ctx).await.unwrap();
    if option("--prepare", "no") == "yes" {
        return;
    }
    let journal = option("--journal", &temporary.path().join("outbound").display().to_string());
    let durable = option("--synchronous", "full") == "full";
    ctx.outbound = Some(Arc::new(Outbound::open(&ctx, Path::new(&journal), durable).await.unwrap()));
    clock.turn_to(Ts::from(NaiveDate::from_ymd_opt(2027, 2, 1).unwrap().and_hms_opt(10, 0, 0).unwrap().and_utc()));

    let settings = SmtpSettings {
        host: option("--host", "127.0.0.1"),
        port: option("--port", "2526").parse().unwrap(),
        connections: option("--connections", "10").parse().unwrap(),
        messages_per_connection: u32::MAX,
        ..SmtpSettings::default()
    };
    let prepared_kib = peak_kib();
    let (began, worked_before) = (Instant::now(), worked());
    let mut sending = JoinSet::new();
    for mut line in delivery::lines(&settings) {
        let ctx = ctx.clone();
        sending.spawn(async move {
            let report = line.drain(&ctx).await.unwrap();
            line.close().await;
            report
        });
    }
    let reports = sending.join_all().await;
    let seconds = began.elapsed().as_secs_f64();
    let settled: u64 = reports.iter().map(|r| r.settled).sum();
    let trouble = reports.into_iter().find_map(|r| r.trouble);
    let processor = (worked() - worked_before) * 1_000.0 / settled.max(1) as f64;
    println!(
        "{{\"name\":\"soundings\",\"database\":\"{}\",\"count\":{},\"seconds\":{seconds:.3},\"per_second\":{:.0},\"processor_seconds_per_1000\":{processor:.3},\"peak_kib\":{},\"prepared_kib\":{prepared_kib},\"trouble\":{:?}}}",
        ctx.db.kind(),
        settled,
        settled as f64 / seconds,
        peak_kib(),
        trouble,
    );
}
