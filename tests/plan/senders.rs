//! Senders: messages that are due are claimed, decided on, marked just before the final dot, and settled; as `steps::sending::claims`,
//! `steps::sending::delivery` and `steps::sending::settling` do it.

use std::sync::Arc;

use soundings::base::clock::{DAY, HOUR, MINUTE, SECOND, Ts};
use soundings::rules::message::{MessageKind, MessageState};
use soundings::rules::plan::{Facts, Reason, Sequence, Touched};
use soundings::rules::sending::outbox::{Claim, Doubt, decide, look_again_at, settle_doubt, still_in_time};

use super::lives::Fact;
use super::promises;
use super::world::{Event, Fault, World};

/// A row of the ledger.
#[derive(Clone, Debug)]
pub struct Row {
    pub kind: MessageKind,
    pub number: u32,
    pub state: MessageState,
    pub due_at: Ts,
    pub planned_for: Ts,
    pub settled_at: Option<Ts>,
    pub marked_at: Option<Ts>,
    pub tried: bool,
    pub doubted: bool,
    pub reason: Option<Reason>,
    /// Of the round's settings, when it was planned.
    pub edition: u64,
    pub attempt: u32,
    pub decided: Option<Decided>,
}

#[derive(Clone, Debug)]
pub struct Decided {
    pub at: Ts,
    /// Decisions of one instant are made one after the other.
    pub order: u64,
    versions: (u64, u64),
    sequence: Arc<Sequence>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    Sent,
    InDoubt,
    TryLater,
    GivenUp,
    DeadAddress,
}

impl World {
    pub fn claim_at(&mut self, person: usize, row: usize, due_at: Ts) {
        let late = match self.dice.below(100) {
            0 => 6 * HOUR,
            1..10 => HOUR,
            _ => 10 * MINUTE,
        };
        let at = due_at.plus(self.dice.between(0, late));
        self.push(at, Event::Claim(person, row));
    }

    pub fn claim(&mut self, person: usize, index: usize, now: Ts) {
        let round = &self.rounds[self.people[person].round];
        let (life, sequence) = (&self.lives[person], round.sequence.clone());
        let row = &life.rows[index];
        if !round.running || row.state != MessageState::Planned || row.due_at > now {
            return;
        }
        let (kind, number, versions) = (row.kind, row.number, (life.version, round.version));
        let busy = life.rows.iter().any(|row| matches!(row.state, MessageState::Claimed | MessageState::Sending));
        let decision = match self.fault {
            _ if busy => Claim::Later { at: now.plus(MINUTE), why: Reason::AlreadyPlanned },
            Fault::Undecided => Claim::Go,
            _ => decide(&sequence, kind, number, &self.facts_beside(person, index, now), now),
        };
        self.decisions += 1;
        let row = &mut self.lives[person].rows[index];
        match decision {
            Claim::Go => {
                row.state = MessageState::Claimed;
                row.attempt += 1;
                row.decided = Some(Decided { at: now, order: self.decisions, versions, sequence });
                let attempt = row.attempt;
                let longest = if self.dice.chance(5) { 14 * MINUTE } else { 90 * SECOND };
                let at = now.plus(self.dice.between(0, longest));
                self.push(at, Event::Mark(person, index, attempt));
                if self.dice.chance(4) {
                    self.surprise(person, now, at.since(now));
                }
            }
            Claim::Later { at, why } => {
                if at <= now {
                    self.broken.push(format!("seed {}: contact {person}: put off into the past", self.seed));
                }
                (row.due_at, row.reason) = (at, Some(why));
                self.count(&format!("later: {why}"));
                self.claim_at(person, index, at);
            }
            Claim::Withdraw { why } => {
                (row.state, row.reason, row.settled_at, row.tried) =
                    (MessageState::Withdrawn, Some(why), Some(now), true);
                self.lives[person].withdrawn += 1;
                self.count(&format!("withdrawn: {why}"));
                let again = match self.fault {
                    Fault::AskedAtOnce => now,
                    _ => look_again_at(&sequence, &self.facts(person), why, now),
                };
                self.look(person, again);
            }
        }
    }

    fn facts_beside(&self, person: usize, index: usize, now: Ts) -> Facts {
        let life = &self.lives[person];
        let mut facts = Facts { elsewhere_at: self.elsewhere(person, now), ..self.facts(person) };
        if self.fault == Fault::LedgerForgotten {
            (facts.last_sent_at, facts.sent_count) = (None, 0);
        } else if life.rows[index].doubted {
            let others = life.rows.iter().enumerate().filter(|(i, row)| *i != index && row.may_have_arrived());
            let others: Vec<Option<Ts>> = others.map(|(_, row)| row.marked_at.max(row.settled_at)).collect();
            (facts.last_sent_at, facts.sent_count) = (others.iter().copied().max().flatten(), others.len() as u32);
        }
        let sequence = &self.rounds[self.people[person].round].sequence;
        if sequence.maximum_per_account().is_some() && self.fault != Fault::AccountDayForgotten {
            let today = sequence.calendar(facts.locality()).start_of_day(now);
            let colleagues = &self.accounts[self.people[person].account].people;
            let rows = colleagues.iter().flat_map(|p| &self.lives[*p].rows);
            let gone = |row: &&Row| {
                row.state == MessageState::Claimed
                    || (row.state.may_have_arrived() && row.marked_at.is_some_and(|at| at >= today))
            };
            facts.account_today = rows.filter(gone).count() as u32;
        }
        facts
    }

