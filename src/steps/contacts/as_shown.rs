//! A list that was shown before it is loaded: it does what was shown, or nothing.

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::check::CheckedList;
use crate::rules::journal::Actor;
use crate::steps::context::Ctx;

use super::apply;
use super::changes::Changes;
use super::difference::compared;
use super::list_load::{FinishList, changed_since, open_round};
use super::prepare::Allowed;
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
    let (prepared, now) = {
        let mut tx = ctx.db.read().await?;
        let round = open_round(&mut tx, slug).await?;
        compared(ctx, &mut tx, &round, list, allowed).await?
    };
    if now.version != version {
        return Err(changed_since(slug));
    }
    let whole = prepared.rows.new.len() <= AT_ONCE;
    if !whole {
        apply::put_down(ctx, actor, &prepared).await?;
    }
    let round = prepared.round.clone();
    let new: Vec<ContactId> =
        if whole { Vec::new() } else { prepared.rows.new.iter().map(|new| new.id.clone()).collect() };
    let shown = Some(list.unread.clone());
    let order = FinishList { slug: slug.to_string(), prepared, whole, shown };
    match ctx.order(actor, order).await {
        Ok(changes) => changes.ok_or_else(|| changed_since(slug)),
        Err(refused) => {
            apply::clear_away(ctx, actor, &round, &new).await?;
            Err(refused)
        }
    }
}
