//! From what a report says of one address to a class. Whether it proves a dead address is decided in `rules::sending::refusal`, for reports
//! as for answers in the conversation; everything else is a soft bounce.

use crate::rules::replies::Class;
use crate::rules::sending::refusal::{Evidence, Status, judge};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BounceClass {
    pub class: Class,
    pub status: Option<Status>,
}

pub fn classify(evidence: Evidence<'_>) -> BounceClass {
    let found = judge(evidence);
    BounceClass { class: if found.dead { Class::HardBounce } else { Class::SoftBounce }, status: found.status }
}
