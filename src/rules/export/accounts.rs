//! The accounts of a round: whose they are, and how far each has come, as far as that may be told.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::AccountId;
use crate::rules::completion::rate;
use crate::rules::signoff::Standing;

use super::value::{Described, Type, Value, column};

#[derive(Clone, Debug, PartialEq)]
pub struct AccountRow {
    pub id: AccountId,
    pub name: String,
    pub strategic: bool,
    pub annual_revenue: Option<i64>,
    pub director: String,
    pub director_email: EmailAddress,
    pub manager: String,
    pub manager_email: String,
    pub standing: Standing,
    pub signed_at: Option<Ts>,
    pub listed: i64,
    pub signed: i64,
    pub invited: i64,
    /// None where it is not told, as with the next three.
    pub reachable: Option<i64>,
    pub started: Option<i64>,
    pub completed: Option<i64>,
    pub silent: Option<bool>,
}

pub const COLUMNS: &[Described<AccountRow>] = &[
    column("account_id", Type::Text, "the account's id, as the other tables name it", |a| Value::text(a.id.as_str())),
    column("account", Type::Text, "name", |a| Value::text(a.name.as_str())),
    column("strategic", Type::YesNo, "whether the sales director signs as well", |a| Value::YesNo(a.strategic)),
    column("annual_revenue", Type::Whole, "what the account is worth in a year, in the currency of the list", |a| {
        Value::whole(a.annual_revenue)
    }),
    column("account_director", Type::Text, "who signs its names", |a| Value::text(a.director.as_str())),
    column("account_director_email", Type::Text, "the account director's address", |a| {
        Value::text(a.director_email.as_str())
    }),
    column("account_manager", Type::Text, "who looks after it from day to day", |a| Value::text(a.manager.as_str())),
    column("account_manager_email", Type::Text, "the account manager's address", |a| {
        Value::text(a.manager_email.as_str())
    }),
    column("sign_off", Type::Text, "where its sign-off stands: unsigned, counter_sign or signed", |a| {
        Value::text(a.standing.as_str())
    }),
    column("signed_at", Type::Instant, "when it was signed, the last time", |a| Value::instant(a.signed_at)),
    column("listed", Type::Whole, "contacts on the list", |a| Value::Whole(a.listed)),
    column("signed", Type::Whole, "listed contacts whose names are signed", |a| Value::Whole(a.signed)),
    column("invited", Type::Whole, "contacts whose invitation has left", |a| Value::Whole(a.invited)),
    column(
        "reachable",
        Type::Whole,
        "completed; or invited, on the list, and the address is not dead; empty where it is not told",
        |a| Value::whole(a.reachable),
    ),
    column("started", Type::Whole, "contacts who have saved an answer; empty where it is not told", |a| {
        Value::whole(a.started)
    }),
    column("completed", Type::Whole, "contacts who have sent their answers; empty where it is not told", |a| {
        Value::whole(a.completed)
    }),
    column(
        "rate",
        Type::Share,
        "completed of reachable, of invited where reachable is not told; empty where nobody is, or where it is not told",
        |a| match (a.completed, a.reachable.unwrap_or(a.invited)) {
            (Some(completed), of) if of > 0 => Value::Share(rate(completed, of)),
            _ => Value::Nothing,
        },
    ),
    column("silent", Type::YesNo, "somebody was invited and nobody has completed; empty where it is not told", |a| {
        Value::yes_no(a.silent)
    }),
];

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub fn globex() -> AccountRow {
        AccountRow {
            id: "a1".into(),
            name: "Globex".into(),
            strategic: true,
            annual_revenue: Some(100_000),
            director: "Dora Fields".into(),
            director_email: EmailAddress::parse("dora@northwind.example").unwrap(),
            manager: String::new(),
            manager_email: String::new(),
            standing: Standing::Signed,
            signed_at: Some(Ts(5_000)),
            listed: 3,
            signed: 3,
            invited: 3,
            reachable: Some(3),
            started: Some(2),
            completed: Some(1),
            silent: Some(false),
        }
    }

    #[test]
    fn a_rate_is_told_where_its_count_is() {
        let rate = |row: &AccountRow| {
            let at = COLUMNS.iter().position(|c| c.name == "rate").unwrap();
            (COLUMNS[at].of)(row)
        };
        assert_eq!(rate(&globex()), Value::Share(0.3333));
        assert_eq!(rate(&AccountRow { completed: None, ..globex() }), Value::Nothing);
        assert_eq!(rate(&AccountRow { reachable: Some(0), completed: Some(0), ..globex() }), Value::Nothing);
    }
}
