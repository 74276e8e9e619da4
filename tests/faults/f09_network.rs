//! A bad network between the program and its mail server: packets lost, connections reset in the message, a line that is dead and does not
//! say so. The network is one of its own, in which nobody else is disturbed.

use std::process::Command;
use std::time::Duration;

use super::report;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site};
use super::skip;

const SOON: Duration = Duration::from_mins(2);
/// Said to ourselves: be the inside of a network namespace.
pub const INSIDE: &str = "--inside-a-network-of-its-own";

/// Runs one of the tests below in a network of its own, by starting this program once more.
fn inside(name: &str, place: Place) {
    let rules = ["-m", "statistic", "--mode", "random", "--probability", "0.2", "-j", "DROP"].join(" ");
    let tried = format!("ip link set lo up && iptables -A INPUT -p tcp --dport 9 {rules}");
    if !Command::new("unshare").args(["-n", "sh", "-c", &tried]).output().is_ok_and(|done| done.status.success()) {
        skip("a bad network: no namespace, ip or iptables here");
        return;
    }
    let own = std::env::current_exe().unwrap();
    let begin = "ip link set lo up && exec \"$@\"";
    let mut command = Command::new("unshare");
    command.args(["-n", "sh", "-c", begin, "inside"]).arg(own).args([INSIDE, name, place.name()]);
    let done = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
    assert!(done.status.success(), "{said}");
    report::take_over(&said);
}

/// The other side of [`inside`].
pub fn play(name: &str, place: &str) {
    let place = if place == Place::Sqlite.name() { Place::Sqlite } else { Place::Postgres };
    match name {
        "loss" => every_fifth_packet_is_lost(place),
        "half-open" => the_line_is_dead_and_does_not_say_so(place),
        _ => unreachable!("there is no test {name}"),
    }
    report::hand_over();
}

pub fn f09_every_fifth_packet_is_lost(place: Place, _: usize) {
    inside("loss", place);
}

pub fn f09_the_line_is_dead_and_does_not_say_so(place: Place, _: usize) {
    inside("half-open", place);
}

fn filter(change: &str, port: u16, rest: &str) {
    for side in ["--dport", "--sport"] {
        let rule = format!("iptables -w {change} INPUT -p tcp {side} {port} {rest}");
        assert!(Command::new("sh").args(["-c", &rule]).status().unwrap().success(), "{rule}");
    }
}

fn every_fifth_packet_is_lost(place: Place) {
    let Some(site) = Site::new(place, 80, 8) else { return };
    let sink = Sink::start();
    filter("-A", sink.port(), "-m statistic --mode random --probability 0.2 -j DROP");
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    filter("-D", sink.port(), "-m statistic --mode random --probability 0.2 -j DROP");
    let verdict = site.judged("F09 every fifth packet lost", &sink);
    assert!(verdict.in_doubt.is_empty(), "slow is not broken: {:?}", verdict.in_doubt);
    assert_eq!(sink.count(), 80);
}

fn the_line_is_dead_and_does_not_say_so(place: Place) {
    let Some(site) = Site::new(place, 80, 4) else { return };
    let site = site.with_smtp("time_out_factor = 0.005");
    let sink = Sink::start();
    let port = sink.port();
    sink.behave(move |moment| {
        if moment.stage == Stage::Dot && moment.nth == 15 {
            filter("-A", port, "-j DROP");
        }
        Act::Usual
    });
    let daemon = site.start(&sink);
    daemon.wait_until_it_says("the mail server is in trouble", SOON);
    filter("-D", port, "-j DROP");
    sink.behave(|_| Act::Usual);
    // A minute's rest after trouble is cut short by starting anew.
    daemon.stop();
    site.leases_run_out();
    site.execute("UPDATE message SET due_at = 1 WHERE state = 'planned'");
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    sink.hang_up(b"");
    let verdict = site.judged("F09 a dead line", &sink);
    report::add("F09 a dead line", place.name(), 4, &[verdict.in_doubt.len()]);
    assert!((1..=4).contains(&verdict.in_doubt.len()), "{:?}", verdict.in_doubt);
}

/// The server resets the connection while the message is coming: it has not taken it, and as long as no dot was written nobody doubts that.
pub fn f09_reset_in_the_message(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 80, connections) else { return };
    let sink = Sink::start();
    let every = 16;
    sink.behave(move |moment| match moment.stage == Stage::Body && moment.nth % every == 0 {
        // What was not read yet makes a reset of this.
        true => Act::Close,
        false => Act::Usual,
    });
    let daemon = site.start(&sink);
    sink.wait_for(70, SOON);
    daemon.stop();
    sink.behave(|_| Act::Usual);
    site.leases_run_out();
    site.execute("UPDATE message SET due_at = 1 WHERE state = 'planned'");
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    let doubted = site.judged("F09 reset in the message", &sink).in_doubt.len();
    report::add("F09 reset in the message", place.name(), connections, &[doubted, 0, 0, 0, 0]);
    assert!(doubted <= 5, "{doubted} in doubt after five resets");
}
