//! The forecast of accounts against rounds that it knows nothing of: accounts of different sizes whose people are alike, with a readiness
//! of their own.

use chrono::NaiveDate;

use super::*;
use crate::base::ids::Dice;
use crate::rules::completion::forecast::{Course, Letter, Range, Sent, forecast};

const MONDAY: &str = "2027-02-08";

fn day(n: u64, [answers, accounts]: [i64; 2], letters: &[(MessageKind, i64, i64)]) -> Day {
    let date = MONDAY.parse::<NaiveDate>().unwrap() + chrono::Days::new(n);
    Day { date, answers, accounts, revenue: 0, letters: letters.to_vec() }
}

#[test]
fn letters_go_to_the_share_of_accounts_that_is_silent() {
    let (invitation, reminder) = (MessageKind::Invitation, MessageKind::Reminder);
    let days = [
        day(0, [20, 10], &[(invitation, 1, 150)]),
        day(1, [50, 20], &[(invitation, 1, 50)]),
        day(2, [60, 22], &[(reminder, 1, 75)]),
        day(3, [90, 25], &[(reminder, 1, 500)]),
    ];
    let found = days_of_accounts(&days, 200, 40);
    let letters: Vec<i64> = found.iter().map(|day| day.letters[0].2).collect();
    // Three quarters of 40, one; half of the 20 that are silent; all of the 18.
    assert_eq!(letters, [30, 10, 10, 18]);
    assert_eq!(found.iter().map(|day| day.answers).collect::<Vec<_>>(), [10, 20, 22, 25]);
    assert_eq!(found[3].date, days[3].date);
    assert!(days_of_accounts(&[], 0, 0).is_empty());
    assert_eq!(days_of_accounts(&[day(0, [0, 0], &[(reminder, 1, 5)])], 0, 0)[0].letters, [(reminder, 1, 0)]);
}

struct Chance(Dice);

impl Chance {
    fn share(&mut self) -> f64 {
        (self.0.below(1 << 53) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.share().ln()).sqrt() * (std::f64::consts::TAU * self.share()).cos()
    }
}

struct Round {
    days: Vec<Day>,
    people: i64,
    rate: f64,
}

/// Made by another rule than the forecast's.
fn round(seed: u64, accounts: i64) -> Round {
    let mut dice = Chance(Dice::new(seed, "accounts"));
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (level, alike) = (0.05 + 0.9 * dice.share(), 0.6 + 3.0 * dice.share());
    let (slow, spread) = (1.5 * dice.share() - 0.3, 0.5 + 0.7 * dice.share());
    let gap = 3 + (dice.share() * 3.0) as usize;
    let days: Vec<usize> = (0..3 + (dice.share() * 3.0) as usize).map(|k| k * gap).collect();
    let whole = days.last().unwrap() + 5;
    let waves: Vec<f64> = days.iter().map(|_| (0.35 * dice.normal()).exp()).collect();
    let end = if dice.share() < 0.15 { (whole as f64 * (0.4 + 0.6 * dice.share())) as usize } else { whole };
    let (together, largest) = (1.2 * dice.share(), 1.0 + 18.0 * dice.share());
    let (mut came, mut first, mut sent) = (vec![0; whole], vec![0; whole], vec![0; days.len()]);
    let mut people = 0;
    for _ in 0..accounts {
        let own = together * dice.normal();
        let mut best = None;
        for _ in 0..=(largest * dice.share()) as usize {
            people += 1;
            let will = logistic((level / (1.0 - level)).ln() + own + 1.5 * dice.normal() / alike);
            let each = 1.0 - (1.0 - will).powf(1.0 / days.len() as f64);
            let mut answered: Option<usize> = None;
            for ((day, sent), wave) in days.iter().zip(&mut sent).zip(&waves) {
                if answered.is_some_and(|at| at <= *day) {
                    break;
                }
                *sent += 1;
                if dice.share() < (each * wave).min(0.97) {
                    let at = *day + ((slow + spread * dice.normal()).exp() - 0.7).max(0.0) as usize;
                    answered = Some(answered.map_or(at, |before| before.min(at)));
                }
            }
            if let Some(at) = answered.filter(|at| *at < end) {
                came[at] += 1;
                best = Some(best.map_or(at, |before: usize| before.min(at)));
            }
        }
        if let Some(at) = best {
            first[at] += 1;
        }
    }
    let (mut answers, mut answered) = (0, 0);
    let of = |at: usize| {
        answers += came[at];
        answered += first[at];
        let letters: Vec<_> = days.iter().zip(&sent).zip(0_i64..).filter(|((day, _), _)| **day == at).collect();
        let named = |n: i64| if n == 0 { (MessageKind::Invitation, 1) } else { (MessageKind::Reminder, n) };
        let letters: Vec<_> = letters.into_iter().map(|((_, sent), n)| (named(n).0, named(n).1, *sent)).collect();
        day(at as u64, [answers, answered], &letters)
    };
    let days: Vec<Day> = (0..whole).map(of).collect();
    let rate = days.last().unwrap().accounts as f64 / accounts as f64;
    Round { days, people, rate }
}

