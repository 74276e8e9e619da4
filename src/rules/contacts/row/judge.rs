//! One row on its own: the contact it makes, and what is wrong with it.

use std::collections::BTreeMap;

use crate::base::address::EmailAddress;
use crate::base::spelling;

use super::cells;
use super::header_or_address::{is_header, is_header_or_address};
use super::mailbox;
use super::names::names;
use super::row_check::RowCheck;
use super::unfilled;
use super::vocabulary;
use super::whereabouts::{Whereabouts, whereabouts};
use crate::rules::contacts::Colleague;
use crate::rules::contacts::Finding;
use crate::rules::contacts::LETTERS_LOST;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::Role;
use crate::rules::contacts::Severity;
use crate::rules::contacts::row::{Field, Row};
use crate::rules::contacts::together::keys;

/// What one row comes to.
#[derive(Debug)]
pub struct JudgedRow {
    pub row: Row,
    /// When it can be read.
    pub address: Option<EmailAddress>,
    /// `None` when a finding keeps the row out.
    pub contact: Option<ListedContact>,
    pub findings: Vec<Finding>,
}

pub fn judge(mut row: Row, columns: &[Field]) -> JudgedRow {
    let findings = std::mem::take(&mut row.found);
    let mut j = RowCheck { row, findings };
    tidy(&mut j);
    says_nothing(&mut j);
    let account = account(&mut j);
    let (first_name, last_name) = names(&mut j);
    let address = address(&mut j);
    let director = director(&mut j);
    let manager = manager(&mut j);
    let role = role(&mut j, columns);
    let Whereabouts { language, country, region, time_zone } = whereabouts(&mut j, columns);
    let strategic = strategic(&mut j);
    let annual_revenue = revenue(&mut j);
    let usable = j.findings.iter().all(|f| f.severity == Severity::Warning);
    let contact = match (&address, director) {
        (Some(email), Some(director)) if usable => Some(ListedContact {
            line: j.row.line,
            account,
            first_name,
            last_name,
            email: email.clone(),
            job_title: j.get(Field::JobTitle).to_owned(),
            role,
            language,
            country,
            region,
            time_zone,
            director,
            manager,
            strategic,
            annual_revenue,
            key: j.get(Field::ContactKey).to_owned(),
            more: more(&j.row),
            findings: Vec::new(),
        }),
        _ => None,
    };
    JudgedRow { row: j.row, address, contact, findings: j.findings }
}

/// The city only tells the time zone, and is otherwise none of ours: it is kept like other columns of the list.
fn more(row: &Row) -> BTreeMap<String, String> {
    let mut more = row.more.clone();
    if !row.get(Field::City).is_empty() {
        more.insert(Field::City.as_str().to_owned(), row.get(Field::City).to_owned());
    }
    more
}

/// What can be wrong with any cell.
fn tidy(j: &mut RowCheck) {
    for field in Field::ALL {
        let text = j.get(field);
        if text.is_empty() {
            continue;
        }
        let by_letter = matches!(field, Field::Account | Field::FirstName | Field::LastName | Field::FullName);
        // Nearly every cell is plain text; the closer look is for the others.
        if cells::is_plain(text) && !(by_letter && text.contains('?')) {
            continue;
        }
        let unquoted = cells::original(text.trim());
        let unseen = cells::without_controls(&unquoted);
        let bare = unseen.trim();
        if bare.len() != text.len() {
            let bare = bare.to_owned();
            j.row.set(field, bare);
        }
        let text = j.get(field);
        if cells::breaks_line(text) {
            let sentence = format!("there is a line break in the {}. Write it on one line.", field.label());
            j.error("line_break_in_cell", field, &sentence);
        } else if cells::is_formula(text) {
            let sentence = format!(
                "the {} is a formula, “{}”, and is kept as plain text. Write the text itself.",
                field.label(),
                cells::quoted(text)
            );
            j.warn("formula_in_cell", field, &sentence);
        } else if cells::lost_character(text, by_letter) && !unfilled::is_error_value(text) {
            let sentence = format!(
                "letters are lost in the {} “{}”. Save the list again as CSV UTF-8, or correct the cell.",
                field.label(),
                cells::quoted(text)
            );
            j.warn(LETTERS_LOST, field, &sentence);
        }
    }
    for field in [Field::JobTitle, Field::FirstName, Field::LastName, Field::FullName] {
        if vocabulary::left_company_note(j.get(field)) {
            let sentence = format!(
                "“{}” says that this person has left. Remove the row, or correct it.",
                cells::quoted(j.get(field))
            );
            j.warn("left_company_note", field, &sentence);
        }
    }
    if j.row.surplus > 0 {
        j.warn(
            "too_many_cells",
            Field::Account,
            "it has more cells than the header. Look for a comma or semicolon that is not in quotation marks.",
        );
    }
}

