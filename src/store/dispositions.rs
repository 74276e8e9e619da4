//! Whoever was invited and is no plain case of having answered or not, counted by what is known of him. Costs those people, read from the
//! indexes that know them; the many others are known by the counters.

use crate::base::ids::RoundId;
use crate::base::problem::Result;
use crate::store::database::columns::Flag;
use crate::store::database::tx::Tx;

row! {
    /// People who are alike.
    pub struct Alike {
        pub invited: Flag,
        pub completed: Flag,
        pub opted_out: Flag,
        pub left_account: Flag,
        pub removed: Flag,
        pub undeliverable: Flag,
        pub away: Flag,
        pub begun: Flag,
        pub enough: Flag,
        pub people: i64,
    }
}

/// `enough`: so many answers make an unfinished response one that counts.
pub async fn special(tx: &mut Tx, round: &RoundId, enough: i64) -> Result<Vec<Alike>> {
    all!(
        tx,
        "WITH few AS (
            SELECT p.id AS id FROM contact p WHERE p.round_id = $1 AND p.opted_out_at >= 0
            UNION SELECT p.id AS id FROM contact p WHERE p.round_id = $1 AND p.undeliverable_at >= 0
            UNION SELECT p.id AS id FROM contact p WHERE p.round_id = $1 AND p.left_at >= 0
            UNION SELECT p.id AS id FROM contact p WHERE p.round_id = $1 AND p.removed_at >= 0 AND p.loading IS NULL
            UNION SELECT p.id AS id FROM contact p WHERE p.round_id = $1 AND p.waiting_for = 'absent'
            UNION SELECT p.id AS id FROM contact p WHERE p.round_id = $1 AND p.started_at >= 0 AND p.completed_at IS NULL
            UNION SELECT p.id AS id FROM contact p WHERE p.round_id = $1 AND p.completed_at >= 0 AND p.invited_at IS NULL),
        flags AS (SELECT
            CAST(CASE WHEN c.invited_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS invited,
            CAST(CASE WHEN c.completed_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS completed,
            CAST(CASE WHEN c.opted_out_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS opted_out,
            CAST(CASE WHEN c.left_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS left_account,
            CAST(CASE WHEN c.removed_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS removed,
            CAST(CASE WHEN c.undeliverable_at IS NOT NULL THEN 1 ELSE 0 END AS BIGINT) AS undeliverable,
            CAST(CASE WHEN c.waiting_for = 'absent' THEN 1 ELSE 0 END AS BIGINT) AS away,
            CAST(CASE WHEN c.started_at IS NOT NULL AND c.completed_at IS NULL THEN 1 ELSE 0 END AS BIGINT) AS begun,
            CAST(CASE WHEN c.completed_at IS NULL AND (SELECT count(*) FROM response r JOIN answer a ON a.response_id = r.id
                WHERE r.contact_id = c.id AND r.set_aside_at IS NULL) >= $2 THEN 1 ELSE 0 END AS BIGINT) AS enough
            FROM few f JOIN contact c ON c.id = f.id
            WHERE (c.round_id = $1) IS TRUE AND c.loading IS NULL AND (c.invited_at IS NOT NULL OR c.completed_at IS NOT NULL))
        SELECT invited, completed, opted_out, left_account, removed, undeliverable, away, begun, enough, count(*) AS people FROM flags
        GROUP BY invited, completed, opted_out, left_account, removed, undeliverable, away, begun, enough
        ORDER BY invited, completed, opted_out, left_account, removed, undeliverable, away, begun, enough",
        round,
        enough
    )
}
