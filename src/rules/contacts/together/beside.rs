//! What rows tell beside each other about their names: the same person twice, first and last name swapped, an address of somebody else.
//!
//! An address alone proves little: a company may write last names first, and people marry. So every finding here has two witnesses, the
//! row itself and the other rows of its domain, its account or its list.

use std::collections::{HashMap, HashSet};

use super::identity::name_key;
use crate::rules::contacts::Finding;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::Severity;
use crate::rules::contacts::row::Field;
use crate::rules::contacts::row::capitals::{in_capitals, usual_case};
use crate::rules::contacts::row::cells::folded;
use crate::rules::contacts::row::row_check::note;
use crate::rules::contacts::row::spelled::{PlainName, Spelling, spelling, words_of};

/// From so many rows on, a list of which most names are in capitals is told so once.
const CAPITALS_OF_A_LIST: usize = 20;

/// So many addresses that spell their names, twenty for each that does not, are the habit of a list.
const HABIT: usize = 10;

/// Where the family name comes first, so that one address proves nothing.
const FAMILY_FIRST: &str = "CN HK HU JP KH KP KR MO SG TW VN";

/// Adds to the rows what is found, and gives back what is said of the list as a whole, in the row of its header.
pub(in crate::contacts) fn about_names(
    contacts: &mut [ListedContact],
    members: &[Vec<usize>],
    header: u64,
) -> Vec<Finding> {
    twice(contacts, members);
    let spellings: Vec<Spelling> = contacts.iter().map(spelling).collect();
    if spellings.iter().any(|s| matches!(s, Spelling::Reversed | Spelling::Other | Spelling::Unknown)) {
        let told = Told::of(contacts, &spellings);
        for at in 0..contacts.len() {
            if told.swapped(&contacts[at], spellings[at]) {
                swapped(&mut contacts[at]);
            }
        }
        let others = others(contacts, members, &spellings);
        for (at, whose) in others {
            if whose.is_some() || told.disagrees(&contacts[at]) {
                disagrees(&mut contacts[at], whose.as_deref());
            }
        }
    }
    capitals(contacts, header)
}

/// Two rows of one name at one account, which nothing but their addresses tells apart.
fn twice(contacts: &mut [ListedContact], members: &[Vec<usize>]) {
    let apart = |a: &ListedContact, b: &ListedContact| {
        let differ = |x: &str, y: &str| !x.is_empty() && !y.is_empty() && folded(x) != folded(y);
        differ(&a.job_title, &b.job_title) || differ(&a.country, &b.country)
    };
    for members in members.iter().filter(|m| m.len() > 1) {
        let mut known: HashMap<String, Vec<usize>> = HashMap::with_capacity(members.len());
        for at in members {
            let key = name_key(&contacts[*at].first_name, &contacts[*at].last_name);
            let same = known.entry(key).or_default();
            if let Some(first) = same.iter().find(|first| !apart(&contacts[**first], &contacts[*at])) {
                let first = &contacts[*first];
                let message = format!(
                    "{} {} stands in row {} of {} too, with the address {}. If it is one person, remove one of the two \
                    rows; if not, write what tells them apart, such as the job title.",
                    contacts[*at].first_name, contacts[*at].last_name, first.line, first.account, first.email
                );
                let value = format!("{} {}", contacts[*at].first_name, contacts[*at].last_name);
                note(&mut contacts[*at], "duplicate_name", Field::LastName, value.trim().into(), &message);
            }
            same.push(*at);
        }
    }
}

/// What the rows of a list say about names and domains.
struct Told {
    /// By domain: addresses that spell the name, and those with the last name first.
    domains: HashMap<String, [usize; 2]>,
    /// By name: how often it is a first name, and a last.
    names: HashMap<String, [usize; 2]>,
    straight: usize,
    reversed: usize,
    /// Addresses that have nothing of their name.
    other: usize,
}

impl Told {
    fn of(contacts: &[ListedContact], spellings: &[Spelling]) -> Told {
        let mut told = Told { domains: HashMap::new(), names: HashMap::new(), straight: 0, reversed: 0, other: 0 };
        for (contact, spelling) in contacts.iter().zip(spellings) {
            let column = match spelling {
                Spelling::Straight => 0,
                Spelling::Reversed => 1,
                _ => 2,
            };
            told.other += usize::from(*spelling == Spelling::Other);
            if column < 2 {
                told.domains.entry(contact.email.domain().to_owned()).or_default()[column] += 1;
                told.straight += 1 - column;
                told.reversed += column;
            }
            if !matches!(spelling, Spelling::Reversed | Spelling::Other) {
                let name = PlainName::of(contact);
                told.names.entry(name.first).or_default()[0] += 1;
                told.names.entry(name.last).or_default()[1] += 1;
            }
        }
        told
    }

    fn name(&self, name: &str) -> [usize; 2] {
        self.names.get(name).copied().unwrap_or_default()
    }

    fn domain(&self, contact: &ListedContact) -> [usize; 2] {
        self.domains.get(contact.email.domain()).copied().unwrap_or_default()
    }

