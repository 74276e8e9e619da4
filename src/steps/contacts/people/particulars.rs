//! What becomes of somebody's particulars by a row of a list: what it says, and what was known where it is silent.

use std::collections::BTreeMap;

use crate::base::address::EmailAddress;
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::{Colleague, Finding, ListedContact, Role};
use crate::rules::signoff::SignedName;
use crate::steps::context::{Ctx, Purpose};
use crate::store::contacts::Person;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::listing::{Listed, NewContact};

use super::place::findings_json;

/// What is known of somebody that a row may leave unsaid.
#[derive(Clone, Copy)]
pub(crate) struct Before<'a> {
    job_title: &'a str,
    role: Role,
    language: &'a str,
    country: &'a str,
    region: &'a str,
    time_zone: &'a str,
    findings: &'a str,
    client_key: &'a str,
    more: &'a str,
}

impl Before<'_> {
    pub fn findings(&self) -> &str {
        self.findings
    }
}

macro_rules! before {
    ($($of:ty),*) => {
        $(impl<'a> From<&'a $of> for Before<'a> {
            fn from(p: &'a $of) -> Before<'a> {
                Before {
                    job_title: &p.job_title,
                    role: p.role,
                    language: &p.language,
                    country: &p.country,
                    region: &p.region,
                    time_zone: &p.time_zone,
                    findings: &p.findings,
                    client_key: &p.client_key,
                    more: &p.more,
                }
            }
        })*
    };
}

before!(Person, Listed);

/// Whether nothing changes but, perhaps, the numbers of rows in findings.
pub(in crate::contacts) fn same(
    old: &Before<'_>,
    (account, email, first_name, last_name): (&AccountId, &EmailAddress, &str, &str),
    new: &NewContact,
) -> bool {
    *account == new.account_id
        && *email == new.email
        && first_name == new.first_name
        && last_name == new.last_name
        && old.job_title == new.job_title
        && old.role == new.role
        && old.language == new.language
        && old.country == new.country
        && old.region == new.region
        && old.time_zone == new.time_zone
        && same_findings(old.findings, &new.findings)
        && old.client_key == new.client_key
        && old.more == new.more
}

/// What was found about values that stay because the row does not say them.
fn about_what_stays(old: &Before<'_>, row: &ListedContact) -> Vec<Finding> {
    let known: Vec<Finding> = serde_json::from_str(old.findings).unwrap_or_default();
    let silent = |field: &str| match field {
        "job_title" => row.job_title.is_empty(),
        "role" => row.role == Role::Unknown,
        "language" => row.language.is_empty(),
        "country" => row.country.is_empty(),
        "region" => row.region.is_empty(),
        "time_zone" => row.time_zone.is_empty(),
        _ => false,
    };
    let new = |f: &Finding| !row.findings.iter().any(|n| n.code == f.code && n.field == f.field);
    known.into_iter().filter(|f| silent(&f.field) && new(f)).collect()
}

/// What a row says; where it is silent, what is known stays.
pub(in crate::contacts) fn particulars(
    ctx: &Ctx,
    id: &ContactId,
    round: &RoundId,
    account: &AccountId,
    row: &ListedContact,
    old: Option<Before<'_>>,
) -> Result<NewContact> {
    Ok(NewContact {
        id: id.clone(),
        link_hash: ctx.secret_hash(Purpose::Assessment, id),
        opt_out_hash: ctx.secret_hash(Purpose::OptOut, id),
        ..as_listed(round, account, row, old)?
    })
}

/// The same without id and links.
pub(in crate::contacts) fn as_listed(
    round: &RoundId,
    account: &AccountId,
    row: &ListedContact,
    old: Option<Before<'_>>,
) -> Result<NewContact> {
    let or = |said: &str, known: fn(&Before<'_>) -> String| match &old {
        Some(old) if said.is_empty() => known(old),
        _ => said.to_string(),
    };
    // A region belongs to its country.
    let elsewhere = old.is_some_and(|old| !row.country.is_empty() && row.country != old.country);
    let mut findings = row.findings.clone();
    findings.extend(old.as_ref().map_or_else(Vec::new, |old| about_what_stays(old, row)));
    Ok(NewContact {
        id: ContactId::from(""),
        round_id: round.clone(),
        account_id: account.clone(),
        line: row.line as i64,
        email: row.email.clone(),
        first_name: row.first_name.clone(),
        last_name: row.last_name.clone(),
        job_title: or(&row.job_title, |p| p.job_title.into()),
        role: old.filter(|_| row.role == Role::Unknown).map_or(row.role, |old| old.role),
        language: or(&row.language, |p| p.language.into()),
        country: or(&row.country, |p| p.country.into()),
        region: if elsewhere { row.region.clone() } else { or(&row.region, |p| p.region.into()) },
        time_zone: or(&row.time_zone, |p| p.time_zone.into()),
        findings: findings_json(&findings)?,
        client_key: or(&row.key, |p| p.client_key.into()),
        more: more(&row.more, old.as_ref().map_or("{}", |old| old.more))?,
        link_hash: String::new(),
        opt_out_hash: String::new(),
    })
}

