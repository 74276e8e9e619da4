//! `export` and `aapor`: a round as a folder, its parts as tables, and what became of whoever was invited.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use crate::app::tables::Export;
use crate::app::{open, output};
use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::base::whole_file;
use crate::intake::export::{Lines, Sheets};
use crate::rules::completion::aapor::{Disposition, OutcomeRate};
use crate::rules::export::{Format, Table};
use crate::rules::journal::Actor;
use crate::steps::completion::aapor::aapor as aapor_of_round;
use crate::steps::export::{Of, RecordExport, Source, Taken};
use crate::steps::round::export::export as export_round;
use crate::steps::{Ctx, Live};

pub async fn export(config: Option<&Path>, what: &Export) -> Result<ExitCode> {
    let slug = what.round.as_str();
    let mut wanted = Vec::new();
    for (table, file) in what.tables() {
        wanted.push((table, file, format(file)?));
    }
    if wanted.is_empty() {
        return folder(config, slug, &what.folder()).await;
    }
    let ctx = open::installation(&open::settings(config)?).await?;
    let live = {
        let mut tx = ctx.db.read().await?;
        ctx.live_by_slug(&mut tx, slug).await?
    };
    for (table, file, format) in wanted {
        let what = Taken::Table(table, format);
        ctx.order(&Actor::CommandLine, RecordExport { slug: live.slug.clone(), what }).await?;
        let rows = write(&ctx, &live, (table, format), file).await?;
        let (one, many) = match table {
            Table::Contacts => ("contact", "contacts"),
            Table::Accounts => ("account", "accounts"),
            Table::Messages => ("message", "messages"),
            Table::Responses => ("response", "responses"),
        };
        output::line(&format!("Wrote {} to {}.", counted(rows, one, many), file.display()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn folder(config: Option<&Path>, slug: &str, dir: &Path) -> Result<ExitCode> {
    if dir.exists() {
        return Err(Problem::unusable(format!("{} is there already.", dir.display()), "Name another folder."));
    }
    let ctx = open::installation(&open::settings(config)?).await?;
    ctx.order(&Actor::CommandLine, RecordExport { slug: slug.into(), what: Taken::Folder }).await?;
    let contacts = export_round(&ctx, slug, dir).await?;
    output::line(&format!(
        "Wrote round {slug} with {} to {}.",
        counted(contacts, "contact", "contacts"),
        dir.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// What the ending says; a file that has something in it is left as it is.
fn format(file: &Path) -> Result<Format> {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let format = Format::of_ending(ending).ok_or_else(|| {
        Problem::unusable(
            format!("{} does not say what kind of file it is.", file.display()),
            "Let its name end with .csv, .xlsx or .jsonl.",
        )
    })?;
    is_free(file)?;
    Ok(format)
}

/// Nothing that is there is written over.
pub(super) fn is_free(file: &Path) -> Result<()> {
    if fs::metadata(file).is_ok_and(|there| there.is_dir() || there.len() > 0) {
        return Err(Problem::unusable(format!("{} is there already.", file.display()), "Name another file."));
    }
    Ok(())
}

/// Returns how many rows there are.
async fn write(ctx: &Ctx, live: &Arc<Live>, (table, format): (Table, Format), file: &Path) -> Result<usize> {
    let unwritable = |e: io::Error| {
        Problem::unusable(format!("{} cannot be written.", file.display()), "Check its folder.").because(e)
    };
    let mut source = Source::open(ctx, live, Of::all(table)).await?;
    let mut draft = whole_file::begin(file).map_err(unwritable)?;
    let mut written = 0;
    if format == Format::Xlsx {
        let mut sheets = Sheets::new(table.title(), source.columns())?;
        while let Some(rows) = source.piece().await? {
            sheets.rows(&rows)?;
            written += rows.len();
        }
        sheets.finish(&mut draft)?;
    } else {
        let lines = Lines::of(format, source.columns())?;
        draft.write_all(lines.head(source.columns())?.as_bytes()).map_err(unwritable)?;
        while let Some(rows) = source.piece().await? {
            draft.write_all(lines.rows(&rows)?.as_bytes()).map_err(unwritable)?;
            written += rows.len();
        }
    }
    draft.finish().map_err(unwritable)?;
    Ok(written)
}

pub async fn aapor(config: Option<&Path>, slug: &str, as_json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let found = aapor_of_round(&ctx, slug).await?;
    if as_json {
        output::json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    for one in Disposition::ALL {
        let people = found.dispositions.get(one.code()).copied().flatten();
        let people = people.map_or_else(|| "not told".into(), |n| n.to_string());
        output::line(&format!("{:5} {people:>9}  {}: {}", one.code(), one.label(), one.meaning()));
    }
    for rate in OutcomeRate::ALL {
        let share: String = match found.outcomes.as_ref().map(|of| (rate.share(of), rate.parts(of))) {
            None => "not told".into(),
            Some((None, _)) => "none yet".into(),
            Some((Some(share), (part, base))) => format!("{share:.4} ({part} of {base})"),
        };
        output::line(&format!("{:5} {share}, {}: {}", rate.name(), rate.meaning(), rate.formula()));
    }
    Ok(ExitCode::SUCCESS)
}
