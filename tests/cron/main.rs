//! Cron against a second opinion: `croner` for Node.js, in every zone whose clocks change, around each change from 2025 to 2032.
//!
//! Node.js brings its own edition of the IANA database: zones in which the two editions differ are left out and counted. Where
//! croner means something else than `crontab.rs` does, `asked_of_croner` and `expected` say what and why; all else is a failure.
//! `SOUNDINGS_SEED=n` makes up the expressions of one seed, `SOUNDINGS_SEEDS=n` those of n seeds.

#![expect(clippy::unwrap_used, reason = "what fails in a helper fails the test")]

mod expressions;
mod oracle;

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::json;
use soundings::base::clock::{DAY, MINUTE, SECOND, Ts};
use soundings::base::ids::Dice;
use soundings::rules::calendar::{Cron, Zone, zone, zone_data};

use oracle::{Answer, Gap, Known, Question};

const FROM: Ts = Ts(1_735_689_600_000);
/// 2033-01-01: two leap days after `FROM`.
const UNTIL: Ts = Ts(1_988_150_400_000);
const FIRINGS: usize = 6;
/// Clocks that are never changed, some of them odd.
const STEADY: [&str; 8] = [
    "UTC",
    "Asia/Kathmandu",
    "Asia/Tehran",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Australia/Eucla",
    "Asia/Tokyo",
];
/// In each hundred zones, how many may differ because Node.js has an older edition of the IANA database.
const MOST_OTHERS: usize = 20;
/// Weekdays that croner does not read, and the same in its own words.
const RESPELLED: [(&str, &str); 5] =
    [("FRI-MON", "FRI,SAT,SUN,MON"), ("5-1", "5,6,0,1"), ("sunday", "SUN"), ("7-7", "7"), ("sat,SUN", "SAT,SUN")];

struct Place {
    zone: Zone,
    changes: Vec<Ts>,
}

fn places() -> Vec<Place> {
    let all = zone::names().into_iter().map(|name| {
        let zone = Zone::find(&name).unwrap();
        let (mut changes, mut at) = (Vec::new(), FROM);
        while let Some(next) = zone.changes(at, UNTIL).next() {
            changes.push(next);
            at = next;
        }
        Place { zone, changes }
    });
    all.filter(|place| !place.changes.is_empty() || STEADY.contains(&place.zone.name())).collect()
}

fn known(place: &Place) -> Known {
    let zone = &place.zone;
    let weekly = (FROM.0..UNTIL.0).step_by(7 * DAY as usize);
    let around = place.changes.iter().flat_map(|at| [at.0 - SECOND, at.0]);
    let gap = |at: &Ts| {
        let (before, after) = (zone.offset(at.plus(-1)), zone.offset(*at));
        (after > before).then_some(Gap { at: at.0, wall: (at.0 + before, at.0 + after) })
    };
    Known {
        name: zone.name().into(),
        samples: weekly.chain(around).map(|at| (at, zone.offset(Ts(at)))).collect(),
        skipped: place.changes.iter().filter_map(gap).collect(),
    }
}

/// Half of the table for every zone, the other half with the next seed, and made-up expressions for every change of clocks.
fn questions(places: &[Place], seed: u64) -> Vec<(String, Question)> {
    let mut all = Vec::new();
    for (n, place) in places.iter().enumerate() {
        let dice = &mut Dice::new(seed, place.zone.name());
        for expression in expressions::TABLE.into_iter().skip((n + seed as usize) % 2).step_by(2) {
            let near = dice.below(place.changes.len().max(1) as u64) as usize;
            all.push(asked_of_croner(place, expression.into(), start(dice, place.changes.get(near))));
        }
        for change in &place.changes {
            let expression = expressions::made_up(dice, place.zone.local(*change));
            all.push(asked_of_croner(place, expression, start(dice, Some(change))));
        }
    }
    all
}

/// Shortly before a change of clocks, at it, in the hour that is repeated; at times anywhere.
fn start(dice: &mut Dice, change: Option<&Ts>) -> Ts {
    let anywhere = FROM.plus(dice.below(5 * 365 * 24 * 60) as i64 * MINUTE);
    let minutes = |dice: &mut Dice, below: u64| dice.below(below) as i64 * MINUTE;
    match (dice.below(8), change) {
        (0, _) | (_, None) => anywhere,
        (1, Some(at)) => at.plus(-1),
        (2, Some(at)) => *at,
        (3, Some(at)) => at.plus(minutes(dice, 120)),
        (4, Some(at)) => at.plus(-3 * DAY - minutes(dice, 1_440)),
        (5, Some(at)) => at.plus(-DAY),
        (_, Some(at)) => at.plus(-minutes(dice, 4 * 60)),
    }
}

