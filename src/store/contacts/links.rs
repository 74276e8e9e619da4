//! The links of contacts whose address was corrected: those of now are made anew, those of before are remembered with the address that they
//! were for.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::base::ids::{ContactId, FormerLinkId};
use crate::base::problem::Result;
use crate::store::database::columns::Flag;
use crate::store::database::tx::Tx;

row! {
    /// A link that was for another address of the contact.
    pub struct FormerLink {
        pub contact_id: ContactId,
        pub email: EmailAddress,
        /// Somebody has said that this and the contact's own address are one person's.
        pub same_person: Flag,
    }
}

/// Links by which a contact answers and opts out from now on; the hashes of their secrets.
pub struct New<'a> {
    /// How often the contact got new links, with these.
    pub links: i64,
    pub link_hash: &'a str,
    pub opt_out_hash: &'a str,
    /// Whether the old address is the same person's.
    pub same_person: bool,
}

/// Gives a contact new links. `id`: of the record of the old ones, with the address that the contact has in the database now.
pub async fn renew(
    tx: &mut Tx,
    contact: &ContactId,
    id: &FormerLinkId,
    new: &New<'_>,
    by: &str,
    now: Ts,
) -> Result<()> {
    run!(
        tx,
        "INSERT INTO former_link (id, contact_id, email, link_hash, opt_out_hash, replaced_at, replaced_by, same_person)
         SELECT CAST($2 AS TEXT), id, email, link_hash, opt_out_hash, CAST($3 AS BIGINT), CAST($4 AS TEXT), CAST($5 AS BIGINT)
         FROM contact WHERE id = $1",
        contact,
        id,
        now,
        by,
        Flag(new.same_person)
    )?;
    run!(
        tx,
        "UPDATE contact SET links = $2, link_hash = $3, opt_out_hash = $4, version = version + 1 WHERE id = $1",
        contact,
        new.links,
        new.link_hash,
        new.opt_out_hash
    )?;
    Ok(())
}

/// Whose assessment link this was before the address was corrected.
pub async fn former(tx: &mut Tx, link_hash: &str) -> Result<Option<FormerLink>> {
    maybe!(tx, "SELECT contact_id, email, same_person FROM former_link WHERE link_hash = $1", link_hash)
}

pub async fn former_opt_out(tx: &mut Tx, opt_out_hash: &str) -> Result<Option<FormerLink>> {
    maybe!(tx, "SELECT contact_id, email, same_person FROM former_link WHERE opt_out_hash = $1", opt_out_hash)
}
