//! An uploaded list waits no longer: it was loaded, or somebody has taken it away.

use crate::base::ids::{RoundId, UploadId};
use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::contacts::uploads;
use crate::store::round::rounds::Round;

use super::column_choices;
use crate::steps::contacts::upload::upload_choice;
use crate::steps::contacts::upload::{end, gone, named, told_of_another, took_away};

/// Somebody takes an uploaded list away unloaded.
pub struct DiscardUpload {
    pub round: RoundId,
    pub upload: UploadId,
}

impl Order for DiscardUpload {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let upload = uploads::by_id(tx, &self.round, &self.upload).await?.ok_or_else(gone)?;
        took_away(ctx, tx, by, &upload, &named(&upload, by)).await
    }
}

/// Belongs to the transaction that loads a list: what was said of its columns is remembered for the client, and it waits no longer.
pub(in crate::contacts) async fn is_loaded(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &Actor,
    round: &Round,
    upload: &UploadId,
) -> Result<()> {
    let upload = uploads::by_id(tx, &round.id, upload).await?.ok_or_else(gone)?;
    told_of_another(ctx, tx, by, &upload, (Action::LoadedUploadOfAnother, "")).await?;
    column_choices::remember(ctx, tx, round, &upload_choice::to_remember(&upload), by).await?;
    end(tx, &round.id, &upload.id).await
}
