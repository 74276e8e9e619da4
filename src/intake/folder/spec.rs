//! `round.toml`: its keys, and what its values must be to each other.
//!
//! Whether the schedule can be kept at all (cron expressions, touches after the close) is judged by `rules::plan::check`.

use std::collections::BTreeMap;

use serde::de::IntoDeserializer;
use toml::de::{DeTable, DeValue};

use crate::rules::contacts::{Role, row::whereabouts::places};
use crate::rules::message::MessageKind;
use crate::rules::round::{Audience, Author, HumanStep, RoundSpec, WhenNobodySigns, says_banned_word};

use super::faults::nearest;
use super::schema::{SchemaKey, TomlSheet, ValueShape, date, may, must, time};
use super::values::{ADDRESS, address, any, country, some};
use super::{signers, text_names};

const DAY: &str = "a date such as \"2027-02-08\"";
const HOUR: &str = "a time such as \"09:00\"";
const HUMAN_STEP: &str = "count or code";
const AUDIENCES: &str = "everybody, not_started, not_finished or account_silent";

const SENDER: &[SchemaKey] = &[
    must("name", ValueShape::Text(some), "the name that stands in From"),
    must("email", ValueShape::Text(address), ADDRESS),
    may("title", ValueShape::Text(any), "the job title for the signature"),
];

const ROUND: &[SchemaKey] = &[
    must("round", ValueShape::Text(slug), "a short name such as \"northwind-2027\""),
    must("client", ValueShape::Text(spoken), "the company's name as its customers know it"),
    must("title", ValueShape::Text(spoken), "what the assessment is called in letters"),
    must("language", ValueShape::Text(language), "a code such as \"en\""),
    may("client_revenue", ValueShape::Whole(1, 1_000_000_000_000_000), "a whole amount such as 250000000"),
    may("minutes", ValueShape::Whole(1, 60), "a whole number such as 5"),
    may(
        "changed_since_last_year",
        ValueShape::TextOrLanguages(unbanned),
        "one sentence, \"\", or one for each language: { en = \"…\", de = \"…\" }",
    ),
    may("accent", ValueShape::Text(colour), "a colour such as \"#1f4e79\""),
    must("schedule", ValueShape::Table(SCHEDULE), "a [schedule] table"),
    must("signoff", ValueShape::Table(SIGNOFF), "a [signoff] table"),
    must("senders", ValueShape::Table(SENDERS), "a [senders] table with team and warm_up"),
    may("targets", ValueShape::Tables(TARGETS), "[[targets]] tables with level and target"),
    may("digest", ValueShape::Table(DIGEST), "a [digest] table with cron"),
    may("sponsor", ValueShape::Table(SPONSOR), "a [sponsor] table with name and email"),
    may("participation", ValueShape::Table(PARTICIPATION), "a [participation] table with told"),
    must("touch", ValueShape::Tables(TOUCH), "[[touch]] tables in the order in which they go out"),
];

const SCHEDULE: &[SchemaKey] = &[
    must("opens", ValueShape::Date, DAY),
    must("closes", ValueShape::Date, DAY),
    may("send_from", ValueShape::Time, HOUR),
    may("send_until", ValueShape::Time, HOUR),
    may("quiet_hours", ValueShape::Tables(QUIET_HOURS), "a list such as [{ from = \"12:00\", until = \"13:00\" }]"),
    may("days_off", ValueShape::Dates, "a list of dates such as [\"2027-02-15\"]"),
    may("minimum_gap_days", ValueShape::Whole(0, 60), "a number of days such as 2"),
    may("maximum_messages", ValueShape::Whole(1, 30), "a number such as 6"),
    may("maximum_per_account_per_day", ValueShape::Whole(1, 100_000), "a number such as 20"),
    may("spread_minutes", ValueShape::Whole(0, 480), "a number of minutes such as 90"),
    may("maximum_per_hour", ValueShape::Whole(1, 1_000_000), "a number such as 500"),
    must("time_zone", ValueShape::Text(zone), "a name such as \"Europe/Dublin\""),
];

const QUIET_HOURS: &[SchemaKey] = &[must("from", ValueShape::Time, HOUR), must("until", ValueShape::Time, HOUR)];

