//! Killed at every system call that writes: of loading a round, loading a list, starting, signing, planning and sending. Whatever the call,
//! it is all there or nothing is, and the next run needs no repair.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::thread;
use std::time::Duration;

use super::daemon::Daemon;
use super::report;
use super::sink::Sink;
use super::site::{Place, Site, text};
use super::strace::{counted, counting, inject, points, run, works};
use super::texts::ROUND;

const KILL: &str = "signal=SIGKILL";
/// Kill points of one command on CI.
const FEW: usize = 7;
/// The same of the longest play, from a signature to the last message.
const FEW_OF_THE_WAVE: usize = 12;

/// A round of twenty people as a folder, and another list for it with thirty.
struct Folders {
    _home: Site,
    round: PathBuf,
    longer: PathBuf,
}

fn folders() -> Folders {
    let home = Site::new(Place::Sqlite, 20, 1).unwrap();
    let longer = Site::new(Place::Sqlite, 30, 1).unwrap();
    let export = |site: &Site, to: &Path| {
        let to = to.display().to_string();
        let done = site.command(1, &["export", ROUND, "--to", &to]);
        assert!(done.status.success(), "{}", text(&done.stderr));
    };
    let (round, other) = (home.folder.path().join("round"), home.folder.path().join("other"));
    export(&home, &round);
    export(&longer, &other);
    // A folder must have a warm-up, which the rounds of these tests do without.
    let spec = round.join("round.toml");
    let warm_up = "[[touch]]\nkind = \"warm_up\"\nworking_days = -5\n\n[[touch]]";
    let text = fs::read_to_string(&spec).unwrap().replacen("[[touch]]", warm_up, 1);
    fs::write(&spec, text).unwrap();
    Folders { _home: home, round, longer: other.join("contacts.csv") }
}

/// How many contacts are listed and in which state the round is; `None` when there is no such round.
fn standing(site: &Site) -> Option<(u64, String)> {
    let said = site.command(1, &["round", "status", ROUND, "--json"]);
    if !said.status.success() {
        let why = text(&said.stderr);
        assert!(why.contains("There is no round named"), "{why}");
        return None;
    }
    let status: serde_json::Value = serde_json::from_slice(&said.stdout).unwrap();
    Some((status["individual"]["listed"].as_u64().unwrap(), status["state"].as_str().unwrap().to_string()))
}

