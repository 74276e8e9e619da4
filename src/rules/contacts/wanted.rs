//! What somebody has to say before a list is loaded that takes much away: told where the list is shown, and refused where it is not said.

use crate::base::problem::{Problem, Result};

/// What somebody who loads a list has said that it may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allowed {
    /// A draft may lose everybody who is in it.
    pub removing_everybody: bool,
    /// Accounts of a started round may lose their director, manager or strategic mark.
    pub losing_owners: bool,
    /// It is one of several lists of a draft: who is not on it stays.
    pub keeping_others: bool,
    /// It is the whole list of a draft: who is not on it is taken off.
    pub taking_off: bool,
}

/// What may have to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// A draft loses everybody who is in it.
    RemovingEverybody,
    /// A draft loses some of those who are in it.
    TakingOff,
    /// Accounts of a started round lose their director, manager or strategic mark.
    LosingOwners,
}

/// Something that a list does only where it is said to be meant.
#[derive(Debug)]
pub struct Wanted {
    pub permission: Permission,
    /// Why the list is refused where it is not said.
    pub problem: Problem,
}

impl Allowed {
    pub fn says(self, permission: Permission) -> bool {
        match permission {
            Permission::RemovingEverybody => self.removing_everybody,
            Permission::TakingOff => self.taking_off || self.removing_everybody,
            Permission::LosingOwners => self.losing_owners,
        }
    }
}

/// The first thing that is not said.
pub fn all_said(wanted: Vec<Wanted>, allowed: Allowed) -> Result<()> {
    match wanted.into_iter().find(|wanted| !allowed.says(wanted.permission)) {
        Some(wanted) => Err(wanted.problem),
        None => Ok(()),
    }
}
