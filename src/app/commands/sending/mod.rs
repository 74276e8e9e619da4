//! `sending`: what keeps this installation from sending, and the word that it may go on; and whose trouble a run of refusals was.

pub(in crate::app::commands) mod dkim;
pub(in crate::app::commands) mod mail;
pub(in crate::app::commands) mod reconcile;
pub(in crate::app::commands) mod senders;

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::app::{open, output};
use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::steps::sending::outbound::holds;
use crate::steps::sending::trouble::{self, IncidentAlarm};

pub async fn show(config: Option<&Path>, as_json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let all = holds::all(&ctx).await?;
    let incidents = trouble::alarms(&mut ctx.db.read().await?).await?;
    let held = !all.is_empty() || incidents.iter().any(|i| i.holds() && i.is_about_all());
    if as_json {
        let each = all.iter().map(|h| json!({ "since": h.hold.at, "why": h.hold.why, "messages": h.messages }));
        output::json(&json!({
            "held": held, "holds": each.collect::<Vec<_>>(),
            "incidents": incidents.iter().map(IncidentAlarm::json).collect::<Vec<_>>(),
        }))?;
        return Ok(output::found(held || !incidents.is_empty()));
    }
    if all.is_empty() && incidents.is_empty() {
        output::line("Nothing holds sending.");
    }
    for held in &all {
        output::line(&format!("Held since {}. {}", held.hold.at, held.hold.why));
        for m in &held.messages {
            output::line(&format!("  {} to {}, left {}: {}", m.kind, m.to, Ts(m.at), m.became));
        }
    }
    for incident in &incidents {
        output::line(&format!("{}. Since {}. {}", incident.title(), incident.since(), incident.what()));
        for p in &incident.people {
            output::line(&format!("  {} to {}", p.what(), p.email));
        }
        let more = incident.figures.messages - incident.people.len() as i64;
        if more > 0 {
            output::line(&format!("  and {more} more"));
        }
        output::line(&incident.next_step());
    }
    if held || incidents.iter().any(IncidentAlarm::holds) {
        output::line("`soundings sending resume` lets sending go on.");
    }
    Ok(output::found(held || !incidents.is_empty()))
}

pub async fn resume(config: Option<&Path>) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let lifted = ctx.order(&Actor::CommandLine, holds::ResumeSending).await?;
    output::line(if lifted == 0 { "Nothing holds sending." } else { "Sending goes on." });
    let waiting = trouble::alarms(&mut ctx.db.read().await?).await?.len();
    if waiting > 0 {
        output::line("What was refused before waits for your decision: `soundings sending show`.");
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn retry(config: Option<&Path>, incident: &str) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let again = ctx.order(&Actor::CommandLine, trouble::RetryRefused { incident: incident.to_string() }).await?;
    let messages = if again == 1 {
        "1 message that was refused is".into()
    } else {
        format!("{again} messages that were refused are")
    };
    output::line(&format!("What was concluded is undone; {messages} planned again."));
    Ok(ExitCode::SUCCESS)
}

pub async fn confirm(config: Option<&Path>, incident: &str) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let dead = ctx.order(&Actor::CommandLine, trouble::ConfirmRefusals { incident: incident.to_string() }).await?;
    let addresses = counted(dead, "address is dead", "addresses are dead");
    output::line(&format!("Confirmed: {addresses}. Whoever looks after the accounts is asked from now on."));
    Ok(ExitCode::SUCCESS)
}
