//! Where on the page of sending something is mended: every alarm, task and link leads to its very place there.

use crate::base::ids::{AlarmId, IncidentId};
use crate::rules::alarm::AlarmKind;
use crate::store::alarm::Alarm;

use super::urls::SENDING;

/// What holds all sending.
pub fn holds() -> String {
    format!("{SENDING}#holds")
}

/// What the mail server answers.
pub fn server() -> String {
    format!("{SENDING}#server")
}

/// What of the program's own work fails.
pub fn failing() -> String {
    format!("{SENDING}#failing")
}

/// What other programs are told.
pub fn events() -> String {
    format!("{SENDING}#events")
}

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
        AlarmKind::Damage | AlarmKind::Hold => holds(),
        AlarmKind::MailServer => server(),
        AlarmKind::Incident => incident(&IncidentId::from(alarm.about.as_str())),
        AlarmKind::Gateway => gateway(&alarm.about),
        AlarmKind::Mailbox | AlarmKind::Duty => failing(),
        AlarmKind::Events => events(),
        AlarmKind::Handover | AlarmKind::Disk => row(&alarm.id),
    }
}
