//! The settings of a round as a form: which there are, what stands in them, and what was typed.
//!
//! What is typed is read by the rules by which `round.toml` is read; a fault goes to the field of its key.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use crate::base::address::EmailAddress;
use crate::base::sentence::capitalised;
use crate::intake::folder::signers;
use crate::intake::folder::typed::{self, TypedSetting, text_at};
use crate::rules::calendar::weekly::{WEEKDAYS, Weekly};
use crate::rules::round::{RoundSpec, SignerSpec};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::views::frame::Count;

use crate::web::console::rounds::languages::Languages;

/// More country managers than there are countries are a mistake.
const MOST_MANAGERS: usize = 250;
/// More than any client has.
const MOST_DIRECTORS: usize = 1_000;
const DIRECTOR: [&str; 7] = signers::KEYS;
const MANAGER: [&str; 4] = ["country", "name", "email", "title"];
const DIGEST: &str = "digest.cron";
const TOLD: &str = "participation.told";
const DIGEST_AT: &str = "digest-at";

/// Keys of settings that are one text or number each; `true`: left empty it has its usual value.
pub const SETTINGS: [(&str, bool); 25] = [
    ("client", false),
    ("title", false),
    ("language", false),
    ("minutes", true),
    ("accent", true),
    ("client_revenue", true),
    ("senders.team.name", false),
    ("senders.team.email", false),
    ("senders.team.title", true),
    ("senders.warm_up.name", false),
    ("senders.warm_up.email", false),
    ("senders.warm_up.title", true),
    ("signoff.sales_director", false),
    ("signoff.sales_director_email", false),
    ("signoff.chase_every_working_days", true),
    ("signoff.maximum_chases", true),
    ("signoff.human_step", true),
    ("signoff.human_step_strategic", true),
    ("signoff.deputy_after_chases", true),
    ("signoff.regional_head_after_chases", true),
    ("signoff.when_nobody_signs", true),
    ("sponsor.name", true),
    ("sponsor.email", true),
    (TOLD, false),
    ("participation.from", true),
];

/// What is wrong with what was typed: in which field, and the sentence.
pub type Wrong = Vec<(String, String)>;

/// What stands in the form, as text, by the name of the field.
pub struct Typed {
    texts: BTreeMap<String, String>,
    /// In which what changed since last year can be said.
    pub languages: Languages,
    pub managers: usize,
    /// Rows for those who sign.
    pub directors: usize,
}

pub fn changed(language: &str) -> String {
    format!("changed_since_last_year.{language}")
}

pub fn manager(number: usize, key: &str) -> String {
    format!("manager-{number}-{key}")
}

pub fn director(number: usize, key: &str) -> String {
    format!("director-{number}-{key}")
}

pub fn digest_day(code: &str) -> String {
    format!("digest-{code}")
}

fn one_more(rows: &mut usize, most: usize) -> Wrong {
    if *rows >= most {
        let (there, most) = (Count(*rows as u64), Count(most as u64));
        let sentence =
            format!("There are {there} rows already, and this page takes {most}. Fill in one that is empty.");
        return vec![(String::new(), sentence)];
    }
    *rows += 1;
    Wrong::new()
}

/// Fields that each stay as they are where they are not sent.
fn alone(languages: &Languages) -> impl Iterator<Item = String> {
    SETTINGS.iter().map(|(key, _)| (*key).to_string()).chain(languages.codes().map(changed))
}

/// Fields that say one thing together, boxes to be ticked among them.
fn of_digest() -> impl Iterator<Item = String> {
    [DIGEST.to_string(), DIGEST_AT.to_string()].into_iter().chain(WEEKDAYS.iter().map(|(code, _)| digest_day(code)))
}

impl Typed {
    pub fn of(spec: &RoundSpec, languages: Languages) -> Typed {
        let mut texts: BTreeMap<String, String> = BTreeMap::new();
        for (key, _) in SETTINGS {
            texts.insert(key.into(), text_at(spec, &key.split('.').collect::<Vec<_>>()));
        }
        // What is usual is not written down.
        if spec.participation.names() {
            texts.insert(TOLD.into(), "names".into());
        }
        for language in languages.codes() {
            texts.insert(changed(language), spec.changed_since_last_year.of(language, &spec.language).into());
        }
        for (index, (code, sender)) in spec.senders.country.iter().enumerate() {
            let values = [code.as_str(), &sender.name, sender.email.as_str(), &sender.title];
            for (key, value) in MANAGER.into_iter().zip(values) {
                texts.insert(manager(index + 1, key), value.into());
            }
        }
        for (index, one) in spec.signoff.directors.iter().enumerate() {
            let address = |email: &Option<EmailAddress>| email.as_ref().map_or(String::new(), ToString::to_string);
            let (deputy, head) = (address(&one.deputy_email), address(&one.regional_head_email));
            let values =
                [one.email.as_str(), &one.country, &one.region, &one.deputy, &deputy, &one.regional_head, &head];
            for (key, value) in DIRECTOR.into_iter().zip(values) {
                texts.insert(director(index + 1, key), value.into());
            }
        }
        texts.insert(DIGEST.into(), spec.digest.cron.clone());
        if let Some(weekly) = Weekly::parse(&spec.digest.cron) {
            texts.insert(DIGEST_AT.into(), weekly.at.format("%H:%M").to_string());
            for ((code, _), on) in WEEKDAYS.iter().zip(weekly.days) {
                texts.insert(digest_day(code), if on { "yes".into() } else { String::new() });
            }
        }
        Typed { texts, languages, managers: spec.senders.country.len(), directors: spec.signoff.directors.len() }
    }

