//! Whether refusals are a run that many share, and what is held then.

use std::collections::BTreeSet;

use crate::base::clock::{DAY, MINUTE, Ts};

use super::likeness::{Meant, Words};

/// Refusals that lie further apart belong to no run.
pub const WINDOW: i64 = 30 * MINUTE;

/// An address that took mail within this time is not likely to have died since.
pub const LATELY: i64 = 60 * DAY;

/// After a person has confirmed that a refusal is right, the same refusal at the same place asks nobody for this long.
pub const CONFIRMED: i64 = 30 * DAY;

/// Reports about what left before somebody said that it was our trouble still come for this long: servers keep trying for days.
pub const LATE: i64 = 10 * DAY;

/// Addresses of a run, and those of a run that took mail lately, or that is about us.
const RUN: usize = 5;

const RUN_OF_KNOWN: usize = 3;

const RUN_ABOUT_US: usize = 3;

/// In a long run more may be taken in between: a third of so many is no chance either.
const LONG_RUN: usize = 8;

/// The same words in the name of so many gateways are nobody's mailbox.
const SEVERAL: usize = 3;

/// One address that was refused for good, at once or by a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// When the message left: reports come later.
    pub at: Ts,
    pub address: String,
    pub domain: String,
    pub gateway: String,
    pub words: Words,
    pub meant: Meant,
    /// It took mail of ours lately.
    pub known: bool,
}

impl Refusal {
    /// Whether both are one trouble: the same words, or both about us.
    pub fn is_like(&self, words: &Words, meant: Meant) -> bool {
        (self.meant != Meant::Them && meant != Meant::Them) || self.words.are_like(words)
    }
}

/// A message that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    pub at: Ts,
    pub domain: String,
    pub gateway: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    Nothing,
    /// Nothing goes to this gateway, or to this domain, until a person or a message that is tried says otherwise.
    Hold(String),
    /// Nothing goes to anybody.
    HoldAll,
}

/// `newest` is one of `refused`: all refusals of the last while that no person has judged. `taken`: what was taken in that time.
pub fn decide(newest: &Refusal, refused: &[Refusal], taken: &[Taken]) -> Decision {
    let mut same: Vec<&Refusal> = refused.iter().filter(|r| r.is_like(&newest.words, newest.meant)).collect();
    same.sort_by_key(|r| r.at);
    let all: Vec<Ts> = taken.iter().map(|t| t.at).collect();
    let gateways = same.iter().map(|r| &r.gateway).collect::<BTreeSet<_>>().len();
    let everywhere = match newest.meant {
        Meant::Sender => true,
        Meant::Us => gateways > 1,
        Meant::Them => gateways >= SEVERAL,
    };
    if everywhere && is_run(&same, &all, newest.meant != Meant::Them) {
        return Decision::HoldAll;
    }
    let within = |of: &dyn Fn(&Refusal) -> bool, took: &dyn Fn(&Taken) -> bool| {
        let here: Vec<&Refusal> = same.iter().copied().filter(|r| of(r)).collect();
        let there: Vec<Ts> = taken.iter().filter(|t| took(t)).map(|t| t.at).collect();
        is_run(&here, &there, false)
    };
    if within(&|r| r.gateway == newest.gateway, &|t| t.gateway == newest.gateway) {
        return Decision::Hold(newest.gateway.clone());
    }
    if within(&|r| r.domain == newest.domain, &|t| t.domain == newest.domain) {
        return Decision::Hold(newest.domain.clone());
    }
    Decision::Nothing
}

/// Whether the last refusals, from any of them on, are too many for what was taken since.
fn is_run(refused: &[&Refusal], taken: &[Ts], about_us: bool) -> bool {
    let (mut addresses, mut known) = (BTreeSet::new(), BTreeSet::new());
    for refusal in refused.iter().rev() {
        addresses.insert(&refusal.address);
        if refusal.known {
            known.insert(&refusal.address);
        }
        let between = taken.iter().filter(|at| **at >= refusal.at).count();
        let clear = |run: usize, least: usize| run >= least && 2 * between <= run;
        if clear(addresses.len(), RUN)
            || clear(known.len(), RUN_OF_KNOWN)
            || (about_us && clear(addresses.len(), RUN_ABOUT_US))
            || (addresses.len() >= LONG_RUN && between <= 2 * addresses.len())
        {
            return true;
        }
    }
    false
}
