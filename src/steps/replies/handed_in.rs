//! Mails that a mail server on this machine hands over to us (LMTP).

use std::sync::Arc;

use crate::base::problem::Result;
use crate::config::Replies;
use crate::mail::mailbox::lmtp::{self, Keep, Listener};
use crate::steps::context::Ctx;
use crate::steps::duties::failures::Reach;

use super::processing::{Mail, take};

/// Listens for it, where the settings say where. Nothing is taken before [`lmtp::serve`] runs.
pub async fn open_door(settings: &Replies) -> Result<Option<Listener>> {
    match settings.door() {
        Some(door) => lmtp::open(&door).await.map(Some),
        None => Ok(None),
    }
}

/// What is done with each mail: `Ok` when all that it says is committed.
pub fn keep(ctx: &Ctx, name: &'static str) -> Keep {
    let ctx = ctx.clone();
    Arc::new(move |bytes| {
        let ctx = ctx.clone();
        Box::pin(async move {
            let taken = take(&ctx, vec![Mail { content: Ok(bytes), place: None }]).await;
            match &taken {
                Ok(()) => ctx.works_again(name, Reach::Duty),
                Err(problem) => ctx.failed(name, problem, Reach::Duty),
            }
            taken
        })
    })
}
