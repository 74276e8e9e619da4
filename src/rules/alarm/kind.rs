//! What can be wrong, by when a round needs it, and what is told of it.

use crate::base::clock::MINUTE;

/// What was measured as wrong has to be right for so long before it is over, and comes back no sooner.
pub const QUIET: i64 = 15 * MINUTE;

/// What can be wrong. Contract: the words stand in databases and in calls of webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmKind {
    /// The database file is damaged.
    Damage,
    /// The ledger is in doubt: sending is held until somebody confirms it.
    Hold,
    /// The mail server refuses us or is away, or nothing has left although something was due.
    MailServer,
    /// The same refusal came for many addresses, and mail is held for it.
    Incident,
    /// A receiving gateway refuses our mail.
    Gateway,
    /// Answers do not reach the scoring module.
    Handover,
    /// The webhook of events does not take them.
    Events,
    /// What comes back is not read.
    Mailbox,
    /// There is less room on a disk than was set.
    Disk,
    /// Anything else that the program does by itself, for all rounds or for one.
    Duty,
}

/// By when the round needs what is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Need {
    /// It does not pass by itself: a person has to act, and whatever waits until then is lost time.
    Now,
    NextMessage,
    Close,
}

impl AlarmKind {
    pub const ALL: [AlarmKind; 10] = [
        AlarmKind::Damage,
        AlarmKind::Hold,
        AlarmKind::MailServer,
        AlarmKind::Incident,
        AlarmKind::Gateway,
        AlarmKind::Handover,
        AlarmKind::Events,
        AlarmKind::Mailbox,
        AlarmKind::Disk,
        AlarmKind::Duty,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            AlarmKind::Damage => "damage",
            AlarmKind::Hold => "hold",
            AlarmKind::MailServer => "mail_server",
            AlarmKind::Incident => "incident",
            AlarmKind::Gateway => "gateway",
            AlarmKind::Handover => "handover",
            AlarmKind::Events => "events",
            AlarmKind::Mailbox => "mailbox",
            AlarmKind::Disk => "disk",
            AlarmKind::Duty => "duty",
        }
    }

    pub fn parse(text: &str) -> Option<AlarmKind> {
        AlarmKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// In a few words, without a full stop.
    pub fn title(self) -> &'static str {
        match self {
            AlarmKind::Damage => "The database file is damaged",
            AlarmKind::Hold => "Sending is held",
            AlarmKind::MailServer => "No mail leaves",
            AlarmKind::Incident => "Many addresses gave the same refusal",
            AlarmKind::Gateway => "A gateway refuses our mail",
            AlarmKind::Handover => "Answers do not reach the scoring module",
            AlarmKind::Events => "Other programs are not told what happens",
            AlarmKind::Mailbox => "What comes back is not read",
            AlarmKind::Disk => "A disk is nearly full",
            AlarmKind::Duty => "A part of the program's work fails",
        }
    }

    /// What the program tries by itself meanwhile, in one sentence.
    pub fn tried(self) -> &'static str {
        match self {
            AlarmKind::Damage => "Nothing is sent by itself from a damaged file.",
            AlarmKind::Hold => "Nothing goes by itself before somebody has confirmed it.",
            AlarmKind::MailServer => "It is tried again every minute, without success so far.",
            AlarmKind::Incident => "One message is tried from time to time; if it is taken, mail goes again.",
            AlarmKind::Gateway => "One message is tried again when its pause is over.",
            AlarmKind::Handover => "What is not given up is tried again, at growing intervals.",
            AlarmKind::Events => {
                "The first one that waits is tried again, at growing intervals; the others wait behind it."
            }
            AlarmKind::Mailbox => "It is read again and again, without success so far.",
            AlarmKind::Disk => "It is looked at every minute.",
            AlarmKind::Duty => "It is tried again and again, without success so far.",
        }
    }

    /// Our own mail cannot leave meanwhile: a mail that says so would come when it is over. (A hold of one sender leaves it to the others.)
    pub fn keeps_our_mail(self) -> bool {
        matches!(self, AlarmKind::Damage | AlarmKind::Hold | AlarmKind::MailServer)
    }

    /// It does not stand in the database for all programs on it: each sees its own.
    pub fn is_seen_by_one_program(self) -> bool {
        matches!(
            self,
            AlarmKind::Damage | AlarmKind::MailServer | AlarmKind::Mailbox | AlarmKind::Disk | AlarmKind::Duty
        )
    }

    /// It is not measured but recorded, each time as another one: when it is lifted it is over.
    pub(super) fn is_lifted(self) -> bool {
        matches!(self, AlarmKind::Hold | AlarmKind::Incident)
    }

    pub(super) fn needed(self) -> Need {
        match self {
            AlarmKind::Damage | AlarmKind::Hold | AlarmKind::Incident | AlarmKind::Disk => Need::Now,
            // Absences, departures and dead addresses that were not heard of are written to all the same.
            AlarmKind::MailServer | AlarmKind::Gateway | AlarmKind::Mailbox | AlarmKind::Duty => Need::NextMessage,
            AlarmKind::Handover | AlarmKind::Events => Need::Close,
        }
    }

    /// How long it has to be right before it is over.
    pub(super) fn quiet(self) -> i64 {
        if self.is_lifted() { 0 } else { QUIET }
    }
}

/// What is told of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AlarmEvent {
    Raised,
    Ended,
}

impl AlarmEvent {
    pub const ALL: [AlarmEvent; 2] = [AlarmEvent::Raised, AlarmEvent::Ended];

    pub fn as_str(self) -> &'static str {
        match self {
            AlarmEvent::Raised => "raised",
            AlarmEvent::Ended => "ended",
        }
    }

    pub fn parse(text: &str) -> Option<AlarmEvent> {
        AlarmEvent::ALL.into_iter().find(|event| event.as_str() == text)
    }

    /// Which of the two mails about an alarm tells it.
    pub fn number(self) -> i64 {
        match self {
            AlarmEvent::Raised => 1,
            AlarmEvent::Ended => 2,
        }
    }
}
