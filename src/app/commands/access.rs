//! Who may come in: `user add|list|remove|link|log-out` and `key add|list|remove`.

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use crate::app::cli_keys::KeyRights;
use crate::app::{open, output};
use crate::base::address::EmailAddress;
use crate::base::clock::{MINUTE, Ts};
use crate::base::problem::{Problem, Result};
use crate::rules::access::{Reach, Rights};
use crate::rules::journal::Actor;
use crate::steps::Ctx;
use crate::steps::installation::operators;
use crate::store::installation::programs::Key;

async fn installation(config: Option<&Path>) -> Result<Ctx> {
    open::installation(&open::settings(config)?).await
}

fn address(text: &str) -> Result<EmailAddress> {
    EmailAddress::parse(text).map_err(|why| {
        Problem::unusable(format!("The address {text} {why}."), "Write it like anna.smith@company.example.")
    })
}

pub async fn add_user(config: Option<&Path>, email: &str) -> Result<ExitCode> {
    let email = address(email)?;
    let ctx = installation(config).await?;
    let new = ctx.order(&Actor::CommandLine, operators::AddOperator { email: email.clone() }).await?;
    output::line(&if new {
        format!("{email} is an operator now.")
    } else {
        format!("{email} is an operator already.")
    });
    show_link(&ctx, &email).await
}

/// However many links have gone by mail: whoever has this terminal has the program.
pub async fn link(config: Option<&Path>, email: &str) -> Result<ExitCode> {
    let email = address(email)?;
    show_link(&installation(config).await?, &email).await
}

async fn show_link(ctx: &Ctx, email: &EmailAddress) -> Result<ExitCode> {
    let link =
        ctx.order(&Actor::CommandLine, operators::IssueLink { email: email.clone() }).await?.ok_or_else(|| {
            Problem::not_found(
                format!("{email} is not an operator."),
                format!("`soundings user add {email}` makes one."),
            )
        })?;
    output::line(&format!(
        "This link logs in once, within {} minutes, when `serve` runs:",
        operators::LINK_LASTS / MINUTE
    ));
    output::line(&link);
    Ok(ExitCode::SUCCESS)
}

fn or_never(at: Option<Ts>) -> String {
    at.map_or("never".into(), |at| at.to_string())
}

pub async fn list_users(config: Option<&Path>, as_json: bool) -> Result<ExitCode> {
    let all = operators::all(&installation(config).await?).await?;
    if as_json {
        let all: Vec<_> = all
            .iter()
            .map(|o| {
                json!({
                    "email": o.email.as_str(), "created_at": o.created_at, "logged_in_at": o.logged_in_at,
                    "sessions": o.sessions,
                })
            })
            .collect();
        output::json(&json!({ "operators": all }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if all.is_empty() {
        output::line("There are no operators. `soundings user add ADDRESS` makes one.");
    }
    for o in all {
        let last = or_never(o.logged_in_at);
        output::line(&format!(
            "{}  since {}, last log-in {last}, open sessions: {}",
            o.email, o.created_at, o.sessions
        ));
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn remove_user(config: Option<&Path>, email: &str, last: bool) -> Result<ExitCode> {
    let email = address(email)?;
    installation(config)
        .await?
        .order(&Actor::CommandLine, operators::RemoveOperator { email: email.clone(), even_last: last })
        .await?;
    output::line(&format!("{email} is no operator any more. Sessions and links have ended."));
    Ok(ExitCode::SUCCESS)
}

pub async fn log_out(config: Option<&Path>, email: &str) -> Result<ExitCode> {
    let email = address(email)?;
    let ended = installation(config)
        .await?
        .order(&Actor::CommandLine, operators::EndSessions { email: email.clone(), but: String::new() })
        .await?;
    output::line(&format!(
        "{email} is logged out everywhere ({ended} open). Links that were not used have ended, too."
    ));
    Ok(ExitCode::SUCCESS)
}

/// A limit that says nothing, as of a variable that is not set, is none of a round or a client that is there, and never no limit.
fn rights(said: &KeyRights) -> Rights {
    let reach = match (&said.client, said.round.is_empty()) {
        (Some(client), _) => Reach::Client(client.clone()),
        (None, false) => Reach::Rounds(said.round.clone()),
        (None, true) => Reach::Everything,
    };
    Rights { reach, ..Rights::read(&said.scope.join(" "), "", "") }
}

pub async fn add_key(config: Option<&Path>, name: &str, said: &KeyRights) -> Result<ExitCode> {
    let add = operators::AddKeyThatMay { name: name.to_string(), rights: rights(said) };
    let key = installation(config).await?.order(&Actor::CommandLine, add).await?;
    output::line(&key);
    eprintln!("Keep it safe: it is shown this once.");
    Ok(ExitCode::SUCCESS)
}

pub async fn list_keys(config: Option<&Path>, as_json: bool) -> Result<ExitCode> {
    let all = operators::keys(&installation(config).await?).await?;
    if as_json {
        let key = |k: &Key| {
            let rounds: Vec<&str> = k.rounds.split_whitespace().collect();
            let scopes: Vec<&str> = k.scopes.split_whitespace().collect();
            json!({
                "name": k.name, "created_at": k.created_at, "used_at": k.used_at,
                "scopes": scopes, "rounds": rounds, "client": k.client,
            })
        };
        let all: Vec<_> = all.iter().map(key).collect();
        output::json(&json!({ "keys": all }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if all.is_empty() {
        output::line("No other program has a key. `soundings key add NAME` makes one.");
    }
    for k in all {
        let of = match k.rights().reach {
            Reach::Everything => "of all rounds".to_string(),
            Reach::Rounds(rounds) => format!("of {}", rounds.join(", ")),
            Reach::Client(client) => format!("of rounds of {client}"),
        };
        let may = k.rights().words(", ");
        output::line(&format!("{}  {may} {of}, made {}, last used {}", k.name, k.created_at, or_never(k.used_at)));
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn remove_key(config: Option<&Path>, name: &str) -> Result<ExitCode> {
    installation(config).await?.order(&Actor::CommandLine, operators::RemoveKey { name: name.to_string() }).await?;
    output::line(&format!("The key {name} opens nothing any more."));
    Ok(ExitCode::SUCCESS)
}
