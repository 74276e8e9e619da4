//! `reconcile`: does everybody say the same? The hand-over beside the scoring module, the ledger beside the outbound journal and a relay's
//! log.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use crate::app::{open, output};
use crate::base::counted::counted;
use crate::base::problem::{Problem, Result};
use crate::handover::file::read_ids;
use crate::rules::handover::{Counted, reconcile as compare};
use crate::steps::audit::reconcile::{Compared, with_journal, with_relay};
use crate::steps::handover;

pub async fn reconcile(
    config: Option<&Path>,
    round: &str,
    with: Option<PathBuf>,
    relay_log: Option<&Path>,
    as_json: bool,
) -> Result<ExitCode> {
    let settings = open::settings(config)?;
    let ctx = open::installation(&settings).await?;
    let ours = handover::confirmed(&ctx, round).await?;
    let theirs = match (&with, &settings.scoring.url) {
        (Some(file), _) => read_ids(file, round)?,
        (None, None) => read_ids(&settings.scoring.file, round)?,
        (None, Some(_)) => {
            return Err(Problem::unusable(
                "Responses go to a webhook, so the other side's list is needed.",
                "Export what the scoring module has as JSON lines and name the file with --with.",
            ));
        }
    };
    let differences = compare(&ours, &theirs.ids);
    let folder = settings.outbound_journal_path();
    // Without a journal nothing was ever sent from here.
    let journal = if folder.is_dir() { Some(with_journal(&ctx, round, &folder).await?) } else { None };
    let relay = match relay_log {
        Some(log) => Some(with_relay(&ctx, round, log).await?),
        None => None,
    };
    let same =
        |side: &Option<Compared>| side.as_ref().is_none_or(|c| c.differences.is_empty() && c.unreadable_lines == 0);
    let sound = differences.is_empty() && theirs.unreadable.is_empty() && same(&journal) && same(&relay);
    if as_json {
        let of =
            |list: &[Counted]| list.iter().map(|(n, id)| json!({ "sequence": n, "response": id })).collect::<Vec<_>>();
        output::json(&json!({
            "round": round, "confirmed_here": ours.len(), "there": theirs.ids.len(),
            "missing_there": of(&differences.missing_there), "unknown_here": of(&differences.unknown_here),
            "twice": of(&differences.twice), "unreadable_lines": theirs.unreadable,
            "journal": journal, "relay": relay,
        }))?;
    } else {
        output::line(&format!("{} confirmed here, {} there.", ours.len(), theirs.ids.len()));
        for (what, list) in [
            ("missing there", &differences.missing_there),
            ("unknown here", &differences.unknown_here),
            ("there more than once, which its idempotency key allows", &differences.twice),
        ] {
            for (sequence, id) in list {
                output::line(&format!("Response {sequence} ({id}) is {what}."));
            }
        }
        for line in &theirs.unreadable {
            output::line(&format!("Line {line} of the other side's list cannot be read."));
        }
        tell("outbound journal", journal.as_ref());
        tell("relay's log", relay.as_ref());
    }
    Ok(output::found(!sound))
}

fn tell(side: &str, compared: Option<&Compared>) {
    let Some(c) = compared else { return };
    output::line(&format!(
        "{} left by the ledger, {} by the {side}.",
        counted(c.left_here, "message", "messages"),
        c.known_there
    ));
    for d in &c.differences {
        output::line(&format!(
            "The {} to {} <{}>: here {}, in the {side} {}.",
            d.kind, d.person, d.email, d.here, d.there
        ));
    }
    if c.unreadable_lines > 0 {
        output::line(&format!("{} of the {side} cannot be read.", counted(c.unreadable_lines, "line", "lines")));
    }
}
