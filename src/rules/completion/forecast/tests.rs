//! The forecast against rounds that it knows nothing of: people with a readiness of their own, slow and fast, waves, sudden ends.

use super::model::Thrower;
use super::*;

struct Round {
    days: Vec<u32>,
    letters: Vec<(usize, u32)>,
    rate: f64,
}

/// Made by another rule than the forecast's.
fn round(seed: u64, people: u32) -> Round {
    let mut dice = Thrower::new(seed);
    let logistic = |x: f64| 1.0 / (1.0 + (-x).exp());
    let (level, alike) = (0.05 + 0.9 * dice.share(), 0.6 + 3.0 * dice.share());
    let (slow, spread) = (1.5 * dice.share() - 0.3, 0.5 + 0.7 * dice.share());
    let gap = 3 + (dice.share() * 3.0) as usize;
    let days: Vec<usize> = (0..3 + (dice.share() * 3.0) as usize).map(|k| k * gap).collect();
    let whole = days.last().unwrap() + 5;
    let waves: Vec<f64> = days.iter().map(|_| (0.35 * dice.normal()).exp()).collect();
    let end = if dice.share() < 0.15 { (whole as f64 * (0.4 + 0.6 * dice.share())) as usize } else { whole };
    let mut answers = vec![0; whole];
    let mut letters: Vec<(usize, u32)> = days.iter().map(|day| (*day, 0)).collect();
    for _ in 0..people {
        let will = logistic((level / (1.0 - level)).ln() + 1.5 * dice.normal() / alike);
        let each = 1.0 - (1.0 - will).powf(1.0 / days.len() as f64);
        let mut answered: Option<usize> = None;
        for ((day, sent), wave) in letters.iter_mut().zip(&waves) {
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
            answers[at] += 1;
        }
    }
    let rate = f64::from(answers.iter().sum::<u32>()) / f64::from(people);
    Round { days: answers, letters, rate }
}

fn course(round: &Round, people: u32, today: usize) -> Course {
    let letter = |(number, (day, sent)): (usize, &(usize, u32))| Letter {
        day: *day,
        number,
        to: if *day <= today { Sent::To(*sent) } else { Sent::Planned(1.0) },
    };
    Course {
        reachable: people,
        letters: round.letters.iter().enumerate().map(letter).collect(),
        answers: round.days[..=today].to_vec(),
        since: 0,
        days: round.days.len(),
    }
}

/// How many of the rounds end within their range, how wide the ranges are, and how wide those of the average curve alone.
struct Held {
    share: f64,
    width: f64,
    by_average: f64,
}

/// Forecasts made after such a part of each round.
fn held(people: u32, rounds: &[Round], (num, den): (usize, usize)) -> Held {
    let made: Vec<(f64, f64, Range)> = rounds
        .iter()
        .map(|round| {
            let today = round.days.len() * num / den;
            let course = course(round, people, today);
            let now = f64::from(course.answers.iter().sum::<u32>().max(1)) / f64::from(people);
            (now, round.rate, forecast(&course, 1).unwrap().last)
        })
        .collect();
    let whole = made.len() as f64;
    // Whoever knows the average curve alone multiplies what has come by what it becomes in four rounds of five.
    let mut becomes: Vec<f64> = made.iter().map(|(now, rate, _)| rate / now).collect();
    becomes.sort_by(f64::total_cmp);
    let spread = becomes[becomes.len() * 9 / 10] - becomes[becomes.len() / 10];
    Held {
        share: made.iter().filter(|(_, rate, range)| (range.low..=range.high).contains(rate)).count() as f64 / whole,
        width: made.iter().map(|(_, _, range)| range.high - range.low).sum::<f64>() / whole,
        by_average: made.iter().map(|(now, ..)| (now * spread).min(1.0)).sum::<f64>() / whole,
    }
}

#[test]
fn four_rounds_of_five_end_within_the_range_and_it_narrows() {
    let people = 300;
    let rounds: Vec<Round> = (0..300).map(|seed| round(seed, people)).collect();
    let found: Vec<Held> = std::thread::scope(|scope| {
        let parts = [(1, 3), (1, 2), (2, 3)].map(|part| {
            scope.spawn({
                let rounds = &rounds;
                move || held(people, rounds, part)
            })
        });
        parts.map(|part| part.join().unwrap()).into()
    });
    for Held { share, width, by_average } in &found {
        println!("{share:.3} held, {width:.3} wide, {by_average:.3} by the average curve alone");
        assert!((0.75..=0.85).contains(share), "{share}");
        assert!(width < by_average, "{width} {by_average}");
    }
    assert!(found.windows(2).all(|pair| pair[1].width < pair[0].width));
}

#[test]
fn the_same_course_has_the_same_forecast_and_days_only_rise() {
    let round = round(7, 300);
    let course = course(&round, 300, 6);
    let found = forecast(&course, 1).unwrap();
    assert_eq!(found, forecast(&course, 1).unwrap());
    assert_eq!(found.days.len(), course.days - course.answers.len());
    for pair in found.days.windows(2) {
        assert!(pair[0].low <= pair[1].low && pair[0].middle <= pair[1].middle && pair[0].high <= pair[1].high);
    }
    let now = f64::from(course.answers.iter().sum::<u32>()) / 300.0;
    assert!(found.last.low >= now && found.last.high <= 1.0);
    assert!(found.reaches(found.last.middle, &course).is_some());
    assert_eq!(found.reaches(1.01, &course), None);
}

#[test]
fn with_nobody_there_is_none_and_at_the_close_it_is_what_came() {
    let mut over = Course { reachable: 0, letters: Vec::new(), answers: vec![0], since: 0, days: 10 };
    assert_eq!(forecast(&over, 1), None);
    over.reachable = 4;
    over.answers = vec![0, 3];
    over.days = 2;
    let last = forecast(&over, 1).unwrap().last;
    assert_eq!((last.low, last.middle, last.high), (0.75, 0.75, 0.75));
}

#[test]
fn with_few_answers_the_range_is_wide_and_one_more_letter_adds() {
    let letters = |n: usize| {
        (0..n).map(|k| Letter { day: k * 4, number: k, to: if k == 0 { Sent::To(12) } else { Sent::Planned(1.0) } })
    };
    let course =
        |n: usize| Course { reachable: 12, letters: letters(n).collect(), answers: vec![1, 0], since: 0, days: 20 };
    let (four, five) = (forecast(&course(4), 1).unwrap().last, forecast(&course(5), 1).unwrap().last);
    assert!(four.high - four.low > 0.3, "{four:?}");
    assert!(five.middle >= four.middle, "{four:?} {five:?}");
}
