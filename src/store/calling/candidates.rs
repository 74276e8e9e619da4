//! Who may be called: a few hundred people, from the accounts and people by which the most can be won. The rules rank them.
//!
//! Nothing here reads a round: each query begins with an index that has the dearest accounts or the latest beginners first, and ends at its
//! limit. Some 25 ms for all of them at a million contacts; beside that they cost the dearer accounts in which nobody can be called now.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::store::contacts::{self, Person};
use crate::store::database::columns::Flag;
use crate::store::database::tx::{Tx, json};

/// So many accounts are looked at, and so many people of theirs.
const ACCOUNTS: i64 = 100;
const PEOPLE: i64 = 300;
/// People of accounts that have answered, and people who have begun.
const OTHERS: i64 = 150;

/// Who could be called: invited, may be reminded, has not answered, is there. `$2` is now.
macro_rules! open {
    () => {
        "c.invited_at IS NOT NULL AND c.completed_at IS NULL AND c.removed_at IS NULL AND c.opted_out_at IS NULL
            AND c.undeliverable_at IS NULL AND c.left_at IS NULL AND c.not_chased_at IS NULL AND c.standing = 'signed' AND c.loading IS NULL
            AND (c.absent_until IS NULL OR c.absent_until <= $2) AND (c.left_alone_until IS NULL OR c.left_alone_until <= $2)"
    };
}
pub(crate) use open;

/// The number of a contact's role in `account.roles_answered`.
macro_rules! role_bit {
    () => {
        "(CASE c.role WHEN 'key_decision_maker' THEN 1 WHEN 'influencer' THEN 2 WHEN 'operational_contact' THEN 4 ELSE 8 END)"
    };
}

/// Of a role that nobody of the account `a` has answered for; or of any, where `$5` says so.
macro_rules! role_is_missing {
    () => {
        concat!("($5 = 0 OR (c.role <> 'unknown' AND (a.roles_answered / ", role_bit!(), ") % 2 = 0))")
    };
}

/// The columns of [`Hit`], of everybody in `hit`.
macro_rules! hits {
    () => {
        concat!(
            " SELECT c.id, a.strategic, a.annual_revenue, CAST((a.roles_answered / ",
            role_bit!(),
            ") % 2 AS BIGINT) AS role_answered
         FROM hit h JOIN contact c ON c.id = h.id JOIN account a ON a.id = c.account_id ORDER BY c.id"
        )
    };
}

row! {
    /// Somebody who is found, with what only the call list asks of his account.
    pub struct Hit {
        pub id: ContactId,
        pub strategic: Flag,
        pub annual_revenue: Option<i64>,
        /// Somebody of the account with the same role has completed.
        pub role_answered: Flag,
    }
}

/// Somebody who may be called, with all that the rules ask.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub person: Person,
    pub strategic: Flag,
    pub annual_revenue: Option<i64>,
    pub role_answered: Flag,
}

/// Those who are found.
pub struct Found {
    pub people: Vec<Candidate>,
    /// It has come to its limit: there may be more.
    pub is_cut: bool,
}

impl Found {
    /// `most` people were wanted, of so many accounts where those are limited too. Who cannot be read is left out (`contacts::persons`).
    async fn of(tx: &mut Tx, hits: Vec<Hit>, most: i64, of_accounts: Option<i64>) -> Result<Found> {
        let ids: Vec<&ContactId> = hits.iter().map(|hit| &hit.id).collect();
        let persons = contacts::persons(tx, &ids).await?;
        let accounts: BTreeSet<&AccountId> = persons.iter().map(|person| &person.account_id).collect();
        let is_cut = hits.len() as i64 >= most || of_accounts.is_some_and(|limit| accounts.len() as i64 >= limit);
        let mut by_id: HashMap<ContactId, Person> = persons.into_iter().map(|p| (p.id.clone(), p)).collect();
        let people = hits.into_iter().filter_map(|hit| {
            let Hit { id, strategic, annual_revenue, role_answered } = hit;
            Some(Candidate { person: by_id.remove(&id)?, strategic, annual_revenue, role_answered })
        });
        Ok(Found { people: people.collect(), is_cut })
    }
}

