//! The schedule, the targets and the sequence of a round as a form: what stands in it, and what was typed, back as settings.
//!
//! What the form does not show stays as it is. Nothing is lost by a mistake: what was typed is kept as text until all of it can be read.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::rules::calendar::weekly::{WEEKDAYS, Weekly};
use crate::rules::contacts::Role;
use crate::rules::contacts::row::whereabouts::places;
use crate::rules::message::MessageKind;
use crate::rules::round::{Level, QuietHours, RoundSpec, Schedule, Target, Touch};
use crate::web::console::rounds::opening::MEANT;
use crate::web::kit::forms::fields::Fields;

const SCHEDULE: [&str; 15] = [
    "time_zone",
    "opens",
    "closes",
    "send_from",
    "send_until",
    "quiet_hours",
    "days_off",
    "minimum_gap_days",
    "maximum_messages",
    "maximum_per_account_per_day",
    "spread_minutes",
    "maximum_per_hour",
    "individual",
    "accounts",
    // No setting: that the day of the opening is meant.
    MEANT,
];
const TOUCH: [&str; 11] =
    ["kind", "when", "working_days", "date", "at", "cron", "times", "for", "from", "words", "remove"];

/// What is wrong with what was typed: in which field, and the sentence.
pub type Wrong = Vec<(String, String)>;

/// What stands in the form, as text.
pub struct Typed {
    pub schedule: BTreeMap<&'static str, String>,
    pub touches: Vec<BTreeMap<&'static str, String>>,
}

/// The name of a field of the touch that stands there, from 1.
pub fn name(number: usize, key: &str) -> String {
    format!("touch-{number}-{key}")
}

fn keys() -> impl Iterator<Item = &'static str> {
    let days = WEEKDAYS.into_iter().map(|(code, _)| code);
    TOUCH.into_iter().chain(days).chain(Role::ALL.into_iter().map(Role::as_str))
}

impl Typed {
    pub fn of(spec: &RoundSpec) -> Typed {
        Typed { schedule: schedule_as_text(spec), touches: spec.touches.iter().map(touch_as_text).collect() }
    }

    pub fn from(fields: &Fields) -> Typed {
        // Each has a field of its own; a number out of the blue makes none.
        let sent = fields.pairs().filter(|(name, _)| name.starts_with("touch-")).count();
        let count = fields.get("touches").parse().unwrap_or(0).min(sent);
        let touch = |number: usize| keys().map(|key| (key, fields.get(&name(number, key)).to_string())).collect();
        Typed {
            schedule: SCHEDULE.iter().map(|key| (*key, fields.get(key).to_string())).collect(),
            touches: (1..=count).map(touch).collect(),
        }
    }

    /// A reminder more, to be filled in.
    pub fn add(&mut self) {
        let blank = [("kind", "reminder"), ("when", "working_days"), ("for", "everybody")];
        self.touches.push(keys().map(|key| (key, text_of(&blank, key))).collect());
    }

    /// Without those that were taken out, and in the order in which messages can follow each other.
    pub fn settled(mut self) -> Typed {
        self.touches.retain(|t| get(t, "remove") != "yes");
        self.touches.sort_by_key(|t| match get(t, "kind") {
            "warm_up" => 0,
            "invitation" => 1,
            _ => 2,
        });
        self
    }

    /// As the fields of a form that carries it on.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let schedule = self.schedule.iter().map(|(key, value)| (key.to_string(), value.clone()));
        let touches = self
            .touches
            .iter()
            .enumerate()
            .flat_map(|(index, touch)| touch.iter().map(move |(key, value)| (name(index + 1, key), value.clone())));
        let count = [("touches".to_string(), self.touches.len().to_string())];
        schedule.chain(touches).filter(|(_, value)| !value.is_empty()).chain(count).collect()
    }

    /// The round with these settings.
    pub fn read(&self, spec: &RoundSpec) -> Result<RoundSpec, Wrong> {
        let mut reader = Reader { wrong: Vec::new() };
        let schedule = self.schedule(&mut reader);
        let targets = self.targets(spec, &mut reader);
        let touches = self.touches.iter().enumerate().map(|(index, t)| reader.touch(index + 1, t)).collect();
        if reader.wrong.is_empty() {
            Ok(RoundSpec { schedule, targets, touches, ..spec.clone() })
        } else {
            Err(reader.wrong)
        }
    }

    fn schedule(&self, reader: &mut Reader) -> Schedule {
        let text = |key| get(&self.schedule, key);
        let most = Some(text("maximum_per_account_per_day")).filter(|t| !t.is_empty());
        Schedule {
            opens: reader.date("opens", text("opens")),
            closes: reader.date("closes", text("closes")),
            send_from: reader.time("send_from", text("send_from")),
            send_until: reader.time("send_until", text("send_until")),
            days_off: words(text("days_off")).map(|t| reader.date("days_off", t)).collect(),
            quiet_hours: reader.quiet_hours(text("quiet_hours")),
            minimum_gap_days: reader.number("minimum_gap_days", text("minimum_gap_days"), 0, 60),
            maximum_messages: reader.number("maximum_messages", text("maximum_messages"), 1, 30),
            maximum_per_account_per_day: most.map(|t| reader.number("maximum_per_account_per_day", t, 1, 100_000)),
            spread_minutes: reader.number("spread_minutes", or_zero(text("spread_minutes")), 0, 480),
            maximum_per_hour: Some(text("maximum_per_hour"))
                .filter(|t| !t.is_empty())
                .map(|t| reader.number("maximum_per_hour", t, 1, 1_000_000)),
            time_zone: reader.time_zone(text("time_zone")),
        }
    }

    /// Those of the round, in their own order, unless something else was typed.
    fn targets(&self, spec: &RoundSpec, reader: &mut Reader) -> Vec<Target> {
        let before = schedule_as_text(spec);
        let levels = [("individual", Level::Individual), ("accounts", Level::Accounts)];
        if levels.iter().all(|(key, _)| get(&before, key) == get(&self.schedule, key)) {
            return spec.targets.clone();
        }
        let of = |(key, level): (&'static str, Level)| {
            let shares: Vec<f64> = words(get(&self.schedule, key)).map(|t| reader.share(key, t)).collect();
            shares.into_iter().map(move |target| Target { level, target })
        };
        levels.into_iter().flat_map(of).collect()
    }
}

