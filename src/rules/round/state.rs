//! Where a round is in its life, and what may come after it.

use serde::{Deserialize, Serialize};

/// Where a round is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// Loaded; nothing is sent, to nobody.
    Draft,
    Running,
    /// Nothing leaves; answers and signatures are still taken.
    Paused,
    /// Over: nothing leaves and nothing more is taken.
    Closed,
}

impl RoundState {
    pub fn as_str(self) -> &'static str {
        match self {
            RoundState::Draft => "draft",
            RoundState::Running => "running",
            RoundState::Paused => "paused",
            RoundState::Closed => "closed",
        }
    }

    pub fn parse(text: &str) -> Option<RoundState> {
        [RoundState::Draft, RoundState::Running, RoundState::Paused, RoundState::Closed]
            .into_iter()
            .find(|s| s.as_str() == text)
    }

    /// Draft -> running <-> paused -> closed; a closed round stays closed.
    pub fn may_become(self, next: RoundState) -> bool {
        use RoundState::{Closed, Draft, Paused, Running};
        matches!((self, next), (Draft | Paused, Running) | (Running, Paused) | (Running | Paused, Closed))
    }
}
