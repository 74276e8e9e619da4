//! `list quality`, `list template`, `list reason`: what a list is worth, and what goes back to whoever made it.

use std::path::Path;
use std::process::ExitCode;

use crate::app::cli::HowToRead;
use crate::app::{open, output};
use crate::base::address::EmailAddress;
use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::base::whole_file;
use crate::intake::list::CheckedList;
use crate::intake::template;
use crate::rules::journal::Actor;
use crate::steps::contacts::quality::{self, GiveReason};

use super::lists;
use super::worth::tell_worth;

/// As many accounts are named in lines of text; JSON names all.
const NAMED: usize = 10;

pub async fn of_round(config: Option<&Path>, round: &str, json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let found = quality::of_round(&ctx, round).await?;
    if json {
        output::json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    tell_worth(&found.quality);
    let weak = found.quality.accounts.iter().filter(|a| a.score < 100);
    for account in weak.take(NAMED) {
        let why: Vec<&str> = account.reasons.iter().map(|reason| reason.sentence.as_str()).collect();
        output::line(&format!("  {}: {} of 100. {}", account.account, account.score, why.join(" ")));
    }
    for none in found.quality.coverage.without_anyone.iter().take(NAMED) {
        output::line(&format!("  {} {}.", none.account, none.why));
    }
    for dropped in found.dropped.iter().filter(|d| d.rate.dropped > 0) {
        output::line(&dropped.sentence());
        if dropped.rate.reason_wanted && dropped.reason.is_none() {
            let director = &dropped.rate.director;
            output::line(&format!("  The round does not start before `list reason {round} {director} \"...\"`."));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn template(
    config: Option<&Path>,
    of: &str,
    director: Option<&str>,
    to: &Path,
    how: &HowToRead,
) -> Result<ExitCode> {
    if to.exists() {
        return Err(Problem::unusable(format!("{} is there already.", to.display()), "Name another file with --to."));
    }
    let director = match director {
        Some(text) => {
            let refused = |why| Problem::unusable(format!("The director's address {text} {why}."), "Correct it.");
            Some(EmailAddress::parse(text).map_err(refused)?.key())
        }
        None => None,
    };
    let list = listed(config, of, how).await?;
    let rows = template::rows(&list, director.as_deref());
    if rows.is_empty() {
        let whose = director.map(|director| format!(" of {director}")).unwrap_or_default();
        return Err(Problem::unusable(format!("{of} has no row{whose}."), "Check the director's address."));
    }
    let unwritable =
        |e| Problem::unusable(format!("{} cannot be written.", to.display()), "Check the folder.").because(e);
    whole_file::replace(to, &template::corrected(&rows)?).map_err(unwritable)?;
    let told = rows.iter().filter(|row| !row.told.is_empty()).count();
    output::line(&format!(
        "Wrote {} to {}, {told} of them with findings.",
        counted(rows.len(), "row", "rows"),
        to.display()
    ));
    Ok(ExitCode::SUCCESS)
}

/// What is a file is a list; everything else names a round.
async fn listed(config: Option<&Path>, of: &str, how: &HowToRead) -> Result<CheckedList> {
    let file = Path::new(of);
    if file.is_file() {
        return Ok(lists::read(file, how)?.0);
    }
    let ctx = open::installation(&open::settings(config)?).await?;
    quality::list_of_round(&ctx, of).await
}

pub async fn give_reason(config: Option<&Path>, slug: String, director: String, reason: String) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let said = format!("Kept. It is told to whoever approves the plan of {slug}.");
    ctx.order(&Actor::CommandLine, GiveReason { slug, director, reason }).await?;
    output::line(&said);
    Ok(ExitCode::SUCCESS)
}