pub fn get<'t>(texts: &'t BTreeMap<&'static str, String>, key: &str) -> &'t str {
    texts.get(key).map_or("", String::as_str)
}

fn text_of(pairs: &[(&str, &str)], key: &str) -> String {
    pairs.iter().find(|(known, _)| *known == key).map_or(String::new(), |(_, value)| (*value).into())
}

/// A field that was left empty where a number has a usual meaning of none.
fn or_zero(text: &str) -> &str {
    if text.is_empty() { "0" } else { text }
}

/// What stands between commas and blanks.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', ' ', '\n', '\r', '\t', '%']).map(str::trim).filter(|t| !t.is_empty())
}

/// A word of a setting as `round.toml` has it.
fn word<T: Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(Into::into)).unwrap_or_default()
}

fn parsed<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(word.into())).ok()
}

fn clock(at: NaiveTime) -> String {
    at.format("%H:%M").to_string()
}

fn schedule_as_text(spec: &RoundSpec) -> BTreeMap<&'static str, String> {
    let s = &spec.schedule;
    let quiet: Vec<String> = s.quiet_hours.iter().map(|q| format!("{}-{}", clock(q.from), clock(q.until))).collect();
    let days: Vec<String> = s.days_off.iter().map(NaiveDate::to_string).collect();
    let targets = |level: Level| {
        let shares = spec.targets.iter().filter(|t| t.level == level);
        shares.map(|t| ((t.target * 10_000.0).round() / 100.0).to_string()).collect::<Vec<_>>().join(", ")
    };
    BTreeMap::from([
        ("time_zone", s.time_zone.clone()),
        ("opens", s.opens.to_string()),
        ("closes", s.closes.to_string()),
        ("send_from", clock(s.send_from)),
        ("send_until", clock(s.send_until)),
        ("quiet_hours", quiet.join(", ")),
        ("days_off", days.join("\n")),
        ("minimum_gap_days", s.minimum_gap_days.to_string()),
        ("maximum_messages", s.maximum_messages.to_string()),
        ("maximum_per_account_per_day", s.maximum_per_account_per_day.map_or(String::new(), |n| n.to_string())),
        ("spread_minutes", s.spread_minutes.to_string()),
        ("maximum_per_hour", s.maximum_per_hour.map_or(String::new(), |n| n.to_string())),
        ("individual", targets(Level::Individual)),
        ("accounts", targets(Level::Accounts)),
    ])
}

fn touch_as_text(t: &Touch) -> BTreeMap<&'static str, String> {
    let weekly = t.cron.as_deref().and_then(Weekly::parse);
    let when = if weekly.is_some() {
        "weekly"
    } else if t.cron.is_some() {
        "cron"
    } else if t.date.is_some() {
        "date"
    } else {
        "working_days"
    };
    let mut texts = BTreeMap::from([
        ("kind", t.kind.as_str().to_string()),
        ("when", when.into()),
        ("working_days", t.working_days.map_or(String::new(), |n| n.to_string())),
        ("date", t.date.map_or(String::new(), |d| d.to_string())),
        ("at", t.at.or(weekly.map(|weekly| weekly.at)).map_or(String::new(), clock)),
        ("cron", t.cron.clone().unwrap_or_default()),
        ("times", t.times.map_or(String::new(), |n| n.to_string())),
        ("for", word(&t.audience)),
        ("from", t.from.as_ref().map_or(String::new(), word)),
        ("words", t.words.clone().unwrap_or_default()),
    ]);
    let days = weekly.map_or([false; 7], |weekly| weekly.days);
    texts.extend(WEEKDAYS.iter().zip(days).filter(|(_, on)| *on).map(|((code, _), _)| (*code, "yes".to_string())));
    texts.extend(t.roles.iter().map(|role| (role.as_str(), "yes".to_string())));
    texts
}

