//! What a round is: the folder that people keep in git, as values.
//!
//! Schedule, senders, targets and texts hold wall-clock intentions (dates and times of day without a zone); instants are made from them in
//! `rules::calendar`, in the zone of each contact.

pub mod readings;
mod hhmm;
mod schedule;
mod spec;
mod state;
mod texts;
mod coverage;
mod differences;
mod merge;

pub use coverage::*;
pub use differences::{SettingDifference, differences};
pub use merge::{Merged, at_path, merge};
pub use schedule::{QuietHours, Schedule};
pub use spec::{
    Audience, Author, DigestSpec, HumanStep, Level, RoundSpec, Sender, Senders, SignerSpec, SignoffSpec, SponsorSpec,
    Target, Touch, WhenNobodySigns, usual_targets,
};
pub use state::RoundState;
pub use texts::*;
