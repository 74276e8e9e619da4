//! Of which account a mail on the desk speaks.

use crate::base::problem::Result;
use crate::store::Tx;
use crate::store::contacts::{self, accounts};
use crate::store::replies::{self, Reply};

/// That of the contact who wrote or was written to, or the one that a director asks about.
pub(crate) async fn account_of(tx: &mut Tx, mail: &Reply) -> Result<Option<accounts::Account>> {
    let account = match &mail.contact_id {
        Some(contact) => contacts::person(tx, contact).await?.map(|person| person.account_id),
        None => replies::question(tx, &mail.id).await?.map(|question| question.account_id),
    };
    match account {
        Some(account) => accounts::by_id(tx, &account).await,
        None => Ok(None),
    }
}
