//! Which part of the list of contacts a page is: what is looked for, where people stand, and in which order; as the address says it, so that
//! it survives from page to page and into what is done to those who are chosen.

use crate::base::folding::sought;
use crate::base::ids::{AccountId, RoundId, is_id};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::rules::participation::Participation;
use crate::steps::Live;
use crate::store::Tx;
use crate::store::contacts::search::{self as people, Order, Search};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::forms::query::{query, with};
use crate::web::kit::{paging, urls};

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

/// Stages and orders in which it matters who has answered. Whoever is gone counts as reachable where he has; who is away until the close as
/// long as he has not; and the last letter goes to those who have not.
const OF_ANSWERS: [&str; 8] =
    ["reachable", "not_answered", "started", "not_finished", "completed", "away_until_the_close", "stage", "touch"];

/// Whether a list may be narrowed down, or put in order, by this word.
pub fn is_told(told: Participation, word: &str) -> bool {
    told.names() || !OF_ANSWERS.contains(&word)
}

/// The contacts at a stage, or all where it is not told who is at it.
pub fn at_stage(live: &Live, stage: &str) -> String {
    let contacts = urls::contacts(&live.slug);
    if is_told(live.spec.participation, stage) { with(contacts, "stage", stage) } else { contacts }
}

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
    /// Only words that we know narrow anything (S16), and none by which a round would tell more than it does.
    pub fn of(fields: &Fields, told: Participation) -> Part {
        let sorted = SORTED.iter().find(|(sort, ..)| *sort == fields.get("sort") && is_told(told, sort));
        let (sort, _, order) = *sorted.unwrap_or(&SORTED[0]);
        let account = Some(fields.get("account")).filter(|id| is_id(id)).unwrap_or("");
        Part {
            q: fields.get("q").chars().take(100).collect(),
            stage: STAGES.iter().find(|s| **s == fields.get("stage") && is_told(told, s)).copied().unwrap_or(""),
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
