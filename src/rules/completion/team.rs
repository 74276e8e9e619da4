//! Whoever hears weekly where his part of a round stands: account managers and account directors of their own accounts, the sponsor of the
//! whole. Each has a page behind the link of that mail.

use crate::rules::plan::Reason;
use crate::rules::round::RoundState;
use crate::rules::sending::reason::MessageReason;

/// Whose part it is. Contract: the words stand in databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TeamLevel {
    /// Of the accounts that he looks after.
    Manager,
    /// Of the accounts whose names he signs.
    Director,
    /// Of the whole round.
    Sponsor,
}

impl TeamLevel {
    pub const ALL: [TeamLevel; 3] = [TeamLevel::Manager, TeamLevel::Director, TeamLevel::Sponsor];

    pub fn as_str(self) -> &'static str {
        match self {
            TeamLevel::Manager => "manager",
            TeamLevel::Director => "director",
            TeamLevel::Sponsor => "sponsor",
        }
    }

    pub fn parse(text: &str) -> Option<TeamLevel> {
        TeamLevel::ALL.into_iter().find(|level| level.as_str() == text)
    }
}

/// What a weekly mail rests on: asked when it is planned, and again when it is claimed (promise 2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weekly {
    /// Of its round.
    pub state: RoundState,
    /// Whoever it is for still looks after accounts of which there is something to tell, or is the sponsor.
    pub has_part: bool,
    /// A later one is there for the same part, or is due.
    pub has_later: bool,
}

/// What becomes of a weekly mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WeeklyMail {
    Goes,
    /// Its round does not run: none is planned, and one that is there stays where it is.
    Waits,
    OfNoUse(MessageReason),
}

impl Weekly {
    pub fn decide(self) -> WeeklyMail {
        match self.state {
            RoundState::Draft | RoundState::Paused => WeeklyMail::Waits,
            RoundState::Closed => WeeklyMail::OfNoUse(Reason::RoundClosed.into()),
            RoundState::Running if !self.has_part => WeeklyMail::OfNoUse(MessageReason::NoPart),
            RoundState::Running if self.has_later => WeeklyMail::OfNoUse(MessageReason::LaterList),
            RoundState::Running => WeeklyMail::Goes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weekly_mail_goes_to_whoever_has_a_part_of_a_running_round_and_only_the_latest() {
        let why = |state, has_part, has_later| Weekly { state, has_part, has_later }.decide();
        for (has_part, has_later) in [(true, true), (true, false), (false, true), (false, false)] {
            let of_no_use = match (has_part, has_later) {
                (false, _) => Some(MessageReason::NoPart),
                (true, true) => Some(MessageReason::LaterList),
                (true, false) => None,
            };
            let running = of_no_use.map_or(WeeklyMail::Goes, WeeklyMail::OfNoUse);
            assert_eq!(why(RoundState::Running, has_part, has_later), running);
            for state in [RoundState::Draft, RoundState::Paused] {
                assert_eq!(why(state, has_part, has_later), WeeklyMail::Waits, "{state:?}");
            }
            let closed = WeeklyMail::OfNoUse(Reason::RoundClosed.into());
            assert_eq!(why(RoundState::Closed, has_part, has_later), closed);
        }
    }

    #[test]
    fn words_of_levels_are_their_own_and_read_back() {
        for level in TeamLevel::ALL {
            assert_eq!(TeamLevel::parse(level.as_str()), Some(level));
        }
        assert_eq!(TeamLevel::parse("Manager"), None);
    }
}
