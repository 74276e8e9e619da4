//! What is signed and what is not, per account director and standing, as the triggers count it beside the accounts; and the full count that
//! they are checked against. Costs the directors, never the accounts.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::signoff::Standing;
use crate::rules::signoff::loss::{AtStake, Listed};
use crate::store::completion::Count;
use crate::store::database::rows::{AnyRow, FromRow};
use crate::store::database::tx::{Tx, ids};
use crate::store::narrowed::patterns;

/// As the tally counts it, in the columns of every statement that tells it.
impl FromRow for AtStake {
    fn from_row(row: &impl AnyRow) -> sqlx::Result<AtStake> {
        Ok(AtStake {
            accounts: row.named("silent")?,
            names: row.named("names_left")?,
            deciders: row.named("deciders_left")?,
            revenue: row.named("revenue_left")?,
            without_revenue: row.named("without_revenue")?,
        })
    }
}

/// The columns of [`AtStake`] of several rows together.
macro_rules! at_stake {
    () => {
        "CAST(COALESCE(sum(names_left), 0) AS BIGINT) AS names_left, CAST(COALESCE(sum(silent), 0) AS BIGINT) AS silent,
            CAST(COALESCE(sum(revenue_left), 0) AS BIGINT) AS revenue_left,
            CAST(COALESCE(sum(without_revenue), 0) AS BIGINT) AS without_revenue,
            CAST(COALESCE(sum(deciders_left), 0) AS BIGINT) AS deciders_left"
    };
}

/// The order of a page of directors.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Name,
    /// Who has waited longest first.
    Wait,
    NamesLeft,
    Revenue,
}

impl Order {
    fn as_str(self) -> &'static str {
        match self {
            Order::Name => "name",
            Order::Wait => "wait",
            Order::NamesLeft => "names",
            Order::Revenue => "revenue",
        }
    }
}

row! {
    /// One account director of a round.
    pub struct Director {
        pub email: EmailAddress,
        pub name: String,
        pub accounts: i64,
        pub names: i64,
        /// Of his accounts: those that wait for his signature.
        pub open: i64,
        /// Of the one that has waited longest; none where he has nothing to sign or was not asked.
        pub waits_since: Option<Ts>,
        ..
        /// Of what waits for his signature.
        pub stake: AtStake,
    }
}

impl Director {
    pub fn at_stake(&self) -> AtStake {
        self.stake
    }
}

/// Each director with what waits for himself; `$2` words, `$3` whose, `$4` late before.
macro_rules! directors {
    ($rest:literal) => {
        concat!(
            "SELECT d.email AS email, max(d.name) AS name, CAST(sum(d.accounts) AS BIGINT) AS accounts, CAST(sum(d.names) AS BIGINT) AS names,
                CAST(sum(CASE d.standing WHEN 'unsigned' THEN d.accounts ELSE 0 END) AS BIGINT) AS open,
                CAST(sum(CASE d.standing WHEN 'unsigned' THEN d.names_left ELSE 0 END) AS BIGINT) AS names_left,
                CAST(sum(CASE d.standing WHEN 'unsigned' THEN d.silent ELSE 0 END) AS BIGINT) AS silent,
                CAST(sum(CASE d.standing WHEN 'unsigned' THEN d.revenue_left ELSE 0 END) AS BIGINT) AS revenue_left,
                CAST(sum(CASE d.standing WHEN 'unsigned' THEN d.without_revenue ELSE 0 END) AS BIGINT) AS without_revenue,
                CAST(sum(CASE d.standing WHEN 'unsigned' THEN d.deciders_left ELSE 0 END) AS BIGINT) AS deciders_left,
                min(CASE d.standing WHEN 'unsigned' THEN d.waits_since END) AS waits_since
             FROM director_tally d WHERE d.round_id = $1 AND d.accounts > 0 ",
            $rest
        )
    };
}

/// Which directors: by words of their names and addresses, and by where they stand.
#[derive(Clone, Debug, Default)]
pub struct Search {
    pub words: Vec<String>,
    /// `open`, `done` or `late`; else all.
    pub filter: &'static str,
    pub late_before: Option<Ts>,
    pub order: Order,
}

