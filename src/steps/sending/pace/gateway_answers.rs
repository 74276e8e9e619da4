//! What gateways say, in an answer or in a report: it slows the mail to them, or holds it. Nothing where nothing is paced.

use tracing::warn;

use crate::base::address::{EmailAddress, key_of};
use crate::base::clock::HOUR;
use crate::base::problem::Result;
use crate::rules::journal::{Action, Actor};
use crate::rules::replies::Incoming;
use crate::rules::sending::pace::{Heard, Trouble, in_words};
use crate::steps::context::Ctx;
use crate::store::Tx;
use crate::store::sending::gateways as ledger;

use super::standings::{gateway_of, row, standing_of};

/// Words of a server are kept up to this length.
const MOST_SAID: usize = 300;

/// What the gateway of a contact's domain has said, in an answer or in a bounce: slows it, or holds it and tells. Nothing where nothing is
/// paced.
pub async fn heard(ctx: &Ctx, tx: &mut Tx, domain: &str, heard: Heard<'_>) -> Result<()> {
    let Some(policy) = &ctx.pace else { return Ok(()) };
    let now = ctx.clock.now();
    let name = gateway_of(tx, domain).await?;
    let first = ledger::first_is_out(tx, &name, now.plus(-policy.canary)).await?;
    let known = standing_of(tx, &name).await?;
    let said: String = heard.said.chars().take(MOST_SAID).collect();
    let (standing, is_held) = known.heard(Heard { said: &said, ..heard }, first, now);
    if is_held {
        let until = standing.held_until.unwrap_or(now);
        let hours = until.since(now) / HOUR;
        warn!(gateway = %name, hours, "mail to a gateway is held, because it refuses ours: {said}");
        let detail = format!("for {hours} h, because it said: {said}");
        ctx.journal(tx, &Actor::Program, Action::HeldGateway, None, &name, &detail).await?;
        ledger::forget_first(tx, &name).await?;
    }
    ledger::keep(tx, &row(&name, standing)).await
}

/// What a report about a message to this address tells of its gateway; one that only says "later" speaks of hours ago.
pub(crate) async fn bounced(ctx: &Ctx, tx: &mut Tx, to: &EmailAddress, report: &Incoming) -> Result<()> {
    let key = to.key();
    let ours = report.recipients.iter().find(|recipient| key_of(&recipient.address) == key);
    let Some(about) = ours.or(report.recipients.first().filter(|_| report.recipients.len() == 1)) else {
        return Ok(());
    };
    let for_good = about.status.is_some_and(|(class, _, _)| class == 5);
    match in_words(for_good, about.status, &about.said) {
        None | Some(Trouble::Later) => Ok(()),
        // A report of a refusal that may pass comes after hours of trying.
        Some(trouble) => {
            let said = Heard { trouble, said: &about.said, for_good, tried_for: HOUR };
            heard(ctx, tx, to.domain(), said).await
        }
    }
}