/// People of the dearest accounts of which nobody has answered and somebody can be called; of an account those who have begun first.
/// `account_silent` has their order. Somebody is asked for as a value, and not by EXISTS: PostgreSQL would read all contacts for that
/// first, however few accounts are wanted.
pub async fn of_silent_accounts(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<Found> {
    let hits: Vec<Hit> = all!(
        tx,
        concat!(
            "WITH hit AS (SELECT c.id AS id FROM (
                SELECT a.id AS id, (- COALESCE(a.annual_revenue, 0)) AS dear, a.sort_key AS name FROM account a
                WHERE a.round_id = $1 AND a.invited > 0 AND a.completed = 0
                    AND (SELECT 1 FROM contact c WHERE c.account_id = a.id AND ",
            open!(),
            " LIMIT 1) = 1
                ORDER BY (- COALESCE(a.annual_revenue, 0)), a.sort_key, a.id LIMIT $3) AS s
             JOIN contact c ON c.account_id = s.id WHERE ",
            open!(),
            " ORDER BY s.dear, s.name, s.id, CASE WHEN c.started_at IS NULL THEN 1 ELSE 0 END, c.sort_key, c.id LIMIT $4)",
            hits!()
        ),
        round,
        now,
        ACCOUNTS,
        PEOPLE
    )?;
    Found::of(tx, hits, PEOPLE, Some(ACCOUNTS)).await
}

/// Who has begun and not finished, the latest first. Costs those: `contact_not_finished` has their order.
pub async fn not_finished(tx: &mut Tx, round: &RoundId, now: Ts) -> Result<Found> {
    let hits: Vec<Hit> = all!(
        tx,
        concat!(
            "WITH hit AS (SELECT c.id AS id FROM contact c WHERE c.round_id = $1 AND c.started_at IS NOT NULL AND ",
            open!(),
            " ORDER BY c.started_at DESC, c.id LIMIT $3)",
            hits!()
        ),
        round,
        now,
        OTHERS
    )?;
    Found::of(tx, hits, OTHERS, None).await
}

/// People of the dearest accounts of which some have answered and others have not: those of roles that nobody there has answered for, or
/// anybody. `account_half_answered` has their order.
pub async fn half_answered(tx: &mut Tx, round: &RoundId, only_missing_roles: bool, now: Ts) -> Result<Found> {
    let hits: Vec<Hit> = all!(
        tx,
        concat!(
            "WITH hit AS (SELECT c.id AS id FROM (
                SELECT a.id AS id, (- COALESCE(a.annual_revenue, 0)) AS dear, a.sort_key AS name, a.roles_answered AS roles_answered
                FROM account a WHERE a.round_id = $1 AND a.completed > 0 AND a.reachable > a.completed
                    AND (SELECT 1 FROM contact c WHERE c.account_id = a.id AND ",
            role_is_missing!(),
            " AND ",
            open!(),
            " LIMIT 1) = 1
                ORDER BY (- COALESCE(a.annual_revenue, 0)), a.sort_key, a.id LIMIT $3) AS a
             JOIN contact c ON c.account_id = a.id WHERE ",
            role_is_missing!(),
            " AND ",
            open!(),
            " ORDER BY a.dear, a.name, a.id, c.sort_key, c.id LIMIT $4)",
            hits!()
        ),
        round,
        now,
        ACCOUNTS,
        OTHERS,
        Flag(only_missing_roles)
    )?;
    Found::of(tx, hits, OTHERS, Some(ACCOUNTS)).await
}

/// People of the accounts of one account manager, of silent accounts and of the dearest first. Costs his people. The order is no index's,
/// so that the accounts are found by their manager.
pub async fn of_manager(tx: &mut Tx, round: &RoundId, manager_email: &str, now: Ts) -> Result<Found> {
    let hits: Vec<Hit> = all!(
        tx,
        concat!(
            "WITH hit AS (SELECT c.id AS id FROM account a JOIN contact c ON c.account_id = a.id
             WHERE a.round_id = $1 AND a.manager_email = $3 AND a.invited > 0 AND ",
            open!(),
            " ORDER BY CASE WHEN a.completed = 0 THEN 0 ELSE 1 END, COALESCE(a.annual_revenue, 0) DESC, a.id, c.sort_key, c.id
              LIMIT $4)",
            hits!()
        ),
        round,
        now,
        manager_email,
        PEOPLE
    )?;
    Found::of(tx, hits, PEOPLE, None).await
}

/// The account managers of a round by their addresses, with their names; the first of them. Costs those: from each the index leads to the
/// next, past all of his accounts.
pub async fn managers(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<(String, String)>> {
    all!(
        tx,
        "WITH RECURSIVE m (email, n) AS (
            SELECT (SELECT a.manager_email FROM account a WHERE a.round_id = $1 AND a.manager_email > ''
                ORDER BY a.manager_email LIMIT 1), 1
            UNION ALL SELECT (SELECT a.manager_email FROM account a WHERE a.round_id = $1 AND a.manager_email > m.email
                ORDER BY a.manager_email LIMIT 1), m.n + 1 FROM m WHERE m.email IS NOT NULL AND m.n < $2)
         SELECT m.email, (SELECT a.manager_name FROM account a WHERE a.round_id = $1 AND a.manager_email = m.email
            ORDER BY a.sort_key, a.id LIMIT 1) AS name FROM m WHERE m.email IS NOT NULL ORDER BY m.email",
        round,
        limit
    )
}

row! {
    /// Somebody of the client's round before.
    pub struct StoodBefore {
        pub email_key: String,
        pub invited_at: Option<Ts>,
        pub started_at: Option<Ts>,
        pub completed_at: Option<Ts>,
        pub removed_at: Option<Ts>,
        pub opted_out_at: Option<Ts>,
        pub undeliverable_at: Option<Ts>,
        pub left_at: Option<Ts>,
    }
}

/// How people stood in another round under these addresses. Costs those who are asked for.
pub async fn stood_before(tx: &mut Tx, round: &RoundId, keys: &[&str]) -> Result<Vec<StoodBefore>> {
    #[derive(Serialize)]
    struct Row<'a> {
        key: &'a str,
    }
    let keys: Vec<Row> = keys.iter().map(|key| Row { key }).collect();
    all!(
        tx,
        "SELECT email_key, invited_at, started_at, completed_at, removed_at, opted_out_at, undeliverable_at, left_at FROM contact
         WHERE round_id = $1 AND loading IS NULL AND email_key IN (SELECT value ->> 'key' FROM json_each($2)) ORDER BY email_key",
        round,
        json(&keys)?
    )
}
