//! What the ledger knows of silence: when anything was last accepted, what senders have in hand, and who has been put off since.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::message::{Lane, MessageKind};
use crate::rules::sending::reason::MessageReason;
use crate::store::database::tx::Tx;

use super::due::NextDue;

row! {
    pub struct PutOff {
        pub to_email: String,
        /// When a message to this address was first tried.
        pub since: Ts,
    }
}

/// When servers last took messages, the last first. What somebody says has arrived was not taken then.
pub async fn accepted(tx: &mut Tx, most: i64) -> Result<Vec<Ts>> {
    let taken: Vec<(Ts,)> = all!(
        tx,
        "SELECT settled_at FROM message WHERE state = 'sent' AND answer LIKE '2%' ORDER BY settled_at DESC, id DESC LIMIT $1",
        most
    )?;
    Ok(taken.into_iter().map(|(at,)| at).collect())
}

/// Since when the oldest message that a sender has in hand is due.
pub async fn oldest_in_hand(tx: &mut Tx) -> Result<Option<Ts>> {
    let next: NextDue = one!(
        tx,
        "SELECT min(due_at) AS due_at FROM message WHERE state IN ('claimed', 'sending') AND lease_until > 0"
    )?;
    Ok(next.due_at)
}

// Whoever was tried before a round was paused is counted from when it was resumed.
// What has been moved for another reason since (working hours, an absence) is not among what the server has put off.
macro_rules! put_off {
    ($rest:literal) => {
        concat!(
            "SELECT t.to_email AS to_email, min(t.first_tried_at) AS since FROM
                (SELECT m.to_email, CASE WHEN m.first_tried_at < l.running_since THEN l.running_since ELSE m.first_tried_at END
                        AS first_tried_at
                    FROM (SELECT 'system' AS lane, 0 AS running_since UNION ALL
                        SELECT id AS lane, COALESCE(running_since, 0) AS running_since FROM round WHERE state = 'running') AS l
                    CROSS JOIN message m
                    WHERE m.lane = l.lane AND m.state = 'planned' AND m.due_at <= $2 AND (m.reason = $4 OR m.place = m.due_at)
                UNION ALL SELECT to_email, first_tried_at FROM message
                    WHERE state IN ('claimed', 'sending') AND lease_until > 0 AND (reason = $4 OR place = due_at)) AS t
             WHERE t.first_tried_at ",
            $rest
        )
    };
}

/// Who was first tried after that moment, has been put off by the server, and is tried again by `until`, or just now. The first first.
pub async fn put_off_after(tx: &mut Tx, moment: Ts, until: Ts, most: i64) -> Result<Vec<PutOff>> {
    all!(
        tx,
        put_off!("> $1 GROUP BY t.to_email ORDER BY since, to_email LIMIT $3"),
        moment,
        until,
        most,
        MessageReason::Deferred.to_string()
    )
}

/// The same of who was first tried by that moment, the last first.
pub async fn put_off_by(tx: &mut Tx, moment: Ts, until: Ts, most: i64) -> Result<Vec<PutOff>> {
    all!(
        tx,
        put_off!("<= $1 GROUP BY t.to_email ORDER BY since DESC, to_email LIMIT $3"),
        moment,
        until,
        most,
        MessageReason::Deferred.to_string()
    )
}

row! {
    /// A message that was tried and has not left.
    pub struct Answered {
        pub lane: Lane,
        pub kind: MessageKind,
        /// What the server said last.
        pub answer: String,
        /// When it was first tried.
        pub first_tried_at: Option<Ts>,
        /// When it is tried again.
        pub due_at: Ts,
    }
}

/// What servers say to messages that they have put off and that are tried again by `until`, the next to be tried first.
pub async fn answers(tx: &mut Tx, until: Ts, most: i64) -> Result<Vec<Answered>> {
    all!(
        tx,
        "SELECT m.lane AS lane, m.kind AS kind, m.answer AS answer, m.first_tried_at AS first_tried_at, m.due_at AS due_at
         FROM (SELECT 'system' AS lane UNION ALL SELECT id AS lane FROM round WHERE state = 'running') AS l CROSS JOIN message m
         WHERE m.lane = l.lane AND m.state = 'planned' AND m.due_at <= $1 AND m.reason = $2 AND m.answer IS NOT NULL
         ORDER BY m.due_at, m.id LIMIT $3",
        until,
        MessageReason::Deferred.to_string(),
        most
    )
}
