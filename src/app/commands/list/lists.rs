//! `list check` and `list load`.

use std::path::Path;
use std::process::ExitCode;

use crate::app::cli::{HowToLoad, HowToRead};
use crate::app::{open, output};
use crate::base::problem::Result;
use crate::intake::list::{self, CheckedList, FileLook};
use crate::rules::contacts::Severity;
use crate::rules::contacts::quality::{KnownFacts, quality};
use crate::rules::contacts::row::Field;
use crate::rules::journal::Actor;
use crate::steps::Ctx;
use crate::steps::contacts::{self, upload::column_choices};
use crate::web::kit::views::frame::plural;

use super::difference_lines;
use super::left_out;
use super::loaded::tell_changes;
use super::worth::tell_worth;
use crate::app::commands::arguments::bytes_of;

/// A list, and the file as it was read.
pub(in crate::app::commands) fn read(file: &Path, how: &HowToRead) -> Result<(CheckedList, FileLook)> {
    let choice = left_out::choice(how)?;
    let name = file.file_name().map_or_else(|| file.display().to_string(), |n| n.to_string_lossy().into_owned());
    let bytes = bytes_of(file, list::LARGEST as u64)?;
    let list = list::read_with(&bytes, &name, &choice)?;
    Ok((list, list::look(&bytes, &name, &choice)?))
}

/// The same for a round: what was said of the columns of its client's lists holds here too, unless something else is said.
async fn read_for(ctx: &Ctx, round: &str, file: &Path, how: &HowToRead) -> Result<CheckedList> {
    let choice = left_out::choice(how)?;
    let name = file.file_name().map_or_else(|| file.display().to_string(), |n| n.to_string_lossy().into_owned());
    let bytes = bytes_of(file, list::LARGEST as u64)?;
    let look = list::look(&bytes, &name, &choice)?;
    let choice = column_choices::completed(ctx, round, choice, &look).await?;
    list::read_with(&bytes, &name, &choice)
}

/// What `list check --json` prints: the report, and how the file was understood.
fn report(file: &Path, list: &CheckedList, look: &FileLook) -> serde_json::Value {
    let mut report = serde_json::json!(list.report());
    let columns: Vec<serde_json::Value> = look
        .columns
        .iter()
        .map(|c| {
            serde_json::json!({
                "header": c.header, "field": c.field.map(Field::as_str), "why": c.why, "confidence": c.confidence,
            })
        })
        .collect();
    if let Some(object) = report.as_object_mut() {
        object.insert("file".into(), file.display().to_string().into());
        object.insert("kind".into(), serde_json::json!(look.kind));
        object.insert("sheet".into(), serde_json::json!(look.sheet));
        object.insert("sheets".into(), serde_json::json!(look.sheets));
        object.insert("encoding".into(), serde_json::json!(look.encoding));
        object.insert("header_row".into(), look.header_row.into());
        object.insert("columns".into(), columns.into());
        object.insert("quality".into(), serde_json::json!(quality(list, &KnownFacts::default())));
    }
    report
}

fn tell(list: &CheckedList) {
    for f in &list.findings {
        let mark = if f.severity == Severity::Error { "error  " } else { "warning" };
        output::line(&format!("{mark} {}", f.message));
    }
    output::line(&format!(
        "{}, {} usable in {}, {}.",
        plural(list.rows as usize, "row", "rows"),
        list.accepted.len(),
        plural(list.accounts as usize, "account", "accounts"),
        plural(list.findings.len(), "finding", "findings")
    ));
}

pub fn check(file: &Path, how: &HowToRead, json: bool) -> Result<ExitCode> {
    let (list, look) = read(file, how)?;
    if json {
        output::json(&report(file, &list, &look))?;
    } else {
        tell(&list);
        tell_worth(&quality(&list, &KnownFacts::default()));
        left_out::tell(&list);
    }
    Ok(output::found(!list.findings.is_empty()))
}

pub async fn load(config: Option<&Path>, round: &str, file: &Path, how: &HowToLoad, json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let list = read_for(&ctx, round, file, &how.read).await?;
    let loaded = contacts::load_checked(&ctx, round, &list, left_out::allowed(how), &Actor::CommandLine);
    let changes = match loaded.await {
        Ok(changes) => changes,
        Err(refused) => {
            if !json {
                left_out::tell(&list);
            }
            return Err(refused);
        }
    };
    if json {
        output::json(&left_out::added(serde_json::json!(changes), &list))?;
    } else {
        tell(&list);
        output::line(&format!(
            "{} new, {} changed, {} unchanged, {} removed, {} kept as edited here, {} no longer on the list.",
            changes.added,
            changes.changed,
            changes.unchanged,
            changes.removed,
            changes.kept_as_edited,
            changes.not_on_the_list
        ));
        tell_changes(round, &changes);
        output::kept_out(changes.kept_out);
        left_out::tell(&list);
    }
    Ok(output::found(list.findings.iter().any(|f| f.severity == Severity::Error)))
}

/// What loading the list would do. Changes nothing.
pub async fn what_if(config: Option<&Path>, round: &str, file: &Path, how: &HowToLoad, json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let list = read_for(&ctx, round, file, &how.read).await?;
    let difference = match contacts::difference(&ctx, round, &list, left_out::allowed(how)).await {
        Ok(difference) => difference,
        Err(refused) => {
            if !json {
                left_out::tell(&list);
            }
            return Err(refused);
        }
    };
    if json {
        output::json(&difference)?;
    } else {
        for line in difference_lines::lines(&difference) {
            output::line(&line);
        }
        left_out::tell(&list);
    }
    Ok(output::found(!difference.refused.is_empty()))
}
