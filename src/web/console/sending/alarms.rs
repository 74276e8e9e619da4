//! Alarms as the page of sending lists them: what is raised now, and what was over last.

use crate::base::problem::Result;
use crate::rules::alarm::told_at;
use crate::store::Tx;
use crate::store::alarm::{self, Alarm};
use crate::web::console::views::sending::alarms::AlarmRow;
use crate::web::kit::views::frame::Status;

/// As many as were over last.
const OVER: i64 = 20;

/// Those that are raised first.
pub async fn rows(tx: &mut Tx) -> Result<Vec<AlarmRow>> {
    let raised = alarm::raised(tx).await?;
    let ended = alarm::ended(tx, OVER).await?;
    Ok(raised.into_iter().chain(ended).map(row).collect())
}

fn row(alarm: Alarm) -> AlarmRow {
    let state = match (alarm.ended_at, alarm.gone_at) {
        (Some(_), _) => Status::good("over"),
        (None, Some(_)) => Status::attention("seems over"),
        (None, None) => Status::wrong("raised"),
    };
    AlarmRow {
        title: alarm.kind.title().into(),
        state,
        since: told_at(alarm.since),
        raised: alarm.raised_at.map(told_at).unwrap_or_default(),
        ended: alarm.ended_at.map(told_at).unwrap_or_default(),
        what: alarm.what,
        advice: if alarm.ended_at.is_none() { alarm.advice } else { String::new() },
    }
}
