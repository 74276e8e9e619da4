//! The list of people of a round, as pages ask for it: by where they stand, and by words. Costs the page, or the people whom the words
//! find, at most [`LOOKED_THROUGH`] of them; an account costs its people, and a stage that few have reached costs those few.

use std::collections::HashMap;

use crate::base::folding::{Sought, end_of};
use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::store::completion::Count;
use crate::store::database::tx::Tx;
use crate::store::missing::{self, askable, has_begun};
use crate::store::narrowed::{patterns, people_named};
use crate::store::people;

use super::order::{Keyed, in_order};
use super::{Person, persons};

pub use super::order::Order;
pub use crate::store::narrowed::Narrowed;

/// As many people as one word may find; whoever types so little is asked for more. As many are put in another order than by name.
pub const LOOKED_THROUGH: i64 = 2_000;

/// The columns of [`Keyed`] of those who are found.
macro_rules! keyed {
    () => {
        "SELECT f.id, f.sort_key, a.sort_key AS account_key, c.role, COALESCE(c.last_sent_at, 0) AS last_sent_at,
            CAST(CASE WHEN c.completed_at IS NOT NULL THEN 4 WHEN c.removed_at IS NOT NULL THEN 8 WHEN c.opted_out_at IS NOT NULL THEN 7
                WHEN c.left_at IS NOT NULL THEN 6 WHEN c.undeliverable_at IS NOT NULL THEN 5 WHEN c.started_at IS NOT NULL THEN 3
                WHEN c.invited_at IS NOT NULL THEN 2 WHEN c.standing = 'signed' THEN 1 ELSE 0 END AS BIGINT) AS stage
         FROM found f JOIN contact c ON c.id = f.id JOIN account a ON a.id = c.account_id ORDER BY f.sort_key, f.id "
    };
}

/// Who has yet to answer: as the index `contact_not_answered` has them, and as [`people::at_stage`] counts them.
macro_rules! yet_to_answer {
    () => {
        "c.invited_at IS NOT NULL AND c.completed_at IS NULL AND c.opted_out_at IS NULL AND c.removed_at IS NULL
            AND c.undeliverable_at IS NULL "
    };
}

/// Whom a list shows, `$2` to `$4` being stage, role and account.
macro_rules! narrowed {
    () => {
        concat!(
            "CASE $2
            WHEN 'listed' THEN c.removed_at IS NULL
            WHEN 'removed' THEN c.removed_at IS NOT NULL
            WHEN 'signed' THEN c.removed_at IS NULL AND c.standing = 'signed'
            WHEN 'unsigned' THEN c.removed_at IS NULL AND c.standing <> 'signed'
            WHEN 'invited' THEN c.invited_at IS NOT NULL
            WHEN 'reachable' THEN c.completed_at IS NOT NULL
                OR (c.invited_at IS NOT NULL AND c.removed_at IS NULL AND c.undeliverable_at IS NULL)
            WHEN 'not_answered' THEN ",
            yet_to_answer!(),
            " WHEN 'not_finished' THEN ",
            has_begun!(),
            " WHEN 'started' THEN c.started_at IS NOT NULL
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
        )
    };
}

/// Without words: read in the order of the index.
macro_rules! listed {
    ($rest:literal) => {
        concat!(
            "WITH found AS (SELECT c.id, c.sort_key FROM contact c WHERE c.round_id = $1 AND c.loading IS NULL AND ",
            narrowed!(),
            ") ",
            $rest
        )
    };
}

/// The same of whoever has yet to answer, in the order of an index of their own.
macro_rules! not_answered {
    ($rest:literal) => {
        concat!(
            "WITH found AS (SELECT c.id, c.sort_key FROM contact c WHERE c.round_id = $1 AND c.loading IS NULL AND ",
            yet_to_answer!(),
            " AND ",
            narrowed!(),
            ") ",
            $rest
        )
    };
}

