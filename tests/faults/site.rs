//! An installation with a round whose invitations are due now, by the real clock: `serve` knows no other.
//!
//! The people live in a zone where it is between nine and one at the moment, and their country has its weekend on another day, so that
//! the tests run at any hour of any day.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, Timelike};
use soundings::base::clock::{Clock, DAY};
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::intake::almanac;
use soundings::intake::folder::RoundFolder;
use soundings::rules::calendar::Zone;
use soundings::rules::journal::Actor;
use soundings::rules::message::{Lane, MessageKind};
use soundings::rules::sending::reason::MessageReason;
use soundings::rules::signoff::SignLevel;
use soundings::steps::round::{self, RoundOrder};
use soundings::steps::signoff::signing::RecordSignature;
use soundings::steps::{Ctx, plan};
use soundings::store::Db;
use soundings::store::contacts::accounts;
use soundings::store::round::rounds;
use soundings::store::sending::outbox;
use tempfile::TempDir;

use super::daemon::Daemon;
use super::postgres;
use super::program::program;
use super::sink::Sink;
use super::texts::{DORA, HEADER, MAX, ROUND, folder};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Sqlite,
    Postgres,
}

impl Place {
    pub fn name(self) -> &'static str {
        match self {
            Place::Sqlite => "SQLite",
            Place::Postgres => "PostgreSQL",
        }
    }
}

pub struct Site {
    pub folder: TempDir,
    pub url: String,
    pub place: Place,
    pub people: usize,
    pub connections: usize,
    /// Where the database file lies: beside everything else, unless the test has a smaller disk for it.
    pub data: PathBuf,
    smtp: String,
    daemons: std::cell::Cell<u32>,
    runtime: tokio::runtime::Runtime,
}

