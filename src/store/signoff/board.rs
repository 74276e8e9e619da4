//! What the sign-off board shows: a page of accounts in one of its orders, and what is to be said about them. Costs the page, and where words
//! are looked for, the accounts that one of them finds, at most [`LOOKED_THROUGH`].

use crate::base::clock::Ts;
use crate::base::folding::{Sought, end_of};
use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::Result;
use crate::store::completion::Count;
use crate::store::database::tx::Tx;
use crate::store::narrowed::{Narrowed, accounts_named, patterns};

use super::director_tally;

/// As many accounts as one word may find; whoever types so little is asked for more.
pub const LOOKED_THROUGH: i64 = 2_000;

/// The order of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// What is left to sign first, director by director.
    #[default]
    Director,
    /// The same, with those first who are late: whoever has waited longest before all others.
    LateFirst,
    Account,
    /// The most names to sign first.
    NamesLeft,
    /// What has waited longest first.
    Wait,
    /// The most first.
    Revenue,
}

impl Order {
    fn as_str(self) -> &'static str {
        match self {
            Order::Director => "director",
            Order::LateFirst => "late_first",
            Order::Account => "account",
            Order::NamesLeft => "names",
            Order::Wait => "wait",
            Order::Revenue => "revenue",
        }
    }
}

/// Which accounts of a round; an empty filter and no words narrow nothing.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub filter: &'static str,
    pub order: Order,
    /// What waits since before this instant is late.
    pub late_before: Option<Ts>,
    pub words: Option<Narrowed>,
}

/// Which accounts the board shows; `$2` is the filter, `$3` since when at the latest something waits that is late.
macro_rules! shown {
    () => {
        "a.listed > 0 AND CASE $2
            WHEN 'open' THEN a.standing <> 'signed'
            WHEN 'unsigned' THEN a.standing = 'unsigned'
            WHEN 'counter_sign' THEN a.standing = 'counter_sign'
            WHEN 'signed' THEN a.standing = 'signed'
            WHEN 'late' THEN a.waits_since < $3
            WHEN 'asked' THEN a.id IN (SELECT q.account_id FROM list_question q WHERE q.round_id = $1 AND q.answer IS NULL)
            WHEN 'to_look_at' THEN a.to_look_at > 0
            ELSE 1 = 1 END "
    };
}

/// Without words: read in the order of an index.
macro_rules! listed {
    ($rest:literal) => {
        concat!("SELECT a.id FROM account a WHERE a.round_id = $1 AND ", shown!(), $rest, " LIMIT $4 OFFSET $5")
    };
}

/// For accounts that are put in order anyway, one statement knows all orders; `$4` is which.
macro_rules! in_order {
    () => {
        "ORDER BY CASE WHEN $4 = 'late_first' AND a.standing <> 'signed'
                THEN COALESCE((SELECT min(l.waits_since) FROM director_tally l WHERE l.round_id = a.round_id
                    AND l.email = a.director_email AND l.standing = 'unsigned' AND l.accounts > 0 AND l.waits_since < $3), 9007199254740991)
                ELSE 9007199254740991 END,
            CASE $4
                WHEN 'director' THEN CASE a.standing WHEN 'signed' THEN 1 ELSE 0 END
                WHEN 'late_first' THEN CASE a.standing WHEN 'signed' THEN 1 ELSE 0 END
                WHEN 'names' THEN a.signed_names - a.listed
                WHEN 'wait' THEN COALESCE(a.waits_since, 9007199254740991)
                WHEN 'revenue' THEN - COALESCE(a.annual_revenue, 0)
                ELSE 0 END,
            CASE WHEN $4 IN ('director', 'late_first') THEN a.director_key ELSE '' END,
            CASE WHEN $4 IN ('director', 'late_first') THEN a.director_email ELSE '' END,
            a.sort_key, a.id "
    };
}

/// What is late or ready at an account whose director is late, director by director; `$3` as above.
macro_rules! of_the_late {
    ($rest:literal) => {
        concat!(
            "FROM director_tally d CROSS JOIN account a
             WHERE d.round_id = $1 AND d.standing = 'unsigned' AND d.accounts > 0 AND d.waits_since < $3
                AND a.round_id = d.round_id AND a.director_email = d.email AND a.standing <> 'signed' AND ",
            shown!(),
            $rest
        )
    };
}

