//! Receipts: whoever signed is mailed what he signed, so that nothing is signed in his name without his hearing of it.
//!
//! A receipt waits two minutes for what else is signed: fifteen accounts that are signed one after the other are one mail. It goes also
//! while the round is paused, and to the address that was asked to sign, whoever opened its link.

use crate::base::clock::{MINUTE, Ts};
use crate::base::ids::{ReceiptId, SignatureId};
use crate::base::problem::Result;
use crate::rules::message::{Lane, MessageKind};
use crate::rules::sending::reason::MessageReason;
use crate::rules::signoff::SignLevel;
use crate::steps::context::Ctx;
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::Tx;
use crate::store::contacts::accounts::Account;
use crate::store::sending::outbox;
use crate::store::signoff::{self as requests, Request, receipts};

use crate::steps::signoff::asking::requests::own_address;

/// So long after the first signature that it tells of.
const GATHERS: i64 = 2 * MINUTE;

/// Puts a signature on the receipt that gathers, or begins one.
async fn gather(ctx: &Ctx, tx: &mut Tx, request: &Request, signature: &SignatureId) -> Result<()> {
    let now = ctx.clock.now();
    if let Some(receipt) = receipts::gathering(tx, &request.id, now).await? {
        return receipts::add_line(tx, &receipt.id, signature).await;
    }
    let (id, due_at): (ReceiptId, _) = (ctx.ids.id(now), now.plus(GATHERS));
    receipts::add(tx, &id, &request.id, due_at).await?;
    receipts::add_line(tx, &id, signature).await?;
    // It leaves whatever the round's own mail does.
    tx.in_any_round();
    let to = Addressee { subject: id.as_str(), name: &request.name, email: &request.email };
    outbox::enqueue(tx, &message_to(ctx, &Lane::System, to, MessageKind::Receipt, 1, due_at), now).await?;
    Ok(())
}

/// A signature that was taken back before its receipt has left is not told of.
pub(in crate::signoff) async fn forget(
    ctx: &Ctx,
    tx: &mut Tx,
    request: &Request,
    signature: &SignatureId,
) -> Result<()> {
    let now = ctx.clock.now();
    let Some(receipt) = receipts::gathering(tx, &request.id, now).await? else { return Ok(()) };
    if receipts::forget_line(tx, &receipt.id, signature).await? == 0 {
        tx.in_any_round();
        outbox::withdraw_of_subject(tx, &Lane::System, &receipt.id, &MessageReason::TakenBack, now).await?;
    }
    Ok(())
}

/// Everybody whose receipt tells of a signature: whoever gave it, and the one whose account it is, whoever signs for him or says that he has
/// approved.
pub(in crate::signoff) async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    level: SignLevel,
    signer: Option<&Request>,
    signature: &SignatureId,
) -> Result<()> {
    let own = own_address(ctx, tx, account, level).await?;
    let of_own = requests::of_people(tx, &account.round_id, level, &[own.as_str()]).await?;
    let others = of_own.iter().filter(|request| signer.is_none_or(|signer| signer.id != request.id));
    for request in signer.into_iter().chain(others) {
        gather(ctx, tx, request, signature).await?;
    }
    Ok(())
}

/// Mails somebody at once who may sign for him now: whoever has forwarded his link may have asked that colleague. It is a receipt of no
/// signature; which delegations it tells of is known by their instant.
pub(in crate::signoff) async fn tell_who_may_sign(
    ctx: &Ctx,
    tx: &mut Tx,
    request: &Request,
    delegated_at: Ts,
) -> Result<()> {
    let now = delegated_at;
    let id: ReceiptId = ctx.ids.id(now);
    receipts::add(tx, &id, &request.id, now).await?;
    tx.in_any_round();
    let to = Addressee { subject: id.as_str(), name: &request.name, email: &request.email };
    outbox::enqueue(tx, &message_to(ctx, &Lane::System, to, MessageKind::Receipt, 1, now), now).await?;
    Ok(())
}
