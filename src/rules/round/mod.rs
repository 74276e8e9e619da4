//! What a round is: the contents of `round.toml`, as values.
//!
//! A round is a folder that people keep in git; these types are its schedule, senders, targets and texts. They hold
//! wall-clock intentions (dates and times of day without a zone); instants are made from them in `rules::calendar`, in the zone of each contact.

pub mod readings;

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::base::address::EmailAddress;
use crate::rules::sending::outbox::MessageKind;

use super::contacts::Role;

mod coverage;
mod differences;
mod merge;
mod texts;

pub use coverage::*;
pub use differences::{Difference, differences};
pub use merge::{Merged, at_path, merge};
pub use texts::*;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundSpec {
    /// Names the round in commands, links and headers: lower-case letters, digits and hyphens.
    pub round: String,
    /// The company that has itself assessed, as its customers call it.
    pub client: String,
    /// What the assessment is called in mails and on pages.
    pub title: String,
    /// Used for contacts whose own language has no texts.
    pub language: String,
    /// How long answering takes, told to contacts.
    #[serde(default = "five")]
    pub minutes: u32,
    /// The end of a sentence, without its full stop: what last year's answers changed. Languages that have none do without.
    #[serde(default, skip_serializing_if = "ByLanguage::is_empty")]
    pub changed_since_last_year: ByLanguage,
    /// The client's accent colour, `#rrggbb`.
    #[serde(default = "accent")]
    pub accent: String,
    pub schedule: Schedule,
    pub signoff: SignoffSpec,
    pub senders: Senders,
    #[serde(default = "usual_targets")]
    pub targets: Vec<Target>,
    #[serde(default)]
    pub digest: DigestSpec,
    /// In the order in which they go to a contact.
    #[serde(rename = "touch")]
    pub touches: Vec<Touch>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The day on which invitations go out, in each contact's own zone.
    pub opens: NaiveDate,
    /// The last day on which answers are taken and anything is sent, in each contact's own zone.
    pub closes: NaiveDate,
    /// Messages leave between these times of the contact's day.
    #[serde(default = "nine", with = "hhmm")]
    pub send_from: NaiveTime,
    #[serde(default = "half_past_four", with = "hhmm")]
    pub send_until: NaiveTime,
    /// Days on which nothing is sent to anybody, beside weekends.
    #[serde(default)]
    pub days_off: Vec<NaiveDate>,
    /// Times of the contact's day within the sending hours at which nothing leaves: lunch, prayers, the end of a shift.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quiet_hours: Vec<QuietHours>,
    /// Calendar days between two messages to one contact, counted as 24 hours each.
    #[serde(default = "two")]
    pub minimum_gap_days: u32,
    /// Messages that one contact gets at most in this round.
    #[serde(default = "six")]
    pub maximum_messages: u32,
    /// Messages that all contacts of one account get at most on one day of their own; none: no such limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_per_account_per_day: Option<u32>,
    /// Within so many minutes the messages of one touch leave, each contact at a time of its own, so that the people of one account do not
    /// all get it in the same minute; 0: all at the time of the touch.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub spread_minutes: u32,
    /// Messages of this round that leave within an hour at most; none: as many as the installation lets go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum_per_hour: Option<u32>,
    /// For contacts whose own zone is not known. An IANA name.
    pub time_zone: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuietHours {
    #[serde(with = "hhmm")]
    pub from: NaiveTime,
    /// Not included.
    #[serde(with = "hhmm")]
    pub until: NaiveTime,
}

/// Whom a touch is for, decided when it is about to go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    #[default]
    Everybody,
    /// Those who have not begun to answer.
    NotStarted,
    /// Those who have begun and not finished.
    NotFinished,
    /// Those from whose account nobody has answered.
    AccountSilent,
}

/// In whose name a touch goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Author {
    /// `senders.team`
    Team,
    /// The writer of the warm-up: the CEO, or the country's manager.
    Ceo,
    /// The account manager of the contact's account; the team where the list names none.
    AccountManager,
}

