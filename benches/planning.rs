//! What planning costs in a round of a given size: the tick when so many contacts are due, and the forecast of the whole round.
//!
//!     cargo bench --bench planning -- --contacts 1000000 --due 1000 [--ticks 5] [--forecast] [--database postgres://...]
//!     cargo bench --bench planning -- --contacts 100000 --load
//!
//! Makes a round of its own in a temporary folder (or in `--database URL`, which must be empty): accounts of twenty, all signed, in twelve
//! countries. Contacts that are not due are to be looked at much later. Each tick has so many other contacts to plan. `--load` measures the
//! loading of a list of that size instead. Prints one line of JSON for each thing measured, with the memory in use and at most so far.

#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::path::Path;
use std::time::Instant;

use chrono::NaiveDate;
use soundings::base::address::EmailAddress;
use soundings::base::clock::{Clock, DAY, Ts};
use soundings::base::ids::{AccountId, Ids, RoundId};
use soundings::base::problem::Result;
use soundings::base::seal::SecretKey;
use soundings::rules::contacts::{Colleague, ListedContact, Role};
use soundings::rules::journal::Actor;
use soundings::rules::signoff::Standing;
use soundings::steps::Ctx;
use soundings::steps::plan::{self, forecast};
use soundings::steps::round::{self, RoundOrder, folder};
use soundings::store::contacts::accounts::{self, Account, Stands};
use soundings::store::contacts::listing::{self, NewContact};
use soundings::store::contacts::signed;
use soundings::store::round::rounds;
use soundings::store::{Db, Flag, Tx, plan as looks};

const SLUG: &str = "northwind-2027";
const TO_AN_ACCOUNT: usize = 20;
/// As many contacts as are put into one transaction.
const AT_ONCE: usize = 5_000;

const PLACES: [(&str, &str); 12] = [
    ("GB", "Europe/London"),
    ("IE", "Europe/Dublin"),
    ("DE", "Europe/Berlin"),
    ("FR", "Europe/Paris"),
    ("US", "America/New_York"),
    ("US", "America/Los_Angeles"),
    ("BR", "America/Sao_Paulo"),
    ("IN", "Asia/Kolkata"),
    ("JP", "Asia/Tokyo"),
    ("AU", "Australia/Sydney"),
    ("NZ", "Pacific/Auckland"),
    ("ZA", "Africa/Johannesburg"),
];

fn option(name: &str) -> Option<String> {
    let args: Vec<String> = std::env::args().collect();
    args.iter().position(|a| a == name).and_then(|at| args.get(at + 1)).cloned()
}

fn number(name: &str, otherwise: usize) -> usize {
    option(name).map_or(otherwise, |n| n.parse().unwrap())
}

/// Kilobytes of memory: in use now, and at most so far.
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |key: &str| {
        let line = status.lines().find(|l| l.starts_with(key)).unwrap_or("");
        line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// Seconds that this process has been on a processor so far, all threads together; a database server has its own.
fn on_processor() -> f64 {
    let of = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("schedstat")).ok();
    let tasks = std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten().filter_map(of);
    tasks.filter_map(|text| text.split(' ').next()?.parse::<f64>().ok()).sum::<f64>() / 1e9
}

/// What is measured, by the clock on the wall and by that of the processor.
struct Watch(Instant, f64);

impl Watch {
    fn start() -> Watch {
        Watch(Instant::now(), on_processor())
    }
}

fn report(ctx: &Ctx, what: &str, contacts: usize, count: u64, watch: Watch) {
    let (seconds, cpu) = (watch.0.elapsed().as_secs_f64(), on_processor() - watch.1);
    let (rss, peak) = memory();
    println!(
        "{{\"what\":\"{what}\",\"database\":\"{}\",\"contacts\":{contacts},\"count\":{count},\"ms\":{:.2},\"cpu_ms\":{:.2},\"us_each\":{:.2},\"rss_kib\":{rss},\"peak_kib\":{peak}}}",
        ctx.db.kind(),
        seconds * 1_000.0,
        cpu * 1_000.0,
        seconds * 1_000_000.0 / count.max(1) as f64,
    );
}

fn address(text: String) -> EmailAddress {
    EmailAddress::parse(&text).unwrap()
}

