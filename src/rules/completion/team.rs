//! Whoever hears weekly where his part of a round stands: account managers and account directors of their own accounts, the sponsor of the
//! whole. Each has a page behind the link of that mail.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_levels_are_their_own_and_read_back() {
        for level in TeamLevel::ALL {
            assert_eq!(TeamLevel::parse(level.as_str()), Some(level));
        }
        assert_eq!(TeamLevel::parse("Manager"), None);
    }
}
