//! How a round has gone, as the triggers count it beside contacts, accounts and messages; and the full counts that they are checked
//! against. Costs the quarters of an hour of a round in which anything happened, never its people.

use crate::base::address::EmailAddress;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::completion::course::{Came, Went};
use crate::rules::message::MessageKind;
use crate::store::completion::Count;
use crate::store::database::tx::Tx;

row! {
    /// What accounts are worth in a year.
    #[derive(Default, PartialEq)]
    pub struct Revenue {
        /// Of those of which somebody was invited, and of those of them that have answered.
        pub invited: i64,
        pub answered: i64,
        /// How many of the invited do not say it.
        pub without_invited: i64,
    }
}

row! {
    /// The accounts of one director and their people.
    pub struct OfDirector {
        pub email: EmailAddress,
        pub name: String,
        pub invited: i64,
        pub answered: i64,
        pub reachable: i64,
        pub completed: i64,
    }
}

fn came(rows: Vec<(i64, i64, i64, i64)>) -> Vec<Came> {
    let one = |(quarter, answers, accounts, revenue)| Came { quarter, answers, accounts, revenue };
    rows.into_iter().map(one).collect()
}

fn went(rows: Vec<(i64, MessageKind, i64, i64)>) -> Vec<Went> {
    rows.into_iter().map(|(quarter, kind, number, sent)| Went { quarter, kind, number, sent }).collect()
}

/// In order of time.
pub async fn answers(tx: &mut Tx, round: &RoundId) -> Result<Vec<Came>> {
    let rows = all!(
        tx,
        "SELECT quarter, answers, accounts, revenue FROM answer_tally
         WHERE round_id = $1 AND (answers <> 0 OR accounts <> 0) ORDER BY quarter",
        round
    )?;
    Ok(came(rows))
}

/// Warm-ups, invitations and reminders that have not come back, in order of time.
pub async fn letters(tx: &mut Tx, round: &RoundId) -> Result<Vec<Went>> {
    let rows = all!(
        tx,
        "SELECT quarter, kind, number, sent FROM letter_tally WHERE round_id = $1 AND sent <> 0 ORDER BY quarter, kind, number",
        round
    )?;
    Ok(went(rows))
}

pub async fn revenue(tx: &mut Tx, round: &RoundId) -> Result<Revenue> {
    let row: Option<Revenue> =
        maybe!(tx, "SELECT invited, answered, without_invited FROM revenue_tally WHERE round_id = $1", round)?;
    Ok(row.unwrap_or_default())
}

/// Directors with accounts of which somebody was invited, those with the lowest account rate first. Only of these is the name looked up.
pub async fn directors(tx: &mut Tx, round: &RoundId, most: i64) -> Result<Vec<OfDirector>> {
    all!(
        tx,
        "WITH lowest AS (
            SELECT email, invited, answered, reachable, completed FROM director_answers WHERE round_id = $1 AND invited > 0
            ORDER BY CAST(answered AS DOUBLE PRECISION) / invited, invited DESC, email LIMIT $2)
         SELECT d.email,
            COALESCE((SELECT min(t.name) FROM director_tally t WHERE t.round_id = $1 AND t.email = d.email), d.email) AS name,
            d.invited, d.answered, d.reachable, d.completed
         FROM lowest d ORDER BY CAST(d.answered AS DOUBLE PRECISION) / d.invited, d.invited DESC, d.email",
        round,
        most
    )
}

/// Of those who were invited and have not answered: people of accounts of which nobody has. Costs the silent accounts.
pub async fn in_silent_accounts(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT CAST(COALESCE(sum(reachable), 0) AS BIGINT) AS n FROM account WHERE round_id = $1 AND invited > 0 AND completed = 0",
        round
    )?;
    Ok(count.n)
}

/// Of those who have not answered: who has begun. Costs them.
pub async fn not_finished(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM contact WHERE round_id = $1 AND started_at IS NOT NULL AND completed_at IS NULL
            AND removed_at IS NULL AND opted_out_at IS NULL AND undeliverable_at IS NULL",
        round
    )?;
    Ok(count.n)
}