/// With words: `$5` and `$6` enclose the one that fewest have, `$7` is that one and `$8` are the others as patterns, `$9` is how many accounts are
/// looked through. Words and directors are of the round, so the accounts are not asked for theirs: a planner that knew it would begin with
/// every account of it. `CROSS JOIN` and the order of `account_waiting` keep it from the same for the few directors that a word finds.
macro_rules! found {
    () => {
        concat!(
            "FROM (SELECT id FROM (SELECT w.account_id AS id FROM account_word w WHERE w.round_id = $1 AND w.word >= $5 AND w.word < $6
                    ORDER BY w.word, w.account_id LIMIT $9) AS by_name
                UNION SELECT id FROM (SELECT s.id AS id FROM director_tally d CROSS JOIN account s
                    WHERE d.round_id = $1 AND d.words LIKE $7
                        AND s.round_id = d.round_id AND s.director_email = d.email AND s.standing = d.standing AND s.listed > 0
                    ORDER BY d.email, d.standing, s.waits_since, s.id LIMIT $9) AS by_director) AS h
             CROSS JOIN account a
             WHERE a.id = h.id AND NOT EXISTS (SELECT 1 FROM json_each($8) t
                WHERE a.words NOT LIKE (t.value ->> 'like') AND a.director_words NOT LIKE (t.value ->> 'like')) AND ",
            shown!()
        )
    };
}

/// A statement with what is asked bound to `$1` to `$3`, and the rest behind it.
macro_rules! searching {
    ($tx:expr, $sql:expr, $how:ident, $round:expr, $search:expr $(, $more:expr)* $(,)?) => {
        $how!($tx, $sql, $round, $search.filter, $search.late_before.unwrap_or(Ts(i64::MIN)) $(, $more)*)
    };
}

/// Asks how many accounts have each of the words, and no further than it matters.
pub async fn narrowed(tx: &mut Tx, round: &RoundId, words: Sought) -> Result<Narrowed> {
    let mut counted = Vec::new();
    for word in words.telling {
        let named = accounts_named(tx, round, &word, LOOKED_THROUGH + 1).await?;
        counted.push((named.max(director_tally::accounts_of(tx, round, &word).await?), word));
    }
    Ok(Narrowed::by(counted, words.all, LOOKED_THROUGH))
}

/// A page of accounts in the order that is asked for, and how many the search finds.
pub struct Found {
    pub accounts: Vec<AccountId>,
    /// What no counter knows is counted to as many as was asked, and no further.
    pub total: i64,
}

/// `most`: how far what no counter knows is counted.
pub async fn find(
    tx: &mut Tx,
    round: &RoundId,
    search: &Search,
    (limit, offset): (i64, i64),
    most: i64,
) -> Result<Found> {
    let (accounts, total) = match &search.words {
        None if search.filter == "to_look_at" => {
            let n = how_many_to_look_at(tx, round, most.max(LOOKED_THROUGH + 1)).await?;
            let accounts = if n > LOOKED_THROUGH {
                listed(tx, round, search, (limit, offset)).await?
            } else {
                to_look_at(tx, round, search, (limit, offset)).await?
            };
            (accounts, Some(n.min(most)))
        }
        None => (listed(tx, round, search, (limit, offset)).await?, None),
        Some(words) if words.first().is_empty() => (Vec::new(), Some(0)),
        Some(words) => {
            let hits = searched(tx, round, (search, words), (limit, offset)).await?;
            let total = hits.first().map(|hit| hit.total.min(most));
            (hits.into_iter().map(|hit| (hit.id,)).collect(), total)
        }
    };
    let total = match total {
        Some(total) => total,
        // Without words, or behind the last page.
        None => count(tx, round, search, most).await?,
    };
    Ok(Found { accounts: accounts.into_iter().map(|(id,)| id).collect(), total })
}

type Ids = Vec<(AccountId,)>;

async fn listed(tx: &mut Tx, round: &RoundId, search: &Search, (limit, offset): (i64, i64)) -> Result<Ids> {
    // Each in the order of its own index.
    match search.order {
        Order::Director => searching!(
            tx,
            listed!(
                "ORDER BY CASE a.standing WHEN 'signed' THEN 1 ELSE 0 END, a.director_key, a.director_email, a.sort_key, a.id"
            ),
            all,
            round,
            search,
            limit,
            offset
        ),
        Order::LateFirst => return late_first(tx, round, search, (limit, offset)).await,
        Order::Account => searching!(tx, listed!("ORDER BY a.sort_key, a.id"), all, round, search, limit, offset),
        Order::NamesLeft => searching!(
            tx,
            listed!("ORDER BY a.signed_names - a.listed, a.sort_key, a.id"),
            all,
            round,
            search,
            limit,
            offset
        ),
        Order::Wait => searching!(
            tx,
            listed!("ORDER BY COALESCE(a.waits_since, 9007199254740991), a.sort_key, a.id"),
            all,
            round,
            search,
            limit,
            offset
        ),
        Order::Revenue => searching!(
            tx,
            listed!("ORDER BY - COALESCE(a.annual_revenue, 0), a.sort_key, a.id"),
            all,
            round,
            search,
            limit,
            offset
        ),
    }
}

