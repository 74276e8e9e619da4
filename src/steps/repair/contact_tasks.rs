//! The tasks of the people who repair contacts: each with its contact, and who is asked about it.

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::repair::TaskKind;
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::contacts::{self, Person};
use crate::store::repair::RepairRequest;
use crate::store::repair::tasks::{self, Task};
use crate::store::sending::trouble;

/// A task with the contact that it is about.
#[derive(Clone, Debug)]
pub struct ContactTask {
    pub task: Task,
    pub person: Person,
}

/// Who repairs the contacts of an account: its manager, or its director where the list names none.
pub(super) fn repairer(account: &Account) -> (String, EmailAddress) {
    match EmailAddress::parse(&account.manager_email) {
        Ok(email) if account.manager_name.is_empty() => (email.to_string(), email),
        Ok(email) => (account.manager_name.clone(), email),
        Err(_) => (account.director_name.clone(), account.director_email.clone()),
    }
}

/// The open tasks of the accounts that this person looks after now.
pub(crate) async fn open_of(tx: &mut Tx, request: &RepairRequest) -> Result<Vec<ContactTask>> {
    let open: Vec<ContactTask> =
        all_of(tx, request).await?.into_iter().filter(|b| b.task.closed_at.is_none()).collect();
    without_unjudged(tx, open).await
}

/// Without those whose address was taken for dead in an incident that nobody has judged yet: nobody is asked to repair what may be our own
/// trouble.
pub(super) async fn without_unjudged(tx: &mut Tx, mut open: Vec<ContactTask>) -> Result<Vec<ContactTask>> {
    let ids: Vec<&ContactId> = open.iter().map(|b| &b.person.id).collect();
    let unclear = if ids.is_empty() { Vec::new() } else { trouble::provisional(tx, &ids).await? };
    open.retain(|b| b.task.kind != TaskKind::Correct || !unclear.contains(&b.person.id));
    Ok(open)
}

pub(super) async fn all_of(tx: &mut Tx, request: &RepairRequest) -> Result<Vec<ContactTask>> {
    let tasks = tasks::of_person(tx, &request.round_id, &request.email).await?;
    with_people(tx, tasks).await
}

/// Tasks with the contacts that they are about, in the same order.
pub async fn with_people(tx: &mut Tx, tasks: Vec<Task>) -> Result<Vec<ContactTask>> {
    let ids: Vec<&ContactId> = tasks.iter().map(|t| &t.contact_id).collect();
    let people = contacts::persons(tx, &ids).await?;
    let of = |task: Task| {
        let person = people.iter().find(|p| p.id == task.contact_id)?.clone();
        Some(ContactTask { task, person })
    };
    Ok(tasks.into_iter().filter_map(of).collect())
}
