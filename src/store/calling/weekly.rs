//! Who hears weekly where his part of a round stands: all who do, and whether one of them still does.
//!
//! All begins with the index by manager or by director and costs the accounts of the round; of one it costs his own.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::rules::completion::team::TeamLevel;
use crate::rules::message::MessageKind;
use crate::store::completion::Count;
use crate::store::database::tx::{Readable, Tx};

/// Of an account `a`: somebody was invited before `$2`, and is on the list.
macro_rules! has_invited {
    () => {
        "EXISTS (SELECT 1 FROM contact c WHERE c.account_id = a.id AND c.invited_at < $2 AND c.removed_at IS NULL)"
    };
}

/// The same of an account director, where whoever it is has neither completed nor opted out and can be reached.
macro_rules! has_open {
    () => {
        "EXISTS (SELECT 1 FROM contact c WHERE c.account_id = a.id AND c.invited_at < $2 AND c.completed_at IS NULL
            AND c.opted_out_at IS NULL AND c.removed_at IS NULL AND c.undeliverable_at IS NULL AND c.not_chased_at IS NULL)"
    };
}

/// The same of an account manager, who is not told of whoever was called.
macro_rules! has_callable {
    () => {
        "EXISTS (SELECT 1 FROM contact c WHERE c.account_id = a.id AND c.invited_at < $2 AND c.completed_at IS NULL
            AND c.opted_out_at IS NULL AND c.removed_at IS NULL AND c.undeliverable_at IS NULL AND c.not_chased_at IS NULL
            AND (c.left_alone_until IS NULL OR c.left_alone_until <= $2))"
    };
}

row! {
    /// Whoever hears weekly.
    pub struct Hears {
        pub name: String,
        pub email: EmailAddress,
    }
}

macro_rules! managers_with {
    () => {
        "SELECT min(a.manager_name) AS name, a.manager_email AS email, a.manager_email AS id FROM account a
         WHERE a.round_id = $1 AND a.manager_email <> '' AND "
    };
}

macro_rules! by_manager {
    () => {
        " GROUP BY a.manager_email ORDER BY a.manager_email"
    };
}

macro_rules! directors_with {
    () => {
        "SELECT min(a.director_name) AS name, a.director_email AS email, a.director_email AS id FROM account a
         WHERE a.round_id = $1 AND a.invited > 0 AND "
    };
}

macro_rules! by_director {
    () => {
        " GROUP BY a.director_email ORDER BY a.director_email"
    };
}

/// Account managers with somebody who was invited before then. `open`: and can still answer; else whoever has answered.
pub async fn managers(tx: &mut Tx, round: &RoundId, before: Ts, open: bool) -> Result<Readable<Hears>> {
    if open {
        readable!(tx, concat!(managers_with!(), has_callable!(), by_manager!()), round, before)
    } else {
        readable!(tx, concat!(managers_with!(), has_invited!(), by_manager!()), round, before)
    }
}

/// The same of account directors.
pub async fn directors(tx: &mut Tx, round: &RoundId, before: Ts, open: bool) -> Result<Readable<Hears>> {
    if open {
        readable!(tx, concat!(directors_with!(), has_open!(), by_director!()), round, before)
    } else {
        readable!(tx, concat!(directors_with!(), has_invited!(), by_director!()), round, before)
    }
}

/// One account of his that makes him one of them; the first that is found.
macro_rules! one_of {
    ($rest:literal) => {
        concat!("SELECT CAST(1 AS BIGINT) AS n FROM account a WHERE a.round_id = $1 AND a.invited > 0 AND ", $rest)
    };
}

/// Whether somebody is among [`managers`] or [`directors`]. Costs his accounts.
pub async fn still_hears(
    tx: &mut Tx,
    round: &RoundId,
    (level, email): (TeamLevel, &str),
    before: Ts,
    open: bool,
) -> Result<bool> {
    let found: Option<Count> = match (level, open) {
        (TeamLevel::Manager, true) => maybe!(
            tx,
            concat!(one_of!("a.manager_email = $3 AND "), has_callable!(), " LIMIT 1"),
            round,
            before,
            email
        )?,
        (TeamLevel::Manager, false) => {
            maybe!(tx, concat!(one_of!("a.manager_email = $3 AND "), has_invited!(), " LIMIT 1"), round, before, email)?
        }
        (TeamLevel::Director, true) => {
            maybe!(tx, concat!(one_of!("a.director_email = $3 AND "), has_open!(), " LIMIT 1"), round, before, email)?
        }
        (TeamLevel::Director, false) => maybe!(
            tx,
            concat!(one_of!("a.director_email = $3 AND "), has_invited!(), " LIMIT 1"),
            round,
            before,
            email
        )?,
        (TeamLevel::Sponsor, _) => None,
    };
    Ok(found.is_some())
}

row! {
    pub struct Latest {
        pub number: Option<i64>,
    }
}

/// The number of the latest weekly mail under this subject that was not withdrawn.
pub async fn latest_mail(tx: &mut Tx, round: &RoundId, subject: &str) -> Result<Option<i64>> {
    let latest: Latest = one!(
        tx,
        "SELECT max(number) AS number FROM message
         WHERE lane = $1 AND contact_id IS NULL AND subject_id = $2 AND kind = $3 AND state <> 'withdrawn'",
        round,
        subject,
        MessageKind::Digest
    )?;
    Ok(latest.number)
}