/// Cells that need not be filled: what a program left there counts as empty. The others are told where they are read.
fn says_nothing(j: &mut RowCheck) {
    for field in [Field::ContactKey, Field::JobTitle, Field::Director, Field::Manager, Field::State, Field::City] {
        let text = j.get(field);
        let address = field == Field::JobTitle && unfilled::is_form_of_address(text);
        let no_key = field == Field::ContactKey && keys::says_nothing(text);
        if text.is_empty() || !(address || no_key || unfilled::says_nothing(text) || is_header(text)) {
            continue;
        }
        let what = if address { "is a form of address and" } else { "is" };
        let sentence = format!(
            "“{}” {what} no {}; the cell counts as empty. Write the {} or leave it empty.",
            cells::quoted(text),
            field.label(),
            field.label()
        );
        j.warn("value_is_placeholder", field, &sentence);
        j.row.set(field, "");
    }
}

fn account(j: &mut RowCheck) -> String {
    let text = j.get(Field::Account);
    if unfilled::says_nothing(text) || is_header_or_address(text) {
        let sentence =
            format!("“{}” is not a customer's name. Write the name, or remove the row.", cells::quoted(text));
        j.error("account_missing", Field::Account, &sentence);
        // Nothing is concluded from others that have the same.
        j.row.set(Field::Account, "");
    } else if j.get(Field::Account).is_empty() {
        j.error(
            "account_missing",
            Field::Account,
            "the account is empty. Write the customer's name, or remove the row.",
        );
    }
    spelling::shown(j.get(Field::Account))
}

/// The address alone: without an invisible character, `mailto:` or a display name.
fn bare_address(text: &str) -> String {
    let text = spelling::without_unseen(text);
    let inner = match text.trim_end().strip_suffix('>').and_then(|t| t.rsplit_once('<')) {
        Some((_, address)) => address,
        None => &*text,
    };
    let inner = inner.trim();
    inner.get(..7).filter(|p| p.eq_ignore_ascii_case("mailto:")).map_or(inner, |_| &inner[7..]).to_owned()
}

fn address(j: &mut RowCheck) -> Option<EmailAddress> {
    let text = bare_address(j.get(Field::Email));
    if text.is_empty() {
        j.error(
            "address_missing",
            Field::Email,
            "the e-mail address is empty. Write it in the list, or remove the row.",
        );
        return None;
    }
    // A line break in this cell has been told already.
    if cells::breaks_line(&text) {
        return None;
    }
    match EmailAddress::parse(&text) {
        Err(why) => {
            let sentence =
                format!("the address {} {why}. Correct it in the list, or remove the row.", cells::quoted(&text));
            j.error("address_invalid", Field::Email, &sentence);
            None
        }
        Ok(address) => {
            if mailbox::is_shared(address.local()) {
                let sentence =
                    format!("{address} is a mailbox that several people read. Write the person's own address.");
                j.warn("role_mailbox", Field::Email, &sentence);
            }
            if mailbox::is_private(address.domain()) {
                let sentence = format!("{address} is a private mailbox. Write the address at work.");
                j.warn("private_mailbox", Field::Email, &sentence);
            }
            if !address.local().is_ascii() {
                let sentence = format!(
                    "{address} has letters before the @ that not every mail server takes. Ask for an address in plain letters."
                );
                j.warn("address_needs_smtputf8", Field::Email, &sentence);
            }
            Some(address)
        }
    }
}

