//! What lasts of somebody from an earlier round goes along to the address that he has now: objections, and the news that he has left.

use crate::base::address::EmailAddress;
use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::Result;
use crate::rules::contacts::objection::ObjectionKind;
use crate::rules::journal::{Action, Actor};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::contacts;

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
    // Who has given his address up since then is known by another key.
    let known = contacts::person(tx, from.contact).await?.map_or_else(|| from.email.key(), |p| p.key_at(from.email));
    let kept = objections::spread(ctx, tx, round, &known, to).await?;
    let left = objections::departure(tx, round, &known).await?;
    if let Some(left) = &left {
        let evidence = objections::then_under(&left.evidence, &known);
        let (round, contact) = (Some(from.round), Some(from.contact));
        let kind = ObjectionKind::Left;
        let said = objections::Said { kind, round, contact, email_key: to.key(), by: actor, evidence: &evidence };
        objections::note(ctx, tx, &said).await?;
    }
    Ok(match (kept, &left) {
        (1.., _) => Action::ObjectedUnderAnotherAddress,
        (_, Some(_)) => Action::LeftUnderAnotherAddress,
        (_, None) => Action::IsTheSamePerson,
    })
}
