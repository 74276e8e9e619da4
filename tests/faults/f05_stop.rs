//! Told to stop in the middle of a wave: what is on its way is finished, nothing is in doubt, the next run goes on.

use std::thread;
use std::time::Duration;

use super::report;
use super::sink::{Act, Sink, Stage};
use super::site::{Place, Site};

pub fn f05_a_stop_in_a_wave_leaves_nothing_in_doubt(place: Place, connections: usize) {
    let fault = "F05 SIGTERM in a wave";
    let Some(site) = Site::new(place, 160, connections) else { return };
    let sink = Sink::start();
    // Answers take their time, so that there is something on its way whenever the signal comes.
    sink.behave(|moment| {
        if moment.stage == Stage::Dot {
            thread::sleep(Duration::from_millis(40));
        }
        Act::Usual
    });
    for round in 1..=3 {
        let daemon = site.start(&sink);
        sink.wait_for(round * 20, Duration::from_mins(1));
        let took = daemon.stop();
        assert!(took < Duration::from_secs(30), "it took {took:?}");
        let left: Vec<_> = site.ledger_of_the_dead();
        let stuck: Vec<_> =
            left.iter().filter(|r| matches!(r.state.as_str(), "claimed" | "sending" | "in_doubt")).collect();
        assert!(stuck.is_empty(), "{stuck:?}");
        assert!(left.iter().any(|row| row.state == "planned"), "the wave was over before the signal came");
        report::add(fault, place.name(), connections, &[0]);
    }
    sink.behave(|_| Act::Usual);
    let daemon = site.start(&sink);
    site.wait_until_done(Duration::from_mins(1));
    daemon.stop();
    assert!(site.judged(fault, &sink).in_doubt.is_empty());
    assert_eq!(sink.count(), site.people);
}
