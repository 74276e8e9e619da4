//! What the database knows of the installation that uses it: a proof of its key, never the key.

pub mod operators;
pub mod programs;
pub mod refused_forms;
pub mod saved_views;
pub mod next_due;

use crate::base::clock::Ts;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct KeyProof {
        pub proof: String,
        pub taken_at: Ts,
    }
}

pub async fn proof(tx: &mut Tx) -> Result<Option<KeyProof>> {
    maybe!(tx, "SELECT proof, taken_at FROM key_proof WHERE id = 1")
}

/// Takes on the proof of a key, where there is none yet.
pub async fn take_proof(tx: &mut Tx, proof: &str, now: Ts) -> Result<()> {
    run!(tx, "INSERT INTO key_proof (id, proof, taken_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING", proof, now)?;
    Ok(())
}

row! {
    pub struct InstallationFound {
        pub n: i64,
    }
}

/// Whether anybody is on a list here, in whatever round.
pub async fn has_people(tx: &mut Tx) -> Result<bool> {
    let found: InstallationFound = one!(tx, "SELECT count(*) AS n FROM (SELECT id FROM contact LIMIT 1) anybody")?;
    Ok(found.n > 0)
}

row! {
    /// A contact's link, as it is kept.
    pub struct LinkMade {
        pub id: ContactId,
        pub links: i64,
        pub link_hash: String,
    }
}

/// Those of the contacts that came last.
pub async fn latest_links(tx: &mut Tx, limit: i64) -> Result<Vec<LinkMade>> {
    all!(tx, "SELECT id, links, link_hash FROM contact ORDER BY id DESC LIMIT $1", limit)
}
