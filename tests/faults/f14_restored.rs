//! The database is restored after a kill while the log of the former file still lies beside it: SQLite would bring that log into the backup.
//!
//! Nothing leaves again until a person has said so, whatever the log holds and however the file was put there.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use sqlx::{Connection, SqliteConnection};

use super::daemon::Daemon;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site, text};

const SOON: Duration = Duration::from_secs(90);

/// What lies in the log when the daemon dies.
#[derive(Clone, Copy, Debug)]
enum Log {
    /// The latest pages only: the backup is damaged by it.
    Short,
    /// Every page of the file: the restore is undone by it.
    Whole,
}

#[derive(Clone, Copy, Debug)]
enum Put {
    /// `cp backup soundings.db`: the same inode.
    Over,
    /// `mv backup soundings.db`.
    Moved,
}

fn unhurried(sink: &Sink) {
    sink.behave(|moment| {
        if moment.stage == Stage::Mail {
            thread::sleep(Duration::from_millis(60));
        }
        Act::Usual
    });
}

/// A wave that is killed long after a backup, and the backup in place of its database. How many had their message by then.
fn killed_and_restored(site: &Site, sink: &Sink, log: Log, put: Put) -> usize {
    unhurried(sink);
    let daemon = site.start(sink);
    sink.wait_for(15, SOON);
    let backup = site.folder.path().join("bk.db");
    let done = site.command(sink.port(), &["backup", &backup.display().to_string()]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    sink.wait_for(50, SOON);
    site.execute(match log {
        Log::Short => "PRAGMA wal_checkpoint(TRUNCATE)",
        Log::Whole => "VACUUM",
    });
    // On a busy machine many more have left meanwhile: only what comes from now on is in the log.
    sink.wait_for(sink.count() + 6, SOON);
    daemon.kill();
    sink.wait_until_quiet();
    let log_of_the_dead = site.data.join("soundings.db-wal");
    assert!(fs::metadata(&log_of_the_dead).unwrap().len() > 0, "there is a log");
    let file = site.data.join("soundings.db");
    match put {
        Put::Over => _ = fs::copy(&backup, &file).unwrap(),
        Put::Moved => fs::rename(&backup, &file).unwrap(),
    }
    let _ = fs::remove_file(site.folder.path().join("secret.seen"));
    sink.count()
}

fn serving(site: &Site, sink: &Sink) -> Daemon {
    let daemon = site.spawn(&[], sink.port());
    daemon.wait_until_it_says("serving http", SOON);
    daemon
}

pub fn f14_a_backup_beside_a_foreign_log_sends_nothing_again(connections: usize) {
    for (log, put) in [(Log::Short, Put::Over), (Log::Whole, Put::Over), (Log::Short, Put::Moved)] {
        let Some(site) = Site::new(Place::Sqlite, 100, connections) else { return };
        let sink = Sink::start();
        let before = killed_and_restored(&site, &sink, log, put);
        // Somebody looks before the daemon starts: that must not bring the log in either, and changes nothing.
        let shown = site.command(sink.port(), &["sending", "show"]);
        let said = text(&shown.stderr);
        assert!(!shown.status.success() && said.contains("is not the file that soundings left here"), "{said}");
        let daemon = serving(&site, &sink);
        thread::sleep(Duration::from_secs(4));
        assert_eq!(sink.count(), before, "{log:?} {put:?}: nothing leaves\n{}", daemon.said());
        assert_eq!(daemon.http("/readyz"), Some(503), "{log:?} {put:?}");
        let shown = text(&site.command(sink.port(), &["sending", "show"]).stdout);
        assert!(shown.contains("The log of the former file") && shown.contains("invitation to"), "{shown}");
        let resumed = site.command(sink.port(), &["sending", "resume"]);
        assert!(resumed.status.success(), "{}", text(&resumed.stderr));
        site.wait_until_done(SOON);
        assert_eq!(daemon.http("/readyz"), Some(200));
        daemon.stop();
        site.judged("F14 restored beside a log", &sink);
        // What is started again is not held again.
        let daemon = site.start(&sink);
        daemon.kill();
        let daemon = site.start(&sink);
        daemon.stop();
    }
}

/// The twin: what is feared is so. SQLite brings such a log into the backup, and the ledger is not what the backup said.
pub fn f14_twin_sqlite_brings_a_foreign_log_into_a_backup(connections: usize) {
    for log in [Log::Short, Log::Whole] {
        let Some(site) = Site::new(Place::Sqlite, 100, connections) else { return };
        let sink = Sink::start();
        killed_and_restored(&site, &sink, log, Put::Over);
        let alone = tempfile::tempdir().unwrap();
        let copy = alone.path().join("alone.db");
        fs::copy(site.data.join("soundings.db"), &copy).unwrap();
        let said = site.wait(sent(&format!("sqlite:{}", copy.display()))).unwrap();
        let with_the_log = site.wait(sent(&site.url));
        assert!(with_the_log.as_ref().ok() != Some(&said), "{log:?}: {said:?}, and {with_the_log:?} with the log");
    }
}

/// How many are sent, and whether the file is sound.
async fn sent(url: &str) -> Result<(i64, String), sqlx::Error> {
    let mut c = SqliteConnection::connect(url).await?;
    let (sent,) = sqlx::query_as("SELECT count(*) FROM message WHERE state = 'sent'").fetch_one(&mut c).await?;
    let (sound,) = sqlx::query_as("PRAGMA quick_check(1)").fetch_one(&mut c).await?;
    Ok((sent, sound))
}

/// Where nothing tells whose log it is (an older program ran here), it is brought in; and still nobody gets a second copy.
pub fn f14_a_log_that_was_brought_in_doubles_nothing(connections: usize) {
    for log in [Log::Short, Log::Whole] {
        let Some(site) = Site::new(Place::Sqlite, 100, connections) else { return };
        let sink = Sink::start();
        killed_and_restored(&site, &sink, log, Put::Over);
        fs::remove_file(site.data.join("soundings.outbound/database")).unwrap();
        let daemon = site.spawn(&[], sink.port());
        let began = Instant::now();
        while daemon.is_alive() && began.elapsed() < Duration::from_secs(8) {
            thread::sleep(Duration::from_millis(50));
        }
        let mut taken: Vec<String> = sink.taken().into_iter().map(|one| one.recipient).collect();
        taken.sort();
        let all = taken.len();
        taken.dedup();
        // Killed between the dot and the answer: named by the ledger, and not sent again by itself.
        assert_eq!(taken.len(), all, "{log:?}: somebody got a second copy\n{}", daemon.said());
    }
}

/// A file that is damaged is not sent from, and the program says so.
pub fn f13_a_damaged_database_sends_nothing(connections: usize) {
    let Some(site) = Site::new(Place::Sqlite, 100, connections) else { return };
    let sink = Sink::start();
    unhurried(&sink);
    let daemon = site.start(&sink);
    sink.wait_for(20, SOON);
    daemon.stop();
    let so_far = sink.count();
    damage(&site);
    let daemon = site.spawn(&[], sink.port());
    let began = Instant::now();
    while daemon.is_alive() && began.elapsed() < Duration::from_secs(6) {
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(sink.count(), so_far, "nothing leaves from a damaged file\n{}", daemon.said());
    assert!(daemon.said().contains("damaged"), "{}", daemon.said());
    if daemon.is_alive() {
        assert_eq!(daemon.http("/readyz"), Some(503));
    }
}

/// The pages of an index that no sending needs.
fn damage(site: &Site) {
    let page: (i64,) = site.wait(async {
        let mut c = SqliteConnection::connect(&site.url).await.unwrap();
        let sql = "SELECT rootpage FROM sqlite_master WHERE name = 'journal' AND type = 'table'";
        let page = sqlx::query_as(sql).fetch_one(&mut c).await.unwrap();
        c.close().await.unwrap();
        page
    });
    let file = site.data.join("soundings.db");
    let mut bytes = fs::read(&file).unwrap();
    let size = usize::from(u16::from_be_bytes([bytes[16], bytes[17]]));
    let at = (page.0 as usize - 1) * size;
    bytes[at + 8..at + size].fill(0x5a);
    fs::write(&file, bytes).unwrap();
}
