//! A mailbox that somebody else reads now. Who had it leaves the list, with that reason, and no address finds him any more; a list that has
//! him under another one puts him back.

use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::rules::contacts::out::Removal;
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::steps::context::Ctx;
use crate::steps::repair::tasks;
use crate::steps::signoff::standing::update_standing;
use crate::store::Tx;
use crate::store::contacts::{self, listing};
use crate::store::sending::outbox;

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
    listing::gives_address_up(tx, holder).await?;
    let reason = Removal::AddressOf(whom.into());
    if contacts::remove(tx, holder, &reason, now).await? {
        outbox::withdraw_of_contact(tx, holder, &Reason::Removed.into(), now).await?;
        tasks::settled(ctx, tx, &person, &format!("taken off the list: {reason}"), actor).await?;
        let why = format!("{reason} <{}>", person.email);
        ctx.journal(tx, actor, Action::Removed, Some(&person.round_id), holder, &why).await?;
    }
    update_standing(ctx, tx, &person.account_id).await.map(|_| ())
}
