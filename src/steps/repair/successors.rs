//! A successor takes the place of somebody who has left. He is a contact of his own, so that what his predecessor got and answered stays
//! his predecessor's.

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::out::Removal;
use crate::rules::contacts::{Finding, Role, row::name};
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::steps::contacts::load::rows;
use crate::steps::contacts::people::place::{findings_json, free, place_of, questions};
use crate::steps::context::Ctx;
use crate::steps::typed::{address, clean, fitting, quoted};
use crate::store::contacts::listing::NewContact;
use crate::store::contacts::{self, Person};
use crate::store::sending::outbox;
use crate::store::{Tx, repair as store};

use super::tasks::settled;

/// Who stands in the place of somebody; what is not asked is inherited.
#[derive(Clone, Debug, Default)]
pub struct Successor {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub job_title: String,
    /// Empty: the predecessor's.
    pub role: String,
}

pub(crate) async fn replace(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
    s: Successor,
    sure: bool,
) -> Result<Vec<Finding>> {
    let now = ctx.clock.now();
    let same = |email: EmailAddress| {
        Removal::ReplacedBy(format!("{} {} <{email}>", clean(&s.first_name), clean(&s.last_name)))
    };
    // The second tap of two: this very person follows already.
    if person.removed_at.is_some()
        && person.removed_reason.as_deref().map(Removal::read) == address(&s.email).ok().map(same)
    {
        return Ok(Vec::new());
    }
    if person.completed_at.is_some() || person.removed_at.is_some() {
        let names = ctx.live_by_id(tx, &person.round_id).await?.spec.participation.names();
        let why = match person.completed_at {
            Some(_) if names => "the answers have arrived",
            Some(_) => "the name keeps this place",
            None => "the name is off the list already",
        };
        let what = format!("{} is not to be replaced: {why}.", person.full_name());
        return Err(Problem::refused(what, "Reload the page."));
    }
    let first_name = fitting("The first name", &s.first_name)?;
    let last_name = fitting("The last name", &s.last_name)?;
    match name::verdict(&first_name, &last_name) {
        name::NameKind::Name | name::NameKind::Half => {}
        name::NameKind::Missing => {
            return Err(Problem::unusable("The name is missing.", "Write who follows, then save again."));
        }
        name::NameKind::Placeholder => {
            let what = format!("{} is not a person’s name.", quoted(&format!("{first_name} {last_name}")));
            return Err(Problem::unusable(what, "Write who follows, then save again."));
        }
    }
    let email = address(&s.email)?;
    free(tx, person, &email).await?;
    let questions = questions(tx, person, &email).await?;
    if !sure && !questions.is_empty() {
        return Ok(questions);
    }
    let id: ContactId = ctx.ids.id(now);
    let new = NewContact {
        first_name,
        last_name,
        job_title: fitting("The job title", &s.job_title)?,
        role: Role::parse(&s.role).unwrap_or(person.role),
        findings: findings_json(&questions)?,
        email,
        // What the client's system and the list say is about the predecessor.
        client_key: String::new(),
        more: "{}".into(),
        ..place_of(ctx, person, id.clone())
    };
    let successor = format!("{} {} <{}>", new.first_name, new.last_name, new.email);
    rows::add(ctx, tx, std::slice::from_ref(&new), now).await?;
    store::succeed(tx, &id, &person.id, now).await?;
    if !contacts::remove(tx, &person.id, &Removal::ReplacedBy(successor.clone()), now).await? {
        // Another daemon has done it between our question and this statement.
        return Err(Problem::refused(format!("{} is off the list already.", person.full_name()), "Reload the page."));
    }
    outbox::withdraw_of_contact(tx, &person.id, &Reason::Removed.into(), now).await?;
    settled(ctx, tx, person, &format!("replaced by {successor}"), actor).await?;
    let round = Some(&person.round_id);
    ctx.journal(tx, actor, Action::NamedSuccessor, round, &person.id, &successor).await?;
    let place = format!("in the place of {} <{}>", person.full_name(), person.email);
    ctx.journal(tx, actor, Action::PutOnTheList, round, &id, &place).await?;
    Ok(Vec::new())
}
