//! While an incident holds mail: what it covers, which message is tried, when mail goes again, and which refusals are part of it.

use crate::base::clock::{HOUR, MINUTE, Ts};
use crate::rules::message::MessageState;

use super::detection::Refusal;
use super::likeness::{Meant, Words};

/// What an incident holds: a domain, a gateway, or, empty, everything.
pub fn covers(scope: &str, domain: &str, gateway: &str) -> bool {
    scope.is_empty() || scope == domain || scope == gateway
}

/// An incident that holds mail, as a message sees it that may be covered by it.
#[derive(Clone, Copy, Debug)]
pub struct IncidentHold {
    pub everywhere: bool,
    /// From then on one message is tried.
    pub try_at: Ts,
    /// How many were tried.
    pub tries: i64,
    /// Contacts are among those who were refused.
    pub contacts_refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrialTurn {
    /// It goes, to see whether the trouble is over.
    Tried,
    Waits(Ts),
}

impl IncidentHold {
    /// When the next message is tried after one that is tried now.
    pub fn next_try(self, now: Ts) -> Ts {
        try_again_at(u32::try_from(self.tries + 1).unwrap_or(0), now)
    }

    /// `another_tried`: of the same claim. Mail to the client's own people may pass where nobody else's does, so it is not tried for
    /// contacts.
    pub fn turn(self, to_contact: bool, another_tried: bool, now: Ts) -> TrialTurn {
        let shows_nothing = self.everywhere && self.contacts_refused && !to_contact;
        if another_tried || shows_nothing {
            TrialTurn::Waits(self.next_try(now))
        } else if self.try_at <= now {
            TrialTurn::Tried
        } else {
            TrialTurn::Waits(self.try_at.max(now.plus(MINUTE)))
        }
    }
}

/// How many messages may be claimed at once where everything is held until `try_at`: one that is tried, and none before that.
pub fn most_at_once(try_at: Option<Ts>, limit: i64, now: Ts) -> i64 {
    match try_at {
        None => limit,
        Some(try_at) if try_at > now => 0,
        Some(_) => 1,
    }
}

/// What has become of a message that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trial {
    /// It was taken, and stayed away as long as reports take to come: mail goes again.
    Passed,
    Open,
    /// It says nothing: another one is tried.
    Void,
}

/// `reports`: what was refused before came back by mail.
pub fn trial(state: MessageState, settled_at: Option<Ts>, reports: bool, now: Ts) -> Trial {
    let stays = if reports { COMES_BACK } else { 0 };
    match (state, settled_at) {
        (MessageState::Claimed | MessageState::Sending, _) => Trial::Open,
        (MessageState::Sent, Some(at)) if now.since(at) >= stays => Trial::Passed,
        (MessageState::Sent, _) => Trial::Open,
        _ => Trial::Void,
    }
}

/// An incident that a refusal may be part of.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    pub scope: &'a str,
    pub words: &'a Words,
    /// Mail goes again since then.
    pub lifted_at: Option<Ts>,
}

/// A refusal is part of an incident that covers it and is about the same, if its message left before mail went again: reports come late.
pub fn is_part_of(refusal: &Refusal, known: Known<'_>) -> bool {
    let left = known.lifted_at.is_none_or(|lifted| refusal.at < lifted);
    let about_us = known.scope.is_empty() && refusal.meant != Meant::Them;
    left && covers(known.scope, &refusal.domain, &refusal.gateway) && (about_us || refusal.words.are_like(known.words))
}

/// Where what was sent comes back by mail, a message that is tried has to stay away for this long.
pub const COMES_BACK: i64 = 10 * MINUTE;

/// Until one message is tried, the first time, the second, ...
const TRIES: [i64; 3] = [15 * MINUTE, 30 * MINUTE, HOUR];

pub fn try_again_at(tries: u32, now: Ts) -> Ts {
    now.plus(TRIES[(tries as usize).min(TRIES.len() - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLD: IncidentHold =
        IncidentHold { everywhere: true, try_at: Ts(1_000_000), tries: 0, contacts_refused: true };

    #[test]
    fn one_contacts_message_is_tried_when_the_time_has_come() {
        let (early, now) = (Ts(900_000), Ts(1_000_000));
        assert_eq!(HOLD.turn(true, false, now), TrialTurn::Tried);
        assert!(matches!(HOLD.turn(true, false, early), TrialTurn::Waits(at) if at >= HOLD.try_at));
        assert_eq!(HOLD.turn(true, true, now), TrialTurn::Waits(HOLD.next_try(now)));
        assert_eq!(HOLD.turn(false, false, now), TrialTurn::Waits(HOLD.next_try(now)), "a colleague's shows nothing");
        assert_eq!(IncidentHold { contacts_refused: false, ..HOLD }.turn(false, false, now), TrialTurn::Tried);
        assert_eq!(IncidentHold { everywhere: false, ..HOLD }.turn(false, false, now), TrialTurn::Tried);
        let at_once = |try_at| most_at_once(try_at, 50, now);
        assert_eq!([at_once(None), at_once(Some(now)), at_once(Some(Ts(1_000_001)))], [50, 1, 0]);
    }

    #[test]
    fn mail_goes_again_when_what_was_tried_is_taken_and_does_not_come_back() {
        let (taken, soon) = (Some(Ts(0)), Ts(COMES_BACK - 1));
        assert_eq!(trial(MessageState::Sent, taken, false, soon), Trial::Passed);
        assert_eq!(trial(MessageState::Sent, taken, true, soon), Trial::Open);
        assert_eq!(trial(MessageState::Sent, taken, true, Ts(COMES_BACK)), Trial::Passed);
        assert_eq!(trial(MessageState::Sending, None, false, soon), Trial::Open);
        for state in [MessageState::Failed, MessageState::Withdrawn, MessageState::Planned, MessageState::InDoubt] {
            assert_eq!(trial(state, taken, false, Ts(COMES_BACK)), Trial::Void, "{state:?}");
        }
    }

    #[test]
    fn a_report_belongs_to_the_incident_in_which_its_message_left() {
        let words = |said: &str| Words::of(said, "Ann Lee", "ann@globex.example");
        let unknown = words("550 5.1.1 User unknown in virtual mailbox table");
        let refusal = Refusal {
            at: Ts(10),
            address: "ann@globex.example".into(),
            domain: "globex.example".into(),
            gateway: "mx.example".into(),
            words: unknown.clone(),
            meant: Meant::Them,
            known: true,
        };
        let known = |scope, lifted_at| Known { scope, words: &unknown, lifted_at };
        for scope in ["", "globex.example", "mx.example"] {
            assert!(is_part_of(&refusal, known(scope, None)) && is_part_of(&refusal, known(scope, Some(Ts(11)))));
            assert!(!is_part_of(&refusal, known(scope, Some(Ts(10)))), "mail went again before it left");
        }
        assert!(!is_part_of(&refusal, known("umbra.example", None)));
        let other = words("550 5.7.1 Our relay refused this message by policy");
        let by_other_words = |scope| is_part_of(&refusal, Known { scope, words: &other, lifted_at: None });
        assert!(!by_other_words("globex.example") && !by_other_words(""));
        let ours = Refusal { meant: Meant::Us, ..refusal.clone() };
        assert!(is_part_of(&ours, Known { scope: "", words: &other, lifted_at: None }), "about us, whatever the words");
    }
}
