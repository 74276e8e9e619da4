//! What is found wrong in an evidence file, by place; and what a file was read as.

use super::head::Head;

/// So many places are told; a file that is another one altogether has thousands.
const TOLD: usize = 50;
/// So much of a name.
const LONGEST_NAME: usize = 60;

#[derive(Debug, Default)]
pub(super) struct Found {
    told: Vec<String>,
    more: usize,
}

impl Found {
    pub fn say(&mut self, place: &str, what: &str) {
        if self.told.len() < TOLD {
            self.told.push(format!("{place}: {what}"));
        } else {
            self.more += 1;
        }
    }

    pub fn all(mut self) -> Vec<String> {
        if self.more > 0 {
            self.told.push(format!("and {} more", self.more));
        }
        self.told
    }
}

/// A name out of the file, short enough to be told.
pub(super) fn name(text: &str) -> String {
    let short: String = text.chars().take(LONGEST_NAME).collect();
    if short.len() < text.len() { format!("{short}...") } else { short }
}

/// What a file was read as, once all of it was.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// As commands name it; empty where the round could not be read.
    pub round: String,
    pub accounts: u64,
    pub signatures: u64,
    /// How often somebody was allowed to sign for somebody else.
    pub delegations: u64,
    /// Entries of which it has the SHA-256 alone.
    pub withheld: u64,
    /// Where its journal ends.
    pub head: Head,
    /// Which entry the head that was asked for is.
    pub stands: Option<i64>,
    /// The places of everything that was changed.
    pub found: Vec<String>,
    /// What is right as far as it goes, and cannot be proved.
    pub unproved: Vec<String>,
}
