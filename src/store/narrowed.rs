//! The words that a search asks for, and by which of them it begins: the one that fewest have, for only those who have it are
//! looked through.

use crate::base::folding::end_of;
use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::completion::Count;
use crate::store::database::tx::{Tx, json};

/// Words, and by which of them the search begins.
#[derive(Clone, Debug, Default)]
pub struct Narrowed {
    /// The one that fewest have; empty where nothing can be found.
    first: String,
    all: Vec<String>,
    /// More have it than are looked through.
    pub is_vague: bool,
}

impl Narrowed {
    /// `counted`: how many have each of the words that a search may begin with, of which one more than `looked_through` is enough.
    pub(crate) fn by(counted: Vec<(i64, String)>, all: Vec<String>, looked_through: i64) -> Narrowed {
        let (n, first) = counted.into_iter().min_by_key(|(n, _)| *n).unwrap_or_default();
        Narrowed { first, all, is_vague: n > looked_through }
    }

    pub(crate) fn first(&self) -> &str {
        &self.first
    }

    pub(crate) fn all(&self) -> &[String] {
        &self.all
    }

    /// Those that are compared with whoever has the first.
    pub(crate) fn others(&self) -> Vec<String> {
        self.all.iter().filter(|word| **word != self.first).cloned().collect()
    }
}

/// As patterns for LIKE: words have letters and digits only.
pub(crate) fn patterns(words: &[String]) -> Result<String> {
    json(&words.iter().map(|word| serde_json::json!({ "like": format!("% {word}%") })).collect::<Vec<_>>())
}

/// How many accounts of a round have a word in their names that begins so; counts to `most` and no further.
pub(crate) async fn accounts_named(tx: &mut Tx, round: &RoundId, word: &str, most: i64) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM (SELECT 1 AS one FROM account_word w
            WHERE w.round_id = $1 AND w.word >= $2 AND w.word < $3 LIMIT $4) AS by_name",
        round,
        word,
        end_of(word),
        most
    )?;
    Ok(count.n)
}

/// How many people of a round have such a word in their names or addresses, and how many in those of their accounts; counts each to `most` and
/// no further.
pub(crate) async fn people_named(tx: &mut Tx, round: &RoundId, word: &str, most: i64) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT CAST(sum(n) AS BIGINT) AS n FROM (
            SELECT count(*) AS n FROM (SELECT 1 AS one FROM contact_word w
                WHERE w.round_id = $1 AND w.word >= $2 AND w.word < $3 LIMIT $4) AS by_name
            UNION ALL SELECT count(*) AS n FROM (
                SELECT 1 AS one FROM account_word v JOIN contact p ON p.account_id = v.account_id
                WHERE v.round_id = $1 AND v.word >= $2 AND v.word < $3 LIMIT $4) AS by_account) AS both_ways",
        round,
        word,
        end_of(word),
        most
    )?;
    Ok(count.n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_begins_with_the_word_that_fewest_have() {
        let words = |words: &[&str]| words.iter().map(ToString::to_string).collect::<Vec<_>>();
        let counted = |n: [i64; 3]| n.into_iter().zip(words(&["ann", "lee", "one"])).collect::<Vec<_>>();
        let all = words(&["ann", "lee", "one", "com"]);
        let by = Narrowed::by(counted([9, 3, 3]), all.clone(), 5);
        assert_eq!((by.first(), by.is_vague, by.others()), ("lee", false, words(&["ann", "one", "com"])));
        assert_eq!(by.all(), all);
        assert!(Narrowed::by(counted([9, 6, 7]), all.clone(), 5).is_vague, "no word leads to few");
        assert_eq!(Narrowed::by(Vec::new(), all, 5).first(), "", "a word of everybody leads nowhere");
    }
}
