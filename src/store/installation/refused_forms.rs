//! Pages that answer a refused form, kept for a while; this room sees ciphertext only.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct KeptForm {
        pub page: String,
    }
}

pub async fn keep(tx: &mut Tx, hash: &str, page: &str, until: Ts) -> Result<()> {
    run!(quiet tx, "INSERT INTO kept_page (hash, page, until) VALUES ($1, $2, $3)", hash, page, until)?;
    Ok(())
}

/// The page of this hash, if its time is not over.
pub async fn kept(tx: &mut Tx, hash: &str, now: Ts) -> Result<Option<KeptForm>> {
    maybe!(tx, "SELECT page FROM kept_page WHERE hash = $1 AND until > $2", hash, now)
}

/// Whether there are any whose time is over.
pub async fn any_over(tx: &mut Tx, now: Ts) -> Result<bool> {
    let over: Option<KeptForm> = maybe!(tx, "SELECT page FROM kept_page WHERE until <= $1 LIMIT 1", now)?;
    Ok(over.is_some())
}

/// Those whose time is over.
pub async fn forget(tx: &mut Tx, now: Ts) -> Result<u64> {
    run!(quiet tx, "DELETE FROM kept_page WHERE until <= $1", now)
}
