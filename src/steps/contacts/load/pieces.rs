//! The pieces by which the new people of a list are put down, each a transaction of its own: between two of them others write.
//!
//! Nothing of them is in force, and no journal tells of them: that comes with the last piece, which is not among these.

use crate::base::ids::{AccountId, ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::journal::Actor;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::contacts::accounts;
use crate::store::contacts::loading::{self, Piece};
use crate::store::contacts::search_words;

use crate::steps::contacts::accounts::owners::{self, Write};

/// People whom an earlier load has left behind go.
pub(in crate::contacts) struct ClearAway {
    pub round: RoundId,
    pub left: Vec<ContactId>,
}

impl Order for ClearAway {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let left: Vec<&ContactId> = self.left.iter().collect();
        loading::forget(tx, &self.round, &left).await
    }
}

/// Accounts that a refused list has put down go, where nobody stands at them.
pub(in crate::contacts) struct ClearAccountsAway {
    pub round: RoundId,
    pub accounts: Vec<AccountId>,
}

impl Order for ClearAccountsAway {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let accounts: Vec<&AccountId> = self.accounts.iter().collect();
        accounts::forget_unused(tx, &self.round, &accounts).await
    }
}

/// New accounts of a list.
pub(in crate::contacts) struct PutAccountsDown {
    pub new: Vec<Write>,
}

impl Order for PutAccountsDown {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        owners::write(ctx, tx, &self.new, true).await
    }
}

/// New people of a list, under its mark.
pub(in crate::contacts) struct PutPeopleDown {
    pub new: Piece,
    pub mark: String,
    /// Some of them are there from an earlier load.
    pub again: bool,
}

impl Order for PutPeopleDown {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        loading::put(tx, &self.new, &self.mark, self.again, ctx.clock.now()).await
    }
}

/// The words by which new people are found.
pub(in crate::contacts) struct EnterSearchWords {
    pub round: RoundId,
    pub words: String,
}

impl Order for EnterSearchWords {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, _: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        search_words::enter(tx, &self.round, &self.words).await
    }
}
