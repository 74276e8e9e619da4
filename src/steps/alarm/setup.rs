//! What an installation has set for alarms: how long a trouble may last, who else hears of it, how much room disks must have.

use std::path::{Path, PathBuf};

use soundings_handover::webhook::Webhook;

use crate::rules::alarm::AlarmLimits;
use crate::rules::alarm::room::Room;

/// By default nobody but operators hears of an alarm, and disks are not looked at.
#[derive(Debug, Default)]
pub struct AlarmSetup {
    pub limits: AlarmLimits,
    pub webhook: Option<Webhook>,
    pub disk: Option<DiskLimit>,
}

/// The disks on which something of ours is written.
#[derive(Clone, Debug)]
pub struct DiskLimit {
    /// Folders on them; several may be on one disk.
    pub places: Vec<PathBuf>,
    /// In bytes: less is an alarm.
    pub least: u64,
    /// What is free there; none: nobody knows.
    pub room: fn(&Path) -> Option<Room>,
}
