//! What a director does to the names of one account on his page: found right, corrected, replaced, added, removed, and the last of it taken
//! back.
//!
//! What he can mend himself is told as a value ([`NotDone`]), for his page speaks his language. Nothing of it signs anything.

mod usable_names;
pub mod editing;
pub(in crate::signoff) mod taking_back;
mod adding;
mod reviewing;
pub mod asking_operations;
pub(in crate::signoff) mod directors_changes;

use crate::base::address::EmailAddress;
use crate::base::ids::{AccountId, ContactId, NameChangeId};
use crate::base::problem::{Problem, Result};
use crate::rules::contacts::Role;
use crate::rules::journal::Actor;
use crate::rules::signoff::SignLevel;
use crate::steps::context::{Ctx, Giver, Order};
use crate::steps::repair::successors::{Successor, replace};
use crate::steps::typed::clean;
use crate::store::Tx;
use crate::store::contacts::{self, Person};

use self::adding::add;
use self::editing::Edit;
use self::reviewing::review;
use self::taking_back::{Row, note};
use self::usable_names::{By, Done, Typed, of_account, taken, usable};
use crate::steps::signoff::signing::opening::opened_one;
use crate::steps::signoff::signing::standing::update_standing;

pub use self::usable_names::NotDone;

/// One press on the page of a director.
#[derive(Clone, Debug)]
pub enum NameChange {
    Edit(ContactId, Edit),
    /// Somebody else takes the place of this name.
    Replace(ContactId, Successor),
    Add(Successor),
    /// Roles that the list lacks, and names whose remarks were looked at and that are right.
    Review {
        roles: Vec<(ContactId, Role)>,
        right: Vec<ContactId>,
    },
    TakeBack(NameChangeId),
}

/// Changes names of one account of a director. Told is which name to look at then.
pub struct ChangeNames {
    pub secret: String,
    pub account: AccountId,
    pub change: NameChange,
}

impl Order for ChangeNames {
    type Done = Result<Option<ContactId>, NotDone>;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<Self::Done> {
        let (request, account) = opened_one(tx, &self.secret, &self.account).await?;
        if request.level != SignLevel::Director {
            return Err(Problem::refused("Only the account director changes names.", "Write to the account director."));
        }
        let by = By { request: &request, account: &account, actor: Actor::signer(request.level, &request.email) };
        let done = match self.change {
            NameChange::Edit(contact, edit) => edited(ctx, tx, &by, &contact, edit).await?,
            NameChange::Replace(contact, successor) => replaced(ctx, tx, &by, &contact, successor).await?,
            NameChange::Add(person) => add(ctx, tx, &by, person).await?,
            NameChange::Review { roles, right } => review(ctx, tx, &by, (roles, right)).await?,
            NameChange::TakeBack(change) => taking_back::take_back(ctx, tx, &by, &change).await?,
        };
        if done.is_ok() {
            update_standing(ctx, tx, &account.id).await?;
        }
        Ok(done)
    }
}

async fn edited(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, contact: &ContactId, edit: Edit) -> Result<Done> {
    let person = of_account(tx, by, contact).await?;
    if let Edit::Correct(c) | Edit::CorrectSame(c) = &edit {
        if person.removed_at.is_some() {
            return Ok(Err(NotDone::NotOnTheList(person.full_name())));
        }
        let typed = Typed { first: &c.first_name, last: &c.last_name, job_title: &c.job_title, email: &c.email };
        let email = match usable(tx, by, Some(&person), &typed).await? {
            Ok(email) => email,
            Err(why) => return Ok(Err(why)),
        };
        let now = [&person.first_name, &person.last_name, &person.job_title].map(|text| clean(text));
        let same = now == [&c.first_name, &c.last_name, &c.job_title].map(|text| clean(text));
        if same && person.has_address(&email) && person.email == email && c.role == person.role.as_str() {
            // The second tap of two hears what the first one did.
            let again = taking_back::has_just_corrected(tx, by, &person).await?;
            return Ok(if again { Ok(Some(person.id)) } else { Err(NotDone::NothingDiffers) });
        }
    }
    if matches!(edit, Edit::PutBack)
        && let Some(why) = taken(tx, by, Some(&person.id), &person.email).await?
    {
        return Ok(Err(why));
    }
    let what = if matches!(edit, Edit::Remove { .. }) { "removed" } else { "corrected" };
    let undoable = !matches!(edit, Edit::PutBack);
    editing::apply(ctx, tx, &by.actor, &person, edit).await?;
    let after = contacts::person(tx, contact).await?.unwrap_or_else(|| person.clone());
    let differs = Row::of(&person) != Row::of(&after) || person.removed_at != after.removed_at;
    if undoable && differs {
        note(ctx, tx, by, what, &[Row::of(&person)], &[Row::of(&after)]).await?;
    }
    Ok(Ok(Some(contact.clone())))
}

async fn replaced(ctx: &Ctx, tx: &mut Tx, by: &By<'_>, contact: &ContactId, s: Successor) -> Result<Done> {
    let person = of_account(tx, by, contact).await?;
    let follows = |p: &&Person| p.replaces.as_ref() == Some(contact) && p.removed_at.is_none();
    if person.removed_at.is_some() {
        // The second tap of two hears what the first one did.
        let now = contacts::of_account(tx, &by.account.id).await?;
        let same = now
            .iter()
            .find(follows)
            .filter(|p| EmailAddress::parse(s.email.trim()).is_ok_and(|e| e.key() == p.email.key()));
        return Ok(same.map_or(Err(NotDone::NotOnTheList(person.full_name())), |p| Ok(Some(p.id.clone()))));
    }
    if person.completed_at.is_some() {
        let names = ctx.live_by_id(tx, &person.round_id).await?.spec.participation.names();
        let why = if names { NotDone::HasAnswered } else { NotDone::KeepsPlace };
        return Ok(Err(why(person.full_name())));
    }
    let typed = Typed { first: &s.first_name, last: &s.last_name, job_title: &s.job_title, email: &s.email };
    let email = match usable(tx, by, None, &typed).await? {
        Err(why) => return Ok(Err(why)),
        Ok(email) => email,
    };
    replace(ctx, tx, &by.actor, &person, s, true).await?;
    let Some(id) = contacts::by_address(tx, &person.round_id, &email.key()).await? else { return Ok(Ok(None)) };
    let Some(after) = contacts::person(tx, &id).await? else { return Ok(Ok(None)) };
    note(ctx, tx, by, "replaced", &[Row::of(&person)], &[Row::of(&after)]).await?;
    Ok(Ok(Some(id)))
}
