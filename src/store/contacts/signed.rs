//! Whose signatures each name has, as it is remembered for whatever decides by it.

use serde::Serialize;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::signoff::Standing;
use crate::store::database::tx::{Tx, json};

/// Where one name stands.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: ContactId,
    pub standing: Standing,
    /// The fingerprint of the account director's list that covers it; none where none does.
    pub signed_as: Option<String>,
}

/// Writes down what is new; whoever stands elsewhere now is looked at by the plan.
pub async fn set(tx: &mut Tx, rows: &[Row], now: Ts) -> Result<()> {
    run!(
        tx,
        "UPDATE contact SET standing = new.standing, signed_as = new.signed_as,
            signed_at = CASE WHEN new.standing = 'signed' AND contact.standing <> 'signed' THEN $2 ELSE contact.signed_at END,
            look_at = CASE WHEN contact.standing <> new.standing THEN $2 ELSE contact.look_at END,
            version = contact.version + CASE WHEN contact.standing <> new.standing THEN 1 ELSE 0 END
         FROM (SELECT value ->> 'id' AS id, value ->> 'standing' AS standing, value ->> 'signed_as' AS signed_as FROM json_each($1)) AS new
         WHERE contact.id = new.id
            AND (contact.standing <> new.standing OR COALESCE(contact.signed_as, '') <> COALESCE(new.signed_as, ''))",
        json(rows)?,
        now
    )?;
    Ok(())
}
