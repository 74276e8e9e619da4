//! The contacts of a round: the columns of a list, so that the file loads again, then where each of them stands.
//!
//! What stands in the second part is none of a list's: its names begin as no other program's do, and a list that has them is read without.

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::rules::contacts::ListedContact;
use crate::rules::contacts::row::Field;

use super::value::{Column, Described, Type, Value, column};

/// Where a contact stands, as far as it may be told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stands {
    pub id: ContactId,
    /// By everybody who must sign the name.
    pub signed: bool,
    pub signed_at: Option<Ts>,
    pub invited_at: Option<Ts>,
    pub started_at: Option<Ts>,
    pub completed_at: Option<Ts>,
    /// Not to be written to: in this round, or by this client at all.
    pub opted_out_at: Option<Ts>,
    pub left_at: Option<Ts>,
    pub undeliverable_at: Option<Ts>,
    pub undeliverable_reason: String,
    pub absent_until: Option<Ts>,
    /// The absence leaves no time for anything more in the round.
    pub away_until_the_close: bool,
    pub last_sent_at: Option<Ts>,
    /// Messages that have left; none where it is not told.
    pub messages: Option<i64>,
    pub removed_at: Option<Ts>,
    pub removed_reason: String,
}

impl Stands {
    /// In a word of the console's filter, the last thing that counts first.
    pub fn stage(&self) -> &'static str {
        if self.completed_at.is_some() {
            "completed"
        } else if self.removed_at.is_some() {
            "removed"
        } else if self.opted_out_at.is_some() {
            "opted_out"
        } else if self.left_at.is_some() {
            "left"
        } else if self.undeliverable_at.is_some() {
            "undeliverable"
        } else if self.away_until_the_close {
            "away_until_the_close"
        } else if self.started_at.is_some() {
            "started"
        } else if self.invited_at.is_some() {
            "invited"
        } else if self.signed {
            "signed"
        } else {
            "unsigned"
        }
    }
}

/// How the names of all columns begin that are none of a list's.
const OURS: &str = "soundings_";

const STATE: &[Described<Stands>] = &[
    column("soundings_id", Type::Text, "the contact's id, as the other tables name it", |s| Value::text(s.id.as_str())),
    column(
        "soundings_stage",
        Type::Text,
        "where the contact stands: unsigned, signed, invited, started, completed, opted_out, left, undeliverable, \
         away_until_the_close or removed",
        |s| Value::text(s.stage()),
    ),
    column("soundings_signed", Type::YesNo, "whether everybody has signed this very name who must", |s| {
        Value::YesNo(s.signed)
    }),
    column("soundings_signed_at", Type::Instant, "when it was signed, the last time", |s| Value::instant(s.signed_at)),
    column("soundings_invited_at", Type::Instant, "when the invitation left", |s| Value::instant(s.invited_at)),
    column(
        "soundings_started_at",
        Type::Instant,
        "when the first answer was saved; empty where that is not told",
        |s| Value::instant(s.started_at),
    ),
    column("soundings_completed_at", Type::Instant, "when the answers were sent; empty where that is not told", |s| {
        Value::instant(s.completed_at)
    }),
    column("soundings_opted_out_at", Type::Instant, "since when the contact is not to be written to", |s| {
        Value::instant(s.opted_out_at)
    }),
    column("soundings_left_at", Type::Instant, "when it was found that the contact has left the account", |s| {
        Value::instant(s.left_at)
    }),
    column("soundings_undeliverable_at", Type::Instant, "when the address was found dead", |s| {
        Value::instant(s.undeliverable_at)
    }),
    column("soundings_undeliverable_reason", Type::Text, "what the mail server said of it", |s| {
        Value::text(s.undeliverable_reason.as_str())
    }),
    column("soundings_absent_until", Type::Instant, "until when the contact is away", |s| {
        Value::instant(s.absent_until)
    }),
    column("soundings_last_sent_at", Type::Instant, "when the last message left; empty where that is not told", |s| {
        Value::instant(s.last_sent_at)
    }),
    column("soundings_messages", Type::Whole, "how many messages have left; empty where that is not told", |s| {
        Value::whole(s.messages)
    }),
    column("soundings_removed_at", Type::Instant, "when the contact was taken off the list", |s| {
        Value::instant(s.removed_at)
    }),
    column("soundings_removed_reason", Type::Text, "why", |s| Value::text(s.removed_reason.as_str())),
];

/// Whether this is the header of a column that says where a contact stands: no part of a contact when the list comes back.
pub fn is_state(header: &str) -> bool {
    header.starts_with(OURS) && STATE.iter().any(|c| c.name == header)
}

/// The columns of a list that every file has: the native layout, with the client's key only where somebody has one.
pub fn fields(keyed: bool) -> Vec<Field> {
    let native = Field::ALL.into_iter().filter(|field| !Field::SELDOM.contains(field));
    native.chain(keyed.then_some(Field::ContactKey)).collect()
}

