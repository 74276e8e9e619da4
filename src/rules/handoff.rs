//! (to come)
use serde::{Deserialize, Serialize};
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffState {
    Pending,
    Confirmed,
    Failed,
    Stopped,
}
impl HandoffState {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Confirmed => "confirmed",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }
    pub fn parse(t: &str) -> Option<Self> {
        [Self::Pending, Self::Confirmed, Self::Failed, Self::Stopped].into_iter().find(|s| s.as_str() == t)
    }
}
