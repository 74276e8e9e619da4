//! Keys for other programs: made, shown by name, taken back.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::base::clock::MINUTE;
use crate::base::problem::{Problem, Result};
use crate::base::seal::sha256;
use crate::rules::journal::{Action, Actor};
use crate::steps::context::Ctx;
use crate::store::installation::operators as store;
use crate::store::installation::operators::Key;

use super::in_passing::in_passing;

/// Makes a key for another program. It is shown once; the database keeps its hash.
pub async fn add_key(ctx: &Ctx, name: &str, actor: &Actor) -> Result<String> {
    let (c, name, actor) = (ctx.clone(), name.trim().to_string(), actor.clone());
    if name.is_empty() || name.len() > 80 {
        return Err(Problem::unusable(
            "The key has no name, or a very long one.",
            "Name it after the program that will use it.",
        ));
    }
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let now = c.clock.now();
                let secret = format!("snd_{}", URL_SAFE_NO_PAD.encode(c.ids.bytes::<32>()));
                let id = c.ids.new_id(now);
                if !store::add_key(tx, &id, &name, &sha256(&secret), now).await? {
                    return Err(Problem::refused(
                        format!("There is a key named {name} already."),
                        "Choose another name, or remove that key first.",
                    ));
                }
                c.journal(tx, &actor, Action::AddedKey, None, &name, &name).await?;
                Ok(secret)
            })
        })
        .await
}

pub async fn keys(ctx: &Ctx) -> Result<Vec<Key>> {
    store::keys(&mut ctx.db.read().await?).await
}

/// Takes a key back: the next request with it is refused.
pub async fn remove_key(ctx: &Ctx, name: &str, actor: &Actor) -> Result<()> {
    let (c, name, actor) = (ctx.clone(), name.trim().to_string(), actor.clone());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                if !store::remove_key(tx, &name).await? {
                    return Err(Problem::not_found(
                        format!("There is no key named {name}."),
                        "`soundings key list` names them all.",
                    ));
                }
                c.journal(tx, &actor, Action::RemovedKey, None, &name, &name).await
            })
        })
        .await
}

/// The name of the key, if it is one of ours. Notes that it was used.
pub async fn key_name(ctx: &Ctx, secret: &str) -> Result<Option<String>> {
    let key = {
        let mut tx = ctx.db.read().await?;
        store::key_by_hash(&mut tx, &sha256(secret)).await?
    };
    let Some(key) = key else { return Ok(None) };
    let now = ctx.clock.now();
    if key.used_at.is_none_or(|at| at.plus(MINUTE) < now) {
        let name = key.name.clone();
        in_passing(ctx, "noting the last use of a key", move |tx| {
            Box::pin(async move { store::touch_key(tx, &name, now).await })
        })
        .await;
    }
    Ok(Some(key.name))
}
