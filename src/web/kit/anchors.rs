//! Where on the page of sending something is mended: every alarm, task and link leads to its very place there.

use crate::base::ids::{AlarmId, IncidentId};
use crate::rules::alarm::AlarmKind;
use crate::store::alarm::Alarm;

use super::urls::SENDING;

/// What holds all sending.
pub const HOLDS: &str = "/sending#holds";
/// What the mail server answers.
pub const SERVER: &str = "/sending#server";
/// What of the program's own work fails.
pub const FAILING: &str = "/sending#failing";
/// What other programs are told.
pub const EVENTS: &str = "/sending#events";

pub fn gateway(name: &str) -> String {
    format!("{SENDING}#gateway-{name}")
}

pub fn incident(id: &IncidentId) -> String {
    format!("{SENDING}#incident-{id}")
}

fn row(id: &AlarmId) -> String {
    format!("{SENDING}#alarm-{id}")
}

/// Where an alarm is mended; its own row where nothing is left to mend, or where only somebody who knows more can say that it is over.
pub fn of(alarm: &Alarm, is_out_of_sight: bool) -> String {
    if alarm.gone_at.is_some() || is_out_of_sight {
        return row(&alarm.id);
    }
    match alarm.kind {
        AlarmKind::Damage | AlarmKind::Hold => HOLDS.into(),
        AlarmKind::MailServer => SERVER.into(),
        AlarmKind::Incident => incident(&IncidentId::from(alarm.about.as_str())),
        AlarmKind::Gateway => gateway(&alarm.about),
        AlarmKind::Mailbox | AlarmKind::Duty => FAILING.into(),
        AlarmKind::Events => EVENTS.into(),
        AlarmKind::Handover | AlarmKind::Disk => row(&alarm.id),
    }
}
