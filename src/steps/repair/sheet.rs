//! Everything on the page behind the link of a repair mail.

use crate::base::ids::AccountId;
use crate::base::problem::Result;
use crate::base::tokens;
use crate::steps::context::{Ctx, Live};
use crate::store::contacts::{self, Person, accounts};
use crate::store::repair as requests;
use crate::store::repair::RepairRequest;

use super::contact_tasks::{ContactTask, all_of, without_unjudged};

/// What somebody sees behind the link of a repair mail.
pub struct RepairSheet {
    pub request: RepairRequest,
    pub live: std::sync::Arc<Live>,
    /// What is to be repaired, the oldest first.
    pub open: Vec<ContactTask>,
    /// What was, the latest first, each with who stands in that place now.
    pub done: Vec<(ContactTask, Option<Person>)>,
    /// The account directors' names, by account.
    pub directors: Vec<(AccountId, String)>,
}

/// Everything on the page behind a repair link; `None` when there is no such link. Changes nothing.
pub async fn sheet(ctx: &Ctx, secret: &str) -> Result<Option<RepairSheet>> {
    let mut tx = ctx.db.read().await?;
    let Some(request) = requests::by_link(&mut tx, &tokens::hash(secret)).await? else { return Ok(None) };
    let live = ctx.live_by_id(&mut tx, &request.round_id).await?;
    let (open, closed): (Vec<ContactTask>, Vec<ContactTask>) =
        all_of(&mut tx, &request).await?.into_iter().partition(|b| b.task.closed_at.is_none());
    let open = without_unjudged(&mut tx, open).await?;
    let (mut done, mut directors) = (Vec::new(), Vec::new());
    for broken in closed.into_iter().rev() {
        let successor = match requests::successors(&mut tx, &broken.person.id).await?.first() {
            Some(id) => contacts::person(&mut tx, id).await?,
            None => None,
        };
        done.push((broken, successor));
    }
    for person in open.iter().map(|b| &b.person).chain(done.iter().map(|(b, _)| &b.person)) {
        if !directors.iter().any(|(account, _)| *account == person.account_id)
            && let Some(account) = accounts::by_id(&mut tx, &person.account_id).await?
        {
            directors.push((account.id, account.director_name));
        }
    }
    Ok(Some(RepairSheet { request, live, open, done, directors }))
}
