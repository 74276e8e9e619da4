//! The links of those who hear weekly where their part of a round stands, and what stands there: accounts of one account manager or account
//! director.
//!
//! Each query begins with an index by manager or by director. It costs the accounts of one, or the people of them where people are asked
//! for.

use std::collections::HashMap;

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, RoundId, TeamLinkId};
use crate::base::problem::Result;
use crate::rules::completion::team::TeamLevel;
use crate::store::completion::Count;
use crate::store::contacts::{self, Person};
use crate::store::database::columns::Flag;
use crate::store::database::tx::Tx;

use super::{Lately, latest_calls};

row! {
    pub struct TeamLink {
        pub id: TeamLinkId,
        pub round_id: RoundId,
        pub level: TeamLevel,
        pub name: String,
        pub email: EmailAddress,
        pub created_at: Ts,
    }
}

/// The columns of [`TeamLink`], then what narrows them down.
macro_rules! links {
    ($rest:literal) => {
        concat!("SELECT id, round_id, level, name, email, created_at FROM team_link ", $rest)
    };
}

/// Adds a link unless this person has one at this level.
pub async fn add(tx: &mut Tx, link: &TeamLink, link_hash: &str) -> Result<()> {
    run!(
        tx,
        "INSERT INTO team_link (id, round_id, level, name, email, link_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (round_id, level, email) DO NOTHING",
        &link.id,
        &link.round_id,
        link.level,
        &link.name,
        &link.email,
        link_hash,
        link.created_at
    )?;
    Ok(())
}

pub async fn by_id(tx: &mut Tx, id: &TeamLinkId) -> Result<Option<TeamLink>> {
    maybe!(tx, links!("WHERE id = $1"), id)
}

pub async fn by_link(tx: &mut Tx, hash: &str) -> Result<Option<TeamLink>> {
    maybe!(tx, links!("WHERE link_hash = $1"), hash)
}

pub async fn of_person(tx: &mut Tx, round: &RoundId, level: TeamLevel, email: &str) -> Result<Option<TeamLink>> {
    maybe!(tx, links!("WHERE round_id = $1 AND level = $2 AND email = $3"), round, level, email)
}

pub async fn of_round(tx: &mut Tx, round: &RoundId) -> Result<Vec<TeamLink>> {
    all!(tx, links!("WHERE round_id = $1 ORDER BY level, email, id"), round)
}

row! {
    /// The accounts of one, and their people.
    #[derive(Default, PartialEq)]
    pub struct PartTally {
        /// With people on the list.
        pub accounts: i64,
        /// Of which somebody was invited, and of them those that have answered.
        pub invited: i64,
        pub answered: i64,
        pub reachable: i64,
        pub completed: i64,
    }
}

