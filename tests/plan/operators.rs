//! Operators who interfere at random times: pauses of every scope, now or later, with an end or without; lifted again; the round
//! paused and resumed as a whole; its settings edited while it runs.

use chrono::Days;
use serde_json::{Value, json};
use soundings::base::clock::{DAY, HOUR, MINUTE, Ts};
use soundings::rules::message::{MessageKind, MessageState};
use soundings::rules::plan::{Pause, Scope};
use soundings::rules::round::RoundSpec;

use super::people;
use super::promises::covers;
use super::world::{Event, World};

impl World {
    pub fn operate(&mut self, round: usize, now: Ts) {
        match self.dice.below(10) {
            0..4 => self.pause(round, now),
            4..6 => self.lift(round, now),
            6..9 => self.edit(round, now),
            _ => self.stop(round, now),
        }
    }

    fn pause(&mut self, round: usize, now: Ts) {
        let any = loop {
            let person = self.dice.below(self.people.len() as u64) as usize;
            if self.people[person].round == round {
                break self.people[person].is.clone();
            }
        };
        let kinds = [MessageKind::WarmUp, MessageKind::Invitation, MessageKind::Reminder, MessageKind::ThankYou];
        let scope = match self.dice.below(6) {
            0 => Scope::Account(any.account),
            1 => Scope::Director(any.director),
            2 => Scope::Country(any.country),
            3 => Scope::Language(any.language),
            4 => Scope::Touch(kinds[self.dice.below(4) as usize], None),
            _ => Scope::Touch(MessageKind::Reminder, Some(self.dice.between(1, 4) as u32)),
        };
        let from = if self.dice.chance(60) { now } else { now.plus(self.dice.between(HOUR, 5 * DAY)) };
        let until = self.dice.chance(60).then(|| from.plus(self.dice.between(10 * MINUTE, 9 * DAY)));
        self.count(&format!("operator: paused by {}", scope.parts().0));
        self.rounds[round].pauses.push(Pause { scope: scope.clone(), from, until });
        self.stopped_otherwise(round, &scope, now);
    }

    fn lift(&mut self, round: usize, now: Ts) {
        let pauses = &mut self.rounds[round].pauses;
        if pauses.is_empty() {
            return;
        }
        let lifted = pauses.swap_remove(self.dice.below(pauses.len() as u64) as usize);
        self.count("operator: lifted");
        self.stopped_otherwise(round, &lifted.scope, now);
    }

    /// Those whom the scope covers are looked at, and what was claimed in the round is decided again.
    fn stopped_otherwise(&mut self, round: usize, scope: &Scope, now: Ts) {
        let sequence = self.prepared(&self.rounds[round].spec, &self.rounds[round].pauses).unwrap();
        self.rounds[round].sequence = sequence.into();
        self.rounds[round].version += 1;
        for person in self.of_round(round) {
            if covers(scope, &self.people[person].is, None) {
                self.lives[person].freed_at = Some(now);
                self.look(person, now);
            }
        }
    }

    fn of_round(&self, round: usize) -> Vec<usize> {
        (0..self.people.len()).filter(|person| self.people[*person].round == round).collect()
    }

    fn edit(&mut self, round: usize, now: Ts) {
        let spec = self.edited(&self.rounds[round].spec.clone());
        let Some(sequence) = self.prepared(&spec, &self.rounds[round].pauses) else {
            self.count("operator: an edit was refused");
            return;
        };
        let r = &mut self.rounds[round];
        r.sequence = sequence.into();
        r.spec = spec.clone();
        r.editions.push(spec);
        r.edition += 1;
        r.edited_at = now;
        self.count("operator: edited");
        self.decided_anew(round, now);
    }

    fn edited(&mut self, spec: &RoundSpec) -> RoundSpec {
        let dice = &mut self.dice;
        let mut new = spec.clone();
        for _ in 0..dice.between(1, 3) {
            let schedule = &mut new.schedule;
            let days = dice.between(-6, 10);
            let reminder = new.touches.iter().position(|t| t.kind == MessageKind::Reminder);
            match dice.below(12) {
                0 => {
                    schedule.closes = if days < 0 {
                        schedule.closes - Days::new(-days as u64)
                    } else {
                        schedule.closes + Days::new(days as u64)
                    }
                }
                1 => schedule.opens = schedule.opens + Days::new(dice.below(4)),
                2 => schedule.minimum_gap_days = dice.below(6) as u32,
                3 => schedule.maximum_messages = dice.between(2, 9) as u32,
                4 => schedule.maximum_per_account_per_day = dice.chance(60).then(|| dice.between(1, 4) as u32),
                5 => schedule.days_off.push(schedule.opens + Days::new(dice.below(25))),
                6 => schedule.days_off.clear(),
                7 => {
                    let from = dice.between(0, 20 * 4) * 15;
                    let until = (from + dice.between(2 * 60, 10 * 60)).min(24 * 60 - 1);
                    let quiet = if dice.chance(40) { people::quiet_hours(dice, from, until) } else { json!([]) };
                    set(
                        &mut new,
                        &[
                            ("send_from", json!(people::hhmm(from))),
                            ("send_until", json!(people::hhmm(until))),
                            ("quiet_hours", quiet),
                        ],
                    );
                }
                8 => _ = reminder.map(|index| new.touches.remove(index)),
                9 => {
                    let touch = people::reminder(dice, schedule.opens);
                    let end =
                        new.touches.iter().rposition(|t| t.kind != MessageKind::ThankYou).map_or(0, |last| last + 1);
                    new.touches.insert(end, serde_json::from_value(touch).unwrap());
                }
                10 => schedule.spread_minutes = dice.below(300) as u32,
                _ => new.touches.retain(|t| t.kind != MessageKind::WarmUp),
            }
        }
        new
    }

    fn stop(&mut self, round: usize, now: Ts) {
        if !self.rounds[round].running {
            return;
        }
        self.rounds[round].running = false;
        self.rounds[round].version += 1;
        self.rounds[round].stops.push((now, Ts(i64::MAX)));
        self.count("operator: paused the round");
        if self.dice.chance(85) {
            let at = now.plus(self.dice.between(MINUTE, 6 * DAY));
            self.push(at, Event::Resume(round));
        }
    }

    pub fn resume(&mut self, round: usize, now: Ts) {
        self.rounds[round].running = true;
        if let Some(stop) = self.rounds[round].stops.last_mut() {
            stop.1 = now;
        }
        self.count("operator: resumed the round");
        self.claims_again(round, now);
        self.decided_anew(round, now);
    }

    /// What was claimed is decided again, and all are looked at.
    fn decided_anew(&mut self, round: usize, now: Ts) {
        self.rounds[round].version += 1;
        for person in self.of_round(round) {
            self.look(person, now);
        }
    }

    /// Nothing was claimed and no doubt was settled while the round was paused.
    fn claims_again(&mut self, round: usize, now: Ts) {
        for person in self.of_round(round) {
            for index in 0..self.lives[person].rows.len() {
                let row = &self.lives[person].rows[index];
                match row.state {
                    MessageState::Planned => self.claim_at(person, index, row.due_at.max(now)),
                    MessageState::InDoubt => self.push(now.plus(DAY), Event::Doubted(person, index)),
                    _ => {}
                }
            }
        }
    }
}

fn set(spec: &mut RoundSpec, values: &[(&str, Value)]) {
    let mut all = serde_json::to_value(&spec).unwrap();
    for (key, value) in values {
        all["schedule"][*key] = value.clone();
    }
    *spec = serde_json::from_value(all).unwrap();
}
