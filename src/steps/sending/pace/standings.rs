//! How gateways stand, and behind which one a domain is: read for a whole batch of claims, in the claim's own transaction.
//!
//! Writers take turns (`store::database::writer`), so what was read is still true when it is written.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::sending::pace::{Known, Standing, day};
use crate::store::Tx;
use crate::store::sending::{gateways as ledger, pace as store};

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
pub(crate) fn known(row: &store::Domain) -> Known {
    Known { gateway: row.gateway.clone(), ask_again_at: row.ask_again_at, refused_since: row.refused_since }
}

/// How many messages a budget has let go today, and on how many days before any.
pub(super) fn days_of(used: Option<&store::Used>, now: Ts) -> (i64, i64) {
    let today = used.filter(|u| u.day == Some(day(now))).and_then(|u| u.today).unwrap_or(0);
    (today, used.and_then(|u| u.days).unwrap_or(0) - i64::from(today > 0))
}

pub(super) fn row(name: &str, s: Standing) -> ledger::Gateway {
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

pub(crate) async fn gateway_of(tx: &mut Tx, domain: &str) -> Result<String> {
    let domain = domain.to_lowercase();
    let known = store::domains(tx, &[&domain]).await?.into_iter().next();
    Ok(known.map_or(domain, |known| known.gateway))
}

/// By domain, in lower case; one that is missing is its own gateway.
pub(crate) async fn gateways_of(tx: &mut Tx, domains: &[String]) -> Result<HashMap<String, String>> {
    let domains: Vec<&str> = domains.iter().map(String::as_str).collect();
    Ok(store::domains(tx, &domains).await?.into_iter().map(|d| (d.domain, d.gateway)).collect())
}

pub(super) async fn standing_of(tx: &mut Tx, gateway: &str) -> Result<Standing> {
    Ok(ledger::of_names(tx, &[gateway]).await?.into_iter().next().map(standing).unwrap_or_default())
}
