//! Invented people, as many as are wanted, the same at every run.

use std::collections::BTreeMap;

use soundings::base::address::EmailAddress;
use soundings::rules::contacts::{Colleague, ListedContact, Role};

const FIRST: [&str; 10] =
    ["Anna", "Ömer", "Siobhán", "Jean-Luc", "Łucja", "Bernd", "Zoë", "Catherine", "Dmitri", "Wei"];
const LAST: [&str; 12] = [
    "Müller",
    "Smith",
    "Çelik",
    "O'Brien",
    "Sørensen",
    "Nowak",
    "Okubo",
    "Garcia",
    "Jansen",
    "Virtanen",
    "Rossi",
    "Lee",
];

fn address(text: String) -> EmailAddress {
    EmailAddress::parse(&text).unwrap()
}

pub fn listed(n: usize, to_an_account: usize, changed: bool) -> ListedContact {
    let account = n / to_an_account;
    ListedContact {
        line: n as u64 + 2,
        account: format!("Account {account} Holding"),
        first_name: FIRST[n % FIRST.len()].into(),
        last_name: format!("{}-{}", LAST[n % LAST.len()], n / 7),
        email: address(format!("person.{n}@account{account}.example")),
        job_title: if changed && n.is_multiple_of(100) { "Chief Buyer" } else { "Buyer" }.into(),
        role: if n.is_multiple_of(5) { Role::KeyDecisionMaker } else { Role::Influencer },
        language: "en".into(),
        country: "GB".into(),
        region: String::new(),
        time_zone: "Europe/London".into(),
        director: Colleague {
            name: format!("Director {}", account % 500),
            email: address(format!("director{}@client.example", account % 500)),
        },
        manager: None,
        strategic: Some(false),
        annual_revenue: Some(account as i64 % 977 * 1_000),
        key: String::new(),
        more: BTreeMap::default(),
        findings: Vec::new(),
    }
}