/// Of an account or at a stage: everybody who may be meant, from the index that knows them. One branch applies, the others end before they
/// begin. A fact that is asked for as `>= 0` (no instant is before 1970) goes by its own index; `IS NOT NULL` does not. `IS TRUE` keeps both
/// planners from beginning with the round's index, and PostgreSQL guesses right how many it leaves.
macro_rules! chosen {
    ($rest:literal) => {
        concat!(
            "WITH hit AS (
                SELECT p.id AS id FROM contact p WHERE $4 <> '' AND p.account_id = $4
                UNION ALL SELECT p.id AS id FROM account s JOIN contact p ON p.account_id = s.id
                    WHERE $4 = '' AND $2 IN ('signed', 'unsigned') AND s.round_id = $1 AND s.listed > 0
                        AND (CASE s.standing WHEN 'signed' THEN 1 ELSE 0 END) = (CASE $2 WHEN 'signed' THEN 1 ELSE 0 END)
                UNION ALL SELECT p.id AS id FROM account s JOIN contact p ON p.account_id = s.id
                    WHERE $4 = '' AND $2 = 'signed' AND s.round_id = $1 AND s.listed > 0 AND s.signed_names > 0
                        AND (CASE s.standing WHEN 'signed' THEN 1 ELSE 0 END) = 0
                UNION ALL SELECT p.id AS id FROM contact p
                    WHERE $4 = '' AND $2 IN ('invited', 'reachable') AND p.round_id = $1 AND p.invited_at >= 0
                UNION ALL SELECT p.id AS id FROM contact p
                    WHERE $4 = '' AND $2 = 'reachable' AND p.round_id = $1 AND p.completed_at >= 0 AND p.invited_at IS NULL
                UNION ALL SELECT p.id AS id FROM contact p WHERE $4 = '' AND $2 = 'started' AND p.round_id = $1 AND p.started_at >= 0
                UNION ALL SELECT p.id AS id FROM contact p
                    WHERE $4 = '' AND $2 = 'not_finished' AND p.round_id = $1 AND p.started_at >= 0 AND p.completed_at IS NULL
                UNION ALL SELECT p.id AS id FROM contact p WHERE $4 = '' AND $2 = 'completed' AND p.round_id = $1 AND p.completed_at >= 0
                UNION ALL SELECT p.id AS id FROM contact p WHERE $4 = '' AND $2 = 'opted_out' AND p.round_id = $1 AND p.opted_out_at >= 0
                UNION ALL SELECT p.id AS id FROM contact p
                    WHERE $4 = '' AND $2 = 'undeliverable' AND p.round_id = $1 AND p.undeliverable_at >= 0
                UNION ALL SELECT p.id AS id FROM contact p WHERE $4 = '' AND $2 = 'left' AND p.round_id = $1 AND p.left_at >= 0
                UNION ALL SELECT p.id AS id FROM contact p
                    WHERE $4 = '' AND $2 = 'removed' AND p.round_id = $1 AND p.removed_at >= 0 AND p.loading IS NULL
                UNION ALL SELECT p.id AS id FROM contact p
                    WHERE $4 = '' AND $2 = 'away_until_the_close' AND p.round_id = $1 AND p.waiting_for = 'absent'
                UNION ALL SELECT DISTINCT p.id AS id FROM round r JOIN objection o ON o.client = r.client_key AND o.ended_at IS NULL
                    JOIN contact p ON p.round_id = r.id AND p.email_key = o.email_key WHERE $4 = '' AND $2 = 'kept_out' AND r.id = $1
                UNION ALL SELECT DISTINCT t.contact_id AS id FROM task t
                    WHERE $4 = '' AND $2 = 'to_repair' AND t.round_id = $1 AND t.closed_at IS NULL),
            found AS (SELECT c.id, c.sort_key FROM hit h JOIN contact c ON c.id = h.id
                WHERE (c.round_id = $1) IS TRUE AND c.loading IS NULL AND ",
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
                WHERE (c.round_id = $1) IS TRUE AND c.loading IS NULL AND NOT EXISTS (SELECT 1 FROM json_each($7) t
                    WHERE c.words NOT LIKE (t.value ->> 'like') AND a.words NOT LIKE (t.value ->> 'like')) AND ",
            narrowed!(),
            ") ",
            $rest
        )
    };
}

/// A statement with what is asked bound to `$1` to `$4`, and the rest behind it.
macro_rules! searching {
    ($tx:expr, $sql:expr, $how:ident, $round:expr, $search:expr $(, $more:expr)* $(,)?) => {
        $how!($tx, $sql, $round, &$search.stage, &$search.role, $search.account.as_ref().map_or("", AccountId::as_str) $(, $more)*)
    };
}

