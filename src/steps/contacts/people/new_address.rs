//! New particulars for a contact, and all that follows where the address is another one, whoever corrects it: new links, nothing more to
//! the old mailbox, what the person asked for goes along, and what was answered under the old address is set aside.
//!
//! Promise 7: the new address starts clean. The reader of the old mailbox may be somebody else: he can neither read nor answer in the
//! contact's name any more, and what he may have answered is kept but counts no more.

use crate::base::counted::counted;
use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::rules::plan::Reason;
use crate::steps::context::{Ctx, Purpose};
use crate::steps::repair::tasks;
use crate::store::contacts::listing::{self, NewContact};
use crate::store::contacts::{Person, facts, link_id, links};
use crate::store::sending::outbox;
use crate::store::{Tx, handover, response};

use crate::steps::contacts::addresses;
use crate::steps::contacts::objections;

/// Whose the answers are that were given under the old address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// The same person's, as somebody has said: they stay.
    Own,
    /// Nobody has said so: they are set aside.
    SetAside,
}

/// Who corrects, and how.
pub(crate) struct By<'a> {
    pub actor: &'a Actor,
    /// By a person here, not by a list.
    pub edited: bool,
    pub answers: Answers,
}

/// Writes `new` over the contact. True where the address is another mailbox.
pub(crate) async fn write(ctx: &Ctx, tx: &mut Tx, old: &Person, new: &NewContact, by: &By<'_>) -> Result<bool> {
    let now = ctx.clock.now();
    let moved = !old.has_address(&new.email);
    if moved {
        new_links(ctx, tx, old, by.answers == Answers::Own, by.actor).await?;
    }
    listing::correct(tx, new, moved, by.edited, now).await?;
    if !moved {
        return Ok(false);
    }
    // What is planned would go to the old address.
    outbox::withdraw_of_contact(tx, &old.id, &Reason::AddressCorrected.into(), now).await?;
    // Promise 7: what the old address refused goes to the new one.
    outbox::reopen_refused(tx, &old.id, &Reason::AddressCorrected.into(), now).await?;
    let outcome = format!("corrected: {} {} <{}>", new.first_name, new.last_name, new.email);
    if old.left_at.is_some() {
        tasks::settled(ctx, tx, old, &outcome, by.actor).await?;
    } else {
        tasks::address_is_right(ctx, tx, old, &outcome, by.actor).await?;
    }
    if by.answers == Answers::SetAside {
        set_aside(ctx, tx, old, by.actor).await?;
    }
    addresses::given(ctx, tx, &old.id, &new.email).await?;
    objections::follow(ctx, tx, old, &new.email, by.actor).await?;
    Ok(true)
}

/// Whoever reads the mailbox that the links of now were sent to is the contact no more, or `same_person`.
pub(in crate::contacts) async fn new_links(
    ctx: &Ctx,
    tx: &mut Tx,
    old: &Person,
    same_person: bool,
    actor: &Actor,
) -> Result<()> {
    let (now, links) = (ctx.clock.now(), old.links + 1);
    let id = link_id(&old.id, links);
    let (link_hash, opt_out_hash) = (ctx.secret_hash(Purpose::Assessment, &id), ctx.secret_hash(Purpose::OptOut, &id));
    let renewed = links::New { links, link_hash: &link_hash, opt_out_hash: &opt_out_hash, same_person };
    links::renew(tx, &old.id, &ctx.ids.id(now), &renewed, actor.as_str(), now).await
}

async fn set_aside(ctx: &Ctx, tx: &mut Tx, old: &Person, actor: &Actor) -> Result<()> {
    let now = ctx.clock.now();
    let Some(response) = response::of_contact(tx, &old.id).await? else { return Ok(()) };
    if !response::set_aside(tx, &response.id, old.email.as_str(), actor.as_str(), now).await? {
        return Ok(());
    }
    facts::begin_anew(tx, &old.id, now).await?;
    let answers = response::answers(tx, &response.id).await?.len();
    let handed = match response.completed_at {
        None => "They had not been sent.",
        Some(_) if handover::stop(tx, &response.id, "set aside: the address was corrected", now).await? => {
            "They had been sent, and are not handed over any more."
        }
        Some(_) => {
            "They had been sent, and the scoring module has them already: tell it that they are not this contact’s."
        }
    };
    let what = counted(answers, "answer", "answers");
    let detail = format!("{what} given under {} are kept, and neither shown nor counted. {handed}", old.email);
    ctx.journal(tx, actor, Action::SetAnswersAside, Some(&old.round_id), &old.id, &detail).await
}
