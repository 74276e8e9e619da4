//! Which part of the list of contacts a page is: what is looked for, where people stand, and in which order; as the address says it, so that
//! it survives from page to page and into what is done to those who are chosen.

use crate::base::folding::sought;
use crate::base::ids::{AccountId, RoundId, is_id};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::store::Tx;
use crate::store::contacts::search::{self as people, Order, Search};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::forms::query::query;
use crate::web::kit::paging;

pub const STAGES: [&str; 17] = [
    "",
    "listed",
    "unsigned",
    "signed",
    "invited",
    "reachable",
    "not_answered",
    "started",
    "not_finished",
    "completed",
    "opted_out",
    "kept_out",
    "undeliverable",
    "left",
    "away_until_the_close",
    "to_repair",
    "removed",
];

/// The word of an order in the address, and how it is called.
pub const SORTED: [(&str, &str, Order); 5] = [
    ("", "name", Order::Name),
    ("account", "account", Order::Account),
    ("role", "role", Order::Role),
    ("stage", "where they stand", Order::Stage),
    ("touch", "last message, oldest first", Order::LastSent),
];

pub struct Part {
    pub q: String,
    pub stage: &'static str,
    pub role: &'static str,
    /// Empty: any.
    pub account: AccountId,
    pub sort: &'static str,
    pub order: Order,
    pub page: i64,
}

impl Part {
    /// Only words that we know narrow anything (S16).
    pub fn of(fields: &Fields) -> Part {
        let sorted = SORTED.iter().find(|(sort, ..)| *sort == fields.get("sort"));
        let (sort, _, order) = *sorted.unwrap_or(&SORTED[0]);
        let account = Some(fields.get("account")).filter(|id| is_id(id)).unwrap_or("");
        Part {
            q: fields.get("q").chars().take(100).collect(),
            stage: STAGES.iter().find(|s| **s == fields.get("stage")).copied().unwrap_or(""),
            role: Role::parse(fields.get("role")).map_or("", Role::as_str),
            account: account.into(),
            sort,
            order,
            page: paging::number(fields),
        }
    }

    /// Anything narrows it, whatever its order.
    pub fn is_narrow(&self) -> bool {
        let [q, stage, role, account, _] = self.kept();
        [q, stage, role, account].iter().any(|(_, value)| !value.is_empty())
    }

    /// What stands in the address for this part, the page apart.
    pub fn kept(&self) -> [(&'static str, &str); 5] {
        [
            ("q", self.q.as_str()),
            ("stage", self.stage),
            ("role", self.role),
            ("account", self.account.as_str()),
            ("sort", self.sort),
        ]
    }

    /// The same part in another order, from its first page.
    pub fn sorted_by(&self, sort: &str) -> String {
        let kept = self.kept().map(|(name, value)| (name, if name == "sort" { sort } else { value }));
        query(&kept)
    }

    /// With its words made ready to be looked for.
    pub async fn search(&self, tx: &mut Tx, round: &RoundId) -> Result<Search> {
        let words = match self.q.trim() {
            "" => None,
            q => Some(people::narrowed(tx, round, sought(q)).await?),
        };
        Ok(Search {
            stage: self.stage.into(),
            role: self.role.into(),
            account: Some(self.account.clone()).filter(|id| *id != AccountId::default()),
            words,
            order: self.order,
        })
    }
}
