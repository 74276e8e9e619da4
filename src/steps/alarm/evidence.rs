//! What shows that it works again, of an alarm about something that is not seen to be wrong now: that something left, got through, was
//! taken or was done. Where nothing shows it, an alarm is not over: sending hours end, programs are restarted, gateways are let alone.

use std::collections::BTreeSet;

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::alarm::{AlarmKind, Sight};
use crate::steps::context::Ctx;
use crate::steps::sending::pace::standings::gateways_of;
use crate::store::alarm::Alarm;
use crate::store::handover::events;
use crate::store::sending::trouble;
use crate::store::{Tx, handover};

use super::facts::{Here, instance};

/// As many messages are looked at that were taken since a gateway was held; it is looked every minute.
const LOOKED_AT: i64 = 2_000;

/// What is to be seen of it now. What only another program can see is left to that one.
pub(super) async fn of(ctx: &Ctx, tx: &mut Tx, here: &Here, alarm: &Alarm) -> Result<Sight> {
    if !alarm.instance.is_empty() && alarm.instance != instance(ctx) {
        return Ok(Sight::Unknown);
    }
    let since = alarm.seen_at;
    let works = match alarm.kind {
        // They are recorded, and so is that they were lifted.
        AlarmKind::Hold | AlarmKind::Incident => true,
        AlarmKind::Damage => ctx.db.is_examined(),
        AlarmKind::MailServer => ctx.failures.sending(ctx.clock.now()).accepted_at.is_some_and(|at| at >= since),
        AlarmKind::Gateway => got_through(tx, &alarm.about, since).await?,
        AlarmKind::Handover => handover::last_taken(tx).await?.is_some_and(|at| at >= since),
        AlarmKind::Events => {
            let last = events::last_told(tx).await?.and_then(|told| told.settled_at);
            last.is_some_and(|at| at >= since)
        }
        AlarmKind::Mailbox | AlarmKind::Duty => ctx.failures.has_worked(&alarm.about),
        AlarmKind::Disk => {
            let least = ctx.alarms.disk.as_ref().map_or(0, |disk| disk.least);
            here.rooms.iter().any(|room| room.place == alarm.about && room.has_enough_again(least))
        }
    };
    Ok(if works { Sight::Right } else { Sight::Unknown })
}

/// Whether the gateway has taken something since then that has not come back.
async fn got_through(tx: &mut Tx, gateway: &str, since: Ts) -> Result<bool> {
    let taken = trouble::taken(tx, since.plus(1), LOOKED_AT).await?;
    let domains: BTreeSet<String> = taken.iter().map(|arrival| arrival.to_email.domain().to_lowercase()).collect();
    let domains: Vec<String> = domains.into_iter().collect();
    let behind = gateways_of(tx, &domains).await?;
    Ok(domains.iter().any(|domain| behind.get(domain).unwrap_or(domain) == gateway))
}
