//! What a director's page says of colleagues: who signs for its reader, for whom he signs, and whom he may ask.

use crate::base::ids::{AccountId, DelegationId};

use super::human_step::SigningStep;

/// The id of what the whole page is asked for, in place of that of an account or a name.
pub const PAGE: &str = "page";
/// The value of the choice of all accounts.
pub const ALL: &str = "all";
/// The id of the part of the page.
pub const PLACE: &str = "colleagues";

#[derive(Default)]
pub struct Colleagues {
    /// Who may sign for the reader.
    pub given: Vec<Given>,
    /// None where he cannot ask anybody: nothing of his own waits.
    pub ask: Option<Asking>,
}

pub struct Given {
    pub id: DelegationId,
    pub who: String,
    /// "Cara Lee, cara@p.example: Globex. Asked on Mon 25 Jan, 09:10."
    pub line: String,
    /// The reader has asked him, and can take it back.
    pub is_his: bool,
}

pub struct Asking {
    /// Those of his own that wait.
    pub accounts: Vec<(AccountId, String)>,
    pub step: SigningStep,
    /// He has just asked for the code.
    pub opened: bool,
}

/// What a card says of colleagues.
#[derive(Default)]
pub struct CardColleagues {
    /// Whose account it is, where it is not the reader's own; empty otherwise.
    pub for_whom: String,
    /// "Cara Lee signs this, too; ...".
    pub others: Vec<String>,
}

impl Colleagues {
    pub(super) fn is_shown(&self) -> bool {
        !self.given.is_empty() || self.ask.is_some()
    }
}
