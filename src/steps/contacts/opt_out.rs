//! Not being asked: for this round, or never again. By the contact's own link, by one click of a mail program, by an operator who was told.
//!
//! Effective before the next message leaves. "Never again" holds for the address at the client, in every round ([`super::objections`]). A
//! link that was for another address of the contact stops mail to that address, and nobody else's.

use std::sync::Arc;

use crate::base::address::EmailAddress;
use crate::base::ids::ContactId;
use crate::base::problem::Result;
use crate::base::tokens;
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::steps::context::{Ctx, Giver, Live, Order};
use crate::steps::repair::tasks;
use crate::steps::typed::clean;
use crate::store::contacts::{self, Person, facts, links, objections as known};
use crate::store::sending::outbox;
use crate::store::{Tx, response};

use super::objections::{self, Said};

/// For how long somebody is not written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    ThisRound,
    NeverAgain,
}

/// What is behind an opt-out link.
pub struct OptOutLink {
    pub live: Arc<Live>,
    pub person: Person,
    /// The link was for this address; the contact has another one by now.
    pub former: Option<EmailAddress>,
    /// What was chosen already.
    pub chosen: Option<Length>,
    /// The language in which answers were begun; empty where none were.
    pub language: String,
}

async fn asked(ctx: &Ctx, tx: &mut Tx, secret: &str) -> Result<Option<OptOutLink>> {
    let hash = tokens::hash(secret);
    let (contact, former) = match contacts::by_opt_out_link(tx, &hash).await? {
        Some(contact) => (contact, None),
        None => match links::former_opt_out(tx, &hash).await? {
            // The same person, as somebody has said: an old link speaks for the contact as a new one does.
            Some(former) => (former.contact_id, (!former.same_person.0).then_some(former.email)),
            None => return Ok(None),
        },
    };
    let Some(person) = contacts::person(tx, &contact).await? else { return Ok(None) };
    let live = ctx.live_by_id(tx, &person.round_id).await?;
    let key = former.as_ref().map_or_else(|| person.email_key.clone(), EmailAddress::key);
    let client = known::client_of(tx, &person.round_id).await?;
    let said = known::of_keys(tx, &client, std::slice::from_ref(&key)).await?.remove(&key).unwrap_or_default();
    let chosen = if said.iter().any(|o| o.kind != ObjectionKind::Left) {
        Some(Length::NeverAgain)
    } else {
        (former.is_none() && person.opted_out_at.is_some()).then_some(Length::ThisRound)
    };
    let begun = response::of_contact(tx, &person.id).await?.filter(|_| former.is_none());
    let language = begun.map(|r| r.language).unwrap_or_default();
    Ok(Some(OptOutLink { live, person, former, chosen, language }))
}

/// Whose opt-out link it is, for the page that asks. Changes nothing.
pub async fn opt_out_page(ctx: &Ctx, secret: &str) -> Result<Option<OptOutLink>> {
    let mut tx = ctx.db.read().await?;
    asked(ctx, &mut tx, secret).await
}

/// Is not asked for so long, by whoever holds the link. Told is whether there is such a link.
pub struct OptOut {
    pub secret: String,
    pub length: Length,
    /// "one click" or "on the page".
    pub how: &'static str,
}

impl Order for OptOut {
    type Done = bool;
    const BY: Giver = Giver::Visitor;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, _: &Actor) -> Result<bool> {
        let Some(asked) = asked(ctx, tx, &self.secret).await? else { return Ok(false) };
        let person = &asked.person;
        match &asked.former {
            Some(address) => of_former(ctx, tx, person, address, self.length, self.how).await?,
            None => take(ctx, tx, person, self.length, &Actor::contact(&person.email), self.how).await?,
        }
        Ok(true)
    }
}

/// The same for somebody who asked us by mail or phone, entered by an operator. Told is whether there is such a contact.
pub struct OptOutAsTold {
    pub contact: ContactId,
    pub length: Length,
    pub how: String,
}

impl Order for OptOutAsTold {
    type Done = bool;
    const BY: Giver = Giver::Operator;

    async fn run(self, ctx: &Ctx, tx: &mut Tx, by: &Actor) -> Result<bool> {
        let Some(person) = contacts::person(tx, &self.contact).await? else { return Ok(false) };
        take(ctx, tx, &person, self.length, by, &clean(&self.how)).await?;
        Ok(true)
    }
}

/// The contact under the address that it has now.
pub(super) async fn take(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    length: Length,
    actor: &Actor,
    how: &str,
) -> Result<()> {
    let now = ctx.clock.now();
    let first = facts::opt_out(tx, &person.id, now).await?;
    if first {
        outbox::withdraw_of_contact(tx, &person.id, &Reason::OptedOut.into(), now).await?;
    }
    let said = Said {
        kind: ObjectionKind::NeverAgain,
        round: Some(&person.round_id),
        contact: Some(&person.id),
        email_key: person.email_key.clone(),
        by: actor,
        evidence: how,
    };
    let new = length == Length::NeverAgain && objections::note(ctx, tx, &said).await?;
    if first || new {
        let detail = match length {
            Length::NeverAgain => format!("never again, {how}"),
            Length::ThisRound => format!("for this round, {how}"),
        };
        ctx.journal(tx, actor, Action::OptedOut, Some(&person.round_id), &person.id, &detail).await?;
    }
    if first {
        tasks::settled(ctx, tx, person, "opted out", actor).await?;
    }
    Ok(())
}

/// Whoever reads the mailbox that the link was for. The contact has another address: nothing goes to this one, and the contact is left
/// alone.
async fn of_former(
    ctx: &Ctx,
    tx: &mut Tx,
    person: &Person,
    address: &EmailAddress,
    length: Length,
    how: &str,
) -> Result<()> {
    let actor = Actor::contact(address);
    let evidence = format!("{how}, by a link from before the address of a contact was corrected");
    // Somebody else of this round may have the address by now.
    let reader = contacts::by_address(tx, &person.round_id, &address.key()).await?;
    if length == Length::ThisRound {
        if let Some(id) = reader
            && let Some(other) = contacts::person(tx, &id).await?
        {
            take(ctx, tx, &other, length, &actor, &evidence).await?;
        }
        return Ok(());
    }
    let said = Said {
        kind: ObjectionKind::NeverAgain,
        round: Some(&person.round_id),
        contact: Some(reader.as_ref().unwrap_or(&person.id)),
        email_key: address.key(),
        by: &actor,
        evidence: &evidence,
    };
    if objections::note(ctx, tx, &said).await? {
        let detail =
            format!("{address}: never again, {evidence}. The contact, under another address now, is not concerned");
        let round = Some(&person.round_id);
        ctx.journal(tx, &actor, Action::OldAddressOptedOut, round, &person.id, &detail).await?;
    }
    Ok(())
}
