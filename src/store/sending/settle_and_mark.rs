//! For all senders that wait at the same time: what has arrived is settled, what is about to leave is marked, in one statement.
//!
//! Every statement is a trip to the database's own thread or server, and these are made for every message; so the four that are needed go
//! together. Their texts are the same on both databases. How they are put together is not: SQLite runs them one after the other, PostgreSQL
//! as parts of one statement, which see the ledger as it was before.

use std::collections::HashSet;

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::ids::{ContactId, MessageId};
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, json};

use super::claim::{Fence, Mark};

/// A marked message that the server has taken.
#[derive(Clone, Debug, Serialize)]
pub struct Arrival {
    #[serde(flatten)]
    pub fence: Fence,
    pub answer: String,
    /// Whom it reached, when a contact.
    pub contact: Option<ContactId>,
    /// 1 when it was the invitation.
    pub invited: i64,
}

/// A group of marks that the sender's outbound journal counts too.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Empty: there is no journal, and nothing is counted.
    pub instance: String,
    pub from: i64,
    pub to: i64,
}

/// What was settled and marked.
#[derive(Debug, Default)]
pub struct Done {
    /// False when this database does not know the group before, or when sending is held: then nothing was marked.
    pub counted: bool,
    pub settled: HashSet<MessageId>,
    /// Those that may go. Of the others the claim is lost or a fact has changed, and the dot must not be written.
    pub marked: HashSet<MessageId>,
}

row! {
    pub struct Word {
        pub what: String,
        /// Of a message, or of a sender.
        pub id: String,
    }
}

macro_rules! counted {
    () => {
        "UPDATE sender SET marked = $5, beats = beats + 1 WHERE instance = $3 AND marked = $4
            AND NOT EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL AND instance IN ('', $3))
         RETURNING 'counted' AS what, instance AS id"
    };
}

// Touches no index but those of what is on its way and of what is over.
macro_rules! arrived {
    () => {
        "UPDATE message SET state = 'sent', reason = '', answer = done.answer, settled_at = $2, owner = NULL, lease_until = NULL
         FROM (SELECT value ->> 'id' AS id, value ->> 'owner' AS owner, CAST(value ->> 'attempt' AS BIGINT) AS attempt,
            value ->> 'answer' AS answer
            FROM json_each($1)) AS done
         WHERE message.id = done.id AND message.attempt = done.attempt AND message.owner = done.owner AND message.state = 'sending'
         RETURNING 'settled' AS what, message.id AS id"
    };
}

// As claim::note_sent, for those whose message is settled here.
macro_rules! noted {
    () => {
        "UPDATE contact SET look_at = $2,
            last_sent_at = (SELECT max(t.moment) FROM (SELECT CAST($2 AS BIGINT) AS moment
                UNION ALL SELECT marked_at AS moment FROM message WHERE message.contact_id = contact.id) AS t),
            sent_count = (SELECT count(*) FROM message
                WHERE message.contact_id = contact.id
                    AND (message.state IN ('sending', 'sent', 'in_doubt') OR message.doubted_at IS NOT NULL)),
            invited_at = CASE WHEN got.invited = 1 THEN COALESCE(invited_at, $2) ELSE invited_at END
         FROM (SELECT value ->> 'contact' AS contact, CAST(value ->> 'invited' AS BIGINT) AS invited, value ->> 'id' AS id,
                CAST(value ->> 'attempt' AS BIGINT) AS attempt FROM json_each($1)) AS got
         WHERE contact.id = got.contact
            AND EXISTS (SELECT 1 FROM message m WHERE m.id = got.id AND m.attempt = got.attempt AND m.state IN ('sending', 'sent'))"
    };
}

macro_rules! marked {
    ($rest:literal) => {
        concat!(
            "UPDATE message SET state = 'sending', lease_until = $7, first_tried_at = COALESCE(first_tried_at, $2), marked_at = $2,
                round_version = wanted.round_version,
                signed_as = (SELECT c.signed_as FROM contact c WHERE c.id = message.contact_id)
             FROM (SELECT value ->> 'id' AS id, value ->> 'owner' AS owner, CAST(value ->> 'attempt' AS BIGINT) AS attempt,
                    CAST(value ->> 'contact_version' AS BIGINT) AS contact_version,
                    CAST(value ->> 'round_version' AS BIGINT) AS round_version
                FROM json_each($6)) AS wanted
             WHERE message.id = wanted.id AND message.owner = wanted.owner AND message.attempt = wanted.attempt
                AND message.state = 'claimed' AND message.lease_until > $2
                AND (message.contact_id IS NULL
                    OR EXISTS (SELECT 1 FROM contact WHERE contact.id = message.contact_id AND contact.version = wanted.contact_version))
                AND (message.lane = 'system' OR EXISTS (SELECT 1 FROM round
                    WHERE round.id = message.lane AND round.state = 'running' AND round.version = wanted.round_version))
                AND ($3 = '' OR EXISTS (",
            $rest,
            ")) RETURNING 'marked' AS what, message.id AS id"
        )
    };
}

/// Settles and marks. What did arrive but is not among the settled belongs to somebody else by now, or is in doubt.
pub async fn settle_and_mark(
    tx: &mut Tx,
    arrivals: &[Arrival],
    marks: &[Mark],
    group: &Group,
    now: Ts,
    lease_until: Ts,
) -> Result<Done> {
    let (arrived, wanted) = (json(arrivals)?, json(marks)?);
    let words: Vec<Word> = match tx {
        Tx::Sqlite(_) => all!(
            tx,
            concat!(
                counted!(),
                "; ",
                arrived!(),
                "; ",
                noted!(),
                "; ",
                marked!("SELECT 1 FROM sender WHERE instance = $3 AND marked = $5")
            ),
            &arrived,
            now,
            &group.instance,
            group.from,
            group.to,
            &wanted,
            lease_until
        )?,
        Tx::Postgres(_) => all!(
            tx,
            concat!(
                "WITH counted AS (",
                counted!(),
                "), arrived AS (",
                arrived!(),
                "), noted AS (",
                noted!(),
                "), marked AS (",
                marked!("SELECT 1 FROM counted"),
                ") SELECT what, id FROM counted UNION ALL SELECT what, id FROM arrived UNION ALL SELECT what, id FROM marked"
            ),
            &arrived,
            now,
            &group.instance,
            group.from,
            group.to,
            &wanted,
            lease_until
        )?,
    };
    let mut done = Done { counted: group.instance.is_empty(), ..Done::default() };
    for word in words {
        match word.what.as_str() {
            "counted" => done.counted = true,
            "settled" => _ = done.settled.insert(word.id.into()),
            _ => _ = done.marked.insert(word.id.into()),
        }
    }
    Ok(done)
}
