//! A mailbox that somebody else reads now. Who had it leaves the list, with that reason, and no address finds him any more; a list that has
//! him under another one puts him back.
//!
//! Promise 2: what he has said is kept for him, and stops nobody else; what the new reader says stops her, by whatever link it is said.

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::out::Removal;
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::steps::contacts::{addresses, objections};
use crate::steps::context::Ctx;
use crate::steps::repair::tasks;
use crate::steps::signoff::signing::standing::update_standing;
use crate::store::Tx;
use crate::store::contacts::{self, Person, listing};
use crate::store::sending::outbox;

use super::new_address;

/// `whom`: who has the mailbox now.
pub(in crate::contacts) async fn leaves(
    ctx: &Ctx,
    tx: &mut Tx,
    holder: &ContactId,
    whom: &str,
    actor: &Actor,
) -> Result<()> {
    let now = ctx.clock.now();
    let Some(person) = contacts::person(tx, holder).await? else { return Ok(()) };
    objections::stay_with(ctx, tx, &person, whom, actor).await?;
    // Rounds that are over know him by the mailbox too, and the next one asks them.
    for earlier in listing::in_closed_rounds(tx, &person.round_id, &person.email_key).await? {
        if let Some(earlier) = contacts::person(tx, &earlier).await? {
            gives_up(ctx, tx, &earlier, actor).await?;
        }
    }
    gives_up(ctx, tx, &person, actor).await?;
    let reason = Removal::AddressOf(whom.into());
    if contacts::remove(tx, holder, &reason, now).await? {
        outbox::withdraw_of_contact(tx, holder, &Reason::Removed.into(), now).await?;
        tasks::settled(ctx, tx, &person, &format!("taken off the list: {reason}"), actor).await?;
        let why = format!("{reason} <{}>", person.email);
        ctx.journal(tx, actor, Action::Removed, Some(&person.round_id), holder, &why).await?;
    }
    update_standing(ctx, tx, &person.account_id).await.map(|_| ())
}

/// No address finds the contact any more, and the links that were sent there are not his.
async fn gives_up(ctx: &Ctx, tx: &mut Tx, person: &Person, actor: &Actor) -> Result<()> {
    new_address::new_links(ctx, tx, person, false, actor).await?;
    listing::gives_address_up(tx, &person.id).await
}

/// A contact who had given his address up and is put back has it again, and what is known of it, and of him.
pub(crate) async fn has_it_again(ctx: &Ctx, tx: &mut Tx, person: &Person, actor: &Actor) -> Result<()> {
    if !person.gave_address_up() {
        return Ok(());
    }
    listing::has_address_again(tx, &person.id, &person.email.key()).await?;
    addresses::given(ctx, tx, &person.id, &person.email).await?;
    objections::follow(ctx, tx, person, &person.email, actor).await
}
