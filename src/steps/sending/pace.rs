//! The pace, as it is kept: at a claim, who goes now and who is put off until when; and what gateways say.
//!
//! Everything is read for a whole batch of claims and written for all of it, in the claim's own transaction; an installation without a pace pays
//! nothing. Writers take turns (`store::database::writer`), so what was read here is still true when it is written.

pub(super) mod waiting;

use std::collections::HashMap;

use tracing::warn;

use crate::base::address::{EmailAddress, key_of};
use crate::base::clock::{HOUR, Ts};
use crate::base::counted::counted;
use crate::base::problem::Result;
use crate::rules::replies::Incoming;
use crate::rules::sending::pace::{Heard, Known, NEVER_HELD, Standing, Trouble, day, in_words};
use crate::steps::context::{Ctx, SOUNDINGS};
use crate::store::Tx;
use crate::store::sending::{gateways as ledger, pace as store};

use super::trouble;

pub(in crate::steps) mod turns;
mod alarms;

pub use self::alarms::{Alarm, NewSender, alarms, new_senders};

/// Words of a server are kept up to this length.
const MOST_SAID: usize = 300;

pub fn standing(row: ledger::Gateway) -> Standing {
    Standing {
        slowed: u32::try_from(row.slowed).unwrap_or(0),
        slowed_at: row.slowed_at,
        suspect_at: row.suspect_at,
        holds: u32::try_from(row.holds).unwrap_or(0),
        held_at: row.held_at,
        held_until: row.held_until,
        held_by: row.held_by,
        said: row.said,
    }
}

/// What is known of a domain, as the rules have it.
pub(in crate::steps) fn known(row: &store::Domain) -> Known {
    Known { gateway: row.gateway.clone(), ask_again_at: row.ask_again_at, refused_since: row.refused_since }
}

/// How many messages a budget has let go today, and on how many days before any.
fn days_of(used: Option<&store::Used>, now: Ts) -> (i64, i64) {
    let today = used.filter(|u| u.day == Some(day(now))).and_then(|u| u.today).unwrap_or(0);
    (today, used.and_then(|u| u.days).unwrap_or(0) - i64::from(today > 0))
}

fn row(name: &str, s: Standing) -> ledger::Gateway {
    ledger::Gateway {
        name: name.into(),
        slowed: i64::from(s.slowed),
        slowed_at: s.slowed_at,
        suspect_at: s.suspect_at,
        holds: i64::from(s.holds),
        held_at: s.held_at,
        held_until: s.held_until,
        held_by: s.held_by,
        said: s.said,
    }
}

/// What the gateway of a contact's domain has said, in an answer or in a bounce: slows it, or holds it and tells. Nothing where nothing is paced.
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
        ctx.journal(tx, SOUNDINGS, "held the mail to", None, &name, &detail).await?;
        ledger::forget_first(tx, &name).await?;
    }
    ledger::keep(tx, &row(&name, standing)).await
}

/// What a report about a message to this address tells of its gateway; one that only says "later" speaks of hours ago.
pub(in crate::steps) async fn bounced(ctx: &Ctx, tx: &mut Tx, to: &EmailAddress, report: &Incoming) -> Result<()> {
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

pub(in crate::steps) async fn gateway_of(tx: &mut Tx, domain: &str) -> Result<String> {
    let domain = domain.to_lowercase();
    let known = store::domains(tx, &[&domain]).await?.into_iter().next();
    Ok(known.map_or(domain, |known| known.gateway))
}

/// By domain, in lower case; one that is missing is its own gateway.
pub(in crate::steps) async fn gateways_of(tx: &mut Tx, domains: &[String]) -> Result<HashMap<String, String>> {
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    Ok(store::domains(tx, &domains).await?.into_iter().map(|d| (d.domain, d.gateway)).collect())
}

async fn standing_of(tx: &mut Tx, gateway: &str) -> Result<Standing> {
    Ok(ledger::of_names(tx, &[gateway]).await?.into_iter().next().map(standing).unwrap_or_default())
}

/// Holds all mail to a gateway until it is released. What waits there is told why at its next turn.
pub async fn hold(ctx: &Ctx, gateway: &str, operator: &str) -> Result<()> {
    let (c, gateway, operator) = (ctx.clone(), gateway.to_string(), operator.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let held = standing_of(tx, &gateway).await?.held_by(&operator, c.clock.now());
                ledger::keep(tx, &row(&gateway, held)).await?;
                c.journal(tx, &operator, "held the mail to", None, &gateway, "until it is released").await
            })
        })
        .await
}

/// Lets mail to a gateway go again at once, at its usual pace, somebody first.
pub async fn release(ctx: &Ctx, gateway: &str, operator: &str) -> Result<()> {
    let (c, gateway, operator) = (ctx.clone(), gateway.to_string(), operator.to_string());
    ctx.db
        .write(move |tx| {
            Box::pin(async move {
                let waiting = let_go(&c, tx, &gateway).await?;
                trouble::lift_at(&c, tx, &gateway, &operator).await?;
                let detail = counted(waiting, "message was waiting", "messages were waiting");
                c.journal(tx, &operator, "released the mail to", None, &gateway, &detail).await
            })
        })
        .await?;
    ctx.wake();
    Ok(())
}

async fn let_go(ctx: &Ctx, tx: &mut Tx, gateway: &str) -> Result<u64> {
    let now = ctx.clock.now();
    let released = standing_of(tx, gateway).await?.released(now);
    ledger::keep(tx, &row(gateway, released)).await?;
    ledger::forget_first(tx, gateway).await?;
    ledger::ask_all_now(tx, gateway, now).await
}

/// What the program has held by itself since then was for trouble that is over.
pub(in crate::steps) async fn release_if_held_since(ctx: &Ctx, tx: &mut Tx, gateway: &str, since: Ts) -> Result<()> {
    let standing = standing_of(tx, gateway).await?;
    let by_itself = standing.held_by == NEVER_HELD && standing.held_until.is_some_and(|until| until > ctx.clock.now());
    if by_itself && standing.held_at.is_some_and(|at| at >= since) {
        let_go(ctx, tx, gateway).await?;
        ctx.journal(tx, SOUNDINGS, "released the mail to", None, gateway, "it was our trouble").await?;
    }
    Ok(())
}
