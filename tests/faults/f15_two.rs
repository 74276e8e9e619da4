//! Two daemons on one database, a slow database, a daemon that stands still past its lease: one copy each.

use std::thread;
use std::time::Duration;

use super::report;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site, text};
use super::strace::{inject, works};

const SOON: Duration = Duration::from_mins(2);

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
    let other = site.start_beside(&sink);
    // It has not seen the first at work yet, so it waits for somebody's word that this is no copy (F14).
    let resumed = site.command(sink.port(), &["sending", "resume"]);
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
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
    let other = site.start_beside(&sink);
    // It has not seen the first at work yet, so it waits for somebody's word that this is no copy (F14).
    let resumed = site.command(sink.port(), &["sending", "resume"]);
    assert!(resumed.status.success(), "{}", text(&resumed.stderr));
    site.wait_until_done(SOON);
    sleeper.signal("CONT");
    thread::sleep(Duration::from_secs(3));
    sleeper.stop();
    other.stop();
    let verdict = site.judged("F15 stood still past its lease", &sink);
    report::add("F15 stood still past its lease", site.place.name(), connections, &[verdict.in_doubt.len()]);
    assert!(verdict.in_doubt.len() <= connections);
}
