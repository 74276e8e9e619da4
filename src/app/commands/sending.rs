//! `sending`: what keeps this installation from sending, and the word that it may go on.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::app::{open, output};
use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::steps::outbound::holds;

use super::TERMINAL;

pub async fn show(config: Option<&Path>, as_json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let all = holds::all(&ctx).await?;
    if as_json {
        let each = all.iter().map(|h| json!({ "since": h.hold.at, "why": h.hold.why, "messages": h.messages }));
        output::json(&json!({ "held": !all.is_empty(), "holds": each.collect::<Vec<_>>() }))?;
    } else if all.is_empty() {
        output::line("Nothing holds sending.");
    } else {
        for held in &all {
            output::line(&format!("Held since {}. {}", held.hold.at, held.hold.why));
            for m in &held.messages {
                output::line(&format!("  {} to {}, left {}: {}", m.kind, m.to, Ts(m.at), m.became));
            }
        }
        output::line("`soundings sending resume` lets sending go on.");
    }
    Ok(output::found(!all.is_empty()))
}

pub async fn resume(config: Option<&Path>) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let lifted = holds::resume(&ctx, TERMINAL).await?;
    output::line(if lifted == 0 { "Nothing holds sending." } else { "Sending goes on." });
    Ok(ExitCode::SUCCESS)
}
