//! A round in pieces, from its beginning to its end: what stands behind each other in the order of an index, after what was read last.
//! However many there are, a piece costs its own rows.

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, MessageId, RoundId};
use crate::base::problem::Result;
use crate::rules::handover::HandoffState;
use crate::rules::message::Lane;
use crate::store::database::tx::Tx;

use super::sending::outbox::{Message, messages};

/// Contacts on the list, by name; each with what it stands in order by.
pub async fn contacts_after(
    tx: &mut Tx,
    round: &RoundId,
    (sort_key, id): (&str, &ContactId),
    limit: i64,
) -> Result<Vec<(ContactId, String)>> {
    all!(
        tx,
        "SELECT id, sort_key FROM contact WHERE round_id = $1 AND loading IS NULL AND removed_at IS NULL AND (sort_key, id) > ($2, $3)
         ORDER BY sort_key, id LIMIT $4",
        round,
        sort_key,
        id,
        limit
    )
}

row! {
    /// What a list said of a contact beyond our columns.
    pub struct MoreOf {
        pub id: ContactId,
        pub sort_key: String,
        /// JSON: columns of the list that are none of ours.
        pub more: String,
        pub client_key: String,
    }
}

/// The same contacts in the same order.
pub async fn more_after(
    tx: &mut Tx,
    round: &RoundId,
    (sort_key, id): (&str, &ContactId),
    limit: i64,
) -> Result<Vec<MoreOf>> {
    all!(
        tx,
        "SELECT id, sort_key, more, client_key FROM contact
         WHERE round_id = $1 AND loading IS NULL AND removed_at IS NULL AND (sort_key, id) > ($2, $3)
         ORDER BY sort_key, id LIMIT $4",
        round,
        sort_key,
        id,
        limit
    )
}

/// Accounts by name, each with what it stands in order by.
pub async fn accounts_after(
    tx: &mut Tx,
    round: &RoundId,
    (sort_key, id): (&str, &AccountId),
    limit: i64,
) -> Result<Vec<(AccountId, String)>> {
    all!(
        tx,
        "SELECT id, sort_key FROM account WHERE round_id = $1 AND (sort_key, id) > ($2, $3) ORDER BY sort_key, id LIMIT $4",
        round,
        sort_key,
        id,
        limit
    )
}

/// Messages in order of time. `state`: one of the ledger's, `due` by `now`, or empty for all.
pub async fn messages_after(
    tx: &mut Tx,
    lane: &Lane,
    (state, now): (&str, Ts),
    (due_at, id): (Ts, &MessageId),
    limit: i64,
) -> Result<Vec<Message>> {
    all!(
        tx,
        messages!(
            "WHERE lane = $1 AND (due_at, id) > ($2, $3) AND (CASE $4 WHEN '' THEN 1 = 1
                WHEN 'due' THEN state = 'planned' AND due_at <= $5 ELSE state = $4 END)
             ORDER BY due_at, id LIMIT $6"
        ),
        lane,
        due_at,
        id,
        state,
        now,
        limit
    )
}

row! {
    /// A response as it was handed over.
    pub struct Handed {
        pub sequence: i64,
        pub body: String,
        pub state: HandoffState,
        pub contact_id: ContactId,
    }
}

/// Responses in the order in which they were sent, but for those that were set aside.
pub async fn responses_after(tx: &mut Tx, round: &RoundId, sequence: i64, limit: i64) -> Result<Vec<Handed>> {
    all!(
        tx,
        "SELECT h.sequence AS sequence, h.body AS body, h.state AS state, r.contact_id AS contact_id
         FROM handoff h JOIN response r ON r.id = h.response_id
         WHERE h.round_id = $1 AND h.sequence > $2 AND r.set_aside_at IS NULL ORDER BY h.sequence LIMIT $3",
        round,
        sequence,
        limit
    )
}
