//! Which part of the outbox a page is: messages in one state, or to whom words lead; as the address says it.

use crate::rules::participation::Participation;
use crate::store::sending::due;
use crate::web::kit::forms::fields::Fields;
use crate::web::kit::paging;

/// Due is no state of its own: planned, and its time has come.
pub const DUE: &str = "due";
pub const STATES: [&str; 8] = ["", "planned", DUE, "sent", "in_doubt", "held", "failed", "withdrawn"];

/// How many are due, and how that is called: of very many they are not counted to the end.
pub fn how_many_due(n: i64) -> (&'static str, i64) {
    if n > due::COUNTED { ("due, more than", due::COUNTED) } else { (DUE, n) }
}

pub struct Part {
    /// Words of names, accounts and addresses.
    pub q: String,
    pub state: &'static str,
    pub page: i64,
}

impl Part {
    /// Only words that we know narrow anything (S16). Which letters somebody has had would tell whether he has answered.
    pub fn of(fields: &Fields, told: Participation) -> Part {
        Part {
            q: if told.names() { fields.get("q").chars().take(100).collect() } else { String::new() },
            state: STATES.iter().find(|s| **s == fields.get("state")).copied().unwrap_or(""),
            page: paging::number(fields),
        }
    }

    /// What stands in the address for this part, the page apart.
    pub fn kept(&self) -> [(&'static str, &str); 2] {
        [("q", self.q.as_str()), ("state", self.state)]
    }
}