/// `more`: the headers of columns that are none of ours.
pub fn columns(fields: &[Field], more: &[String]) -> Vec<Column> {
    let own = fields.iter().map(|field| {
        let kind = if *field == Field::AnnualRevenue { Type::Whole } else { Type::Text };
        Column::new(field.as_str(), kind, format!("{}, as in a list", field.label()))
    });
    let others = more.iter().map(|header| Column::new(header, Type::Text, "a column of the client's own list"));
    own.chain(others).chain(super::value::columns(STATE)).collect()
}

pub fn cells(contact: &ListedContact, stands: &Stands, fields: &[Field], more: &[String]) -> Vec<Value> {
    let own = fields.iter().map(|field| match field {
        Field::AnnualRevenue => Value::whole(contact.annual_revenue),
        field => Value::text(listed(contact, *field)),
    });
    let others = more.iter().map(|header| Value::text(contact.more.get(header).cloned().unwrap_or_default()));
    own.chain(others).chain(super::value::cells(STATE, stands)).collect()
}

/// What stands in a column of the native layout.
pub fn listed(contact: &ListedContact, field: Field) -> String {
    match field {
        Field::Account => contact.account.clone(),
        Field::ContactKey => contact.key.clone(),
        Field::FirstName => contact.first_name.clone(),
        Field::LastName => contact.last_name.clone(),
        Field::FullName => format!("{} {}", contact.first_name, contact.last_name),
        Field::Email => contact.email.to_string(),
        Field::JobTitle => contact.job_title.clone(),
        Field::Role => contact.role.to_string(),
        Field::Language => contact.language.clone(),
        Field::Country => contact.country.clone(),
        Field::Region => contact.region.clone(),
        Field::State | Field::City => String::new(),
        Field::TimeZone => contact.time_zone.clone(),
        Field::Director => contact.director.name.clone(),
        Field::DirectorEmail => contact.director.email.to_string(),
        Field::Manager => contact.manager.as_ref().map(|m| m.name.clone()).unwrap_or_default(),
        Field::ManagerEmail => contact.manager.as_ref().map(|m| m.email.to_string()).unwrap_or_default(),
        Field::Strategic => contact.strategic.map_or("", |yes| if yes { "yes" } else { "no" }).to_owned(),
        Field::AnnualRevenue => contact.annual_revenue.map(|n| n.to_string()).unwrap_or_default(),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use crate::base::address::EmailAddress;
    use crate::rules::contacts::{Colleague, Role};

    use super::*;

    pub fn ann() -> (ListedContact, Stands) {
        let address = |text: &str| EmailAddress::parse(text).unwrap();
        let contact = ListedContact {
            line: 2,
            account: "Globex".into(),
            first_name: "Ann".into(),
            last_name: "Lee".into(),
            email: address("ann.lee@globex.example"),
            job_title: "=Head".into(),
            role: Role::Influencer,
            language: "en".into(),
            country: "GB".into(),
            region: String::new(),
            time_zone: "Europe/London".into(),
            director: Colleague { name: "Dora Fields".into(), email: address("dora@northwind.example") },
            manager: None,
            strategic: Some(false),
            annual_revenue: Some(100_000),
            key: "K-1".into(),
            more: BTreeMap::from([("Plant".into(), "Leeds".into())]),
            findings: Vec::new(),
        };
        let stands = Stands { id: "c1".into(), signed: true, invited_at: Some(Ts(5_000)), ..Stands::default() };
        (contact, stands)
    }

    #[test]
    fn the_last_thing_that_counts_says_where_somebody_stands() {
        let at = Some(Ts(1));
        let mut stands = Stands::default();
        let mut said = vec![stands.stage()];
        let steps: [fn(&mut Stands, Option<Ts>); 9] = [
            |s, _| s.signed = true,
            |s, at| s.invited_at = at,
            |s, at| s.started_at = at,
            |s, _| s.away_until_the_close = true,
            |s, at| s.undeliverable_at = at,
            |s, at| s.left_at = at,
            |s, at| s.opted_out_at = at,
            |s, at| s.removed_at = at,
            |s, at| s.completed_at = at,
        ];
        for step in steps {
            step(&mut stands, at);
            said.push(stands.stage());
        }
        let all = [
            "unsigned",
            "signed",
            "invited",
            "started",
            "away_until_the_close",
            "undeliverable",
            "left",
            "opted_out",
            "removed",
            "completed",
        ];
        assert_eq!(said, all);
    }

    #[test]
    fn only_our_own_columns_are_left_out_of_a_list() {
        assert!(STATE.iter().all(|c| c.name.starts_with(OURS) && is_state(c.name)));
        for theirs in ["stage", "completed_at", "soundings", "soundings_", "soundings_notes", "Soundings_id"] {
            assert!(!is_state(theirs), "{theirs}");
        }
    }
}