fn listed(n: usize) -> ListedContact {
    let account = n / TO_AN_ACCOUNT;
    let (country, time_zone) = PLACES[n % PLACES.len()];
    ListedContact {
        line: n as u64 + 2,
        account: format!("Account {account}"),
        first_name: "Catherine".into(),
        last_name: format!("Cooper-{n}"),
        email: address(format!("catherine.cooper.{n}@account{account}.example")),
        job_title: "Head of Procurement".into(),
        role: Role::Influencer,
        language: "en".into(),
        country: country.into(),
        region: String::new(),
        time_zone: time_zone.into(),
        director: Colleague {
            name: "Kelvin Mullooney".into(),
            email: address(format!("director{}@client.example", account % 500)),
        },
        manager: None,
        strategic: Some(false),
        annual_revenue: None,
        key: String::new(),
        more: std::collections::BTreeMap::default(),
        findings: Vec::new(),
    }
}

fn account(ctx: &Ctx, round: &RoundId, n: usize) -> Account {
    Account {
        id: ctx.ids.id(ctx.clock.now()),
        round_id: round.clone(),
        name: format!("Account {n}"),
        strategic: Flag(false),
        annual_revenue: None,
        director_name: "Kelvin Mullooney".into(),
        director_email: address(format!("director{}@client.example", n % 500)),
        manager_name: String::new(),
        manager_email: String::new(),
        fingerprint: String::new(),
        standing: Standing::Signed,
        signed_names: 0,
        signed_at: None,
        listed: 0,
        invited: 0,
        reachable: 0,
        started: 0,
        completed: 0,
        strategic_since: None,
        deciders_left: 0,
        to_look_at: 0,
        waits_since: None,
    }
}

fn contact(ctx: &Ctx, round: &RoundId, account: &AccountId, n: usize) -> NewContact {
    let row = listed(n);
    NewContact {
        id: ctx.ids.id(ctx.clock.now()),
        round_id: round.clone(),
        account_id: account.clone(),
        line: row.line as i64,
        email: row.email,
        first_name: row.first_name,
        last_name: row.last_name,
        job_title: row.job_title,
        role: row.role,
        language: row.language,
        country: row.country,
        region: row.region,
        time_zone: row.time_zone,
        findings: "[]".into(),
        client_key: String::new(),
        more: "{}".into(),
        link_hash: soundings::base::seal::sha256(format!("link {n}")),
        opt_out_hash: soundings::base::seal::sha256(format!("opt-out {n}")),
    }
}

/// Accounts and contacts `from..to`; the accounts' ids are returned.
async fn insert(ctx: Ctx, tx: &mut Tx, round: RoundId, from: usize, to: usize) -> Result<Vec<AccountId>> {
    let now = ctx.clock.now();
    let mut made = Vec::new();
    let mut rows = Vec::with_capacity(to - from);
    for n in from..to {
        if n % TO_AN_ACCOUNT == 0 {
            // Time goes on while a list is loaded, and with it the order of ids.
            ctx.clock.turn_to(ctx.clock.now().plus(1));
            let new = account(&ctx, &round, n / TO_AN_ACCOUNT);
            accounts::insert(tx, &[&new]).await?;
            let signed_names = TO_AN_ACCOUNT as i64;
            let stands = Stands { fingerprint: "signed", standing: Standing::Signed, signed_names, deciders_left: 0 };
            accounts::set_standing(tx, &new.id, &stands, now).await?;
            made.push(new.id);
        }
        rows.push(contact(&ctx, &round, made.last().unwrap(), n));
    }
    listing::insert(tx, &rows, now.plus(1_000 * DAY)).await?;
    let signed = |row: &NewContact| signed::Row {
        id: row.id.clone(),
        standing: Standing::Signed,
        signed_as: Some("signed".into()),
    };
    signed::set(tx, &rows.iter().map(signed).collect::<Vec<_>>(), now.plus(1_000 * DAY)).await?;
    Ok(made)
}

