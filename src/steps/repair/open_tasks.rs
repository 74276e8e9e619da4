//! The open tasks of a round as operators see them, and how an operator closes one without changing the list.

use crate::base::clock::Ts;
use crate::base::ids::{ContactId, RoundId, TaskId};
use crate::base::problem::{Problem, Result};
use crate::rules::journal::{Action, Actor};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::typed::required;
use crate::store::contacts::{self, accounts};
use crate::store::repair::tasks::{self, Task};
use crate::store::sending::outbox;
use crate::store::{Tx, repair as store};

use super::contact_tasks::{ContactTask, repairer, with_people};
use super::tasks::settled;

/// An open task, and who is asked about it.
pub struct Repairing {
    pub broken: ContactTask,
    pub repairer: String,
    pub request: Option<store::RepairRequest>,
}

/// The open tasks of a round with their contacts, and who is asked about each: a page of them, the oldest first.
pub async fn open_tasks(ctx: &Ctx, round: &RoundId, limit: i64, offset: i64) -> Result<Vec<Repairing>> {
    let mut tx = ctx.db.read().await?;
    let tasks = tasks::open_in_round(&mut tx, round, limit, offset).await?;
    with_repairers(&mut tx, round, tasks).await
}

/// The same, from behind this one.
pub async fn open_tasks_behind(
    ctx: &Ctx,
    round: &RoundId,
    limit: i64,
    after: Option<(Ts, TaskId)>,
) -> Result<Vec<Repairing>> {
    let mut tx = ctx.db.read().await?;
    let (opened_at, id) = after.unwrap_or((Ts(i64::MIN), TaskId::default()));
    let tasks = tasks::open_behind(&mut tx, round, (opened_at, &id), limit).await?;
    with_repairers(&mut tx, round, tasks).await
}

async fn with_repairers(tx: &mut Tx, round: &RoundId, tasks: Vec<Task>) -> Result<Vec<Repairing>> {
    let mut requests = store::of_round(tx, round).await?;
    for request in &mut requests {
        as_it_left(tx, request).await?;
    }
    let mut all = Vec::new();
    for broken in with_people(tx, tasks).await? {
        let Some(account) = accounts::by_id(tx, &broken.person.account_id).await? else { continue };
        let (name, email) = repairer(&account);
        let request = requests.iter().find(|r| r.email.key() == email.key()).cloned();
        all.push(Repairing { broken, repairer: name, request });
    }
    Ok(all)
}

/// Whoever looks wants to know when the mails left; what is still planned comes next.
async fn as_it_left(tx: &mut Tx, request: &mut store::RepairRequest) -> Result<()> {
    let left = outbox::left_about(tx, &request.round_id, &request.id).await?;
    let last = left.last().map(|(_, at)| *at);
    let planned = request.asked_at.filter(|at| last.is_none_or(|left| left < *at));
    request.next_ask_at = request.next_ask_at.or(planned);
    (request.asked, request.asked_at) = (left.len() as i64, last);
    Ok(())
}

/// Closes what is open about a contact without changing the list.
pub struct CloseTask {
    pub contact: ContactId,
    pub outcome: String,
}

impl Order for CloseTask {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let outcome = required(&self.outcome, "Say what came of it.")?;
        let gone = || Problem::refused("There is nothing to be done about this contact.", "Reload the page.");
        let person = contacts::person(tx, &self.contact).await?.ok_or_else(gone)?;
        if !settled(ctx, tx, &person, &outcome, by).await? {
            let mut closed = tasks::of_contact(tx, &person.id).await?.into_iter();
            // The second tap of two.
            let own =
                closed.any(|t| t.closed_by.as_deref() == Some(by.as_str()) && t.outcome.as_deref() == Some(&outcome));
            return if own { Ok(()) } else { Err(gone()) };
        }
        ctx.journal(tx, by, Action::ClosedTask, Some(&person.round_id), &person.id, &outcome).await
    }
}