/// One entry of the sequence. Exactly one of `working_days`, `date` and `cron` says when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Touch {
    pub kind: MessageKind,
    /// Working days after the opening; negative: before it; 0: the opening day, or the first working day after it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    /// Wall-clock times in the contact's zone: `minute hour day-of-month month day-of-week`, weekdays by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cron: Option<String>,
    /// With `cron`: how many such messages at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// With `working_days` and `date`: the time of day; the start of the sending hours when absent.
    #[serde(default, with = "hhmm_option", skip_serializing_if = "Option::is_none")]
    pub at: Option<NaiveTime>,
    #[serde(default, rename = "for", skip_serializing_if = "is_everybody")]
    pub audience: Audience,
    /// Only contacts of these roles; empty: all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// The CEO for the warm-up and the team for everything else, unless it says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Author>,
    /// The name of its texts, `mail/<language>/NAME.md`; that of its kind and number when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignoffSpec {
    /// Signs the names of strategic accounts after their account director.
    pub sales_director: String,
    pub sales_director_email: EmailAddress,
    /// A director who has not answered is asked again after this many working days, each time.
    #[serde(default = "three")]
    pub chase_every_working_days: u32,
    #[serde(default = "four")]
    pub maximum_chases: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Senders {
    /// Invitations, reminders, thanks and the mails to directors.
    pub team: Sender,
    /// The warm-up letter: the CEO.
    pub warm_up: Sender,
    /// Country managers who write the warm-up letter in their country, by ISO 3166 code.
    #[serde(default)]
    pub country: BTreeMap<String, Sender>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sender {
    pub name: String,
    pub email: EmailAddress,
    /// Job title, for the signature.
    #[serde(default)]
    pub title: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Individual,
    Accounts,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub level: Level,
    /// A share between 0 and 1.
    pub target: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestSpec {
    /// When account managers hear who has not answered, in the round's own zone.
    pub cron: String,
}

impl RoundSpec {
    /// The CEO, or who writes in his place in this country.
    pub fn ceo(&self, country: &str) -> &Sender {
        self.senders.country.get(country).unwrap_or(&self.senders.warm_up)
    }

    /// The person in whose name a message goes to a contact in this country; `manager`: of the contact's account.
    pub fn sender<'a>(
        &'a self,
        touch: Option<&Touch>,
        kind: MessageKind,
        country: &str,
        manager: Option<&'a Sender>,
    ) -> &'a Sender {
        let usual = if kind == MessageKind::WarmUp { Author::Ceo } else { Author::Team };
        match touch.and_then(|t| t.from).unwrap_or(usual) {
            Author::Ceo => self.ceo(country),
            Author::Team => &self.senders.team,
            Author::AccountManager => manager.unwrap_or(&self.senders.team),
        }
    }
}

impl Default for DigestSpec {
    fn default() -> DigestSpec {
        DigestSpec { cron: "0 8 * * MON".into() }
    }
}

/// 50 % of contacts is the first target, 75 % makes results reliable, 90 % of accounts is reachable (docs: domain figures).
pub fn usual_targets() -> Vec<Target> {
    vec![
        Target { level: Level::Individual, target: 0.5 },
        Target { level: Level::Individual, target: 0.75 },
        Target { level: Level::Accounts, target: 0.9 },
    ]
}

fn is_everybody(audience: &Audience) -> bool {
    *audience == Audience::Everybody
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}

fn two() -> u32 {
    2
}
fn three() -> u32 {
    3
}
fn four() -> u32 {
    4
}
fn five() -> u32 {
    5
}
fn six() -> u32 {
    6
}
fn accent() -> String {
    "#1f4e79".into()
}
fn nine() -> NaiveTime {
    NaiveTime::from_hms_opt(9, 0, 0).unwrap_or(NaiveTime::MIN)
}
fn half_past_four() -> NaiveTime {
    NaiveTime::from_hms_opt(16, 30, 0).unwrap_or(NaiveTime::MIN)
}

/// Times of day as people write them: `09:00`.
mod hhmm {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(at: &NaiveTime, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&at.format("%H:%M").to_string())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(d)?;
        NaiveTime::parse_from_str(&text, "%H:%M")
            .map_err(|_| D::Error::custom(format!("`{text}` is not a time of day such as \"09:30\"")))
    }
}

mod hhmm_option {
    use chrono::NaiveTime;
    use serde::{Deserializer, Serializer};

    pub fn serialize<S: Serializer>(at: &Option<NaiveTime>, s: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => super::hhmm::serialize(at, s),
            None => s.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Option<NaiveTime>, D::Error> {
        super::hhmm::deserialize(d).map(Some)
    }
}

/// Where a round is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// Loaded; nothing is sent, to nobody.
    Draft,
    Running,
    /// Nothing leaves; answers and signatures are still taken.
    Paused,
    /// Over: nothing leaves and nothing more is taken.
    Closed,
}

impl RoundState {
    pub fn as_str(self) -> &'static str {
        match self {
            RoundState::Draft => "draft",
            RoundState::Running => "running",
            RoundState::Paused => "paused",
            RoundState::Closed => "closed",
        }
    }

    pub fn parse(text: &str) -> Option<RoundState> {
        [RoundState::Draft, RoundState::Running, RoundState::Paused, RoundState::Closed]
            .into_iter()
            .find(|s| s.as_str() == text)
    }

    /// Draft -> running <-> paused -> closed; a closed round stays closed.
    pub fn may_become(self, next: RoundState) -> bool {
        use RoundState::{Closed, Draft, Paused, Running};
        matches!((self, next), (Draft | Paused, Running) | (Running, Paused) | (Running | Paused, Closed))
    }
}
