//! A world of two clients' rounds on one clock: the plan looks, senders claim, mark and settle as the steps do, with the rules as
//! the only judge; people answer and go away, operators interfere, the daemon is down for hours or days.
//!
//! What the steps do besides (withdrawing at once what a pause or an opt-out covers) is left out on purpose: the rules alone must hold.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use soundings::base::clock::{DAY, HOUR, MINUTE, Ts};
use soundings::base::ids::Dice;
use soundings::rules::calendar::Almanac;
use soundings::rules::message::MessageState;
use soundings::rules::plan::{Facts, Next, Pause, Reason, Sequence, Touched, next_message, superseded};
use soundings::rules::round::RoundSpec;

use super::lives::{Fact, Life};
use super::people::{self, Account, Person};
use super::promises;
use super::senders::{Ending, Row};

pub const DAYS_BETWEEN_ROUNDS: i64 = 6;
const ENOUGH: usize = 5;

/// What is broken on purpose, to see that it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Whatever was planned goes, without a decision at the claim.
    Undecided,
    /// Senders rest on what they decided at the claim.
    Unmarked,
    PausesForgotten,
    HolidaysForgotten,
    /// What has gone is not in the ledger.
    LedgerForgotten,
    AccountDayForgotten,
    OtherRoundForgotten,
    /// One contact in fifty is never looked at again after it was put off once.
    LooksForgotten,
    /// The plan looks at once at whatever was withdrawn.
    AskedAtOnce,
}

pub struct Round {
    pub spec: RoundSpec,
    pub sequence: Arc<Sequence>,
    /// Those that are not lifted.
    pub pauses: Vec<Pause>,
    pub running: bool,
    pub version: u64,
    pub edition: u64,
    /// All settings it ever had.
    pub editions: Vec<RoundSpec>,
    pub edited_at: Ts,
    /// When it was paused as a whole.
    pub stops: Vec<(Ts, Ts)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Event {
    Look(usize),
    Claim(usize, usize),
    Mark(usize, usize, u32),
    Settle(usize, usize, u32, Ending),
    Doubted(usize, usize),
    Learn(usize, Fact),
    Sign(usize),
    /// A row of the account's list is changed, so that its signature does not hold any more.
    Change(usize),
    Operate(usize),
    Resume(usize),
}

pub struct World {
    pub seed: u64,
    pub fault: Fault,
    pub dice: Dice,
    pub almanac: Arc<Almanac>,
    pub rounds: Vec<Round>,
    pub people: Vec<Person>,
    pub lives: Vec<Life>,
    pub accounts: Vec<Account>,
    /// When the daemon is down, in order.
    pub down: Vec<(Ts, Ts)>,
    pub broken: Vec<String>,
    /// What happened, and how often.
    pub tally: BTreeMap<String, u64>,
    heap: BinaryHeap<Reverse<(Ts, u64, Event)>>,
    events: u64,
    pub decisions: u64,
}

impl World {
    pub fn new(seed: u64, contacts: usize, fault: Fault) -> World {
        let mut dice = Dice::new(seed, "plan");
        let (people, accounts) = people::population(&mut dice, contacts);
        let mut world = World {
            seed,
            fault,
            almanac: if fault == Fault::HolidaysForgotten { Almanac::plain() } else { Almanac::built_in() },
            rounds: Vec::new(),
            lives: people.iter().map(|_| Life::default()).collect(),
            people,
            accounts,
            down: Vec::new(),
            broken: Vec::new(),
            tally: BTreeMap::new(),
            heap: BinaryHeap::new(),
            events: 0,
            decisions: 0,
            dice,
        };
        for (index, name) in ["first", "second"].into_iter().enumerate() {
            let near = world.rounds.first().map(|round| round.spec.schedule.opens);
            let mut dice = Dice::new(seed, name);
            let spec = people::spec(&mut dice, name, near, |spec| Sequence::prepare(spec, &world.almanac).is_ok());
            world.begin(index, spec);
        }
        world
    }

