//! `report`: what came of a round as one file, to read and to print.

use std::io;
use std::path::Path;
use std::process::ExitCode;

use crate::app::tables::Report;
use crate::app::{open, output};
use crate::base::problem::{Problem, Result};
use crate::base::whole_file;
use crate::rules::journal::Actor;
use crate::steps::export::{RecordExport, Taken};
use crate::web::report_file;

use super::export::is_free;

pub async fn report(config: Option<&Path>, what: &Report) -> Result<ExitCode> {
    let file = what.file.as_path();
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !["html", "htm"].iter().any(|known| ending.eq_ignore_ascii_case(known)) {
        return Err(Problem::unusable(
            format!("{} does not say that it is a page.", file.display()),
            "Let its name end with .html. A browser prints it, or saves it as PDF.",
        ));
    }
    is_free(file)?;
    let ctx = open::installation(&open::settings(config)?).await?;
    let live = {
        let mut tx = ctx.db.read().await?;
        ctx.live_by_slug(&mut tx, &what.round).await?
    };
    let html = report_file(&ctx, &live).await?;
    ctx.order(&Actor::CommandLine, RecordExport { slug: live.slug.clone(), what: Taken::Report }).await?;
    let unwritable = |e: io::Error| {
        Problem::unusable(format!("{} cannot be written.", file.display()), "Check its folder.").because(e)
    };
    whole_file::replace(file, html.as_bytes()).map_err(unwritable)?;
    output::line(&format!("Wrote the report of round {} to {}.", live.slug, file.display()));
    Ok(ExitCode::SUCCESS)
}