macro_rules! narrowed {
    ($rest:literal) => {
        concat!(
            "AND NOT EXISTS (SELECT 1 FROM json_each($2) t WHERE d.words NOT LIKE (t.value ->> 'like'))
             GROUP BY d.email
             HAVING CASE $3 WHEN 'open' THEN sum(CASE d.standing WHEN 'unsigned' THEN 1 ELSE 0 END) > 0
                WHEN 'done' THEN sum(CASE d.standing WHEN 'unsigned' THEN 1 ELSE 0 END) = 0
                WHEN 'late' THEN min(CASE d.standing WHEN 'unsigned' THEN d.waits_since END) < $4 ELSE 1 = 1 END ",
            $rest
        )
    };
}

pub async fn page(tx: &mut Tx, round: &RoundId, search: &Search, limit: i64, offset: i64) -> Result<Vec<Director>> {
    all!(
        tx,
        concat!(
            directors!(""),
            narrowed!(
                "ORDER BY CASE $5
                    WHEN 'wait' THEN COALESCE(min(CASE d.standing WHEN 'unsigned' THEN d.waits_since END), 9007199254740991)
                    WHEN 'names' THEN CAST(- sum(CASE d.standing WHEN 'unsigned' THEN d.names_left ELSE 0 END) AS BIGINT)
                    WHEN 'revenue' THEN CAST(- sum(CASE d.standing WHEN 'unsigned' THEN d.revenue_left ELSE 0 END) AS BIGINT)
                    ELSE 0 END, min(d.sort_key), d.email LIMIT $6 OFFSET $7"
            )
        ),
        round,
        patterns(&search.words)?,
        search.filter,
        search.late_before.unwrap_or(Ts(i64::MIN)),
        search.order.as_str(),
        limit,
        offset
    )
}

pub async fn count(tx: &mut Tx, round: &RoundId, search: &Search) -> Result<i64> {
    let count: Count = one!(
        tx,
        concat!(
            "SELECT count(*) AS n FROM (SELECT d.email FROM director_tally d WHERE d.round_id = $1 AND d.accounts > 0 ",
            narrowed!(") AS counted")
        ),
        round,
        patterns(&search.words)?,
        search.filter,
        search.late_before.unwrap_or(Ts(i64::MIN))
    )?;
    Ok(count.n)
}

/// Of these people, by their addresses.
pub async fn of_people(tx: &mut Tx, round: &RoundId, emails: &[&str]) -> Result<Vec<Director>> {
    all!(
        tx,
        directors!("AND d.email IN (SELECT value ->> 'id' FROM json_each($2)) GROUP BY d.email ORDER BY d.email"),
        round,
        ids(emails)?
    )
}

/// How many accounts directors have in whose names or addresses a word begins so.
pub(super) async fn accounts_of(tx: &mut Tx, round: &RoundId, word: &str) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT CAST(COALESCE(sum(accounts), 0) AS BIGINT) AS n FROM director_tally WHERE round_id = $1 AND words LIKE $2",
        round,
        format!("% {word}%")
    )?;
    Ok(count.n)
}

/// How many accounts stand so: a standing, `open` for those that are not signed, or all.
pub(super) async fn accounts(tx: &mut Tx, round: &RoundId, which: &str) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT CAST(COALESCE(sum(accounts), 0) AS BIGINT) AS n FROM director_tally
         WHERE round_id = $1 AND CASE $2 WHEN '' THEN 1 = 1 WHEN 'open' THEN standing <> 'signed' ELSE standing = $2 END",
        round,
        which
    )?;
    Ok(count.n)
}

row! {
    pub struct Totals {
        pub standing: Standing,
        pub directors: i64,
        pub accounts: i64,
        pub names: i64,
        pub revenue: i64,
        pub waits_since: Option<Ts>,
        .. pub stake: AtStake,
    }
}

impl Totals {
    pub fn at_stake(&self) -> AtStake {
        self.stake
    }
}