    pub fn mark(&mut self, person: usize, index: usize, attempt: u32, up: Ts, now: Ts) {
        let round = &self.rounds[self.people[person].round];
        let life = &self.lives[person];
        let row = &life.rows[index];
        if row.state != MessageState::Claimed || row.attempt != attempt {
            return;
        }
        let decided = row.decided.as_ref().unwrap();
        let stands = round.running
            && decided.versions == (life.version, round.version)
            && still_in_time(&decided.sequence, row.kind, row.number, &self.facts(person), decided.at, now);
        if up > now || (!stands && self.fault != Fault::Unmarked) {
            self.count(if up > now { "stopped while claimed" } else { "decided again" });
            let row = &mut self.lives[person].rows[index];
            (row.state, row.due_at) = (MessageState::Planned, now);
            self.claim_at(person, index, up);
            return;
        }
        promises::departs(self, person, index, now);
        let row = &mut self.lives[person].rows[index];
        (row.state, row.marked_at, row.tried) = (MessageState::Sending, Some(now), true);
        let what = format!("went: {}", row.kind);
        self.count(&what);
        let ending = match self.dice.below(100) {
            0..3 => Ending::InDoubt,
            3..8 => Ending::TryLater,
            8..10 => Ending::GivenUp,
            10 => Ending::DeadAddress,
            _ => Ending::Sent,
        };
        let at = now.plus(self.dice.between(1, 20) * SECOND);
        self.push(at, Event::Settle(person, index, attempt, ending));
    }

    pub fn settle(&mut self, person: usize, index: usize, attempt: u32, ending: Ending, now: Ts) {
        let life = &mut self.lives[person];
        let row = &mut life.rows[index];
        if row.state != MessageState::Sending || row.attempt != attempt {
            return;
        }
        let kind = row.kind;
        row.settled_at = Some(now);
        match ending {
            Ending::Sent | Ending::InDoubt => {
                let in_doubt = ending == Ending::InDoubt;
                row.state = if in_doubt { MessageState::InDoubt } else { MessageState::Sent };
                row.doubted |= in_doubt;
                let reached = life.rows.iter().filter(|row| row.may_have_arrived()).count();
                life.sent_count = reached as u32;
                life.last_sent_at = life.rows.iter().map(|row| row.marked_at).max().flatten().max(Some(now));
                if in_doubt && kind == MessageKind::Invitation {
                    let at = now.plus(DAY + self.dice.between(0, HOUR));
                    self.push(at, Event::Doubted(person, index));
                }
                if !in_doubt || self.dice.chance(50) {
                    self.react(person, kind, now);
                }
            }
            Ending::TryLater => {
                row.state = MessageState::Planned;
                row.settled_at = None;
                row.due_at = now.plus(self.dice.between(10 * MINUTE, 4 * HOUR));
                let due_at = row.due_at;
                life.departures.last_mut().unwrap().refused = true;
                self.claim_at(person, index, due_at);
                return;
            }
            Ending::GivenUp | Ending::DeadAddress => {
                row.state = MessageState::Failed;
                life.departures.last_mut().unwrap().refused = true;
                if ending == Ending::DeadAddress {
                    self.learn(person, Fact::Bounced, now);
                }
            }
        }
        self.look(person, now);
    }

    pub fn doubted(&mut self, person: usize, index: usize, now: Ts) {
        let running = self.rounds[self.people[person].round].running;
        let life = &mut self.lives[person];
        let sign = life.started_at.is_some() || life.opted_out_at.is_some();
        let row = &mut life.rows[index];
        if row.state != MessageState::InDoubt || !running {
            return;
        }
        match settle_doubt(row.kind, row.settled_at.unwrap(), sign, now) {
            Doubt::Arrived => (row.state, row.settled_at) = (MessageState::Sent, Some(now)),
            Doubt::Repeat => {
                (row.state, row.due_at, row.settled_at, row.tried) = (MessageState::Planned, now, None, false);
                self.claim_at(person, index, now);
            }
            Doubt::Stays => {}
        }
        self.look(person, now);
    }
}

impl Row {
    pub fn planned(kind: MessageKind, number: u32, planned_for: Ts, due_at: Ts, edition: u64) -> Row {
        Row {
            kind,
            number,
            state: MessageState::Planned,
            due_at,
            planned_for,
            settled_at: None,
            marked_at: None,
            tried: false,
            doubted: false,
            reason: None,
            edition,
            attempt: 0,
            decided: None,
        }
    }

    /// Also the first copy of a message that was in doubt and went once more.
    fn may_have_arrived(&self) -> bool {
        self.state.may_have_arrived() || self.doubted
    }

    /// As `steps::plan` reads the ledger.
    pub fn touched(&self) -> Touched {
        Touched {
            kind: self.kind,
            number: self.number,
            state: self.state,
            at: self.settled_at.unwrap_or(self.due_at),
            tried: self.tried || self.doubted,
            planned_for: self.planned_for,
        }
    }
}