/// Of those who were invited, can be reached and have not answered: who has opted out. Costs whoever has opted out.
pub async fn opted_out(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM contact WHERE round_id = $1 AND opted_out_at >= 0 AND invited_at IS NOT NULL AND completed_at IS NULL
            AND removed_at IS NULL AND undeliverable_at IS NULL",
        round
    )?;
    Ok(count.n)
}

/// As [`answers`], counted one by one.
pub async fn count_answers(tx: &mut Tx, round: &RoundId) -> Result<Vec<Came>> {
    let rows = all!(
        tx,
        "SELECT quarter, CAST(sum(answers) AS BIGINT) AS answers, CAST(sum(accounts) AS BIGINT) AS accounts,
            CAST(sum(revenue) AS BIGINT) AS revenue FROM (
            SELECT completed_at / 900000 AS quarter, 1 AS answers, 0 AS accounts, 0 AS revenue FROM contact
                WHERE round_id = $1 AND completed_at IS NOT NULL
            UNION ALL SELECT first / 900000 AS quarter, 0 AS answers, 1 AS accounts, revenue FROM (
                SELECT min(c.completed_at) AS first, min(COALESCE(a.annual_revenue, 0)) AS revenue
                FROM contact c JOIN account a ON a.id = c.account_id
                WHERE c.round_id = $1 AND c.completed_at IS NOT NULL GROUP BY c.account_id) AS first_of_each) AS each_one
         GROUP BY quarter ORDER BY quarter",
        round
    )?;
    Ok(came(rows))
}

/// As [`letters`], counted one by one.
pub async fn count_letters(tx: &mut Tx, round: &RoundId) -> Result<Vec<Went>> {
    let rows = all!(
        tx,
        "SELECT COALESCE(marked_at, settled_at) / 900000 AS quarter, kind, number, count(*) AS sent FROM message
         WHERE lane = $1 AND state = 'sent' AND kind IN ('warm_up', 'invitation', 'reminder')
            AND COALESCE(marked_at, settled_at) IS NOT NULL
         GROUP BY COALESCE(marked_at, settled_at) / 900000, kind, number ORDER BY quarter, kind, number",
        round
    )?;
    Ok(went(rows))
}

/// As [`revenue`], counted one by one.
pub async fn count_revenue(tx: &mut Tx, round: &RoundId) -> Result<Revenue> {
    one!(
        tx,
        "SELECT CAST(COALESCE(sum(CASE WHEN invited > 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END), 0) AS BIGINT) AS invited,
            CAST(COALESCE(sum(CASE WHEN completed > 0 THEN COALESCE(annual_revenue, 0) ELSE 0 END), 0) AS BIGINT) AS answered,
            CAST(COALESCE(sum(CASE WHEN invited > 0 AND annual_revenue IS NULL THEN 1 ELSE 0 END), 0) AS BIGINT) AS without_invited
         FROM account WHERE round_id = $1",
        round
    )
}

/// Directors whose accounts and people are counted otherwise than they are.
pub async fn directors_astray(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM (
            SELECT a.director_email AS email, CAST(sum(CASE WHEN a.invited > 0 THEN 1 ELSE 0 END) AS BIGINT) AS invited,
                CAST(sum(CASE WHEN a.completed > 0 THEN 1 ELSE 0 END) AS BIGINT) AS answered, CAST(sum(a.reachable) AS BIGINT) AS reachable,
                CAST(sum(a.completed) AS BIGINT) AS completed
            FROM account a WHERE a.round_id = $1 GROUP BY a.director_email) AS counted
         LEFT JOIN director_answers d ON d.round_id = $1 AND d.email = counted.email
         WHERE COALESCE(d.invited, 0) <> counted.invited OR COALESCE(d.answered, 0) <> counted.answered
            OR COALESCE(d.reachable, 0) <> counted.reachable OR COALESCE(d.completed, 0) <> counted.completed",
        round
    )?;
    Ok(count.n)
}