fn course(round: &Round, accounts: i64, today: usize) -> Course {
    let known = days_of_accounts(&round.days[..=today], round.people, accounts);
    let number = |kind, n: i64| if kind == MessageKind::Invitation { 0 } else { n as usize };
    let letters = round.days.iter().enumerate().flat_map(|(at, day)| {
        let sent = known.get(at).map(|day| day.letters.clone());
        let to = |place: usize| sent.as_ref().map_or(Sent::Planned(1.0), |sent| Sent::To(sent[place].2 as u32));
        let one = |(place, (kind, n, _)): (usize, &(MessageKind, i64, i64))| Letter {
            day: at,
            number: number(*kind, *n),
            to: to(place),
        };
        day.letters.iter().enumerate().map(one).collect::<Vec<_>>()
    });
    let mut before = 0;
    let answers = known.iter().map(|day| {
        let came = day.answers - before;
        before = day.answers;
        came as u32
    });
    Course {
        reachable: accounts as u32,
        answers: answers.collect(),
        letters: letters.collect(),
        since: 0,
        days: round.days.len(),
    }
}

/// With few accounts, whole numbers make the range wider than it need be: it holds more than four rounds of five, never fewer.
#[test]
fn at_least_four_rounds_of_five_end_within_the_range_of_accounts() {
    let accounts = 50;
    let rounds: Vec<Round> = (0..60).map(|seed| round(seed, accounts)).collect();
    let rounds = &rounds;
    let held = move |num: usize, den: usize| {
        let made = rounds.iter().map(|round| {
            let course = course(round, accounts, round.days.len() * num / den);
            let now = f64::from(course.answers.iter().sum::<u32>().max(1)) / accounts as f64;
            (now, round.rate, forecast(&course, 1).unwrap().last)
        });
        let made: Vec<(f64, f64, Range)> = made.collect();
        let whole = made.len() as f64;
        let mut becomes: Vec<f64> = made.iter().map(|(now, rate, _)| rate / now).collect();
        becomes.sort_by(f64::total_cmp);
        let spread = becomes[becomes.len() * 9 / 10] - becomes[becomes.len() / 10];
        let inside = |(_, rate, range): &&(f64, f64, Range)| (range.low - 1e-9..=range.high + 1e-9).contains(rate);
        let share = made.iter().filter(inside).count() as f64 / whole;
        let width = made.iter().map(|(_, _, range)| range.high - range.low).sum::<f64>() / whole;
        let by_average = made.iter().map(|(now, ..)| (now * spread).min(1.0)).sum::<f64>() / whole;
        (share, width, by_average)
    };
    let found = std::thread::scope(|scope| {
        let parts = [(1, 3), (2, 3)].map(|(num, den)| scope.spawn(move || held(num, den)));
        parts.map(|part| part.join().unwrap())
    });
    for (share, width, by_average) in found {
        println!("{share:.3} held, {width:.3} wide, {by_average:.3} by the average curve alone");
        assert!(share >= 0.8, "{share}");
        assert!(width < by_average, "{width} {by_average}");
    }
}
