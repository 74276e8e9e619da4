//! An installation with a round whose invitations are due now, by the real clock: `serve` knows no other.
//!
//! The people live in a zone where it is between nine and one at the moment, and their country has its weekend on another day, so that
//! the tests run at any hour of any day.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use chrono::{Datelike, Days, NaiveDateTime, NaiveTime, Timelike};
use soundings::base::clock::{Clock, DAY};
use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use soundings::intake::almanac;
use soundings::intake::folder::RoundFolder;
use soundings::rules::calendar::Zone;
use soundings::rules::outbox::MessageKind;
use soundings::rules::signoff::SignLevel;
use soundings::steps::round::{self, Order};
use soundings::steps::signing::{self, Recorded};
use soundings::steps::{Ctx, plan};
use soundings::store::{Db, accounts, rounds};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqlSafeStr, SqliteConnection};
use tempfile::TempDir;

use super::daemon::{Daemon, PROGRAM};
use super::oracle::{Cells, LEDGER, Row, Verdict, judge};
use super::sink::Sink;
use super::texts::{DORA, HEADER, MAX, ROUND, folder};
use super::{postgres, report};

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

impl Site {
    /// `None` where there is no PostgreSQL (which fails on CI).
    pub fn new(place: Place, people: usize, connections: usize) -> Option<Site> {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().to_path_buf();
        Site::on(place, people, connections, folder, data)
    }

    /// The same with its SQLite file in another folder.
    pub fn on(place: Place, people: usize, connections: usize, folder: TempDir, data: PathBuf) -> Option<Site> {
        let url = match place {
            Place::Sqlite => Some(format!("sqlite:{}", data.join("soundings.db").display())),
            Place::Postgres => runtime().block_on(postgres::fresh_database()),
        };
        let site = Site::empty(place, url?, connections, folder, data);
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
        let ctx = self.open(Clock::hand(now.plus(-3 * DAY))).await;
        round::load(&ctx, invited_this_morning(people), "test").await.unwrap();
        round::order(&ctx, ROUND, Order::Start, "test").await.unwrap();
        let mut tx = ctx.db.read().await.unwrap();
        let id = rounds::by_slug(&mut tx, ROUND).await.unwrap().unwrap().id;
        let all = accounts::of_round(&mut tx, &id).await.unwrap();
        drop(tx);
        for account in all {
            let recorded = Recorded {
                account: account.id,
                fingerprint: account.fingerprint,
                level: SignLevel::Director,
                who: "Dora Fields".into(),
                when: "yesterday".into(),
                evidence: "a mail".into(),
            };
            signing::record(&ctx, "test", recorded).await.unwrap();
        }
        ctx.clock.turn_to(now);
        while plan::tick(&ctx).await.unwrap() > 0 {}
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
        let number = self.daemons.get() + 1;
        self.daemons.set(number);
        let port = TcpListener::bind(("127.0.0.1", 0)).unwrap().local_addr().unwrap().port();
        let config = self.config(number, port, smtp_port);
        Daemon::spawn(wrapper, &config, &self.folder.path().join(format!("log.{number}")), port)
    }

    pub fn start(&self, sink: &Sink) -> Daemon {
        self.spawn(&[], sink.port()).ready()
    }

    pub fn config(&self, number: u32, port: u16, smtp_port: u16) -> PathBuf {
        let home = self.folder.path().display();
        let (url, connections, smtp) = (&self.url, self.connections, &self.smtp);
        let text = format!(
            "secret_key_file = \"{home}/secret.key\"\n\
             [server]\nlisten = \"127.0.0.1:{port}\"\nbase_url = \"http://127.0.0.1:{port}\"\n\
             [database]\nurl = \"{url}\"\n\
             [smtp]\nport = {smtp_port}\nconnections = {connections}\nmessages_per_connection = 25\n{smtp}\n\
             [scoring]\nfile = \"{home}/scoring.jsonl\"\n\
             [calendar]\nfile = \"{home}/holidays.csv\"\n"
        );
        let path = self.folder.path().join(format!("soundings.{number}.toml"));
        fs::write(&path, text).unwrap();
        path
    }