    fn begin(&mut self, index: usize, spec: RoundSpec) {
        let sequence = Arc::new(self.prepared(&spec, &[]).unwrap());
        let (opens, closes) = (sequence.home().opens_at(), sequence.home().closes_at());
        let begins = opens.plus(-self.dice.between(6, 16) * DAY);
        let length = closes.since(begins);
        self.rounds.push(Round {
            editions: vec![spec.clone()],
            spec,
            sequence,
            pauses: Vec::new(),
            running: true,
            version: 0,
            edition: 0,
            edited_at: begins,
            stops: Vec::new(),
        });
        let sometime = |dice: &mut Dice| begins.plus(dice.between(0, length));
        for account in (0..self.accounts.len()).filter(|a| self.accounts[*a].round == index).collect::<Vec<_>>() {
            let signed_at = match self.dice.below(100) {
                0..4 => None,
                4..80 => Some(begins.plus(self.dice.between(0, 6 * DAY))),
                _ => Some(sometime(&mut self.dice)),
            };
            if let Some(at) = signed_at {
                self.push(at, Event::Sign(account));
            }
            if self.dice.chance(8) {
                let at = sometime(&mut self.dice);
                self.push(at, Event::Change(account));
            }
        }
        for person in (0..self.people.len()).filter(|p| self.people[*p].round == index).collect::<Vec<_>>() {
            self.look(person, begins);
        }
        for _ in 0..self.dice.below(14) {
            let at = sometime(&mut self.dice);
            self.push(at, Event::Operate(index));
        }
        for _ in 0..self.dice.below(4) {
            let from = sometime(&mut self.dice);
            let longest = if self.dice.chance(30) { 4 * DAY } else { 10 * HOUR };
            self.down.push((from, from.plus(self.dice.between(10 * MINUTE, longest))));
        }
        self.down.sort_unstable();
    }

    pub fn prepared(&self, spec: &RoundSpec, pauses: &[Pause]) -> Option<Sequence> {
        let pauses = if self.fault == Fault::PausesForgotten { Vec::new() } else { pauses.to_vec() };
        Some(Sequence::prepare(spec, &self.almanac).ok()?.stopped_by(pauses, DAYS_BETWEEN_ROUNDS as u32))
    }

    pub fn push(&mut self, at: Ts, event: Event) {
        self.events += 1;
        self.heap.push(Reverse((at, self.events, event)));
    }

    pub fn look(&mut self, person: usize, at: Ts) {
        self.lives[person].look_at = Some(at);
        let at = at.plus(self.dice.between(0, MINUTE));
        self.push(at, Event::Look(person));
    }

    pub fn count(&mut self, what: &str) {
        match self.tally.get_mut(what) {
            Some(n) => *n += 1,
            None => _ = self.tally.insert(what.to_owned(), 1),
        }
    }

    /// Plays until nothing is ahead, then looks back; what was broken is in `broken`.
    pub fn play(mut self) -> World {
        let most = 2_000 * self.people.len() as u64 + 100_000;
        let mut now = Ts::default();
        while let Some(Reverse((at, _, event))) = self.heap.pop() {
            now = at;
            self.happens(event, now);
            if self.events > most {
                self.broken.push("it does not end".into());
            }
            if self.broken.len() >= ENOUGH || self.events > most {
                return self;
            }
        }
        for round in (0..self.rounds.len()).filter(|r| !self.rounds[*r].running).collect::<Vec<_>>() {
            self.close(round, now);
        }
        promises::at_the_end(&mut self, now);
        self
    }

    fn happens(&mut self, event: Event, now: Ts) {
        let up = self.up(now);
        match event {
            Event::Look(_) | Event::Claim(..) | Event::Doubted(..) if up > now => self.push(up, event),
            Event::Look(person) => self.look_at(person, now),
            Event::Claim(person, row) => self.claim(person, row, now),
            Event::Mark(person, row, attempt) => self.mark(person, row, attempt, up, now),
            // It stopped between the dot and the answer.
            Event::Settle(person, row, attempt, _) if up > now => {
                self.push(up, Event::Settle(person, row, attempt, Ending::InDoubt));
            }
            Event::Settle(person, row, attempt, ending) => self.settle(person, row, attempt, ending, now),
            Event::Doubted(person, row) => self.doubted(person, row, now),
            Event::Learn(person, fact) => self.learn(person, fact, now),
            Event::Sign(account) => self.sign(account, now),
            Event::Change(account) => self.change(account, now),
            Event::Operate(round) => self.operate(round, now),
            Event::Resume(round) => self.resume(round, now),
        }
    }

    /// `now`, or when the daemon is up again.
    fn up(&self, now: Ts) -> Ts {
        let mut at = now;
        for (from, until) in &self.down {
            if (*from..*until).contains(&at) {
                at = *until;
            }
        }
        at
    }