fn done(output: &Output) {
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

/// What a command does, seen from outside, with every write of it cut off once.
struct Step<'a> {
    name: &'a str,
    args: Vec<&'a str>,
    /// Makes everything that comes before.
    before: &'a dyn Fn(&Site),
    /// What stands when nothing of it was done, and when all of it was.
    nothing: Option<(u64, &'a str)>,
    all: Option<(u64, &'a str)>,
}

fn kill_at_every_write(place: Place, step: &Step) {
    let fresh = || {
        let site = Site::bare(place)?;
        (step.before)(&site);
        Some(site)
    };
    let Some(site) = fresh() else { return };
    let file = site.folder.path().join("calls");
    done(&run(&counting(&file), &site.config(0, 1, 1), &step.args));
    let all = counted(&file);
    assert!(all.len() > 5, "{}: only {all:?} was seen", step.name);
    let (nothing, whole) = (owned(step.nothing), owned(step.all));
    let (mut killed, mut undone) = (0, 0);
    let tried = points(&all, FEW).len();
    for (call, n) in points(&all, FEW) {
        let Some(mut site) = fresh() else { return };
        let mut output = run(&inject(&call, KILL, &n.to_string()), &site.config(0, 1, 1), &step.args);
        // Which thread does what is not the same each time: a late point that was not reached is tried again earlier.
        if output.status.success() && n > 1 {
            let Some(another) = fresh() else { return };
            site = another;
            output = run(&inject(&call, KILL, &(n / 2).to_string()), &site.config(0, 1, 1), &step.args);
        }
        killed += usize::from(!output.status.success());
        let now = standing(&site);
        assert!(now == nothing || now == whole, "{} killed at {call} {n} left {now:?}", step.name);
        undone += usize::from(now == nothing);
        // Again, as anybody would. A start that came through says so and changes nothing.
        let again = site.command(1, &step.args);
        assert!(
            again.status.success() || (now == whole && text(&again.stderr).contains("It runs already")),
            "{} after a kill at {call} {n}: {}{}",
            step.name,
            text(&again.stdout),
            text(&again.stderr)
        );
        assert_eq!(standing(&site), whole, "{} again after a kill at {call} {n}", step.name);
        site.is_sound();
    }
    assert!(
        2 * killed > tried && undone > 0,
        "{}: {killed} of {tried} were killed, {undone} before it was done",
        step.name
    );
    report::add(&format!("F04 {}, of {} writes", step.name, all.len()), place.name(), 0, &vec![0; killed]);
}

fn owned(standing: Option<(u64, &str)>) -> Option<(u64, String)> {
    standing.map(|(listed, state)| (listed, state.to_string()))
}

pub fn f04_a_command_killed_at_any_write_is_done_or_not(place: Place, _: usize) {
    if !works() {
        return;
    }
    let folders = folders();
    let round = folders.round.display().to_string();
    let longer = folders.longer.display().to_string();
    let load = |site: &Site| done(&site.command(1, &["round", "load", &round]));
    for step in [
        Step {
            name: "round load",
            args: vec!["round", "load", &round],
            before: &|_| {},
            nothing: None,
            all: Some((20, "draft")),
        },
        Step {
            name: "list load",
            args: vec!["list", "load", ROUND, &longer],
            before: &load,
            nothing: Some((20, "draft")),
            all: Some((30, "draft")),
        },
        Step {
            name: "round start",
            args: vec!["round", "start", ROUND, "--anyway", "a test"],
            before: &load,
            nothing: Some((20, "draft")),
            all: Some((20, "running")),
        },
    ] {
        kill_at_every_write(place, &step);
    }
}

/// Signs both accounts, as the director does in a browser; those that were signed already stay so.
fn sign(site: &Site, daemon: &Daemon) -> usize {
    let mut signed = 0;
    for (secret, account, fingerprint) in site.to_sign() {
        let form = format!("act=sign&account={account}&fingerprint={fingerprint}&count=10");
        signed += usize::from(daemon.post(&format!("/sign-off/{secret}"), &form) == Some(303));
    }
    signed
}

/// From the signature to the last message: the daemon dies at a write and is started again.
pub fn f04_a_daemon_killed_at_any_write_goes_on(place: Place, _: usize) {
    if !works() {
        return;
    }
    let Some(site) = Site::unsigned(place, 20, 1) else { return };
    let sink = Sink::start();
    let file = site.folder.path().join("calls");
    let daemon = site.spawn(&refs(&counting(&file)), sink.port()).ready();
    assert_eq!(sign(&site, &daemon), 2);
    site.wait_until_all_are_sent(Duration::from_mins(1));
    drop(daemon);
    let all = counted(&file);
    let fault = format!("F04 signing, planning, sending, of {} writes", all.len());
    let mut killed = 0;
    let tried = points(&all, FEW_OF_THE_WAVE).len();
    for (call, n) in points(&all, FEW_OF_THE_WAVE) {
        let Some(site) = Site::unsigned(place, 20, 1) else { return };
        let sink = Sink::start();
        let wrapper = inject(&call, KILL, &n.to_string());
        let daemon = site.spawn(&refs(&wrapper), sink.port());
        let confirmed = if daemon.comes_up() { sign(&site, &daemon) } else { 0 };
        for _ in 0..400 {
            if !daemon.is_alive() || sink.count() > 20 {
                break;
            }
            thread::sleep(Duration::from_millis(10));
        }
        killed += usize::from(!daemon.is_alive());
        drop(daemon);
        sink.wait_until_quiet();
        let left = site.ledger_of_the_dead();
        let doubted = left.iter().filter(|row| row.state == "sending").count();
        assert!(doubted <= 1, "{doubted} in doubt over one connection, killed at {call} {n}");
        report::add(&fault, place.name(), 1, &[doubted]);
        site.leases_run_out();
        let daemon = site.start(&sink);
        let open = site.to_sign().len();
        assert!(open <= 2 - confirmed, "what was confirmed is on disk: {confirmed} confirmed, {open} open, {call} {n}");
        sign(&site, &daemon);
        site.wait_until_all_are_sent(Duration::from_mins(1));
        daemon.stop();
        site.judged(&fault, &sink);
    }
    assert!(2 * killed > tried, "only {killed} of {tried} were killed");
}

fn refs(texts: &[String]) -> Vec<&str> {
    texts.iter().map(String::as_str).collect()
}
