//! What the limits count that reach beyond one contact: the rounds of other clients, and an account's day.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::ids::{AccountId, ContactId, MessageId};
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, ids};

row! {
    pub struct Elsewhere {
        pub contact_id: ContactId,
        pub at: Option<Ts>,
    }
}

/// For contacts, by id: when their mailbox last got a message of another round; `now` while one is on its way.
pub async fn elsewhere(tx: &mut Tx, contacts: &[&ContactId], now: Ts) -> Result<HashMap<ContactId, Ts>> {
    let rows: Vec<Elsewhere> = all!(
        tx,
        "SELECT c.id AS contact_id, max(CASE WHEN EXISTS (SELECT 1 FROM message m WHERE m.contact_id = o.id AND m.state IN ('claimed', 'sending'))
                THEN CAST($2 AS BIGINT) ELSE o.last_sent_at END) AS at
         FROM contact c JOIN contact o ON o.email_key = c.email_key AND o.round_id <> c.round_id
         WHERE c.id IN (SELECT value ->> 'id' FROM json_each($1)) GROUP BY c.id",
        ids(contacts)?,
        now
    )?;
    Ok(rows.into_iter().filter_map(|row| Some((row.contact_id, row.at?))).collect())
}

row! {
    /// A message to a contact of an account that has left, or is in somebody's hands (no instant).
    pub struct AccountMessage {
        pub message_id: MessageId,
        pub account_id: AccountId,
        pub at: Option<Ts>,
    }
}

/// What has left for these accounts since `since`, and what is on its way to them.
pub async fn gone_to_accounts(tx: &mut Tx, accounts: &[&AccountId], since: Ts) -> Result<Vec<AccountMessage>> {
    all!(
        tx,
        "SELECT m.id AS message_id, c.account_id AS account_id, CASE WHEN m.state = 'claimed' THEN NULL ELSE m.marked_at END AS at
         FROM contact c JOIN message m ON m.contact_id = c.id
         WHERE c.account_id IN (SELECT value ->> 'id' FROM json_each($1))
            AND (m.state = 'claimed' OR (m.state IN ('sending', 'sent', 'in_doubt') AND m.marked_at >= $2))",
        ids(accounts)?,
        since
    )
}
