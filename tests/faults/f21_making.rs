//! A message during whose making the program ends, at every start: it is held, and everybody else has his.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::report;
use super::sink::Sink;
use super::site::{Place, Site};
use super::skip;

const SOON: Duration = Duration::from_mins(2);
/// Together they stand in one letter, and nowhere before that is made.
const POISON: [&str; 2] = ["ABORT_AT=Dear Poi", "ABORT_THEN=sonia,"];

fn library(folder: &Path) -> Option<PathBuf> {
    let (source, library) =
        (Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults/abort.c"), folder.join("abort.so"));
    let options = ["-shared", "-fPIC", "-O2", "-fno-builtin", "-fno-tree-loop-distribute-patterns", "-o"];
    let made = Command::new("cc").args(options).arg(&library).arg(source).status();
    if made.is_ok_and(|status| status.success()) {
        return Some(library);
    }
    skip("a message whose making kills: there is no C compiler here");
    None
}

pub fn f21_a_message_whose_making_kills_the_program_is_held(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 60, connections) else { return };
    let Some(library) = library(site.folder.path()) else { return };
    let preload = format!("LD_PRELOAD={}", library.display());
    let wrapper = ["env", &preload, POISON[0], POISON[1]];
    site.execute("UPDATE contact SET first_name = 'Poisonia' WHERE email LIKE 'pat0007%'");
    let sink = Sink::start();
    // Once in a batch, five times alone.
    for start in 1..=6 {
        let daemon = site.spawn(&wrapper, sink.port());
        let ended = daemon.wait(SOON);
        assert!(!ended.success(), "start {start} did not die of the message: {ended}");
        assert!(daemon.said().contains("serving http"), "start {start} came to nothing: {}", daemon.said());
        site.leases_run_out();
    }
    let daemon = site.spawn(&wrapper, sink.port()).ready();
    site.wait_until_done(SOON);
    assert!(daemon.said().contains("the program ended while this message was being made"), "{}", daemon.said());
    daemon.stop();
    let failed: Vec<_> = site.ledger().into_iter().filter(|row| row.state == "failed").collect();
    assert_eq!(failed.len(), 1, "{failed:?}");
    assert!(failed[0].to_email.starts_with("pat0007"), "{failed:?}");
    let verdict = site.judged("F21 a message whose making kills", &sink);
    report::add("F21 a message whose making kills", place.name(), connections, &[verdict.in_doubt.len()]);
    // Each of the six ends may have caught the other lines between the final dot and the answer: those are in doubt and named, and whether
    // they arrived is settled a day later. Everybody else has his, which the judge has compared with what the sink took.
    let unknown = verdict.in_doubt.len();
    assert!(unknown <= 6 * (connections - 1), "{verdict:?}");
    let sent = site.ledger().iter().filter(|row| row.contact_id.is_some() && row.state == "sent").count();
    assert_eq!(sent + unknown, 59, "{verdict:?}");
}
