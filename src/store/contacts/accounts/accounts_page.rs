//! The accounts of a round, as their page shows them: narrowed down, in one of its orders, a page at a time. Costs the page where many
//! accounts are meant, which are read in the order of an index until it is full; and where few are ([`LOOKED_THROUGH`] at most), those few,
//! which are put in order here.

use std::cmp::{Ordering, Reverse};

use crate::base::folding::{Sought, end_of};
use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::Role;
use crate::store::completion::{self, Count};
use crate::store::database::tx::{Tx, json};
use crate::store::narrowed::{Narrowed, accounts_named};

/// As many accounts as are put in order; of more, only a page is read.
pub const LOOKED_THROUGH: i64 = 2_000;

/// The order of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    /// The lowest first; those of which nobody can be reached last.
    Rate,
    /// The most first.
    Revenue,
    Director,
    /// By address; those without one first.
    Manager,
    /// Never, then the longest ago first.
    LastSent,
}

/// Which accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    #[default]
    All,
    /// Somebody was invited, and nobody has completed: also where nobody of it is on the list any more, as the account rate counts it.
    Silent,
    Strategic,
    Unsigned,
    /// Somebody was invited, and nobody of this role has completed.
    Without(Role),
}

impl Filter {
    /// As the statements ask for it.
    fn word(self) -> &'static str {
        match self {
            Filter::All => "",
            Filter::Silent => "silent",
            Filter::Strategic => "strategic",
            Filter::Unsigned => "unsigned",
            Filter::Without(_) => "without",
        }
    }

    fn bit(self) -> i64 {
        if let Filter::Without(role) = self { bit(role) } else { 0 }
    }
}

/// The number of a role in `account.roles_answered`.
pub(super) fn bit(role: Role) -> i64 {
    match role {
        Role::KeyDecisionMaker => 1,
        Role::Influencer => 2,
        Role::OperationalContact => 4,
        Role::Unknown => 8,
    }
}

#[derive(Clone, Debug, Default)]
pub struct Search {
    pub filter: Filter,
    pub order: Order,
    /// By address; empty: of all.
    pub director: String,
    /// What was typed; none when nothing was.
    pub words: Option<Narrowed>,
}

/// Asks how many accounts have each of the words, and no further than it matters.
pub async fn narrowed(tx: &mut Tx, round: &RoundId, words: Sought) -> Result<Narrowed> {
    let mut counted = Vec::new();
    for word in words.telling {
        counted.push((accounts_named(tx, round, &word, LOOKED_THROUGH + 1).await?, word));
    }
    Ok(Narrowed::by(counted, words.all, LOOKED_THROUGH))
}

/// Which accounts are meant; `$2` is the filter, `$3` the number of a role, `$4` a director.
macro_rules! meant {
    () => {
        "(a.listed > 0 OR $2 = 'silent') AND ($4 = '' OR a.director_email = $4) AND CASE $2
            WHEN 'silent' THEN a.invited > 0 AND a.completed = 0
            WHEN 'strategic' THEN a.strategic = 1
            WHEN 'unsigned' THEN a.standing <> 'signed'
            WHEN 'without' THEN a.invited > 0 AND (a.roles_answered / $3) % 2 = 0
            ELSE 1 = 1 END "
    };
}

/// Read in the order of an index until the page is full; the indexes have those with somebody on the list.
macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "SELECT a.id FROM account a WHERE a.round_id = $1 AND a.listed > 0 AND ",
            meant!(),
            $rest,
            " LIMIT $5 OFFSET $6"
        )
    };
}