async fn empty_round(ctx: &Ctx) -> RoundId {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let mut demo = folder::read(&demo).map_err(|f| format!("{f:?}")).unwrap();
    demo.list.accepted = Vec::new();
    round::load(ctx, demo, &Actor::operator("bench")).await.unwrap();
    ctx.order(&Actor::operator("bench"), round::TellRound { slug: SLUG.into(), order: RoundOrder::Start })
        .await
        .unwrap();
    rounds::by_slug(&mut ctx.db.read().await.unwrap(), SLUG).await.unwrap().unwrap().id
}

async fn measure_loading(ctx: &Ctx, contacts: usize) {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let mut demo = folder::read(&demo).map_err(|f| format!("{f:?}")).unwrap();
    demo.list.accepted = (0..contacts).map(listed).collect();
    let again = demo.clone();
    let watch = Watch::start();
    round::load(ctx, demo, &Actor::operator("bench")).await.unwrap();
    report(ctx, "load", contacts, contacts as u64, watch);
    let watch = Watch::start();
    round::load(ctx, again, &Actor::operator("bench")).await.unwrap();
    report(ctx, "load again", contacts, contacts as u64, watch);
}

#[tokio::main]
async fn main() {
    // `cargo test` runs benches once, to see that they build.
    if !std::env::args().any(|a| a == "--bench" || a == "--contacts") {
        return;
    }
    let (contacts, due, ticks) = (number("--contacts", 100_000), number("--due", 1_000), number("--ticks", 3));
    let temporary = tempfile::tempdir().unwrap();
    let database =
        option("--database").unwrap_or_else(|| format!("sqlite:{}", temporary.path().join("bench.db").display()));
    let db = Db::open(&database, &option("--synchronous").unwrap_or_else(|| "full".into())).await.unwrap();
    let opens = NaiveDate::from_ymd_opt(2027, 2, 8).unwrap();
    let ids = Ids::seeded(7);
    let clock = Clock::hand(Ts::from(opens.and_hms_opt(9, 0, 0).unwrap().and_utc()).plus(-14 * DAY));
    let key = SecretKey::draw(&ids);
    let ctx = Ctx::new(db, clock, ids, key, "https://soundings.example");
    if std::env::args().any(|a| a == "--load") {
        return measure_loading(&ctx, contacts).await;
    }

    let round = empty_round(&ctx).await;
    let watch = Watch::start();
    let mut accounts = Vec::new();
    for from in (0..contacts).step_by(AT_ONCE) {
        let (c, round, to) = (ctx.clone(), round.clone(), contacts.min(from + AT_ONCE));
        let made = ctx.db.write(move |tx| Box::pin(async move { insert(c, tx, round, from, to).await }));
        accounts.extend(made.await.unwrap());
    }
    report(&ctx, "prepare", contacts, contacts as u64, watch);

    // Nobody is due: what a look costs.
    let watch = Watch::start();
    plan::tick(&ctx).await.unwrap();
    report(&ctx, "tick of nobody", contacts, 1, watch);
    // Accounts from all over the list.
    let stride = (accounts.len() * TO_AN_ACCOUNT / (due * ticks).max(1)).max(1);
    let mut chosen = (0..stride).flat_map(|from| accounts.iter().skip(from).step_by(stride)).cloned();
    for _ in 0..ticks {
        let some: Vec<AccountId> = chosen.by_ref().take(due / TO_AN_ACCOUNT).collect();
        if some.is_empty() {
            break;
        }
        let now = ctx.clock.now();
        let all_due = ctx.db.write(move |tx| {
            Box::pin(async move {
                for account in &some {
                    looks::look_at_account(tx, account, now).await?;
                }
                Ok(())
            })
        });
        all_due.await.unwrap();
        let watch = Watch::start();
        let planned = plan::tick(&ctx).await.unwrap();
        report(&ctx, "tick", contacts, planned, watch);
    }
    drop(accounts);
    if std::env::args().any(|a| a == "--forecast") {
        let watch = Watch::start();
        let ahead = forecast::plan_of(&ctx, SLUG).await.unwrap();
        report(&ctx, "forecast", contacts, ahead.messages.len() as u64, watch);
        let watch = Watch::start();
        let written: usize = ahead.json(SLUG).map(|piece| piece.unwrap().len()).sum();
        report(&ctx, "forecast as JSON", contacts, written as u64, watch);
    }
}