const SIGNOFF: &[SchemaKey] = &[
    must("sales_director", ValueShape::Text(some), "the name of who signs strategic accounts"),
    must("sales_director_email", ValueShape::Text(address), ADDRESS),
    may("chase_every_working_days", ValueShape::Whole(1, 30), "a number of days such as 3"),
    may("maximum_chases", ValueShape::Whole(0, 20), "a number such as 4"),
    may("human_step", ValueShape::Text(human_step), HUMAN_STEP),
    may("human_step_strategic", ValueShape::Text(human_step), HUMAN_STEP),
    may("deputy_after_chases", ValueShape::Whole(0, 20), "a number such as 2"),
    may("regional_head_after_chases", ValueShape::Whole(0, 20), "a number such as 3"),
    may("when_nobody_signs", ValueShape::Text(when_nobody_signs), "wait, leave_out or last_year"),
    may("director", ValueShape::Tables(signers::SIGNER), "[[signoff.director]] tables with email"),
];

const SENDERS: &[SchemaKey] = &[
    must("team", ValueShape::Table(SENDER), "[senders.team] with name and email"),
    must("warm_up", ValueShape::Table(SENDER), "[senders.warm_up] with name and email"),
    may("country", ValueShape::Named(country, SENDER), "[senders.country.DE] with name and email"),
];

const TARGETS: &[SchemaKey] = &[
    must("level", ValueShape::Text(level), "\"individual\" or \"accounts\""),
    must("target", ValueShape::Share, "a share such as 0.5"),
];

const DIGEST: &[SchemaKey] = &[must("cron", ValueShape::Text(some), "a schedule such as \"0 8 * * MON\"")];

const SPONSOR: &[SchemaKey] = &[
    must("name", ValueShape::Text(some), "the name of who is told weekly where the round stands"),
    must("email", ValueShape::Text(address), ADDRESS),
];

const PARTICIPATION: &[SchemaKey] = &[
    must("told", ValueShape::Text(told), "names or counts"),
    may("from", ValueShape::Whole(2, 1_000), "a number of people such as 4"),
];

const TOUCH: &[SchemaKey] = &[
    must("kind", ValueShape::Text(kind), "warm_up, invitation, reminder or thank_you"),
    may("working_days", ValueShape::Whole(-60, 200), "working days from the opening, such as -5"),
    may("date", ValueShape::Date, DAY),
    may("cron", ValueShape::Text(some), "a schedule such as \"0 10 * * TUE,THU\""),
    may("times", ValueShape::Whole(1, 30), "a number such as 4"),
    may("at", ValueShape::Time, HOUR),
    may("for", ValueShape::Text(audience), AUDIENCES),
    may("roles", ValueShape::Texts(role), "a list such as [\"key_decision_maker\"]"),
    may("from", ValueShape::Text(author), "team, ceo or account_manager"),
    may(
        "words",
        ValueShape::Text(text_names::name),
        "the name of a file in mail/en without .md, such as \"last_call\"",
    ),
];

/// Whether a whole number stands under this key.
pub fn is_whole(key: &[&str]) -> bool {
    fn below(keys: &[SchemaKey], path: &[&str]) -> bool {
        let Some((first, rest)) = path.split_first() else { return false };
        match keys.iter().find(|key| key.name == *first).map(|key| &key.shape) {
            Some(ValueShape::Whole(..)) => rest.is_empty(),
            Some(ValueShape::Table(inner)) => below(inner, rest),
            _ => false,
        }
    }
    below(ROUND, key)
}

/// What other files of the folder need to know of this one, as far as it can be read.
#[derive(Debug, Default)]
pub struct SpecSummary {
    /// The round's own.
    pub language: String,
    /// Names of texts that touches ask for, each with the line on which it first stands.
    pub words: BTreeMap<String, u64>,
}

/// Checks the whole file.
pub fn read(sheet: &mut TomlSheet<'_>) -> (Option<RoundSpec>, SpecSummary) {
    let root = sheet.parse();
    let broken = !sheet.faults.is_empty();
    // After a syntax error much seems to be missing that is not.
    if !broken {
        sheet.table(root.get_ref(), 0..0, "", ROUND);
        order(sheet, root.get_ref());
        touches(sheet, root.get_ref());
        signers::judge(sheet, root.get_ref());
        participation(sheet, root.get_ref());
    }
    let language = root.get_ref().get("language").and_then(|v| v.get_ref().as_str()).filter(|l| language(l).is_ok());
    let language = language.unwrap_or("").to_owned();
    let words = named_words(sheet, root.get_ref());
    (sheet.value(), SpecSummary { language, words })
}

