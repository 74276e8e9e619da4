//! The types of events, and which entries of the journal are one.

use crate::rules::journal::Action;

/// What is told. Contract: the words stand in settings and in what receivers are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    RoundOpened,
    RoundPaused,
    RoundResumed,
    RoundClosed,
    /// Of a round, each once.
    TargetMet,
    ListLoaded,
    /// By its director, or by the second who signs for a strategic account.
    AccountSigned,
    GatewayHeld,
    GatewayReleased,
    AlarmRaised,
    AlarmEnded,
    /// A mail, or a question of a director, waits on the reply desk.
    ReplyWaits,
    ContactOptedOut,
    ContactBounced,
    /// Somebody is to find a successor, or the right address.
    RepairOpened,
    /// Without the answers, and in rounds that tell who has answered.
    ResponseCompleted,
}

impl EventKind {
    pub const ALL: [EventKind; 16] = [
        EventKind::RoundOpened,
        EventKind::RoundPaused,
        EventKind::RoundResumed,
        EventKind::RoundClosed,
        EventKind::TargetMet,
        EventKind::ListLoaded,
        EventKind::AccountSigned,
        EventKind::GatewayHeld,
        EventKind::GatewayReleased,
        EventKind::AlarmRaised,
        EventKind::AlarmEnded,
        EventKind::ReplyWaits,
        EventKind::ContactOptedOut,
        EventKind::ContactBounced,
        EventKind::RepairOpened,
        EventKind::ResponseCompleted,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            EventKind::RoundOpened => "round.opened",
            EventKind::RoundPaused => "round.paused",
            EventKind::RoundResumed => "round.resumed",
            EventKind::RoundClosed => "round.closed",
            EventKind::TargetMet => "round.target_met",
            EventKind::ListLoaded => "list.loaded",
            EventKind::AccountSigned => "account.signed",
            EventKind::GatewayHeld => "gateway.held",
            EventKind::GatewayReleased => "gateway.released",
            EventKind::AlarmRaised => "alarm.raised",
            EventKind::AlarmEnded => "alarm.ended",
            EventKind::ReplyWaits => "reply.waits",
            EventKind::ContactOptedOut => "contact.opted_out",
            EventKind::ContactBounced => "contact.bounced",
            EventKind::RepairOpened => "repair.opened",
            EventKind::ResponseCompleted => "response.completed",
        }
    }

    pub fn parse(text: &str) -> Option<EventKind> {
        EventKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// What an entry of the journal is told as, where the entry says all of it. Where it does not say enough, whoever does it tells the
    /// event.
    pub fn of(action: Action) -> Option<EventKind> {
        Some(match action {
            Action::StartedRound => EventKind::RoundOpened,
            Action::PausedRound => EventKind::RoundPaused,
            Action::ResumedRound => EventKind::RoundResumed,
            Action::ClosedRound => EventKind::RoundClosed,
            Action::SignedOff | Action::CounterSigned => EventKind::AccountSigned,
            Action::HeldGateway => EventKind::GatewayHeld,
            Action::ReleasedGateway => EventKind::GatewayReleased,
            Action::OptedOut | Action::Complained => EventKind::ContactOptedOut,
            Action::FoundUndeliverable => EventKind::ContactBounced,
            _ => return None,
        })
    }
}
