//! An entry of the journal, and what of it is chained.

use crate::base::clock::Ts;
use crate::base::ids::{EntryId, RoundId};
use crate::rules::evidence::{EntryRecord, Told};
use crate::rules::journal::Action;

row! {
    pub struct Entry {
        pub id: EntryId,
        pub at: Ts,
        /// An operator's or director's address, or `soundings` for what the program did by itself.
        pub actor: String,
        /// The words of an [`Action`], of this version or of another.
        pub action: String,
        pub round_id: Option<RoundId>,
        /// The id of what it is about: a contact, an account, a round, a request, a message, a reply, a hand-over, an incident; or an address.
        pub subject: String,
        pub detail: String,
    }
}

impl Entry {
    /// What was done. None for the words of another version.
    pub fn what(&self) -> Option<Action> {
        Action::parse(&self.action)
    }
}

/// Everything that an entry says.
pub fn of_entry(e: &Entry) -> Vec<String> {
    let at = e.at.0.to_string();
    let round = e.round_id.as_ref().map_or_else(|| "-".to_string(), |round| format!("+{round}"));
    [e.id.as_str(), &at, &e.actor, &e.action, &round, &e.subject, &e.detail].map(str::to_owned).into()
}

/// What the chain of its round covers of it, by a digest that nobody can guess without the salt.
pub fn of_round(e: &Entry, salt: String) -> Told {
    let (id, actor, action, subject, detail) =
        (e.id.clone(), e.actor.clone(), e.action.clone(), e.subject.clone(), e.detail.clone());
    Told { salt, entry: EntryRecord { id, actor, action, subject, detail } }
}
