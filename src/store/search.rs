//! The list of people of a round, as pages ask for it: by where they stand, and by words. Costs the page, or the people whom the words find,
//! at most [`LOOKED_THROUGH`] of them.

use std::collections::HashMap;

use crate::base::folding::{Sought, end_of};
use crate::base::problem::Result;

use super::Tx;
use super::completion::Count;
use super::contacts::{Id, Person, persons};
use super::tx::json;

/// As many people as one word may find; whoever types so little is asked for more.
pub const LOOKED_THROUGH: i64 = 5_000;

/// Whom a list shows, `$2` to `$4` being stage, role and account.
macro_rules! narrowed {
    () => {
        "CASE $2
            WHEN 'listed' THEN c.removed_at IS NULL
            WHEN 'removed' THEN c.removed_at IS NOT NULL
            WHEN 'signed' THEN c.removed_at IS NULL AND a.standing = 'signed'
            WHEN 'unsigned' THEN c.removed_at IS NULL AND a.standing <> 'signed'
            WHEN 'invited' THEN c.invited_at IS NOT NULL
            WHEN 'reachable' THEN c.completed_at IS NOT NULL
                OR (c.invited_at IS NOT NULL AND c.removed_at IS NULL AND c.undeliverable_at IS NULL)
            WHEN 'not_answered' THEN c.invited_at IS NOT NULL AND c.completed_at IS NULL AND c.opted_out_at IS NULL
                AND c.removed_at IS NULL AND c.undeliverable_at IS NULL
            WHEN 'started' THEN c.started_at IS NOT NULL
            WHEN 'completed' THEN c.completed_at IS NOT NULL
            WHEN 'opted_out' THEN c.opted_out_at IS NOT NULL
            WHEN 'kept_out' THEN c.removed_at IS NULL AND EXISTS (SELECT 1 FROM objection o JOIN round r ON r.client_key = o.client
                WHERE r.id = c.round_id AND o.email_key = c.email_key AND o.ended_at IS NULL
                    AND (o.round_id IS NULL OR o.round_id <> r.id))
            WHEN 'undeliverable' THEN c.undeliverable_at IS NOT NULL
            WHEN 'left' THEN c.left_at IS NOT NULL
            WHEN 'away_until_the_close' THEN c.waiting_for = 'absent' AND c.completed_at IS NULL AND c.removed_at IS NULL
            WHEN 'to_repair' THEN EXISTS (SELECT 1 FROM task t WHERE t.contact_id = c.id AND t.closed_at IS NULL)
            ELSE 1 = 1 END
        AND ($3 = '' OR c.role = $3) AND ($4 = '' OR c.account_id = $4)"
    };
}

/// Without words: read in the order of the index.
macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "WITH found AS (SELECT c.id, c.sort_key FROM contact c JOIN account a ON a.id = c.account_id
             WHERE c.round_id = $1 AND c.loading IS NULL AND ",
            narrowed!(),
            ") ",
            $rest
        )
    };
}

/// With words: `$5` and `$6` enclose the one that fewest have, `$7` has all as patterns, `$8` is how many people are looked through.
macro_rules! searched {
    ($rest:literal) => {
        concat!(
            "WITH hit AS (
                SELECT id FROM (SELECT w.contact_id AS id FROM contact_word w WHERE w.round_id = $1 AND w.word >= $5 AND w.word < $6
                    ORDER BY w.word, w.contact_id LIMIT $8) AS by_name
                UNION SELECT id FROM (SELECT p.id AS id FROM account_word v JOIN contact p ON p.account_id = v.account_id
                    WHERE v.round_id = $1 AND v.word >= $5 AND v.word < $6 ORDER BY v.word, v.account_id, p.id LIMIT $8) AS by_account),
            found AS (SELECT c.id, c.sort_key FROM hit h JOIN contact c ON c.id = h.id JOIN account a ON a.id = c.account_id
                WHERE c.round_id = $1 AND c.loading IS NULL AND NOT EXISTS (SELECT 1 FROM json_each($7) t
                    WHERE c.words NOT LIKE (t.value ->> 'like') AND a.words NOT LIKE (t.value ->> 'like')) AND ",
            narrowed!(),
            ") ",
            $rest
        )
    };
}

