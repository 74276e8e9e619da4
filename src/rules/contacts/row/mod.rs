//! A record of a list before anything is known about it: our columns and the text that stood in them.

pub mod vocabulary;
pub mod cells;
pub mod unfilled;
pub mod name;
pub mod header_or_address;
pub mod mailbox;
pub(in crate::contacts) mod row_check;
pub mod judge;
pub mod names;
pub mod whereabouts;
pub mod capitals;
pub(in crate::contacts) mod spelled;
pub mod more;

use std::collections::BTreeMap;

use crate::rules::contacts::{Finding, Severity};

/// Our columns. The names are those of the native layout and of `Finding::field`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    Account,
    /// What the client's own system calls the person: Salesforce's Contact ID, HubSpot's Record ID.
    ContactKey,
    FirstName,
    LastName,
    /// Both names in one cell, as some exports have them.
    FullName,
    Email,
    JobTitle,
    Role,
    Language,
    Country,
    Region,
    /// The state of an address, as other programs export it: whatever people call one.
    State,
    /// Where the contact works: tells the time zone in a country that has several.
    City,
    TimeZone,
    Director,
    DirectorEmail,
    Manager,
    ManagerEmail,
    Strategic,
    AnnualRevenue,
}

impl Field {
    pub const COUNT: usize = 20;

    pub const ALL: [Field; Field::COUNT] = [
        Field::Account,
        Field::ContactKey,
        Field::FirstName,
        Field::LastName,
        Field::FullName,
        Field::Email,
        Field::JobTitle,
        Field::Role,
        Field::Language,
        Field::Country,
        Field::Region,
        Field::State,
        Field::City,
        Field::TimeZone,
        Field::Director,
        Field::DirectorEmail,
        Field::Manager,
        Field::ManagerEmail,
        Field::Strategic,
        Field::AnnualRevenue,
    ];

    /// Columns that few lists have: written only where something stands in them. All the others are the native layout, in the order of
    /// [`Field::ALL`].
    pub const SELDOM: [Field; 4] = [Field::ContactKey, Field::FullName, Field::State, Field::City];

    pub fn as_str(self) -> &'static str {
        match self {
            Field::Account => "account",
            Field::ContactKey => "contact_key",
            Field::FirstName => "first_name",
            Field::LastName => "last_name",
            Field::FullName => "full_name",
            Field::Email => "email",
            Field::JobTitle => "job_title",
            Field::Role => "role",
            Field::Language => "language",
            Field::Country => "country",
            Field::Region => "region",
            Field::State => "state",
            Field::City => "city",
            Field::TimeZone => "time_zone",
            Field::Director => "account_director",
            Field::DirectorEmail => "account_director_email",
            Field::Manager => "account_manager",
            Field::ManagerEmail => "account_manager_email",
            Field::Strategic => "strategic",
            Field::AnnualRevenue => "annual_revenue",
        }
    }

    /// For people: "e-mail address", "account director's e-mail address", ...
    pub fn label(self) -> &'static str {
        match self {
            Field::Account => "account",
            Field::ContactKey => "contact's key in the client's system",
            Field::FirstName => "first name",
            Field::LastName => "last name",
            Field::FullName => "full name",
            Field::Email => "e-mail address",
            Field::JobTitle => "job title",
            Field::Role => "contact role",
            Field::Language => "language",
            Field::Country => "country",
            Field::Region => "region",
            Field::State => "state",
            Field::City => "city",
            Field::TimeZone => "time zone",
            Field::Director => "account director",
            Field::DirectorEmail => "account director's e-mail address",
            Field::Manager => "account manager",
            Field::ManagerEmail => "account manager's e-mail address",
            Field::Strategic => "strategic mark",
            Field::AnnualRevenue => "annual revenue",
        }
    }
}

/// Columns of a corrected template that say what is wrong with a row: no part of a contact when the list comes back.
pub const REMARKS: [&str; 3] = ["finding", "what_to_do", "proposed"];

/// One record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// As a spreadsheet program shows it.
    pub line: u64,
    cells: [String; Field::COUNT],
    /// Columns that are none of ours, by their header: kept as they are.
    pub more: BTreeMap<String, String>,
    /// How many filled cells stand beyond the last column of the header.
    pub surplus: usize,
    /// What was found in it while it was read, before anybody looked at its cells.
    pub found: Vec<Finding>,
}

impl Row {
    pub fn new(line: u64) -> Row {
        Row { line, ..Row::default() }
    }

    pub fn get(&self, field: Field) -> &str {
        &self.cells[field as usize]
    }

    pub fn set(&mut self, field: Field, text: impl Into<String>) {
        self.cells[field as usize] = text.into();
    }

    /// How much memory its text takes.
    pub fn bytes(&self) -> usize {
        let more = self.more.iter().map(|(header, text)| header.len() + text.len());
        self.cells.iter().map(String::len).chain(more).sum()
    }

    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(|c| c.trim().is_empty())
    }

    /// A finding in this row; `sentence` follows "Row 17: ".
    pub fn finding(&self, code: &str, severity: Severity, field: Field, sentence: &str) -> Finding {
        Finding {
            line: self.line,
            code: code.into(),
            severity,
            field: field.as_str().into(),
            value: cells::quoted(self.get(field)),
            message: format!("Row {}: {sentence}", self.line),
        }
    }
}
