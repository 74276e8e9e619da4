//! The database is in trouble while the program sends: the disk is full, calls fail, the server is stopped hard, connections are cut, another
//! program holds the lock. The program stays up, says so, claims nothing it cannot write down, and goes on by itself.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use sqlx::{Connection, PgConnection, SqliteConnection};

use super::cluster::Cluster;
use super::daemon::Daemon;
use super::report;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site};
use super::skip;
use super::strace::{DISK, inject, works};

const SOON: Duration = Duration::from_secs(90);

/// A file system of so many megabytes, until it is dropped.
struct Disk(PathBuf);

impl Disk {
    fn of(megabytes: u32) -> Option<Disk> {
        let at = tempfile::tempdir().unwrap().keep();
        let size = format!("size={megabytes}m");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(&at).output();
        if mounted.is_ok_and(|done| done.status.success()) {
            return Some(Disk(at));
        }
        fs::remove_dir(&at).unwrap();
        skip("a full disk: nothing can be mounted here");
        None
    }

    fn fill(&self) {
        let mut file = fs::File::create(self.filler()).unwrap();
        for size in [64 * 1024, 4096, 1] {
            while file.write_all(&vec![b'x'; size]).is_ok() {}
        }
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
        let _ = fs::remove_dir(&self.0);
    }
}

/// What is between dot and settlement at most when a blow falls; afterwards it is in doubt, or has been settled all the same.
fn after_a_blow(site: &Site, daemon: Daemon, sink: &Sink, fault: &str, blows: usize) {
    let open =
        || site.ledger().into_iter().map(|row| row.state).filter(|s| matches!(s.as_str(), "claimed" | "sending"));
    let began = Instant::now();
    loop {
        let waiting = site.ledger().iter().any(|row| row.state == "planned");
        if !waiting && open().next().is_none() {
            break;
        }
        assert!(began.elapsed() < 2 * SOON, "it does not go on: {:?}\n{}", site.ledger().last(), daemon.said());
        thread::sleep(Duration::from_millis(1_500));
        if !waiting {
            // A quarter of an hour later, for what the blow left lying.
            site.execute("UPDATE message SET lease_until = 1 WHERE state IN ('claimed', 'sending')");
        }
    }
    site.wait_until_done(SOON);
    daemon.stop();
    let doubted = site.judged(fault, sink).in_doubt.len();
    assert!(doubted <= blows * site.connections, "{doubted} in doubt after {blows} blows");
    let mut each = vec![0; blows];
    each[0] = doubted;
    report::add(fault, site.place.name(), site.connections, &each);
}

/// Not so fast that the wave is over before the blow falls.
fn unhurried(sink: &Sink) {
    sink.behave(|moment| {
        if moment.stage == Stage::Mail {
            thread::sleep(Duration::from_millis(30));
        }
        Act::Usual
    });
}

