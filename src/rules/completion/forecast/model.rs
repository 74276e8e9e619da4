//! How answers follow letters, with what is not known of it; how likely a course is under it, and what it lets come.

use super::so_far::{Course, Letter, Sent};
use crate::base::ids::Dice;

/// Letters beyond these are as the last of them.
pub const LETTERS: usize = 8;
/// What is not known: four numbers of the round and one of each letter.
const UNKNOWN: usize = USUAL.len() + LETTERS;

/// One way in which the round may be.
#[derive(Clone, Debug)]
pub struct Shape(pub(super) [f64; UNKNOWN]);

/// Means and deviations of what is not known, before anything is seen. The first letter moves 6 to 38 of a hundred in two rounds of three
/// (domain: a first round ends below 1 in 3, a consultancy reports 85 %), each later one about three quarters of the one before; a third to two
/// thirds of those whom it moves answer on the same day.
const USUAL: [(f64, f64); 4] = [(-1.6, 1.1), (-0.25, 0.15), (-0.4, 0.9), (0.0, 0.8)];
/// One letter is better or worse than the row of them.
const OF_A_LETTER: f64 = 0.2;
/// By how much a day is off beside what chance does: holidays, a colleague who reminds everybody.
const OFF: f64 = 0.3;
/// Chance itself is wider than that of coins: colleagues answer together.
const WIDER: f64 = 1.3;
/// The same of all days to come together.
const OFF_AHEAD: f64 = 0.25;
/// A letter of a hundred times so many after which hardly anybody answers any more, and what is left of its share then.
const ENDS: f64 = 0.05;
const AFTER_THE_END: f64 = 0.1;

impl Shape {
    pub fn usual() -> Shape {
        let mut all = [0.0; UNKNOWN];
        for (value, (mean, _)) in all.iter_mut().zip(USUAL) {
            *value = mean;
        }
        Shape(all)
    }

    fn at(&self, n: usize) -> f64 {
        self.0.get(n).copied().unwrap_or_default()
    }

    /// The share of those who got letter `k` whom it moves; 0 is the invitation.
    fn moved(&self, k: usize) -> f64 {
        logistic(self.at(0) + self.at(1) * k as f64 + self.at(USUAL.len() + k.min(LETTERS - 1)))
    }

    /// The share of these who answer so many days after it.
    fn after(&self, days: usize) -> f64 {
        let (same_day, stays) = (logistic(self.at(2)), logistic(self.at(3)));
        match days {
            0 => same_day,
            n => (1.0 - same_day) * (1.0 - stays) * stays.powi(n as i32 - 1),
        }
    }

    /// How likely it is before anything is seen; logarithm, up to a constant.
    fn prior(&self) -> f64 {
        let of_the_round =
            USUAL.iter().zip(&self.0).map(|((mean, deviation), value)| square((value - mean) / deviation));
        let of_letters = self.0.iter().skip(USUAL.len()).map(|value| square(value / OF_A_LETTER));
        -0.5 * (of_the_round.sum::<f64>() + of_letters.sum::<f64>())
    }
}

/// A course as the model reads it.
pub struct Model {
    reachable: f64,
    answers: Vec<f64>,
    days: usize,
    sent: Vec<Gone>,
    planned: Vec<Coming>,
    /// The highest number of a letter.
    most: usize,
}

/// What a shape says of each letter and of each day after it, worked out once for all letters and days.
struct Pace {
    moved: Vec<f64>,
    after: Vec<f64>,
}

impl Pace {
    fn of(shape: &Shape, most: usize, days: usize) -> Pace {
        Pace { moved: (0..=most).map(|k| shape.moved(k)).collect(), after: (0..days).map(|n| shape.after(n)).collect() }
    }
}

/// A letter that went.
#[derive(Clone, Copy)]
struct Gone {
    day: usize,
    number: usize,
    people: f64,
}

/// A letter to come, to a share of those who will not have answered.
#[derive(Clone, Copy)]
struct Coming {
    day: usize,
    number: usize,
    share: f64,
}

impl Model {
    pub fn of(course: &Course) -> Model {
        let (mut sent, mut planned) = (Vec::new(), Vec::new());
        for &Letter { day, number, to } in &course.letters {
            match to {
                Sent::To(people) => sent.push(Gone { day, number, people: f64::from(people) }),
                Sent::Planned(share) => planned.push(Coming { day, number, share: share.clamp(0.0, 1.0) }),
            }
        }
        Model {
            reachable: f64::from(course.reachable),
            answers: course.answers.iter().map(|n| f64::from(*n)).collect(),
            days: course.days,
            sent,
            planned,
            most: course.letters.iter().map(|letter| letter.number).max().unwrap_or(0),
        }
    }

    /// How many letters have numbers of their own in what was seen.
    pub fn seen(&self) -> usize {
        let last = self.sent.iter().map(|letter| letter.number).max().unwrap_or(0);
        (last + 1).min(LETTERS)
    }

    /// How likely a shape is after what was seen; logarithm, up to a constant.
    pub fn likely(&self, shape: &Shape) -> f64 {
        let pace = Pace::of(shape, self.most, self.answers.len());
        let days = self.answers.iter().enumerate().map(|(day, answers)| {
            let expected = expected(&self.sent, &[], &pace, day).max(1e-6);
            let spread = expected * WIDER + square(OFF * expected);
            match expected < 8.0 {
                true => negative_binomial(*answers, expected, square(expected) / (spread - expected).max(1e-9)),
                false => -0.5 * (square(answers - expected) / spread + spread.ln()),
            }
        });
        shape.prior() + days.sum::<f64>()
    }
}