    /// What was sent over what stands there: what was not sent stays as it is.
    pub fn from(fields: &Fields, spec: &RoundSpec, languages: Languages) -> Typed {
        let mut typed = Typed::of(spec, languages);
        let there = typed.directors;
        let sent: BTreeMap<&str, &str> = fields.pairs().rev().collect();
        let text = |name: &str| sent.get(name).map(|text| text.trim().to_string());
        let alone: Vec<String> = alone(&typed.languages).collect();
        typed
            .texts
            .extend(alone.into_iter().filter_map(|name| Some((text(&name)?, name))).map(|(text, name)| (name, text)));
        if let Some(managers) = sent.get("managers").and_then(|n| n.parse::<usize>().ok()) {
            typed.managers = managers.min(MOST_MANAGERS);
            let rows = (1..=MOST_MANAGERS).flat_map(|number| MANAGER.map(|key| manager(number, key)));
            typed
                .texts
                .extend(rows.map(|name| (text(&name).unwrap_or_default(), name)).map(|(text, name)| (name, text)));
        }
        if let Some(directors) = sent.get("directors").and_then(|n| n.parse::<usize>().ok()) {
            // What a folder has brought is not lost by a press here.
            typed.directors = directors.min(MOST_DIRECTORS.max(there));
            let rows = (1..=typed.directors).flat_map(|number| DIRECTOR.map(|key| director(number, key)));
            let rows: Vec<String> = rows.collect();
            typed.texts.extend(
                rows.into_iter().map(|name| (text(&name).unwrap_or_default(), name)).map(|(text, name)| (name, text)),
            );
        }
        if [DIGEST, DIGEST_AT].iter().any(|name| sent.contains_key(name)) {
            typed.texts.extend(
                of_digest().map(|name| (text(&name).unwrap_or_default(), name)).map(|(text, name)| (name, text)),
            );
        }
        typed
    }

    pub fn get(&self, name: &str) -> &str {
        self.texts.get(name).map_or("", String::as_str)
    }

    /// A country manager more, to be filled in; or why there is none.
    pub fn add(&mut self) -> Wrong {
        one_more(&mut self.managers, MOST_MANAGERS)
    }

    /// Somebody more who signs, likewise.
    pub fn add_director(&mut self) -> Wrong {
        one_more(&mut self.directors, MOST_DIRECTORS)
    }

    /// Days and a time to pick instead of a cron expression: its time of day where it has one, and no day yet.
    pub fn pick_days(&mut self) {
        let (mut fields, day) = (self.get(DIGEST).split_whitespace(), |name: &str| name.parse::<u32>().ok());
        let (minute, hour) = (fields.next().and_then(day), fields.next().and_then(day));
        let at = hour.zip(minute).and_then(|(hour, minute)| NaiveTime::from_hms_opt(hour, minute, 0));
        let at = at.map_or_else(|| "08:00".to_string(), |at| at.format("%H:%M").to_string());
        self.texts.extend([(DIGEST.to_string(), String::new()), (DIGEST_AT.to_string(), at)]);
    }

    /// Whether the mail to account managers goes on days that can be picked.
    pub fn is_weekly(&self) -> bool {
        self.get(DIGEST).is_empty() || Weekly::parse(self.get(DIGEST)).is_some()
    }

    /// The cron expression where it is shown as days and a time.
    pub fn digest_text(&self) -> &str {
        if self.is_weekly() { self.get(DIGEST) } else { "" }
    }

    /// As the fields of a form that carries it on.
    pub fn hidden(&self) -> Vec<(String, String)> {
        // What was emptied is carried on as empty.
        let row = |name: &str, of: &str| name.strip_prefix(of)?.split('-').next()?.parse::<usize>().ok();
        let shown = self.texts.iter().filter(|(name, _)| {
            row(name, "manager-").is_none_or(|row| row <= self.managers)
                && row(name, "director-").is_none_or(|row| row <= self.directors)
        });
        let texts = shown.map(|(name, text)| (name.clone(), text.clone()));
        let rows = [("managers", self.managers), ("directors", self.directors)];
        texts.chain(rows.map(|(name, rows)| (name.to_string(), rows.to_string()))).collect()
    }

