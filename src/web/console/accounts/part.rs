//! Which part of the accounts a page is: what is looked for, which of them, in which order; as the address says it.

use crate::base::folding::sought;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::rules::participation::Participation;
use crate::store::Tx;
use crate::store::contacts::accounts::accounts_page::{self as store, Filter, Order, Search};
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::forms::query::query;
use crate::web::kit::paging;

pub const SHOWN: [(&str, &str, Filter); 7] = [
    ("", "all accounts", Filter::All),
    ("silent", "silent: nobody has answered", Filter::Silent),
    ("strategic", "strategic", Filter::Strategic),
    ("unsigned", "not signed off", Filter::Unsigned),
    ("no_decider", "no key decision maker has answered", Filter::Without(Role::KeyDecisionMaker)),
    ("no_influencer", "no influencer has answered", Filter::Without(Role::Influencer)),
    ("no_operational", "no operational contact has answered", Filter::Without(Role::OperationalContact)),
];

pub const SORTED: [(&str, &str, Order); 6] = [
    ("", "name", Order::Name),
    ("rate", "lowest completion", Order::Rate),
    ("revenue", "highest revenue", Order::Revenue),
    ("director", "account director", Order::Director),
    ("manager", "account manager\u{2019}s address", Order::Manager),
    ("touch", "last message, oldest first", Order::LastSent),
];

/// What accounts are shown by, or put in order by, where it matters who of them has answered.
const OF_ANSWERS: [&str; 6] = ["silent", "no_decider", "no_influencer", "no_operational", "rate", "touch"];

/// Whether accounts may be chosen, or put in order, by this word.
pub fn is_told(told: Participation, word: &str) -> bool {
    told.names() || !OF_ANSWERS.contains(&word)
}

pub struct Part {
    pub q: String,
    pub show: &'static str,
    filter: Filter,
    pub sort: &'static str,
    order: Order,
    /// An account director's address; empty: of all.
    pub director: String,
    pub page: i64,
}

impl Part {
    /// Only words that we know narrow anything (S16), and none by which a round would tell more than it does.
    pub fn of(fields: &Fields, told: Participation) -> Part {
        let asked = |name: &str| Some(fields.get(name)).filter(|word| is_told(told, word)).unwrap_or_default();
        let (show, _, filter) = *SHOWN.iter().find(|(show, ..)| *show == asked("show")).unwrap_or(&SHOWN[0]);
        let (sort, _, order) = *SORTED.iter().find(|(sort, ..)| *sort == asked("sort")).unwrap_or(&SORTED[0]);
        let short = |name: &str, most: usize| fields.get(name).chars().take(most).collect::<String>();
        let (q, director) = (short("q", 100), short("director", 320));
        Part { q, show, filter, sort, order, director, page: paging::number(fields) }
    }

    /// Anything narrows it, whatever its order.
    pub fn is_narrow(&self) -> bool {
        !self.q.is_empty() || !self.show.is_empty() || !self.director.is_empty()
    }

    /// What stands in the address for this part, the page apart.
    pub fn kept(&self) -> [(&'static str, &str); 4] {
        [("q", self.q.as_str()), ("show", self.show), ("director", self.director.as_str()), ("sort", self.sort)]
    }

    /// The same part in another order, from its first page.
    pub fn sorted_by(&self, sort: &str) -> String {
        query(&self.kept().map(|(name, value)| (name, if name == "sort" { sort } else { value })))
    }

    /// With its words made ready to be looked for.
    pub async fn search(&self, tx: &mut Tx, round: &RoundId) -> Result<Search> {
        let words = match self.q.trim() {
            "" => None,
            q => Some(store::narrowed(tx, round, sought(q)).await?),
        };
        Ok(Search { filter: self.filter, order: self.order, director: self.director.clone(), words })
    }
}