/// What a list of people is narrowed down to; an empty text narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// A name of the funnel: "completed", "not_answered", ...
    pub stage: String,
    pub role: String,
    /// An account's id.
    pub account: String,
    /// What was typed; none when nothing was.
    pub words: Option<Narrowed>,
}

/// Words, and by which of them the search begins.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    /// The one that fewest have; empty where nothing can be found.
    first: String,
    all: Vec<String>,
    /// More people have it than are looked through.
    pub is_vague: bool,
}

impl Narrowed {
    /// As patterns for LIKE: words have letters and digits only.
    fn patterns(&self) -> Result<String> {
        json(&self.all.iter().map(|word| serde_json::json!({ "like": format!("% {word}%") })).collect::<Vec<_>>())
    }
}

/// Asks how many people have each of the words, and no further than it matters.
pub async fn narrowed(tx: &mut Tx, round: &str, words: Sought) -> Result<Narrowed> {
    let mut fewest: Option<(i64, String)> = None;
    for word in words.telling {
        let count: Count = one!(
            tx,
            "SELECT CAST(sum(n) AS BIGINT) AS n FROM (
                SELECT count(*) AS n FROM (SELECT 1 AS one FROM contact_word w
                    WHERE w.round_id = $1 AND w.word >= $2 AND w.word < $3 LIMIT $4) AS by_name
                UNION ALL SELECT count(*) AS n FROM (SELECT 1 AS one FROM account_word v JOIN contact p ON p.account_id = v.account_id
                    WHERE v.round_id = $1 AND v.word >= $2 AND v.word < $3 LIMIT $4) AS by_account) AS both_ways",
            round,
            &word,
            end_of(&word),
            LOOKED_THROUGH + 1
        )?;
        if fewest.as_ref().is_none_or(|(n, _)| count.n < *n) {
            fewest = Some((count.n, word));
        }
    }
    let (n, first) = fewest.unwrap_or_default();
    Ok(Narrowed { first, all: words.all, is_vague: n > LOOKED_THROUGH })
}

/// A page of a round's people, by name.
pub async fn page(tx: &mut Tx, round: &str, search: &Search, limit: i64, offset: i64) -> Result<Vec<Person>> {
    let ids: Vec<Id> = match &search.words {
        Some(words) if words.first.is_empty() => Vec::new(),
        Some(words) => all!(
            tx,
            searched!("SELECT id FROM found ORDER BY sort_key, id LIMIT $9 OFFSET $10"),
            round,
            &search.stage,
            &search.role,
            &search.account,
            &words.first,
            end_of(&words.first),
            words.patterns()?,
            LOOKED_THROUGH,
            limit,
            offset
        )?,
        None => all!(
            tx,
            listed!("SELECT id FROM found ORDER BY sort_key, id LIMIT $5 OFFSET $6"),
            round,
            &search.stage,
            &search.role,
            &search.account,
            limit,
            offset
        )?,
    };
    let ids: Vec<&str> = ids.iter().map(|c| c.id.as_str()).collect();
    let mut people: HashMap<String, Person> = persons(tx, &ids).await?.into_iter().map(|p| (p.id.clone(), p)).collect();
    Ok(ids.iter().filter_map(|id| people.remove(*id)).collect())
}

/// How many people a search finds; counts to `most` and no further.
pub async fn count(tx: &mut Tx, round: &str, search: &Search, most: i64) -> Result<i64> {
    let count: Count = match &search.words {
        Some(words) if words.first.is_empty() => return Ok(0),
        Some(words) => one!(
            tx,
            searched!("SELECT count(*) AS n FROM (SELECT id FROM found LIMIT $9) AS counted"),
            round,
            &search.stage,
            &search.role,
            &search.account,
            &words.first,
            end_of(&words.first),
            words.patterns()?,
            LOOKED_THROUGH,
            most
        )?,
        None => one!(
            tx,
            listed!("SELECT count(*) AS n FROM (SELECT id FROM found LIMIT $5) AS counted"),
            round,
            &search.stage,
            &search.role,
            &search.account,
            most
        )?,
    };
    Ok(count.n)
}
