//! The installation itself: `check-config`, `doctor`, `backup`, `preview`.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use crate::app::{files, open, output, put_back};
use crate::base::problem::{Problem, Result};
use crate::config;
use crate::mail::smtp::Connection;
use crate::rehearsal::preview;
use crate::rules::calendar::{Edition, zone_data};
use crate::rules::journal::Actor;
use crate::rules::round::RoundState;
use crate::rules::sending::alignment::{CheckResult, DnsRecord};
use crate::steps::audit::{chain, promises};
use crate::steps::installation::key;
use crate::steps::sending::outbound::holds;
use crate::steps::sending::{pace, standstill, trouble};
use crate::steps::{Ctx, completion, replies};
use crate::store::database::respell;
use crate::store::handover::events;
use crate::store::round::rounds;

use super::play::place::{Place, demo_round};
use super::sending::senders;

pub fn check_config(file: Option<&Path>) -> Result<ExitCode> {
    output::line(&config::explain(file, std::env::vars())?);
    Ok(ExitCode::SUCCESS)
}

#[derive(Serialize)]
struct Check {
    name: String,
    /// Nothing is known to be wrong.
    ok: bool,
    verdict: CheckResult,
    says: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    publish: Vec<DnsRecord>,
}

pub async fn doctor(config: Option<&Path>, as_json: bool) -> Result<ExitCode> {
    let settings = open::settings(config)?;
    let (ctx, wrong_key) = open::for_doctor(&settings).await?;
    let mut checks = Vec::new();
    for says in files::too_open(&settings, config) {
        checks.push(Check { name: "files".into(), ok: true, verdict: CheckResult::Unknown, says, publish: Vec::new() });
    }
    let mut check = |name: &str, ok: bool, says: String| {
        let verdict = if ok { CheckResult::Pass } else { CheckResult::Fail };
        checks.push(Check { name: name.into(), ok, verdict, says, publish: Vec::new() });
    };
    let integrity = ctx.db.integrity().await?;
    let damaged = integrity.is_some();
    check("database", integrity.is_none(), integrity.unwrap_or_else(|| format!("{}, sound", ctx.db.kind())));
    let holds = holds::all(&ctx).await?;
    let mut says = holds.iter().map(|h| h.hold.why.clone()).collect::<Vec<_>>();
    if damaged {
        says.push(
            "Nothing is sent from a damaged database: stop soundings, keep the file, restore the last backup.".into(),
        );
    }
    let all_held = trouble::alarms(&mut ctx.db.read().await?).await?.iter().any(|a| a.holds() && a.is_about_all());
    let otherwise = if all_held { "an incident holds it, see below" } else { "nothing holds it" };
    check("sending", says.is_empty() && !all_held, or(&says, otherwise));
    let relay = Connection::open(&settings.smtp).await;
    let relay_answers = relay.is_ok();
    match relay {
        Ok(connection) => {
            connection.quit().await;
            check("mail server", true, format!("{}:{} answers", settings.smtp.host, settings.smtp.port));
        }
        Err(failure) => check("mail server", false, format!("{failure}. Check [smtp] in the settings.")),
    }
    let still = standstill::in_the_ledger(&ctx, &mut ctx.db.read().await?).await?;
    let says = still.map(|still| format!("{} Since {}. {}", still.what, still.since, still.next));
    check("mail that leaves", says.is_none(), says.unwrap_or_else(|| "nothing that is due waits in vain".into()));
    for alarm in pace::alarms(&mut ctx.db.read().await?, ctx.clock.now()).await? {
        let says = format!("{} {}", alarm.what(), alarm.next_step());
        check(&format!("gateway {}", alarm.gateway), !alarm.is_refusal(), says);
    }
    for alarm in trouble::alarms(&mut ctx.db.read().await?).await? {
        let says = format!("{}. {} {}", alarm.title(), alarm.what(), alarm.next_step());
        check(&format!("incident {}", alarm.id()), false, says);
    }
    let (told, says) = about_events(&ctx).await?;
    check("events", told, says);
    let another = wrong_key.is_some();
    let (key_is_right, says) = about_the_key(&ctx, &settings.secret_key_path(), wrong_key).await?;
    check("key", key_is_right, says);
    // With another key every entry would look as if somebody had changed it.
    if !another {
        for found in chain::check(&ctx, &settings.seen_path()).await? {
            check(found.about, found.ok, found.says);
        }
    }
    for (ok, says) in replies::check(&ctx, &settings.replies).await? {
        check("what comes back", ok, says);
    }
    for (one, other) in respell::twins(&mut ctx.db.read().await?).await? {
        let says = format!(
            "{} at {} <{}> and {} at {} <{}> are one mailbox in two spellings. Take one of them off the list.",
            one.name, one.account, one.email_key, other.name, other.account, other.email_key
        );
        check(&format!("{}: one mailbox twice", one.round), false, says);
    }
    let all = rounds::list(&mut ctx.db.read().await?).await?;
    for round in all.iter().filter(|r| r.state != RoundState::Draft) {
        let slug = &round.slug;
        for new in new_senders(&ctx, slug, round.state).await? {
            check(&format!("{slug}: sender {}", new.domain), true, new.says());
        }
        let wrong = ctx.order(&Actor::CommandLine, completion::CheckCounters { slug: slug.clone() }).await?;
        check(&format!("{slug}: counters"), wrong.is_empty(), or(&wrong, "equal to a full count"));
        for p in promises::check(&ctx, slug).await? {
            let says = or(&p.broken_by, &format!("holds, {} facts checked", p.checked));
            check(&format!("{slug}: promise {}, {}", p.id, p.name), p.holds, says);
        }
    }
    checks.extend(senders::findings(&settings, &ctx, relay_answers).await?.into_iter().map(|f| Check {
        name: format!("{}: {}", f.about, f.check),
        ok: f.verdict != CheckResult::Fail,
        verdict: f.verdict,
        says: f.says,
        publish: f.publish,
    }));
    let ok = checks.iter().all(|c| c.ok);
    if as_json {
        output::json(&json!({
            "ok": ok, "checks": checks, "time_zones": zone_data(), "holidays": Edition::built_in(),
            "own_holidays": ctx.almanac.own_file(),
        }))?;
    } else {
        for c in &checks {
            let mark = match c.verdict {
                CheckResult::Pass => "ok   ",
                CheckResult::Unknown => "?    ",
                CheckResult::Fail => "WRONG",
            };
            output::line(&format!("{mark} {}: {}", c.name, c.says));
            for record in &c.publish {
                output::line(&format!("      publish {record}"));
            }
        }
        output::line(&format!("time zones: {}", zone_data()));
        output::line(&format!("public holidays: {}", Edition::built_in()));
        if let Some(file) = ctx.almanac.own_file() {
            output::line(&format!("own public holidays over them: {file}"));
        }
    }
    Ok(output::found(!ok))
}

