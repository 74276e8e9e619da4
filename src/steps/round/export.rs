//! A round as it is now, back into a folder that can be kept in git and loaded again.

use std::path::Path;
use std::sync::Arc;

use crate::base::address::EmailAddress;
use crate::base::problem::{Problem, Result};
use crate::intake::folder;
use crate::rules::contacts::{Colleague, Finding, ListedContact};
use crate::steps::contacts::people::particulars::more_columns;
use crate::steps::context::{Ctx, Live};
use crate::store::contacts::accounts::{self, Account};
use crate::store::contacts::{self, Person};

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
        let people = contacts::of_account(&mut tx, &account.id).await?;
        rows.extend(people.into_iter().filter(|p| p.removed_at.is_none()).map(|p| as_listed(p, &account)));
    }
    Ok((live, rows))
}

/// Somebody as a row of a list.
pub(super) fn as_listed(p: Person, account: &Account) -> ListedContact {
    let manager = EmailAddress::parse(&account.manager_email).ok();
    ListedContact {
        line: p.line.max(0) as u64,
        account: account.name.clone(),
        first_name: p.first_name,
        last_name: p.last_name,
        email: p.email,
        job_title: p.job_title,
        role: p.role,
        language: p.language,
        country: p.country,
        region: p.region,
        time_zone: p.time_zone,
        director: Colleague { name: account.director_name.clone(), email: account.director_email.clone() },
        manager: manager.map(|email| Colleague { name: account.manager_name.clone(), email }),
        strategic: Some(account.strategic.0),
        annual_revenue: account.annual_revenue,
        key: p.client_key,
        more: more_columns(&p.more),
        findings: serde_json::from_str::<Vec<Finding>>(&p.findings).unwrap_or_default(),
    }
}
