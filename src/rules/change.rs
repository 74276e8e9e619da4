//! What a commit has changed, told to pages, duties and other programs: which stage of which round.

use std::collections::BTreeMap;

use crate::base::ids::RoundId;

/// A stage of a round, or what stands beside the rounds. Its word is the name of the folder or file in `store` that writes it. Nothing
/// writes a stage of its own for completion: what it counts changes with the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    Round,
    Contacts,
    SignOff,
    Plan,
    Sending,
    Replies,
    Repair,
    Response,
    /// Telephone calls, and who means to make them.
    Calling,
    Handover,
    Journal,
    /// Operators, their sessions, the keys of programs.
    Installation,
    /// What is wrong for too long.
    Alarm,
}

impl Stage {
    pub const ALL: [Stage; 13] = [
        Stage::Round,
        Stage::Contacts,
        Stage::SignOff,
        Stage::Plan,
        Stage::Sending,
        Stage::Replies,
        Stage::Repair,
        Stage::Response,
        Stage::Calling,
        Stage::Handover,
        Stage::Journal,
        Stage::Installation,
        Stage::Alarm,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Stage::Round => "round",
            Stage::Contacts => "contacts",
            Stage::SignOff => "signoff",
            Stage::Plan => "plan",
            Stage::Sending => "sending",
            Stage::Replies => "replies",
            Stage::Repair => "repair",
            Stage::Response => "response",
            Stage::Calling => "calling",
            Stage::Handover => "handover",
            Stage::Journal => "journal",
            Stage::Installation => "installation",
            Stage::Alarm => "alarm",
        }
    }

    pub fn parse(text: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.as_str() == text)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// By its id. None: of no round, or of any; whoever shows one looks again.
    pub round: Option<RoundId>,
    pub stage: Stage,
}

impl Change {
    /// Whether it may concern who shows this round.
    pub fn is_about(&self, round: &RoundId) -> bool {
        self.round.as_ref().is_none_or(|of| of == round)
    }
}

/// The number of the last commit that has changed what pages of a round show, by round.
#[derive(Clone, Debug, Default)]
pub struct Latest {
    /// Of all that was heard.
    seq: i64,
    /// Of what belongs to no round, or to any.
    of_any: i64,
    of_rounds: BTreeMap<RoundId, i64>,
    /// Of operators and their sessions, which no page of a round shows.
    of_sessions: i64,
}

impl Latest {
    /// `change`: none where a newer version knows what it is.
    pub fn hear(&mut self, change: Option<&Change>, seq: i64) {
        self.seq = self.seq.max(seq);
        let last = match change {
            Some(Change { stage: Stage::Installation, .. }) => &mut self.of_sessions,
            Some(Change { round: Some(round), .. }) => self.of_rounds.entry(round.clone()).or_default(),
            _ => &mut self.of_any,
        };
        *last = seq.max(*last);
    }

    pub fn seq(&self) -> i64 {
        self.seq
    }

    /// 0 before the first.
    pub fn of(&self, round: &RoundId) -> i64 {
        self.of_rounds.get(round).copied().unwrap_or(0).max(self.of_any)
    }

    pub fn of_sessions(&self) -> i64 {
        self.of_sessions
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_stage_is_known_by_its_word() {
        for stage in Stage::ALL {
            assert_eq!(Stage::parse(stage.as_str()), Some(stage));
        }
        assert_eq!(Stage::parse("database"), None);
    }

    #[test]
    fn what_is_of_no_round_concerns_every_round() {
        let of = |round: Option<&str>| Change { round: round.map(Into::into), stage: Stage::Plan };
        let a = RoundId::from("a");
        assert!(of(None).is_about(&a) && of(Some("a")).is_about(&a) && !of(Some("b")).is_about(&a));
    }

    #[test]
    fn what_no_page_shows_is_no_change_of_a_round_and_what_nobody_knows_is_one_of_all() {
        let (mut latest, a) = (Latest::default(), RoundId::from("a"));
        latest.hear(Some(&Change { round: None, stage: Stage::Installation }), 4);
        assert_eq!((latest.of(&a), latest.of_sessions(), latest.seq()), (0, 4, 4));
        latest.hear(None, 5);
        assert_eq!((latest.of(&a), latest.of_sessions(), latest.seq()), (5, 4, 5));
    }

    proptest! {
        #[test]
        fn a_round_has_the_number_of_the_last_change_that_may_concern_it(
            heard in prop::collection::vec((0_usize..3, 0..Stage::ALL.len(), 1_i64..50), 0..30)
        ) {
            let rounds = [None, Some(RoundId::from("a")), Some(RoundId::from("b"))];
            let change = |round: usize, stage: usize| Change { round: rounds[round].clone(), stage: Stage::ALL[stage] };
            let mut latest = Latest::default();
            // In any order: the rows of one look are in none that matters.
            for (round, stage, seq) in &heard {
                latest.hear(Some(&change(*round, *stage)), *seq);
            }
            for round in rounds.iter().flatten() {
                let shown = heard.iter().filter(|(of, stage, _)| {
                    let change = change(*of, *stage);
                    change.is_about(round) && change.stage != Stage::Installation
                });
                prop_assert_eq!(latest.of(round), shown.map(|(_, _, seq)| *seq).max().unwrap_or(0));
            }
            prop_assert_eq!(latest.seq(), heard.iter().map(|(_, _, seq)| *seq).max().unwrap_or(0));
        }
    }
}
