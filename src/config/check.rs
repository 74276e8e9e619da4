//! What settings must be beside well-typed: reachable, encrypted, complete.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::problem::Problem;

use super::hosts::{HttpUrl, is_loopback};
use super::layers::Origins;
use super::settings::Settings;
use super::smtp::Security;

/// A setting that cannot stay as it is. `why` stands after its name, and never repeats a secret.
#[derive(Debug)]
pub struct Wrong {
    key: &'static str,
    why: String,
    next: &'static str,
}

impl Wrong {
    pub fn told(self, origins: &Origins) -> Problem {
        let place = origins.get(self.key).map_or_else(|| "the default".into(), ToString::to_string);
        Problem::unusable(format!("The setting {} ({place}) {}.", self.key, self.why), self.next)
    }
}

fn wrong(key: &'static str, why: impl Into<String>, next: &'static str) -> Result<(), Wrong> {
    Err(Wrong { key, why: why.into(), next })
}

/// Checks all, and takes the slash off the end of the base URL.
pub fn check(settings: &mut Settings) -> Result<(), Wrong> {
    let base = settings.server.base_url.trim_end_matches('/').to_owned();
    settings.server.base_url = base;
    base_url(&settings.server.base_url)?;
    database(&settings.database.url)?;
    smtp(settings)?;
    if let Err((key, why)) = settings.pace.read() {
        return wrong(key, why, "The comments in config/soundings.toml show how it is written.");
    }
    scoring(settings)?;
    if settings.limits.days_between_rounds > 366 {
        return wrong("limits.days_between_rounds", "is more than a year", "Write a number of days such as 30, or 0.");
    }
    level(&settings.log.level)
}

fn base_url(text: &str) -> Result<(), Wrong> {
    const KEY: &str = "server.base_url";
    const NEXT: &str = "Write scheme and host, such as https://assessment.example.com.";
    match HttpUrl::parse(text) {
        Err(why) => wrong(KEY, format!("is not a URL: {why}"), NEXT),
        Ok(url) if url.userinfo => wrong(KEY, "has a name or password before the host", NEXT),
        Ok(url) if !url.rest.is_empty() => wrong(KEY, "has something after the host", NEXT),
        Ok(url) if !url.https && !is_loopback(url.host) => wrong(KEY, "is not encrypted", "Begin it with https://."),
        Ok(_) => Ok(()),
    }
}

fn database(url: &str) -> Result<(), Wrong> {
    let known = ["sqlite:", "postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme));
    if known && url != "sqlite:" {
        return Ok(());
    }
    wrong("database.url", "names no database", "Write sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME.")
}

fn smtp(settings: &Settings) -> Result<(), Wrong> {
    let smtp = &settings.smtp;
    let one_word = |text: &str| !text.chars().any(|c| c.is_whitespace() || c.is_control());
    if smtp.host.is_empty() || !one_word(&smtp.host) {
        return wrong("smtp.host", "is not a host", "Write a name such as mail.example.com.");
    }
    if smtp.port == 0 {
        return wrong("smtp.port", "is 0", "Usual ports are 25, 465 (tls) and 587 (starttls).");
    }
    if smtp.security == Security::Plain && !is_loopback(&smtp.host) {
        let why = format!("is plain, and {} is not this machine: mails and password would go unencrypted", smtp.host);
        return wrong("smtp.security", why, "Use starttls or tls.");
    }
    if !smtp.username.is_empty() && smtp.password.is_empty() {
        return wrong("smtp.password", "is missing although there is a username", "Set SOUNDINGS_SMTP__PASSWORD_FILE.");
    }
    if !one_word(&smtp.hello_name) {
        return wrong("smtp.hello_name", "has a space in it", "Write a host name, or nothing.");
    }
    if !(1..=256).contains(&smtp.connections) {
        return wrong("smtp.connections", "is out of range", "Write a number from 1 to 256.");
    }
    if smtp.messages_per_connection == 0 {
        return wrong("smtp.messages_per_connection", "is 0", "Write at least 1.");
    }
    if !(smtp.time_out_factor.is_finite() && smtp.time_out_factor > 0.0) {
        return wrong("smtp.time_out_factor", "is not above 0", "Leave it at 1.0.");
    }
    Ok(())
}

fn scoring(settings: &Settings) -> Result<(), Wrong> {
    let scoring = &settings.scoring;
    let secret_ok = |secret: &str| {
        let bytes = secret.strip_prefix("whsec_").and_then(|base64| STANDARD.decode(base64).ok());
        bytes.is_some_and(|bytes| (24..=64).contains(&bytes.len()))
    };
    if !scoring.secret.split_whitespace().all(secret_ok) {
        let next = "Use the form that the receiver gave, such as whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.";
        return wrong("scoring.secret", "is not whsec_ and base64 of 24 to 64 bytes", next);
    }
    let Some(url) = &scoring.url else {
        return match scoring.file.as_os_str().is_empty() {
            true => wrong("scoring.file", "is empty, and there is no scoring.url either", "Write one of the two."),
            false => Ok(()),
        };
    };
    const NEXT: &str = "Write the address that the scoring module gave, beginning with https://.";
    match HttpUrl::parse(url) {
        Err(why) => return wrong("scoring.url", format!("is not a URL: {why}"), NEXT),
        Ok(url) if url.userinfo => return wrong("scoring.url", "has a name or password before the host", NEXT),
        Ok(url) if url.https || (scoring.allow_private_addresses && is_loopback(url.host)) => {}
        Ok(_) => return wrong("scoring.url", "is not encrypted", NEXT),
    }
    if scoring.secret.trim().is_empty() {
        return wrong(
            "scoring.secret",
            "is missing although there is a scoring.url",
            "Set SOUNDINGS_SCORING__SECRET_FILE.",
        );
    }
    Ok(())
}

fn level(text: &str) -> Result<(), Wrong> {
    let known = |level: &str| ["error", "warn", "info", "debug", "trace", "off"].contains(&level);
    let part_ok = |part: &str| match part.trim().split_once('=') {
        Some((target, level)) => !target.is_empty() && known(level),
        None => known(part.trim()),
    };
    if text.split(',').all(part_ok) {
        return Ok(());
    }
    wrong("log.level", "is not a level", "Write error, warn, info, debug or trace, or \"info,soundings::steps=debug\".")
}
