//! What was sent to a person, said by and about him, and what comes next, as lines of his page.

use std::collections::HashMap;

use crate::base::clock::Ts;
use crate::base::counted::counted;
use crate::base::ids::MessageId;
use crate::base::sentence::capitalised;
use crate::rules::calendar::Calendar;
use crate::rules::calendar::zone::Zone;
use crate::rules::handover::HandoffState;
use crate::rules::journal::Actor;
use crate::rules::message::MessageState;
use crate::rules::round::Sender;
use crate::rules::text::typed::one_after_another;
use crate::steps::Live;
use crate::steps::plan::forecast::sentence;
use crate::store::journal::Entry;
use crate::store::replies::Reply;
use crate::store::replies::desk::DeskAct;
use crate::store::sending::outbox::Message;
use crate::store::signoff::Signature;
use crate::store::signoff::decisions::Decision;
use crate::web::console::replies::verdict::verdict;
use crate::web::console::sending::message::{late, named};
use crate::web::console::views::contacts::Event;
use crate::web::kit::frames::home;
use crate::web::kit::times::{exact_for, when_for};
use crate::web::kit::urls;
use crate::web::kit::views::frame::Tone;

/// The zone in which the console tells times, and the contact's own beside it.
pub struct Zones {
    pub home: Zone,
    pub own: Zone,
}

/// What is known of a person, as it was read.
pub struct Known<'a> {
    pub messages: &'a [Message],
    /// In whose name a message left, or would leave, by its id.
    pub senders: &'a HashMap<MessageId, Sender>,
    pub mails: &'a [Reply],
    /// What was done with them on the reply desk.
    pub acts: &'a [DeskAct],
    pub signatures: &'a [Signature],
    pub entries: &'a [Entry],
    /// What was decided of this very name where nobody signed.
    pub decisions: &'a [Decision],
    pub answers: Answers,
}

/// That somebody answers, and never what.
#[derive(Default)]
pub struct Answers {
    /// When the first answer was given.
    pub begun: Option<Ts>,
    /// While they are not sent off: how many there are, and when the last was saved.
    pub so_far: Option<(i64, Ts)>,
    /// Where they stand on their way to the scoring module, since when.
    pub handed_over: Option<(HandoffState, Ts)>,
}

/// With when it was, or will be.
pub type Timed = Vec<(Ts, Event)>;

/// What comes next, the nearest first; and what was, the latest first.
pub fn of(live: &Live, known: &Known<'_>, calendar: &Calendar, now: Ts) -> (Vec<Event>, Vec<Event>) {
    let (mut upcoming, mut past) = timed(live, known, calendar, now);
    upcoming.sort_by_key(|(at, _)| *at);
    past.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let events = |all: Timed| all.into_iter().map(|(_, event)| event).collect();
    (events(upcoming), events(past))
}

/// The same in no order, for whoever puts several together.
pub fn timed(live: &Live, known: &Known<'_>, calendar: &Calendar, now: Ts) -> (Timed, Timed) {
    let zone = Zones { home: home(live), own: calendar.zone().clone() };
    let (mut past, mut upcoming): (Timed, Timed) = (Vec::new(), Vec::new());
    for m in known.messages {
        let told = |at| (at, message(live, m, known.senders.get(&m.id), at, now, calendar));
        match m.state {
            MessageState::Planned | MessageState::Claimed | MessageState::Held => upcoming.push(told(m.due_at)),
            _ => past.push(told(m.settled_at.unwrap_or(m.due_at))),
        }
    }
    past.extend(known.mails.iter().map(|r| (r.read_at, mail(r, known.acts, now, &zone))));
    past.extend(known.signatures.iter().map(|s| (s.at, signature(s, now, &zone))));
    past.extend(known.entries.iter().map(|e| (e.at, entry(e, now, &zone))));
    past.extend(known.decisions.iter().map(|d| (d.at, decision(d, now, &zone))));
    past.extend(answers(&known.answers, now, &zone));
    (upcoming, past)
}

fn answers(a: &Answers, now: Ts, zone: &Zones) -> Timed {
    let mut all: Timed = Vec::new();
    all.extend(a.begun.map(|at| (at, event(Tone::Waiting, "First answer", at, now, zone))));
    if let Some((n, at)) = a.so_far.filter(|(n, at)| *n > 1 || a.begun != Some(*at)) {
        let what = format!("{} so far, not sent off yet", counted(n, "answer", "answers"));
        all.push((at, event(Tone::Waiting, what, at, now, zone)));
    }
    if let Some((state, at)) = a.handed_over {
        let (tone, what) = match state {
            HandoffState::Confirmed => (Tone::Good, "Answers handed over"),
            HandoffState::Pending => (Tone::Waiting, "Answers wait to be handed over"),
            HandoffState::Failed => (Tone::Wrong, "Answers could not be handed over"),
            HandoffState::Stopped => (Tone::Waiting, "Answers are not handed over"),
        };
        all.push((at, event(tone, what, at, now, zone)));
    }
    all
}