    pub fn facts(&self, person: usize) -> Facts {
        let (person, life) = (&self.people[person], &self.lives[person]);
        let account = &self.accounts[person.account];
        Facts {
            account_answered: account.answered > 0,
            signed: account.signed,
            signed_at: account.signed_at,
            removed: life.removed,
            started_at: life.started_at,
            completed_at: life.completed_at,
            opted_out_at: life.opted_out_at,
            undeliverable: life.undeliverable,
            left: life.left,
            absent_until: life.absent_until,
            last_sent_at: life.last_sent_at,
            sent_count: life.sent_count,
            ..person.is.clone()
        }
    }

    pub fn elsewhere(&self, person: usize, now: Ts) -> Option<Ts> {
        // As the steps: asked only for those who have had nothing in this round.
        let asked = self.lives[person].sent_count == 0 && self.fault != Fault::OtherRoundForgotten;
        let twin = self.people[person].twin.filter(|_| asked)?;
        let on_its_way = |row: &Row| matches!(row.state, MessageState::Claimed | MessageState::Sending);
        let twin = &self.lives[twin];
        if twin.rows.iter().any(on_its_way) { Some(now) } else { twin.last_sent_at }
    }

    fn look_at(&mut self, person: usize, now: Ts) {
        let round = &self.rounds[self.people[person].round];
        if !round.running || self.lives[person].look_at.is_none_or(|at| at > now) {
            return;
        }
        let life = &mut self.lives[person];
        life.look_at = None;
        if self.fault == Fault::LooksForgotten && person % 50 == 7 && life.waiting_for.is_some() {
            return;
        }
        let touched: Vec<Touched> =
            self.lives[person].rows.iter().filter(|_| self.fault != Fault::LedgerForgotten).map(Row::touched).collect();
        let facts = Facts { elsewhere_at: self.elsewhere(person, now), ..self.facts(person) };
        let next = next_message(&round.sequence, &facts, &touched, now);
        let edition = round.edition;
        let life = &mut self.lives[person];
        if let Some((gone, why)) = superseded(&touched, &next, now) {
            let row = life.rows.iter_mut().find(|row| (row.kind, row.number) == (gone.kind, gone.number)).unwrap();
            (row.state, row.reason, row.settled_at) = (MessageState::Withdrawn, Some(why), Some(now));
            self.count(&format!("superseded: {why}"));
        }
        match next {
            Next::Send { kind, number, planned_for, due_at } => {
                self.lives[person].waiting_for = None;
                self.enqueue(person, Row::planned(kind, number, planned_for, due_at, edition), now);
            }
            Next::LookAgain { at, why } => {
                self.lives[person].waiting_for = Some(why);
                self.look(person, at);
            }
            Next::Nothing { why } => self.lives[person].waiting_for = Some(why),
        }
    }

    /// As the store does: under the same key only what is withdrawn, or planned and not tried, is replaced.
    fn enqueue(&mut self, person: usize, new: Row, now: Ts) {
        if new.due_at < now {
            self.broken.push(format!("seed {}: contact {person}: a message is planned for the past", self.seed));
        }
        let due_at = new.due_at;
        let rows = &mut self.lives[person].rows;
        let index = match rows.iter().position(|row| (row.kind, row.number) == (new.kind, new.number)) {
            None => {
                rows.push(new);
                rows.len() - 1
            }
            Some(index) => {
                let row = &mut rows[index];
                let open = row.state == MessageState::Planned && !row.tried;
                if open || row.state == MessageState::Withdrawn || self.fault == Fault::LedgerForgotten {
                    *row = Row { doubted: row.doubted, attempt: row.attempt, marked_at: row.marked_at, ..new };
                }
                index
            }
        };
        self.claim_at(person, index, due_at);
    }

    fn close(&mut self, round: usize, now: Ts) {
        for (_, life) in self.people.iter().zip(&mut self.lives).filter(|(person, _)| person.round == round) {
            for row in life.rows.iter_mut().filter(|row| row.state == MessageState::Planned) {
                (row.state, row.reason, row.settled_at) =
                    (MessageState::Withdrawn, Some(Reason::RoundClosed), Some(now));
            }
            life.look_at = None;
            life.waiting_for = Some(Reason::RoundClosed);
        }
    }
}
