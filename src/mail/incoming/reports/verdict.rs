//! From what a report says of one address to a class. Whether it proves a dead address is decided in `rules::sending::refusal`, for reports as for answers
//! in the conversation; everything else is a soft bounce.

use crate::rules::replies::Class;
use crate::rules::sending::refusal::{Evidence, Status, judge as proof};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub class: Class,
    pub status: Option<Status>,
}

pub fn judge(evidence: Evidence<'_>) -> Verdict {
    let found = proof(evidence);
    Verdict { class: if found.dead { Class::HardBounce } else { Class::SoftBounce }, status: found.status }
}
