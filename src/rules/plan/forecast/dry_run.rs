//! The rest of the sequence for one contact, walked in the plainest way: what the forecast is held against.

use chrono::NaiveDateTime;

use crate::base::clock::Ts;
use crate::rules::message::MessageKind;
use crate::rules::plan::allowed::first_allowed;
use crate::rules::plan::facts::{Facts, Reason};
use crate::rules::plan::next::{Candidate, Next};
use crate::rules::plan::progress::Progress;
use crate::rules::plan::sequence::{Sequence, place};
use crate::rules::plan::touched::Touched;

/// A message of [`dry_run`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    pub kind: MessageKind,
    pub number: u32,
    pub due_at: Ts,
    /// What clocks in the contact's zone show at `due_at`.
    pub local: NaiveDateTime,
}

/// The messages that have no settled row yet, if the contact does nothing, every open row goes as soon as it may, and whoever
/// is not signed off is signed now. Rows that are open and not loose are left out: they stand.
pub fn dry_run(sequence: &Sequence, facts: &Facts, touched: &[Touched], mut now: Ts) -> Vec<Planned> {
    if facts.forbids().is_some_and(|why| !matches!(why, Reason::NotSignedOff | Reason::ListChanged)) {
        return Vec::new();
    }
    let local = sequence.local(facts.locality());
    let loose = touched.iter().find(|t| t.is_loose(now));
    let contact = Candidate { sequence, local: &local, facts, loose };
    let mut progress = Progress::of(facts, touched, now);
    let mut open: Vec<Touched> = touched.iter().filter(|t| progress.blocks(t, now)).copied().collect();
    open.sort_unstable_by_key(|t| (t.at, place(t.kind, t.number)));
    for row in open {
        if facts.ends_reminding(row.kind) {
            continue;
        }
        let (earliest, _) = contact.earliest(row.kind, &progress, now);
        let allowed = first_allowed(sequence, &local.calendar, facts, (row.kind, row.number), earliest.max(row.at));
        // What a pause without end holds is withdrawn at its claim.
        if let Some(at) = allowed {
            progress.went(row.kind, row.number, at);
            // Nothing is planned for a contact before what is on its way has been settled, thanks included.
            now = now.max(at);
        }
    }
    let mut rest = Vec::new();
    // Every step of the loop moves forward in the sequence, so this ends with it.
    while let Next::Send { kind, number, due_at, .. } = contact.next(&progress, now) {
        rest.push(Planned { kind, number, due_at, local: local.calendar.local(due_at) });
        progress.went(kind, number, due_at);
    }
    rest
}
