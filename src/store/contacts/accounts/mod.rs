//! The accounts of a round: whose they are, and which signatures cover their names.

pub mod accounts_page;
pub mod account_people;

use serde::Serialize;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::folding::{Findable, findable, sort_key};
use crate::base::ids::{AccountId, RoundId};
use crate::base::problem::Result;
use crate::rules::signoff::Standing;
use crate::store::database::columns::Flag;
use crate::store::database::tx::{Tx, ids, json};

use super::search_words;

/// The columns of [`Account`], then what narrows them down.
macro_rules! accounts {
    ($rest:literal) => {
        concat!(
            "SELECT id, round_id, name, strategic, annual_revenue, director_name, director_email, manager_name,
             manager_email, fingerprint, standing, signed_names, signed_at, listed, invited, reachable, started, completed, strategic_since,
             waits_since, deciders_left, to_look_at FROM account ",
            $rest
        )
    };
}

row! {
    pub struct Account {
        pub id: AccountId,
        pub round_id: RoundId,
        pub name: String,
        pub strategic: Flag,
        pub annual_revenue: Option<i64>,
        pub director_name: String,
        pub director_email: EmailAddress,
        pub manager_name: String,
        /// Empty when the list names no account manager.
        pub manager_email: String,
        /// Of all its names as they are now.
        pub fingerprint: String,
        /// As its worst name stands.
        pub standing: Standing,
        /// How many of its names everybody has signed who must.
        pub signed_names: i64,
        pub signed_at: Option<Ts>,
        pub listed: i64,
        pub invited: i64,
        pub reachable: i64,
        pub started: i64,
        pub completed: i64,
        /// Since when the sales director signs too; a round that was started never takes it away.
        pub strategic_since: Option<Ts>,
        /// Since when it waits for whoever is next to sign it; none while nobody was asked, and when it is signed.
        pub waits_since: Option<Ts>,
        /// Key decision makers whose names are not signed.
        pub deciders_left: i64,
        /// Names on its list that have findings.
        pub to_look_at: i64,
    }
}

fn director_words(a: &Account) -> String {
    findable(&[&a.director_name], a.director_email.as_str()).text
}

/// In the order of the columns, as [`insert`] takes them apart.
#[rustfmt::skip]
#[derive(Serialize)]
struct Row<'a>(
    &'a AccountId, &'a RoundId, &'a str, i64, Option<i64>, &'a str, &'a str, &'a str, &'a str,
    &'a str, &'a str, Option<i64>, String, String, String, &'a str,
);

fn row<'a>((a, found): (&'a &'a Account, &'a Findable)) -> Row<'a> {
    Row(
        &a.id,
        &a.round_id,
        &a.name,
        i64::from(a.strategic.0),
        a.annual_revenue,
        &a.director_name,
        a.director_email.as_str(),
        &a.manager_name,
        &a.manager_email,
        &a.fingerprint,
        a.standing.as_str(),
        a.strategic_since.map(|since| since.0),
        sort_key(&a.name),
        sort_key(&a.director_name),
        director_words(a),
        &found.text,
    )
}

/// Many at once, for the counters are changed once for each statement.
pub async fn insert(tx: &mut Tx, accounts: &[&Account]) -> Result<()> {
    let found_by: Vec<Findable> = accounts.iter().map(|a| findable(&[&a.name], "")).collect();
    run!(
        tx,
        "INSERT INTO account (id, round_id, name, strategic, annual_revenue, director_name, director_email, manager_name, manager_email,
            fingerprint, standing, strategic_since, sort_key, director_key, director_words, words)
         SELECT value ->> 0, value ->> 1, value ->> 2, CAST(value ->> 3 AS BIGINT), CAST(value ->> 4 AS BIGINT), value ->> 5, value ->> 6,
            value ->> 7, value ->> 8, value ->> 9, value ->> 10, CAST(value ->> 11 AS BIGINT), value ->> 12, value ->> 13, value ->> 14,
            value ->> 15 FROM json_each($1)",
        json(&accounts.iter().zip(&found_by).map(row).collect::<Vec<_>>())?
    )?;
    search_words::of_new_accounts(tx, accounts.iter().map(|a| (&a.round_id, &a.id)).zip(&found_by)).await
}

/// Takes over what a newly loaded list says about an account that is there already. Another director waits since he is asked.
pub async fn update_owners(tx: &mut Tx, a: &Account) -> Result<()> {
    run!(
        tx,
        "UPDATE account SET strategic = $2, annual_revenue = $3, director_name = $4, director_email = $5, manager_name = $6, manager_email = $7,
            name = $8, strategic_since = $9, sort_key = $10, director_key = $11, director_words = $12,
            waits_since = CASE WHEN director_email <> $5 AND standing = 'unsigned' THEN NULL ELSE waits_since END
         WHERE id = $1",
        &a.id,
        a.strategic,
        a.annual_revenue,
        &a.director_name,
        &a.director_email,
        &a.manager_name,
        &a.manager_email,
        &a.name,
        a.strategic_since,
        sort_key(&a.name),
        sort_key(&a.director_name),
        director_words(a)
    )?;
    search_words::of_account(tx, &a.round_id, &a.id, &a.name).await
}