/// Those whom the filter, a director or a word means, each from the index that knows them; one branch applies, the others end before they
/// begin. `$5` and `$6` enclose the word that fewest have, `$7` are sets of roles, `$8` is how many accounts are looked through.
macro_rules! hits {
    () => {
        "WITH hit AS (
            SELECT id FROM (SELECT w.account_id AS id FROM account_word w WHERE $5 <> '' AND w.round_id = $1 AND w.word >= $5 AND w.word < $6
                ORDER BY w.word, w.account_id LIMIT $8) AS by_name
            UNION SELECT s.id AS id FROM account s WHERE $5 = '' AND $4 <> '' AND s.round_id = $1 AND s.director_email = $4
            UNION SELECT s.id AS id FROM account s WHERE $5 = '' AND $4 = '' AND $2 = 'silent' AND s.round_id = $1
                AND s.invited > 0 AND s.completed = 0
            UNION SELECT s.id AS id FROM account s WHERE $5 = '' AND $4 = '' AND $2 = 'strategic' AND s.round_id = $1
                AND s.strategic = 1 AND s.listed > 0
            UNION SELECT s.id AS id FROM account s WHERE $5 = '' AND $4 = '' AND $2 = 'unsigned' AND s.round_id = $1 AND s.listed > 0
                AND (CASE s.standing WHEN 'signed' THEN 1 ELSE 0 END) = 0
            UNION SELECT s.id AS id FROM account s WHERE $5 = '' AND $4 = '' AND $2 = 'without' AND s.round_id = $1
                AND s.invited > 0 AND s.listed > 0 AND s.roles_answered IN (SELECT CAST(t.value ->> 'n' AS BIGINT) FROM json_each($7) t)) "
    };
}

/// With what they are put in order by, `$8` of them at most. `IS TRUE` keeps both planners from beginning with the
/// round's index, and PostgreSQL guesses right how many it leaves.
macro_rules! keyed {
    () => {
        concat!(
            hits!(),
            "SELECT a.id, a.sort_key, a.director_key, a.director_email, a.manager_email, COALESCE(a.annual_revenue, 0) AS revenue,
                a.reachable, a.completed, COALESCE(a.last_sent_at, 0) AS last_sent_at, a.words
             FROM hit h JOIN account a ON a.id = h.id WHERE (a.round_id = $1) IS TRUE AND ",
            meant!(),
            "ORDER BY h.id LIMIT $8"
        )
    };
}

row! {
    /// An account with what it is put in order by.
    pub struct Keyed {
        pub id: AccountId,
        pub sort_key: String,
        pub director_key: String,
        pub director_email: String,
        pub manager_email: String,
        pub revenue: i64,
        pub reachable: i64,
        pub completed: i64,
        pub last_sent_at: i64,
        /// Each with a space before it.
        pub words: String,
    }
}

impl Keyed {
    /// As the index has it.
    fn rate(&self) -> i64 {
        if self.reachable > 0 { self.completed * 10_000 / self.reachable } else { 10_001 }
    }
}

fn in_order(found: &mut [Keyed], order: Order) {
    found.sort_by(|a, b| {
        let first = match order {
            Order::Name => Ordering::Equal,
            Order::Rate => a.rate().cmp(&b.rate()),
            Order::Revenue => Reverse(a.revenue).cmp(&Reverse(b.revenue)),
            Order::Director => (&a.director_key, &a.director_email).cmp(&(&b.director_key, &b.director_email)),
            Order::Manager => a.manager_email.cmp(&b.manager_email),
            Order::LastSent => a.last_sent_at.cmp(&b.last_sent_at),
        };
        first.then_with(|| (&a.sort_key, &a.id).cmp(&(&b.sort_key, &b.id)))
    });
}

/// Every set of roles that have answered in which this one is not, as JSON.
fn without(bit: i64) -> Result<String> {
    let sets = (0..16).filter(|set| set & bit == 0).map(|set| serde_json::json!({ "n": set }));
    json(&sets.collect::<Vec<_>>())
}

/// How many accounts a filter means; counts to `most` and no further.
async fn how_many(tx: &mut Tx, round: &RoundId, filter: Filter, most: i64) -> Result<i64> {
    let count: Count = match filter {
        Filter::All => return Ok(completion::accounts(tx, round).await?.listed),
        Filter::Silent => one!(
            tx,
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM account a
                WHERE a.round_id = $1 AND a.invited > 0 AND a.completed = 0 LIMIT $2) AS counted",
            round,
            most
        )?,
        Filter::Strategic => one!(
            tx,
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM account a
                WHERE a.round_id = $1 AND a.strategic = 1 AND a.listed > 0 LIMIT $2) AS counted",
            round,
            most
        )?,
        Filter::Unsigned => one!(
            tx,
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM account a WHERE a.round_id = $1 AND a.listed > 0
                AND (CASE a.standing WHEN 'signed' THEN 1 ELSE 0 END) = 0 LIMIT $2) AS counted",
            round,
            most
        )?,
        Filter::Without(role) => one!(
            tx,
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM account a WHERE a.round_id = $1 AND a.invited > 0 AND a.listed > 0
                AND a.roles_answered IN (SELECT CAST(t.value ->> 'n' AS BIGINT) FROM json_each($3) t) LIMIT $2) AS counted",
            round,
            most,
            without(bit(role))?
        )?,
    };
    Ok(count.n)
}

