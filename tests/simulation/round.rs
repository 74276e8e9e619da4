//! The rounds that are played: the demo round, moved through the year, with a third or all or five times its people.

use std::path::Path;

use chrono::{Days, NaiveDate};
use soundings::intake::folder::{self, RoundFolder};
use soundings::rehearsal::play::{self, Setup};
use soundings::rehearsal::world::World;

pub fn demo() -> RoundFolder {
    folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo")).unwrap()
}

/// A third of the demo's people, opening in a season that the seed chooses: clocks change in the middle of some.
pub fn small(seed: u64) -> RoundFolder {
    let (year, month, day) = [(2027, 2, 8), (2027, 3, 8), (2027, 10, 11), (2026, 12, 7)][(seed % 4) as usize];
    let mut folder = opening(demo(), NaiveDate::from_ymd_opt(year, month, day).unwrap());
    folder.spec.schedule.spread_minutes = [0, 60, 240][(seed % 3) as usize];
    let mut nth = seed;
    folder.list.accepted.retain(|_| {
        nth += 1;
        nth.is_multiple_of(3)
    });
    folder
}

pub fn opening(mut folder: RoundFolder, day: NaiveDate) -> RoundFolder {
    let schedule = &mut folder.spec.schedule;
    let length = schedule.closes.signed_duration_since(schedule.opens).num_days() as u64;
    (schedule.opens, schedule.closes) = (day, day.checked_add_days(Days::new(length)).unwrap());
    for cron in folder.spec.touches.iter_mut().filter_map(|touch| touch.cron.as_mut()) {
        *cron = cron.replace(" 3 TUE", " * TUE");
    }
    folder
}

/// A world with the folder in which its files are.
pub struct Place {
    pub home: tempfile::TempDir,
    pub world: World,
}

pub async fn place(folder: RoundFolder, seed: u64) -> Place {
    let home = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", home.path().join("soundings.sqlite").display());
    let world = play::prepare(Setup::new(folder, seed, &url, home.path().join("handed.jsonl"))).await.unwrap();
    Place { home, world }
}
