//! What became of everybody who was invited, and the outcome rates of it, in the terms in which researchers compare rounds.
//!
//! Codes and formulas are those of the American Association for Public Opinion Research: *Standard Definitions: Final Dispositions of Case
//! Codes and Outcome Rates for Surveys*, 10th edition, 2023, for named persons who are asked over the Internet. How our states become its
//! codes, and why, stands in docs/decisions/0068; the figures in docs/FIGURES.md.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::rules::participation::Participation;

use super::told::Whole;

/// What is known of somebody who was invited, or has answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Case {
    pub completed: bool,
    pub opted_out: bool,
    /// Has left the account.
    pub left: bool,
    /// Was taken off the list.
    pub removed: bool,
    /// The address was found dead.
    pub undeliverable: bool,
    /// Away until the close.
    pub away: bool,
    /// Has saved an answer and not sent them.
    pub begun: bool,
    /// As many answers as make an unfinished response one that counts.
    pub enough: bool,
}

/// One case each, in the order of the codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disposition {
    Complete,
    Partial,
    Refusal,
    BreakOff,
    Away,
    NothingReturned,
    Left,
    NotReached,
}

impl Disposition {
    pub const ALL: [Disposition; 8] = [
        Disposition::Complete,
        Disposition::Partial,
        Disposition::Refusal,
        Disposition::BreakOff,
        Disposition::Away,
        Disposition::NothingReturned,
        Disposition::Left,
        Disposition::NotReached,
    ];

    /// What was said last counts, and an answer before all else: it was given.
    pub fn of(case: Case) -> Disposition {
        match case {
            Case { completed: true, .. } => Disposition::Complete,
            Case { opted_out: true, .. } => Disposition::Refusal,
            Case { left: true, .. } => Disposition::Left,
            Case { removed: true, .. } | Case { undeliverable: true, .. } => Disposition::NotReached,
            Case { begun: true, enough: true, .. } => Disposition::Partial,
            Case { begun: true, .. } => Disposition::BreakOff,
            Case { away: true, .. } => Disposition::Away,
            _ => Disposition::NothingReturned,
        }
    }

    /// Contract: the keys of `dispositions` in `aapor --json`.
    pub fn code(self) -> &'static str {
        match self {
            Disposition::Complete => "1.1",
            Disposition::Partial => "1.2",
            Disposition::Refusal => "2.11",
            Disposition::BreakOff => "2.12",
            Disposition::Away => "2.26",
            Disposition::NothingReturned => "3.19",
            Disposition::Left => "4.10",
            Disposition::NotReached => "4.90",
        }
    }

    /// As the standard calls it.
    pub fn label(self) -> &'static str {
        match self {
            Disposition::Complete => "complete",
            Disposition::Partial => "partial with sufficient information",
            Disposition::Refusal => "explicit refusal",
            Disposition::BreakOff => "break-off, or partial with insufficient information",
            Disposition::Away => "non-contact: unavailable during the field period",
            Disposition::NothingReturned => "unknown eligibility: nothing ever returned",
            Disposition::Left => "not eligible: not in the sample any more",
            Disposition::NotReached => "not eligible: other",
        }
    }

    /// Who of a round that is.
    pub fn meaning(self) -> &'static str {
        match self {
            Disposition::Complete => "has sent the answers off",
            Disposition::Partial => "has begun and not sent, with at least half of the items answered",
            Disposition::Refusal => "has opted out",
            Disposition::BreakOff => "has begun and not sent, with less than half of the items answered",
            Disposition::Away => "is away until the close, as an automatic reply or somebody said",
            Disposition::NothingReturned => "was invited, and nothing came back",
            Disposition::Left => "has left the account",
            Disposition::NotReached => "the address is dead, as was proven, or the name was taken off the list",
        }
    }
}

/// An unfinished response counts as partial from so many answers on: half of what is asked.
pub fn enough(items: usize) -> i64 {
    items.div_ceil(2) as i64
}

/// Cases that are alike, and how many.
pub type Cases = Vec<(Case, i64)>;

pub fn dispositions(cases: &[(Case, i64)]) -> BTreeMap<Disposition, i64> {
    let mut all: BTreeMap<Disposition, i64> = Disposition::ALL.into_iter().map(|one| (one, 0)).collect();
    for (case, people) in cases {
        *all.entry(Disposition::of(*case)).or_default() += people;
    }
    all
}

/// The groups of which all rates are made, by their letters in the standard. `O` (other) and `UH` have nobody where named persons are
/// asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// I
    pub complete: i64,
    /// P
    pub partial: i64,
    /// R
    pub refusal: i64,
    /// NC
    pub non_contact: i64,
    /// UO
    pub unknown: i64,
}

