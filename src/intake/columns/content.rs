//! What the cells of a column look like, where its name says nothing or something else.
//!
//! Only what can hardly be anything else is told: addresses, countries, languages, time zones, roles and keys of Salesforce.

use std::collections::BTreeSet;

use csv::StringRecord;

use crate::base::address::EmailAddress;
use crate::rules::contacts::row::unfilled;
use crate::rules::contacts::row::vocabulary;
use crate::rules::contacts::row::whereabouts::places;

/// Fewer filled cells tell nothing.
const ENOUGH: usize = 3;

/// So many cells of a hundred must agree.
const CLEAR: usize = 90;

/// What stands in one column of the sample.
#[derive(Clone, Debug, Default)]
pub struct Content {
    pub filled: usize,
    distinct: BTreeSet<String>,
    domains: BTreeSet<String>,
    addresses: usize,
    titles: usize,
    countries: usize,
    /// Codes in capitals and names: of a country rather than of a language.
    country_like: usize,
    languages: usize,
    zones: usize,
    roles: usize,
    keys: usize,
}

impl Content {
    /// Of each column, from the rows of the sample.
    pub fn of(width: usize, rows: &[StringRecord]) -> Vec<Content> {
        let mut all = vec![Content::default(); width];
        for row in rows {
            for (content, cell) in all.iter_mut().zip(row) {
                content.add(cell.trim());
            }
        }
        all
    }

    fn add(&mut self, cell: &str) {
        if cell.is_empty() || cell.len() > 200 || unfilled::says_nothing(cell) {
            return;
        }
        self.filled += 1;
        self.distinct.insert(cell.to_lowercase());
        if cell.contains('@') {
            if let Ok(address) = EmailAddress::parse(cell) {
                self.addresses += 1;
                self.domains.insert(address.domain().to_lowercase());
            }
            return;
        }
        self.titles += usize::from(unfilled::is_form_of_address(cell));
        self.roles += usize::from(vocabulary::role(cell).is_some());
        self.zones += usize::from(cell.contains('/') && places::time_zone(cell).is_some());
        self.keys += usize::from(is_salesforce_contact(cell));
        self.languages += usize::from(places::language(cell).is_some());
        if places::country(cell).is_some() {
            self.countries += 1;
            let is_code = cell.len() == 2;
            self.country_like += usize::from(!is_code || cell.chars().all(char::is_uppercase));
        }
    }

    fn share(&self, of: usize) -> usize {
        of * 100 / self.filled.max(1)
    }

    fn clear(&self, of: usize) -> bool {
        self.filled >= ENOUGH && self.share(of) >= CLEAR
    }

    pub fn is_addresses(&self) -> bool {
        self.filled > 0 && self.share(self.addresses) >= 80
    }

    /// Mr, Mrs, Dr: what some programs call a title.
    pub fn is_forms_of_address(&self) -> bool {
        self.filled > 0 && self.share(self.titles) >= 80
    }

    /// Each address stands once: those of contacts.
    pub fn is_of_persons(&self) -> bool {
        self.clear(self.addresses) && self.share(self.distinct.len()) >= 90
    }

    /// The same addresses again and again, or all of one house while others are of many: those of the client's own people.
    pub fn is_of_colleagues(&self, others: &[&Content]) -> bool {
        let one_house = self.domains.len() == 1 && others.iter().any(|other| other.domains.len() > 1);
        self.clear(self.addresses) && (self.share(self.distinct.len()) <= 50 || one_house)
    }

    pub fn is_countries(&self) -> bool {
        self.clear(self.countries) && self.share(self.country_like) >= CLEAR && self.longest_code_is_no_state()
    }

    pub fn is_languages(&self) -> bool {
        self.clear(self.languages) && self.share(self.country_like) < 50
    }

    pub fn is_zones(&self) -> bool {
        self.clear(self.zones)
    }

    pub fn is_roles(&self) -> bool {
        self.clear(self.roles)
    }

    pub fn is_keys(&self) -> bool {
        self.clear(self.keys) && self.distinct.len() == self.filled
    }

    /// CA, IN, DE and GA are states of America too: codes alone are countries only where one of them is no state's.
    fn longest_code_is_no_state(&self) -> bool {
        const STATES: &str = "al ak az ar ca co ct de fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh nj nm ny nc nd oh ok or \
            pa ri sc sd tn tx ut vt va wa wv wi wy dc";
        self.distinct.iter().any(|cell| !STATES.split_whitespace().any(|state| state == cell))
    }

    /// How many of a hundred cells are what the column is taken for.
    pub fn confidence(&self) -> u8 {
        let most = [self.addresses, self.zones, self.roles, self.keys, self.countries, self.languages];
        let share = self.share(most.into_iter().max().unwrap_or(0));
        u8::try_from(share.min(95)).unwrap_or(95)
    }
}

/// The ID of a contact in Salesforce: 003 and 12 or 15 more.
fn is_salesforce_contact(cell: &str) -> bool {
    matches!(cell.len(), 15 | 18)
        && cell.starts_with("003")
        && cell.bytes().all(|b| b.is_ascii_alphanumeric())
        && cell.bytes().any(|b| b.is_ascii_alphabetic())
}
