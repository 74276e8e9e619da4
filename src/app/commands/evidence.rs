//! `evidence export` and `evidence verify`: the proof of who approved whom, written and checked.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::ExitCode;

use crate::app::{open, output};
use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::base::visible::visible_line;
use crate::intake::files;
use crate::rules::evidence::{Check, Document, Head, LONGEST_LINE, Verdict};
use crate::steps::audit::evidence::evidence;

use super::evidence_page::page;

const JSON: &str = "evidence.json";
const HTML: &str = "evidence.html";

/// Writes both files and checks what was written: a changed database is told here, and the files are there to show it.
pub async fn export(config: Option<&Path>, round: &str, dir: &Path, everything: bool) -> Result<ExitCode> {
    if let Some(there) = [JSON, HTML].into_iter().map(|file| dir.join(file)).find(|file| file.exists()) {
        return Err(Problem::unusable(format!("{} is there already.", there.display()), "Name another folder."));
    }
    let ctx = open::installation(&open::settings(config)?).await?;
    let whole = evidence(&ctx, round).await?;
    let document: Document = if everything { whole } else { whole.without_what_is_private() };
    let written = document.write();
    let html = page(&document, &written.sha256).html()?;
    files::write(dir, JSON, written.text.as_bytes())?;
    files::write(dir, HTML, html.as_bytes())?;
    let verdict = read(written.text.as_bytes(), None)?;
    say(&format!("Wrote {JSON} and {HTML} to {}: {}.", dir.display(), holds(&verdict)));
    output::line(match everything {
        true => {
            "They tell who answered, who objected and who could not be reached, and when: give them to whoever may see that."
        }
        false => {
            "What contacts did is withheld; of those entries the files have when and the SHA-256 alone. `--everything` writes all."
        }
    });
    if !verdict.found.is_empty() {
        output::line("The database does not hold together; `doctor` tells more:");
    }
    Ok(tell(&verdict))
}

pub fn verify(file: &Path, head: Option<&str>) -> Result<ExitCode> {
    let head = head.map(Head::typed).transpose()?;
    let unreadable = |e: std::io::Error| {
        Problem::unusable(format!("{} cannot be read.", file.display()), "Check its name and the rights on it.")
            .because(e)
    };
    let open = File::open(file).map_err(unreadable)?;
    if open.metadata().map_err(unreadable)?.is_dir() {
        return Err(Problem::unusable(format!("{} is a folder.", file.display()), format!("Name the {JSON} in it.")));
    }
    let verdict = read(BufReader::new(open), head)?;
    if verdict.found.is_empty() {
        say(&right(&verdict));
    }
    Ok(tell(&verdict))
}

/// Line by line, so that what is kept of a file does not grow with it.
fn read(mut file: impl BufRead, head: Option<String>) -> Result<Verdict> {
    let mut check = Check::new(head);
    let mut line = Vec::new();
    loop {
        line.clear();
        // One byte more than is taken, so that it is refused.
        let most = LONGEST_LINE as u64 + 1;
        let read =
            file.by_ref().take(most).read_until(b'\n', &mut line).map_err(|e| {
                Problem::unusable("The file cannot be read to its end.", "Copy it once more.").because(e)
            })?;
        if read == 0 {
            return check.end();
        }
        check.line(&line)?;
    }
}

/// What is proved. A file by itself proves only that nobody has changed a part of it: all of it can be made anew.
fn right(verdict: &Verdict) -> String {
    let (holds, record) = (holds(verdict), verdict.head.sentence("en"));
    let Some(n) = verdict.stands else {
        return format!(
            "The file is consistent in itself: {holds}. Compare its record with the one on a director's page or in his receipt \
             (`--head`): {record}."
        );
    };
    let behind = match n < verdict.head.entries {
        true => format!(" What follows it is consistent in itself: {record}."),
        false => String::new(),
    };
    format!("Nothing was changed up to the record that was asked for, entry {n}: {holds}.{behind}")
}

/// "round northwind-2027, 3 accounts, 4 signatures with their lists, 12 entries of its journal, 3 of them withheld".
fn holds(verdict: &Verdict) -> String {
    let withheld = match verdict.withheld {
        0 => String::new(),
        n => format!(", {n} of them withheld"),
    };
    let delegations = match verdict.delegations {
        0 => String::new(),
        n => format!(", {}", counted(n, "delegation", "delegations")),
    };
    format!(
        "round {}, {}{delegations}, {} with their lists, {} of its journal{withheld}",
        verdict.round,
        counted(verdict.accounts, "account", "accounts"),
        counted(verdict.signatures, "signature", "signatures"),
        counted(verdict.head.entries, "entry", "entries")
    )
}

/// One line, whatever stands in a name out of the file.
fn say(text: &str) {
    output::line(&visible_line(text));
}

fn tell(verdict: &Verdict) -> ExitCode {
    for place in &verdict.unproved {
        say(&format!("Not proved: {place}."));
    }
    for place in &verdict.found {
        say(place);
    }
    output::found(!verdict.found.is_empty())
}
