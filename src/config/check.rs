//! What settings must be beside well-typed: reachable, encrypted, complete.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::base::address::EmailAddress;
use crate::base::problem::Problem;
use crate::base::verp;

use super::hosts::{self, HttpUrl, is_loopback};
use super::known::Origins;
use super::settings::{ScoringSettings, Settings};
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
    // Links in mails and Message-IDs carry it.
    match hosts::in_ascii(&settings.server.base_url) {
        Some(base) => settings.server.base_url = base,
        None => return wrong("server.base_url", "has a host that cannot exist", "Write its name as it is registered."),
    }
    database(&settings.database.url)?;
    smtp(settings)?;
    if let Err((key, why)) = settings.pace.read() {
        return wrong(key, why, "The comments in config/soundings.toml show how it is written.");
    }
    replies(settings)?;
    scoring(settings)?;
    alarms(settings)?;
    events(settings)?;
    if settings.limits.days_between_rounds > 366 {
        return wrong("limits.days_between_rounds", "is more than a year", "Write a number of days such as 30, or 0.");
    }
    if settings.calling.pause_days > 20 {
        return wrong(
            "calling.pause_days",
            "is more than four weeks",
            "Write a number of working days such as 2, or 0.",
        );
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
    let names = WebhookSettings {
        url: "scoring.url",
        next: "Write the address that the scoring module gave, beginning with https://.",
        secret: "scoring.secret",
        no_secret: "is missing although there is a scoring.url",
        set_secret: "Set SOUNDINGS_SCORING__SECRET_FILE.",
    };
    webhook(scoring, &names)?;
    match scoring.url.is_none() && scoring.file.as_os_str().is_empty() {
        true => wrong("scoring.file", "is empty, and there is no scoring.url either", "Write one of the two."),
        false => Ok(()),
    }
}

/// How the settings of a webhook are called, and what is told of them.
struct WebhookSettings {
    url: &'static str,
    next: &'static str,
    secret: &'static str,
    no_secret: &'static str,
    set_secret: &'static str,
}

/// The address and the secret of what is called, whichever section has them.
fn webhook(given: &ScoringSettings, names: &WebhookSettings) -> Result<(), Wrong> {
    secret(names.secret, &given.secret)?;
    let Some(url) = &given.url else { return Ok(()) };
    match HttpUrl::parse(url) {
        Err(why) => return wrong(names.url, format!("is not a URL: {why}"), names.next),
        Ok(url) if url.userinfo => return wrong(names.url, "has a name or password before the host", names.next),
        Ok(url) if url.https || (given.allow_private_addresses && is_loopback(url.host)) => {}
        Ok(_) => return wrong(names.url, "is not encrypted", names.next),
    }
    match given.secret.trim().is_empty() {
        true => wrong(names.secret, names.no_secret, names.set_secret),
        false => Ok(()),
    }
}

/// One secret or several of a webhook; none is looked for elsewhere.
fn secret(key: &'static str, text: &str) -> Result<(), Wrong> {
    let is_one = |secret: &str| {
        let bytes = secret.strip_prefix("whsec_").and_then(|base64| STANDARD.decode(base64).ok());
        bytes.is_some_and(|bytes| (24..=64).contains(&bytes.len()))
    };
    if text.split_whitespace().all(is_one) {
        return Ok(());
    }
    let next = "Use the form that the receiver gave, such as whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw.";
    wrong(key, "is not whsec_ and base64 of 24 to 64 bytes", next)
}

fn alarms(settings: &Settings) -> Result<(), Wrong> {
    let alarms = &settings.alarms;
    if alarms.after_minutes > 24 * 60 {
        return wrong("alarms.after_minutes", "is more than a day", "Write a number of minutes such as 10.");
    }
    if alarms.at_the_latest_minutes < alarms.after_minutes || alarms.at_the_latest_minutes > 7 * 24 * 60 {
        let why = "is less than alarms.after_minutes or more than a week";
        return wrong("alarms.at_the_latest_minutes", why, "Write a number of minutes such as 240.");
    }
    let names = WebhookSettings {
        url: "alarms.webhook",
        next: "Write the address of what calls you, beginning with https://.",
        secret: "alarms.secret",
        no_secret: "is missing although there is a webhook",
        set_secret: "Set SOUNDINGS_ALARMS__SECRET_FILE.",
    };
    webhook(&settings.alarm_receiver(), &names)
}

fn events(settings: &Settings) -> Result<(), Wrong> {
    if let Err(word) = settings.events.kinds() {
        let why = format!("names `{word}`, which is no type of event");
        return wrong("events.types", why, "docs/EVENTS.md lists them; \"\" means all.");
    }
    let names = WebhookSettings {
        url: "events.url",
        next: "Write the address of what is to be told, beginning with https://.",
        secret: "events.secret",
        no_secret: "is missing although there is an events.url",
        set_secret: "Set SOUNDINGS_EVENTS__SECRET_FILE.",
    };
    webhook(&settings.event_receiver(), &names)
}

fn replies(settings: &Settings) -> Result<(), Wrong> {
    const ADDRESS: &str = "Write one such as bounces@replies.client.example.";
    let replies = &settings.replies;
    let one_word = |text: &str| !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let Some(address) = &replies.address else {
        if replies.imap_host.is_some() || replies.lmtp_listen.is_some() {
            return wrong(
                "replies.address",
                "is missing although a mailbox is named",
                "Write the address whose mails arrive there, such as bounces@replies.client.example.",
            );
        }
        return Ok(());
    };
    match EmailAddress::parse(address) {
        Err(why) => return wrong("replies.address", why, ADDRESS),
        Ok(parsed) if !parsed.as_str().is_ascii() || parsed.local().contains('+') => {
            return wrong("replies.address", "has a + or a letter beyond ASCII", ADDRESS);
        }
        Ok(parsed) if parsed.local().len() > verp::LONGEST_LOCAL => {
            let why = format!("has more than {} characters before the @", verp::LONGEST_LOCAL);
            return wrong("replies.address", why, "Write a shorter one: each mail adds a token to it.");
        }
        Ok(_) => {}
    }
    if replies.imap_host.is_none() && replies.lmtp_listen.is_none() {
        return wrong(
            "replies.address",
            "is set, but nothing reads its mails",
            "Set replies.imap_host or replies.lmtp_listen.",
        );
    }
    if replies.lmtp_listen.is_some() && replies.door().is_none() {
        let next = "Write a loopback address such as 127.0.0.1:2424, or unix: and a path.";
        return wrong("replies.lmtp_listen", "is not a place to listen on", next);
    }
    let Some(host) = &replies.imap_host else { return Ok(()) };
    if !one_word(host) {
        return wrong("replies.imap_host", "is not a host", "Write a name such as imap.example.com.");
    }
    if replies.imap_port == 0 {
        return wrong("replies.imap_port", "is 0", "Usual ports are 993 (tls) and 143 (starttls).");
    }
    if replies.imap_security == Security::Plain && !is_loopback(host) {
        let why = format!("is plain, and {host} is not this machine: mails and password would go unencrypted");
        return wrong("replies.imap_security", why, "Use tls or starttls.");
    }
    if replies.imap_username.is_empty() {
        return wrong("replies.imap_username", "is missing", "Write the name that opens the mailbox.");
    }
    if replies.imap_password.is_empty() {
        return wrong("replies.imap_password", "is missing", "Set SOUNDINGS_REPLIES__IMAP_PASSWORD_FILE.");
    }
    match replies.imap_folder.trim().is_empty() {
        true => wrong("replies.imap_folder", "is empty", "Write INBOX, or the folder that a rule moves them to."),
        false => Ok(()),
    }
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