    /// A command of the program on this installation.
    pub fn command(&self, smtp_port: u16, args: &[&str]) -> Output {
        let config = self.config(0, 1, smtp_port);
        Command::new(PROGRAM).arg("--config").arg(config).args(args).output().unwrap()
    }

    /// Everything in the ledger, read while the daemon goes on.
    pub fn ledger(&self) -> Vec<Row> {
        self.rows(&self.url)
    }

    /// The ledger as a dead daemon left it. SQLite: read from a copy, for whoever opens the file itself would tidy up after the dead.
    pub fn ledger_of_the_dead(&self) -> Vec<Row> {
        if self.place == Place::Postgres {
            return self.ledger();
        }
        let copy = tempfile::tempdir().unwrap();
        for name in ["soundings.db", "soundings.db-wal"] {
            let from = self.data.join(name);
            if from.exists() {
                fs::copy(from, copy.path().join(name)).unwrap();
            }
        }
        self.rows(&format!("sqlite:{}", copy.path().join("soundings.db").display()))
    }

    fn rows(&self, url: &str) -> Vec<Row> {
        let cells: Vec<Cells> = self.wait(async {
            match self.place {
                Place::Sqlite => {
                    let mut c = SqliteConnection::connect(url).await.unwrap();
                    let rows = sqlx::query_as(LEDGER).fetch_all(&mut c).await.unwrap();
                    c.close().await.unwrap();
                    rows
                }
                Place::Postgres => {
                    let mut c = PgConnection::connect(url).await.unwrap();
                    let rows = sqlx::query_as(LEDGER).fetch_all(&mut c).await.unwrap();
                    c.close().await.unwrap();
                    rows
                }
            }
        });
        cells.into_iter().map(Row::from).collect()
    }

    pub fn execute(&self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_string()).into_sql_str();
        self.wait(async {
            match self.place {
                Place::Sqlite => {
                    let mut c = SqliteConnection::connect(&self.url).await.unwrap();
                    sqlx::query(sql).execute(&mut c).await.unwrap();
                    c.close().await.unwrap();
                }
                Place::Postgres => {
                    let mut c = PgConnection::connect(&self.url).await.unwrap();
                    sqlx::query(sql).execute(&mut c).await.unwrap();
                    c.close().await.unwrap();
                }
            }
        });
    }

    /// A quarter of an hour goes by for the leases of the dead. On SQLite they end with the lock that the dead held.
    pub fn leases_run_out(&self) {
        if self.place == Place::Postgres {
            self.execute("UPDATE message SET lease_until = 1 WHERE state IN ('claimed', 'sending')");
        }
    }

    /// Until nothing is left to be done now.
    pub fn wait_until_done(&self, within: Duration) {
        let began = Instant::now();
        loop {
            let rows = self.ledger();
            let open = rows.iter().filter(|r| matches!(r.state.as_str(), "planned" | "claimed" | "sending")).count();
            if open == 0 {
                return;
            }
            let first = rows.iter().find(|r| matches!(r.state.as_str(), "planned" | "claimed" | "sending"));
            assert!(began.elapsed() < within, "{open} are left after {within:?}, such as {first:?}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Nobody lost, nobody doubled, and the program itself finds nothing wrong.
    pub fn judged(&self, fault: &str, sink: &Sink) -> Verdict {
        sink.wait_until_quiet();
        let ledger = self.ledger();
        let verdict = judge(&ledger, &sink.taken());
        report::verdict(fault, self.place.name(), self.connections, ledger.len(), &verdict);
        let contacts = ledger.iter().filter(|row| row.contact_id.is_some()).count();
        assert_eq!(contacts, self.people, "one row for everybody");
        assert!(verdict.lost.is_empty(), "lost: {:#?}", verdict.lost);
        assert!(verdict.doubled.is_empty(), "doubled: {:#?}", verdict.doubled);
        assert!(verdict.strange.is_empty(), "strange: {:#?}", verdict.strange);
        let doctor = self.command(sink.port(), &["doctor", "--json"]);
        assert!(doctor.status.success(), "{}{}", text(&doctor.stdout), text(&doctor.stderr));
        verdict
    }
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}
