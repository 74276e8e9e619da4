//! Telling of an alarm: a mail to each operator through the ledger, a call to the webhook, a line in the log; in the transaction in which
//! it is raised or ended, so that a restart tells nothing twice.

use tracing::{error, info};

use crate::base::clock::{DAY, Ts};
use crate::base::problem::Result;
use crate::rules::alarm::{self, AlarmData, AlarmEvent, AlarmKind};
use crate::rules::handover::events::{AlarmTold, EventData, EventKind};
use crate::rules::message::{Lane, MessageKind};
use crate::rules::sending::reason::MessageReason;
use crate::steps::context::Ctx;
use crate::steps::sending::addressee::{Addressee, message_to};
use crate::store::Tx;
use crate::store::alarm::{Alarm, NewCall, add_call};
use crate::store::installation::operators;
use crate::store::sending::{outbox, senders};

/// `alarm`: as it stands from now on.
pub(super) async fn tell(ctx: &Ctx, tx: &mut Tx, alarm: &Alarm, event: AlarmEvent, now: Ts) -> Result<()> {
    let (id, kind, what) = (&alarm.id, alarm.kind.as_str(), &alarm.what);
    match event {
        AlarmEvent::Raised => error!(alarm = %id, kind, "alarm: {what}"),
        AlarmEvent::Ended => info!(alarm = %id, kind, "the alarm is over: {what}"),
    }
    mail(ctx, tx, alarm, event, now).await?;
    let page = format!("{}/sending#alarms", ctx.base_url);
    tell_event(ctx, tx, alarm, event, &page, now).await?;
    if ctx.alarms.webhook.is_none() {
        return Ok(());
    }
    let data = AlarmData {
        id,
        kind: alarm.kind,
        about: &alarm.about,
        title: alarm.kind.title(),
        what,
        next: &alarm.advice,
        since: alarm.since,
        raised_at: alarm.raised_at.unwrap_or(now),
        ended_at: alarm.ended_at,
        page: &page,
    };
    let body = alarm::body(event, now, &data)?;
    add_call(tx, &NewCall { id: ctx.ids.id(now), alarm: id.clone(), event, body }, now).await
}

/// Whoever hears of everything hears of it without the words of a mail server, which may name somebody.
async fn tell_event(ctx: &Ctx, tx: &mut Tx, alarm: &Alarm, event: AlarmEvent, page: &str, now: Ts) -> Result<()> {
    let kind = match event {
        AlarmEvent::Raised => EventKind::AlarmRaised,
        AlarmEvent::Ended => EventKind::AlarmEnded,
    };
    let told = AlarmTold {
        alarm: &alarm.id,
        kind: alarm.kind.as_str(),
        about: &alarm.about,
        title: alarm.kind.title(),
        since: alarm.since,
        raised_at: alarm.raised_at.unwrap_or(now),
        ended_at: alarm.ended_at,
        page,
    };
    ctx.event(tx, kind, None, &EventData::Alarm(told)).await
}

/// That something has begun is not mailed where no mail leaves for it, and not any more where the mail has not left by the end: the mail that
/// it is over says both.
async fn mail(ctx: &Ctx, tx: &mut Tx, alarm: &Alarm, event: AlarmEvent, now: Ts) -> Result<()> {
    let is_kept = event == AlarmEvent::Raised && keeps_our_mail(tx, alarm).await?;
    for operator in operators::all(tx, now.plus(-DAY), now).await? {
        let subject = alarm::subject(&alarm.id, &operator.id);
        match event {
            AlarmEvent::Raised if is_kept => continue,
            AlarmEvent::Raised => {}
            AlarmEvent::Ended => {
                let over = MessageReason::AlarmOver;
                outbox::withdraw_of_subject(tx, &Lane::System, &subject, &over, now).await?;
            }
        }
        let to = Addressee { subject: &subject, name: "", email: &operator.email };
        let message = message_to(ctx, &Lane::System, to, MessageKind::Alarm, event.number(), now);
        outbox::enqueue(tx, &message, now).await?;
    }
    Ok(())
}

/// Whether no mail of ours leaves meanwhile. A hold of one sender leaves it to the others, where there are any.
async fn keeps_our_mail(tx: &mut Tx, alarm: &Alarm) -> Result<bool> {
    if alarm.kind != AlarmKind::Hold {
        return Ok(alarm.kind.keeps_our_mail());
    }
    let holds = senders::holds(tx).await?;
    let is_held = |name: &str| holds.iter().any(|hold| hold.instance.is_empty() || hold.instance == name);
    Ok(senders::all(tx).await?.iter().all(|sender| is_held(&sender.instance)))
}
