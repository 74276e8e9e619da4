//! A list that was shown before it is loaded: it does what was shown, or nothing.

use crate::base::ids::UploadId;
use crate::base::problem::Result;
use crate::rules::contacts::check::CheckedList;
use crate::rules::contacts::wanted::{Allowed, all_said};
use crate::rules::journal::Actor;
use crate::steps::contacts::left_out::LeftOutRows;
use crate::steps::context::Ctx;

use super::apply::{self, PutDown};
use super::changes::Changes;
use super::difference::{Comparison, compared};
use super::list_load::{FinishList, changed_since, open_round};
use super::rows::AT_ONCE;

/// Loads a list of which somebody was shown what it does (`difference`), if it still does that. Otherwise it is refused, and nothing is
/// changed.
pub async fn load_list_as_shown(
    ctx: &Ctx,
    slug: &str,
    list: &CheckedList,
    allowed: Allowed,
    version: &str,
    actor: &Actor,
) -> Result<Changes> {
    load(ctx, slug, (list, None), allowed, version, actor).await
}

/// The same for a list that was uploaded. It is loaded once: with the last piece the upload is over.
pub async fn load_upload_as_shown(
    ctx: &Ctx,
    slug: &str,
    (upload, list): (&UploadId, &CheckedList),
    allowed: Allowed,
    version: &str,
    actor: &Actor,
) -> Result<Changes> {
    load(ctx, slug, (list, Some(upload.clone())), allowed, version, actor).await
}

async fn load(
    ctx: &Ctx,
    slug: &str,
    (list, upload): (&CheckedList, Option<UploadId>),
    allowed: Allowed,
    version: &str,
    actor: &Actor,
) -> Result<Changes> {
    let (prepared, Comparison { difference, wanted }) = {
        let mut tx = ctx.db.read().await?;
        let round = open_round(&mut tx, slug).await?;
        compared(ctx, &mut tx, &round, list, allowed).await?
    };
    if difference.version != version {
        return Err(changed_since(slug));
    }
    all_said(wanted, allowed)?;
    let whole = prepared.rows.new.len() <= AT_ONCE;
    let round = prepared.round.clone();
    let new = if whole { PutDown::default() } else { PutDown::of(&prepared) };
    let put_down = if whole { Ok(()) } else { apply::put_down(ctx, actor, &prepared).await };
    let left_out = Some(LeftOutRows::of(list, allowed));
    let done = match put_down {
        Ok(()) => {
            ctx.order(actor, FinishList { slug: slug.to_string(), prepared, whole, left_out, shown: true, upload })
                .await
        }
        Err(problem) => Err(problem),
    };
    match done {
        Ok(changes) => changes.ok_or_else(|| changed_since(slug)),
        Err(refused) => {
            new.clear_away(ctx, actor, &round).await;
            Err(refused)
        }
    }
}
