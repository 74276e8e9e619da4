//! Every figure of docs/FIGURES.md is worked out anew by another program, in another language, from the rows of rounds in which things go
//! wrong, and agrees to the last digit.

use std::path::Path;
use std::process::Command;

use serde_json::json;
use soundings::rehearsal::world::World;
use soundings::steps::completion::{aapor, outlook};
use soundings::store::course;

use super::random_faults::{RandomFaults, play_with_faults};
use super::round::{place, small};

/// What the program says of the round, for the Python.
async fn said(world: &World) -> serde_json::Value {
    let live = world.live().await.unwrap();
    let mut tx = world.ctx.db.read().await.unwrap();
    let status = world.status().await.unwrap();
    let days = outlook::read(&world.ctx, &mut tx, &live).await.unwrap().days;
    let days: Vec<_> = days
        .iter()
        .map(|day| {
            let letters =
                day.letters.iter().map(|(kind, number, sent)| (format!("{} {number}", kind.as_str()), json!(sent)));
            json!({ "date": day.date, "answers": day.answers, "accounts": day.accounts, "revenue": day.revenue,
                "letters": letters.collect::<serde_json::Map<_, _>>() })
        })
        .collect();
    let directors = course::directors(&mut tx, &live.id, 1_000).await.unwrap();
    let directors = directors.iter().map(|d| {
        let row =
            json!({ "invited": d.invited, "answered": d.answered, "reachable": d.reachable, "completed": d.completed });
        (d.email.to_string(), row)
    });
    let outcome = aapor::aapor_of(&world.ctx, &mut tx, &live).await.unwrap();
    json!({ "status": status, "outcome": outcome, "days": days, "directors": directors.collect::<serde_json::Map<_, _>>() })
}

/// What the Python says, and whether it agrees.
fn counted(home: &Path, said: &serde_json::Value) -> (bool, String) {
    let file = home.join("said.json");
    std::fs::write(&file, said.to_string()).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/simulation/figures.py");
    let ran = Command::new("python3").arg(script).arg(home.join("soundings.sqlite")).arg(file).output();
    let ran = ran.unwrap_or_else(|why| panic!("python3, which .ci/install installs: {why}"));
    (ran.status.success(), String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr))
}

#[tokio::test]
async fn figures_agree_with_what_another_program_counts() {
    for seed in [41, 42] {
        let mut place = place(small(seed), seed).await;
        let mut faults = RandomFaults::new(seed, true);
        play_with_faults(&mut place.world, &mut faults, 10).await.unwrap();
        let said = said(&place.world).await;
        let (agrees, told) = counted(place.home.path(), &said);
        assert!(agrees, "seed {seed}: {told}");
        eprintln!("seed {seed}: {told}");
        // It would have told.
        for place_of in ["/status/revenue/answered", "/outcome/dispositions/3.19"] {
            let mut wrong = said.clone();
            *wrong.pointer_mut(place_of).unwrap() = json!(-1);
            assert!(!counted(place.home.path(), &wrong).0, "{place_of}");
        }
    }
}
