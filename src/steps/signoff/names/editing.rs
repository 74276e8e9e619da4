//! Changing one name on a list, by its director or an operator: removed, put back, corrected. The account needs a new signature then.

use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::Role;
use crate::rules::contacts::out::Removal;
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::rules::repair::TaskKind;
use crate::rules::signoff::SignLevel;
use crate::steps::contacts::people::changed_hands;
use crate::steps::contacts::people::new_address::{self, Answers, By};
use crate::steps::contacts::people::place::{findings_json, free, place_of, questions};
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::repair::successors::{Successor, replace};
use crate::steps::repair::tasks;
use crate::steps::typed::{address, clean, fitting, required};
use crate::store::Tx;
use crate::store::contacts::listing::NewContact;
use crate::store::contacts::{self, Person};
use crate::store::sending::outbox;

use crate::steps::signoff::signing::opening::opened_one;
use crate::steps::signoff::signing::standing::update_standing;

/// A correction of one name, as it comes from the page.
#[derive(Clone, Debug)]
pub struct Correction {
    pub first_name: String,
    pub last_name: String,
    pub email: String,
    pub job_title: String,
    pub role: String,
    pub reason: String,
}

/// What a director does to one name.
#[derive(Clone, Debug)]
pub enum Edit {
    Remove {
        reason: String,
    },
    PutBack,
    /// What was answered under another address is set aside: somebody else may have answered.
    Correct(Correction),
    /// The same, and what was answered under another address is known to be this person's own.
    CorrectSame(Correction),
}

/// Changes one name on the list of a director. The account is unsigned by it, whoever had signed.
pub struct EditName {
    pub secret: String,
    pub contact: ContactId,
    pub edit: Edit,
}

impl Order for EditName {
    type Done = ();
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let person = contacts::person(tx, &self.contact).await?;
        let account = person.as_ref().map_or_else(AccountId::default, |p| p.account_id.clone());
        let (request, account) = opened_one(tx, &self.secret, &account).await?;
        let person = person.ok_or_else(|| Problem::not_found("That name is not on the list.", "Reload the page."))?;
        if request.level != SignLevel::Director {
            return Err(Problem::refused("Only the account director changes names.", "Write to the account director."));
        }
        apply(ctx, tx, &Actor::signer(request.level, &request.email), &person, self.edit).await?;
        update_standing(ctx, tx, &account.id).await?;
        Ok(())
    }
}

/// The same by an operator, from the console.
pub struct EditContact {
    pub contact: ContactId,
    pub edit: Edit,
}

impl Order for EditContact {
    type Done = ();
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<()> {
        let person = contacts::person(tx, &self.contact)
            .await?
            .ok_or_else(|| Problem::not_found("There is no such contact.", "Go back to the list of contacts."))?;
        apply(ctx, tx, by, &person, self.edit).await?;
        update_standing(ctx, tx, &person.account_id).await?;
        Ok(())
    }
}

pub(crate) async fn apply(ctx: &Ctx, tx: &mut Tx, actor: &Actor, person: &Person, edit: Edit) -> Result<()> {
    let now = ctx.clock.now();
    let is_to_be_replaced = person.left_at.is_some() || tasks::is_open(tx, person, TaskKind::Replace).await?;
    let (action, detail) = match edit {
        Edit::Remove { reason } => {
            let reason = required(&reason, "Say why this name is removed.")?;
            // Asked for twice, done once.
            if !contacts::remove(tx, &person.id, &Removal::Said(reason.clone()), now).await? {
                return Ok(());
            }
            outbox::withdraw_of_contact(tx, &person.id, &Reason::Removed.into(), now).await?;
            tasks::settled(ctx, tx, person, &format!("taken off the list: {reason}"), actor).await?;
            (Action::Removed, reason)
        }
        Edit::PutBack => {
            // Somebody else may have the address by now.
            free(tx, person, &person.email).await?;
            if !contacts::restore(tx, &person.id, now).await? {
                return Ok(());
            }
            changed_hands::has_it_again(ctx, tx, person, actor).await?;
            (Action::PutBack, String::new())
        }
        // Another person in the place of one who has left, or is not whom to ask, is a successor, not a correction: what the one got, and
        // has asked for, is not the other's.
        Edit::Correct(c) | Edit::CorrectSame(c) if is_to_be_replaced && is_another(person, &c) => {
            let successor = Successor {
                first_name: c.first_name,
                last_name: c.last_name,
                email: c.email,
                job_title: c.job_title,
                role: c.role,
            };
            replace(ctx, tx, actor, person, successor, true).await?;
            (Action::Replaced, clean(&c.reason))
        }
        Edit::Correct(c) => (Action::Corrected, correct(ctx, tx, actor, person, c, Answers::SetAside).await?),
        Edit::CorrectSame(c) => (Action::Corrected, correct(ctx, tx, actor, person, c, Answers::Own).await?),
    };
    ctx.journal(tx, actor, action, Some(&person.round_id), &person.id, &detail).await
}

/// Another name at another address.
fn is_another(person: &Person, c: &Correction) -> bool {
    let same = |a: &str, b: &str| clean(a).to_lowercase() == clean(b).to_lowercase();
    let named = same(&c.first_name, &person.first_name) && same(&c.last_name, &person.last_name);
    !named && !same(&c.email, person.email.as_str())
}

async fn correct(
    ctx: &Ctx,
    tx: &mut Tx,
    actor: &Actor,
    person: &Person,
    c: Correction,
    answers: Answers,
) -> Result<String> {
    let email = address(&c.email)?;
    if !person.has_address(&email) {
        free(tx, person, &email).await?;
    }
    let first_name = fitting("The first name", &c.first_name)?;
    let last_name = fitting("The last name", &c.last_name)?;
    if first_name.is_empty() && last_name.is_empty() {
        return Err(Problem::unusable("A name is missing.", "Write a first or last name, then save again."));
    }
    let new = NewContact {
        first_name,
        last_name,
        job_title: fitting("The job title", &c.job_title)?,
        role: Role::parse(&c.role).unwrap_or(person.role),
        // What the check of the list had found was about the old particulars.
        findings: findings_json(&questions(tx, person, &email).await?)?,
        email,
        ..place_of(ctx, person, person.id.clone())
    };
    new_address::write(ctx, tx, person, &new, &By { actor, edited: true, answers }).await?;
    let before = format!("{} <{}>, {}", person.full_name(), person.email, person.job_title);
    Ok(format!("was {before}. {}", clean(&c.reason)))
}