fn wait_until(what: &str, within: Duration, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < within, "not within {within:?}: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}

pub fn f13_a_full_disk_stops_the_wave_and_space_lets_it_go_on(connections: usize) {
    let Some(disk) = Disk::of(48) else { return };
    let folder = tempfile::tempdir().unwrap();
    let Some(site) = Site::on(Place::Sqlite, 160, connections, folder, disk.0.clone()) else { return };
    let sink = Sink::start();
    unhurried(&sink);
    let daemon = site.start(&sink);
    sink.wait_for(20, SOON);
    disk.fill();
    daemon.wait_until_it_says("disk of the database is full", SOON);
    wait_until("it says that it is not ready", SOON, || daemon.http("/readyz") == Some(503));
    // Whoever had his mark already may finish; nobody else begins.
    thread::sleep(Duration::from_secs(1));
    let so_far = sink.count();
    thread::sleep(Duration::from_secs(3));
    assert_eq!(sink.count(), so_far, "nothing is sent that cannot be written down");
    assert!(so_far < site.people && daemon.is_alive());
    fs::remove_file(disk.filler()).unwrap();
    wait_until("it is ready again", SOON, || daemon.http("/readyz") == Some(200));
    after_a_blow(&site, daemon, &sink, "F13 disk full", 1);
}

/// Every call by which SQLite writes fails for a while, from some point on, in the thread that writes.
pub fn f13_failing_writes_are_survived(connections: usize) {
    if !works() {
        return;
    }
    for (calls, error) in [(DISK, "ENOSPC"), ("fdatasync,fsync", "EIO"), ("pwrite64", "EIO")] {
        let Some(site) = Site::new(Place::Sqlite, 80, connections) else { return };
        let sink = Sink::start();
        unhurried(&sink);
        // What loading has left in the log goes into the file first, or the blow would fall while the start does that.
        site.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        let from = if calls.contains("pwrite64") { 80 } else { 20 };
        let wrapper = inject(calls, &format!("error={error}"), &format!("{from}..{}", from + 12));
        let wrapper: Vec<&str> = wrapper.iter().map(String::as_str).collect();
        let daemon = site.spawn(&wrapper, sink.port()).ready();
        daemon.wait_until_it_says("a commit failed", SOON);
        assert!(daemon.is_alive());
        after_a_blow(&site, daemon, &sink, &format!("F13 {error} for a while"), 12);
    }
}

/// The negative twin: a daemon on a sound disk does not say that it is full, and is ready all the time.
pub fn f13_twin_a_sound_disk_gives_no_alarm(connections: usize) {
    let Some(site) = Site::new(Place::Sqlite, 40, connections) else { return };
    let sink = Sink::start();
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    assert_eq!(daemon.http("/readyz"), Some(200));
    assert!(!daemon.said().contains("a commit failed"), "{}", daemon.said());
    daemon.stop();
    site.judged("F13 twin: no fault", &sink);
}

pub fn f14_postgres_stopped_hard_in_a_wave(connections: usize) {
    let Some(mut cluster) = Cluster::start() else { return };
    let site = Site::at(&cluster.url(), 160, connections);
    let sink = Sink::start();
    unhurried(&sink);
    let daemon = site.start(&sink);
    for blow in 1..=2 {
        sink.wait_for((blow * 25).min(120), SOON);
        cluster.stop_immediately();
        wait_until("it says that it is not ready", SOON, || daemon.http("/readyz") == Some(503));
        cluster.start_again();
        wait_until("it is ready again", SOON, || daemon.http("/readyz") == Some(200));
        assert!(daemon.is_alive());
        site.execute("UPDATE message SET lease_until = 1 WHERE state = 'claimed'");
    }
    after_a_blow(&site, daemon, &sink, "F14 PostgreSQL stopped hard", 2);
}

pub fn f14_connections_to_postgres_are_cut(connections: usize) {
    let Some(site) = Site::new(Place::Postgres, 160, connections) else { return };
    let sink = Sink::start();
    unhurried(&sink);
    let daemon = site.start(&sink);
    let blows = 4;
    for blow in 1..=blows {
        sink.wait_for(blow * 15, SOON);
        site.wait(async {
            let mut c = PgConnection::connect(&site.url).await.unwrap();
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()";
            sqlx::query(cut).execute(&mut c).await.unwrap();
            c.close().await.unwrap();
        });
        thread::sleep(Duration::from_millis(500));
        site.execute("UPDATE message SET lease_until = 1 WHERE state = 'claimed'");
    }
    assert!(daemon.is_alive());
    after_a_blow(&site, daemon, &sink, "F14 connections cut", blows);
}

/// Another program holds the lock of the SQLite file for longer than the writer waits.
pub fn f14_sqlite_locked_by_another_program_for_a_minute(connections: usize) {
    let Some(site) = Site::new(Place::Sqlite, 80, connections) else { return };
    let sink = Sink::start();
    unhurried(&sink);
    let daemon = site.start(&sink);
    sink.wait_for(10, SOON);
    site.wait(async {
        let mut c = SqliteConnection::connect(&site.url).await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut c).await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        let so_far = sink.count();
        tokio::time::sleep(Duration::from_secs(63)).await;
        assert_eq!(sink.count(), so_far, "nothing is sent that cannot be written down");
        sqlx::query("ROLLBACK").execute(&mut c).await.unwrap();
        c.close().await.unwrap();
    });
    assert!(daemon.is_alive());
    after_a_blow(&site, daemon, &sink, "F14 SQLite locked for a minute", 1);
}

/// After an orderly stop the file alone is the database: its log may be lost.
pub fn f14_sqlite_needs_no_log_after_a_stop(connections: usize) {
    let Some(site) = Site::new(Place::Sqlite, 80, connections) else { return };
    let sink = Sink::start();
    unhurried(&sink);
    let daemon = site.start(&sink);
    sink.wait_for(20, SOON);
    daemon.stop();
    let lost = |end: &str| remove(&site.data.join(format!("soundings.db{end}")));
    lost("-wal");
    lost("-shm");
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    assert!(site.judged("F14 log removed while stopped", &sink).in_doubt.is_empty());
}

fn remove(path: &Path) {
    if path.exists() {
        fs::remove_file(path).unwrap();
    }
}
