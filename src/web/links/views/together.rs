//! Several lists signed with one human step: each with a tick that can be taken off, and for who counter-signs with what he goes by.

use crate::base::ids::AccountId;
use crate::web::kit::views::director_phrases::DirectorPhrases;
use crate::web::kit::views::phrases::fill;

use super::human_step::SigningStep;

/// Between what is said of one account on one line.
pub const APART: &str = " · ";

/// Where the form stands on the page.
pub const PLACE: &str = "together";

pub struct Together {
    pub step: SigningStep,
    /// An account that asks for a code; which one does not matter.
    pub coded: Option<AccountId>,
    pub rows: Vec<TogetherRow>,
}

pub struct TogetherRow {
    pub id: AccountId,
    pub name: String,
    /// Of the exact list shown.
    pub fingerprint: String,
    pub ticked: bool,
    /// How many of its names wait, and how many of them there is something to say about.
    pub names: usize,
    pub to_look: usize,
    /// For whom it is signed, where it is not the reader's own; empty otherwise.
    pub for_whom: String,
    /// "key decision maker: 2, influencer: 3"; empty where it is not said.
    pub roles: String,
    /// Who signed it when, in a sentence; empty on the page of an account director.
    pub signed: String,
    /// What its director has changed, in a sentence each; what differs from what was counter-signed before.
    pub changed: Vec<String>,
}

impl Together {
    pub fn field(&self) -> &'static str {
        self.step.field()
    }

    /// As the rows are ticked.
    pub fn names(&self, words: &DirectorPhrases) -> String {
        words.names(self.rows.iter().filter(|row| row.ticked).map(|row| row.names).sum())
    }
}

impl TogetherRow {
    pub fn count(&self, words: &DirectorPhrases) -> String {
        let looked = (self.to_look > 0).then(|| words.counted(self.to_look, words.to_look_one, words.to_look_many));
        let whose = (!self.for_whom.is_empty()).then(|| fill(words.for_whom, &[("who", &self.for_whom)]));
        [words.names(self.names)].into_iter().chain(looked).chain(whose).collect::<Vec<_>>().join(APART)
    }

    pub fn changes(&self, words: &DirectorPhrases) -> String {
        match self.changed.is_empty() {
            true => words.together_unchanged.into(),
            false => fill(words.together_changed, &[("what", &self.changed.join("; "))]),
        }
    }
}
