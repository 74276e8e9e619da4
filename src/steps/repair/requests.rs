//! Whom to ask for repairs: one request, and so one link, for each person who looks after accounts with open tasks, and when to ask.

use crate::base::ids::{IncidentId, RequestId, RoundId};
use crate::base::problem::Result;
use crate::rules::message::Lane;
use crate::rules::repair as rule;
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::{Ctx, Purpose};
use crate::store::contacts;
use crate::store::contacts::accounts::{self, Account};
use crate::store::repair::RepairRequest;
use crate::store::sending::{outbox, trouble};
use crate::store::{Tx, repair as requests};

use super::contact_tasks::{open_of, repairer};

/// Something has come up at this account: its repairer hears of it with what else comes up.
pub(super) async fn ask_repairer(ctx: &Ctx, tx: &mut Tx, account: &Account) -> Result<()> {
    let now = ctx.clock.now();
    let (name, email) = repairer(account);
    let id: RequestId = ctx.ids.id(now);
    let hash = ctx.secret_hash(Purpose::Repair, &id);
    let new = RepairRequest {
        id,
        round_id: account.round_id.clone(),
        name,
        email: email.clone(),
        created_at: now,
        asked: 0,
        asked_at: None,
        next_ask_at: None,
    };
    requests::add(tx, &new, &hash).await?;
    let Some(request) = requests::of_person(tx, &account.round_id, &email).await? else { return Ok(()) };
    let live = ctx.live_by_id(tx, &account.round_id).await?;
    let at = rule::ask_at(&live.sequence.home(), now, request.asked_at);
    if request.next_ask_at.is_none_or(|next| at < next) {
        requests::set_next_ask(tx, &request.id, Some(at)).await?;
    }
    Ok(())
}

/// After a list was loaded: whoever looks after an account now is asked about what is open there.
pub(crate) async fn ensure_repair_requests(ctx: &Ctx, tx: &mut Tx, round: &RoundId) -> Result<()> {
    for account in accounts::with_open_tasks(tx, round).await? {
        let (_, email) = repairer(&account);
        let known = match requests::of_person(tx, round, &email).await? {
            Some(request) => knows_of(tx, &request, &account).await?,
            None => false,
        };
        if !known {
            ask_repairer(ctx, tx, &account).await?;
        }
    }
    Ok(())
}

/// Whether the last mail to this person told what is open at the account, or the next one will. Whom the account came to since is not told
/// yet.
async fn knows_of(tx: &mut Tx, request: &RepairRequest, account: &Account) -> Result<bool> {
    let Some(asked_at) = request.asked_at else { return Ok(request.next_ask_at.is_some()) };
    let open = open_of(tx, request).await?;
    Ok(open.iter().filter(|b| b.person.account_id == account.id).all(|b| b.task.opened_at <= asked_at))
}

/// An incident has begun, or has grown: mails that would ask only about its contacts are taken back.
pub(crate) async fn wait_for_incident(ctx: &Ctx, tx: &mut Tx, incident: &IncidentId) -> Result<()> {
    let mut seen = Vec::new();
    for contact in trouble::contacts(tx, incident).await? {
        let Some(person) = contacts::person(tx, &contact).await? else { continue };
        let Some(account) = accounts::by_id(tx, &person.account_id).await? else { continue };
        let Some(request) = requests::of_person(tx, &person.round_id, &repairer(&account).1).await? else { continue };
        if !seen.contains(&request.id) && open_of(tx, &request).await?.is_empty() {
            requests::set_next_ask(tx, &request.id, None).await?;
            let why = &MessageReason::WaitsForIncident;
            outbox::withdraw_of_subject(tx, &Lane::from(&request.round_id), &request.id, why, ctx.clock.now()).await?;
        }
        seen.push(request.id);
    }
    Ok(())
}
