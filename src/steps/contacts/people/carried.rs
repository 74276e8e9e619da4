//! What lasts of somebody from an earlier round goes along to the address that he has now: objections, and the news that he has left.

use crate::base::address::EmailAddress;
use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::journal::{Action, Actor};
use crate::steps::context::Ctx;
use crate::store::Tx;

use crate::steps::contacts::objections;

/// Where somebody is known from, and under which address.
pub(in crate::contacts) struct KnownFrom<'a> {
    pub round: &'a RoundId,
    pub contact: &'a ContactId,
    pub email: &'a EmailAddress,
}

/// Carries it over. What the journal calls that.
pub(in crate::contacts) async fn carry(
    ctx: &Ctx,
    tx: &mut Tx,
    round: &RoundId,
    from: &KnownFrom<'_>,
    to: &EmailAddress,
    actor: &Actor,
) -> Result<Action> {
    let kept = objections::spread(ctx, tx, round, from.email, to).await?;
    let left = objections::departure(tx, round, from.email).await?;
    if let Some(left) = &left {
        let evidence = format!("{} (then under {})", left.evidence.trim(), from.email.key());
        let (round, contact) = (Some(from.round), Some(from.contact));
        let kind = ObjectionKind::Left;
        let said = objections::Said { kind, round, contact, address: to, by: actor, evidence: &evidence };
        objections::note(ctx, tx, &said).await?;
    }
    Ok(match (kept, &left) {
        (1.., _) => Action::ObjectedUnderAnotherAddress,
        (_, Some(_)) => Action::LeftUnderAnotherAddress,
        (_, None) => Action::IsTheSamePerson,
    })
}