/// What a browser could not send, it sent as nothing.
fn refused(text: &str, wanted: &str) -> String {
    match text {
        "" => format!("Write {wanted}."),
        text => format!("“{text}” is not {wanted}. Write one like that."),
    }
}

/// Reads texts and keeps what is wrong with them.
struct Reader {
    wrong: Wrong,
}

impl Reader {
    fn say(&mut self, field: &str, sentence: String) {
        self.wrong.push((field.into(), sentence));
    }

    fn date(&mut self, field: &str, text: &str) -> NaiveDate {
        let date = text.parse().ok();
        if date.is_none() {
            self.say(field, refused(text, "a day such as 2027-02-08"));
        }
        date.unwrap_or_default()
    }

    fn time(&mut self, field: &str, text: &str) -> NaiveTime {
        let time = NaiveTime::parse_from_str(text, "%H:%M").ok();
        if time.is_none() {
            self.say(field, refused(text, "a time of day such as 09:30"));
        }
        time.unwrap_or_default()
    }

    fn number<N: std::str::FromStr + PartialOrd + std::fmt::Display + Copy>(
        &mut self,
        field: &str,
        text: &str,
        least: N,
        most: N,
    ) -> N {
        let number = text.parse().ok().filter(|n| (least..=most).contains(n));
        if number.is_none() {
            self.say(field, refused(text, &format!("a whole number from {least} to {most}")));
        }
        number.unwrap_or(least)
    }

    fn share(&mut self, field: &str, text: &str) -> f64 {
        let percent = text.parse().ok().filter(|p: &f64| (0.0..=100.0).contains(p) && *p > 0.0);
        if percent.is_none() {
            self.say(field, format!("“{text}” is not a percentage. Write numbers up to 100, for example 50, 75."));
        }
        percent.unwrap_or_default() / 100.0
    }

    fn time_zone(&mut self, text: &str) -> String {
        let known = places::time_zone(text);
        if known.is_none() {
            self.say("time_zone", refused(text, "a time zone such as Europe/Dublin"));
        }
        known.unwrap_or_default()
    }

    /// Days of the week as a cron expression; the text that stood there where it says the same.
    fn weekly(&mut self, number: usize, t: &BTreeMap<&'static str, String>) -> String {
        let at = self.time(&name(number, "at"), get(t, "at"));
        let weekly = Weekly { days: WEEKDAYS.map(|(code, _)| get(t, code) == "yes"), at };
        if !weekly.days.contains(&true) {
            self.say(&name(number, WEEKDAYS[0].0), "Pick at least one day of the week.".into());
        }
        let before = get(t, "cron");
        if Weekly::parse(before) == Some(weekly) { before.into() } else { weekly.cron() }
    }

    fn quiet_hours(&mut self, text: &str) -> Vec<QuietHours> {
        let field = "quiet_hours";
        let spans = text.split([',', ';', '\n']).map(str::trim).filter(|t| !t.is_empty());
        let read = spans.map(|span| {
            let (from, until) = span.split_once(['-', '–']).unwrap_or((span, ""));
            QuietHours { from: self.time(field, from.trim()), until: self.time(field, until.trim()) }
        });
        read.collect()
    }

    fn touch(&mut self, number: usize, t: &BTreeMap<&'static str, String>) -> Touch {
        let field = |key: &str| name(number, key);
        let text = |key: &str| Some(get(t, key)).filter(|text| !text.is_empty());
        let kind = MessageKind::parse(get(t, "kind")).filter(|kind| kind.to_contact());
        if kind.is_none() {
            self.say(&field("kind"), "Choose what kind of message it is.".into());
        }
        let (weekly, by_date) = (get(t, "when") == "weekly", get(t, "when") == "date");
        let by_cron = weekly || get(t, "when") == "cron";
        let roles = Role::ALL.into_iter().filter(|role| get(t, role.as_str()) == "yes");
        Touch {
            kind: kind.unwrap_or(MessageKind::Reminder),
            working_days: (!by_cron && !by_date)
                .then(|| self.number(&field("working_days"), get(t, "working_days"), -60, 200)),
            date: by_date.then(|| self.date(&field("date"), get(t, "date"))),
            cron: by_cron.then(|| if weekly { self.weekly(number, t) } else { get(t, "cron").to_string() }),
            times: text("times").filter(|_| by_cron).map(|n| self.number(&field("times"), n, 1, 30)),
            at: text("at").filter(|_| !by_cron).map(|at| self.time(&field("at"), at)),
            audience: parsed(get(t, "for")).unwrap_or_default(),
            roles: roles.collect(),
            from: text("from").and_then(parsed),
            words: text("words").map(Into::into),
        }
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