impl Outcomes {
    pub fn of(all: &BTreeMap<Disposition, i64>) -> Outcomes {
        let people = |one: Disposition| all.get(&one).copied().unwrap_or(0);
        Outcomes {
            complete: people(Disposition::Complete),
            partial: people(Disposition::Partial),
            refusal: people(Disposition::Refusal) + people(Disposition::BreakOff),
            non_contact: people(Disposition::Away),
            unknown: people(Disposition::NothingReturned),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutcomeRate {
    Rr1,
    Rr2,
    Rr5,
    Rr6,
    Ref1,
    Con1,
}

impl OutcomeRate {
    pub const ALL: [OutcomeRate; 6] =
        [OutcomeRate::Rr1, OutcomeRate::Rr2, OutcomeRate::Rr5, OutcomeRate::Rr6, OutcomeRate::Ref1, OutcomeRate::Con1];

    pub fn name(self) -> &'static str {
        match self {
            OutcomeRate::Rr1 => "RR1",
            OutcomeRate::Rr2 => "RR2",
            OutcomeRate::Rr5 => "RR5",
            OutcomeRate::Rr6 => "RR6",
            OutcomeRate::Ref1 => "REF1",
            OutcomeRate::Con1 => "CON1",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            OutcomeRate::Rr1 => "response rate, the least: complete ones of all who may be eligible",
            OutcomeRate::Rr2 => "the same with partial ones",
            OutcomeRate::Rr5 => "response rate, the most: complete ones of those who are known to be eligible",
            OutcomeRate::Rr6 => "the same with partial ones",
            OutcomeRate::Ref1 => "refusal rate: refusals and break-offs of all who may be eligible",
            OutcomeRate::Con1 => "contact rate: who was reached, of all who may be eligible",
        }
    }

    pub fn formula(self) -> &'static str {
        match self {
            OutcomeRate::Rr1 => "I / ((I + P) + (R + NC + O) + (UH + UO))",
            OutcomeRate::Rr2 => "(I + P) / ((I + P) + (R + NC + O) + (UH + UO))",
            OutcomeRate::Rr5 => "I / ((I + P) + (R + NC + O))",
            OutcomeRate::Rr6 => "(I + P) / ((I + P) + (R + NC + O))",
            OutcomeRate::Ref1 => "R / ((I + P) + (R + NC + O) + (UH + UO))",
            OutcomeRate::Con1 => "((I + P) + R + O) / ((I + P) + (R + NC + O) + (UH + UO))",
        }
    }

    /// Numerator and denominator.
    pub fn parts(self, of: &Outcomes) -> (i64, i64) {
        let interviews = of.complete + of.partial;
        let eligible = interviews + of.refusal + of.non_contact;
        let all = eligible + of.unknown;
        match self {
            OutcomeRate::Rr1 => (of.complete, all),
            OutcomeRate::Rr2 => (interviews, all),
            OutcomeRate::Rr5 => (of.complete, eligible),
            OutcomeRate::Rr6 => (interviews, eligible),
            OutcomeRate::Ref1 => (of.refusal, all),
            OutcomeRate::Con1 => (interviews + of.refusal, all),
        }
    }

    /// Not rounded; none of nobody.
    pub fn share(self, of: &Outcomes) -> Option<f64> {
        let (part, base) = self.parts(of);
        (base > 0).then(|| part as f64 / base as f64)
    }
}

/// What may be told of a round. Contract: `aapor ROUND --json`; `null` is what is not told, and the rate of nobody.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Aapor {
    pub dispositions: BTreeMap<&'static str, Option<i64>>,
    pub rates: BTreeMap<&'static str, Option<f64>>,
    /// For pages: what the rates are made of, where all of it is told.
    #[serde(skip)]
    pub outcomes: Option<Outcomes>,
}

/// `whole`: which figures of the round are told at all.
pub fn told(cases: &[(Case, i64)], rule: Participation, whole: Whole) -> Aapor {
    let all = dispositions(cases);
    let outcomes = Some(Outcomes::of(&all)).filter(|_| rule.names() || (whole.started && is_safe(cases, rule)));
    let is_told = |one: Disposition| outcomes.is_some() || (one == Disposition::Complete && whole.answers);
    Aapor {
        dispositions: all.iter().map(|(one, people)| (one.code(), Some(*people).filter(|_| is_told(*one)))).collect(),
        rates: OutcomeRate::ALL.iter().map(|rate| (rate.name(), outcomes.and_then(|of| rate.share(&of)))).collect(),
        outcomes,
    }
}

/// Who has opted out, left, was taken off, is not reached or away is told by name: how many of each group have answered would be what is
/// missing of it in its disposition. So each of them has to be a number that may be told, beside all others.
fn is_safe(cases: &[(Case, i64)], rule: Participation) -> bool {
    let mut groups: BTreeMap<Disposition, (i64, i64)> = BTreeMap::new();
    for (case, people) in cases {
        let as_named = Disposition::of(Case { completed: false, begun: false, enough: false, ..*case });
        let group = groups.entry(as_named).or_default();
        // Having begun is told no more than having answered.
        group.0 += if case.completed || case.begun { *people } else { 0 };
        group.1 += people;
    }
    let (completed, of) = groups.values().fold((0, 0), |sum, group| (sum.0 + group.0, sum.1 + group.1));
    rule.count(completed, of).is_some() && groups.values().all(|group| rule.count(group.0, group.1).is_some())
}

#[cfg(test)]
#[path = "aapor_tests.rs"]
mod tests;
