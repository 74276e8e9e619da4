//! Two daemons on one database, a slow database, a daemon that stands still past its lease: one copy each.

use std::thread;
use std::time::{Duration, Instant};

use super::report;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site, text};
use super::strace::{inject, works};

const SOON: Duration = Duration::from_secs(120);

/// Two daemons with four connections each; every commit of one of them takes its time.
pub fn f15_two_daemons_on_a_slow_database_send_nothing_twice(_: usize) {
    if !works() {
        return;
    }
    let Some(site) = Site::new(Place::Postgres, 160, 4) else { return };
    let sink = Sink::start();
    let slow = inject("sendto", "delay_enter=15000", "1+");
    let slow: Vec<&str> = slow.iter().map(String::as_str).collect();
    let one = site.spawn(&slow, sink.port()).ready();
    let other = site.start(&sink);
    site.wait_until_done(SOON);
    let worked = |said: &str| said.contains("connected to the mail server");
    assert!(worked(&one.said()) && worked(&other.said()), "both have worked");
    other.stop();
    drop(one);
    assert!(site.judged("F15 two daemons, slow database", &sink).in_doubt.is_empty());
    assert_eq!(sink.count(), 160);
}

/// Eight senders on SQLite, each commit of which takes a tenth of a second; a second daemon is refused.
pub fn f15_eight_senders_on_a_slow_sqlite_and_no_second_daemon(_: usize) {
    if !works() {
        return;
    }
    let Some(site) = Site::new(Place::Sqlite, 160, 8) else { return };
    let sink = Sink::start();
    let slow = inject("fdatasync", "delay_enter=100000", "1+");
    let slow: Vec<&str> = slow.iter().map(String::as_str).collect();
    let one = site.spawn(&slow, sink.port()).ready();
    let second = site.command(sink.port(), &["serve"]);
    assert_eq!(second.status.code(), Some(1), "{}", text(&second.stderr));
    assert!(text(&second.stderr).contains("already"), "{}", text(&second.stderr));
    site.wait_until_done(SOON);
    drop(one);
    assert!(site.judged("F15 eight senders, slow database", &sink).in_doubt.is_empty());
    assert_eq!(sink.count(), 160);
}

/// One of two daemons stands still, wherever it is, until its leases have run out and the other has taken over; then it goes on.
pub fn f15_a_daemon_that_stood_still_past_its_lease_sends_nothing_more(connections: usize) {
    let Some(site) = Site::new(Place::Postgres, 160, connections) else { return };
    let sink = Sink::start();
    sink.behave(|moment| {
        if moment.stage == Stage::Mail {
            thread::sleep(Duration::from_millis(20));
        }
        Act::Usual
    });
    let sleeper = site.start(&sink);
    sink.wait_for(40, SOON);
    sleeper.signal("STOP");
    thread::sleep(Duration::from_millis(300));
    let standing = site.ledger().iter().filter(|row| row.state == "sending").count();
    assert!(standing <= connections, "{standing} between mark and settlement");
    site.leases_run_out();
    let other = site.start(&sink);
    site.wait_until_done(SOON);
    sleeper.signal("CONT");
    thread::sleep(Duration::from_secs(3));
    sleeper.stop();
    other.stop();
    let verdict = site.judged("F15 stood still past its lease", &sink);
    report::add("F15 stood still past its lease", site.place.name(), connections, &[verdict.in_doubt.len()]);
    assert!(verdict.in_doubt.len() <= connections);
}

/// The same just after the mark: what woke up too late does not write the dot.
pub fn f15_between_mark_and_dot_time_is_looked_at_again(_: usize) {
    if !works() {
        return;
    }
    let mut caught = 0;
    // Which answer of the database is that of the commit which marks, is found by trying.
    for n in 40..72 {
        let Some(site) = Site::new(Place::Postgres, 10, 1) else { return };
        let sink = Sink::start();
        let stops = inject("recvfrom", "signal=SIGSTOP", &n.to_string());
        let stops: Vec<&str> = stops.iter().map(String::as_str).collect();
        let sleeper = site.spawn(&stops, sink.port());
        let began = Instant::now();
        let marked = loop {
            let sending: Vec<String> =
                site.ledger().into_iter().filter(|row| row.state == "sending").map(|row| row.id).collect();
            let stands = began.elapsed() > Duration::from_secs(2);
            if stands || site.ledger().iter().all(|row| row.state == "sent") {
                break sending;
            }
            thread::sleep(Duration::from_millis(50));
        };
        let open: Vec<&String> = marked.iter().filter(|id| !sink.taken().iter().any(|one| one.row == **id)).collect();
        if open.is_empty() {
            continue;
        }
        caught += 1;
        site.leases_run_out();
        let other = site.start(&sink);
        thread::sleep(Duration::from_secs(1));
        sleeper.signal("CONT");
        thread::sleep(Duration::from_secs(1));
        let late: Vec<_> = sink.taken().into_iter().filter(|one| open.contains(&&one.row)).collect();
        assert!(late.is_empty(), "sent after its lease had run out: {late:?}");
        drop((sleeper, other));
    }
    assert!(caught > 0, "no daemon was caught between mark and dot");
}
