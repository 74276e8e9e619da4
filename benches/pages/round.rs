//! A round that `serve` finds in the middle of its first morning, by the real clock: `serve` knows no other.
//!
//! People live in a zone where it is between nine and one now, in a country whose weekend is on another day, so that messages leave at any
//! hour of any day.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, Timelike};
use soundings::base::address::EmailAddress;
use soundings::base::clock::{Clock, DAY};
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::intake::almanac;
use soundings::rules::calendar::Zone;
use soundings::rules::contacts::ListedContact;
use soundings::rules::journal::Actor;
use soundings::rules::message::MessageKind;
use soundings::rules::signoff::SignLevel;
use soundings::steps::installation::operators::{AddOperator, IssueLink, LogIn};
use soundings::steps::round::{self, folder};
use soundings::steps::signoff::signing::RecordSignature;
use soundings::steps::{Ctx, plan};
use soundings::store::Db;
use soundings::store::contacts::accounts;
use soundings::store::round::rounds;
use tokio::task::JoinSet;

use super::SLUG;
use super::figures::memory;
use super::loading::load;
use super::people::listed;

const ZONES: [&str; 12] = [
    "Pacific/Auckland",
    "Australia/Brisbane",
    "Asia/Shanghai",
    "Asia/Karachi",
    "Asia/Dubai",
    "Africa/Nairobi",
    "Africa/Lagos",
    "Atlantic/Azores",
    "America/Sao_Paulo",
    "America/Bogota",
    "America/Phoenix",
    "Pacific/Honolulu",
];

fn morning() -> (&'static str, NaiveDateTime) {
    let now = Clock::system().now();
    let local = |name: &'static str| (name, Zone::find(name).unwrap().local(now));
    ZONES.into_iter().map(local).find(|(_, local)| (9..13).contains(&local.hour())).unwrap()
}

/// Opened as `serve` will open it, with another clock.
async fn open(folder: &Path, database: &str, base_url: &str, clock: Clock) -> Ctx {
    let db = Db::open(database, "off").await.unwrap();
    let key = SecretKey::draw(&Ids::seeded(1));
    fs::write(folder.join("secret.key"), format!("{}\n", key.to_text())).unwrap();
    let weekend = (morning().1.date() + Days::new(3)).weekday().to_string().to_uppercase();
    let holidays = folder.join("holidays.csv");
    fs::write(&holidays, format!("country,region,date,name\nGB,,weekend,{weekend}\nGB,,2020-01-01,New Year\n"))
        .unwrap();
    let mut ctx = Ctx::new(db, clock, Ids::system().unwrap(), key, base_url);
    ctx.almanac = Arc::clone(&almanac::read(&holidays).unwrap());
    ctx
}

async fn log_in(ctx: &Ctx) -> String {
    let email = EmailAddress::parse("bench@soundings.example").unwrap();
    ctx.order(&Actor::CommandLine, AddOperator { email: email.clone() }).await.unwrap();
    let link = ctx.order(&Actor::CommandLine, IssueLink { email }).await.unwrap().unwrap();
    let secret = link.rsplit('/').next().unwrap().to_string();
    ctx.order(&Actor::Visitor, LogIn { secret, came_from: "bench".into() }).await.unwrap()
}

fn told(what: &str, began: Instant) {
    let (now, peak) = memory("self");
    println!(
        "{{\"what\":\"{what}\",\"seconds\":{:.1},\"rss_mb\":{now},\"peak_mb\":{peak}}}",
        began.elapsed().as_secs_f64()
    );
}

/// Loaded, started, signed and planned; the cookie of an operator who is logged in.
pub async fn prepare(folder: &Path, database: &str, base_url: &str, contacts: usize, to_an_account: usize) -> String {
    let now = Clock::system().now();
    let ctx = open(folder, database, base_url, Clock::hand(now.plus(-3 * DAY))).await;
    let (zone, local) = morning();
    let person = |n: usize| ListedContact { time_zone: zone.into(), ..listed(n, to_an_account, false) };
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo");
    let mut demo = folder::read(&demo).map_err(|f| format!("{f:?}")).unwrap();
    demo.list.accepted = vec![person(0)];
    let schedule = &mut demo.spec.schedule;
    schedule.opens = local.date();
    schedule.closes = local.date() + Days::new(25);
    schedule.send_from = NaiveTime::MIN;
    schedule.send_until = NaiveTime::from_hms_opt(23, 59, 0).unwrap();
    schedule.time_zone = zone.into();
    // Invitations since eight; the weekly reminders; thanks for every answer.
    demo.spec
        .touches
        .retain(|touch| touch.kind != MessageKind::WarmUp && !touch.cron.as_ref().is_some_and(|c| c.contains(" 3 ")));
    demo.spec.touches[0].at = NaiveTime::from_hms_opt(8, 0, 0);
    demo.spec.digest.cron = "0 8 1 1 *".into();
    let by = Actor::operator("bench");
    round::load(&ctx, demo, &by).await.unwrap();
    load(&ctx, "load", (0..contacts).map(person).collect()).await;
    ctx.order(&by, round::TellRound { slug: SLUG.into(), order: round::RoundOrder::Start }).await.unwrap();

    let began = Instant::now();
    let all = {
        let mut tx = ctx.db.read().await.unwrap();
        let id = rounds::by_slug(&mut tx, SLUG).await.unwrap().unwrap().id;
        accounts::of_round(&mut tx, &id).await.unwrap()
    };
    let mut signing = JoinSet::new();
    for account in all {
        let (ctx, by) = (ctx.clone(), by.clone());
        if signing.len() >= 32 {
            signing.join_next().await.unwrap().unwrap();
        }
        signing.spawn(async move {
            let recorded = RecordSignature {
                account: account.id,
                fingerprint: account.fingerprint,
                level: SignLevel::Director,
                who: "bench".into(),
                when: "today".into(),
                evidence: "bench".into(),
            };
            ctx.order(&by, recorded).await.unwrap();
        });
    }
    signing.join_all().await;
    told("sign", began);

    let began = Instant::now();
    ctx.clock.turn_to(Clock::system().now());
    while plan::tick(&ctx).await.unwrap() > 0 {}
    told("plan", began);
    let cookie = log_in(&ctx).await;
    ctx.db.close().await;
    cookie
}