async fn about_the_key(ctx: &Ctx, path: &Path, wrong: Option<Problem>) -> Result<(bool, String)> {
    if let Some(wrong) = wrong {
        return Ok((false, wrong.to_string()));
    }
    let known = format!("{} is the one that the database knows", path.display());
    Ok(match key::links_of_another(ctx).await? {
        (_, 0) => (true, known),
        (checked, foreign) => (
            false,
            format!(
                "{known}, but the links of {foreign} of the latest {checked} contacts were made with another one and open nothing. Look for the key \
                 file of the machine that loaded them."
            ),
        ),
    })
}

/// Whether other programs are told what happens.
async fn about_events(ctx: &Ctx) -> Result<(bool, String)> {
    if ctx.events.kinds.is_empty() {
        return Ok((true, "nobody is told: [events] names no webhook".into()));
    }
    let mut tx = ctx.db.read().await?;
    let waiting = events::waiting(&mut tx).await?;
    Ok(match events::first(&mut tx).await?.and_then(|first| first.answer) {
        Some(said) => (false, format!("The webhook does not take an event; so many wait: {waiting}. {said}")),
        None => (true, format!("the webhook takes them; so many wait: {waiting}")),
    })
}

/// Of a round that still sends.
async fn new_senders(ctx: &Ctx, slug: &str, state: RoundState) -> Result<Vec<pace::NewSender>> {
    if state == RoundState::Closed {
        return Ok(Vec::new());
    }
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    pace::new_senders(ctx, &mut tx, &live).await
}

fn or(findings: &[String], otherwise: &str) -> String {
    if findings.is_empty() { otherwise.into() } else { findings.join(" ") }
}

pub async fn backup(config: Option<&Path>, file: &Path) -> Result<ExitCode> {
    if file.exists() {
        return Err(Problem::unusable(format!("{} is there already.", file.display()), "Name another file."));
    }
    let settings = open::settings(config)?;
    let ctx: Ctx = open::installation(&settings).await?;
    ctx.db.backup(&file.display().to_string(), put_back::drawn(&ctx.ids)).await?;
    output::line(&format!(
        "Wrote {}. Keep the key file {} with it: without it every mailed link stops working, and nobody can start from the copy.",
        file.display(),
        settings.secret_key_path().display()
    ));
    Ok(ExitCode::SUCCESS)
}

pub async fn preview(dir: &Path) -> Result<ExitCode> {
    let cannot = |e: std::io::Error| {
        Problem::unusable(format!("The folder {} cannot be written.", dir.display()), "Name another one.").because(e)
    };
    fs::create_dir_all(dir).map_err(cannot)?;
    let place = Place::new()?;
    let files = preview::files(&demo_round(&place)?, place.path()).await?;
    for (name, file) in &files {
        fs::write(dir.join(name), &file.text).map_err(cannot)?;
    }
    output::line(&format!("Wrote {} files to {}; open index.html.", files.len(), dir.display()));
    Ok(ExitCode::SUCCESS)
}