macro_rules! tally {
    ($rest:literal) => {
        concat!(
            "SELECT CAST(COALESCE(sum(CASE WHEN listed > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS accounts,
                CAST(COALESCE(sum(CASE WHEN invited > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS invited,
                CAST(COALESCE(sum(CASE WHEN completed > 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS answered,
                CAST(COALESCE(sum(reachable), 0) AS BIGINT) AS reachable, CAST(COALESCE(sum(completed), 0) AS BIGINT) AS completed
             FROM account WHERE round_id = $1 AND ",
            $rest
        )
    };
}

/// Of a sponsor nothing: his is the whole round, which has counters of its own.
pub async fn tally(tx: &mut Tx, round: &RoundId, level: TeamLevel, email: &str) -> Result<PartTally> {
    match level {
        TeamLevel::Manager => one!(tx, tally!("manager_email = $2"), round, email),
        TeamLevel::Director => one!(tx, tally!("director_email = $2"), round, email),
        TeamLevel::Sponsor => Ok(PartTally::default()),
    }
}

row! {
    /// An account as the team sees it.
    pub struct PartAccount {
        pub id: AccountId,
        pub name: String,
        /// Empty where the list names none.
        pub manager_name: String,
        pub invited: i64,
        pub reachable: i64,
        pub started: i64,
        pub completed: i64,
    }
}

macro_rules! silent {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, manager_name, invited, reachable, started, completed FROM account
             WHERE round_id = $1 AND invited > 0 AND completed = 0 AND ",
            $rest,
            " ORDER BY COALESCE(annual_revenue, 0) DESC, sort_key, id LIMIT $3"
        )
    };
}

/// Those of which somebody was invited and nobody has answered, the dearest first.
pub async fn silent(
    tx: &mut Tx,
    round: &RoundId,
    level: TeamLevel,
    email: &str,
    limit: i64,
) -> Result<Vec<PartAccount>> {
    match level {
        TeamLevel::Manager => all!(tx, silent!("manager_email = $2"), round, email, limit),
        TeamLevel::Director => all!(tx, silent!("director_email = $2"), round, email, limit),
        TeamLevel::Sponsor => Ok(Vec::new()),
    }
}

macro_rules! asked {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, manager_name, invited, reachable, started, completed FROM account
             WHERE round_id = $1 AND invited > 0 AND ",
            $rest,
            " ORDER BY sort_key, id"
        )
    };
}

/// All of which somebody was invited, by name.
pub async fn asked(tx: &mut Tx, round: &RoundId, level: TeamLevel, email: &str) -> Result<Vec<PartAccount>> {
    match level {
        TeamLevel::Manager => all!(tx, asked!("manager_email = $2"), round, email),
        TeamLevel::Director => all!(tx, asked!("director_email = $2"), round, email),
        TeamLevel::Sponsor => Ok(Vec::new()),
    }
}

/// Who may be asked: invited before `$3`, there, can be reached and wants to be. `$4` is 0 for whoever has answered as well.
macro_rules! could_answer {
    () => {
        "c.invited_at < $3 AND ($4 = 0 OR c.completed_at IS NULL) AND c.removed_at IS NULL AND c.opted_out_at IS NULL
            AND c.undeliverable_at IS NULL AND c.left_at IS NULL AND c.not_chased_at IS NULL AND c.loading IS NULL"
    };
}

macro_rules! people {
    ($rest:literal) => {
        concat!(
            "SELECT c.id FROM account a JOIN contact c ON c.account_id = a.id WHERE a.round_id = $1 AND ",
            could_answer!(),
            $rest,
            " ORDER BY a.sort_key, a.id, c.sort_key, c.id LIMIT $5 OFFSET $6"
        )
    };
}

/// Whose people, invited before when, and whether only those who have not answered.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    pub round: &'a RoundId,
    pub level: TeamLevel,
    pub email: &'a str,
    pub before: Ts,
    pub only_open: bool,
}

/// By account and name. Who cannot be read is left out ([`contacts::persons`]).
pub async fn people(tx: &mut Tx, of: &Part<'_>, limit: i64, offset: i64) -> Result<Vec<Person>> {
    let Part { round, email, before, .. } = *of;
    let open = Flag(of.only_open);
    let ids: Vec<(ContactId,)> = match of.level {
        TeamLevel::Manager => {
            all!(tx, people!(" AND a.manager_email = $2"), round, email, before, open, limit, offset)?
        }
        TeamLevel::Director => {
            all!(tx, people!(" AND a.director_email = $2"), round, email, before, open, limit, offset)?
        }
        TeamLevel::Sponsor => Vec::new(),
    };
    let ids: Vec<ContactId> = ids.into_iter().map(|(id,)| id).collect();
    let found = contacts::persons(tx, &ids.iter().collect::<Vec<_>>()).await?;
    let mut by_id: HashMap<ContactId, Person> = found.into_iter().map(|p| (p.id.clone(), p)).collect();
    Ok(ids.iter().filter_map(|id| by_id.remove(id)).collect())
}

macro_rules! how_many {
    ($rest:literal) => {
        concat!(
            "SELECT count(*) AS n FROM account a JOIN contact c ON c.account_id = a.id WHERE a.round_id = $1 AND ",
            could_answer!(),
            $rest
        )
    };
}

pub async fn how_many(tx: &mut Tx, of: &Part<'_>) -> Result<i64> {
    let Part { round, email, before, .. } = *of;
    let open = Flag(of.only_open);
    let count: Count = match of.level {
        TeamLevel::Manager => one!(tx, how_many!(" AND a.manager_email = $2"), round, email, before, open)?,
        TeamLevel::Director => one!(tx, how_many!(" AND a.director_email = $2"), round, email, before, open)?,
        TeamLevel::Sponsor => return Ok(0),
    };
    Ok(count.n)
}

/// The calls to people of one account manager since then, the latest first.
pub async fn lately_of_manager(
    tx: &mut Tx,
    round: &RoundId,
    email: &str,
    since: Ts,
    limit: i64,
) -> Result<Vec<Lately>> {
    all!(tx, latest_calls!("AND a.manager_email = $4"), round, since, limit, email)
}
