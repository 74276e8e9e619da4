//! Alarms as the page of sending lists them: what is raised now, what was over last, what a webhook was told of each; and the word of a
//! person that one is over of which nothing shows it.

use crate::base::clock::Ts;
use crate::base::ids::{AlarmId, is_id};
use crate::base::problem::Result;
use crate::rules::alarm::{AlarmEvent, CallState, told_at};
use crate::steps::alarm::EndAlarm;
use crate::store::Tx;
use crate::store::alarm::{self, Alarm, ToldCall};
use crate::web::console::views::sending::alarms::AlarmRow;
use crate::web::kit::door::session::Posted;
use crate::web::kit::problem::Failure;
use crate::web::kit::state::Web;
use crate::web::kit::urls::SENDING;
use crate::web::kit::views::form::ActionForm;
use crate::web::kit::views::frame::{Status, plural};

/// As many as were over last.
const OVER: i64 = 20;
pub const END: &str = "end_alarm";

/// Those that are raised first.
pub async fn rows(tx: &mut Tx, csrf: &str, now: Ts) -> Result<Vec<AlarmRow>> {
    let mut all = alarm::raised(tx).await?;
    all.extend(alarm::ended(tx, OVER).await?);
    let ids: Vec<&AlarmId> = all.iter().map(|alarm| &alarm.id).collect();
    let calls = alarm::calls_of(tx, &ids).await?;
    Ok(all.into_iter().map(|alarm| row(alarm, &calls, csrf, now)).collect())
}

fn row(alarm: Alarm, calls: &[ToldCall], csrf: &str, now: Ts) -> AlarmRow {
    let is_out_of_sight = alarm.noticed().is_out_of_sight(now);
    let state = match (alarm.ended_at, alarm.gone_at) {
        (Some(_), _) => Status::good("over"),
        (None, Some(_)) => Status::attention("seems over"),
        (None, None) if is_out_of_sight => Status::attention("not judged now"),
        (None, None) => Status::wrong("raised"),
    };
    let place = format!("alarm-{}", alarm.id);
    let called: Vec<String> = calls.iter().filter(|call| call.alarm_id == alarm.id).map(called).collect();
    AlarmRow {
        title: alarm.kind.title().into(),
        state,
        since: told_at(alarm.since),
        raised: alarm.raised_at.map(told_at).unwrap_or_default(),
        ended: alarm.over_since().map(told_at).unwrap_or_default(),
        calls: called.join("; "),
        end: (alarm.ended_at.is_none() && is_out_of_sight).then(|| end(&alarm, &place, csrf)),
        what: alarm.what,
        advice: if alarm.ended_at.is_none() { alarm.advice } else { String::new() },
        place,
    }
}

/// "raised: taken Mon 8 Feb 2027, 09:41 UTC"
fn called(call: &ToldCall) -> String {
    let event = match call.event {
        AlarmEvent::Raised => "raised",
        AlarmEvent::Ended => "over",
    };
    let at = call.settled_at.map(told_at).unwrap_or_default();
    let answer = call.answer.as_deref().unwrap_or_default();
    match call.state {
        CallState::Confirmed => format!("{event}: taken {at}"),
        CallState::Failed => format!("{event}: given up {at}. {answer}"),
        CallState::Pending if call.attempt == 0 => format!("{event}: not called yet"),
        CallState::Pending => {
            let tries = plural(call.attempt.max(0) as usize, "try", "tries");
            format!("{event}: not taken yet after {tries}. {answer}")
        }
    }
}

fn end(alarm: &Alarm, place: &str, csrf: &str) -> ActionForm {
    ActionForm {
        id: format!("{END}-{}", alarm.id),
        action: SENDING.into(),
        act: END,
        csrf: csrf.into(),
        hidden: vec![("alarm", alarm.id.to_string())],
        label: "It is over".into(),
        about: format!("{}, since {}", alarm.kind.title(), told_at(alarm.since)),
        explain: format!(
            "Nothing has shown since {} whether it is: nothing was to be done there, or the program that saw it does not run. If you know \
             that it is mended, or that nothing is to be expected any more, say so: everybody who heard of it hears that it is over.",
            told_at(alarm.seen_at)
        ),
        button: "Say that it is over".into(),
        places: vec![place.into(), "alarms".into()],
        ..ActionForm::default()
    }
}

pub async fn act(web: &Web, posted: &Posted) -> std::result::Result<(), Failure> {
    let alarm = posted.fields.get("alarm");
    if !is_id(alarm) {
        return Err(Failure::unknown());
    }
    web.ctx.order(&posted.by.actor(), EndAlarm { alarm: AlarmId::from(alarm) }).await?;
    Ok(())
}
