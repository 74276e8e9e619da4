//! What happens to contacts and lists: they sign, start, answer, opt out, go away, leave, are taken off and put back.

use soundings::base::clock::{DAY, HOUR, MINUTE, SECOND, Ts};
use soundings::base::ids::Dice;
use soundings::rules::message::MessageKind;
use soundings::rules::plan::Reason;

use super::people::Person;
use super::senders::Row;
use super::world::{Event, World};

/// A contact's own story.
#[derive(Debug, Default)]
pub struct Life {
    pub started_at: Option<Ts>,
    pub completed_at: Option<Ts>,
    pub opted_out_at: Option<Ts>,
    pub absent_until: Option<Ts>,
    pub removed: bool,
    pub undeliverable: bool,
    pub left: bool,
    pub last_sent_at: Option<Ts>,
    pub sent_count: u32,
    pub rows: Vec<Row>,
    /// Raised by every change of what a decision rests on.
    pub version: u64,
    pub look_at: Option<Ts>,
    pub waiting_for: Option<Reason>,
    /// What left for this contact, kept by the world itself and not read by any rule.
    pub departures: Vec<Departure>,
    /// How often a message was withdrawn at its claim.
    pub withdrawn: u32,
    /// When the last thing that stood in the way was taken away: a pause lifted, an address corrected.
    pub freed_at: Option<Ts>,
}

#[derive(Clone, Copy, Debug)]
pub struct Departure {
    pub kind: MessageKind,
    pub number: u32,
    pub at: Ts,
    /// Of the decision that let it go.
    pub order: u64,
    /// The server did not take it.
    pub refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    Start,
    Answer,
    OptOut,
    /// An automatic reply: back after so long.
    Away(i64),
    Leaves,
    Removed,
    PutBack,
    Bounced,
    Corrected,
    /// Somebody else is named in the place of one who has left.
    Succeeded,
}

impl World {
    pub fn learn(&mut self, person: usize, fact: Fact, now: Ts) {
        if fact == Fact::Succeeded {
            return self.succeed(person, now);
        }
        let life = &mut self.lives[person];
        life.version += 1;
        match fact {
            Fact::Start => _ = life.started_at.get_or_insert(now),
            Fact::Answer if life.completed_at.is_none() => {
                life.started_at.get_or_insert(now);
                life.completed_at = Some(now);
                let account = self.people[person].account;
                self.accounts[account].answered += 1;
                self.account_changed(account, now);
            }
            Fact::Answer => {}
            Fact::OptOut => _ = life.opted_out_at.get_or_insert(now),
            Fact::Away(length) => life.absent_until = Some(now.plus(length)),
            Fact::Leaves => life.left = true,
            Fact::Removed => life.removed = true,
            Fact::PutBack => (life.removed, life.freed_at) = (false, Some(now)),
            Fact::Bounced => life.undeliverable = true,
            Fact::Corrected => (life.undeliverable, life.freed_at) = (false, Some(now)),
            Fact::Succeeded => {}
        }
        let again = match fact {
            Fact::Removed => Some((30, Fact::PutBack)),
            Fact::Bounced => Some((60, Fact::Corrected)),
            // Back earlier than was said.
            Fact::Away(length) if length > 2 * DAY => Some((15, Fact::Away(DAY))),
            _ => None,
        };
        if fact == Fact::Leaves {
            // By dice of their own, so that nobody else's story turns on them.
            let mut dice = Dice::new(self.seed, &format!("successor of {person}"));
            if dice.chance(60) {
                self.push(now.plus(dice.between(HOUR, 5 * DAY)), Event::Learn(person, Fact::Succeeded));
            }
        }
        if let Some((percent, fact)) = again.filter(|(percent, _)| self.dice.chance(*percent)) {
            let at = now.plus(self.dice.between(HOUR, 5 * DAY));
            self.push(at, Event::Learn(person, fact));
            if self.dice.chance(percent) && fact == Fact::PutBack {
                self.push(at.plus(DAY), Event::Learn(person, Fact::Removed));
            }
        }
        self.count(match fact {
            Fact::Away(_) => "fact: away",
            Fact::Start => "fact: start",
            Fact::Answer => "fact: answer",
            Fact::OptOut => "fact: opt-out",
            Fact::Leaves => "fact: leaves",
            Fact::Removed => "fact: removed",
            Fact::PutBack => "fact: put back",
            Fact::Bounced => "fact: bounced",
            Fact::Corrected => "fact: corrected",
            Fact::Succeeded => "fact: succeeded",
        });
        self.look(person, now);
    }

    /// As `steps::repair::successors` does it: a contact of his own in the same place, on a list that is signed again.
    fn succeed(&mut self, person: usize, now: Ts) {
        if self.lives[person].removed || self.lives[person].completed_at.is_some() {
            return;
        }
        self.lives[person].removed = true;
        let Person { round, account, place, is, .. } = &self.people[person];
        let (account, new) = (*account, self.people.len());
        self.people.push(Person { round: *round, account, place: *place, twin: None, is: is.clone() });
        self.lives.push(Life { freed_at: Some(now), ..Life::default() });
        self.accounts[account].people.push(new);
        self.count("fact: succeeded");
        self.change(account, now);
    }

    fn account_changed(&mut self, account: usize, now: Ts) {
        for person in self.accounts[account].people.clone() {
            self.lives[person].version += 1;
            self.look(person, now);
        }
    }

    pub fn sign(&mut self, account: usize, now: Ts) {
        (self.accounts[account].signed, self.accounts[account].signed_at) = (true, Some(now));
        self.account_changed(account, now);
    }

    pub fn change(&mut self, account: usize, now: Ts) {
        self.accounts[account].signed = false;
        self.account_changed(account, now);
        if self.dice.chance(80) {
            let at = now.plus(self.dice.between(MINUTE, 4 * DAY));
            self.push(at, Event::Sign(account));
        }
    }

    /// What a contact does who has got a message.
    pub fn react(&mut self, person: usize, kind: MessageKind, now: Ts) {
        let longest = [10 * MINUTE, 10 * HOUR, 8 * DAY][self.dice.below(3) as usize];
        let at = now.plus(self.dice.between(SECOND, longest));
        let asked = matches!(kind, MessageKind::Invitation | MessageKind::Reminder);
        let fact = match self.dice.below(100) {
            0..14 if asked => Fact::Start,
            14..20 if asked => Fact::Answer,
            20..25 => Fact::Away(self.dice.between(HOUR, 20 * DAY)),
            25..27 => Fact::OptOut,
            27 => Fact::Leaves,
            28..30 => Fact::Removed,
            30 => Fact::Bounced,
            _ => return,
        };
        self.push(at, Event::Learn(person, fact));
        if fact == Fact::Start && self.dice.chance(65) {
            let at = at.plus(self.dice.between(MINUTE, 6 * DAY));
            self.push(at, Event::Learn(person, Fact::Answer));
        }
    }

    /// Something that comes between the claim of a message and its final dot.
    pub fn surprise(&mut self, person: usize, now: Ts, within: i64) {
        let at = now.plus(self.dice.between(0, within));
        let invited = self.lives[person].departures.iter().any(|d| d.kind == MessageKind::Invitation);
        let event = match self.dice.below(6) {
            0 | 1 if invited => Event::Learn(person, Fact::Answer),
            0..3 => Event::Learn(person, Fact::OptOut),
            3 => Event::Learn(person, Fact::Away(self.dice.between(HOUR, 10 * DAY))),
            4 => Event::Learn(person, Fact::Removed),
            _ => Event::Change(self.people[person].account),
        };
        self.push(at, event);
    }
}
