//! The contents of `round.toml`: schedule, senders, targets and the sequence of touches.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::base::address::EmailAddress;
use crate::rules::contacts::Role;
use crate::rules::message::MessageKind;
use crate::rules::participation::Participation;

use super::hhmm;
use super::schedule::Schedule;
use super::texts::ByLanguage;

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
    /// What all customers are worth to the client in a year: the whole that a list's share is of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_revenue: Option<i64>,
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
    /// Is told weekly where the whole round stands.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sponsor: Option<SponsorSpec>,
    /// What is told of who has answered; never what.
    #[serde(default, skip_serializing_if = "is_names")]
    pub participation: Participation,
    /// In the order in which they go to a contact.
    #[serde(rename = "touch")]
    pub touches: Vec<Touch>,
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
    #[serde(default, with = "hhmm::option", skip_serializing_if = "Option::is_none")]
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
    /// Of accounts that only their director signs.
    #[serde(default = "count")]
    pub human_step: HumanStep,
    /// Of accounts that the sales director signs, too; for both of them.
    #[serde(default = "code")]
    pub human_step_strategic: HumanStep,
    /// So often a director is asked again before his deputy is asked as well.
    #[serde(default = "two")]
    pub deputy_after_chases: u32,
    /// The same before the regional head is.
    #[serde(default = "three")]
    pub regional_head_after_chases: u32,
    #[serde(default)]
    pub when_nobody_signs: WhenNobodySigns,
    /// Where those who sign are, and who signs for them.
    #[serde(default, rename = "director", skip_serializing_if = "Vec::is_empty")]
    pub directors: Vec<SignerSpec>,
}

/// What becomes of names that nobody has signed when the last one has been asked as often as anybody is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenNobodySigns {
    /// Until an operator decides.
    #[default]
    Wait,
    LeaveOut,
    /// The list that was signed in the client's round before stands.
    LastYear,
}

impl WhenNobodySigns {
    pub fn as_str(self) -> &'static str {
        match self {
            WhenNobodySigns::Wait => "wait",
            WhenNobodySigns::LeaveOut => "leave_out",
            WhenNobodySigns::LastYear => "last_year",
        }
    }
}

/// One who signs: an account director, or the sales director.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignerSpec {
    pub email: EmailAddress,
    /// Whose working days are his; those of the round where it is empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub country: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub region: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub deputy: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deputy_email: Option<EmailAddress>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub regional_head: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regional_head_email: Option<EmailAddress>,
}

impl SignerSpec {
    /// Name and address.
    pub fn deputy(&self) -> Option<(&str, &EmailAddress)> {
        self.deputy_email.as_ref().map(|email| (self.deputy.as_str(), email))
    }

    pub fn regional_head(&self) -> Option<(&str, &EmailAddress)> {
        self.regional_head_email.as_ref().map(|email| (self.regional_head.as_str(), email))
    }
}

/// What a signature asks for besides the link, so that whatever opens links by itself signs nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HumanStep {
    /// The number of names on the list, counted and typed.
    Count,
    /// Six digits, mailed to whoever was asked to sign.
    Code,
}

impl HumanStep {
    /// As a setting of the round, and as signatures keep how they were given.
    pub fn as_str(self) -> &'static str {
        match self {
            HumanStep::Count => "count",
            HumanStep::Code => "code",
        }
    }
}

impl SignoffSpec {
    /// `strategic`: the account needs the second signature.
    pub fn human_step(&self, strategic: bool) -> HumanStep {
        if strategic { self.human_step_strategic } else { self.human_step }
    }

    /// What the round says of somebody who signs, if anything.
    pub fn signer(&self, email: &EmailAddress) -> Option<&SignerSpec> {
        self.directors.iter().find(|one| one.email.key() == email.key())
    }

    /// Whether anything is to happen besides asking those again whose accounts they are.
    pub fn has_ladder(&self) -> bool {
        self.when_nobody_signs != WhenNobodySigns::Wait
            || self.directors.iter().any(|one| one.deputy_email.is_some() || one.regional_head_email.is_some())
    }
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

impl Level {
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Individual => "individual",
            Level::Accounts => "accounts",
        }
    }
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
    /// When account managers hear who has not answered, account directors where their accounts stand and the sponsor where the round does;
    /// in the round's own zone.
    pub cron: String,
}

/// Somebody at the client who wants the round to succeed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SponsorSpec {
    pub name: String,
    pub email: EmailAddress,
}

impl Touch {
    /// Who writes a message of this kind: the CEO the warm-up and the team all others, where the round says nothing else.
    pub fn author(touch: Option<&Touch>, kind: MessageKind) -> Author {
        let usual = if kind == MessageKind::WarmUp { Author::Ceo } else { Author::Team };
        touch.and_then(|t| t.from).unwrap_or(usual)
    }
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
        match Touch::author(touch, kind) {
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

fn is_names(participation: &Participation) -> bool {
    participation.names()
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

fn count() -> HumanStep {
    HumanStep::Count
}

fn code() -> HumanStep {
    HumanStep::Code
}

fn five() -> u32 {
    5
}

fn accent() -> String {
    "#1f4e79".into()
}
