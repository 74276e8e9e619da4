//! What is pressed about a mail; the presses themselves stand in `presses`.

use axum::extract::{Path, State};

use crate::base::ids::{ReplyId, is_id};
use crate::store::replies;
use crate::web::kit::door::session::Posted;
use crate::web::kit::forms::fields::Words;
use crate::web::kit::frames::{back, round};
use crate::web::kit::problem::{Answer, Failure};
use crate::web::kit::state::Web;
use crate::web::kit::urls;

use super::forms::Refused;
use super::page::show;
use super::presses::press;

pub async fn act(State(web): State<Web>, Path(slug): Path<String>, Words(words): Words, posted: Posted) -> Answer {
    let live = round(&web, &slug).await?;
    let Posted { by, fields } = posted;
    let id = Some(fields.get("reply")).filter(|id| is_id(id)).map(ReplyId::from).ok_or_else(Failure::unknown)?;
    let reply = {
        let mut tx = web.ctx.db.read().await?;
        replies::by_id(&mut tx, &id).await?
    };
    // S11: a mail of another round is as unknown as one that never was; what belongs to no round is everybody's.
    let reply =
        reply.filter(|r| r.round_id.as_ref().is_none_or(|round| *round == live.id)).ok_or_else(Failure::unknown)?;
    let act = fields.get("act");
    match press(&web, &live, &by.actor(), &reply, &fields).await? {
        None => Ok(back(&urls::replies(&live.slug), act)),
        Some((field, why)) => {
            let refused = Refused { reply: &id, act, typed: &fields, field, why };
            show(&web, &live, &by, &words, Some(refused)).await
        }
    }
}