fn director(j: &mut RowCheck) -> Option<Colleague> {
    let text = bare_address(j.get(Field::DirectorEmail));
    if text.is_empty() {
        let sentence = match j.get(Field::Director) {
            "" => "the account director is empty. Write who signs off the names of this account.".to_owned(),
            name => {
                format!("the account director {} has no e-mail address. Write it in the list.", cells::quoted(name))
            }
        };
        j.error("account_director_missing", Field::DirectorEmail, &sentence);
        return None;
    }
    match EmailAddress::parse(&text) {
        Err(why) => {
            let sentence =
                format!("the account director's address {} {why}. Correct it in the list.", cells::quoted(&text));
            j.error("account_director_missing", Field::DirectorEmail, &sentence);
            None
        }
        Ok(email) => Some(colleague(j.get(Field::Director), email)),
    }
}

fn manager(j: &mut RowCheck) -> Option<Colleague> {
    let text = bare_address(j.get(Field::ManagerEmail));
    let name = j.get(Field::Manager).to_owned();
    if text.is_empty() {
        if !name.is_empty() {
            let sentence = format!(
                "the account manager {} has no e-mail address and will get no list of open names. Write it in the list.",
                cells::quoted(&name)
            );
            j.warn("account_manager_unreachable", Field::ManagerEmail, &sentence);
        }
        return None;
    }
    match EmailAddress::parse(&text) {
        Ok(email) => Some(colleague(&name, email)),
        Err(why) => {
            let sentence =
                format!("the account manager's address {} {why}. Correct it in the list.", cells::quoted(&text));
            j.warn("account_manager_unreachable", Field::ManagerEmail, &sentence);
            None
        }
    }
}

/// A colleague without a name goes by the address.
fn colleague(name: &str, email: EmailAddress) -> Colleague {
    Colleague { name: if name.is_empty() { email.to_string() } else { name.to_owned() }, email }
}

fn role(j: &mut RowCheck, columns: &[Field]) -> Role {
    let text = j.get(Field::Role);
    if let Some(role) = vocabulary::role(text) {
        return role;
    }
    if columns.contains(&Field::Role) && Role::parse(text) != Some(Role::Unknown) {
        let what = if text.is_empty() {
            "the contact role is empty".to_owned()
        } else {
            format!("“{}” is not a contact role", cells::quoted(text))
        };
        j.warn(
            "role_unknown",
            Field::Role,
            &format!("{what}. Write key decision maker, influencer or operational contact."),
        );
    }
    Role::Unknown
}

/// An empty cell says nothing: the account stays what it is.
fn strategic(j: &mut RowCheck) -> Option<bool> {
    if j.get(Field::Strategic).is_empty() {
        return None;
    }
    if let Some(yes) = vocabulary::yes(j.get(Field::Strategic)) {
        Some(yes)
    } else {
        let sentence = format!(
            "“{}” is neither yes nor no. The account is taken as strategic; write yes or no.",
            cells::quoted(j.get(Field::Strategic))
        );
        j.warn("strategic_unknown", Field::Strategic, &sentence);
        Some(true)
    }
}

fn revenue(j: &mut RowCheck) -> Option<i64> {
    let text = j.get(Field::AnnualRevenue);
    if text.is_empty() {
        return None;
    }
    let amount = vocabulary::amount(text);
    if amount.is_none() {
        let sentence =
            format!("the annual revenue “{}” is not a whole number. Write digits only.", cells::quoted(text));
        j.warn("annual_revenue_unknown", Field::AnnualRevenue, &sentence);
    }
    amount
}
