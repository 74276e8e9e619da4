//! What `doctor` says about senders: their domains, the relay's encryption, the clock.

use crate::base::clock::SECOND;
use crate::base::problem::Result;
use crate::config::{Security, Settings};
use crate::rules::sending::alignment::{CheckResult, Finding};
use crate::steps::Ctx;
use crate::steps::sending::alignment;

/// Clocks that differ by less are taken for the same: leases and signatures allow for it.
const CLOSE: i64 = 5 * SECOND;

pub async fn findings(settings: &Settings, ctx: &Ctx, relay_answers: bool) -> Result<Vec<Finding>> {
    let mut all = Vec::new();
    if relay_answers {
        all.push(encryption(settings));
    }
    all.push(clock(ctx).await?);
    if settings.delivery.check_domains {
        all.extend(alignment::examine(ctx).await?);
    } else {
        let says = "Sender domains are not looked at, because delivery.check_domains is false.";
        all.push(Finding::new("sender domains", "all", CheckResult::Unknown, says));
    }
    Ok(all)
}

/// We speak in clear to this machine only, and what a relay here does with a message is for the relay to say.
fn encryption(settings: &Settings) -> Finding {
    let host = &settings.smtp.host;
    match settings.smtp.security {
        Security::Tls | Security::Starttls => {
            Finding::new("TLS", host, CheckResult::Pass, format!("Nothing is said to {host} unencrypted."))
        }
        Security::Plain => Finding::new(
            "TLS",
            host,
            CheckResult::Unknown,
            format!(
                "{host} is this machine; that it encrypts towards others is a setting of that mail server (Postfix: smtp_tls_security_level = may)."
            ),
        ),
    }
}

async fn clock(ctx: &Ctx) -> Result<Finding> {
    let before = ctx.clock.now();
    let Some(theirs) = ctx.db.clock().await? else {
        let says =
            "There is no other clock to compare this machine's with; check that it is kept by NTP (`timedatectl`).";
        return Ok(Finding::new("clock", "this machine", CheckResult::Unknown, says));
    };
    let off = (theirs.0 - ctx.clock.now().0).max(before.0 - theirs.0).max(0);
    let seconds = off as f64 / SECOND as f64;
    Ok(match off <= CLOSE {
        true => Finding::new("clock", "this machine", CheckResult::Pass, "The clock is that of the PostgreSQL server."),
        false => Finding::new(
            "clock",
            "this machine",
            CheckResult::Fail,
            format!("The clock and that of the PostgreSQL server are {seconds:.0} seconds apart; let NTP keep both."),
        ),
    })
}