/// Forgets those of these accounts that a list has put down and that have nobody: no contact, no question, no signature stands at them.
pub async fn forget_unused(tx: &mut Tx, round: &RoundId, accounts: &[&AccountId]) -> Result<()> {
    if accounts.is_empty() {
        return Ok(());
    }
    let unused: Vec<(AccountId,)> = all!(
        tx,
        "SELECT a.id AS id FROM account a WHERE a.round_id = $1 AND a.id IN (SELECT value ->> 'id' FROM json_each($2))
            AND NOT EXISTS (SELECT 1 FROM contact c WHERE c.account_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM signature s WHERE s.account_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM past_director p WHERE p.account_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM list_question q WHERE q.account_id = a.id)
            AND NOT EXISTS (SELECT 1 FROM account_question q WHERE q.account_id = a.id OR q.known_id = a.id OR q.moved_to = a.id)
         ORDER BY a.id",
        round,
        ids(accounts)?
    )?;
    let unused: Vec<&AccountId> = unused.iter().map(|(id,)| id).collect();
    let unused = ids(&unused)?;
    search_words::of_no_account(tx, round, &unused).await?;
    run!(
        tx,
        "DELETE FROM account WHERE round_id = $1 AND id IN (SELECT value ->> 'id' FROM json_each($2))",
        round,
        &unused
    )?;
    Ok(())
}

/// Whether a list gave the account to another director at or after this time.
pub async fn has_another_director_since(tx: &mut Tx, account: &AccountId, since: Ts) -> Result<bool> {
    let count: crate::store::completion::Count =
        one!(tx, "SELECT count(*) AS n FROM past_director WHERE account_id = $1 AND until_at >= $2", account, since)?;
    Ok(count.n > 0)
}

/// Whether a list took the account from this director at or after this time.
pub async fn was_taken_from_since(
    tx: &mut Tx,
    account: &AccountId,
    director: &EmailAddress,
    since: Ts,
) -> Result<bool> {
    let count: crate::store::completion::Count = one!(
        tx,
        "SELECT count(*) AS n FROM past_director WHERE account_id = $1 AND email = $2 AND until_at >= $3",
        account,
        director,
        since
    )?;
    Ok(count.n > 0)
}

/// A list has given this account to somebody else.
pub async fn was_directed_by(tx: &mut Tx, account: &Account, until: Ts) -> Result<()> {
    run!(
        tx,
        "INSERT INTO past_director (account_id, email, name, until_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (account_id, email) DO UPDATE SET name = excluded.name, until_at = excluded.until_at",
        &account.id,
        &account.director_email,
        &account.director_name,
        until
    )?;
    Ok(())
}

/// The accounts that were this director's and are somebody else's now.
pub async fn no_longer_of(tx: &mut Tx, round: &RoundId, email: &EmailAddress) -> Result<Vec<Account>> {
    all!(
        tx,
        accounts!(
            "WHERE round_id = $1 AND director_email <> $2 AND listed > 0
                AND id IN (SELECT p.account_id FROM past_director p WHERE p.email = $2) ORDER BY sort_key, id"
        ),
        round,
        email
    )
}

/// How many of these accounts the round has.
pub async fn how_many_are_there(tx: &mut Tx, round: &RoundId, accounts: &[&AccountId]) -> Result<i64> {
    let count: crate::store::completion::Count = one!(
        tx,
        "SELECT count(*) AS n FROM account WHERE round_id = $1 AND id IN (SELECT value ->> 'id' FROM json_each($2))",
        round,
        ids(accounts)?
    )?;
    Ok(count.n)
}

pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<Account>> {
    all!(tx, accounts!("WHERE round_id = $1 ORDER BY sort_key, id"), round)
}

