//! A message in words: what it is, that it went late, that it came back.

use crate::base::clock::Ts;
use crate::rules::calendar::Calendar;
use crate::rules::message::MessageKind::SignOff;
use crate::rules::message::MessageState;
use crate::rules::sending::outbox::is_late;
use crate::steps::Live;
use crate::store::sending::outbox::Message;
use crate::web::kit::times::exact;

/// "invitation", "reminder 2".
pub fn kind(m: &Message) -> String {
    match m.kind {
        SignOff if m.number > 1 => format!("{}, asked {} times", m.kind.label(), m.number),
        _ => m.kind.numbered(m.number),
    }
}

/// The same; without what it is where that would tell of its reader whether he has answered.
pub fn named(live: &Live, m: &Message) -> String {
    if live.spec.participation.letter(m.kind) { kind(m) } else { "later letter".into() }
}

/// "late: was planned for Tue 9 Feb, 09:00 in Dublin", for a message that goes or went `at` a time well after the time its touch names.
pub fn late(m: &Message, at: Ts, now: Ts, calendar: &Calendar) -> Option<String> {
    let late = m.kind.to_contact() && m.state != MessageState::Withdrawn && is_late(calendar, m.planned_for, at);
    late.then(|| format!("late: was planned for {}", exact(m.planned_for, now, calendar.zone())))
}
