//! Out of memory, poison, and everything at once.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use soundings::base::ids::Ids;

use super::f01_kills::Aim;
use super::report;
use super::sink::{Act, Moment, Sink, Stage};
use super::site::{Place, Site};
use super::skip;

const SOON: Duration = Duration::from_secs(90);

/// A control group of so many megabytes, by either version of the interface.
struct Cell(PathBuf);

impl Cell {
    fn of(megabytes: u64) -> Option<Cell> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let name = format!("soundings-faults-{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::SeqCst));
        let bytes = (megabytes * 1024 * 1024).to_string();
        for (root, limit) in [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")] {
            let at = PathBuf::from(root).join(&name);
            if fs::create_dir(&at).is_ok() {
                let cell = Cell(at);
                // Below an old interface the folder of the new one is a folder like any other.
                if cell.0.join("cgroup.procs").exists() && fs::write(cell.0.join(limit), &bytes).is_ok() {
                    return Some(cell);
                }
            }
        }
        skip("out of memory: no control group can be made here");
        None
    }

    fn holds(&self, pid: u32) {
        fs::write(self.0.join("cgroup.procs"), pid.to_string()).unwrap();
    }
}

impl Drop for Cell {
    fn drop(&mut self) {
        for _ in 0..100 {
            if fs::remove_dir(&self.0).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

/// The kernel needs memory in the middle of a wave and takes the daemon's.
pub fn f26_out_of_memory_in_a_wave(place: Place, connections: usize) {
    let Some(cell) = Cell::of(160) else { return };
    let Some(site) = Site::new(place, 120, connections) else { return };
    let sink = Sink::start();
    sink.behave(|moment| {
        unhurried(moment);
        Act::Usual
    });
    let daemon = site.start(&sink);
    cell.holds(daemon.pid());
    fs::write(format!("/proc/{}/oom_score_adj", daemon.pid()), "1000").unwrap();
    sink.wait_for(30, SOON);
    // Whoever eats all the memory is spared, whoever sends pays for it.
    let eater =
        "echo $$ > \"$1/cgroup.procs\"; echo -900 > /proc/self/oom_score_adj; head -c 1G /dev/zero | tail -c 1G";
    let mut eater = Command::new("sh")
        .args(["-c", eater, "eater"])
        .arg(&cell.0)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let status = daemon.wait(SOON);
    eater.kill().unwrap();
    eater.wait().unwrap();
    assert!(status.to_string().contains("SIGKILL"), "{status}");
    sink.wait_until_quiet();
    let doubted = site.ledger_of_the_dead().iter().filter(|row| row.state == "sending").count();
    assert!(doubted <= connections, "{doubted} in doubt");
    report::add("F26 out of memory", place.name(), connections, &[doubted]);
    site.leases_run_out();
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    assert_eq!(site.judged("F26 out of memory", &sink).in_doubt.len(), doubted);
}

/// One message that cannot be made, for its words ask for what nobody has: it fails alone, once, and the wave goes on.
pub fn f21_a_message_that_cannot_be_made_fails_alone(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 60, connections) else { return };
    // The seventh contact reads French, and the French words are poison.
    let words =
        "REPLACE(words, '\"en\":', '\"fr\":{\"invitation\":{\"subject\":\"x\",\"body\":\"{{ nobody }}\"}},\"en\":')";
    site.execute(&format!("UPDATE round SET words = {words}, version = version + 1"));
    site.execute("UPDATE contact SET language = 'fr' WHERE email LIKE 'pat0007%'");
    let sink = Sink::start();
    let daemon = site.start(&sink);
    site.wait_until_done(SOON);
    daemon.stop();
    let failed: Vec<_> = site.ledger().into_iter().filter(|row| row.state == "failed").collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].to_email.starts_with("pat0007") && failed[0].attempt == 1, "{failed:?}");
    assert!(site.judged("F21 a poisoned message", &sink).in_doubt.is_empty());
    assert_eq!(sink.count(), 59);
}

/// Not so fast that the wave is over before the blow falls.
fn unhurried(moment: &Moment) {
    if moment.stage == Stage::Mail {
        thread::sleep(Duration::from_millis(20));
    }
}

/// Killed, stopped, refused, hung up on and cut off in an order that a seed draws, for as long as `SOUNDINGS_SOAK` says in seconds.
pub fn f30_a_soak_of_random_faults(place: Place, connections: usize) {
    let seconds = std::env::var("SOUNDINGS_SOAK").ok().and_then(|s| s.parse().ok()).unwrap_or(20);
    let seed = std::env::var("SOUNDINGS_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(30);
    let draw = Ids::seeded(seed);
    let people = (seconds * 100).clamp(1_000, 10_000) as usize;
    let Some(site) = Site::new(place, people, connections) else { return };
    let site = site.with_smtp("time_out_factor = 0.01");
    let sink = Sink::start();
    let (began, mut doubts) = (Instant::now(), Vec::new());
    while (began.elapsed() < Duration::from_secs(seconds) || doubts.len() < 4) && sink.count() < people {
        let left = site.ledger_of_the_dead();
        let before = left.iter().filter(|row| row.state == "in_doubt").count();
        let nth = 1 + draw.below(40);
        let stage = [
            Stage::Connect,
            Stage::Hello,
            Stage::Mail,
            Stage::Recipient,
            Stage::Data,
            Stage::Body,
            Stage::Dot,
            Stage::Answered,
        ][draw.below(8) as usize];
        let nth = if stage <= Stage::Hello { 1 } else { nth };
        match draw.below(4) {
            0 | 1 => {
                let aim = Aim::default();
                let fires = aim.clone();
                sink.behave(move |moment| {
                    unhurried(moment);
                    if moment.stage == stage && moment.nth == nth {
                        fires.fire();
                    }
                    Act::Usual
                });
                let daemon = site.spawn(&[], sink.port());
                aim.at(daemon.killer());
                let began = Instant::now();
                while daemon.is_alive() && began.elapsed() < Duration::from_secs(3) {
                    thread::sleep(Duration::from_millis(5));
                }
                daemon.kill();
            }
            2 => {
                let words: &[u8] = if draw.below(2) == 0 { b"421 4.3.2 going down\r\n" } else { b"" };
                sink.behave(move |moment| {
                    unhurried(moment);
                    match moment.stage == stage && moment.nth % 20 == nth % 20 {
                        true => Act::SayAndClose(words.into()),
                        false => Act::Usual,
                    }
                });
                let daemon = site.start(&sink);
                thread::sleep(Duration::from_millis(300 + draw.below(900)));
                daemon.kill();
            }
            _ => {
                sink.behave(|moment| {
                    unhurried(moment);
                    Act::Usual
                });
                let daemon = site.start(&sink);
                thread::sleep(Duration::from_millis(draw.below(600)));
                daemon.stop();
            }
        }
        sink.wait_until_quiet();
        let left = site.ledger_of_the_dead();
        let doubted = left.iter().filter(|row| matches!(row.state.as_str(), "sending" | "in_doubt")).count();
        doubts.push(doubted.saturating_sub(before));
        site.leases_run_out();
        site.execute("UPDATE message SET due_at = 1 WHERE state = 'planned'");
    }
    sink.behave(|_| Act::Usual);
    let daemon = site.start(&sink);
    site.wait_until_done(Duration::from_secs(90 + seconds));
    daemon.stop();
    let fault = format!("F30 soak of {seconds} s, seed {seed}");
    report::add(&fault, place.name(), connections, &doubts);
    site.judged(&fault, &sink);
    assert!(doubts.len() > 3, "only {} blows in {seconds} s", doubts.len());
}
