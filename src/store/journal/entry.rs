//! An entry of the journal, and what of it is chained.

use crate::base::clock::Ts;
use crate::base::ids::RoundId;

row! {
    pub struct Entry {
        pub id: String,
        pub at: Ts,
        /// An operator's or director's address, or `soundings` for what the program did by itself.
        pub actor: String,
        /// A verb: "signed", "removed", "opted out", ...
        pub action: String,
        pub round_id: Option<RoundId>,
        /// What it was done to: the id of a round, account, contact, message, request or incident; an address or name where nothing has an id.
        pub subject: String,
        pub detail: String,
    }
}

/// Everything that an entry says.
pub fn of_entry(e: &Entry) -> Vec<String> {
    let at = e.at.0.to_string();
    let round = e.round_id.as_ref().map_or_else(|| "-".to_string(), |round| format!("+{round}"));
    [&e.id, &at, &e.actor, &e.action, &round, &e.subject, &e.detail].map(Clone::clone).into()
}
