//! Whole rounds with people and faults, from a seed.

use std::path::Path;

use soundings::intake::folder::{self, RoundFolder};
use soundings::rehearsal::play::{self, Setup, Speed};

fn demo() -> RoundFolder {
    folder::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("config/demo")).unwrap()
}

#[tokio::test]
async fn the_demo_round() {
    let home = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", home.path().join("a.sqlite").display());
    let seed = std::env::var("SOUNDINGS_SEED").map_or(play::DEMO_SEED, |s| s.parse().unwrap());
    let mut world = play::prepare(Setup::new(demo(), seed, &url, home.path().join("s.jsonl"))).await.unwrap();
    let outcome = play::play(&mut world, Speed::Max, |p| eprintln!("{p:?}")).await.unwrap();
    eprintln!("{}", serde_json::to_string_pretty(&outcome).unwrap());
    eprintln!("ticks {}", world.ticks);
    assert!(outcome.all_hold());
}
