//! What a commit has changed, told to pages, duties and other programs: which stage of which round.

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

#[cfg(test)]
mod tests {
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
}
