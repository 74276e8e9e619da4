//! The chains that are not there yet: an earlier version had none, and a new round has none before its first entry. An earlier version that
//! goes on beside this one writes entries that have no place in the chain of their round.

use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::journal::records::ALL;
use crate::store::journal::{chain, round_chain};

/// Begins the chains that are not there, of the installation and of each round, and gives a place to every entry that has none. A database of
/// an earlier version has none before its first start, and is asked for evidence all the same.
pub(super) struct BeginChains;

impl Order for BeginChains {
    type Done = ();
    const BY: Giver = Giver::Program;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        for chain in ALL {
            if chain::end(tx, chain).await?.is_none() {
                chain::begin(tx, &ctx.chain, chain).await?;
            }
        }
        for round in round_chain::not_settled(tx).await? {
            round_chain::settle(tx, &ctx.ids, &round).await?;
        }
        Ok(())
    }
}
