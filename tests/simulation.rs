//! Whole rounds with people and faults, from a seed. A seed that fails says so; SOUNDINGS_SEED=n plays it again.

use std::path::Path;

use chrono::{Days, NaiveDate};
use soundings::intake::folder::{self, RoundFolder};
use soundings::rehearsal::faults::{Storm, weather_through};
use soundings::rehearsal::play::{self, Outcome, Setup, Speed};
use soundings::rehearsal::world::World;

fn demo() -> RoundFolder {
    folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo")).unwrap()
}

/// The demo round moved to another season, so that clocks change in the middle of some.
fn in_season(mut folder: RoundFolder, opens: NaiveDate) -> RoundFolder {
    let schedule = &mut folder.spec.schedule;
    let length = schedule.closes.signed_duration_since(schedule.opens).num_days() as u64;
    schedule.closes = opens.checked_add_days(Days::new(length)).unwrap();
    schedule.opens = opens;
    for touch in &mut folder.spec.touches {
        if let Some(cron) = &mut touch.cron {
            *cron = cron.replace(" 3 TUE", " * TUE");
        }
    }
    folder
}

struct Place {
    _home: tempfile::TempDir,
    world: World,
}

async fn place(folder: RoundFolder, seed: u64) -> Place {
    let home = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", home.path().join("a.sqlite").display());
    let world = play::prepare(Setup::new(folder, seed, &url, home.path().join("s.jsonl"))).await.unwrap();
    Place { _home: home, world }
}

fn folder_of(seed: u64) -> RoundFolder {
    let opens = [(2027, 2, 8), (2027, 3, 8), (2027, 10, 11), (2026, 12, 7)][(seed % 4) as usize];
    let mut folder = in_season(demo(), NaiveDate::from_ymd_opt(opens.0, opens.1, opens.2).unwrap());
    // Every other row: half the people, all accounts.
    let mut nth = 0;
    folder.list.accepted.retain(|_| {
        nth += 1;
        (nth + seed) % 2 == 0
    });
    folder
}

fn seeds(first: u64, count: u64) -> Vec<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|s| s.parse::<u64>().ok());
    match (number("SOUNDINGS_SEED"), number("SOUNDINGS_SEEDS")) {
        (Some(seed), _) => vec![seed],
        (None, Some(more)) => (first * more..first * more + more).collect(),
        (None, None) => (first * count..first * count + count).collect(),
    }
}

async fn storms(seeds: Vec<u64>) {
    let mut broken = Vec::new();
    for seed in seeds {
        let mut place = place(folder_of(seed), seed).await;
        let mut storm = Storm::new(seed, true);
        match weather_through(&mut place.world, &mut storm, 10).await {
            Ok(outcome) => eprintln!("seed {seed}: {}", told(&outcome, &storm)),
            Err(why) => broken.push(why.to_string()),
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

fn told(outcome: &Outcome, storm: &Storm) -> String {
    let i = outcome.status.individual;
    format!(
        "{} faults, {} of {} reachable, {:?}, {} s",
        storm.log.len(),
        i.completed,
        i.reachable,
        outcome.status.outbox,
        outcome.wall_seconds
    )
}

#[tokio::test]
async fn f30_storms_break_no_promise() {
    storms(seeds(0, 6)).await;
}

#[tokio::test]
async fn f30_more_storms_break_no_promise() {
    storms(seeds(1, 6)).await;
}

#[tokio::test]
async fn the_demo_round_ends_well() {
    let seed = std::env::var("SOUNDINGS_SEED").map_or(play::DEMO_SEED, |s| s.parse().unwrap());
    let mut place = place(demo(), seed).await;
    let outcome = play::play(&mut place.world, Speed::Max, |p| eprintln!("{p:?}")).await.unwrap();
    eprintln!("{}", serde_json::to_string(&outcome).unwrap());
    assert!(outcome.all_hold());
}
