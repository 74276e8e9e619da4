//! `round next`: the folder of next year's round, and who is not asked again.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Map, Value, json};

use crate::app::{open, output};
use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::steps::round::next::{self, NOT_CARRIED, NextRound};

pub async fn next(config: Option<&Path>, slug: &str, dir: &Path, as_json: bool) -> Result<ExitCode> {
    is_free(dir)?;
    let ctx = open::installation(&open::settings(config)?).await?;
    let next = next::next(&ctx, slug).await?;
    next::write(dir, &next)?;
    if as_json {
        output::json(&as_value(&next))?;
        return Ok(ExitCode::SUCCESS);
    }
    let schedule = &next.content.spec.schedule;
    output::line(&format!(
        "Wrote round {} with {} to {}. It opens on {} and closes on {}.",
        next.slug(),
        next.people(),
        dir.display(),
        schedule.opens,
        schedule.closes
    ));
    let came: Vec<String> = next.came.iter().map(|(came, people)| format!("{people} {}", came.label())).collect();
    if !came.is_empty() {
        output::line(&format!("What came of them: {}.", came.join(", ")));
    }
    if next.is_there {
        output::line(&format!("There is a round {} already: loading this folder changes it.", next.slug()));
    }
    not_carried(&next);
    Ok(ExitCode::SUCCESS)
}

/// A folder that does not exist, or in which nothing is.
fn is_free(dir: &Path) -> Result<()> {
    let is_free = match std::fs::read_dir(dir) {
        Ok(mut inside) => inside.next().is_none(),
        Err(_) => dir.symlink_metadata().is_err(),
    };
    if is_free {
        return Ok(());
    }
    Err(Problem::unusable(
        format!("{} is there already, and it is no empty folder.", dir.display()),
        "Name a folder that does not exist, or an empty one.",
    ))
}

fn not_carried(next: &NextRound) {
    let all = &next.not_carried;
    if all.is_empty() {
        output::line("Everybody is asked again.");
        return;
    }
    let people = counted(all.len(), "person is", "people are");
    output::line(&format!("{people} not asked again ({NOT_CARRIED}):"));
    for n in all {
        output::line(&format!("  {} <{}>, {}: {}", n.name, n.email, n.account, n.why));
    }
}

fn as_value(next: &NextRound) -> Value {
    let came: Map<String, Value> =
        next.came.iter().map(|(came, people)| (came.as_str().to_owned(), json!(people))).collect();
    json!({
        "round": next.slug(),
        "from": next.from,
        "opens": next.content.spec.schedule.opens,
        "closes": next.content.spec.schedule.closes,
        "contacts": next.rows.len(),
        "accounts": next.accounts(),
        "came": came,
        "not_carried": next.not_carried,
    })
}
