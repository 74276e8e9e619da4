//! Looking at an installation from outside, while its daemon runs or after its death: its ledger, what waits, and what the judge says.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use soundings::base::ids::Ids;
use soundings::base::seal::SecretKey;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, Connection, FromRow, PgConnection, SqlSafeStr, SqliteConnection};

use super::oracle::{Cells, LEDGER, Row, Verdict, judge};
use super::report;
use super::sink::Sink;
use super::site::{Place, Site, text};

impl Site {
    /// Everything in the ledger, read while the daemon goes on.
    pub fn ledger(&self) -> Vec<Row> {
        self.query(&self.url, LEDGER).into_iter().map(<Row as From<Cells>>::from).collect()
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
        let url = format!("sqlite:{}", copy.path().join("soundings.db").display());
        self.query(&url, LEDGER).into_iter().map(<Row as From<Cells>>::from).collect()
    }

    fn query<T>(&self, url: &str, sql: &'static str) -> Vec<T>
    where
        T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>,
    {
        self.wait(async {
            match self.place {
                Place::Sqlite => {
                    let mut c = SqliteConnection::connect(url).await.unwrap();
                    let rows = sqlx::query_as(sql).fetch_all(&mut c).await.unwrap();
                    c.close().await.unwrap();
                    rows
                }
                Place::Postgres => {
                    let mut c = PgConnection::connect(url).await.unwrap();
                    let rows = sqlx::query_as(sql).fetch_all(&mut c).await.unwrap();
                    c.close().await.unwrap();
                    rows
                }
            }
        })
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
                    let mut turn = c.begin().await.unwrap();
                    // After the daemon's transaction and before its next one: two who change the same rows in another order would deadlock.
                    sqlx::query("LOCK TABLE message IN EXCLUSIVE MODE").execute(&mut *turn).await.unwrap();
                    sqlx::query(sql).execute(&mut *turn).await.unwrap();
                    turn.commit().await.unwrap();
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

    /// The director's link, with account and fingerprint of what waits for a signature behind it.
    pub fn to_sign(&self) -> Vec<(String, String, String)> {
        let waiting: Vec<(String, String, String)> = self.query(
            &self.url,
            "SELECT r.id, a.id, a.fingerprint FROM account a JOIN request r ON r.round_id = a.round_id
             WHERE r.level = 'director' AND a.standing = 'unsigned' ORDER BY a.id",
        );
        let key = SecretKey::draw(&Ids::seeded(1));
        waiting.into_iter().map(|(request, account, print)| (key.link("sign-off", &request), account, print)).collect()
    }

    /// Until nothing is left to be done now. What somebody has signed is told two minutes later, and nobody waits for it here.
    pub fn wait_until_done(&self, within: Duration) {
        self.wait_until(within, |_| true);
    }

    /// The same, and everybody has a message in the ledger.
    pub fn wait_until_all_are_sent(&self, within: Duration) {
        let people = self.people;
        self.wait_until(within, |rows| rows.iter().filter(|row| row.contact_id.is_some()).count() == people);
    }

    fn wait_until(&self, within: Duration, complete: impl Fn(&[Row]) -> bool) {
        let began = Instant::now();
        loop {
            let rows = self.ledger();
            let open: Vec<&Row> = rows
                .iter()
                .filter(|r| matches!(r.state.as_str(), "planned" | "claimed" | "sending") && r.kind != "receipt")
                .collect();
            if open.is_empty() && complete(&rows) {
                return;
            }
            let (left, of, first) = (open.len(), rows.len(), open.first());
            assert!(began.elapsed() < within, "{left} of {of} are left after {within:?}, such as {first:?}");
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// The program itself finds nothing wrong; there need not be a mail server.
    pub fn is_sound(&self) {
        let doctor = self.command(1, &["doctor", "--json"]);
        let said: serde_json::Value = serde_json::from_slice(&doctor.stdout).unwrap_or_default();
        let checks = said["checks"].as_array().cloned().unwrap_or_default();
        // What it says of name servers and mail servers is not what is asked here.
        let ours = |name: &str| name == "database" || name.contains(": counters") || name.contains(": promise");
        let wrong: Vec<_> =
            checks.iter().filter(|c| c["ok"] == false && c["name"].as_str().is_some_and(ours)).collect();
        assert!(!checks.is_empty() && wrong.is_empty(), "{wrong:?}{}", text(&doctor.stderr));
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
        self.is_sound();
        verdict
    }
}
