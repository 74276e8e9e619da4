//! What mail servers answer to messages that they have put off, each answer once: in their words, and for how many messages.

use crate::base::clock::Ts;
use crate::base::problem::Result;
use crate::rules::sending::meaning::alike;
use crate::store::Tx;
use crate::store::sending::silence::{self, Answered};

use super::standstill::TRIED_WITHIN;

/// As many messages are looked at.
const LOOKED_AT: i64 = 200;

/// Messages that were answered alike.
pub struct ServerAnswer {
    /// In the words of one of them.
    pub said: String,
    pub messages: i64,
    /// When the first of them was first tried.
    pub since: Option<Ts>,
    /// When the next of them is tried again.
    pub again: Ts,
}

/// Those of the most messages first.
pub async fn of_all(tx: &mut Tx, now: Ts) -> Result<Vec<ServerAnswer>> {
    let mut all: Vec<ServerAnswer> = Vec::new();
    for Answered { answer, first_tried_at, due_at } in silence::answers(tx, now.plus(TRIED_WITHIN), LOOKED_AT).await? {
        match all.iter_mut().find(|known| alike(&known.said, &answer)) {
            Some(known) => {
                known.messages += 1;
                known.since = [known.since, first_tried_at].into_iter().flatten().min();
            }
            None => all.push(ServerAnswer { said: answer, messages: 1, since: first_tried_at, again: due_at }),
        }
    }
    all.sort_by_key(|answer| -answer.messages);
    Ok(all)
}