/// Nine zones, never more than three hours apart, and the local time in the one where it is morning.
fn morning() -> (&'static str, NaiveDateTime) {
    let zones = [
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
    let now = Clock::system().now();
    let local = |name: &'static str| (name, Zone::find(name).unwrap().local(now));
    zones.into_iter().map(local).find(|(_, local)| (9..13).contains(&local.hour())).unwrap()
}

/// So many people, ten to an account, who are invited this morning.
pub fn invited_this_morning(people: usize) -> RoundFolder {
    let (zone, local) = morning();
    let mut list = String::from(HEADER);
    for n in 0..people {
        let account = n / 10;
        list.push_str(&format!(
            "Account {account:03},Pat,Number{n:04},pat{n:04}@account{account:03}.example,Buyer,influencer,en,GB,{zone},\
             Dora Fields,{DORA},Max Mann,{MAX},no,\n"
        ));
    }
    let mut folder = folder(&list);
    let schedule = &mut folder.spec.schedule;
    schedule.opens = local.date();
    schedule.closes = local.date() + Days::new(25);
    schedule.send_from = NaiveTime::MIN;
    schedule.send_until = NaiveTime::from_hms_opt(23, 59, 0).unwrap();
    schedule.time_zone = zone.into();
    folder.spec.touches.retain(|touch| touch.kind == MessageKind::Invitation);
    folder.spec.touches[0].at = NaiveTime::from_hms_opt(8, 0, 0);
    folder
}

/// The weekend of these tests' country: never today.
fn calendar_file(folder: &Path) -> PathBuf {
    let (_, local) = morning();
    let weekday = (local.date() + Days::new(3)).weekday().to_string().to_uppercase();
    let path = folder.join("holidays.csv");
    fs::write(&path, format!("country,region,date,name\nGB,,weekend,{weekday}\nGB,,2020-01-01,New Year\n")).unwrap();
    path
}

fn url(place: Place, data: &Path) -> Option<String> {
    match place {
        Place::Sqlite => Some(format!("sqlite:{}", data.join("soundings.db").display())),
        Place::Postgres => runtime().block_on(postgres::fresh_database()),
    }
}

impl Site {
    /// `None` where there is no PostgreSQL (which fails on CI).
    pub fn new(place: Place, people: usize, connections: usize) -> Option<Site> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_path_buf();
        Site::on(place, people, connections, folder, data)
    }

    /// An installation on an empty database, without a key.
    pub fn bare(place: Place) -> Option<Site> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_path_buf();
        let site = Site::empty(place, url(place, &data)?, 1, folder, data);
        fs::remove_file(site.folder.path().join("secret.key")).unwrap();
        Some(site)
    }

    /// With a round that was started and waits for its director.
    pub fn unsigned(place: Place, people: usize, connections: usize) -> Option<Site> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_path_buf();
        let site = Site::empty(place, url(place, &data)?, connections, folder, data);
        let now = Clock::system().now();
        site.wait(async { _ = site.started(people, Clock::hand(now.plus(-3 * DAY))).await });
        Some(Site { people, ..site })
    }

    /// On a PostgreSQL server of its own.
    pub fn at(url: &str, people: usize, connections: usize) -> Site {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_path_buf();
        Site::empty(Place::Postgres, url.into(), connections, folder, data).with_the_round(people)
    }

    /// The same with its SQLite file in another folder.
    pub fn on(place: Place, people: usize, connections: usize, folder: TempDir, data: PathBuf) -> Option<Site> {
        let site = Site::empty(place, url(place, &data)?, connections, folder, data);
        Some(site.with_the_round(people))
    }

    /// An installation without a round.
    pub fn empty(place: Place, url: String, connections: usize, folder: TempDir, data: PathBuf) -> Site {
        let key = SecretKey::draw(&Ids::seeded(1));
        fs::write(folder.path().join("secret.key"), format!("{}\n", key.to_text())).unwrap();
        calendar_file(folder.path());
        Site {
            folder,
            url,
            place,
            people: 0,
            connections,
            data,
            smtp: String::new(),
            daemons: 0.into(),
            runtime: runtime(),
        }
    }

    /// Loaded, started, signed and planned, days ago by the hand-turned clock.
    fn with_the_round(self, people: usize) -> Site {
        self.wait(self.prepare(people));
        Site { people, ..self }
    }

    async fn prepare(&self, people: usize) {
        let now = Clock::system().now();
        let ctx = self.started(people, Clock::hand(now.plus(-3 * DAY))).await;
        let mut tx = ctx.db.read().await.unwrap();
        let id = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id;
        let all = accounts::of_round(&mut tx, &id).await.unwrap();
        drop(tx);
        for account in all {
            let recorded = RecordSignature {
                account: account.id,
                fingerprint: account.fingerprint,
                level: SignLevel::Director,
                who: "Dora Fields".into(),
                when: "yesterday".into(),
                evidence: "a mail".into(),
            };
            ctx.order(&Actor::operator("test"), recorded).await.unwrap();
        }
        without_receipts(&ctx).await;
        ctx.clock.turn_to(now);
        while plan::tick(&ctx).await.unwrap() > 0 {}
    }

    async fn started(&self, people: usize, clock: Clock) -> Ctx {
        let ctx = self.open(clock).await;
        round::load(&ctx, invited_this_morning(people), &Actor::operator("test")).await.unwrap();
        ctx.order(&Actor::operator("test"), round::TellRound { slug: ROUND.into(), order: RoundOrder::Start })
            .await
            .unwrap();
        ctx
    }

    /// The installation opened in this process.
    pub async fn open(&self, clock: Clock) -> Ctx {
        let db = Db::open(&self.url, "off").await.unwrap();
        let key = SecretKey::draw(&Ids::seeded(1));
        let ids = Ids::seeded(clock.now().0 as u64);
        let mut ctx = Ctx::new(db, clock, ids, key, "http://127.0.0.1:8080");
        ctx.almanac = Arc::clone(&almanac::read(&self.folder.path().join("holidays.csv")).unwrap());
        ctx
    }

    /// More lines for `[smtp]`.
    pub fn with_smtp(self, lines: &str) -> Site {
        Site { smtp: lines.into(), ..self }
    }

    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Begins a daemon that sends to this port, and does not wait for it.
    pub fn spawn(&self, wrapper: &[&str], smtp_port: u16) -> Daemon {
        self.spawn_with(wrapper, smtp_port, "outbound")
    }

    fn spawn_with(&self, wrapper: &[&str], smtp_port: u16, journal: &str) -> Daemon {
        let number = self.daemons.get() + 1;
        self.daemons.set(number);
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let config = self.config_with(number, port, smtp_port, journal);
        Daemon::spawn(wrapper, &config, &self.folder.path().join(format!("log.{number}")), port)
    }

    pub fn start(&self, sink: &Sink) -> Daemon {
        self.spawn(&[], sink.port()).ready()
    }

    /// A second daemon, beside one that runs: it has an outbound journal of its own.
    pub fn start_beside(&self, sink: &Sink) -> Daemon {
        let daemon = self.spawn_with(&[], sink.port(), "outbound.beside");
        // It is held, and says that it is not ready, until somebody has confirmed it.
        daemon.wait_until_it_says("serving http", std::time::Duration::from_mins(1));
        daemon
    }

    pub fn config(&self, number: u32, port: u16, smtp_port: u16) -> PathBuf {
        self.config_with(number, port, smtp_port, "outbound")
    }

    fn config_with(&self, number: u32, port: u16, smtp_port: u16, journal: &str) -> PathBuf {
        // On SQLite it lies beside the database, as it does without being told.
        let journal = match self.place {
            Place::Sqlite => String::new(),
            Place::Postgres => format!("outbound_journal = \"{}/{journal}\"\n", self.folder.path().display()),
        };
        let home = self.folder.path().display();
        let (url, connections, smtp) = (&self.url, self.connections, &self.smtp);
        let text = format!(
            "secret_key_file = \"{home}/secret.key\"\n{journal}\
             [server]\nlisten = \"127.0.0.1:{port}\"\nbase_url = \"http://127.0.0.1:{port}\"\n\
             [database]\nurl = \"{url}\"\n\
             [smtp]\nport = {smtp_port}\nconnections = {connections}\nmessages_per_connection = 25\n{smtp}\n\
             [scoring]\nfile = \"{home}/scoring.jsonl\"\n\
             [dns]\nservers = \"127.0.0.1:9\"\n\
             [pace]\nresolve = false\nper_gateway_per_hour = 0\nopen_per_gateway = 0\nfirst_alone_minutes = 0\nwarmed = \"*\"\n\
             [calendar]\nfile = \"{home}/holidays.csv\"\n"
        );
        let path = self.folder.path().join(format!("soundings.{number}.toml"));
        fs::write(&path, text).unwrap();
        path
    }

    /// A command of the program on this installation.
    pub fn command(&self, smtp_port: u16, args: &[&str]) -> Output {
        let config = self.config(0, 1, smtp_port);
        Command::new(program()).arg("--config").arg(config).args(args).output().unwrap()
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// What is counted here is the letters to contacts: nobody is told what he has signed.
async fn without_receipts(ctx: &Ctx) {
    let now = ctx.clock.now();
    let withdrawn = ctx.db.write(move |tx| {
        Box::pin(async move {
            for m in outbox::page(tx, &Lane::System, None, 999, 0).await? {
                if m.kind == MessageKind::Receipt {
                    let why = MessageReason::TakenBack;
                    outbox::withdraw_of_subject(tx, &Lane::System, m.subject_id.as_str(), &why, now).await?;
                }
            }
            Ok(())
        })
    });
    withdrawn.await.unwrap();
}