/// How many answer on a day; `ended`: what is left of the share of each letter.
fn expected(sent: &[Gone], ended: &[f64], pace: &Pace, day: usize) -> f64 {
    let of = |(n, letter): (usize, &Gone)| {
        let left = ended.get(n).copied().unwrap_or(1.0);
        let after = day.checked_sub(letter.day).and_then(|days| pace.after.get(days)).copied().unwrap_or_default();
        letter.people * left * pace.moved.get(letter.number).copied().unwrap_or_default() * after
    };
    sent.iter().enumerate().map(of).sum()
}

/// How many will have answered by each day after today, in one of the ways in which it may go on.
pub fn rest(model: &Model, shape: &Shape, dice: &mut Thrower) -> Vec<f64> {
    let (mut shape, mut sent) = (shape.clone(), model.sent.clone());
    for value in shape.0.iter_mut().skip(USUAL.len() + model.seen()) {
        *value = OF_A_LETTER * dice.normal();
    }
    let pace = Pace::of(&shape, model.most, model.days);
    let mut left = vec![1.0; sent.len()];
    let off = (OFF_AHEAD * dice.normal()).exp();
    let mut total: f64 = model.answers.iter().sum();
    let mut has_ended = false;
    let mut coming = model.planned.iter().peekable();
    let mut days = Vec::new();
    for day in model.answers.len()..model.days {
        while let Some(letter) = coming.next_if(|letter| letter.day <= day) {
            has_ended = has_ended || dice.share() < ENDS;
            left.push(if has_ended { AFTER_THE_END } else { 1.0 });
            let people = letter.share * (model.reachable - total).max(0.0);
            sent.push(Gone { day: letter.day, number: letter.number, people });
        }
        total = (total + dice.counted(off * expected(&sent, &left, &pace, day))).min(model.reachable);
        days.push(total);
    }
    days
}

/// Throws of other kinds than a dice has.
pub struct Thrower(Dice);

impl Thrower {
    pub fn new(seed: u64) -> Thrower {
        Thrower(Dice::new(seed, "forecast"))
    }

    /// Between 0 and 1, neither of them.
    pub fn share(&mut self) -> f64 {
        (self.0.below(1 << 53) as f64 + 0.5) / (1_u64 << 53) as f64
    }

    /// Of the normal distribution with mean 0 and deviation 1 (Box and Muller).
    pub fn normal(&mut self) -> f64 {
        (-2.0 * self.share().ln()).sqrt() * (std::f64::consts::TAU * self.share()).cos()
    }

    /// A number of things of which so many are expected (Poisson; Knuth's way for few, the normal distribution for many).
    fn counted(&mut self, expected: f64) -> f64 {
        if expected > 30.0 {
            return (expected + expected.sqrt() * self.normal()).round().max(0.0);
        }
        let (end, mut n, mut product) = ((-expected).exp(), 0.0, self.share());
        while product > end {
            product *= self.share();
            n += 1.0;
        }
        n
    }
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

fn square(x: f64) -> f64 {
    x * x
}

/// Logarithm of the probability of `n` where `mean` are expected, with this size (the larger, the nearer to Poisson).
fn negative_binomial(n: f64, mean: f64, size: f64) -> f64 {
    log_gamma(n + size) - log_gamma(size) - log_gamma(n + 1.0)
        + size * (size / (size + mean)).ln()
        + n * (mean / (size + mean)).max(f64::MIN_POSITIVE).ln()
}

/// Lanczos' approximation, good to ten digits for positive numbers.
fn log_gamma(x: f64) -> f64 {
    const SERIES: [f64; 6] = [
        76.180_091_729_471_46,
        -86.505_320_329_416_77,
        24.014_098_240_830_91,
        -1.231_739_572_450_155,
        0.120_865_097_386_617_9e-2,
        -0.539_523_938_495_3e-5,
    ];
    let shifted = x + 5.5 - (x + 0.5) * (x + 5.5).ln();
    let series = SERIES.iter().zip(1..).map(|(c, n)| c / (x + f64::from(n))).sum::<f64>();
    -shifted + (2.506_628_274_631_000_5 * (1.000_000_000_190_015 + series) / x).ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gamma_function_of_whole_numbers_is_the_factorial() {
        for (x, factorial) in [(1.0, 1.0_f64), (2.0, 1.0), (5.0, 24.0), (11.0, 3_628_800.0)] {
            assert!((log_gamma(x) - factorial.ln()).abs() < 1e-8, "{x}");
        }
        assert!((log_gamma(0.5) - std::f64::consts::PI.sqrt().ln()).abs() < 1e-8);
    }

    #[test]
    fn all_answers_to_a_letter_come_in_the_end_and_probabilities_are_of_one_whole() {
        let shape = Shape::usual();
        assert!(((0..200).map(|days| shape.after(days)).sum::<f64>() - 1.0).abs() < 1e-9);
        let all: f64 = (0..400).map(|n| negative_binomial(f64::from(n), 3.0, 2.5).exp()).sum();
        assert!((all - 1.0).abs() < 1e-6, "{all}");
    }
}