fn named_words(sheet: &TomlSheet<'_>, root: &DeTable<'_>) -> BTreeMap<String, u64> {
    let mut words = BTreeMap::new();
    let Some(DeValue::Array(touches)) = root.get("touch").map(|list| list.get_ref()) else { return words };
    for touch in touches {
        let DeValue::Table(table) = touch.get_ref() else { continue };
        let Some(value) = table.get("words") else { continue };
        if let Some(name) = value.get_ref().as_str().filter(|name| text_names::name(name).is_ok()) {
            words.entry(name.to_owned()).or_insert_with(|| sheet.line(value.span()));
        }
    }
    words
}

fn order(sheet: &mut TomlSheet<'_>, root: &DeTable<'_>) {
    let Some(DeValue::Table(schedule)) = root.get("schedule").map(|s| s.get_ref()) else { return };
    let day = |key: &str| schedule.get(key).and_then(|v| date(v.get_ref()).ok().map(|d| (d, v.span())));
    if let (Some((opens, _)), Some((closes, span))) = (day("opens"), day("closes"))
        && opens >= closes
    {
        sheet.fault(
            span,
            format!("`schedule.closes` is {closes}, not after `schedule.opens`, {opens}. Write a later day."),
        );
    }
    let hour = |key: &str| schedule.get(key).and_then(|v| time(v.get_ref()).ok().map(|t| (t, v.span())));
    if let (Some((from, _)), Some((until, span))) = (hour("send_from"), hour("send_until"))
        && from >= until
    {
        sheet.fault(span, "`schedule.send_until` is not later than `schedule.send_from`. Write a later time.");
    }
}

fn participation(sheet: &mut TomlSheet<'_>, root: &DeTable<'_>) {
    let Some(DeValue::Table(table)) = root.get("participation").map(|p| p.get_ref()) else { return };
    let names = table.get("told").and_then(|told| told.get_ref().as_str()) == Some("names");
    if let Some(from) = table.get("from").filter(|_| names) {
        let said = "`participation.from` stands beside `told = \"names\"`, where names are told whatever their number. Remove it, \
            or write `told = \"counts\"`.";
        sheet.fault(from.span(), said);
    }
}

fn touches(sheet: &mut TomlSheet<'_>, root: &DeTable<'_>) {
    let Some(list) = root.get("touch") else { return };
    let DeValue::Array(touches) = list.get_ref() else { return };
    let mut kinds = Vec::new();
    for touch in touches {
        let DeValue::Table(table) = touch.get_ref() else { continue };
        let when = ["working_days", "date", "cron"].iter().filter(|k| table.get(**k).is_some()).count();
        if when != 1 {
            let said = if when == 0 { "says not when it goes" } else { "says more than once when it goes" };
            sheet.fault(touch.span(), format!("This touch {said}. Write exactly one of working_days, date and cron."));
        }
        if let (Some(times), None) = (table.get("times"), table.get("cron")) {
            sheet.fault(times.span(), "`touch.times` stands without `cron`. Remove it, or write the cron schedule.");
        }
        if let (Some(at), Some(_)) = (table.get("at"), table.get("cron")) {
            sheet.fault(at.span(), "`touch.at` stands beside `cron`, which says the time already. Remove it.");
        }
        if let Some(kind) = table.get("kind").and_then(|k| k.get_ref().as_str()).and_then(MessageKind::parse) {
            kinds.push((kind, touch.span()));
        }
    }
    let place = |kind: MessageKind| kinds.iter().position(|(k, _)| *k == kind);
    for kind in [MessageKind::WarmUp, MessageKind::Invitation] {
        match place(kind) {
            None => sheet.fault(
                list.span(),
                format!(
                    "No [[touch]] has kind = \"{kind}\". Add it; contacts get the warm-up first, then the invitation."
                ),
            ),
            Some(first) => {
                for (_, span) in kinds.iter().skip(first + 1).filter(|(k, _)| *k == kind) {
                    sheet.fault(
                        span.clone(),
                        format!("A second touch has kind = \"{kind}\". Remove it, or make it a reminder."),
                    );
                }
            }
        }
    }
    let Some(invitation) = place(MessageKind::Invitation) else { return };
    for (at, (kind, span)) in kinds.iter().enumerate() {
        let wrong = match kind {
            MessageKind::WarmUp => at > invitation,
            MessageKind::Reminder | MessageKind::ThankYou => at < invitation,
            _ => false,
        };
        if wrong {
            sheet.fault(span.clone(), format!("The touch \"{kind}\" stands on the wrong side of the invitation. Put warm_up first, then invitation, then reminders."));
        }
    }
}