    fn swapped(&self, contact: &ListedContact, spelling: Spelling) -> bool {
        if !matches!(spelling, Spelling::Reversed | Spelling::Unknown) {
            return false;
        }
        let name = PlainName::of(contact);
        let (first, last) = (self.name(&name.first), self.name(&name.last));
        if spelling == Spelling::Unknown {
            // The row has counted itself. Without the address only names that are never the other kind are proof.
            return first[0] == 1 && first[1] > 1 && last[1] == 1 && last[0] > 1;
        }
        let [straight, reversed] = self.domain(contact);
        let is_first_name = first[0] > first[1];
        if straight > 0 {
            return straight >= reversed && !is_first_name || straight > reversed;
        }
        let knows_the_other = last[0] > last[1] && !is_first_name;
        let habit = reversed == 1
            && self.straight >= HABIT
            && self.straight >= 20 * self.reversed
            && !is_first_name
            && (contact.country.is_empty() || !FAMILY_FIRST.contains(&contact.country));
        knows_the_other || habit
    }

    /// Whether an address that has nothing of its name is somebody else's: it has a name that other rows know, or the others of its
    /// domain or nearly all of the list spell theirs.
    fn disagrees(&self, contact: &ListedContact) -> bool {
        let words = words_of(contact.email.local());
        let [begin, .., end] = words.as_slice() else { return false };
        if begin.len() < 2 || end.len() < 2 {
            return false;
        }
        let known = self.name(begin)[0] > 0 || self.name(end)[1] > 0;
        known || self.domain(contact)[0] > 1 || self.straight >= HABIT && self.straight >= 20 * self.other
    }
}

/// The rows whose address has nothing of their name, and whose name it spells where another row has it.
fn others(contacts: &[ListedContact], members: &[Vec<usize>], spellings: &[Spelling]) -> Vec<(usize, Option<String>)> {
    let odd: Vec<usize> = (0..contacts.len()).filter(|at| spellings[*at] == Spelling::Other).collect();
    let joined = |at: usize| words_of(contacts[at].email.local()).concat();
    let sought: HashSet<String> = odd.iter().map(|at| joined(*at)).collect();
    if sought.is_empty() {
        return Vec::new();
    }
    let mut account = vec![0; contacts.len()];
    for (number, members) in members.iter().enumerate() {
        members.iter().for_each(|at| account[*at] = number);
    }
    let (mut whole, mut short): (HashMap<String, usize>, HashMap<(usize, String), usize>) = Default::default();
    for (at, contact) in contacts.iter().enumerate() {
        let name = PlainName::of(contact);
        if !name.is_comparable() {
            continue;
        }
        if sought.contains(&name.whole()) {
            whole.entry(name.whole()).or_insert(at);
        }
        if let Some(text) = name.short().filter(|text| sought.contains(text)) {
            short.entry((account[at], text)).or_insert(at);
        }
    }
    let whose = |at: usize| {
        let text = joined(at);
        let found = whole.get(&text).copied().or_else(|| short.get(&(account[at], text)).copied())?;
        let other = &contacts[found];
        Some(format!("{} {} of row {}", other.first_name, other.last_name, other.line))
    };
    odd.iter().map(|at| (*at, whose(*at))).collect()
}

fn swapped(contact: &mut ListedContact) {
    let message = format!(
        "first and last name seem to be swapped: “{}” stands as the first name and “{}” as the last, and the address \
        is {}. Write “{} {}” if that is right.",
        contact.first_name, contact.last_name, contact.email, contact.last_name, contact.first_name
    );
    let value = format!("{} {}", contact.first_name, contact.last_name);
    note(contact, "names_swapped", Field::FirstName, value, &message);
}

fn disagrees(contact: &mut ListedContact, whose: Option<&str>) {
    let what = match whose {
        Some(whose) => format!("the address {} is made from the name of {whose}", contact.email),
        None => format!("the address {} is made from another name", contact.email),
    };
    let message = format!(
        "{what}, not from {} {}. Check whose it is, and whether a column has slipped by a row.",
        contact.first_name, contact.last_name
    );
    note(contact, "name_and_address_disagree", Field::Email, contact.email.to_string(), &message);
}

/// By row, or once where nearly the whole list is written so.
fn capitals(contacts: &mut [ListedContact], header: u64) -> Vec<Finding> {
    let large: Vec<usize> =
        (0..contacts.len()).filter(|at| in_capitals(&contacts[*at].first_name, &contacts[*at].last_name)).collect();
    if large.len() >= CAPITALS_OF_A_LIST && large.len() * 2 > contacts.len() {
        let message = format!(
            "The names of {} rows are in capitals, and letters would greet people so. Write them as people do; the \
            spreadsheet to send back proposes it.",
            large.len()
        );
        let (code, field) = ("name_in_capitals".into(), Field::LastName.as_str().into());
        return vec![Finding { line: header, code, severity: Severity::Warning, field, value: String::new(), message }];
    }
    for at in large {
        let contact = &mut contacts[at];
        let value = format!("{} {}", contact.first_name, contact.last_name).trim().to_owned();
        let usual = format!("{} {}", usual_case(&contact.first_name), usual_case(&contact.last_name));
        let message = format!(
            "the name {value} is in capitals, and letters would greet this person so. Write {} if that is right.",
            usual.trim()
        );
        note(contact, "name_in_capitals", Field::LastName, value, &message);
    }
    Vec::new()
}

#[cfg(test)]
#[path = "beside_tests.rs"]
mod tests;
