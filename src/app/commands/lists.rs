//! `list check` and `list load`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::app::{open, output};
use crate::base::problem::{Problem, Result};
use crate::intake::list::{self, CheckedList};
use crate::rules::contacts::Severity;
use crate::steps::contacts;

use super::TERMINAL;
use super::loaded::tell_changes;

fn read(file: &Path) -> Result<CheckedList> {
    let name = file.file_name().map_or_else(|| file.display().to_string(), |n| n.to_string_lossy().into_owned());
    let bytes = fs::read(file).map_err(|e| {
        Problem::unusable(
            format!("The file {} cannot be read.", file.display()),
            "Check its name and that you may read it.",
        )
        .because(e)
    })?;
    list::read(&bytes, &name)
}

fn tell(list: &CheckedList) {
    for f in &list.findings {
        let mark = if f.severity == Severity::Error { "error  " } else { "warning" };
        output::line(&format!("{mark} {}", f.message));
    }
    output::line(&format!(
        "{} rows, {} usable in {} accounts, {} findings.",
        list.rows,
        list.accepted.len(),
        list.accounts,
        list.findings.len()
    ));
}

pub fn check(file: &Path, json: bool) -> Result<ExitCode> {
    let list = read(file)?;
    if json {
        output::json(&list.report())?;
    } else {
        tell(&list);
    }
    Ok(output::found(!list.findings.is_empty()))
}

pub async fn load(config: Option<&Path>, round: &str, file: &Path, confirmed: bool, json: bool) -> Result<ExitCode> {
    let list = read(file)?;
    let ctx = open::installation(&open::settings(config)?).await?;
    let changes = contacts::load_list(&ctx, round, list.accepted.clone(), confirmed, TERMINAL).await?;
    if json {
        output::json(&changes)?;
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
    }
    Ok(output::found(list.findings.iter().any(|f| f.severity == Severity::Error)))
}