/// A statement with what is asked bound to `$1` to `$4`, and the rest behind it.
macro_rules! searching {
    ($tx:expr, $sql:expr, $how:ident, $round:expr, $search:expr $(, $more:expr)* $(,)?) => {
        $how!($tx, $sql, $round, $search.filter.word(), $search.filter.bit().max(1), &$search.director $(, $more)*)
    };
}

/// The same of one director's.
async fn of_director(tx: &mut Tx, round: &RoundId, search: &Search, most: i64) -> Result<i64> {
    let count: Count = searching!(
        tx,
        concat!(
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM account a WHERE a.round_id = $1 AND a.director_email = $4 AND ",
            meant!(),
            "LIMIT $5) AS counted"
        ),
        one,
        round,
        search,
        most
    )?;
    Ok(count.n)
}

type Ids = Vec<(AccountId,)>;

async fn listed(tx: &mut Tx, round: &RoundId, s: &Search, limit: i64, offset: i64) -> Result<Vec<AccountId>> {
    let found: Result<Ids> = match s.order {
        Order::Name => searching!(tx, listed!("ORDER BY a.sort_key, a.id"), all, round, s, limit, offset),
        Order::Rate => searching!(
            tx,
            listed!(
                "ORDER BY CASE WHEN a.reachable > 0 THEN a.completed * 10000 / a.reachable ELSE 10001 END, a.sort_key, a.id"
            ),
            all,
            round,
            s,
            limit,
            offset
        ),
        Order::Revenue => searching!(
            tx,
            listed!("ORDER BY - COALESCE(a.annual_revenue, 0), a.sort_key, a.id"),
            all,
            round,
            s,
            limit,
            offset
        ),
        Order::Director => searching!(
            tx,
            listed!("ORDER BY a.director_key, a.director_email, a.sort_key, a.id"),
            all,
            round,
            s,
            limit,
            offset
        ),
        Order::Manager => {
            searching!(tx, listed!("ORDER BY a.manager_email, a.sort_key, a.id"), all, round, s, limit, offset)
        }
        Order::LastSent => searching!(
            tx,
            listed!("ORDER BY COALESCE(a.last_sent_at, 0), a.sort_key, a.id"),
            all,
            round,
            s,
            limit,
            offset
        ),
    };
    Ok(found?.into_iter().map(|(id,)| id).collect())
}

/// A page of accounts, and how many there are; what no counter knows is counted to `most` and no further.
pub async fn page(
    tx: &mut Tx,
    round: &RoundId,
    search: &Search,
    (limit, offset): (i64, i64),
    most: i64,
) -> Result<(Vec<AccountId>, i64)> {
    let (first, all) = match &search.words {
        Some(words) if words.first().is_empty() => return Ok((Vec::new(), 0)),
        Some(words) => (words.first(), words.all()),
        None => ("", [].as_slice()),
    };
    if first.is_empty() {
        let most = LOOKED_THROUGH.max(most) + 1;
        let of_all = search.director.is_empty();
        let n = match of_all {
            true => how_many(tx, round, search.filter, most).await?,
            false => of_director(tx, round, search, most).await?,
        };
        if n > LOOKED_THROUGH || (of_all && search.filter == Filter::All) {
            return Ok((listed(tx, round, search, limit, offset).await?, n));
        }
    }
    let mut found: Vec<Keyed> = searching!(
        tx,
        keyed!(),
        all,
        round,
        search,
        first,
        end_of(first),
        without(search.filter.bit())?,
        LOOKED_THROUGH
    )?;
    // Here, for there are few: a pattern that each row is asked for by itself costs PostgreSQL more than the rows.
    found.retain(|a| all.iter().all(|word| a.words.contains(&format!(" {word}"))));
    in_order(&mut found, search.order);
    let total = found.len() as i64;
    let shown = found.into_iter().skip(offset.max(0) as usize).take(limit.max(0) as usize);
    Ok((shown.map(|a| a.id).collect(), total))
}

#[cfg(test)]
#[path = "accounts_page_tests.rs"]
mod tests;