/// Everything on the list of a round, as its accounts stand.
pub async fn totals(tx: &mut Tx, round: &RoundId) -> Result<Vec<Totals>> {
    all!(
        tx,
        concat!(
            "SELECT standing, count(*) AS directors, CAST(sum(accounts) AS BIGINT) AS accounts, CAST(sum(names) AS BIGINT) AS names,
                CAST(sum(revenue) AS BIGINT) AS revenue, min(waits_since) AS waits_since, ",
            at_stake!(),
            " FROM director_tally WHERE round_id = $1 AND accounts > 0 GROUP BY standing ORDER BY standing"
        ),
        round
    )
}

row! {
    /// Those who have waited so long, taken together.
    #[derive(Copy, Default)]
    pub struct LateOnes {
        pub directors: i64,
        .. pub stake: AtStake,
    }
}

impl LateOnes {
    pub fn at_stake(&self) -> AtStake {
        self.stake
    }
}

/// The directors of whom something has waited since before this instant, with everything that they have not signed.
pub async fn late(tx: &mut Tx, round: &RoundId, before: Ts) -> Result<LateOnes> {
    one!(
        tx,
        concat!(
            "SELECT count(*) AS directors, ",
            at_stake!(),
            " FROM director_tally WHERE round_id = $1 AND standing = 'unsigned' AND accounts > 0 AND waits_since < $2"
        ),
        round,
        before
    )
}

/// The whole of which these are parts.
pub fn listed(totals: &[Totals], client_revenue: Option<i64>) -> Listed {
    Listed {
        accounts: totals.iter().map(|t| t.accounts).sum(),
        names: totals.iter().map(|t| t.names).sum(),
        revenue: totals.iter().map(|t| t.revenue).sum(),
        client_revenue,
    }
}

row! {
    /// Of one director and standing, for the check.
    #[derive(PartialEq, Eq)]
    pub struct Kept {
        pub email: String,
        pub standing: Standing,
        pub accounts: i64,
        pub names: i64,
        pub revenue: i64,
        pub waits_since: Option<Ts>,
        .. pub stake: AtStake,
    }
}

/// As the triggers have counted.
pub async fn kept(tx: &mut Tx, round: &RoundId) -> Result<Vec<Kept>> {
    all!(
        tx,
        "SELECT email, standing, accounts, names, names_left, silent, revenue, revenue_left, without_revenue, deciders_left, waits_since
         FROM director_tally WHERE round_id = $1 AND accounts > 0 ORDER BY email, standing",
        round
    )
}

/// Counted one by one. Costs the whole round.
pub async fn counted(tx: &mut Tx, round: &RoundId) -> Result<Vec<Kept>> {
    all!(
        tx,
        "SELECT a.director_email AS email, a.standing AS standing, count(*) AS accounts, CAST(sum(a.listed) AS BIGINT) AS names,
            CAST(sum(a.listed - a.signed_names) AS BIGINT) AS names_left,
            CAST(sum(CASE WHEN a.signed_names = 0 THEN 1 ELSE 0 END) AS BIGINT) AS silent,
            CAST(sum(COALESCE(a.annual_revenue, 0)) AS BIGINT) AS revenue,
            CAST(sum(CASE WHEN a.signed_names = 0 THEN COALESCE(a.annual_revenue, 0) ELSE 0 END) AS BIGINT) AS revenue_left,
            CAST(sum(CASE WHEN a.signed_names = 0 AND a.annual_revenue IS NULL THEN 1 ELSE 0 END) AS BIGINT) AS without_revenue,
            CAST(sum((SELECT count(*) FROM contact c WHERE c.account_id = a.id AND c.removed_at IS NULL AND c.loading IS NULL
                AND c.role = 'key_decision_maker' AND c.standing <> 'signed')) AS BIGINT) AS deciders_left,
            min(a.waits_since) AS waits_since
         FROM account a WHERE a.round_id = $1 AND a.listed > 0 GROUP BY a.director_email, a.standing ORDER BY a.director_email, a.standing",
        round
    )
}