    /// The round with these settings.
    pub fn read(&self, spec: &RoundSpec) -> Result<RoundSpec, Wrong> {
        let mut wrong = Wrong::new();
        let mut settings: Vec<(String, TypedSetting)> = Vec::new();
        let mut add = |field: String, key: Vec<String>, optional: bool, text: &str| {
            settings.push((field, TypedSetting { key, text: text.into(), optional }));
        };
        for (key, optional) in SETTINGS {
            add(key.into(), key.split('.').map(Into::into).collect(), optional, self.get(key));
        }
        for language in self.languages.codes() {
            let name = changed(language);
            add(name.clone(), vec!["changed_since_last_year".into(), language.into()], true, self.get(&name));
        }
        let mut countries: Vec<String> = Vec::new();
        for number in 1..=self.managers {
            let of = |key: &str| self.get(&manager(number, key));
            if MANAGER.iter().all(|key| of(key).is_empty()) {
                continue;
            }
            let code = of("country").to_uppercase();
            if code.is_empty() || countries.contains(&code) {
                let sentence = match code.as_str() {
                    "" => "Write the code of the country, such as DE, or empty the whole row.".to_string(),
                    code => format!("{code} has a country manager already. Keep one of the two."),
                };
                wrong.push((manager(number, "country"), sentence));
                continue;
            }
            for key in ["name", "email", "title"] {
                let path = vec!["senders".into(), "country".into(), code.clone(), key.into()];
                add(manager(number, key), path, key == "title", of(key));
            }
            countries.push(code);
        }
        let directors = self.read_directors(&mut wrong);
        add(DIGEST.into(), vec!["digest".into(), "cron".into()], false, &self.digest(&mut wrong));
        let all: Vec<TypedSetting> = settings.iter().map(|(_, setting)| setting.clone()).collect();
        match typed::read(spec, &all) {
            Ok(mut spec) if wrong.is_empty() => {
                spec.signoff.directors = directors;
                return Ok(spec);
            }
            Ok(_) => {}
            Err(faults) => wrong.extend(faults.iter().map(|fault| {
                let (path, rest) = fault.key().unwrap_or(("", &fault.message));
                let typed = settings.iter().find(|(_, setting)| setting.path() == path).map(|(_, s)| s.text.as_str());
                let no_number = format!("is “{}”, which is no number", typed.unwrap_or_default());
                let rest = rest.replace("is of the wrong kind: a text", &no_number);
                let found = settings.iter().find(|(_, setting)| {
                    let own = setting.path();
                    own == path || own.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'))
                });
                match found {
                    // A fault of a country itself stands at its code.
                    Some((field, setting)) if setting.path() != path => {
                        let field = field.rsplit_once('-').map_or(field.clone(), |(row, _)| format!("{row}-country"));
                        (field, capitalised(&format!("it {rest}")))
                    }
                    Some((field, _)) => (field.clone(), capitalised(&format!("it {rest}"))),
                    None => (String::new(), capitalised(&fault.message)),
                }
            })),
        }
        Err(wrong)
    }

    /// Those who sign, row by row; rows that were emptied are taken out.
    fn read_directors(&self, wrong: &mut Wrong) -> Vec<SignerSpec> {
        let mut all: Vec<SignerSpec> = Vec::new();
        for number in 1..=self.directors {
            let of = |key: &'static str| {
                let text = self.get(&director(number, key));
                (key, if key == "country" { text.to_uppercase() } else { text.to_string() })
            };
            let typed = DIRECTOR.map(of);
            if typed.iter().all(|(_, text)| text.is_empty()) {
                continue;
            }
            match signers::read(&typed) {
                Ok(one) if all.iter().any(|other| other.email.key() == one.email.key()) => {
                    let sentence = format!("{} stands here twice. Keep one of the two.", one.email);
                    wrong.push((director(number, "email"), sentence));
                }
                Ok(one) => all.push(one),
                Err(faults) => wrong.extend(faults.into_iter().map(|(key, rest)| {
                    (director(number, &key), capitalised(&format!("it {rest}")).replace("`country`", "the country"))
                })),
            }
        }
        all
    }

    /// The cron expression; the text that stood there where the days and the time say the same.
    fn digest(&self, wrong: &mut Wrong) -> String {
        if !self.is_weekly() {
            return self.get(DIGEST).into();
        }
        let Ok(at) = NaiveTime::parse_from_str(self.get(DIGEST_AT), "%H:%M") else {
            wrong.push((DIGEST_AT.into(), "Write a time of day such as 08:00.".into()));
            return self.get(DIGEST).into();
        };
        let weekly = Weekly { days: WEEKDAYS.map(|(code, _)| self.get(&digest_day(code)) == "yes"), at };
        if !weekly.days.contains(&true) {
            wrong.push((digest_day(WEEKDAYS[0].0), "Pick at least one day of the week.".into()));
            return self.get(DIGEST).into();
        }
        if Weekly::parse(self.get(DIGEST)) == Some(weekly) { self.get(DIGEST).into() } else { weekly.cron() }
    }
}

#[cfg(test)]
#[path = "form_tests.rs"]
mod tests;