/// What a list of people is narrowed down to; an empty text narrows nothing.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// A name of the funnel: `completed`, `not_answered`, ...
    pub stage: String,
    pub role: String,
    pub account: Option<AccountId>,
    /// What was typed; none when nothing was.
    pub words: Option<Narrowed>,
    pub order: Order,
}

impl Search {
    /// Whether everybody who is meant can be found: of those whom a vague word means, some are never looked at.
    pub fn finds_all(&self) -> bool {
        self.words.as_ref().is_none_or(|words| !words.is_vague)
    }
}

/// Asks how many people have each of the words, and no further than it matters.
pub async fn narrowed(tx: &mut Tx, round: &RoundId, words: Sought) -> Result<Narrowed> {
    let mut counted = Vec::new();
    for word in words.telling {
        counted.push((people_named(tx, round, &word, LOOKED_THROUGH + 1).await?, word));
    }
    Ok(Narrowed::by(counted, words.all, LOOKED_THROUGH))
}

/// How people are looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Nobody can be found.
    Nobody,
    ByWords,
    /// From those who may be meant.
    Chosen,
    /// By name, until the page is full: many are meant.
    Listed,
    /// The same of whoever has yet to answer, few or many.
    NotAnswered,
}

async fn way(tx: &mut Tx, round: &RoundId, search: &Search) -> Result<Way> {
    if let Some(words) = &search.words {
        return Ok(if words.first().is_empty() { Way::Nobody } else { Way::ByWords });
    }
    if search.account.is_some() {
        return Ok(Way::Chosen);
    }
    let few = |n: i64| if n <= LOOKED_THROUGH { Way::Chosen } else { Way::Listed };
    match search.stage.as_str() {
        "" | "listed" => Ok(Way::Listed),
        "not_answered" => Ok(Way::NotAnswered),
        "not_finished" => Ok(few(missing::how_many_have_begun(tx, round, LOOKED_THROUGH + 1).await?)),
        "signed" | "unsigned" => {
            let of_any_role = Search { role: String::new(), ..search.clone() };
            Ok(few(counted(tx, round, &of_any_role).await?.unwrap_or_default()))
        }
        // Of stages without a counter nobody expects many.
        _ => Ok(few(counted(tx, round, search).await?.unwrap_or_default())),
    }
}

/// How many people a search finds, where a counter knows.
async fn counted(tx: &mut Tx, round: &RoundId, search: &Search) -> Result<Option<i64>> {
    if search.words.is_some() || search.account.is_some() {
        return Ok(None);
    }
    people::at_stage(tx, round, &search.stage, &search.role).await
}

/// A page of a round's people in the order that is asked for; of more than [`LOOKED_THROUGH`] by name.
pub async fn page(tx: &mut Tx, round: &RoundId, search: &Search, limit: i64, offset: i64) -> Result<Vec<Person>> {
    let ids = if search.order == Order::Name || !is_sorted(tx, round, search).await? {
        by_name(tx, round, search, limit, offset).await?
    } else {
        let mut found = keyed(tx, round, search).await?;
        in_order(&mut found, search.order);
        let shown = found.into_iter().skip(offset.max(0) as usize).take(limit.max(0) as usize);
        shown.map(|p| p.id).collect()
    };
    let wanted: Vec<&ContactId> = ids.iter().collect();
    let mut people: HashMap<ContactId, Person> =
        persons(tx, &wanted).await?.into_iter().map(|p| (p.id.clone(), p)).collect();
    Ok(ids.iter().filter_map(|id| people.remove(id)).collect())
}

/// Whether so few are found that they can be put in another order than by name.
pub async fn is_sorted(tx: &mut Tx, round: &RoundId, search: &Search) -> Result<bool> {
    Ok(count(tx, round, search, LOOKED_THROUGH + 1).await? <= LOOKED_THROUGH)
}

/// Everybody who is found, by name; the first of them where there are more than `limit`. Costs as a page of so many.
pub async fn by_name(tx: &mut Tx, round: &RoundId, search: &Search, limit: i64, offset: i64) -> Result<Vec<ContactId>> {
    found(tx, round, search, LOOKED_THROUGH, (limit, offset)).await
}

