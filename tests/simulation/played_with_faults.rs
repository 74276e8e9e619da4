//! Rounds in which things go wrong all the time (F30), on both databases.

use chrono::{Days, NaiveDate, NaiveTime};
use soundings::base::address::EmailAddress;
use soundings::rehearsal::play::{self, PlayOutcome, Setup};
use soundings::rehearsal::world::World;

use super::outage::{self, Outage};
use super::postgres;
use super::random_faults::{RandomFaults, play_with_faults};
use super::round::{Place, demo, place, small};

/// The nth block of seeds, or the one that is asked for.
pub fn seeds(block: u64, count: u64) -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|s| s.parse::<u64>().ok());
    match (number("SOUNDINGS_SEED"), number("SOUNDINGS_SEEDS")) {
        (Some(seed), _) => vec![seed],
        (None, more) => {
            let count = more.unwrap_or(count);
            (block * count..(block + 1) * count).collect()
        }
    }
}

#[derive(Default)]
struct PlayedThrough {
    broken: Vec<String>,
    log: Vec<String>,
}

impl PlayedThrough {
    async fn play(&mut self, seed: u64, world: &mut World) {
        let mut faults = RandomFaults::new(seed, true);
        match play_with_faults(world, &mut faults, 10).await {
            Ok(outcome) => eprintln!("seed {seed}: {} faults, {}", faults.log.len(), told(&outcome)),
            Err(broken) => self.broken.push(broken.to_string()),
        }
        self.log.append(&mut faults.log);
    }

    fn must_have_held(&self) {
        assert!(self.broken.is_empty(), "\n{}", self.broken.join("\n"));
    }
}

fn told(outcome: &PlayOutcome) -> String {
    let (i, o) = (outcome.status.individual, outcome.status.outbox);
    format!(
        "{} of {} completed, {} sent, {} in doubt, {} failed, {} s",
        i.completed, i.reachable, o.sent, o.in_doubt, o.failed, outcome.wall_seconds
    )
}

async fn on_sqlite(seeds: Vec<u64>) -> PlayedThrough {
    let mut played = PlayedThrough::default();
    for seed in seeds {
        let mut place = place(small(seed), seed).await;
        played.play(seed, &mut place.world).await;
    }
    played
}

#[tokio::test]
async fn f30_random_faults_break_no_promise() {
    on_sqlite(seeds(0, 6)).await.must_have_held();
}

#[tokio::test]
async fn f30_other_random_faults_break_no_promise_and_are_rough_enough() {
    let played = on_sqlite(seeds(1, 7)).await;
    played.must_have_held();
    if std::env::var_os("SOUNDINGS_SEED").is_some() {
        return;
    }
    for fault in [
        "Crash { stage: Dot",
        "noticed: false",
        "TwoSenders",
        "PeopleAct",
        "ClockLeap",
        "DropAfterDot",
        "reputation",
        "down for",
        "the clock was set by",
        "the clock was set by -",
        "Remove",
        "Correct",
        "is added",
        "SendAgain",
        "is paused",
        "receiver",
        "is stopped",
        "is lifted",
        "the plan is changed",
        "AwayUntil",
    ] {
        assert!(played.log.iter().any(|what| what.contains(fault)), "no {fault} in any of these rounds");
    }
}

#[tokio::test]
async fn f30_random_faults_on_postgresql_break_no_promise() {
    let mut played = PlayedThrough::default();
    // A server of its own plays a few; the throw-away one has the rest of the suite beside it.
    let count = if std::env::var_os("SOUNDINGS_TEST_POSTGRES").is_some() { 3 } else { 1 };
    for seed in seeds(100, count) {
        let Some(url) = postgres::fresh_database().await else { return };
        let home = tempfile::tempdir().unwrap();
        let setup = Setup::new(small(seed), seed, &url, home.path().join("handed.jsonl"));
        let mut world = play::prepare(setup).await.unwrap();
        played.play(seed, &mut world).await;
    }
    played.must_have_held();
}

#[tokio::test]
async fn the_same_seed_plays_the_same_round() {
    let mut told = Vec::new();
    for _ in 0..2 {
        let Place { home: _home, mut world } = place(small(4), 4).await;
        let mut faults = RandomFaults::new(4, false);
        let mut outcome = play_with_faults(&mut world, &mut faults, 50).await.unwrap_or_else(|b| panic!("{b}"));
        outcome.wall_seconds = 0.0;
        told.push((serde_json::to_string(&outcome).unwrap(), world.ticks, faults.log));
    }
    assert_eq!(told[0].2, told[1].2);
    assert_eq!(told[0], told[1]);
}

const LARGEST: &str = "largest.example";

/// The relay refuses everybody for an hour when the letters and the invitations are due, and the largest company denies everybody for two; the
/// operator makes it good. Nobody is given up, nobody gets a second copy.
#[tokio::test]
async fn f07_trouble_that_many_share_is_made_good_by_one_order() {
    for (seed, said) in [
        (6, "554 5.7.1 <{}>: Relay access denied"),
        (3, "550 5.1.1 <{}>: User unknown"),
        (9, "550 Hourly limit reached, try tomorrow"),
    ] {
        let mut folder = demo();
        // Everybody in the office's own time is behind one gateway.
        let mut people = 0;
        let same = ["Europe/London", "Europe/Dublin"];
        for contact in folder.list.accepted.iter_mut().filter(|c| same.contains(&c.time_zone.as_str())) {
            people += 1;
            let moved = format!("{}.{people}@{LARGEST}", contact.email.local());
            contact.email = EmailAddress::parse(&moved).unwrap();
        }
        assert!(people >= 10, "{people} people");
        let opens = folder.spec.schedule.opens;
        let Place { home: _home, mut world } = place(folder, seed).await;
        let office = world.live().await.unwrap().sequence.home();
        let at = |day: NaiveDate, hour: u32| office.on_day(day, NaiveTime::from_hms_opt(hour, 0, 0));
        let week_before = opens.checked_sub_days(Days::new(7)).unwrap();
        let outages = [
            Outage::of_the_relay(at(week_before, 9), said),
            Outage::of_the_relay(at(opens, 9), said),
            Outage::of_a_gateway(at(opens, 10), LARGEST),
        ];
        let made_good = outage::play_through(&mut world, &outages).await.unwrap();
        assert!(made_good >= 1, "seed {seed}: nobody had to decide anything");
        let wrong: Vec<_> = world.promises().await.unwrap().into_iter().filter(|p| !p.holds).collect();
        assert!(wrong.is_empty(), "seed {seed}: {wrong:?}");
        assert!(world.mailbox.duplicates().is_empty(), "seed {seed}");
    }
}
