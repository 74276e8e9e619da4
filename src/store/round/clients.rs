//! Rounds whose client an older version compared by another rule: at a start they get today's key, and what was said holds under it.
//!
//! SQL folds neither letters beyond ASCII nor runs of spaces, on one database as on the other; the rule does.

use crate::base::problem::Result;
use crate::rules::contacts::objection::client_key;
use crate::store::contacts::objections::{self, Objection};
use crate::store::database::tx::Tx;

pub async fn run(tx: &mut Tx) -> Result<()> {
    for round in objections::clients(tx).await? {
        let key = client_key(&round.client);
        if key == round.client_key {
            continue;
        }
        for o in objections::of_client(tx, &round.client_key).await?.into_iter().filter(|o| o.ended_at.is_none()) {
            // Not dated before a message that left while nobody knew.
            let since = objections::holds_from(tx, &o.email_key, o.since).await?;
            let same = Objection { id: format!("{}/{}", o.id, round.id).into(), client: key.clone(), since, ..o };
            objections::insert(tx, &same).await?;
        }
        objections::name_client(tx, &round.id, &key).await?;
    }
    Ok(())
}
