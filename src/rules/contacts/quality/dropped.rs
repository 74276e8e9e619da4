//! Cherry-picking: who was asked in the round before, had scored low or stayed silent, and is left out now.
//!
//! People change, so a director who leaves out some is nobody's business. One who leaves out far more of the dissatisfied than the others
//! do makes the results look better than they are, and says why before the round starts. Only numbers are told, never who scored what.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::base::counted::counted;

/// A reason is asked for from more people than this,
pub const SPARED: u64 = 3;
/// from more than so many percent of those whom the director had,
pub const SPARED_PERCENT: u64 = 10;
/// and from more than so many times the median of the other directors.
pub const TIMES_THE_OTHERS: u64 = 2;

/// On the scale from 0 to 10: "would you recommend". Above it nobody is dissatisfied.
pub const LOW: i64 = 6;

/// Somebody who was asked in the round before and could be asked again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonBefore {
    /// The key of the director's address: today's director of the account, else the one of then.
    pub director: String,
    pub name: String,
    /// Scored low, or stayed silent.
    pub weak: bool,
    pub still_listed: bool,
}

/// What a director left out, beside the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DropRate {
    pub director: String,
    pub name: String,
    /// Of the round before, who could be asked again.
    pub before: u64,
    /// Of them: scored low or stayed silent, and not on the list any more.
    pub dropped: u64,
    pub percent: u64,
    /// The median of the other directors, in percent; none where there is nobody else.
    pub others: Option<u64>,
    pub reason_wanted: bool,
}

impl DropRate {
    /// "6 of 20 people of the round before (30 %; the other directors: 5 %)".
    pub fn figures(&self) -> String {
        let others = self.others.map_or_else(String::new, |percent| format!("; the other directors: {percent} %"));
        let people = counted(self.before, "person", "people");
        format!("{} of {people} of the round before ({} %{others})", self.dropped, self.percent)
    }
}

/// Every director of whom somebody was asked before, the highest rate first.
pub fn rates(people: &[PersonBefore]) -> Vec<DropRate> {
    let mut by_director: BTreeMap<&str, DropRate> = BTreeMap::new();
    for person in people {
        let rate = by_director.entry(&person.director).or_insert_with(|| DropRate {
            director: person.director.clone(),
            name: person.name.clone(),
            before: 0,
            dropped: 0,
            percent: 0,
            others: None,
            reason_wanted: false,
        });
        rate.before += 1;
        rate.dropped += u64::from(person.weak && !person.still_listed);
    }
    let mut rates: Vec<DropRate> = by_director.into_values().collect();
    rates.iter_mut().for_each(|rate| rate.percent = rate.dropped * 100 / rate.before.max(1));
    let percents: Vec<u64> = rates.iter().map(|rate| rate.percent).collect();
    for (at, rate) in rates.iter_mut().enumerate() {
        let others = percents.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, p)| *p).collect();
        let twice = twice_the_median(others);
        rate.others = twice.map(|twice| twice.div_ceil(2));
        rate.reason_wanted = rate.dropped > SPARED
            && rate.percent > SPARED_PERCENT
            && 2 * rate.percent > TIMES_THE_OTHERS * twice.unwrap_or(0);
    }
    rates.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| a.director.cmp(&b.director)));
    rates
}

/// Twice, so that the mean of the two middle ones of an even number is a whole number; none of nothing.
fn twice_the_median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    let upper = values.get(values.len() / 2)?;
    let lower = values.get(values.len().checked_sub(1)? / 2)?;
    Some(lower + upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many people of a director, of whom so many were weak and are left out.
    fn people(director: &str, before: usize, dropped: usize) -> Vec<PersonBefore> {
        let person = |at: usize| PersonBefore {
            director: director.into(),
            name: director.to_uppercase(),
            weak: at < dropped,
            still_listed: at >= dropped,
        };
        (0..before).map(person).collect()
    }

    fn wanted(all: &[(&str, usize, usize)]) -> Vec<String> {
        let people: Vec<PersonBefore> = all.iter().flat_map(|(d, n, gone)| people(d, *n, *gone)).collect();
        rates(&people).into_iter().filter(|r| r.reason_wanted).map(|r| r.director).collect()
    }

    #[test]
    fn a_reason_is_wanted_from_whoever_leaves_out_far_more_than_the_others() {
        assert_eq!(wanted(&[("a", 20, 6), ("b", 20, 1), ("c", 20, 0)]), ["a"]);
        assert_eq!(wanted(&[("a", 20, 6), ("b", 20, 5), ("c", 20, 4)]), [""; 0], "all do the same");
        assert_eq!(wanted(&[("a", 5, 3), ("b", 20, 0), ("c", 20, 0)]), [""; 0], "three people are spared");
        assert_eq!(wanted(&[("a", 200, 8), ("b", 20, 0)]), [""; 0], "few of many");
        assert_eq!(wanted(&[("a", 20, 6)]), ["a"], "nobody to compare with");
    }

    #[test]
    fn the_median_of_two_others_lies_between_them() {
        assert_eq!(wanted(&[("a", 20, 6), ("b", 20, 0), ("c", 20, 3)]), ["a"], "30 % beside 7.5 %");
        assert_eq!(wanted(&[("a", 20, 6), ("b", 20, 2), ("c", 20, 4)]), [""; 0], "30 % is twice 15 %");
        assert_eq!(wanted(&[("a", 20, 6), ("b", 20, 2), ("c", 20, 3)]), ["a"], "and more than twice 12.5 %");
        assert_eq!(wanted(&[("a", 20, 7), ("b", 20, 0), ("c", 20, 3), ("d", 20, 4), ("e", 20, 9)]), ["e"]);
        for (values, twice) in
            [(&[][..], None), (&[4], Some(8)), (&[15, 0], Some(15)), (&[9, 1, 2], Some(4)), (&[1, 2, 4, 90], Some(6))]
        {
            assert_eq!(twice_the_median(values.to_vec()), twice, "{values:?}");
        }
        let alone = &rates(&people("a", 20, 6))[0];
        assert_eq!(alone.figures(), "6 of 20 people of the round before (30 %)");
        let rate = &rates(&[people("a", 20, 6), people("b", 20, 0), people("c", 20, 3)].concat())[0];
        assert_eq!(rate.others, Some(8));
    }

    #[test]
    fn only_the_weak_who_are_gone_count() {
        let mut all = people("a", 20, 0);
        all.iter_mut().for_each(|p| p.weak = true);
        assert_eq!(rates(&all)[0].dropped, 0);
        all.iter_mut().for_each(|p| (p.weak, p.still_listed) = (false, false));
        assert_eq!(rates(&all)[0].dropped, 0, "the satisfied who go make nothing look better");
        let rate = &rates(&[people("a", 20, 6), people("b", 20, 1)].concat())[0];
        assert_eq!(rate.figures(), "6 of 20 people of the round before (30 %; the other directors: 5 %)");
    }
}
