//! What a mail about an alarm says: looked up when it leaves, so that it tells how it stands then.

use crate::base::problem::{Problem, Result};
use crate::mail::letters::alarm::{AlarmMail, alarm};
use crate::mail::letters::rendering::Rendered;
use crate::rules::alarm::{AlarmEvent, alarm_of, told_at};
use crate::steps::context::Ctx;
use crate::store::alarm::by_id;
use crate::store::sending::claim::Claimed;

pub(super) async fn words(ctx: &Ctx, m: &Claimed) -> Result<Rendered> {
    let gone = || Problem::internal("The alarm of a message is not there.");
    let found = by_id(&mut ctx.db.read().await?, &alarm_of(&m.subject_id)).await?.ok_or_else(gone)?;
    let until = found.over_since().filter(|_| m.number == AlarmEvent::Ended.number()).map(told_at);
    alarm(&AlarmMail {
        installation: &ctx.base_url,
        title: found.kind.title(),
        what: &found.what,
        advice: &found.advice,
        since: &told_at(found.since),
        until: until.as_deref(),
        link: &format!("{}/sending#alarms", ctx.base_url),
    })
}