/// Somebody of the round as a row of a list. `line`: where it stood; 0 where that is no matter.
pub(crate) fn as_row(
    line: i64,
    (first_name, last_name, email): (&str, &str, &EmailAddress),
    known: Before<'_>,
    account: &Account,
) -> ListedContact {
    let manager = EmailAddress::parse(&account.manager_email).ok();
    ListedContact {
        line: line.max(0) as u64,
        account: account.name.clone(),
        first_name: first_name.into(),
        last_name: last_name.into(),
        email: email.clone(),
        job_title: known.job_title.into(),
        role: known.role,
        language: known.language.into(),
        country: known.country.into(),
        region: known.region.into(),
        time_zone: known.time_zone.into(),
        director: Colleague { name: account.director_name.clone(), email: account.director_email.clone() },
        manager: manager.map(|email| Colleague { name: account.manager_name.clone(), email }),
        strategic: Some(account.strategic.0),
        annual_revenue: account.annual_revenue,
        key: known.client_key.into(),
        more: more_columns(known.more),
        findings: serde_json::from_str(known.findings).unwrap_or_default(),
    }
}

/// A row that says no more than where the person of this name is reached.
pub(in crate::contacts) fn only_address(row: &ListedContact, (first_name, last_name): (&str, &str)) -> ListedContact {
    ListedContact {
        first_name: first_name.into(),
        last_name: last_name.into(),
        job_title: String::new(),
        role: Role::Unknown,
        language: String::new(),
        country: String::new(),
        region: String::new(),
        time_zone: String::new(),
        more: BTreeMap::new(),
        findings: row.findings.iter().filter(|f| f.field == "email").cloned().collect(),
        ..row.clone()
    }
}

/// Columns that are none of ours as they are kept. Those that the list does not have, or has nothing in, stay.
fn more(said: &BTreeMap<String, String>, known: &str) -> Result<String> {
    if said.values().all(String::is_empty) {
        return Ok(known.to_owned());
    }
    let mut all = more_columns(known);
    all.extend(said.iter().filter(|(_, text)| !text.is_empty()).map(|(header, text)| (header.clone(), text.clone())));
    serde_json::to_string(&all)
        .map_err(|e| Problem::internal("Columns of a list could not be written down.").because(e))
}

/// The same as columns; a text that cannot be read has none.
pub(crate) fn more_columns(kept: &str) -> BTreeMap<String, String> {
    serde_json::from_str(kept).unwrap_or_default()
}

/// Whether two lists of findings say the same, whatever the numbers of their rows.
fn same_findings(old: &str, new: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Vec<Finding>>(text).ok();
    let without_row = |f: &Finding| {
        let number = format!("Row {}: ", f.line);
        let message = f.message.strip_prefix(&number).unwrap_or(&f.message).to_owned();
        Finding { line: 0, message, ..f.clone() }
    };
    old == new
        || read(old).zip(read(new)).is_some_and(|(old, new)| {
            old.len() == new.len() && old.iter().zip(&new).all(|(a, b)| without_row(a) == without_row(b))
        })
}

/// The codes of findings before and after; none where they are the same.
pub(in crate::contacts) fn finding_codes(old: &str, new: &str) -> Option<[String; 2]> {
    let codes = |text: &str| {
        let all: Vec<Finding> = serde_json::from_str(text).unwrap_or_default();
        all.into_iter().map(|f| f.code).collect::<Vec<_>>().join(", ")
    };
    (!same_findings(old, new)).then(|| [codes(old), codes(new)])
}

/// What a signature approves about somebody of the round, or of a row.
pub(in crate::contacts) trait Signable {
    fn signed(&self) -> SignedName;
}

macro_rules! signable {
    ($($of:ty),*) => {
        $(impl Signable for $of {
            fn signed(&self) -> SignedName {
                SignedName {
                    email: self.email.as_str().into(),
                    first_name: self.first_name.clone(),
                    last_name: self.last_name.clone(),
                    job_title: self.job_title.clone(),
                    role: self.role,
                    language: self.language.clone(),
                    country: self.country.clone(),
                    time_zone: self.time_zone.clone(),
                    region: self.region.clone(),
                }
            }
        })*
    };
}

signable!(Listed, NewContact);

pub(in crate::contacts) fn signed_name(person: &impl Signable) -> SignedName {
    person.signed()
}
