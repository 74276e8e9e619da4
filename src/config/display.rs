//! Settings for people to read, without secrets.

use std::fmt::Write;

use super::secrets::{set_or_not, without_secrets};
use super::settings::{LogFormat, Settings, Synchronous};

/// As TOML, with the place of each value that is not the default as a comment.
pub fn display(settings: &Settings, origin: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    for (section, keys) in values(settings) {
        if !section.is_empty() {
            let _ = write!(out, "\n[{section}]\n");
        }
        for (key, value) in keys {
            let full = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
            let place = origin(&full).map(|place| format!("  # {place}")).unwrap_or_default();
            let _ = writeln!(out, "{key} = {value}{place}");
        }
    }
    out
}

type Section = (&'static str, Vec<(&'static str, toml::Value)>);

fn values(settings: &Settings) -> Vec<Section> {
    let Settings {
        secret_key_file,
        outbound_journal,
        server,
        database,
        smtp,
        dns,
        dkim,
        delivery,
        pace,
        replies,
        scoring,
        alarms,
        events,
        limits,
        calling,
        calendar,
        log,
    } = settings;
    let path =
        |path: &Option<std::path::PathBuf>| text(path.as_deref().map_or(String::new(), |p| p.display().to_string()));
    let synchronous = match database.synchronous {
        Synchronous::Full => "full",
        Synchronous::Normal => "normal",
        Synchronous::Off => "off",
    };
    let format = match log.format {
        LogFormat::Text => "text",
        LogFormat::Json => "json",
    };
    vec![
        ("", vec![("secret_key_file", path(secret_key_file)), ("outbound_journal", path(outbound_journal))]),
        (
            "server",
            vec![
                ("listen", text(server.listen.to_string())),
                ("base_url", text(&server.base_url)),
                ("trusted_proxies", i64::from(server.trusted_proxies).into()),
            ],
        ),
        ("database", vec![("url", text(without_secrets(&database.url))), ("synchronous", text(synchronous))]),
        (
            "smtp",
            vec![
                ("host", text(&smtp.host)),
                ("port", i64::from(smtp.port).into()),
                ("security", text(smtp.security.as_str())),
                ("username", text(&smtp.username)),
                ("password", text(set_or_not(&smtp.password))),
                ("hello_name", text(&smtp.hello_name)),
                ("authorities", path(&smtp.authorities)),
                ("connections", (smtp.connections as i64).into()),
                ("messages_per_connection", i64::from(smtp.messages_per_connection).into()),
                ("time_out_factor", smtp.time_out_factor.into()),
            ],
        ),
        ("dns", vec![("servers", list(&dns.servers))]),
        ("dkim", vec![("folder", path(&dkim.folder))]),
        (
            "delivery",
            vec![
                ("check_domains", delivery.check_domains.into()),
                ("outgoing_addresses", list(&delivery.outgoing_addresses)),
            ],
        ),
        (
            "pace",
            vec![
                ("enabled", pace.enabled.into()),
                ("resolve", pace.resolve.into()),
                ("per_gateway_per_hour", i64::from(pace.per_gateway_per_hour).into()),
                ("open_per_gateway", i64::from(pace.open_per_gateway).into()),
                ("gateways", text(&pace.gateways)),
                ("per_hour", i64::from(pace.per_hour).into()),
                ("first_alone_minutes", i64::from(pace.first_alone_minutes).into()),
                ("ramp_up", text(&pace.ramp_up)),
                ("warmed", text(&pace.warmed)),
            ],
        ),
        (
            "replies",
            vec![
                ("address", text(replies.address.as_deref().unwrap_or_default())),
                ("imap_host", text(replies.imap_host.as_deref().unwrap_or_default())),
                ("imap_port", i64::from(replies.imap_port).into()),
                ("imap_security", text(replies.imap_security.as_str())),
                ("imap_username", text(&replies.imap_username)),
                ("imap_password", text(set_or_not(&replies.imap_password))),
                ("imap_folder", text(&replies.imap_folder)),
                ("imap_authorities", path(&replies.imap_authorities)),
                ("lmtp_listen", text(replies.lmtp_listen.as_deref().unwrap_or_default())),
            ],
        ),
        (
            "scoring",
            vec![
                ("url", text(scoring.url.as_deref().map(without_secrets).unwrap_or_default())),
                ("secret", text(set_or_not(&scoring.secret))),
                ("file", text(scoring.file.display().to_string())),
                ("authorities", path(&scoring.authorities)),
                ("allow_private_addresses", scoring.allow_private_addresses.into()),
            ],
        ),
        (
            "alarms",
            vec![
                ("webhook", text(alarms.webhook.as_deref().map(without_secrets).unwrap_or_default())),
                ("secret", text(set_or_not(&alarms.secret))),
                ("authorities", path(&alarms.authorities)),
                ("allow_private_addresses", alarms.allow_private_addresses.into()),
                ("after_minutes", i64::from(alarms.after_minutes).into()),
                ("at_the_latest_minutes", i64::from(alarms.at_the_latest_minutes).into()),
                ("disk_free_megabytes", i64::from(alarms.disk_free_megabytes).into()),
            ],
        ),
        (
            "events",
            vec![
                ("url", text(events.url.as_deref().map(without_secrets).unwrap_or_default())),
                ("secret", text(set_or_not(&events.secret))),
                ("types", text(&events.types)),
                ("authorities", path(&events.authorities)),
                ("allow_private_addresses", events.allow_private_addresses.into()),
            ],
        ),
        ("limits", vec![("days_between_rounds", i64::from(limits.days_between_rounds).into())]),
        ("calling", vec![("pause_days", i64::from(calling.pause_days).into())]),
        ("calendar", vec![("file", path(&calendar.file))]),
        ("log", vec![("level", text(&log.level)), ("format", text(format))]),
    ]
}

fn list(all: &[impl ToString]) -> toml::Value {
    text(all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
}

fn text(text: impl Into<String>) -> toml::Value {
    toml::Value::String(text.into())
}

/// The keys shown, for the test that none is forgotten.
#[cfg(test)]
fn shown(settings: &Settings) -> std::collections::BTreeMap<String, toml::Value> {
    let full = |section: &str, key: &str| format!("{section}.{key}").trim_start_matches('.').to_owned();
    values(settings).into_iter().flat_map(|(s, keys)| keys.into_iter().map(move |(k, v)| (full(s, k), v))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_every_key_with_the_value_of_the_built_in_file() {
        assert_eq!(shown(&Settings::default()), super::super::known::KnownKeys::new().unwrap().0);
    }
}