fn event(tone: Tone, what: impl Into<String>, at: Ts, now: Ts, zone: &Zones) -> Event {
    Event {
        tone,
        what: what.into(),
        when: when_for(at, now, &zone.home, &zone.own),
        by: String::new(),
        who: None,
        why: String::new(),
        letter: None,
        details: vec![],
    }
}

fn message(live: &Live, m: &Message, from: Option<&Sender>, at: Ts, now: Ts, calendar: &Calendar) -> Event {
    let zone = &Zones { home: home(live), own: calendar.zone().clone() };
    let (tone, verb) = match m.state {
        MessageState::Planned => (Tone::Waiting, "planned"),
        MessageState::Claimed | MessageState::Sending => (Tone::Waiting, "on its way"),
        MessageState::Sent => (Tone::Good, "sent"),
        MessageState::InDoubt => (Tone::Attention, "may not have arrived"),
        MessageState::Held => (Tone::Attention, "held"),
        MessageState::Failed if m.bounced() => (Tone::Wrong, "bounced"),
        MessageState::Failed => (Tone::Wrong, "failed"),
        MessageState::Withdrawn => (Tone::Waiting, "withdrawn"),
    };
    let name = capitalised(&named(live, m));
    let mut details = vec![("Message".to_string(), m.id.to_string())];
    details.extend(from.map(|s| ("From".to_string(), format!("{} <{}>", s.name, s.email))));
    details.push(("To".to_string(), m.to_email.as_str().to_string()));
    details.push(("Planned for".to_string(), exact_for(m.planned_for, now, &zone.home, &zone.own)));
    details.extend(m.marked_at.map(|at| ("Left".to_string(), exact_for(at, now, &zone.home, &zone.own))));
    details.extend(m.answer.iter().filter(|a| !a.is_empty()).map(|a| ("Server said".to_string(), a.clone())));
    let why = m.reason.as_deref().map(sentence).into_iter().chain(late(m, at, now, calendar));
    Event {
        why: one_after_another(why),
        letter: live.spec.participation.letter(m.kind).then(|| urls::message(&live.slug, &m.id)),
        details,
        ..event(tone, format!("{name} {verb}"), at, now, zone)
    }
}

/// A mail that came back about this person.
fn mail(r: &Reply, acts: &[DeskAct], now: Ts, zone: &Zones) -> Event {
    let (tone, what) = verdict(r);
    let from = [("From", &r.from_email), ("Subject", &r.subject), ("Words", &r.words), ("Instead", &r.write_to)];
    let note = r.note.as_deref().filter(|note| !note.is_empty());
    let mut details: Vec<(String, String)> =
        from.into_iter().filter(|(_, text)| !text.is_empty()).map(|(l, t)| (l.to_string(), t.clone())).collect();
    let written = acts.iter().filter(|act| act.reply_id == r.id && !act.words.is_empty());
    details.extend(written.map(|act| (capitalised(act.what.as_str()), format!("{}, by {}", act.words, act.by_whom))));
    details.extend(note.map(|note| ("Seen to".to_string(), note.to_string())));
    let by = r.handled_by.clone().map(|by| format!("seen to by {by}")).unwrap_or_default();
    let tone = if r.state == "handled" { Tone::Waiting } else { tone };
    Event {
        why: [by, r.why.clone()].join(" ").trim().into(),
        details,
        ..event(tone, capitalised(what), r.read_at, now, zone)
    }
}

pub fn signature(s: &Signature, now: Ts, zone: &Zones) -> Event {
    let what = match s.how.as_str() {
        "recorded" => "Sign-off recorded",
        "carried" => "Signed off as in the round before",
        _ => "Names signed off",
    };
    let mut details = vec![("List".to_string(), s.fingerprint.chars().take(12).collect())];
    let step = match s.how.as_str() {
        "code" => Some("A mailed code"),
        "count" | "link" => Some("The number of names"),
        _ => None,
    };
    details.extend(step.map(|step| ("Typed".to_string(), step.to_string())));
    let rest = [("Evidence", &s.evidence), ("Recorded by", &s.recorded_by), ("From", &s.came_from)];
    details.extend(rest.into_iter().filter(|(_, t)| !t.is_empty()).map(|(l, t)| (l.to_string(), t.clone())));
    Event { by: s.signed_by.clone(), details, ..event(Tone::Good, what, s.at, now, zone) }
}

fn decision(d: &Decision, now: Ts, zone: &Zones) -> Event {
    let what = match d.what.as_str() {
        "left_out" => "Left out, for nobody has signed the name",
        "taken_in" => "Taken in again",
        _ => "The list of the round before stands for the name",
    };
    let by = if Actor::Program.is(&d.by_whom) { String::new() } else { d.by_whom.clone() };
    Event { by, why: d.reason.clone(), ..event(Tone::Waiting, what, d.at, now, zone) }
}

pub fn entry(e: &Entry, now: Ts, zone: &Zones) -> Event {
    let what = capitalised(&e.action);
    let by = if Actor::Program.is(&e.actor) { String::new() } else { e.actor.clone() };
    Event { by, why: e.detail.clone(), ..event(Tone::Waiting, what, e.at, now, zone) }
}