/// The first of those that have people.
pub async fn listed(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<Account>> {
    all!(tx, accounts!("WHERE round_id = $1 AND listed > 0 ORDER BY sort_key, id LIMIT $2"), round, limit)
}

row! {
    pub struct Director {
        pub director_name: String,
        pub director_email: EmailAddress,
    }
}

/// The account directors of a round, each once. Costs these directors: counters know them.
pub async fn directors(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<Director>> {
    all!(
        tx,
        "SELECT min(name) AS director_name, email AS director_email FROM director_tally WHERE round_id = $1 AND accounts > 0
         GROUP BY email ORDER BY min(sort_key), email LIMIT $2",
        round,
        limit
    )
}

pub async fn by_id(tx: &mut Tx, id: &AccountId) -> Result<Option<Account>> {
    maybe!(tx, accounts!("WHERE id = $1"), id)
}

pub async fn by_ids(tx: &mut Tx, accounts: &[&AccountId]) -> Result<Vec<Account>> {
    all!(tx, accounts!("WHERE id IN (SELECT value ->> 'id' FROM json_each($1)) ORDER BY sort_key, id"), ids(accounts)?)
}

pub async fn of_director(tx: &mut Tx, round: &RoundId, email: &str) -> Result<Vec<Account>> {
    all!(tx, accounts!("WHERE round_id = $1 AND director_email = $2 ORDER BY sort_key, id"), round, email)
}

/// A director's own, and those that he signs for somebody else. Costs these: each half has an index, as one condition has not.
pub async fn to_be_signed_by(tx: &mut Tx, round: &RoundId, email: &EmailAddress) -> Result<Vec<Account>> {
    all!(
        tx,
        accounts!(
            "WHERE id IN (SELECT own.id FROM account own WHERE own.round_id = $1 AND own.director_email = $2
                UNION SELECT a.id FROM delegation d
                JOIN account a ON a.round_id = d.round_id AND a.director_email = d.of_email AND (d.account_id IS NULL OR d.account_id = a.id)
                WHERE d.round_id = $1 AND d.level = 'director' AND d.to_email = $2 AND d.ended_at IS NULL) ORDER BY sort_key, id"
        ),
        round,
        email
    )
}

/// Accounts of a round with contacts to repair.
pub async fn with_open_tasks(tx: &mut Tx, round: &RoundId) -> Result<Vec<Account>> {
    all!(
        tx,
        accounts!(
            "WHERE round_id = $1 AND id IN (SELECT c.account_id FROM task t JOIN contact c ON c.id = t.contact_id
                WHERE t.round_id = $1 AND t.closed_at IS NULL) ORDER BY sort_key, id"
        ),
        round
    )
}

/// Those that the sales director signs too.
pub async fn strategic(tx: &mut Tx, round: &RoundId) -> Result<Vec<Account>> {
    all!(tx, accounts!("WHERE round_id = $1 AND strategic_since IS NOT NULL ORDER BY sort_key, id"), round)
}

/// Where an account stands, worked out anew.
#[derive(Clone, Copy, Debug)]
pub struct Stands<'a> {
    pub fingerprint: &'a str,
    pub standing: Standing,
    pub signed_names: i64,
    /// Key decision makers whose names are not signed.
    pub deciders_left: i64,
}

/// `signed_at` stays while it is not signed: that a list was signed before it changed is a reason of its own. Whoever is to sign next is
/// waited for from now on.
pub async fn set_standing(tx: &mut Tx, id: &AccountId, stands: &Stands<'_>, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE account SET fingerprint = $2, standing = $3, signed_at = COALESCE($4, signed_at), signed_names = $5, deciders_left = $6,
            waits_since = CASE WHEN $3 = 'signed' THEN NULL WHEN standing = $3 THEN waits_since ELSE $7 END
         WHERE id = $1",
        id,
        stands.fingerprint,
        stands.standing,
        (stands.standing == Standing::Signed).then_some(now),
        stands.signed_names,
        stands.deciders_left,
        now
    )?;
    Ok(())
}

/// The round was started: nobody was waited for before.
pub async fn wait_from_the_start(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE account SET waits_since = $2 WHERE round_id = $1 AND standing <> 'signed' AND listed > 0",
        round,
        now
    )?;
    Ok(())
}

/// Whoever has accounts to sign in this round was asked by now.
pub async fn wait(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE account SET waits_since = $2 WHERE round_id = $1 AND standing = 'unsigned' AND listed > 0 AND waits_since IS NULL",
        round,
        now
    )?;
    Ok(())
}

/// Those with the most reachable people who have not answered first.
pub async fn most_open(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<Account>> {
    all!(tx, accounts!("WHERE round_id = $1 ORDER BY reachable - completed DESC, sort_key, id LIMIT $2"), round, limit)
}

/// Those of which somebody was invited and nobody has answered, the dearest first. Costs those that are told (index `account_silent`).
pub async fn silent(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<Account>> {
    all!(
        tx,
        accounts!(
            "WHERE round_id = $1 AND invited > 0 AND completed = 0 ORDER BY (- COALESCE(annual_revenue, 0)), sort_key, id LIMIT $2"
        ),
        round,
        limit
    )
}

/// Those of which some have answered and others could, the dearest first. Costs those that are told (index `account_half_answered`).
pub async fn half_answered(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<Account>> {
    all!(
        tx,
        accounts!(
            "WHERE round_id = $1 AND completed > 0 AND reachable > completed ORDER BY - COALESCE(annual_revenue, 0), sort_key, id LIMIT $2"
        ),
        round,
        limit
    )
}

/// Strategic ones of which somebody could answer, by name. Costs the strategic accounts before the last that is told (`account_strategic`).
pub async fn strategic_open(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<Account>> {
    all!(
        tx,
        accounts!(
            "WHERE round_id = $1 AND strategic = 1 AND listed > 0 AND reachable > completed ORDER BY sort_key, id LIMIT $2"
        ),
        round,
        limit
    )
}

/// The addresses of the account managers of a round, each once.
pub async fn manager_addresses(tx: &mut Tx, round: &RoundId) -> Result<Vec<(String,)>> {
    all!(
        tx,
        "SELECT DISTINCT manager_email FROM account WHERE round_id = $1 AND manager_email <> '' ORDER BY manager_email",
        round
    )
}