/// How an expression must be put to croner so that it means the same.
fn asked_of_croner(place: &Place, expression: String, after: Ts) -> (String, Question) {
    let fields: Vec<&str> = expression.split(' ').collect();
    let (minute, hour, day, weekday) = (fields[0], fields[1], fields[2], fields[4]);
    let weekday_there = RESPELLED.iter().find(|(ours, _)| *ours == weekday).map_or(weekday, |(_, theirs)| theirs);
    let ranges =
        [minute, hour].iter().any(|field| field.contains('-')) && ![minute, hour].iter().any(|f| f.contains('/'));
    let options = json!({
        // A range or a step says "every" for us, and so comes in both passes of a repeated hour, but a list does not. croner takes
        // ranges and lists alike: as "every" by its first rule, as fixed times by its second.
        "fixedTimeRule": if ranges { "single-value" } else { "no-wildcard" },
        // A day that begins with `*` counts as not given, so that the other must fit; croner does so for a lone `*` only.
        "domAndDow": day.starts_with("*/") || weekday.starts_with("*/"),
    });
    let there = [minute, hour, day, fields[3], weekday_there].join(" ");
    let zone = place.zone.name().to_string();
    let question = Question { zone, expression: there, options, after: after.0, until: UNTIL.0, count: FIRINGS };
    (expression, question)
}

/// croner's firings and those that it leaves out where clocks skip a time: they come at the end of the gap, so that nothing that is
/// planned is lost, for "every" expressions too and when the gap ends on the next day. croner does this for fixed times of one day only.
fn expected(expression: &str, zone: &Zone, answer: &Answer) -> BTreeSet<i64> {
    let every = expression.split(' ').take(2).any(|field| field.contains(['*', '/', '-']));
    let left_out = answer.skips.iter().filter(|end| {
        let before = zone.local(Ts(**end - 1));
        every || before.date() != zone.local(Ts(**end)).date()
    });
    answer.firings.iter().chain(left_out).copied().collect()
}

/// The first `count` before `UNTIL`.
fn ours(cron: &Cron, zone: &Zone, after: Ts, count: usize) -> Vec<i64> {
    let next = |at: &Ts| cron.next(zone, *at);
    std::iter::successors(next(&after), next).map(|at| at.0).take(count).collect()
}

#[derive(Default)]
struct Tally {
    asked: usize,
    firings: usize,
    equal: usize,
    explained: usize,
    wrong: Vec<String>,
}

impl Tally {
    fn compare(&mut self, expression: &str, question: &Question, answer: &Answer) {
        let zone = Zone::find(&question.zone).unwrap();
        let before_the_end = |at: &i64| *at < UNTIL.0;
        let found = match Cron::parse(expression) {
            Ok(cron) => ours(&cron, &zone, Ts(question.after), question.count),
            Err(why) => {
                assert!(why.contains("never comes"), "{why}");
                Vec::new()
            }
        };
        let wanted = expected(expression, &zone, answer);
        let (found, wanted): (Vec<i64>, Vec<i64>) = (
            found.into_iter().filter(before_the_end).collect(),
            wanted.into_iter().take(question.count).filter(before_the_end).collect(),
        );
        self.asked += 1;
        self.firings += wanted.len();
        if found != wanted {
            let shown = |at: &[i64]| at.iter().map(|at| Ts(*at).to_string()).collect::<Vec<_>>().join(" ");
            let after = Ts(question.after).utc().to_rfc3339();
            self.wrong.push(format!(
                "`{expression}` in {} after {after}\n  ours   {}\n  wanted {}",
                question.zone,
                shown(&found),
                shown(&wanted),
            ));
        } else if wanted.iter().all(|at| answer.firings.contains(at)) {
            self.equal += 1;
        } else {
            self.explained += 1;
        }
    }
}

fn seeds() -> std::ops::Range<u64> {
    let number = |name: &str| std::env::var(name).ok().and_then(|s| s.parse::<u64>().ok());
    match number("SOUNDINGS_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("SOUNDINGS_SEEDS").unwrap_or(1),
    }
}

#[test]
fn cron_fires_when_croner_says() {
    if let Some(why) = oracle::missing() {
        assert!(std::env::var_os("CI").is_none(), "{why} (a skip is a failure in CI)");
        // Past the capture of the test runner, so that it is seen.
        writeln!(std::io::stderr(), "skipped: {why}").unwrap();
        return;
    }
    let places = places();
    let zones: Vec<Known> = places.iter().map(known).collect();
    let mut tally = Tally::default();
    let mut others = BTreeSet::new();
    for seed in seeds() {
        let (expressions, questions): (Vec<_>, Vec<_>) = questions(&places, seed).into_iter().unzip();
        let said = oracle::ask(&zones, &questions);
        let first = &said[0];
        let (croner, node, theirs) = (&first.croner, &first.node, &first.data);
        println!("seed {seed}: croner {croner} on Node.js {node} with IANA {theirs}; ours has IANA {}", zone_data());
        let answers = said.iter().flat_map(|part| &part.answers);
        for ((expression, question), answer) in expressions.iter().zip(&questions).zip(answers) {
            if let Some(answer) = answer {
                tally.compare(expression, question, answer);
            }
        }
        others.extend(said.iter().flat_map(|part| part.others.clone()));
    }
    println!("{} of {} zones left out: {others:?}", others.len(), zones.len());
    println!(
        "{} questions, {} firings: {} questions answered alike, {} alike but for skipped times",
        tally.asked, tally.firings, tally.equal, tally.explained
    );
    assert!(
        others.len() * 100 <= MOST_OTHERS * zones.len(),
        "{} zones are not those of Node.js: {others:?}",
        others.len()
    );
    let shown = tally.wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n");
    assert!(tally.wrong.is_empty(), "{} wrong, the first:\n{shown}", tally.wrong.len());
    assert!(tally.explained > 0, "no time was skipped: the rule for them was not tried");
}
