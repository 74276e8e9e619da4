//! `round ...` and `export`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use crate::app::{open, output};
use crate::base::clock::Ts;
use crate::base::problem::{Problem, Result};
use crate::intake::faults::Fault;
use crate::rules::calendar::{Zone, human};
use crate::rules::plan::Turn;
use crate::steps::change::{self, Change};
use crate::steps::completion::status as status_of;
use crate::steps::export::export as export_round;
use crate::steps::folder;
use crate::steps::round::{self, Order};
use crate::steps::trust;

use super::TERMINAL;
use super::loaded::tell_changes;

fn tell(faults: &[Fault]) {
    for fault in faults {
        output::line(&fault.to_string());
    }
    output::line(&match faults.len() {
        1 => "1 fault; nothing was loaded.".to_string(),
        n => format!("{n} faults; nothing was loaded."),
    });
}

pub fn check(dir: &Path, as_json: bool) -> Result<ExitCode> {
    let (faults, list) = match folder::read(dir) {
        Ok(folder) => (Vec::new(), Some(folder.list)),
        Err(faults) => (faults, None),
    };
    let findings = list.as_ref().map_or(0, |l| l.findings.len());
    if as_json {
        output::json(
            &json!({ "faults": faults, "contacts": list.as_ref().map(|l| l.accepted.len()), "list_findings": findings }),
        )?;
    } else if let Some(list) = &list {
        output::line(&format!(
            "The folder is fine: {} contacts in {} accounts. The list has {findings} findings; `list check` names them.",
            list.accepted.len(),
            list.accounts
        ));
    } else {
        tell(&faults);
    }
    Ok(output::found(!faults.is_empty()))
}

pub async fn load(config: Option<&Path>, dir: &Path, confirmed: bool, as_json: bool) -> Result<ExitCode> {
    let folder = match folder::read(dir) {
        Ok(folder) => folder,
        Err(faults) if as_json => {
            output::json(&json!({ "faults": faults }))?;
            return Ok(ExitCode::from(1));
        }
        Err(faults) => {
            tell(&faults);
            return Ok(ExitCode::from(1));
        }
    };
    let ctx = open::installation(&open::settings(config)?).await?;
    let loaded = round::load_as(&ctx, folder, confirmed, TERMINAL).await?;
    if as_json {
        output::json(&loaded)?;
    } else {
        let c = &loaded.contacts;
        let how = if loaded.new { "loaded" } else { "loaded again" };
        output::line(&format!(
            "Round {} {how}: {} contacts new, {} changed, {} unchanged, {} removed. Nothing was sent.",
            loaded.round, c.added, c.changed, c.unchanged, c.removed
        ));
        tell_changes(&loaded.round, c);
    }
    Ok(ExitCode::SUCCESS)
}

/// What loading a folder again would do to the plan of its round. Changes nothing.
pub async fn what_if(config: Option<&Path>, dir: &Path, as_json: bool) -> Result<ExitCode> {
    let folder = match folder::read(dir) {
        Ok(folder) => folder,
        Err(faults) => {
            tell(&faults);
            return Ok(ExitCode::from(1));
        }
    };
    let ctx = open::installation(&open::settings(config)?).await?;
    let slug = folder.spec.round.clone();
    let effect = change::preview(&ctx, &slug, &Change { spec: folder.spec, words: folder.words }).await?;
    let count = |is: fn(&Turn) -> bool| effect.affected.iter().filter(|a| is(&a.turn)).count();
    let moved = count(|t| matches!(t, Turn::Moved { .. }));
    let added = count(|t| matches!(t, Turn::Added { .. }));
    let gone = count(|t| matches!(t, Turn::Gone { .. }));
    if as_json {
        output::json(&json!({
            "round": slug, "moved": moved, "added": added, "gone": gone, "same": effect.same, "reworded": effect.reworded,
            "texts": effect.texts,
        }))?;
        return Ok(ExitCode::SUCCESS);
    }
    output::line(&format!(
        "Loading this folder moves {moved} messages, adds {added}, ends {gone} and leaves {} as they are; {} read differently. \
         Nothing was changed.",
        effect.same, effect.reworded
    ));
    for a in &effect.affected {
        let zone = Zone::find(&a.time_zone);
        let local = |at: Ts| zone.as_ref().map_or_else(|| at.to_string(), |zone| human(at, zone));
        let what = match a.turn {
            Turn::Moved { from, to } => format!("{} instead of {}", local(to), local(from)),
            Turn::Added { at } => format!("{}, new", local(at)),
            Turn::Gone { was } => format!("no longer on {}", local(was)),
        };
        output::line(&format!("{}, {}: {} {}: {what}", a.name, a.account, a.kind.label(), a.number));
    }
    Ok(ExitCode::SUCCESS)
}

