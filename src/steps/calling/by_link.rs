//! What an account manager presses on the page behind his weekly mail: the same orders as the call list of operations, about people of his
//! own accounts, in his name.

use crate::base::ids::{CallId, ContactId};
use crate::base::problem::{Problem, Result};
use crate::base::tokens;
use crate::rules::completion::team::TeamLevel;
use crate::rules::journal::Actor;
use crate::steps::completion::team::own_person;
use crate::steps::context::{Ctx, Giver, Order};
use crate::store::Tx;
use crate::store::calling::{self, team};

use super::recording::{RecordCall, TakeBackCall};
use super::reserving::{ReleaseCall, ReserveCall};

/// What was pressed.
pub enum Press {
    Reserve(ReserveCall),
    Release(ContactId),
    Record(RecordCall),
    /// His own call.
    TakeBack(CallId),
}

/// Does it, by the link of a weekly mail.
pub struct PressByLink {
    pub secret: String,
    pub press: Press,
}

impl Order for PressByLink {
    type Done = ();
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<()> {
        let link = team::by_link(tx, &tokens::hash(&self.secret)).await?.ok_or_else(unknown)?;
        let live = ctx.live_by_id(tx, &link.round_id).await?;
        // What is refused about somebody who has answered would tell that he has.
        if link.level != TeamLevel::Manager || !live.spec.participation.names() {
            return Err(unknown());
        }
        let by = &Actor::account_manager(&link.email);
        let contact = match &self.press {
            Press::Reserve(reserve) => reserve.contact.clone(),
            Press::Release(contact) => contact.clone(),
            Press::Record(call) => call.contact.clone(),
            Press::TakeBack(call) => calling::by_id(tx, call).await?.ok_or_else(unknown)?.contact_id,
        };
        let person = own_person(tx, &link, &contact).await?.ok_or_else(unknown)?;
        match self.press {
            Press::Reserve(reserve) => reserve.run(ctx, tx, by).await,
            Press::Release(contact) => ReleaseCall { contact }.run(ctx, tx, by).await,
            Press::Record(call) => call.run(ctx, tx, by).await,
            Press::TakeBack(call) => {
                let calls = calling::of_contacts(tx, &[&person.id]).await?;
                if let Some(other) = calls.iter().find(|one| one.id == call && !by.is(&one.made_by)) {
                    let what = format!("{} has made this call.", other.made_by);
                    return Err(Problem::refused(what, "Ask there to take it back."));
                }
                TakeBackCall { call }.run(ctx, tx, by).await
            }
        }
    }
}

fn unknown() -> Problem {
    Problem::not_found("There is nobody of yours to call here.", "Open the link in the latest mail once more.")
}
