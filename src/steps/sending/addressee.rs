//! Mails to people who are no contacts (directors, account managers, approvers, operators), as rows of the ledger.

use crate::base::address::EmailAddress;
use crate::base::clock::Ts;
use crate::rules::message::{Lane, MessageKind};
use crate::rules::sending::outbox::key;
use crate::steps::context::Ctx;
use crate::store::sending::outbox::NewMessage;

/// Somebody who gets a mail of ours and is no contact.
pub(crate) struct Addressee<'a> {
    /// What the mail is about: a request, an approval, a log-in, or their own address.
    pub subject: &'a str,
    pub name: &'a str,
    pub email: &'a EmailAddress,
}

/// A message to somebody who is no contact, as it stands in the ledger.
pub(crate) fn message_to(
    ctx: &Ctx,
    lane: &Lane,
    to: Addressee<'_>,
    kind: MessageKind,
    number: i64,
    due_at: Ts,
) -> NewMessage {
    NewMessage {
        id: ctx.ids.id(ctx.clock.now()),
        key: key(lane, to.subject, kind, number as u32),
        lane: lane.clone(),
        contact_id: None,
        subject_id: to.subject.into(),
        kind,
        number,
        to_name: to.name.into(),
        to: to.email.clone(),
        planned_for: due_at,
        due_at,
    }
}
