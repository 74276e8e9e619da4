//! A place on the list, to be taken by the same person under other particulars or by a successor: whether the address is free, and what is
//! asked about it.

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::Finding;
use crate::rules::repair as rule;
use crate::steps::context::{Ctx, Purpose};
use crate::store::Tx;
use crate::store::contacts::listing::NewContact;
use crate::store::contacts::{self, Person, loading};

/// Findings as they are kept with a contact.
pub(crate) fn findings_json(findings: &[Finding]) -> Result<String> {
    serde_json::to_string(findings).map_err(|e| Problem::internal("Findings could not be written down.").because(e))
}

/// The place of this person on the list, to be taken under the id `id`.
pub(crate) fn place_of(ctx: &Ctx, person: &Person, id: ContactId) -> NewContact {
    NewContact {
        round_id: person.round_id.clone(),
        account_id: person.account_id.clone(),
        line: person.line,
        first_name: person.first_name.clone(),
        last_name: person.last_name.clone(),
        email: person.email.clone(),
        job_title: person.job_title.clone(),
        role: person.role,
        language: person.language.clone(),
        country: person.country.clone(),
        region: person.region.clone(),
        time_zone: person.time_zone.clone(),
        findings: person.findings.clone(),
        client_key: person.client_key.clone(),
        more: person.more.clone(),
        link_hash: ctx.secret_hash(Purpose::Assessment, &id),
        opt_out_hash: ctx.secret_hash(Purpose::OptOut, &id),
        id,
    }
}

/// Nobody else of the round has this address, not even on a list that is not in yet.
pub(crate) async fn free(tx: &mut Tx, person: &Person, email: &EmailAddress) -> Result<()> {
    loading::give_way(tx, &person.round_id, &email.key()).await?;
    let Some(id) = contacts::by_address(tx, &person.round_id, &email.key()).await? else { return Ok(()) };
    let Some(other) = contacts::person(tx, &id).await?.filter(|other| other.id != person.id) else { return Ok(()) };
    let who = format!("{} at {}", other.full_name(), other.account);
    Err(match other.removed_at {
        Some(_) => Problem::refused(
            format!("{email} is the address of {who}, who was taken off the list."),
            "Ask the account director to put the name back, or write another address.",
        ),
        None => Problem::refused(
            format!("{email} is on the list already: {who}."),
            "Write another address, or drop this name.",
        ),
    })
}

/// What is asked about an address, beside those of the same account.
pub(crate) async fn questions(tx: &mut Tx, person: &Person, email: &EmailAddress) -> Result<Vec<Finding>> {
    let others: Vec<EmailAddress> = contacts::of_account(tx, &person.account_id)
        .await?
        .into_iter()
        .filter(|p| p.removed_at.is_none() && p.id != person.id)
        .map(|p| p.email)
        .collect();
    Ok(rule::questions(email, person.line.max(0) as u64, &person.account, &others))
}
