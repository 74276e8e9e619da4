//! Killed while sending, at every stage of the conversation, then started again: nobody is lost, nobody is doubled, and a kill leaves at
//! most one message in doubt for each open connection.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::daemon::Killer;
use super::report;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site};

const STAGES: [(Stage, &str); 8] = [
    (Stage::Connect, "F01 killed when connected"),
    (Stage::Hello, "F01 killed at EHLO"),
    (Stage::Mail, "F01 killed at MAIL"),
    (Stage::Recipient, "F01 killed at RCPT"),
    (Stage::Data, "F01 killed at DATA"),
    (Stage::Body, "F01 killed in the message"),
    (Stage::Dot, "F02 killed after the dot"),
    (Stage::Answered, "F03 killed after 250"),
];

/// Who is to be killed is known only when he runs.
#[derive(Clone, Default)]
pub struct Aim(Arc<OnceLock<Killer>>);

impl Aim {
    pub fn at(&self, killer: Killer) {
        assert!(self.0.set(killer).is_ok());
    }

    pub fn fire(&self) {
        self.0.wait().kill();
    }
}

/// Kills when this stage is reached for the `nth` time.
pub fn kill_at(sink: &Sink, stage: Stage, nth: u64) -> Aim {
    let aim = Aim::default();
    let fires = aim.clone();
    sink.behave(move |moment| {
        if moment.stage == stage && moment.nth == nth {
            fires.fire();
        }
        Act::Usual
    });
    aim
}

/// Over one connection the commands are asked one by one, over several all at once.
pub fn f01_f02_f03_killed_at_every_stage(place: Place, connections: usize) {
    let Some(site) = Site::new(place, 160, connections) else { return };
    let sink = if connections > 1 { Sink::start() } else { Sink::start().without_pipelining() };
    let mut doubted = 0;
    for (n, (stage, fault)) in STAGES.into_iter().enumerate() {
        let nth = match stage {
            Stage::Connect | Stage::Hello => 1 + n as u64 % connections as u64,
            _ => 3 + 2 * n as u64 % 9,
        };
        let aim = kill_at(&sink, stage, nth);
        let daemon = site.spawn(&[], sink.port());
        aim.at(daemon.killer());
        daemon.wait(Duration::from_mins(1));
        sink.wait_until_quiet();
        let now = site.ledger_of_the_dead().iter().filter(|row| row.state == "sending").count();
        assert!(now <= connections, "{now} in doubt over {connections} connections: {fault}");
        if stage == Stage::Dot && connections == 1 {
            assert_eq!(now, 1, "the message after its dot is the one in doubt");
        }
        report::add(fault, place.name(), connections, &[now]);
        doubted += now;
        site.leases_run_out();
    }
    sink.behave(|_| Act::Usual);
    let daemon = site.start(&sink);
    site.wait_until_done(Duration::from_mins(1));
    daemon.stop();
    let verdict = site.judged("F01-F03 when all is over", &sink);
    assert_eq!(verdict.in_doubt.len(), doubted, "each is named in the ledger: {:?}", verdict.in_doubt);
}