/// Some of those whom words find, `limit` at most, of very many not the first by name: costs those where there is one word, or no word
/// says who is meant; else as a search does.
pub async fn some(tx: &mut Tx, round: &RoundId, search: &Search, limit: i64) -> Result<Vec<ContactId>> {
    let alike = search.words.as_ref().is_some_and(|words| words.is_vague || words.others().is_empty());
    found(tx, round, search, if alike { limit } else { LOOKED_THROUGH }, (limit, 0)).await
}

/// `through`: how many are looked through whom a word finds.
async fn found(
    tx: &mut Tx,
    round: &RoundId,
    search: &Search,
    through: i64,
    (limit, offset): (i64, i64),
) -> Result<Vec<ContactId>> {
    let words = search.words.clone().unwrap_or_default();
    let ids: Vec<(ContactId,)> = match way(tx, round, search).await? {
        Way::Nobody => Vec::new(),
        Way::ByWords => searching!(
            tx,
            searched!("SELECT id FROM found ORDER BY sort_key, id LIMIT $9 OFFSET $10"),
            all,
            round,
            search,
            words.first(),
            end_of(words.first()),
            patterns(words.all())?,
            through,
            limit,
            offset
        )?,
        Way::Chosen => searching!(
            tx,
            chosen!("SELECT id FROM found ORDER BY sort_key, id LIMIT $5 OFFSET $6"),
            all,
            round,
            search,
            limit,
            offset
        )?,
        Way::Listed => searching!(
            tx,
            listed!("SELECT id FROM found ORDER BY sort_key, id LIMIT $5 OFFSET $6"),
            all,
            round,
            search,
            limit,
            offset
        )?,
        Way::NotAnswered => searching!(
            tx,
            not_answered!("SELECT id FROM found ORDER BY sort_key, id LIMIT $5 OFFSET $6"),
            all,
            round,
            search,
            limit,
            offset
        )?,
    };
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Everybody who is found, [`LOOKED_THROUGH`] at most, with what they are put in order by.
async fn keyed(tx: &mut Tx, round: &RoundId, search: &Search) -> Result<Vec<Keyed>> {
    let words = search.words.clone().unwrap_or_default();
    match way(tx, round, search).await? {
        Way::Nobody => Ok(Vec::new()),
        Way::ByWords => searching!(
            tx,
            concat!(searched!(""), keyed!(), "LIMIT $9"),
            all,
            round,
            search,
            words.first(),
            end_of(words.first()),
            patterns(words.all())?,
            LOOKED_THROUGH,
            LOOKED_THROUGH
        ),
        Way::Chosen => {
            searching!(tx, concat!(chosen!(""), keyed!(), "LIMIT $5"), all, round, search, LOOKED_THROUGH)
        }
        Way::Listed => {
            searching!(tx, concat!(listed!(""), keyed!(), "LIMIT $5"), all, round, search, LOOKED_THROUGH)
        }
        Way::NotAnswered => {
            searching!(tx, concat!(not_answered!(""), keyed!(), "LIMIT $5"), all, round, search, LOOKED_THROUGH)
        }
    }
}

/// How many people a search finds; counts to `most` and no further.
pub async fn count(tx: &mut Tx, round: &RoundId, search: &Search, most: i64) -> Result<i64> {
    if let Some(known) = counted(tx, round, search).await? {
        return Ok(known.min(most));
    }
    let words = search.words.clone().unwrap_or_default();
    let count: Count = match way(tx, round, search).await? {
        // Of whoever has yet to answer the counter knows.
        Way::Nobody | Way::NotAnswered => return Ok(0),
        Way::ByWords => searching!(
            tx,
            searched!("SELECT count(*) AS n FROM (SELECT id FROM found LIMIT $9) AS counted"),
            one,
            round,
            search,
            words.first(),
            end_of(words.first()),
            patterns(words.all())?,
            LOOKED_THROUGH,
            most
        )?,
        Way::Chosen => searching!(
            tx,
            chosen!("SELECT count(*) AS n FROM (SELECT id FROM found LIMIT $5) AS counted"),
            one,
            round,
            search,
            most
        )?,
        Way::Listed => searching!(
            tx,
            listed!("SELECT count(*) AS n FROM (SELECT id FROM found LIMIT $5) AS counted"),
            one,
            round,
            search,
            most
        )?,
    };
    Ok(count.n)
}
