//! A thousand rounds drawn person by person, counted again by another program text; and what is told of a round of numbers.

use crate::base::ids::Dice;

use super::*;

/// Written from the standard alone, person by person: which letter somebody is.
fn letter(case: Case) -> &'static str {
    if case.completed {
        return "I";
    }
    let gone = case.left || case.removed || case.undeliverable;
    match (case.opted_out, gone, case.begun, case.enough, case.away) {
        (true, ..) => "R",
        (_, true, ..) => "NE",
        (_, _, true, true, _) => "P",
        (_, _, true, false, _) => "R",
        (_, _, _, _, true) => "NC",
        _ => "UO",
    }
}

/// Rates as fractions of counts of letters.
fn rates(letters: &[&str]) -> [Option<f64>; 6] {
    let n = |wanted: &[&str]| letters.iter().filter(|letter| wanted.contains(letter)).count() as f64;
    let may_be_eligible = n(&["I", "P", "R", "NC", "O", "UH", "UO"]);
    let eligible = n(&["I", "P", "R", "NC", "O"]);
    let share = |part: f64, base: f64| if base > 0.0 { Some(part / base) } else { None };
    [
        share(n(&["I"]), may_be_eligible),
        share(n(&["I", "P"]), may_be_eligible),
        share(n(&["I"]), eligible),
        share(n(&["I", "P"]), eligible),
        share(n(&["R"]), may_be_eligible),
        share(n(&["I", "P", "R", "O"]), may_be_eligible),
    ]
}

fn drawn(dice: &mut Dice) -> Vec<Case> {
    let people = dice.below(60);
    let [opts_out, goes, begins, completes] = [0; 4].map(|_: u64| dice.below(70));
    let one = |_| {
        let begun = dice.chance(begins);
        let completed = begun && dice.chance(completes);
        Case {
            completed,
            opted_out: dice.chance(opts_out),
            left: dice.chance(goes / 3),
            removed: dice.chance(goes / 4),
            undeliverable: dice.chance(goes / 2),
            away: !completed && dice.chance(10),
            begun: begun && !completed,
            enough: begun && !completed && dice.chance(50),
        }
    };
    (0..people).map(one).collect()
}

const ALL_TOLD: Whole = Whole { answers: true, started: true, accounts: true, revenue: true };

#[test]
fn a_thousand_rounds_are_counted_alike_by_two_programs() {
    let mut dice = Dice::new(15, "aapor");
    for round in 0..1_000 {
        let people = drawn(&mut dice);
        let cases: Cases = people.iter().map(|case| (*case, 1)).collect();
        let said = told(&cases, Participation::Names, ALL_TOLD);
        let letters: Vec<&str> = people.iter().map(|case| letter(*case)).collect();
        for (rate, wanted) in OutcomeRate::ALL.into_iter().zip(rates(&letters)) {
            let found = said.rates[rate.name()];
            let alike = match (found, wanted) {
                (Some(found), Some(wanted)) => (found - wanted).abs() < 1e-12 && (0.0..=1.0).contains(&found),
                (found, wanted) => found == wanted,
            };
            assert!(alike, "round {round}, {}: {found:?}, and not {wanted:?}", rate.name());
        }
        let counted: i64 = said.dispositions.values().flatten().sum();
        assert_eq!(counted, people.len() as i64, "everybody is one case: {said:?}");
        let doubled: Cases = people.iter().map(|case| (*case, 2)).collect();
        assert_eq!(told(&doubled, Participation::Names, ALL_TOLD).rates, said.rates, "a share is of any number");
    }
}

#[test]
fn each_state_has_its_code() {
    let of = |case: Case| Disposition::of(case).code();
    let none = Case::default();
    for (case, code) in [
        (Case { completed: true, opted_out: true, left: true, removed: true, ..none }, "1.1"),
        (Case { begun: true, enough: true, ..none }, "1.2"),
        (Case { opted_out: true, begun: true, enough: true, ..none }, "2.11"),
        (Case { begun: true, away: true, ..none }, "2.12"),
        (Case { away: true, ..none }, "2.26"),
        (none, "3.19"),
        (Case { left: true, undeliverable: true, ..none }, "4.10"),
        (Case { undeliverable: true, begun: true, ..none }, "4.90"),
        (Case { removed: true, ..none }, "4.90"),
    ] {
        assert_eq!(of(case), code, "{case:?}");
    }
    let codes: Vec<&str> = Disposition::ALL.map(Disposition::code).to_vec();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    assert_eq!(codes, sorted);
    assert_eq!([0, 1, 2, 3, 10].map(enough), [0, 1, 1, 2, 5]);
}

#[test]
fn a_round_without_anybody_has_no_rates() {
    let said = told(&[], Participation::Names, ALL_TOLD);
    assert!(said.rates.values().all(Option::is_none));
    assert_eq!(said.dispositions.values().flatten().sum::<i64>(), 0);
    let json = serde_json::to_value(&said).unwrap();
    assert_eq!(json["rates"]["RR1"], serde_json::Value::Null);
    assert_eq!((json["dispositions"]["1.1"].as_i64(), json.as_object().unwrap().len()), (Some(0), 2));
}

#[test]
fn of_a_round_of_numbers_nothing_is_told_that_gives_somebody_away() {
    let none = Case::default();
    let completed = Case { completed: true, ..none };
    let opted_out = Case { opted_out: true, ..none };
    let rule = Participation::Counts;
    // Three have opted out, by name, and nobody of them has answered.
    let told_of = |cases: &[(Case, i64)]| told(cases, rule, ALL_TOLD);
    let fine = told_of(&[(completed, 12), (none, 20), (opted_out, 3)]);
    assert_eq!((fine.dispositions["1.1"], fine.dispositions["2.11"]), (Some(12), Some(3)));
    assert_eq!(fine.rates["RR1"], Some(12.0 / 35.0));
    // One has opted out, by name, and has answered, or has not: neither is told by the refusals.
    let answered = Case { completed: true, ..opted_out };
    for cases in [[(completed, 12), (none, 20), (answered, 1)], [(completed, 13), (none, 19), (opted_out, 1)]] {
        let said = told_of(&cases);
        assert_eq!(said.dispositions.values().flatten().collect::<Vec<_>>(), [&13], "{said:?}");
        assert!(said.rates.values().all(Option::is_none) && said.outcomes.is_none(), "{said:?}");
    }
    // Where how many have begun is not told, only who has completed is.
    let begun = Whole { started: false, ..ALL_TOLD };
    assert_eq!(told(&[(completed, 12), (none, 20)], rule, begun).dispositions["3.19"], None);
    // Where how many have answered is not told, nothing is.
    let nothing = Whole { answers: false, started: false, ..ALL_TOLD };
    assert!(told(&[(completed, 1), (none, 9)], rule, nothing).dispositions.values().all(Option::is_none));
    // The twin: where names are told, so is everything.
    assert_eq!(told(&[(answered, 1)], Participation::Names, nothing).dispositions["1.1"], Some(1));
}