fn audience(text: &str) -> Result<(), String> {
    one_of::<Audience>(text)
}

fn author(text: &str) -> Result<(), String> {
    one_of::<Author>(text)
}

fn role(text: &str) -> Result<(), String> {
    if Role::parse(text).is_some() {
        Ok(())
    } else {
        let meant = nearest(text, Role::ALL.into_iter().map(Role::as_str));
        let meant = meant.map(|m| format!("; {m} is perhaps meant")).unwrap_or_default();
        Err(format!("has in it “{text}”, which is not a contact role{meant}"))
    }
}

fn one_of<T: serde::de::DeserializeOwned>(text: &str) -> Result<(), String> {
    T::deserialize(text.into_deserializer()).map(drop).map_err(|_: serde::de::value::Error| format!("is “{text}”"))
}

fn unbanned(text: &str) -> Result<(), String> {
    if says_banned_word(text) { Err("says “survey”, which no contact reads".into()) } else { Ok(()) }
}

/// Text that contacts read and that stands in headers.
fn spoken(text: &str) -> Result<(), String> {
    some(text)?;
    unbanned(text)?;
    if text.chars().any(char::is_control) { Err("has a line break".into()) } else { Ok(()) }
}

/// Names a round in commands, links and headers.
fn slug(text: &str) -> Result<(), String> {
    let good = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !good || text.is_empty() || text.len() > 60 || text.starts_with('-') || text.ends_with('-') {
        return Err(format!("is “{text}”; it has lower-case letters, digits and hyphens only, up to 60"));
    }
    // The page on which rounds are made has this address.
    if text == "new" { Err("is “new”, which names no round".into()) } else { Ok(()) }
}

fn language(text: &str) -> Result<(), String> {
    if places::is_language_code(text) { Ok(()) } else { Err(format!("is “{text}”, which is not a language code")) }
}

fn zone(text: &str) -> Result<(), String> {
    match places::time_zone(text) {
        Some(name) if name == text => Ok(()),
        Some(name) => Err(format!("is “{text}”, which is called {name}")),
        None => Err(format!("is “{text}”, which is not a time zone")),
    }
}

fn colour(text: &str) -> Result<(), String> {
    let good = text.len() == 7 && text.strip_prefix('#').is_some_and(|hex| hex.chars().all(|c| c.is_ascii_hexdigit()));
    if good { Ok(()) } else { Err(format!("is “{text}”, which is not a colour")) }
}

fn human_step(text: &str) -> Result<(), String> {
    one_of::<HumanStep>(text)
}

fn when_nobody_signs(text: &str) -> Result<(), String> {
    one_of::<WhenNobodySigns>(text)
}

fn told(text: &str) -> Result<(), String> {
    if matches!(text, "names" | "counts") { Ok(()) } else { Err(format!("is “{text}”")) }
}

fn level(text: &str) -> Result<(), String> {
    if matches!(text, "individual" | "accounts") { Ok(()) } else { Err(format!("is “{text}”")) }
}

fn kind(text: &str) -> Result<(), String> {
    match MessageKind::parse(text) {
        Some(kind) if kind.to_contact() => Ok(()),
        Some(_) => Err(format!("is “{text}”, which does not go to contacts")),
        None => {
            let known = MessageKind::ALL.into_iter().filter(|k| k.to_contact()).map(MessageKind::as_str);
            let meant = nearest(text, known).map(|m| format!("; {m} is perhaps meant")).unwrap_or_default();
            Err(format!("is “{text}”, which is not a kind of message{meant}"))
        }
    }
}

#[cfg(test)]
#[path = "spec_tests.rs"]
mod tests;