/// `anyway`: why a round may start from domains that are not aligned.
pub async fn order(config: Option<&Path>, slug: &str, order: Order, anyway: Option<&str>) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    match order {
        Order::Start => trust::start(&ctx, slug, TERMINAL, anyway).await?,
        _ => round::order(&ctx, slug, order, TERMINAL).await?,
    }
    let said = match order {
        Order::Start => "runs. The account directors are asked to sign as soon as `serve` runs.",
        Order::Pause => "is paused. Nothing leaves until it is resumed.",
        Order::Resume => "runs again.",
        Order::Close => "is closed. Nothing more leaves and no more answers are taken.",
    };
    output::line(&format!("Round {slug} {said}"));
    Ok(ExitCode::SUCCESS)
}

pub async fn status(config: Option<&Path>, slug: &str, as_json: bool) -> Result<ExitCode> {
    let ctx = open::installation(&open::settings(config)?).await?;
    let s = status_of(&ctx, slug).await?;
    if as_json {
        output::json(&s)?;
        return Ok(ExitCode::SUCCESS);
    }
    let percent = |rate: f64| format!("{:.0} %", rate * 100.0);
    let i = &s.individual;
    output::line(&format!("Round {} is {} as of {}.", s.round, s.state, s.as_of));
    output::line(&format!(
        "Contacts: {} listed, {} signed off, {} invited, {} completed: {} ({} of {} who could be reached).",
        i.listed,
        i.signed,
        i.invited,
        i.completed,
        percent(i.rate),
        i.completed,
        i.reachable
    ));
    let a = &s.accounts;
    output::line(&format!(
        "Accounts: {} listed, {} signed off, {} of {} with an answer: {}.",
        a.listed,
        a.signed,
        a.completed,
        a.invited,
        percent(a.rate)
    ));
    for t in &s.targets {
        let level = if t.level == crate::rules::round::Level::Individual { "contacts" } else { "accounts" };
        let how = if t.met { "met".to_string() } else { format!("{} missing", t.missing) };
        output::line(&format!("Target {} of {level}: {how}.", percent(t.target)));
    }
    let o = &s.outbox;
    output::line(&format!(
        "Outbox: {} planned ({} due), {} sent, {} in doubt, {} held, {} failed.",
        o.planned, o.due, o.sent, o.in_doubt, o.held, o.failed
    ));
    let h = &s.handoff;
    output::line(&format!(
        "Hand-over: {} completed, {} confirmed, {} pending, {} failed.",
        h.completed, h.confirmed, h.pending, h.failed
    ));
    Ok(ExitCode::SUCCESS)
}

pub async fn export(config: Option<&Path>, slug: &str, to: Option<PathBuf>) -> Result<ExitCode> {
    let dir = to.unwrap_or_else(|| PathBuf::from(slug));
    if dir.exists() {
        return Err(Problem::unusable(
            format!("{} is there already.", dir.display()),
            "Name another folder with --to.",
        ));
    }
    let ctx = open::installation(&open::settings(config)?).await?;
    let contacts = export_round(&ctx, slug, &dir).await?;
    output::line(&format!("Wrote round {slug} with {contacts} contacts to {}.", dir.display()));
    Ok(ExitCode::SUCCESS)
}
