//! A round as it is now, back into a folder that can be kept in git and loaded again.

use std::path::Path;
use std::sync::Arc;

use crate::base::problem::{Problem, Result};
use crate::intake::folder;
use crate::rules::contacts::ListedContact;
use crate::steps::contacts::people::particulars::as_row;
use crate::steps::context::{Ctx, Live};
use crate::store::contacts::{self, accounts};

/// Writes the folder; returns how many contacts are in it. People who were removed are not.
pub async fn export(ctx: &Ctx, slug: &str, dir: &Path) -> Result<usize> {
    let (live, rows) = now(ctx, slug).await?;
    folder::write(dir, &live.spec, &rows, &live.questionnaire, &live.words).map_err(|problem| Problem {
        next: format!("{} Nothing in the database was changed.", problem.next),
        ..problem
    })?;
    Ok(rows.len())
}

async fn now(ctx: &Ctx, slug: &str) -> Result<(Arc<Live>, Vec<ListedContact>)> {
    let mut tx = ctx.db.read().await?;
    let live = ctx.live_by_slug(&mut tx, slug).await?;
    let mut rows = Vec::new();
    for account in accounts::of_round(&mut tx, &live.id).await? {
        for p in contacts::of_account(&mut tx, &account.id).await?.into_iter().filter(|p| p.removed_at.is_none()) {
            rows.push(as_row(p.line, (p.first_name.as_str(), p.last_name.as_str(), &p.email), (&p).into(), &account));
        }
    }
    Ok((live, rows))
}
