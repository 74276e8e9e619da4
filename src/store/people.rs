//! How many people of a round are on its list, were taken off it and have yet to answer, by role, place and language, as the triggers
//! count them beside the contacts; and the check against a full count. Costs the places, never the people.

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::completion::{self, Count, RoleTally};
use crate::store::database::tx::Tx;

row! {
    pub struct People {
        pub listed: i64,
        pub removed: i64,
        /// Invited, on the list, reachable, and neither answered nor asked to be left alone.
        pub not_answered: i64,
    }
}

/// Of a role, or of all when it is empty.
pub async fn counted(tx: &mut Tx, round: &RoundId, role: &str) -> Result<People> {
    one!(
        tx,
        "SELECT CAST(COALESCE(sum(listed), 0) AS BIGINT) AS listed, CAST(COALESCE(sum(removed), 0) AS BIGINT) AS removed,
            CAST(COALESCE(sum(not_answered), 0) AS BIGINT) AS not_answered
         FROM people_tally WHERE round_id = $1 AND ($2 = '' OR role = $2)",
        round,
        role
    )
}

/// How many people of a role, or of all when it is empty, stand at a stage of the list of contacts, where counters know.
pub async fn at_stage(tx: &mut Tx, round: &RoundId, stage: &str, role: &str) -> Result<Option<i64>> {
    let of: fn(&RoleTally) -> i64 = match stage {
        "" | "removed" | "not_answered" => {
            let people = counted(tx, round, role).await?;
            return Ok(Some(match stage {
                "" => people.listed + people.removed,
                "removed" => people.removed,
                _ => people.not_answered,
            }));
        }
        "signed" | "unsigned" if role.is_empty() => {
            let signed = completion::accounts(tx, round).await?.signed_names;
            let listed = counted(tx, round, role).await?.listed;
            return Ok(Some(if stage == "signed" { signed } else { listed - signed }));
        }
        "listed" => |t| t.listed,
        "invited" => |t| t.invited,
        "reachable" => |t| t.reachable,
        "started" => |t| t.started,
        "completed" => |t| t.completed,
        "opted_out" => |t| t.opted_out,
        "undeliverable" => |t| t.undeliverable,
        _ => return Ok(None),
    };
    let roles = completion::by_role(tx, round).await?;
    Ok(Some(roles.iter().filter(|t| role.is_empty() || t.role.as_str() == role).map(of).sum()))
}

row! {
    /// Contacts of one country who read one language.
    pub struct CountryLanguage {
        pub country: String,
        pub language: String,
        pub contacts: i64,
    }
}

/// Where the contacts of a round are and what they read: what can be paused by country and language.
pub async fn places(tx: &mut Tx, round: &RoundId) -> Result<Vec<CountryLanguage>> {
    all!(
        tx,
        "SELECT country, language, CAST(sum(listed) AS BIGINT) AS contacts FROM people_tally WHERE round_id = $1 AND listed > 0
         GROUP BY country, language ORDER BY country, language",
        round
    )
}

/// Of how many places the counters differ from a full count. Costs the whole round; for `doctor` and the nightly check only.
pub async fn astray(tx: &mut Tx, round: &RoundId) -> Result<i64> {
    let count: Count = one!(
        tx,
        "SELECT count(*) AS n FROM (SELECT role, country, region, time_zone, language FROM (
                SELECT role, country, region, time_zone, language, listed, removed, not_answered FROM people_tally WHERE round_id = $1
                UNION ALL SELECT c.role, c.country, c.region, c.time_zone, c.language,
                    CAST(CASE WHEN c.removed_at IS NULL THEN -1 ELSE 0 END AS BIGINT) AS listed,
                    CAST(CASE WHEN c.removed_at IS NULL THEN 0 ELSE -1 END AS BIGINT) AS removed,
                    CAST(CASE WHEN c.invited_at IS NOT NULL AND c.completed_at IS NULL AND c.opted_out_at IS NULL
                        AND c.removed_at IS NULL AND c.undeliverable_at IS NULL THEN -1 ELSE 0 END AS BIGINT) AS not_answered
                FROM contact c WHERE c.round_id = $1 AND c.loading IS NULL) AS each_one
            GROUP BY role, country, region, time_zone, language
            HAVING sum(listed) <> 0 OR sum(removed) <> 0 OR sum(not_answered) <> 0) AS astray",
        round
    )?;
    Ok(count.n)
}
