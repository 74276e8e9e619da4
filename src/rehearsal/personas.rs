//! What the simulated people are like: thrown once per person from the seed and the address, so that a person is the same
//! whatever happens to others, and in whatever order.
//!
//! The shares are those of the field's better rounds: about half of those who could be reached complete, some after the
//! invitation, more after each reminder; a few opt out; a few addresses are dead.

use crate::base::clock::{DAY, HOUR, MINUTE, Ts};
use crate::base::ids::Dice;

/// What a contact makes of the letters. `after` counts letters with a personal link, the invitation being 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    Completes {
        after: u32,
    },
    /// Answers some questions after one letter, the rest after the next.
    Resumes {
        after: u32,
    },
    /// Answers some questions and never comes back.
    Stops {
        after: u32,
    },
    OptsOut {
        after: u32,
        one_click: bool,
    },
    Ignores,
}

/// How the server of a contact takes mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerBehaviour {
    Accepts,
    /// Puts the first attempt off.
    Greylists,
    /// 550 5.1.1
    NoMailbox,
    /// 550 5.7.1: says nothing about the mailbox.
    RefusesByPolicy,
}

#[derive(Clone, Copy, Debug)]
pub struct ContactPersona {
    pub habit: Habit,
    /// Presses "send" twice.
    pub double_click: bool,
    /// How often the page is only looked at before.
    pub looks: u32,
    /// Away for so long from the first letter.
    pub away: i64,
}

pub fn contact(seed: u64, address: &str) -> ContactPersona {
    let mut dice = Dice::new(seed, &format!("contact {address}"));
    let habit = match dice.below(100) {
        0..20 => Habit::Completes { after: 1 },
        20..34 => Habit::Completes { after: 2 },
        34..44 => Habit::Completes { after: 3 },
        44..50 => Habit::Completes { after: 4 },
        50..53 => Habit::Completes { after: 5 },
        53..60 => Habit::Resumes { after: dice.between(1, 3) as u32 },
        60..64 => Habit::Stops { after: dice.between(1, 2) as u32 },
        64..66 => Habit::OptsOut { after: 1, one_click: false },
        66..68 => Habit::OptsOut { after: dice.between(2, 3) as u32, one_click: true },
        _ => Habit::Ignores,
    };
    ContactPersona {
        habit,
        double_click: dice.chance(30),
        looks: dice.below(4) as u32,
        away: if dice.chance(8) { dice.between(3, 12) * DAY } else { 0 },
    }
}

pub fn server_behaviour(seed: u64, address: &str) -> ServerBehaviour {
    match Dice::new(seed, &format!("door {address}")).below(100) {
        0..4 => ServerBehaviour::NoMailbox,
        4..6 => ServerBehaviour::RefusesByPolicy,
        6..14 => ServerBehaviour::Greylists,
        _ => ServerBehaviour::Accepts,
    }
}

/// An account director, or the sales director.
#[derive(Clone, Copy, Debug)]
pub struct SignerPersona {
    /// Acts on the n-th mail; `None`: never.
    pub after: Option<u32>,
    /// Types a wrong number of names first.
    pub miscounts: bool,
    /// Sends the form of a page that has become stale first.
    pub stale: bool,
    /// Asks a colleague to sign everything, instead of signing.
    pub delegates: bool,
    /// Sends his link on to somebody who tries what it lets him do.
    pub forwards: bool,
}

pub fn director(seed: u64, address: &str) -> SignerPersona {
    let mut dice = Dice::new(seed, &format!("director {address}"));
    let after = match dice.below(100) {
        0..55 => Some(1),
        55..78 => Some(2),
        78..90 => Some(3),
        90..95 => Some(4),
        _ => None,
    };
    let mut others = Dice::new(seed, &format!("colleagues of {address}"));
    SignerPersona {
        after,
        miscounts: dice.chance(35),
        stale: dice.chance(35),
        // Who has time for the first mail only.
        delegates: after == Some(1) && others.chance(25),
        forwards: others.chance(15),
    }
}

pub fn sales_director(seed: u64, address: &str) -> SignerPersona {
    let mut dice = Dice::new(seed, &format!("sales director {address}"));
    SignerPersona {
        after: Some(if dice.chance(70) { 1 } else { 2 }),
        miscounts: dice.chance(20),
        stale: dice.chance(20),
        delegates: false,
        forwards: false,
    }
}

/// What a director finds on one list.
#[derive(Clone, Copy, Debug)]
pub struct Review {
    pub corrects_one: bool,
    pub removes_one: bool,
}

pub fn review(seed: u64, director: &str, account: &str) -> Review {
    let mut dice = Dice::new(seed, &format!("review {director} {account}"));
    Review { corrects_one: dice.chance(25), removes_one: dice.chance(10) }
}

/// When somebody gets round to a mail that came at `arrived`: most on the same day, some on one of the next. On the half hour,
/// so that people who act at about the same time share a tick.
pub fn delay(seed: u64, who: &str, mail: &str, arrived: Ts) -> Ts {
    const MARK: i64 = 30 * MINUTE;
    let mut dice = Dice::new(seed, &format!("delay {who} {mail}"));
    let days = if dice.chance(65) { 0 } else { dice.between(1, 2) };
    let at = arrived.plus(days * DAY + dice.between(10, 5 * HOUR / MINUTE) * MINUTE);
    Ts(at.0.div_euclid(MARK) * MARK + MARK)
}

/// What somebody would answer, as a form field says it; empty where nothing is written.
pub fn answer(seed: u64, who: &str, item: &crate::rules::questionnaire::Item) -> String {
    use crate::rules::questionnaire::ItemKind;
    let mut dice = Dice::new(seed, &format!("answer {who} {}", item.id));
    match item.kind {
        ItemKind::Scale7 => dice.between(2, 7).max(dice.between(3, 7)).to_string(),
        ItemKind::Scale10 => dice.between(2, 10).max(dice.between(4, 10)).to_string(),
        ItemKind::Choice => {
            let nth = dice.below(item.options.len() as u64) as usize;
            item.options.get(nth).map(|o| o.value.clone()).unwrap_or_default()
        }
        ItemKind::Text if dice.chance(35) || item.required => {
            const SAID: [&str; 5] = [
                "Your people know our plant better than some of us do.",
                "Offers take too long; \u{201c}next week\u{201d} is not a date.",
                "Continue like this.",
                "Fewer portals, more people.\r\nWe would rather call.",
                "=1+1 is not what we expected on an invoice <b>at all</b>.",
            ];
            SAID[dice.below(5) as usize].into()
        }
        ItemKind::Text => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_half_of_those_who_can_be_reached_would_complete() {
        let of = |seed: u64| {
            let people = (0..300).map(|n| format!("p{n}@x.example"));
            let completing = people.filter(|p| {
                let habit = contact(seed, p).habit;
                matches!(habit, Habit::Completes { .. } | Habit::Resumes { .. })
            });
            completing.count()
        };
        for seed in 0..5 {
            assert!((140..220).contains(&of(seed)), "{}", of(seed));
        }
    }

    #[test]
    fn nobody_answers_before_the_mail_or_much_later() {
        for n in 0..200 {
            let after = delay(n, "a@x.example", "invitation", Ts(1_802_000_000_000)).since(Ts(1_802_000_000_000));
            assert!((10 * MINUTE..3 * DAY).contains(&after));
        }
    }
}
