//! `mail check`: what received mails are understood as, without a database and without acting on them.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::NaiveDate;
use serde::Serialize;

use crate::app::output;
use crate::base::problem::{Problem, Result};
use crate::mail::incoming;
use crate::rules::replies::{Class, Incoming};

use crate::app::commands::arguments::bytes_of;

/// No server takes a larger mail.
const LARGEST: u64 = 256 * 1024 * 1024;

/// One line of `--json`. Contract: names and order.
#[derive(Serialize)]
struct Line<'a> {
    file: String,
    class: Class,
    recipients: Vec<&'a str>,
    reason: &'a str,
    returns_on: Option<NaiveDate>,
    has_left: bool,
}

pub fn check(files: &[PathBuf], json: bool) -> Result<ExitCode> {
    let mut refused: Option<Problem> = None;
    for file in files {
        match read(file) {
            Ok(mail) => tell(file, &mail, json)?,
            // The other files are told all the same.
            Err(problem) => {
                if let Some(earlier) = refused.replace(problem) {
                    output::tell(&earlier);
                }
            }
        }
    }
    refused.map_or(Ok(ExitCode::SUCCESS), Err)
}

fn read(file: &Path) -> Result<Incoming> {
    let bytes = bytes_of(file, LARGEST)?;
    if incoming::is_mailbox(&bytes) {
        return Err(Problem::unusable(
            format!("The file {} holds several mails (an mbox).", file.display()),
            "Write each mail into a file of its own and name those.",
        ));
    }
    Ok(incoming::read(&bytes))
}

fn tell(file: &Path, mail: &Incoming, json: bool) -> Result<()> {
    let recipients: Vec<&str> = mail.recipients.iter().map(|r| r.address.as_str()).collect();
    if !json {
        let about = if recipients.is_empty() { String::new() } else { format!(" ({})", recipients.join(", ")) };
        output::line(&format!("{}: {}{about}", file.display(), mail.reason));
        return Ok(());
    }
    output::json(&Line {
        file: file.display().to_string(),
        class: mail.class,
        recipients,
        reason: &mail.reason,
        returns_on: mail.returns_on,
        has_left: mail.has_left,
    })
}
