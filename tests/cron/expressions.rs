//! Which expressions are asked about: a table of what people write, and what a seed makes up around a change of clocks.

use chrono::{Datelike, NaiveDateTime, Timelike};
use soundings::base::ids::Dice;

/// Fixed times, lists, steps, ranges, weekdays, days of the month or weekdays, last days, leap days, months.
pub const TABLE: [&str; 51] = [
    "0 9 * * *",
    "30 1 * * *",
    "30 2 * * *",
    "0 0 * * *",
    "0 3 * * *",
    "30 23 * * *",
    "59 23 * * MON-FRI",
    "15,45 2 * * *",
    "30 1,2 * * *",
    "0,30 0,1,2,3 * * *",
    "10,50 9,13,17 * * *",
    "* * * * *",
    "*/7 * * * *",
    "*/30 * * * *",
    "15 * * * *",
    "5/20 1-3 * * *",
    "10-50/20 2 * * *",
    "58-59 23 * * *",
    "30 0-4 * * *",
    "45 */2 * * *",
    "0 1/3 * * *",
    "0 9 * * 0",
    "0 9 * * 7",
    "0 9 * * SUN",
    "0 9 * * sunday",
    "0 9 * * Tue,Thu",
    "30 2 * * 0,6",
    "0 9 * * 5-7",
    "30 1 * * 5-1",
    "0 9 * * FRI-MON",
    "0 9 * * 7-7",
    "0 9 * * 1-5/2",
    "0 9 * * MON/2",
    "0 9 * * */2",
    "0 9 13 * FRI",
    "30 2 1,15 * 0",
    "*/40 1-2 1-7 * SUN",
    "0 9 13 * 0-7",
    "0 9 */2 * MON",
    "0 9 1-7 * */3",
    "0 9 ? * WED",
    "0 9 28-31 * *",
    "30 2 31 * *",
    "0 0 30 * *",
    "0 9 29 2 *",
    "30 2 29 FEB SUN",
    "30 2 * 3,10,11 *",
    "30 1 25-31 OCT SUN",
    "0 9 1 JAN,apr,JUL,Oct *",
    "0 9 15 */5 *",
    "0 9 1 11/1 *",
];

/// A number near `n`, counted round in `0..below`.
fn near(dice: &mut Dice, n: u32, below: u32) -> u32 {
    (n + below + dice.below(4) as u32 - 2) % below
}

/// `first-last` of two numbers, with a step now and then.
fn range(dice: &mut Dice, a: u32, b: u32) -> String {
    let range = format!("{}-{}", a.min(b), a.max(b).max(a.min(b) + 1));
    if dice.below(4) == 0 { format!("{range}/{}", 1 + dice.below(4)) } else { range }
}

fn list(mut numbers: Vec<u32>) -> String {
    numbers.sort_unstable();
    numbers.dedup();
    numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// An expression that has something to do with the clocks' showing `wall`.
pub fn made_up(dice: &mut Dice, wall: NaiveDateTime) -> String {
    let any = |dice: &mut Dice, below: u32| dice.below(u64::from(below)) as u32;
    let minute = match dice.below(10) {
        0..5 => any(dice, 60).to_string(),
        5..7 => list((0..3).map(|_| any(dice, 60)).collect()),
        7 => format!("*/{}", 1 + any(dice, 59)),
        8 => format!("{}/{}", any(dice, 60), 1 + any(dice, 59)),
        _ => {
            let (a, b) = (any(dice, 59), any(dice, 59));
            range(dice, a, b)
        }
    };
    let hour = match dice.below(10) {
        0..4 => near(dice, wall.hour(), 24).to_string(),
        4..6 => list((0..3).map(|_| near(dice, wall.hour(), 24)).collect()),
        6 => "*".into(),
        7 => format!("*/{}", 1 + any(dice, 5)),
        _ => {
            let (a, b) = (near(dice, wall.hour(), 23), near(dice, wall.hour(), 23));
            range(dice, a, b)
        }
    };
    let day = match dice.below(10) {
        0..6 => "*".into(),
        6 => wall.day().to_string(),
        7 => list((0..3).map(|_| 1 + near(dice, wall.day(), 31)).collect()),
        8 => format!("*/{}", 1 + any(dice, 10)),
        _ => {
            let (a, b) = (1 + near(dice, wall.day(), 30), 1 + any(dice, 30));
            range(dice, a, b)
        }
    };
    let month = match dice.below(10) {
        0..6 => "*".into(),
        6 => wall.month().to_string(),
        7 => ["MAR-APR", "oct,NOV", "Jan,Mar,Oct", "SEP-DEC"][any(dice, 4) as usize].into(),
        8 => format!("*/{}", 1 + any(dice, 6)),
        _ => {
            let (a, b) = (wall.month().min(11), 1 + any(dice, 11));
            range(dice, a, b)
        }
    };
    let weekday = match dice.below(10) {
        0..5 => "*".into(),
        5 => wall.weekday().num_days_from_sunday().to_string(),
        6 => ["MON-FRI", "sat,SUN", "1-5/2", "FRI-MON", "5-1", "*/2", "0-7"][any(dice, 7) as usize].into(),
        7 => list((0..3).map(|_| any(dice, 8)).collect()),
        8 => ["SUN", "Mon", "THU", "fri", "7"][any(dice, 5) as usize].into(),
        _ => {
            let (a, b) = (any(dice, 7), any(dice, 7));
            range(dice, a, b)
        }
    };
    format!("{minute} {hour} {day} {month} {weekday}")
}
