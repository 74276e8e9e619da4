//! What a director has looked at and saved at one press: roles that the list lacks, chosen at their rows, and remarks that he found right.
//!
//! All of it is done or nothing, it is one change on record, and so one undo takes all of it back. Pressed twice, it is done once.

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::{Finding, Role};
use crate::rules::journal::Action;
use crate::steps::contacts::people::new_address::{self, Answers};
use crate::steps::contacts::people::place::{findings_json, place_of};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::contacts::listing::{self, NewContact};
use crate::store::contacts::{self, Person};

use super::taking_back::{Row, note};
use super::usable_names::{By, Done, NotDone, of_account};

/// No findings, as they are kept with a contact.
const NONE: &str = "[]";
/// What was corrected, as it is kept.
const CORRECTED: &str = "Job title or role";

/// Told is the name to look at then: the last one whose role was chosen, else the first one found right.
pub(super) async fn review(
    ctx: &Ctx,
    tx: &mut Tx,
    by: &By<'_>,
    (roles, right): (Vec<(ContactId, Role)>, Vec<ContactId>),
) -> Result<Done> {
    let mut people = Vec::new();
    // Before anything is written, for a refusal is no error.
    for (id, role) in &roles {
        let person = of_account(tx, by, id).await?;
        if person.removed_at.is_some() {
            return Ok(Err(NotDone::NotOnTheList(person.full_name())));
        }
        people.push((person, Some(*role)));
    }
    for id in &right {
        if people.iter().all(|(p, _)| p.id != *id) {
            people.push((of_account(tx, by, id).await?, None));
        }
    }
    people.sort_by_key(|(person, _)| person.line);
    let shown = people.iter().rfind(|(_, role)| role.is_some()).or(people.first()).map(|(person, _)| person.id.clone());
    let (mut before, mut after, mut any_role) = (Vec::new(), Vec::new(), false);
    for (old, role) in people {
        if old.removed_at.is_some() {
            continue;
        }
        let chosen = role.filter(|role| *role != old.role);
        let mut now = old.clone();
        if let Some(role) = chosen {
            now = with_role(ctx, tx, by, &old, role).await?;
            any_role = true;
        }
        if right.contains(&old.id) && now.findings != NONE {
            found_right(ctx, tx, by, &now).await?;
            NONE.clone_into(&mut now.findings);
        }
        if Row::of(&old) != Row::of(&now) {
            before.push(Row::of(&old));
            after.push(Row::of(&now));
        }
    }
    if !before.is_empty() {
        note(ctx, tx, by, if any_role { "corrected" } else { "kept" }, &before, &after).await?;
    }
    Ok(Ok(shown))
}

/// Other remarks than those about the role stay: nobody has said that they are right.
async fn with_role(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, old: &Person, role: Role) -> Result<Person> {
    let mut findings: Vec<Finding> = serde_json::from_str(&old.findings).unwrap_or_default();
    findings.retain(|finding| finding.field != "role");
    let new = NewContact { role, findings: findings_json(&findings)?, ..place_of(ctx, old, old.id.clone()) };
    let corrected = new_address::By { actor: &by.actor, edited: true, answers: Answers::Own };
    new_address::write(ctx, tx, old, &new, &corrected).await?;
    let detail = format!("was {} <{}>, {}. {CORRECTED}", old.full_name(), old.email, old.job_title);
    ctx.journal(tx, &by.actor, Action::Corrected, Some(&old.round_id), &old.id, &detail).await?;
    Ok(contacts::person(tx, &old.id).await?.unwrap_or_else(|| Person { role, findings: new.findings, ..old.clone() }))
}

/// The remarks go, and what they were about is in the journal with who found it right.
async fn found_right(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, person: &Person) -> Result<()> {
    listing::renumber(tx, &person.id, person.line, NONE).await?;
    let findings: Vec<Finding> = serde_json::from_str(&person.findings).unwrap_or_default();
    let said: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
    ctx.journal(tx, &by.actor, Action::FoundRight, Some(&person.round_id), &person.id, &said.join(" ")).await
}
