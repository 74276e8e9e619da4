//! Letting somebody sign for somebody else, for whatever reason: he gets a link of his own, is mailed, and it is on record.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::signoff::delegation::Why;
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::signoff as requests;
use crate::store::signoff::delegations::{self, Delegation};

use super::requests::ensure_stand_in;
use super::signing::finish_request;

/// Puts a delegation down that is found to be a right one, and asks whoever it is to at `ask_at`. Whoever is asked as a colleague is chased
/// instead of the one for whom he signs.
pub(super) async fn appoint(ctx: &Ctx, tx: &mut Tx, d: &Delegation, ask_at: Ts) -> Result<()> {
    delegations::add(tx, d).await?;
    ensure_stand_in(ctx, tx, &d.round_id, d.level, (&d.to_name, &d.to_email), ask_at).await?;
    if d.why == Why::Colleague {
        for own in requests::of_people(tx, &d.round_id, d.level, &[d.of_email.as_str()]).await? {
            finish_request(ctx, tx, &own).await?;
        }
    }
    Ok(())
}
