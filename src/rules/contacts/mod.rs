//! Which rows of a contact list are usable, and what is wrong with the others.
//!
//! A finding of severity `error` keeps its row out of the round; a `warning` lets it in and is shown to the account director.
//! The types that the other rooms speak in stand here; the decisions in the modules below, in the order in which a list passes them.

pub mod row;
pub mod together;
pub mod objection;
pub mod checked;
pub mod quality;
pub mod difference;
mod reasons;
pub mod titles;
pub mod out;
pub mod check;
pub mod left_out;
pub mod next_list;
pub mod last_time;
pub mod spoken;
pub mod found_again;
pub mod wanted;
pub mod emptying;
pub mod bulk;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::base::address::EmailAddress;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    KeyDecisionMaker,
    Influencer,
    OperationalContact,
    /// The list did not say; the account director may.
    #[default]
    Unknown,
}

impl Role {
    pub const ALL: [Role; 4] = [Role::KeyDecisionMaker, Role::Influencer, Role::OperationalContact, Role::Unknown];

    pub fn as_str(self) -> &'static str {
        match self {
            Role::KeyDecisionMaker => "key_decision_maker",
            Role::Influencer => "influencer",
            Role::OperationalContact => "operational_contact",
            Role::Unknown => "unknown",
        }
    }

    pub fn parse(text: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|r| r.as_str() == text)
    }

    pub fn label(self) -> &'static str {
        match self {
            Role::KeyDecisionMaker => "key decision maker",
            Role::Influencer => "influencer",
            Role::OperationalContact => "operational contact",
            Role::Unknown => "role not known",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

/// The code of a finding: an encoding has lost letters of a cell.
pub const LETTERS_LOST: &str = "character_lost";

/// The same: somebody has repaired a row of an uploaded list.
pub const REPAIRED: &str = "repaired";

/// What the check of a list found in one record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The row as a spreadsheet program shows it: the header is 1 unless empty lines stand before it, and empty lines count.
    pub line: u64,
    /// Contract: `address_missing`, `role_mailbox`, ...
    pub code: String,
    pub severity: Severity,
    /// Our own column name, `email` for example.
    pub field: String,
    pub value: String,
    /// One sentence: what is wrong, with what, and what to do.
    pub message: String,
}

/// A person of the client: account director or account manager.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Colleague {
    pub name: String,
    pub email: EmailAddress,
}

/// A usable row. What its list does not say, by an empty cell or for want of a column, stays as it is in the round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedContact {
    pub line: u64,
    pub account: String,
    pub first_name: String,
    pub last_name: String,
    pub email: EmailAddress,
    pub job_title: String,
    pub role: Role,
    /// ISO 639 code, lower case; empty when the list does not say.
    pub language: String,
    /// ISO 3166 code, upper case; empty when the list does not say.
    pub country: String,
    /// As ISO 3166-2 has it after the hyphen; empty when the list does not say: the days of the whole country are used.
    pub region: String,
    /// IANA name; empty when the list does not say or is wrong: the round's own zone is used.
    pub time_zone: String,
    pub director: Colleague,
    /// None where the list does not say; so with the next two.
    pub manager: Option<Colleague>,
    pub strategic: Option<bool>,
    pub annual_revenue: Option<i64>,
    /// What the client's own system calls the person; empty when the list does not say.
    #[serde(default)]
    pub key: String,
    /// Columns of the list that are none of ours, by their header.
    #[serde(default)]
    pub more: BTreeMap<String, String>,
    /// Warnings that the director sees beside the name.
    pub findings: Vec<Finding>,
}