/// The few accounts with names to look at, which an index has. Of very many a page is soon full in the order of its own index.
async fn to_look_at(tx: &mut Tx, round: &RoundId, search: &Search, (limit, offset): (i64, i64)) -> Result<Ids> {
    searching!(
        tx,
        concat!(
            "SELECT a.id FROM account a WHERE a.round_id = $1 AND a.to_look_at > 0 AND ",
            shown!(),
            in_order!(),
            "LIMIT $5 OFFSET $6"
        ),
        all,
        round,
        search,
        search.order.as_str(),
        limit,
        offset
    )
}

/// Counts to `most` and no further.
async fn how_many_to_look_at(tx: &mut Tx, round: &RoundId, most: i64) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM (SELECT 1 AS one FROM account
            WHERE round_id = $1 AND to_look_at > 0 AND listed > 0 LIMIT $2) AS counted",
        round,
        most
    )?;
    Ok(count.n)
}

/// The accounts of late directors, and then all others in their usual order. Costs the accounts of those who are late.
async fn late_first(tx: &mut Tx, round: &RoundId, search: &Search, (limit, offset): (i64, i64)) -> Result<Ids> {
    let mut found: Ids = searching!(
        tx,
        concat!("SELECT a.id ", of_the_late!("ORDER BY d.waits_since, d.email, a.sort_key, a.id LIMIT $4 OFFSET $5")),
        all,
        round,
        search,
        limit,
        offset
    )?;
    let left = limit - found.len() as i64;
    if left == 0 {
        return Ok(found);
    }
    let late = if offset == 0 {
        found.len() as i64
    } else {
        let counted: Count = searching!(tx, concat!("SELECT count(*) AS n ", of_the_late!("")), one, round, search)?;
        counted.n
    };
    let others: Ids = searching!(
        tx,
        listed!(
            "AND (a.standing = 'signed' OR NOT EXISTS (SELECT 1 FROM director_tally d WHERE d.round_id = a.round_id
                AND d.email = a.director_email AND d.standing = 'unsigned' AND d.accounts > 0 AND d.waits_since < $3))
             ORDER BY CASE a.standing WHEN 'signed' THEN 1 ELSE 0 END, a.director_key, a.director_email, a.sort_key, a.id"
        ),
        all,
        round,
        search,
        left,
        (offset - late).max(0)
    )?;
    found.extend(others);
    Ok(found)
}

row! {
    /// An account that words have found, and how many they find in all.
    pub struct Hit {
        pub id: AccountId,
        pub total: i64,
    }
}

async fn searched(
    tx: &mut Tx,
    round: &RoundId,
    (search, words): (&Search, &Narrowed),
    (limit, offset): (i64, i64),
) -> Result<Vec<Hit>> {
    searching!(
        tx,
        concat!("SELECT a.id AS id, count(*) OVER () AS total ", found!(), in_order!(), "LIMIT $10 OFFSET $11"),
        all,
        round,
        search,
        search.order.as_str(),
        words.first(),
        end_of(words.first()),
        format!("% {}%", words.first()),
        patterns(&words.others())?,
        LOOKED_THROUGH,
        limit,
        offset
    )
}

/// How many accounts a search finds.
async fn count(tx: &mut Tx, round: &RoundId, search: &Search, most: i64) -> Result<i64> {
    let count: Count = match &search.words {
        None if !["late", "asked"].contains(&search.filter) => {
            return director_tally::accounts(tx, round, search.filter).await;
        }
        None => searching!(
            tx,
            concat!(
                "SELECT count(*) AS n FROM (SELECT 1 AS one FROM account a WHERE a.round_id = $1 AND ",
                shown!(),
                " LIMIT $4) AS counted"
            ),
            one,
            round,
            search,
            most
        )?,
        // Behind the last page, where no row says it.
        Some(words) => {
            let first = searched(tx, round, (search, words), (1, 0)).await?;
            return Ok(first.first().map_or(0, |hit| hit.total.min(most)));
        }
    };
    Ok(count.n)
}
